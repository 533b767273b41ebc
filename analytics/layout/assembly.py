"""Phase: what was laid out becomes a grid: places, areas and routes in the order of nodes, containers and edges."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from ..lettering.words import shown
from ..model.graph import Graph
from ..model.grid import Area, Grid, Place, Point, Route
from .ground import Ground
from .nesting import Tree
from .net import Net, cycle_closers, join
from .projections import PROJECTIONS
from .records import TILE


def grid_of(graph: Graph, boxes: Mapping[str, str], tree: Tree, net: Net, ground: Ground, projection: str) -> Grid:
    """The grid of ``graph``; ``boxes`` are the containers that share the box of another."""
    if ground.loose:
        net = join(graph.edges, boxes, ground.loose)
    routes, backs = _routes(graph, boxes, net, ground, projection)
    columns = max(ground.column.values(), default=-1) + 1
    places, lines = _places(graph, ground)
    marked = tuple(replace(edge, back=back) for edge, back in zip(graph.edges, backs, strict=True))
    return Grid(
        replace(graph, edges=marked),
        places,
        _areas(graph, boxes, tree, ground),
        routes,
        columns=columns,
        lines=lines,
        width=ground.width / TILE,
        depth=ground.depth / TILE,
        projection=projection,
        common_word=net.common,
    )


def _places(graph: Graph, ground: Ground) -> tuple[tuple[Place, ...], int]:
    """The nodes' places, in their order, and how many stand in the fullest column."""
    line: dict[str, int] = {}
    filled: dict[int, int] = {}
    ids = [node.id for node in graph.nodes]
    for node in sorted(ids, key=lambda node: (ground.column[node], ground.corners[node][1], ground.corners[node][0])):
        column = ground.column[node]
        line[node] = filled.get(column, 0)
        filled[column] = line[node] + 1
    places = tuple(
        Place(
            node,
            ground.column[node],
            line[node],
            ground.corners[node][0] / TILE,
            ground.corners[node][1] / TILE,
            ground.extents[node][0] / TILE,
            ground.extents[node][1] / TILE,
        )
        for node in ids
    )
    return places, max(filled.values(), default=0)


def _areas(graph: Graph, boxes: Mapping[str, str], tree: Tree, ground: Ground) -> tuple[Area, ...]:
    """The containers' areas; one that shares a box has the other's."""
    areas = []
    for container in graph.containers:
        box = boxes.get(container.id, container.id)
        (x, y), (width, depth) = ground.corners[box], ground.extents[box]
        areas.append(
            Area(
                container.id,
                x / TILE,
                y / TILE,
                width / TILE,
                depth / TILE,
                ground.header / TILE,
                tree.level[box],
                box if box != container.id else "",
            )
        )
    return tuple(areas)


def _routes(
    graph: Graph, boxes: Mapping[str, str], net: Net, ground: Ground, projection: str
) -> tuple[tuple[Route, ...], list[bool]]:
    """Each edge's route, and whether it closes a cycle."""
    number = {pair: index for index, pair in enumerate(net.pairs)}
    closing = frozenset[tuple[str, str]]() if ground.leftward is not None else cycle_closers(graph)
    size = PROJECTIONS[projection].type_size
    routes, backs = [], []
    for index, edge in enumerate(graph.edges):
        source, target = boxes.get(edge.source, edge.source), boxes.get(edge.target, edge.target)
        key = number.get((min(source, target), max(source, target)))
        if key is None:
            routes.append(Route(index))
            backs.append(False)
            continue
        forwards = (source, target) == net.pairs[key]
        points: tuple[Point, ...] = tuple((x / TILE, y / TILE) for x, y in ground.ways[key])
        trunk = net.trunks[key].trunk if key in net.trunks else ""
        words = "" if net.common else shown(net.texts[key], size)
        routes.append(Route(index, points if forwards else points[::-1], trunk, words))
        if ground.leftward is None:
            backs.append((edge.source, edge.target) in closing)
        else:
            backs.append((key in ground.leftward) == forwards)
    return tuple(routes), backs
