"""Phase: which lines share a trunk?

Before: connected pairs and their edges. After: some pairs are members of a
trunk, each of at most one. All lines of a trunk lead to one target, or all come
from one source, and are of one style; so every run of ink is a star, and no way
can be read from it that is not there. Pairs that go both ways, or in lines of
several kinds, stay alone: an arrowhead on a branch would claim the way back.

Source: edge concentration without false paths, as in S. Pupyrev, L. Nachmanson,
M. Kaufmann, "Improving layered graph layouts with edge bundling", Graph Drawing
2010 (:func:`merge_neighbours`, which bundles a finished order).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from heapq import heapify, heappop, heappush
from itertools import pairwise

from ..model.graph import Edge
from .ordering.crossings import count_all
from .records import Bundle, Layered, Order


@dataclass(frozen=True, slots=True)
class Membership:
    """A pair's trunk, and which of the pair's ends (0 or 1) all its lines share."""

    trunk: str
    shared: int


def find_trunks(
    pairs: Sequence[tuple[str, str]], directed: Mapping[tuple[str, str], Sequence[Edge]]
) -> dict[int, Membership]:
    """The membership of each pair that runs in a trunk, by its number; ``directed`` gives the edges of each way.

    The largest star is taken first, then the largest of what is left.

    >>> edges = {pair: [Edge(*pair)] for pair in (("a", "c"), ("b", "c"), ("a", "d"))}
    >>> find_trunks([("a", "c"), ("a", "d"), ("b", "c")], edges)
    {0: Membership(trunk='in:c:dep/stated/', shared=1), 2: Membership(trunk='in:c:dep/stated/', shared=1)}
    """
    stars: dict[str, dict[int, int]] = defaultdict(dict)
    names: dict[int, tuple[str, str]] = {}
    for number, (one, other) in enumerate(pairs):
        there, back = directed.get((one, other), ()), directed.get((other, one), ())
        if bool(there) == bool(back):
            continue
        styles = {f"{edge.kind}/{edge.provenance}/{'crossing' if edge.crossing else ''}" for edge in (*there, *back)}
        if len(styles) != 1:
            continue
        style = styles.pop()
        source, target = (one, other) if there else (other, one)
        names[number] = f"in:{target}:{style}", f"out:{source}:{style}"
        stars[names[number][0]][number] = 1 if there else 0
        stars[names[number][1]][number] = 0 if there else 1
    queue = [(-len(members), name) for name, members in stars.items()]
    heapify(queue)
    found: dict[int, Membership] = {}
    while queue:
        size, name = heappop(queue)
        members = stars[name]
        if -size != len(members):  # some of it went elsewhere since
            if len(members) > 1:
                heappush(queue, (-len(members), name))
            continue
        if len(members) < 2:
            continue
        for number, shared in sorted(members.items()):
            found[number] = Membership(name, shared)
            for other in names[number]:
                if other != name:
                    stars[other].pop(number, None)
        stars[name] = {}
    return dict(sorted(found.items()))


def merge_neighbours(graph: Layered, order: Order, bundles: Sequence[Bundle | None]) -> tuple[Layered, Order, int]:
    """``graph`` in an ``order`` found without trunks, with neighbouring dummies of one trunk made one.

    From the end that a trunk shares outwards: two become one only where what
    follows is one already, so a trunk is a tree, and no crossing can come of it.
    Returns the crossings that are left besides.
    """
    parent = list(range(len(graph.column)))

    def top(vertex: int) -> int:
        while parent[vertex] != vertex:
            parent[vertex] = parent[parent[vertex]]
            vertex = parent[vertex]
        return vertex

    first = graph.real + len(graph.pins)
    onwards: dict[int, int] = {}
    bundle_of: dict[int, Bundle] = {}
    bypasses = frozenset(graph.bypasses)
    for line, chain in enumerate(graph.chains):
        bundle = bundles[line]
        if bundle is None or line in bypasses:
            continue
        for vertex, following in pairwise(chain if bundle.right else chain[::-1]):
            if vertex >= first:
                onwards[vertex] = following
                bundle_of[vertex] = bundle
    for right in (True, False):
        for layer in reversed(order) if right else order:
            for one, other in pairwise(layer):
                bundle = bundle_of.get(one)
                alike = bundle is not None and bundle.right == right and bundle_of.get(other) == bundle
                if alike and top(onwards[one]) == top(onwards[other]):
                    parent[top(other)] = top(one)
    kept = sorted({top(vertex) for vertex in range(len(parent))})
    number = {vertex: index for index, vertex in enumerate(kept)}
    new = [number[top(vertex)] for vertex in range(len(parent))]
    chains = tuple(tuple([new[vertex] for vertex in chain]) for chain in graph.chains)
    before: list[list[int]] = [[] for _ in kept]
    after: list[list[int]] = [[] for _ in kept]
    for line, chain in enumerate(chains):
        if line in bypasses:
            continue
        for left, right_end in pairwise(chain):
            if bundles[line] is None or right_end not in after[left]:
                after[left].append(right_end)
                before[right_end].append(left)
    layers = tuple(tuple(dict.fromkeys(new[vertex] for vertex in layer)) for layer in order)
    place = [0] * len(kept)
    for layer in layers:
        for index, vertex in enumerate(layer):
            place[vertex] = index
    merged = Layered(
        graph.real,
        tuple(graph.column[vertex] for vertex in kept),
        tuple(map(tuple, before)),
        tuple(map(tuple, after)),
        chains,
        graph.bypasses,
        graph.pins,
    )
    return merged, layers, count_all(layers, merged.after, place)
