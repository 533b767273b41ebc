"""The boxes of a business graph: the namespaces and networks that applications say they run in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ...documents.entities import Application
from ...model.graph import Container, Finding, Graph

#: Lines between boxes beyond which boxes hide more than they tell.
MOST_CROSSING = 100


def in_boxes(graph: Graph, applications: Sequence[Application]) -> Graph:
    """``graph`` with a box for each namespace, in it one for each network that holds all of an application.

    What joins several networks stands between them, in its namespace. What says
    nothing of either stands outside of all boxes. A fold stands where all its members do.
    """
    place = {app.id: place_of(app) for app in applications}
    boxes: dict[str, Container] = {}
    nodes = []
    for node in graph.nodes:
        meant = {place.get(key, ("", "")) for key in node.members or (node.id,)}
        space, network = meant.pop() if len(meant) == 1 else ("", "")
        parent = ""
        for word in space.split("/") if space else ():
            key = f"{parent}/{word}" if parent else f"namespace:{word}"
            boxes.setdefault(key, Container(key, word, "namespace", parent))
            parent = key
        if network:
            key = f"network:{network}"
            boxes.setdefault(key, Container(key, network.rpartition("/")[2], "network", parent))
            parent = key
        nodes.append(replace(node, parent=parent) if parent else node)
    if not boxes:
        return graph
    parents = {node.id: node.parent for node in nodes}
    crossing = sum(parents[edge.source] != parents[edge.target] for edge in graph.edges)
    if crossing > MOST_CROSSING:
        text = f"Namespaces are not drawn as boxes: {crossing} lines would leave one; the details name them"
        return replace(graph, findings=(*graph.findings, Finding("boxes", text, "info")))
    return replace(graph, nodes=tuple(nodes), containers=(*graph.containers, *boxes.values()))


def place_of(app: Application) -> tuple[str, str]:
    """The namespace of an application, and its network where it joins one only."""
    network = app.networks[0].id if len(app.networks) == 1 else ""
    return app.about.namespace, network
