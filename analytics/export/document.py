"""JSON: the whole model, for programs that want to ask it something."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import orjson

from ..model.graph import Container, Edge, Node, tally
from ..model.grid import Area, Grid, Place, Route
from .wording import node_id, plain


def to_json(grid: Grid) -> str:
    """``grid`` as one JSON object; places in tiles on the ground, ``x`` along columns."""
    graph = grid.graph
    document = {
        "type": graph.type,
        "title": plain(graph.title),
        "scope": plain(graph.scope),
        "as_of": plain(graph.as_of),
        "oldest": plain(graph.oldest),
        "counts": asdict(tally(graph)),
        "nodes": [_node(node, place) for node, place in zip(graph.nodes, grid.places, strict=True)],
        "containers": [_container(box, area) for box, area in zip(graph.containers, grid.areas, strict=True)],
        "quantities": [
            {"key": plain(one.key), "title": plain(one.title), "unit": plain(one.unit)} for one in graph.quantities
        ],
        "totals": [
            {"quantity": plain(one.quantity), "system": plain(one.system), "value": one.value, "things": one.things}
            for one in graph.totals
        ],
        "edges": [_edge(edge, route) for edge, route in zip(graph.edges, grid.routes, strict=True)],
        "omissions": [
            {
                "kind": left.kind,
                "what": plain(left.what),
                "count": left.count,
                "reason": plain(left.reason),
                "ids": list(map(plain, left.ids)),
                "names": list(map(plain, left.names)),
            }
            for left in graph.omissions
        ],
        "findings": [
            {
                "code": found.code,
                "text": plain(found.text),
                "tone": found.tone,
                "nodes": list(map(node_id, found.nodes)),
            }
            for found in graph.findings
        ],
    }
    return orjson.dumps(document, option=orjson.OPT_INDENT_2).decode()


def _node(node: Node, place: Place) -> dict[str, Any]:
    return {
        "id": node_id(node.id),
        "source": plain(node.source),
        "name": plain(node.name),
        "kind": node.kind,
        "family": plain(node.family),
        "provider": plain(node.provider),
        "parent": node_id(node.parent) if node.parent else None,
        "count": node.count,
        "servers": node.quantity,
        "size": node.size,
        "entry": node.root,
        "attributes": _rows(node),
        "badges": [{"text": plain(badge.words), "tone": badge.tone} for badge in node.badges],
        "members": list(map(plain, node.members)),
        "systems": list(map(plain, node.systems)),
        "datacenters": list(map(plain, node.datacenters)),
        "links": [{"text": plain(link.text), "url": plain(link.url)} for link in node.links],
        "measures": _measures(node),
        "place": {"x": place.x, "y": place.y, "width": place.width, "depth": place.depth},
    }


def _container(box: Container, area: Area) -> dict[str, Any]:
    return {
        "id": node_id(box.id),
        "name": plain(box.name),
        "kind": box.kind,
        "provider": plain(box.provider),
        "parent": node_id(box.parent) if box.parent else None,
        "figures": {plain(row.name): plain(row.value) for row in box.rollups},
        "attributes": _rows(box),
        "measures": _measures(box),
        "place": {"x": area.x, "y": area.y, "width": area.width, "depth": area.depth},
    }


def _measures(thing: Node | Container | Edge) -> dict[str, float]:
    return {plain(measure.quantity): measure.value for measure in thing.measures}


def _rows(thing: Node | Container | Edge) -> list[dict[str, str]]:
    return [{"name": plain(row.name), "value": plain(row.value)} for row in thing.attributes if row.value]


def _edge(edge: Edge, route: Route) -> dict[str, Any]:
    return {
        "source": node_id(edge.source),
        "target": node_id(edge.target),
        "kind": edge.kind,
        "label": plain(edge.label),
        "provenance": edge.provenance,
        "count": edge.count,
        "crossing": edge.crossing,
        "back": edge.back,
        "attributes": _rows(edge),
        "measures": _measures(edge),
        "points": route.points,
    }
