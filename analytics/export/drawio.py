"""draw.io: a page that can be edited further, with the places of the ground seen from above.

Labels are plain text: neither ``html=1`` nor placeholders nor links are ever
written, so that a name cannot become markup when somebody opens the page. Tooltips are HTML there: theirs is escaped.
"""

from __future__ import annotations

from collections.abc import Mapping

from lxml import etree

from ..catalog.families import DATABASE
from ..catalog.providers import provider_of
from ..model.graph import Container, Edge, Graph, Node
from ..model.grid import Grid, Route
from ..text import escape
from .ground import Box, flat_grounds, flat_point
from .wording import (
    box_caption,
    caption,
    completeness,
    left_out,
    line_caption,
    nested,
    node_id,
    plain,
    rows_of,
    stands_for,
)

#: The shapes of nodes by family; a rectangle for all others.
SHAPES = {DATABASE: "shape=cylinder3;size=10;", "Internet": "ellipse;shape=cloud;"}
NODE = "rounded=0;whiteSpace=wrap;html=0;fillColor=#ffffff;strokeWidth=2;"
BOX = "swimlane;startSize=24;container=1;collapsible=0;html=0;fillColor=#eef2f6;strokeColor=#8a99a8;"
LINE = "edgeStyle=none;html=0;endArrow=block;strokeColor=#4a5568;"


def to_drawio(grid: Grid) -> str:
    """``grid`` as a draw.io file with one page."""
    graph = grid.graph
    file = etree.Element("mxfile", {"host": "analytics"})
    diagram = etree.SubElement(file, "diagram", {"id": "page", "name": plain(graph.title) or plain(graph.type)})
    root = etree.SubElement(etree.SubElement(diagram, "mxGraphModel", {"grid": "0"}), "root")
    etree.SubElement(root, "mxCell", {"id": "0"})
    etree.SubElement(root, "mxCell", {"id": "1", "parent": "0"})
    grounds = flat_grounds(grid)
    around = [""]
    for _, thing in nested(graph):
        match thing:
            case None:
                around.pop()
            case Node():
                _add_vertex(root, thing, graph, around[-1], grounds)
            case Container():
                _add_vertex(root, thing, graph, around[-1], grounds)
                around.append(thing.id)
    for number, (edge, route) in enumerate(zip(graph.edges, grid.routes, strict=True)):
        _add_edge(root, number, edge, route)
    said = {"id": "tally", "label": completeness(graph), "tooltip": escape("; ".join(map(left_out, graph.omissions)))}
    note = etree.SubElement(root, "UserObject", said)
    cell = etree.SubElement(note, "mxCell", {"style": "text;html=0;align=left;", "vertex": "1", "parent": "1"})
    _add_geometry(cell, Box(0, -40, 600, 24))
    return str(etree.tostring(file, encoding="unicode", pretty_print=True))


def _add_vertex(
    root: etree._Element, thing: Node | Container, graph: Graph, parent: str, grounds: Mapping[str, Box]
) -> None:
    """A node or a box; its place is relative to the box it stands in."""
    if isinstance(thing, Node):
        label = caption(thing, graph)
        dashed = "dashed=1;" if thing.kind == "ghost" else ""
        colour = provider_of(thing.provider.split(" + ")[0]).colour
        style = f"{SHAPES.get(thing.family, '')}{NODE}{dashed}strokeColor={colour};"
    else:
        label = f"{box_caption(thing, graph)} ({thing.kind})"
        style = BOX
    # A tooltip is shown as HTML, whatever a style says of labels.
    details = escape("; ".join(f"{name}: {value}" for name, value in rows_of(thing, graph)))
    said = {"id": node_id(thing.id), "label": label, "tooltip": details}
    if isinstance(thing, Node) and thing.members:
        said["members"] = stands_for(thing)
    cell = etree.SubElement(
        etree.SubElement(root, "UserObject", said),
        "mxCell",
        {"style": style, "vertex": "1", "parent": node_id(parent) if parent else "1"},
    )
    ground = grounds[thing.id]
    corner = grounds[parent] if parent else Box(0, 0, 0, 0)
    _add_geometry(cell, Box(ground.x - corner.x, ground.y - corner.y, ground.width, ground.height))


def _add_edge(root: etree._Element, number: int, edge: Edge, route: Route) -> None:
    dashed = "dashed=1;" if edge.back or edge.provenance != "stated" else ""
    cell = etree.SubElement(
        etree.SubElement(root, "UserObject", {"id": f"e{number}", "label": line_caption(edge)}),
        "mxCell",
        {
            "style": LINE + dashed,
            "edge": "1",
            "parent": "1",
            "source": node_id(edge.source),
            "target": node_id(edge.target),
        },
    )
    geometry = etree.SubElement(cell, "mxGeometry", {"relative": "1", "as": "geometry"})
    if len(route.points) > 2:
        points = etree.SubElement(geometry, "Array", {"as": "points"})
        for x, y in map(flat_point, route.points[1:-1]):
            etree.SubElement(points, "mxPoint", {"x": f"{x:g}", "y": f"{y:g}"})


def _add_geometry(cell: etree._Element, ground: Box) -> None:
    names = {"x": ground.x, "y": ground.y, "width": ground.width, "height": ground.height}
    etree.SubElement(cell, "mxGeometry", {**{name: f"{value:g}" for name, value in names.items()}, "as": "geometry"})
