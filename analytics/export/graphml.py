"""GraphML: nodes, boxes and lines with their figures, for Gephi, yEd, networkx and their like.

Source: the GraphML primer (graphdrawing.org) for groups as nested graphs; yEd's
node graphics, so that it opens with the places of the ground seen from above.
Every line stands in the outermost graph: some readers drop the others.
"""

from __future__ import annotations

from collections.abc import Mapping

from lxml import etree

from ..catalog.providers import provider_of
from ..model.details import edge_words
from ..model.graph import Container, Edge, Graph, Node
from ..model.grid import Area, Grid, Place
from .ground import TILE, Box, flat_grounds
from .wording import caption, completeness, left_out, line_caption, nested, node_id, plain, rows_of, stands_for

GRAPHML = "http://graphml.graphdrawing.org/xmlns"
YFILES = "http://www.yworks.com/xml/graphml"

#: Keys of nodes and boxes, and of lines: name and type. A key has one type in the whole document.
NODE_KEYS = {
    "label": "string", "kind": "string", "family": "string", "provider": "string", "size_class": "string",
    "source": "string", "details": "string", "members": "string", "count": "int", "servers": "int", "entry": "boolean",
    "x": "double", "y": "double", "size": "double", "r": "int", "g": "int", "b": "int",
}  # fmt: skip
GRAPH_KEYS = ("title", "scope", "as_of", "oldest", "completeness", "omissions", "findings")
EDGE_KEYS = {
    "label": "string", "kind": "string", "provenance": "string", "count": "int", "crossing": "string",
    "details": "string",
}  # fmt: skip


def to_graphml(grid: Grid) -> str:
    """``grid`` as a GraphML document."""
    root = etree.Element(f"{{{GRAPHML}}}graphml", nsmap={None: GRAPHML, "y": YFILES})
    for target, keys in (("node", NODE_KEYS), ("edge", EDGE_KEYS)):
        for name, kind in keys.items():
            declared = {"id": f"{target}_{name}", "for": target, "attr.name": name, "attr.type": kind}
            etree.SubElement(root, f"{{{GRAPHML}}}key", declared)
    for name in GRAPH_KEYS:
        declared = {"id": f"graph_{name}", "for": "graph", "attr.name": name, "attr.type": "string"}
        etree.SubElement(root, f"{{{GRAPHML}}}key", declared)
    etree.SubElement(root, f"{{{GRAPHML}}}key", {"id": "graphics", "for": "node", "yfiles.type": "nodegraphics"})
    outermost = etree.SubElement(root, f"{{{GRAPHML}}}graph", {"id": "graph", "edgedefault": "directed"})
    _add_values(outermost, "graph", said_of(grid.graph))
    grounds = flat_grounds(grid)
    places = {place.node: place for place in grid.places}
    areas = {area.container: area for area in grid.areas}
    around = [outermost]
    for _, thing in nested(grid.graph):
        match thing:
            case None:
                around.pop()
            case Node():
                _add_node(around[-1], thing, grid.graph, places[thing.id], grounds)
            case Container():
                around.append(_add_box(around[-1], thing, grid.graph, areas[thing.id], grounds))
    for number, edge in enumerate(grid.graph.edges):
        _add_edge(outermost, number, edge)
    return str(etree.tostring(root, encoding="unicode", pretty_print=True))


def said_of(graph: Graph) -> dict[str, object]:
    """What is said of the graph as a whole."""
    return {
        "title": plain(graph.title), "scope": plain(graph.scope), "as_of": plain(graph.as_of),
        "oldest": plain(graph.oldest),
        "completeness": completeness(graph), "omissions": "; ".join(map(left_out, graph.omissions)),
        "findings": "; ".join(plain(finding.text) for finding in graph.findings),
    }  # fmt: skip


def _add_node(parent: etree._Element, node: Node, graph: Graph, place: Place, grounds: Mapping[str, Box]) -> None:
    element = etree.SubElement(parent, f"{{{GRAPHML}}}node", {"id": node_id(node.id)})
    colour = provider_of(node.provider.split(" + ")[0]).colour
    red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    values = {
        "label": caption(node, graph),
        "kind": node.kind, "family": plain(node.family), "provider": plain(node.provider),
        "size_class": node.size, "source": plain(node.source), "count": node.count, "servers": node.quantity,
        "entry": str(node.root).lower(), "x": place.x * TILE, "y": place.y * TILE, "size": 40.0,
        "r": red, "g": green, "b": blue,
        "details": "; ".join(f"{name}: {value}" for name, value in rows_of(node, graph)),
        "members": stands_for(node),
    }  # fmt: skip
    _add_values(element, "node", values)
    graphics = etree.SubElement(element, f"{{{GRAPHML}}}data", {"key": "graphics"})
    shape = etree.SubElement(graphics, f"{{{YFILES}}}ShapeNode")
    _add_geometry(shape, grounds[node.id])
    etree.SubElement(shape, f"{{{YFILES}}}BorderStyle", {"color": colour, "type": "line", "width": "2.0"})
    etree.SubElement(shape, f"{{{YFILES}}}NodeLabel").text = caption(node, graph)
    etree.SubElement(shape, f"{{{YFILES}}}Shape", {"type": "rectangle"})


def _add_box(
    parent: etree._Element, box: Container, graph: Graph, area: Area, grounds: Mapping[str, Box]
) -> etree._Element:
    """Returns the graph inside the box."""
    element = etree.SubElement(parent, f"{{{GRAPHML}}}node", {"id": node_id(box.id), "yfiles.foldertype": "group"})
    details = "; ".join(f"{name}: {value}" for name, value in rows_of(box, graph))
    values = {"label": plain(box.name), "kind": box.kind, "provider": plain(box.provider), "details": details}
    _add_values(element, "node", {**values, "x": area.x * TILE, "y": area.y * TILE})
    graphics = etree.SubElement(element, f"{{{GRAPHML}}}data", {"key": "graphics"})
    bounds = etree.SubElement(graphics, f"{{{YFILES}}}ProxyAutoBoundsNode")
    realizers = etree.SubElement(bounds, f"{{{YFILES}}}Realizers", {"active": "0"})
    group = etree.SubElement(realizers, f"{{{YFILES}}}GroupNode")
    _add_geometry(group, grounds[box.id])
    etree.SubElement(group, f"{{{YFILES}}}NodeLabel", {"modelName": "internal", "modelPosition": "t"}).text = plain(
        box.name
    )
    return etree.SubElement(element, f"{{{GRAPHML}}}graph", {"id": f"{node_id(box.id)}_", "edgedefault": "directed"})


def _add_geometry(parent: etree._Element, ground: Box) -> None:
    names = {"x": ground.x, "y": ground.y, "width": ground.width, "height": ground.height}
    etree.SubElement(parent, f"{{{YFILES}}}Geometry", {name: f"{value:g}" for name, value in names.items()})


def _add_edge(parent: etree._Element, number: int, edge: Edge) -> None:
    ends = {"id": f"e{number}", "source": node_id(edge.source), "target": node_id(edge.target)}
    element = etree.SubElement(parent, f"{{{GRAPHML}}}edge", ends)
    values = {"label": line_caption(edge), "kind": edge.kind, "provenance": edge.provenance, "count": edge.count}
    _add_values(element, "edge", {**values, "crossing": edge.crossing, "details": plain(edge_words(edge))})


def _add_values(element: etree._Element, target: str, values: Mapping[str, object]) -> None:
    for name, value in values.items():
        if value != "":
            data = etree.SubElement(element, f"{{{GRAPHML}}}data", {"key": f"{target}_{name}"})
            data.text = str(value)
