"""Step after settling: a line leaves its trunk where the picture has fewer crossings so.

A trunk has one port at the end its lines share, and one bar in each gap. Now and
then that is what crosses: a line that goes another way than its mates does better alone.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import pairwise

from .component import Part
from .ink import Piece, ink_meetings
from .records import TILE
from .routes import Spot
from .settling import Plot
from .trunks import merge_neighbours

#: Parts with more nodes stay as they are; so many settlings are tried.
LARGEST, TRIES = 60, 10


def loosened(part: Part, settle: Callable[[Part], Plot]) -> Part:
    """``part``, or a better one with some lines out of their trunks; ``settle`` puts one on the ground, unfolded."""
    if part.apart is None or not part.crossings or part.graph.real > LARGEST:
        return part
    plot = settle(part)
    left = TRIES
    crossings = drawn_crossings(part, plot.points)
    better = True
    while better and left and crossings:
        better = False
        for line in _suspects(part, plot.points):
            if not left:
                break
            left -= 1
            bundles = tuple(None if number == line else bundle for number, bundle in enumerate(part.bundles))
            graph, order, count = merge_neighbours(*part.apart, bundles)
            loose = part.loose | {line}
            other = replace(part, bundles=bundles, graph=graph, order=order, crossings=count, loose=loose)
            found = settle(other)
            fewer = drawn_crossings(other, found.points)
            if fewer < crossings:
                part, plot, crossings, better = other, found, fewer, True
                break
    return part


def drawn_crossings(part: Part, points: Sequence[Sequence[Spot]]) -> int:
    """The crossings of ink of a part's lines."""
    return len(ink_meetings(*_pieces(points), _owners(part)))


def _owners(part: Part) -> list[str]:
    return [bundle.trunk if bundle else f"\x00{line}" for line, bundle in enumerate(part.bundles)]


def _pieces(points: Sequence[Sequence[Spot]]) -> tuple[list[Piece], list[Piece]]:
    """The level and the upright pieces of lines, in tiles."""
    lying: list[Piece] = []
    standing: list[Piece] = []
    for line, way in enumerate(points):
        for (ax, ay), (bx, by) in pairwise(way):
            if ay == by:
                lying.append((ay / TILE, min(ax, bx) / TILE, max(ax, bx) / TILE, line))
            else:
                standing.append((ax / TILE, min(ay, by) / TILE, max(ay, by) / TILE, line))
    return sorted(lying), sorted(standing)


def _suspects(part: Part, points: Sequence[Sequence[Spot]]) -> list[int]:
    """Lines in trunks by the crossings that they alone of their trunk pass through, the worst first."""
    lying, standing = _pieces(points)
    members: dict[str, list[int]] = defaultdict(list)
    owners = _owners(part)
    for line, owner in enumerate(owners):
        members[owner].append(line)
    count: Counter[int] = Counter()
    for x, y, one, other in ink_meetings(lying, standing, owners):
        for owner in (one, other):
            if len(members[owner]) < 2:
                continue
            passing = [line for line in members[owner] if _passes(points[line], x * TILE, y * TILE)]
            if len(passing) == 1:
                count[passing[0]] += 1
    return sorted(count, key=lambda line: (-count[line], line))


def _passes(way: Sequence[Spot], x: float, y: float) -> bool:
    """Whether a way runs through a spot."""
    return any(
        min(ax, bx) - 1 <= x <= max(ax, bx) + 1 and min(ay, by) - 1 <= y <= max(ay, by) + 1
        for (ax, ay), (bx, by) in pairwise(way)
    )
