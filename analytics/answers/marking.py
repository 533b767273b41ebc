"""Marks that an answer puts on a picture: a glyph and words on a thing, a fraction on a fold. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace

from ..model.graph import Badge, Finding, Graph, Node

Marks = Mapping[str, Sequence[Badge]]
"""The marks of each thing, by ``collection/id``."""


def with_marks(graph: Graph, marks: Marks, findings: Sequence[Finding] = ()) -> Graph:
    """``graph`` with the marks on the nodes of their things; places and lines stay as they are.

    A fold bears a mark once for all its members that have it, and says how many they are. What ``findings`` are
    about are things; those that are drawn become the ids of their nodes.
    """
    by_node = {name: key for key in marks for name in names_of(key)}
    about = {name: thing for one in findings for thing in one.nodes for name in names_of(thing)}
    nodes: dict[str, str] = {}
    for node in graph.nodes:
        for thing in (node.source, *(about.get(member, "") for member in node.members)):
            nodes.setdefault(thing, node.id)
    return replace(
        graph,
        nodes=tuple(marked(node, marks, by_node) for node in graph.nodes),
        findings=(*graph.findings, *(placed(one, nodes) for one in findings)),
    )


def placed(finding: Finding, nodes: Mapping[str, str]) -> Finding:
    """A finding about the nodes that show its things, each once."""
    return replace(finding, nodes=tuple(dict.fromkeys(nodes[one] for one in finding.nodes if one in nodes)))


def names_of(thing: str) -> tuple[str, str]:
    """The ids that a thing's node may have: its own, and with its collection where that would be another's too."""
    collection, _, key = thing.partition("/")
    return key, f"{collection}:{key}"


def marked(node: Node, marks: Marks, by_node: Mapping[str, str]) -> Node:
    """One node with its marks."""
    if not node.members:
        return replace(node, badges=(*marks.get(node.source, ()), *node.badges)) if node.source in marks else node
    borne: dict[tuple[str, str], list[Badge]] = defaultdict(list)
    for member in node.members:
        for badge in marks.get(by_node.get(member, ""), ()):
            borne[badge.glyph, badge.meaning or badge.text].append(badge)
    if not borne:
        return node
    among = len(node.members)
    found = tuple(
        replace(badges[0], text=meaning, meaning=meaning, borne=len(badges), among=among)
        for (_, meaning), badges in borne.items()
    )
    return replace(node, badges=(*found, *node.badges))
