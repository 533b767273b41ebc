"""Things and who calls whom, as numbers: what every step of the overview reads."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from ...model.graph import Edge

Pair = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Relation:
    """What one thing has to do with another it calls: how many relations, and how many calls a second.

    The rate is 0 where nobody measured it; ``failing`` are those of the calls a second that are known to fail.
    """

    count: int = 0
    rate: float = 0.0
    failing: float = 0.0

    @property
    def weight(self) -> float:
        """How heavy it is: its calls, or its relations where nobody measured any."""
        return self.rate or self.count

    def __add__(self, other: Relation) -> Relation:
        return Relation(self.count + other.count, self.rate + other.rate, self.failing + other.failing)


def relation_of(edge: Edge) -> Relation:
    """What an edge says.

    >>> from analytics.model.graph import Measure
    >>> relation_of(Edge("a", "b", measures=(Measure("rate", 40.0), Measure("errors", 0.25))))
    Relation(count=1, rate=40.0, failing=10.0)
    """
    measured = {measure.quantity: measure.value for measure in edge.measures}
    rate = measured.get("rate", 0.0)
    return Relation(edge.count, rate, rate * measured.get("errors", 0.0))


@dataclass(frozen=True, slots=True)
class CallMap:
    """Things numbered in the order of their names, then ids; ``relations`` are those between two different ones.

    ``loops`` are relations of a thing with itself.
    """

    ids: tuple[str, ...]
    names: tuple[str, ...]
    relations: Mapping[Pair, Relation]
    loops: Relation = Relation()
    calls: tuple[tuple[int, ...], ...] = field(default=())
    callers: tuple[tuple[int, ...], ...] = field(default=())

    @property
    def size(self) -> int:
        """How many things there are."""
        return len(self.ids)

    def neighbours(self, thing: int) -> tuple[int, ...]:
        """Whom it calls and who calls it; twice where both."""
        return self.calls[thing] + self.callers[thing]


def call_map(names: Mapping[str, str], edges: Iterable[Edge]) -> CallMap:
    """The call map of things (id to name) and the edges between them; edges to anything else are passed over.

    >>> found = call_map({"b": "web", "a": "api"}, [Edge("b", "a", count=2), Edge("a", "a")])
    >>> found.ids, found.calls, found.relations[1, 0].weight, found.loops.count
    (('a', 'b'), ((), (0,)), 2, 1)
    """
    ids = sorted(names, key=lambda key: (names[key], key))
    number = {key: index for index, key in enumerate(ids)}
    found: dict[Pair, Relation] = {}
    loops = Relation()
    for edge in sorted(edges, key=lambda edge: (edge.source, edge.target, edge.kind, edge.label)):
        source, target = number.get(edge.source, -1), number.get(edge.target, -1)
        if source < 0 or target < 0:
            continue
        relation = relation_of(edge)
        if source == target:
            loops += relation
        else:
            known = found.get((source, target))
            found[source, target] = known + relation if known else relation
    relations = dict(sorted(found.items()))
    calls: list[list[int]] = [[] for _ in ids]
    callers: list[list[int]] = [[] for _ in ids]
    for source, target in relations:
        calls[source].append(target)
        callers[target].append(source)
    return CallMap(
        tuple(ids),
        tuple(names[key] for key in ids),
        relations,
        loops,
        tuple(map(tuple, calls)),
        tuple(map(tuple, callers)),
    )


def components(graph: CallMap, without: frozenset[int] | set[int] = frozenset()) -> list[int]:
    """For each thing the number of the part it hangs together with; -1 for those ``without``."""
    part = [-1] * graph.size
    count = 0
    for root in range(graph.size):
        if part[root] >= 0 or root in without:
            continue
        part[root] = count
        waiting = [root]
        while waiting:
            thing = waiting.pop()
            for other in (*graph.calls[thing], *graph.callers[thing]):
                if part[other] < 0 and other not in without:
                    part[other] = count
                    waiting.append(other)
        count += 1
    return part
