"""Phase: who stands in which container, and through which borders does each line go?

Before: a graph whose nodes and containers name their parents. After: a tree of
scopes (each container, and the ground itself), and for each pair of connected
ends one tie with the scope in which its two ends part.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from ..model.graph import Graph

GROUND = ""
NO_SHARES: Mapping[str, str] = {}
"""The id of the outermost scope."""


@dataclass(frozen=True, slots=True)
class Strand:
    """One connected pair of ends.

    ``scope`` is the innermost scope that holds both; ``ways`` are the members of
    that scope, and of the scopes inside it, that lead to each of the two ends,
    outermost first (empty when the end is the scope's own border).
    """

    ends: tuple[str, str]
    scope: str
    ways: tuple[tuple[str, ...], tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Tree:
    """``members`` of each scope in canonical order; ``scopes`` from the outermost to the innermost."""

    members: Mapping[str, tuple[str, ...]]
    scopes: tuple[str, ...]
    level: Mapping[str, int]
    strands: tuple[Strand, ...]


def nest(graph: Graph, pairs: Sequence[tuple[str, str]], shares: Mapping[str, str] = NO_SHARES) -> Tree:
    """The scopes of ``graph`` and a strand for each pair in ``pairs``.

    Containers in ``shares`` are no scope of their own: what stands in them stands in the one they share a box with.

    Raises ``ValueError`` for two things of one id, an unknown parent, containers
    inside themselves, and an end that does not exist.
    """
    parent: dict[str, str] = {}
    things = [(box.id, box.parent) for box in graph.containers] + [(node.id, node.parent) for node in graph.nodes]
    for (one, _), (other, _) in pairwise(sorted(things)):
        if one == other:
            raise ValueError(f"two nodes or containers are called {one!r}")
    boxes = {container.id for container in graph.containers}
    inside: dict[str, list[str]] = {GROUND: [], **{box: [] for box in sorted(boxes)}}
    for thing, above in sorted(things):
        if above != GROUND and above not in boxes:
            raise ValueError(f"{thing!r} stands in {above!r}, which is not a container")
        parent[thing] = above
        inside[above].append(thing)
    for inner, outer in shares.items():
        inside[outer] = [thing for thing in inside[outer] if thing != inner]
    for inner, outer in shares.items():
        for thing in inside.pop(inner):
            if thing not in shares:
                inside[outer].append(thing)
                parent[thing] = outer
    boxes -= shares.keys()
    scopes = [GROUND]
    level = {GROUND: -1}
    for scope in scopes:
        for member in inside[scope]:
            if member in boxes:
                level[member] = level[scope] + 1
                scopes.append(member)
    if len(scopes) <= len(boxes):
        lost = min(boxes.difference(scopes))
        raise ValueError(f"the container {lost!r} stands inside itself")

    def line_of(end: str) -> list[str]:
        if end not in parent:
            raise ValueError(f"an edge ends at {end!r}, which is not in the graph")
        line = [end]
        while line[-1] != GROUND:
            line.append(parent[line[-1]])
        return line[::-1]

    strands = []
    for one, other in pairs:
        ways = line_of(one), line_of(other)
        shared = 0
        while shared < min(map(len, ways)) and ways[0][shared] == ways[1][shared]:
            shared += 1
        strands.append(Strand((one, other), ways[0][shared - 1], (tuple(ways[0][shared:]), tuple(ways[1][shared:]))))
    return Tree({scope: tuple(sorted(inside[scope])) for scope in scopes}, tuple(scopes), level, tuple(strands))
