"""What a rule says exactly: islands without a line to the rest, and what hangs on hubs alone."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping

from .callmap import CallMap, components

#: The ids of folds that a rule makes.
ISLANDS, ONLY, ONLY_HUBS = "islands", "only:", "only hubs"
#: A part is an island up to so many things, or this share of all.
ISLAND, ISLAND_SHARE = 8, 0.01
#: Parts that hang together through hubs alone are small up to so many things, or this share.
SMALL, SMALL_SHARE = 4, 0.004
#: So many parts of one size can be drawn each by itself.
FEW = 40
#: A hub has a fold of its own from so many things on.
LEAST = 3


def by_rule(graph: CallMap, hubs: Iterable[int]) -> dict[int, str]:
    """The fold of each thing that a rule places."""
    central = frozenset(hubs)
    found: dict[int, str] = {}
    part = components(graph)
    size = Counter(part)
    limit = max(ISLAND, ISLAND_SHARE * graph.size)
    # Where nothing hangs together, and there are few enough to be drawn, no part is an island to another.
    whole = max(size.values(), default=0) if len(size) <= FEW else graph.size + 1
    for thing in range(graph.size):
        if thing in central:
            continue
        near = graph.neighbours(thing)
        if size[part[thing]] < limit and size[part[thing]] < whole:
            found[thing] = ISLANDS
        elif near and central.issuperset(near):
            found[thing] = ONLY + graph.ids[_nearest_hub(graph, (thing,), central)]
    found |= _small_parts(graph, central, found)
    counted = Counter(found.values())
    return {
        thing: key if key == ISLANDS or counted[key] >= LEAST else ONLY_HUBS for thing, key in sorted(found.items())
    }


def _nearest_hub(graph: CallMap, part: Iterable[int], hubs: frozenset[int]) -> int:
    """The hub that a part has most to do with; -1 where it has nothing to do with any."""
    weight: dict[int, float] = defaultdict(float)
    for thing in part:
        for other in graph.calls[thing]:
            if other in hubs:
                weight[other] += graph.relations[thing, other].weight
        for other in graph.callers[thing]:
            if other in hubs:
                weight[other] += graph.relations[other, thing].weight
    return min(weight, key=lambda hub: (-weight[hub], hub), default=-1)


def _small_parts(graph: CallMap, hubs: frozenset[int], placed: Mapping[int, str]) -> dict[int, str]:
    """Small parts that nothing but hubs joins to the rest."""
    part = components(graph, hubs | placed.keys())
    members: dict[int, list[int]] = defaultdict(list)
    for thing, number in enumerate(part):
        if number >= 0:
            members[number].append(thing)
    most = max(map(len, members.values()), default=0)
    found = {}
    for own in members.values():
        if len(own) < max(SMALL, SMALL_SHARE * graph.size) and len(own) < most:
            hub = _nearest_hub(graph, own, hubs)
            if hub >= 0:
                found.update(dict.fromkeys(own, ONLY + graph.ids[hub]))
    return found
