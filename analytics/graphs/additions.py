"""What inserted stages add, put on the graph before it is drawn: numbers, their sums, rows, marks, links, findings."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from ..errors import StageError
from ..model.artifacts import Additions, NodeAddition
from ..model.graph import Container, Graph, Measure, Node, Quantity, Total
from ..model.grid import Grid


def with_additions(grid: Grid, additions: Sequence[Additions]) -> Grid:
    """``grid`` with everything that was added to its graph; places and lines stay as they are.

    What is added to a member of a fold counts for the fold: its numbers are
    added up there. Raises :class:`StageError` for a number whose quantity
    nobody declared, two stages that declare one differently, and a number that is none.
    """
    if not additions:
        return grid
    graph = grid.graph
    quantities = declared(additions)
    added = by_node(graph, additions)
    for key, entries in added.items():
        for measure in (one for entry in entries for one in entry.measures):
            if measure.quantity not in quantities:
                raise StageError(f"The number {measure.quantity!r} of node {key!r} is of no declared quantity.")
            if not math.isfinite(measure.value):
                raise StageError(f"The number {measure.quantity!r} of node {key!r} is {measure.value}.")
    nodes = tuple(with_added(node, added.get(node.id, ())) for node in graph.nodes)
    known = {node.id for node in nodes}
    findings = tuple(
        replace(finding, nodes=tuple(key for key in finding.nodes if key in known))
        for addition in additions
        for finding in addition.findings
    )
    graph = replace(
        graph,
        nodes=nodes,
        quantities=tuple(quantities.values()),
        containers=with_sums(graph.containers, nodes, quantities),
        totals=totals_of(nodes, quantities.values()),
        findings=(*graph.findings, *findings),
    )
    return replace(grid, graph=graph)


def declared(additions: Iterable[Additions]) -> dict[str, Quantity]:
    """Every quantity by its key. Raises :class:`StageError` where two stages mean different things by one key."""
    found: dict[str, Quantity] = {}
    for addition in additions:
        for quantity in addition.quantities:
            if found.setdefault(quantity.key, quantity) != quantity:
                raise StageError(f"The quantity {quantity.key!r} is declared twice and differently.")
    return found


def by_node(graph: Graph, additions: Iterable[Additions]) -> dict[str, list[NodeAddition]]:
    """What is added to each node that is drawn; what is added to a member of a fold, its numbers only, to the fold."""
    drawn = {node.id for node in graph.nodes}
    folds = {member: node.id for node in graph.nodes for member in node.members}
    found: dict[str, list[NodeAddition]] = defaultdict(list)
    for addition in additions:
        for entry in addition.nodes:
            if entry.node in drawn:
                found[entry.node].append(entry)
            elif entry.node in folds:
                found[folds[entry.node]].append(NodeAddition(entry.node, entry.measures))
    return found


def with_added(node: Node, entries: Sequence[NodeAddition]) -> Node:
    """A node with what is added to it."""
    if not entries:
        return node
    return replace(
        node,
        measures=added_up([*node.measures, *(measure for entry in entries for measure in entry.measures)]),
        attributes=(*node.attributes, *(row for entry in entries for row in entry.attributes)),
        badges=(*node.badges, *(badge for entry in entries for badge in entry.badges)),
        links=(*node.links, *(link for entry in entries for link in entry.links)),
    )


def added_up(measures: Iterable[Measure]) -> tuple[Measure, ...]:
    """Numbers of one quantity made one.

    >>> added_up([Measure("cost", 2), Measure("cost", 3)])
    (Measure(quantity='cost', value=5),)
    """
    sums: dict[str, float] = {}
    for measure in measures:
        sums[measure.quantity] = sums.get(measure.quantity, 0) + measure.value
    return tuple(Measure(key, sums[key]) for key in sorted(sums))


def with_sums(
    containers: Sequence[Container], nodes: Iterable[Node], quantities: Mapping[str, Quantity]
) -> tuple[Container, ...]:
    """The boxes with the sums of what stands in them, and in the boxes within."""
    summed = {key for key, quantity in quantities.items() if "container" in quantity.sums}
    if not summed or not containers:
        return tuple(containers)
    parents = {box.id: box.parent for box in containers}
    inside: dict[str, list[Measure]] = defaultdict(list)
    for node in nodes:
        measures = [measure for measure in node.measures if measure.quantity in summed]
        box = node.parent
        while measures and box in parents:
            inside[box] += measures
            box = parents[box]
    return tuple(replace(box, measures=added_up(inside[box.id])) if box.id in inside else box for box in containers)


def totals_of(nodes: Iterable[Node], quantities: Iterable[Quantity]) -> tuple[Total, ...]:
    """The sums that are asked for: by system, and over everything. A thing of two systems counts in both."""
    found: list[Total] = []
    held = [(node, {measure.quantity: measure.value for measure in node.measures}) for node in nodes]
    for quantity in quantities:
        if not quantity.sums:
            continue
        having = [(node, values[quantity.key]) for node, values in held if quantity.key in values]
        if "system" in quantity.sums:
            systems = sorted({system for node, _ in having for system in node.systems})
            for system in systems:
                mine = [value for node, value in having if system in node.systems]
                found.append(Total(quantity.key, system, math.fsum(mine), len(mine)))
        found.append(Total(quantity.key, "", math.fsum(value for _, value in having), len(having)))
    return tuple(found)
