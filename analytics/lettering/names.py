"""How a name is written: the largest type in which it stands whole, broken at its word parts.

A name is never cut while there is a way to write it: first larger type on few
lines, then more and smaller lines, at last a break inside a word. Only what no
type can hold (more than some ninety characters) loses its middle.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from ..text import clean_text
from .type_metrics import ELLIPSIS, fit, text_width

#: Longest name that is read; the tooltip shows it whole.
NAME_LIMIT = 160
#: After these a line may end without a hyphen of ours.
JOINTS = "-_./:@"
#: A line does not begin with one of these.
LEADERS = "-/&+|:"
#: From one line to the next, in sizes of the type.
LEADING = 1.06

#: Type size, line (from 0) and number of lines to the room of that line.
Rooms = Callable[[float, int, int], float]


@dataclass(frozen=True, slots=True)
class Step:
    """A size of type and the most lines it may take; ``anywhere`` allows breaks inside words."""

    size: float
    lines: int
    anywhere: bool = False


@dataclass(frozen=True, slots=True)
class Written:
    """A name on its lines, in type of one size."""

    lines: tuple[str, ...]
    size: float

    @property
    def cut(self) -> bool:
        """Whether something was left out."""
        return any(ELLIPSIS in line for line in self.lines)


def write_name(name: str, rooms: Rooms, ladder: Sequence[Step]) -> Written:
    """``name`` by the first step of ``ladder`` that holds it whole, else by the last one with its middle left out.

    >>> steps = (Step(20, 2), Step(10, 3, anywhere=True))
    >>> write_name("recommendation-service", lambda size, line, lines: 160, steps)
    Written(lines=('recommendation-', 'service'), size=20)
    """
    text = clean_text(name, NAME_LIMIT) or "(no name)"
    for step in ladder:
        for lines in range(1, step.lines + 1):
            found = _broken(text, step, lines, rooms)
            if found:
                return Written(found, step.size)
    last = ladder[-1]
    head = _filled(text, last.size, [rooms(last.size, line, last.lines) for line in range(last.lines)])
    return Written(head, last.size)


def _broken(text: str, step: Step, lines: int, rooms: Rooms) -> tuple[str, ...] | None:
    """``text`` on exactly ``lines`` lines, as even as can be, or nothing where it does not fit."""
    room = [rooms(step.size, line, lines) for line in range(lines)]
    if min(room) <= 0:
        return None
    if lines == 1:
        return (text,) if text_width(text, step.size) <= room[0] else None
    if text_width(text, step.size) > sum(room) + lines * step.size:
        return None
    found = _even(text, step.size, room, joints(text))
    if found is None and step.anywhere:
        kept = _filled(text, step.size, room)
        found = kept if len(kept) == lines and ELLIPSIS not in kept[-1] else None
    return found


@lru_cache(maxsize=4_096)
def joints(text: str) -> tuple[int, ...]:
    """Where ``text`` may be broken: before the character of each index.

    >>> joints("order-events 01")
    (6, 13)
    """
    return tuple(
        index
        for index in range(1, len(text))
        if (text[index - 1] == " " and text[index] not in LEADERS)
        or (text[index - 1] in JOINTS and text[index] not in JOINTS and text[index] != " ")
    )


def _even(text: str, size: float, room: Sequence[float], breaks: Sequence[int]) -> tuple[str, ...] | None:
    """The break into as many lines as there are rooms whose fullest line is least full."""
    ends = (0, *breaks, len(text))
    #: best[k]: how full the fullest line is when the first lines end at ends[k], and those ends.
    best: dict[int, tuple[float, tuple[int, ...]]] = {0: (0.0, ())}
    for number, width in enumerate(room):
        following: dict[int, tuple[float, tuple[int, ...]]] = {}
        for start, (fullest, path) in best.items():
            for stop in range(start + 1, len(ends)):
                if (stop == len(ends) - 1) != (number == len(room) - 1):
                    continue
                full = text_width(text[ends[start] : ends[stop]].strip(), size) / width
                if full > 1:
                    break
                # A break at a space reads better than one inside a word.
                inside = 0.0 if stop == len(ends) - 1 or text[ends[stop] - 1] == " " else 0.12
                worst = max(fullest, full) + inside
                if stop not in following or worst < following[stop][0]:
                    following[stop] = worst, (*path, stop)
        # A last line has no joint behind it: the loop above skips all but the end there.
        best = following
    if len(ends) - 1 not in best:
        return None
    lines = []
    start = 0
    for stop in best[len(ends) - 1][1]:
        lines.append(text[ends[start] : ends[stop]].strip())
        start = stop
    return tuple(lines) if all(len(line) > 1 for line in lines) else None  # no letter stands alone


def _filled(text: str, size: float, room: Sequence[float]) -> tuple[str, ...]:
    """Each line as full as it gets, whatever breaks; the last one loses its middle where it must."""
    lines = []
    rest = text
    for width in room[:-1]:
        kept = 1
        while kept < len(rest) and text_width(rest[: kept + 1], size) <= width:
            kept += 1
        while kept > 1 and kept < len(rest) and text_width(rest[kept], 1) == 0:  # a mark must not lose its letter
            kept -= 1
        lines.append(rest[:kept].rstrip())
        rest = rest[kept:].lstrip()
        if not rest:
            return tuple(lines)
    return (*lines, fit(rest, size, room[-1]))
