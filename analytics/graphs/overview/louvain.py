"""Units joined so that most calls stay inside, and the test whether there are parts at all.

Source: V. Blondel, J.-L. Guillaume, R. Lambiotte, E. Lefebvre, "Fast unfolding of
communities in large networks", 2008, with the queue of N. Ozaki, H. Tezuka,
M. Inaba 2016: only what lies beside a move is looked at again. Units are met in
their order and a tie stays, so the same map gives the same parts.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterable, Sequence

from .callmap import CallMap

Weights = Sequence[dict[int, float]]
"""For each unit its neighbours and how much it has to do with each; with itself: twice what is inside."""
#: Moves of a level are bounded by so many looks for each unit.
LOOKS = 50
#: A gain below this is none.
SAME = 1e-9


def join(weights: Weights, resolution: float) -> list[int]:
    """A part for each unit; a higher ``resolution`` gives smaller parts.

    >>> join([{1: 1}, {0: 1}, {3: 1}, {2: 1}], 1.0)
    [0, 0, 1, 1]
    """
    part_of = list(range(len(weights)))
    level = list(weights)
    while True:
        moved, parts = _local_moves(level, resolution)
        numbers: dict[int, int] = {}
        parts = [numbers.setdefault(part, len(numbers)) for part in parts]
        if not moved:
            return _numbered(part_of)
        part_of = [parts[unit] for unit in part_of]
        merged: list[dict[int, float]] = [{} for _ in numbers]
        for unit, near in enumerate(level):
            row = merged[parts[unit]]
            for other, weight in near.items():
                part = parts[other]
                row[part] = row.get(part, 0) + weight
        level = merged


def _numbered(parts: Iterable[int]) -> list[int]:
    numbers: dict[int, int] = {}
    return [numbers.setdefault(part, len(numbers)) for part in parts]


def _local_moves(level: Weights, resolution: float) -> tuple[bool, list[int]]:
    """Every unit to the neighbour's part that gains most, until none gains; whether any moved, and the parts."""
    count = len(level)
    degree = [sum(near.values()) for near in level]
    total = sum(degree) or 1.0
    parts = list(range(count))
    filled = list(degree)
    neighbours = [
        [(other, weight) for other, weight in near.items() if other != unit] for unit, near in enumerate(level)
    ]
    waiting = deque(range(count))
    queued = bytearray(b"\x01") * count
    moved = False
    looks = LOOKS * count
    while waiting and looks:
        looks -= 1
        unit = waiting.popleft()
        queued[unit] = 0
        near: dict[int, float] = {}
        for other, weight in neighbours[unit]:
            part = parts[other]
            near[part] = near.get(part, 0.0) + weight
        own = parts[unit]
        filled[own] -= degree[unit]
        share = resolution * degree[unit] / total
        best, gain = own, near.get(own, 0.0) - share * filled[own] + SAME
        for part in sorted(near):
            found = near[part] - share * filled[part]
            if found > gain:
                best, gain = part, found + SAME
        filled[best] += degree[unit]
        if best != own:
            parts[unit] = best
            moved = True
            for other, _ in neighbours[unit]:
                if not queued[other] and parts[other] != best:
                    queued[other] = 1
                    waiting.append(other)
    return moved, parts


def unit_weights(graph: CallMap, unit: Sequence[int], count: int) -> list[dict[int, float]]:
    """Relations between units (-1: of none), each pair of things counted once for each way."""
    weights: list[dict[int, float]] = [{} for _ in range(count)]
    for source, target in graph.relations:
        one, other = unit[source], unit[target]
        if one < 0 or other < 0:
            continue
        weights[one][other] = weights[one].get(other, 0) + 1
        weights[other][one] = weights[other].get(one, 0) + 1
    return weights


def agreement(one: Sequence[int], other: Sequence[int]) -> float:
    """The share of things that stay together when each part is matched with that of the other it shares most with.

    >>> agreement([0, 0, 1, 1], [5, 5, 5, 7])
    0.75
    """
    shared = Counter(zip(one, other, strict=True))
    taken: tuple[set[int], set[int]] = set(), set()
    kept = 0
    for (mine, theirs), count in sorted(shared.items(), key=lambda item: (-item[1], item[0])):
        if mine not in taken[0] and theirs not in taken[1]:
            taken[0].add(mine)
            taken[1].add(theirs)
            kept += count
    return kept / max(1, len(one))


def structure(graph: CallMap, off: Iterable[int]) -> float:
    """How far two searches agree that meet the things in opposite orders: 1 where parts are plain."""
    left_out = frozenset(off)
    live = [thing for thing in range(graph.size) if thing not in left_out]
    number = [-1] * graph.size
    for place, thing in enumerate(live):
        number[thing] = place
    onwards = join(unit_weights(graph, number, len(live)), 1.0)
    last = len(live) - 1
    back = [last - place if place >= 0 else -1 for place in number]
    return agreement(onwards, join(unit_weights(graph, back, len(live)), 1.0)[::-1])


def modularity(graph: CallMap, fold: Sequence[str], off: frozenset[int]) -> float:
    """How much more of the relations stay inside folds than chance would have it; those with ``off`` left out."""
    degree: Counter[str] = Counter()
    inside = every = 0
    for source, target in graph.relations:
        if source in off or target in off:
            continue
        every += 1
        degree[fold[source]] += 1
        degree[fold[target]] += 1
        inside += fold[source] == fold[target]
    return inside / max(1, every) - sum((found / max(1, 2 * every)) ** 2 for found in degree.values())
