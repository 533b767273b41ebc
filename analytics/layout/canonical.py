"""Phase: everything in one order, whatever order it arrives in."""

from __future__ import annotations

from dataclasses import replace

from ..model.graph import Graph


def canonical(graph: Graph) -> Graph:
    """``graph`` with everything in the order of its ids."""
    return replace(
        graph,
        nodes=tuple(sorted(graph.nodes, key=lambda node: node.id)),
        containers=tuple(sorted(graph.containers, key=lambda container: container.id)),
        edges=tuple(sorted(graph.edges, key=lambda edge: (edge.source, edge.target, edge.kind, edge.label))),
    )
