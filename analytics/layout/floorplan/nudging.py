"""Step of the routing: lines that run beside each other are moved apart, as far as there is room.

A run is what one owner has on one line of sight without a gap; it is one unknown,
so the lines of a trunk move together. Runs are moved one axis after the other, to
and fro, away from neighbours and walls; what hangs on a run must not grow into anything.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from .sights import Obstacle, Port, Scene, Sights, shoulders

if TYPE_CHECKING:  # the router hands its paths over; their form is all that is known here
    from .routing import Path

#: Neighbouring runs keep this distance where there is room; a wall counts as this much further out.
APART, WALL = 0.15, 0.04
#: Passes over both axes, and sweeps over the runs of one.
PASSES, SWEEPS = 3, 12
#: Runs whose spans come as near as this are neighbours; no run looks further across than this.
TOUCHING, FARTHEST = 0.05, 1.2
INFINITY = 1e9
Point = tuple[float, float]


@dataclass(slots=True)
class _Runs:
    """The runs of one axis: where each lies, and between which bounds the ports on it hold it."""

    at: list[float] = field(default_factory=list)
    low: list[float] = field(default_factory=list)
    high: list[float] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Piece:
    """A straight piece of a path: its axis (0 lying), its line of sight, where it begins and ends along it."""

    axis: int
    line: int
    begin: float
    end: float


def nudged(paths: Mapping[int, Path], owner: Mapping[int, int], scene: Scene, sights: Sights) -> dict[int, list[Point]]:
    """The points of every path after its runs have been moved apart."""
    pieces = {key: _pieces(path, sights) for key, path in paths.items()}
    runs, number = _runs(pieces, owner, sights)
    for key, path in paths.items():
        for port, index in ((path.start, 0), (path.end, len(pieces[key]) - 1)):
            _hold(runs, number[key, index], port, scene)

    def points(key: int) -> list[Point]:
        own, path = pieces[key], paths[key]
        found: list[Point] = []
        for index, piece in enumerate(own):
            at = runs[piece.axis].at[number[key, index]]
            if index == 0:
                found.append((path.start.x, at) if piece.axis == 0 else (at, path.start.y))
            if index + 1 < len(own):
                other = runs[1 - piece.axis].at[number[key, index + 1]]
                found.append((other, at) if piece.axis == 0 else (at, other))
            else:
                found.append((path.end.x, at) if piece.axis == 0 else (at, path.end.y))
        return found

    for _ in range(PASSES):
        for axis in (0, 1):
            spans = [(INFINITY, -INFINITY)] * len(runs[axis].at)
            hanging: list[set[float]] = [set() for _ in runs[axis].at]
            for key, own in pieces.items():
                way = points(key)
                for index, piece in enumerate(own):
                    if piece.axis != axis:
                        continue
                    run = number[key, index]
                    one, other = way[index][axis], way[index + 1][axis]
                    spans[run] = min(spans[run][0], one, other), max(spans[run][1], one, other)
                    if index:
                        hanging[run].add(one)
                    if index + 1 < len(own):
                        hanging[run].add(other)
            _spread(runs[axis], spans, hanging, sights.obstacles[axis], sights.obstacles[1 - axis])
    return {key: points(key) for key in paths}


def _pieces(path: Path, sights: Sights) -> list[_Piece]:
    """The straight pieces of a path, from its first port to its last."""
    found: list[_Piece] = []

    def add(axis: int, line: int, begin: float, end: float) -> None:
        if found and found[-1].axis == axis:
            found[-1] = _Piece(axis, line, found[-1].begin, end)
        else:
            found.append(_Piece(axis, line, begin, end))

    def coordinate(vertex: int, axis: int) -> float:
        return sights.x[vertex] if axis == 0 else sights.y[vertex]

    lines = (sights.on_lying, sights.on_standing)
    first, last = path.vertices[0], path.vertices[-1]
    axis = path.start.inward >> 1
    spot = path.start.x if axis == 0 else path.start.y
    add(axis, lines[axis][first], spot, coordinate(first, axis))
    for one, other in zip(path.vertices, path.vertices[1:], strict=False):
        axis = 0 if sights.on_lying[one] == sights.on_lying[other] else 1
        add(axis, lines[axis][one], coordinate(one, axis), coordinate(other, axis))
    axis = path.end.inward >> 1
    spot = path.end.x if axis == 0 else path.end.y
    add(axis, lines[axis][last], coordinate(last, axis), spot)
    return found


def _runs(
    pieces: Mapping[int, Sequence[_Piece]], owner: Mapping[int, int], sights: Sights
) -> tuple[tuple[_Runs, _Runs], dict[tuple[int, int], int]]:
    """The runs of both axes, and which one each piece of each line belongs to."""
    together: tuple[dict[tuple[int, int], list[tuple[float, float, int, int]]], ...] = (
        defaultdict(list),
        defaultdict(list),
    )
    for key, own in pieces.items():
        for index, piece in enumerate(own):
            low, high = sorted((piece.begin, piece.end))
            together[piece.axis][owner[key], piece.line].append((low, high, key, index))
    runs = (_Runs(), _Runs())
    number: dict[tuple[int, int], int] = {}
    for axis, lines in ((0, sights.lying), (1, sights.standing)):
        for (_, line), spans in sorted(together[axis].items()):
            reach = -INFINITY
            for low, high, key, index in sorted(spans):
                if low > reach + 1e-9:
                    runs[axis].at.append(lines[line][0])
                    runs[axis].low.append(-INFINITY)
                    runs[axis].high.append(INFINITY)
                reach = max(reach, high)
                number[key, index] = len(runs[axis].at) - 1
    return runs, number


def _hold(runs: tuple[_Runs, _Runs], number: int, port: Port, scene: Scene) -> None:
    """A run that ends at a port stays on the port's side."""
    axis = port.inward >> 1
    rectangle = scene.rectangles[port.end]
    pad = shoulders(rectangle)[1 - axis]
    own = runs[axis]
    own.low[number] = max(own.low[number], rectangle[1 - axis] + pad)
    own.high[number] = min(own.high[number], rectangle[3 - axis] - pad)


