"""Servers as quantity: one symbol each up to nine, for applications and caches."""

from __future__ import annotations

from ...catalog.families import CACHE, SHOWN_AS_SERVERS
from ..solids import Mark, Part, Symbol, box
from .shapes import bolt, rack, rect

#: More servers than this are shown as this many and the exact count.
MOST_RACKS = 9


def _racks(count: int, cache: bool) -> tuple[Part, ...]:
    """``count`` small servers in up to three rows; those of a cache are low and carry a flash."""
    columns = 1 if count == 1 else 2 if count <= 4 else 3
    rows = -(-count // columns)
    if count == 1 and not cache:
        return rack(10, 8, 24, 24, 31)
    height = {1: 20.0, 2: 17.0, 3: 14.0}[columns] * (0.72 if cache else 1.0)
    pitch_x, pitch_y = (38 + 32 - height) / columns, (35 + 32 - height) / max(rows, 2)
    pitch_x, pitch_y = min(pitch_x, 30.0), min(pitch_y, 28.0)
    width, depth = pitch_x * 0.76, pitch_y * 0.76
    parts: list[Part] = []
    for number in range(count):
        row, column = divmod(number, columns)
        # Rows fill from the back; the last stands at the front edge of the symbol's zone.
        x = 38 - (columns - column) * pitch_x + pitch_x - width
        y = 35 - (rows - row) * pitch_y + pitch_y - depth
        if cache:
            side = min(width, depth) * 0.8
            parts.append(box(x, y, 0, width, depth, height))
            parts.append(
                Mark(
                    "top",
                    (x, y, height),
                    (
                        rect(width * 0.1, depth * 0.1, width * 0.8, depth * 0.8),
                        bolt((width - side) / 2, (depth - side) / 2, side),
                    ),
                )
            )
        else:
            parts += rack(x, y, width, depth, height)
    return tuple(parts)


RACKS = tuple(
    Symbol(f"{family}-{count}", f"{count} servers", _racks(count, family == CACHE))
    for family in sorted(SHOWN_AS_SERVERS)
    for count in range(1, MOST_RACKS + 1)
)
