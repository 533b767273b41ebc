"""How wide text is, without a browser: a table of advance widths.

The table has Arial's metrics (Liberation Sans and Helvetica share them) for
Latin, Greek and Cyrillic; wide scripts take one em, combining marks nothing.
"""

from __future__ import annotations

import unicodedata
from functools import cache
from importlib.resources import files

#: For scripts the table does not hold, in thousandths of an em.
OTHER = 640
WIDE = 1000
_WEIGHTLESS = frozenset("\u200b\u200c\u200d\u2060\ufe0e\ufe0f")

ELLIPSIS = "…"


@cache
def _tables() -> tuple[dict[str, int], dict[str, int]]:
    """Widths of the regular and the bold face, by character (the file's head says how it is written)."""
    regular: dict[str, int] = {}
    bold: dict[str, int] = {}
    source = files("analytics.lettering").joinpath("advance_widths.txt").read_text("ascii")
    code = 0
    for word in source[source.index("\n20:") :].split():
        if word.endswith(":"):
            code = int(word[:-1], 16)
            continue
        widths, _, times = word.partition("*")
        plain, _, heavy = widths.partition("/")
        for _ in range(int(times or 1)):
            regular[chr(code)] = int(plain)
            bold[chr(code)] = int(heavy or plain)
            code += 1
    return regular, bold


def _advance(character: str) -> int:
    """The width of a character that the table does not hold."""
    if character in _WEIGHTLESS or unicodedata.combining(character):
        return 0
    return WIDE if unicodedata.east_asian_width(character) in "WF" else OTHER


def text_width(text: str, size: float, *, bold: bool = False) -> float:
    """Width of ``text`` at ``size`` (font size), in the same unit.

    >>> round(text_width("Database", 10), 2), text_width("数据", 10)
    (42.8, 20.0)
    """
    table = _tables()[bold]
    try:
        thousandths = sum([table[character] for character in text])
    except KeyError:
        thousandths = sum(table.get(character) or _advance(character) for character in text)
    return thousandths * size / 1000


def fit(text: str, size: float, room: float, *, bold: bool = False) -> str:
    """``text``, or as much of its two ends as fits into ``room`` with an ellipsis between.

    >>> fit("a-rather-long-host-name", 12, 60)
    'a-ra…ame'
    """
    if text_width(text, size, bold=bold) <= room:
        return text
    kept = min(len(text) - 1, int(room / size * 4))
    while kept > 1:
        shorter = f"{text[: kept - kept // 2].rstrip()}{ELLIPSIS}{text[len(text) - kept // 2 :].lstrip()}"
        if text_width(shorter, size, bold=bold) <= room:
            return shorter
        kept -= 1
    return ELLIPSIS


def wrap(text: str, size: float, room: float, *, bold: bool = False) -> tuple[str, ...]:
    """``text`` on one or two lines no wider than ``room``: broken at a gap, else at a joint, else shortened.

    A break comes after a space or one of ``-_./:@``. Where two whole lines do
    not hold it, the second line, or both, are shortened in the middle.

    >>> wrap("Payments", 12, 120), wrap("Payments of the north", 12, 80)
    (('Payments',), ('Payments', 'of the north'))
    """
    if text_width(text, size, bold=bold) <= room:
        return (text,)
    best: tuple[float, str, str] | None = None
    for index in range(1, len(text)):
        if text[index - 1] not in " -_./:@":
            continue
        first, second = text[:index].rstrip(), text[index:].lstrip()
        if not second or text_width(first, size, bold=bold) > room:
            continue
        rest = text_width(second, size, bold=bold)
        # Prefer lines that both fit, then even ones; a break at a space beats one inside a word.
        cost = (rest > room) * 1e6 + max(text_width(first, size, bold=bold), rest)
        cost += 0.0 if text[index - 1] == " " else 0.15 * room
        cost += 0.3 * room if second[0] in "-/&+|:" else 0.0  # a line should not begin with a joint
        if best is None or cost < best[0]:
            best = (cost, first, second)
    if best is None:
        return _break_anywhere(text, size, room, bold)
    _, first, second = best
    if text_width(second, size, bold=bold) > room:
        packed = _break_anywhere(text, size, room, bold)
        return packed if ELLIPSIS not in packed[-1] else (first, fit(second, size, room, bold=bold))
    return first, second


def _break_anywhere(text: str, size: float, room: float, bold: bool) -> tuple[str, ...]:
    """A first line as full as it gets, and the rest, shortened if it must be."""
    kept = 1
    width = 0.0
    for index, character in enumerate(text):
        width += text_width(character, size, bold=bold)
        if width > room:
            break
        kept = index + 1
    # A mark must not lose its letter.
    while kept > 1 and kept < len(text) and text_width(text[kept], 1) == 0:
        kept -= 1
    return text[:kept].rstrip(), fit(text[kept:].lstrip(), size, room, bold=bold)