def _spread(
    runs: _Runs,
    spans: Sequence[tuple[float, float]],
    hanging: Sequence[set[float]],
    walls: Sequence[Obstacle],
    others: Sequence[Obstacle],
) -> None:
    """Move the runs of one axis between their walls and neighbours; their order stays."""
    at = runs.at
    order = sorted(range(len(at)), key=at.__getitem__)
    free = [_walls(at[run], spans[run], hanging[run], walls, others) for run in range(len(at))]
    before: list[list[int]] = [[] for _ in at]
    after: list[list[int]] = [[] for _ in at]
    places = [at[run] for run in order]
    for index, run in enumerate(order):
        low, high = spans[run]
        for other in order[index + 1 : bisect_left(places, at[run] + FARTHEST)]:
            if spans[other][0] < high + TOUCHING and spans[other][1] > low - TOUCHING:
                after[run].append(other)
                before[other].append(run)
    for sweep in range(SWEEPS):
        for run in order if sweep % 2 == 0 else reversed(order):
            low, high = free[run]
            near = max([low - WALL, *[at[other] for other in before[run]]])
            far = min([high + WALL, *[at[other] for other in after[run]]])
            wanted = (near + far) / 2 if far - near < 2 * APART else min(max(at[run], near + APART), far - APART)
            low, high = max(low, runs.low[run]), min(high, runs.high[run])
            if low <= high:
                at[run] = min(max(wanted, low), high)


def _walls(
    at: float,
    span: tuple[float, float],
    hanging: set[float],
    walls: Sequence[Obstacle],
    others: Sequence[Obstacle],
) -> tuple[float, float]:
    """How far a run may move to both sides."""
    low, high = -INFINITY, INFINITY
    begin, end = span
    for first, last, near, far in walls:
        if first < end - 1e-6 and last > begin + 1e-6:
            if far <= at + 1e-6:
                low = max(low, far)
            elif near >= at - 1e-6:
                high = min(high, near)
    for spot in hanging:  # what hangs on it must not grow into something, nor along a border
        for first, last, near, far in others:
            if near < spot < far:
                if last <= at + 1e-6:
                    low = max(low, last)
                elif first >= at - 1e-6:
                    high = min(high, first)
    return min(low, at), max(high, at)
