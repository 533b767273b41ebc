"""Small grids built by hand: graphs placed by plain arithmetic, routes through the gaps."""

from __future__ import annotations

from collections.abc import Sequence

from analytics.model.graph import UNCOUNTED, Attribute, Badge, Container, Edge, Finding, Graph, Node, Omission
from analytics.model.grid import Area, Grid, Place, Route

PITCH = 1.6
DATACENTER_ROLLUPS = (Attribute("servers", "18"), Attribute("vCPU", "72"))
PUBLIC = Badge("i", "public", "info")


def hex_id(number: int) -> str:
    """An object id."""
    return f"{number:024x}"


def placed(graph: Graph, columns: int = 4, spacing: float = PITCH) -> Grid:
    """``graph`` in lines of ``columns``; each edge leaves on the right, runs in the gap and enters from the left."""
    places = tuple(
        Place(node.id, number % columns, number // columns, number % columns * spacing, number // columns * spacing)
        for number, node in enumerate(graph.nodes)
    )
    by_node = {place.node: place for place in places}
    routes = []
    for number, edge in enumerate(graph.edges):
        if edge.source == edge.target:
            routes.append(Route(number))
            continue
        start, end = by_node[edge.source], by_node[edge.target]
        shift = 0.2 + 0.6 * (number % 7) / 7
        lane = start.x + 1 + 0.1 + (spacing - 1.2) * (number % 5) / 5
        gap = end.y - 0.1 - (spacing - 1.2) * (number % 4) / 4
        points = (
            (start.x + 1, start.y + shift),
            (lane, start.y + shift),
            (lane, gap),
            (end.x + shift, gap),
            (end.x + shift, end.y),
        )
        routes.append(Route(number, points))
    rows = -(-len(places) // columns)
    return Grid(graph, places, (), tuple(routes), columns, rows, columns * spacing, max(1, rows) * spacing)


def of_nodes(nodes: Sequence[Node], edges: Sequence[Edge] = (), *, title: str = "Shop", scope: str = "") -> Grid:
    """A business graph of ``nodes``."""
    found = sum(node.count for node in nodes if node.kind not in UNCOUNTED)
    return placed(Graph("business", title, tuple(nodes), tuple(edges), scope=scope, found=found))


def shop() -> Grid:
    """Five applications and everything edges can be: merged, back, inferred, crossing, to itself."""
    nodes = (
        Node(hex_id(1), "Storefront", provider="AWS", root=True, quantity=3, size="large"),
        Node(
            hex_id(2),
            "Orders",
            provider="AWS + Azure",
            quantity=37,
            size="2xlarge",
            attributes=(Attribute("env", "Production"), Attribute("dc", "us-east-1"), Attribute("Language", "Go")),
        ),
        Node(hex_id(3), "orders-db", family="Database", provider="Azure", size="4xlarge", quantity=2),
        Node(hex_id(4), "sessions", family="Cache", provider="Google CloudEngine", quantity=4),
        Node(hex_id(5), "Payments of somebody else", kind="ghost"),
    )
    edges = (
        Edge(hex_id(1), hex_id(2), label="rest", count=3),
        Edge(hex_id(2), hex_id(3), label="tcp 5432"),
        Edge(hex_id(2), hex_id(4), crossing="zone"),
        Edge(hex_id(2), hex_id(5), label="grpc", provenance="inferred"),
        Edge(hex_id(4), hex_id(1), back=True),
        Edge(hex_id(2), hex_id(2), label="retry"),
    )
    graph = Graph(
        "business",
        "Shop",
        nodes,
        edges,
        omissions=(Omission("omitted", "applications", 2, "deeper than the limit of 40"),),
        findings=(Finding("one-zone", "Orders stands in one zone only", "warn", (hex_id(2),)),),
        scope="system Shop",
        as_of="2026-01-31",
        found=6,
    )
    return placed(graph)


def nested() -> Grid:
    """A datacenter, a region and two zones with servers, and the Internet outside."""
    containers = (
        Container(
            "dc", "AWS production account", "datacenter", rollups=(Attribute("servers", "18"), Attribute("vCPU", "72"))
        ),
        Container("rg", "us-east-1 (N. Virginia)", "region", "dc"),
        Container("za", "us-east-1a", "zone", "rg", rollups=(Attribute("servers", "14"),)),
        Container("zb", "us-east-1b", "zone", "rg", rollups=(Attribute("servers", "4"),)),
    )
    badge = Badge("E", "exposed: tcp 22", "bad")
    nodes = (
        Node("s1", "ip-10-0-12-7.ec2.internal", "server", "", "AWS", "za", size="medium", badges=(badge,)),
        Node("s2", "web ×13", "server-group", "", "AWS", "za", count=13, size="small"),
        Node("s3", "balancer", family="Loadbalance", provider="AWS", parent="zb"),
        Node(
            "s4",
            "orders",
            "server-group",
            "",
            "AWS",
            "zb",
            count=3,
            badges=(PUBLIC, badge, badge),
        ),
        Node("net", "Internet", "internet", ""),
    )
    edges = (
        Edge("net", "s3", "ingress", "tcp 443", crossing="datacenter"),
        Edge("s3", "s4", "lb"),
        Edge("s3", "s2", "lb", count=13, crossing="zone"),
        Edge("za", "zb", "peering", provenance="inferred"),
    )
    places = (
        Place("s1", 1, 0, 2.7, 1.6),
        Place("s2", 2, 0, 4.2, 1.6),
        Place("s3", 1, 1, 2.7, 4.0),
        Place("s4", 2, 1, 4.2, 4.0),
        Place("net", 0, 1, 0.0, 4.0),
    )
    areas = (
        Area("dc", 2.0, 0.0, 3.8, 5.6, 0.45, 0),
        Area("rg", 2.2, 0.5, 3.4, 4.9, 0.4, 1),
        Area("za", 2.4, 1.0, 3.05, 1.8, 0.4, 2),
        Area("zb", 2.4, 3.4, 3.05, 1.8, 0.4, 2),
    )
    routes = (
        Route(0, ((1.0, 4.5), (2.7, 4.5))),
        Route(1, ((3.7, 4.5), (4.2, 4.5))),
        Route(2, ((3.4, 4.0), (3.4, 3.1), (4.7, 3.1), (4.7, 2.6))),
        Route(3, ((5.2, 2.8), (5.2, 3.4))),
    )
    graph = Graph("infra", "Production", nodes, edges, containers, scope="datacenter AWS", found=18)
    return Grid(graph, places, areas, routes, 3, 2, 5.8, 5.6)
