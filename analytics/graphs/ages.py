"""When the things of a graph were last seen, and which of them nobody has seen for long. Pure.

Ages are counted from the newest date of the graph and not from today: the same
inventory gives the same picture whenever it is drawn, and where nothing was
seen lately the frame says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from ..documents.values import moment
from ..model.graph import Badge, Finding, Graph, Node
from ..text import many, named

#: The mark of what nobody has seen for long.
STALE = Badge("t?", "not seen for long", "warn", "not seen for long")


@dataclass(frozen=True, slots=True)
class Ages:
    """The oldest and newest date of a graph as they are written; what is older than ``limit`` is stale."""

    oldest: str = ""
    newest: str = ""
    limit: datetime | None = None
    days: int = 0

    @classmethod
    def of(cls, seen: Iterable[str], days: int) -> Ages:
        """The ages of things seen at these dates; ``days`` 0 marks nothing. Dates that cannot be read count nothing.

        >>> ages = Ages.of(["2026-03-02", "", "2026-01-01T10:00:00Z"], 30)
        >>> ages.oldest, ages.newest, ages.stale("2026-01-31"), ages.stale("2026-01-30")
        ('2026-01-01T10:00:00Z', '2026-03-02', False, True)
        """
        read = {word: when for word in set(seen) if (when := moment(word)) is not None}
        if not read:
            return cls()
        in_order = sorted(read, key=lambda word: (read[word], word))
        limit = read[in_order[-1]] - timedelta(days=days) if days else None
        return cls(in_order[0], in_order[-1], limit, days)

    def stale(self, seen: str) -> bool:
        """Whether a thing that was seen then was not seen for too long."""
        when = moment(seen) if self.limit is not None else None
        return when is not None and self.limit is not None and when < self.limit

    def marked(self, nodes: Iterable[Node]) -> tuple[Node, ...]:
        """The nodes, those that are stale with a mark."""
        mark = replace(STALE, text=f"not seen for more than {many(self.days, 'day')}")
        return tuple(replace(node, badges=(*node.badges, mark)) if self.stale(node.as_of) else node for node in nodes)

    def findings(self, nodes: Sequence[Node]) -> tuple[Finding, ...]:
        """What is stale among the nodes, by name."""
        found = [node for node in nodes if self.stale(node.as_of)]
        if not found:
            return ()
        before = f"in the {many(self.days, 'day')} before {day(self.newest)}"
        text = f"{many(len(found), 'thing')} not seen {before}: {named(node.name for node in found)}"
        return (Finding("stale", text, "warn", tuple(sorted(node.id for node in found))),)


def with_ages(graph: Graph, ages: Ages) -> Graph:
    """``graph`` with its oldest and newest date, and with marks and a finding for what is stale."""
    return replace(
        graph,
        nodes=ages.marked(graph.nodes),
        findings=(*graph.findings, *ages.findings(graph.nodes)),
        as_of=ages.newest,
        oldest=ages.oldest,
    )


def day(seen: str) -> str:
    """The day of a date, as people read it.

    >>> day("2026-03-02T10:00:00Z"), day("some day")
    ('2026-03-02', 'some day')
    """
    when = moment(seen)
    return f"{when:%Y-%m-%d}" if when is not None else seen
