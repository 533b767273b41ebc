"""The room for a name on a card and on an isometric tile, in pixels at 100 %."""

from __future__ import annotations

from functools import lru_cache

from . import UNIT
from .names import LEADING, Step, Written, write_name

#: A card's depth, where its text begins, and what it keeps free at the right.
CARD_DEPTH = 0.44 * UNIT
TEXT_LEFT = 55.0
TEXT_RIGHT = 5.0
#: The line of facts under a name.
FACTS_SIZE = 12.0

#: Every step leaves room for the line of facts.
CARD_LADDER = (
    *(Step(size, 2) for size in (21.0, 20.0, 19.0, 18.0, 17.0, 16.5)),
    *(Step(size, 3) for size in (15.5, 15.0, 14.5, 14.0)),
    Step(15.0, 3, anywhere=True),
    Step(14.0, 3, anywhere=True),
    Step(13.0, 3, anywhere=True),
    Step(11.0, 4, anywhere=True),
    Step(9.0, 5, anywhere=True),
)

#: Half of a tile's diagonal across the screen, and down it.
HALF_ACROSS = UNIT * 3**0.5 / 2
HALF_DOWN = UNIT / 2
#: Where a name begins on a tile, below its back corner.
NAME_TOP = 75.0
TILE_LADDER = (
    *(Step(size, 2) for size in (22.0, 20.0, 19.0, 18.0, 17.0)),
    Step(16.0, 3),
    Step(15.0, 3),
    Step(15.5, 3, anywhere=True),
    Step(14.0, 3, anywhere=True),
    Step(12.0, 4, anywhere=True),
    Step(10.0, 5, anywhere=True),
)


@lru_cache(maxsize=8_192)
def card_name(name: str, width: float) -> Written:
    """A name on a card ``width`` pixels wide."""
    room = width - TEXT_LEFT - TEXT_RIGHT
    return write_name(name, lambda size, line, lines: room, CARD_LADDER)


@lru_cache(maxsize=8_192)
def tile_name(name: str) -> Written:
    """A name on the front half of an isometric tile, whose room narrows towards the front."""
    return write_name(name, tile_room, TILE_LADDER)


def tile_room(size: float, line: int, lines: int) -> float:
    """The room of line ``line`` of ``lines`` between the tile's front edges."""
    del lines
    bottom = NAME_TOP + 2 + size * (0.14 + LEADING * line + 1.0)
    return 2 * HALF_ACROSS * (1 - max(0.0, bottom - HALF_DOWN) / HALF_DOWN) - 8
