"""Markdown: the picture in words, for those who cannot see it and for diffs between two days."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..model.details import edge_words
from ..model.graph import Graph, Node
from ..model.grid import Grid
from .wording import caption, completeness, left_out, line_caption, nested, plain, rows_of, sort_of, stands_for

#: What could begin something in Markdown or HTML wherever it stands, and what could at the start of a line.
_ACTIVE = re.compile(r"[\\`*_{}\[\]<>()#!|~&@$:^=]|(?<=www)\.|^[-+.]")
_NUMBERED = re.compile(r"^(\d+)\.")


def to_markdown(grid: Grid) -> str:
    """``grid`` as nested lists: boxes and nodes with their figures, lines, findings, what was left out."""
    return "\n".join(_lines(grid.graph)) + "\n"


def inert(text: str) -> str:
    r"""Untrusted text that stays text in Markdown.

    >>> print(inert("<b> [x](y) web-01"))
    \<b\> \[x\]\(y\) web-01
    >>> print(inert("10. Web"))
    10\. Web
    """
    return _NUMBERED.sub(r"\1\\.", _ACTIVE.sub(r"\\\g<0>", text))


def _lines(graph: Graph) -> Iterator[str]:
    yield f"# {inert(plain(graph.title))}"
    yield ""
    yield f"{inert(plain(graph.scope)) or 'Everything'}. {completeness(graph)}."
    if graph.as_of:
        oldest = f", the oldest of {inert(plain(graph.oldest))}" if graph.oldest not in ("", graph.as_of) else ""
        yield f"As of {inert(plain(graph.as_of))}{oldest}."
    yield from _section("What there is", _things(graph))
    yield from _section("Lines", _connections(graph))
    yield from _section("Findings", (f"- {inert(plain(found.text))}" for found in graph.findings))
    yield from _section("Grouped or left out", _accounts(graph))


def _section(title: str, lines: Iterator[str]) -> Iterator[str]:
    first = next(lines, None)
    if first is not None:
        yield from ("", f"## {title}", "", first)
        yield from lines


def _accounts(graph: Graph) -> Iterator[str]:
    yield from (f"- {inert(left_out(omission))}" for omission in graph.omissions)
    for node in graph.nodes:
        if node.members:
            yield f"- {inert(caption(node, graph))} stands for {inert(stands_for(node))}"


def _things(graph: Graph) -> Iterator[str]:
    for depth, thing in nested(graph):
        if thing is None:
            continue
        said = "; ".join(f"{inert(name)} {inert(value)}" for name, value in rows_of(thing, graph))
        what = inert(sort_of(thing))
        name = inert(caption(thing, graph)) if isinstance(thing, Node) else f"**{inert(plain(thing.name))}**"
        entry = ", entry" if isinstance(thing, Node) and thing.root else ""
        yield f"{'  ' * depth}- {name} ({what}{entry}){'; ' if said else ''}{said}"


def _connections(graph: Graph) -> Iterator[str]:
    names = {node.id: caption(node, graph) for node in graph.nodes} | {
        box.id: plain(box.name) for box in graph.containers
    }
    for edge in graph.edges:
        said = line_caption(edge)
        marks = [inert(said)] if said else []
        marks += ["closes a cycle"] if edge.back else []
        marks += [f"crosses a {edge.crossing}"] if edge.crossing else []
        marks += [inert(plain(edge_words(edge)))] if edge.measures or edge.attributes else []
        words = f" ({', '.join(filter(None, marks))})" if marks else ""
        yield f"- {inert(names[edge.source])} → {inert(names[edge.target])}{words}"
