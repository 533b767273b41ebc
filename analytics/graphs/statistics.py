"""The counts beside a graph: the same figures for every type, only the histogram is each type's own. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from ..documents.entities import Application
from ..model.artifacts import Count, Entries, Statistics
from ..model.graph import Graph
from .ages import STALE


def statistics_of(
    graph: Graph, histogram: Sequence[Count], applications: Sequence[Application], entries: Entries
) -> Statistics:
    """Density, connections, families and systems of ``graph``, beside its ``histogram``.

    Systems are those of the applications and those the graph starts from.
    """
    systems = {ref.id: ref for app in applications for ref in app.systems}
    systems |= {ref.id: ref for ref in entries.systems}
    return Statistics(
        histogram=tuple(histogram),
        density=density(len(graph.nodes), len(graph.edges)),
        connections=len(graph.edges),
        families=in_order(Counter(app.family for app in applications)),
        applications=len(applications),
        systems=tuple(sorted(systems.values(), key=lambda ref: (ref.name, ref.id))),
        totals=graph.totals,
        quantities=graph.quantities,
        newest=graph.as_of,
        oldest=graph.oldest,
        stale=stale_in(graph),
    )


def stale_in(graph: Graph) -> int:
    """How many things were not seen for long, those in folds among them."""
    return sum(
        badge.borne or node.count for node in graph.nodes for badge in node.badges if badge.meaning == STALE.meaning
    )


def in_order(counted: Counter[str]) -> tuple[Count, ...]:
    """Counts by name.

    >>> [count.name for count in in_order(Counter("banana"))]
    ['a', 'b', 'n']
    """
    return tuple(Count(name, counted[name]) for name in sorted(counted))


def density(nodes: int, connections: int) -> str:
    """That of a directed graph, m / (n (n - 1)), as text with two decimals.

    >>> density(3, 2), density(1, 0)
    ('0.33', '0.00')
    """
    return f"{connections / (nodes * (nodes - 1)) if nodes > 1 else 0:.2f}"
