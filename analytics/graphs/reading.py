"""What could not be read as meant, said in the picture: it must not hide what it lacks. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ..model.graph import Finding, Graph
from ..text import many

#: Remarks a finding spells out before it counts.
SPELLED = 3


def with_remarks(graph: Graph, remarks: Sequence[str]) -> Graph:
    """``graph`` with a finding of what is wrong in the inventory's file.

    >>> with_remarks(Graph("t", ""), ["line 2: familly: no such field: did you mean family?"]).findings[0].text
    '1 thing in the inventory not read as meant: line 2: familly: no such field: did you mean family?'
    """
    if not remarks:
        return graph
    more = f"; and {len(remarks) - SPELLED} more" if len(remarks) > SPELLED else ""
    text = f"{many(len(remarks), 'thing')} in the inventory not read as meant: {'; '.join(remarks[:SPELLED])}{more}"
    return replace(graph, findings=(*graph.findings, Finding("reading", text)))
