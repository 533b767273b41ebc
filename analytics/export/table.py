"""CSV: every node, box, line, finding and omission as a row, for spreadsheets."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from io import StringIO

from ..model.graph import Container, Graph, Node
from ..model.grid import Grid
from .wording import completeness, left_out, line_caption, nested, node_id, plain, rows_of, sort_of, stands_for

#: What each column holds; a cell is empty where a row has nothing to say of it.
HEADER = ("row", "id", "name", "type", "provider", "inside", "servers", "size", "from", "to", "words", "facts")

#: A cell that begins with one of these would be taken for a formula.
_FORMULA = frozenset("=+-@\t\r")


def to_csv(grid: Grid) -> str:
    """``grid`` as one table; the column ``row`` tells nodes, boxes, lines, findings, the sum and omissions apart."""
    out = StringIO()
    writer = csv.DictWriter(out, HEADER, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows({name: inert(value) for name, value in row.items()} for row in _rows(grid.graph))
    return out.getvalue()


def inert(cell: str) -> str:
    """A cell that no spreadsheet reckons with: an apostrophe goes before what begins like a formula.

    >>> inert("=HYPERLINK(1)"), inert("web-1")
    ("'=HYPERLINK(1)", 'web-1')
    """
    return f"'{cell}" if cell[:1] in _FORMULA else cell


def _rows(graph: Graph) -> Iterator[dict[str, str]]:
    things: tuple[Container | Node, ...] = (*graph.containers, *graph.nodes)
    names = {thing.id: plain(thing.name) for thing in things}
    open_boxes: list[str] = []
    for _, thing in nested(graph):
        if thing is None:
            open_boxes.pop()
            continue
        facts = "; ".join(f"{name}: {value}" for name, value in rows_of(thing, graph))
        row = {
            "id": node_id(thing.id),
            "name": plain(thing.name),
            "type": sort_of(thing),
            "provider": plain(thing.provider),
            "inside": " / ".join(open_boxes[-8:]),
            "facts": facts,
        }
        if isinstance(thing, Node):
            yield row | {
                "row": "node",
                "servers": str(thing.quantity or ""),
                "size": plain(thing.size),
                "words": f"stands for {stands_for(thing)}" if thing.members else "",
            }
        else:
            open_boxes.append(plain(thing.name))
            yield row | {"row": "box"}
    for edge in graph.edges:
        yield {
            "row": "line",
            "id": f"{node_id(edge.source)} {node_id(edge.target)}",
            "type": edge.kind,
            "from": names[edge.source],
            "to": names[edge.target],
            "words": line_caption(edge),
            "facts": "; ".join(f"{plain(row.name)}: {plain(row.value)}" for row in edge.attributes if row.value),
        }
    for finding in graph.findings:
        where = ", ".join(names.get(key, plain(key)) for key in finding.nodes)
        yield {"row": "finding", "type": finding.code, "name": where, "words": plain(finding.text)}
    yield {"row": "sum", "words": completeness(graph)}
    for omission in graph.omissions:
        yield {"row": "omission", "type": omission.kind, "words": left_out(omission)}
