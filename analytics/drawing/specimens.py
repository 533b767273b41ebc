"""Grids to look at: every symbol on one sheet, and one of each kind of element to warm up with."""

from __future__ import annotations

from typing import cast, get_args

from ..model.graph import UNCOUNTED, Badge, Container, Edge, Graph, Node
from ..model.grid import Area, Grid, Place, Route
from ..model.kinds import NodeKind
from .symbols import FAMILIES
from .symbols.kinds import KINDS
from .symbols.sizes import SIZES


def sheet(projection: str = "isometric") -> Grid:
    """A grid without edges that shows every symbol, every size class, quantities and marks."""
    providers = ("AWS", "Azure", "Google CloudEngine", "Digital Ocean", "OpenStack", "Linode", "Heroku", "premise")
    nodes = [
        Node(f"family-{number}", symbol.title, family=symbol.key, provider=providers[number % len(providers)])
        for number, symbol in enumerate(FAMILIES)
    ]
    for number, symbol in enumerate(KINDS):
        family = "" if symbol.key in get_args(NodeKind) else symbol.title
        kind: NodeKind = cast(NodeKind, symbol.key) if not family else "gateway"
        if symbol.key == "unknown":
            kind, family = "application", "a family of tomorrow"
        nodes.append(
            Node(
                f"kind-{symbol.key}",
                symbol.title,
                kind=kind,
                family=family,
                provider=providers[number % len(providers)],
            )
        )
    nodes += [
        Node(f"size-{size}", f"Server, {size}", kind="server", family="", provider="OVH", size=size) for size in SIZES
    ]
    nodes += [
        Node(f"servers-{count}", f"{count} servers", provider="AWS", quantity=count, size="large")
        for count in (1, 2, 3, 4, 6, 9, 37)
    ]
    nodes += [
        Node(f"caches-{count}", f"Cache on {count} servers", family="Cache", provider="Rackspace", quantity=count)
        for count in (1, 4, 9, 12)
    ]
    nodes += [
        Node("entry", "Entry of the graph", provider="GoDaddy", root=True),
        Node("two-providers", "Two providers", family="Database", provider="AWS + Azure", quantity=4),
        Node("ghost-database", "A database nobody knows", kind="ghost", family="Database"),
        Node(
            "badges",
            "Badges",
            kind="server",
            family="",
            provider="Linode",
            badges=(
                Badge("E", "exposed", "bad"),
                Badge("!", "one zone only", "warn"),
                Badge("i", "public address", "info"),
            ),
        ),
    ]
    columns = 8
    deep = 0.66 if projection == "flat" else 1.25
    extent = (1.15, 0.44) if projection == "flat" else (1.0, 1.0)
    across = extent[0] + 0.25
    places = tuple(
        Place(
            node.id, number % columns, number // columns, number % columns * across, number // columns * deep, *extent
        )
        for number, node in enumerate(nodes)
    )
    rows = -(-len(nodes) // columns)
    return Grid(
        Graph(
            "symbols",
            "Symbols",
            tuple(nodes),
            (),
            scope="every family, kind, size and mark",
            found=sum(node.count for node in nodes if node.kind not in UNCOUNTED),
        ),
        places=places,
        columns=columns,
        lines=rows,
        width=columns * across - 0.25,
        depth=rows * deep,
        projection=projection,
    )


def one_of_each(projection: str) -> Grid:
    """A small grid that uses each kind of element once."""
    graph = Graph(
        "business",
        "",
        nodes=(Node("a", "a", badges=(Badge("!", "", "warn"),), root=True, quantity=2), Node("b", "b", kind="ghost")),
        edges=(Edge("a", "b", label="rest"), Edge("a", "a")),
        containers=(Container("c", "c", "zone"),),
        found=1,
    )
    return Grid(
        graph,
        places=(Place("a", 0, 0, 0, 1), Place("b", 1, 0, 2, 1)),
        areas=(Area("c", 0, 0, 3, 2, header=0.3),),
        routes=(Route(0, ((1, 1.5), (2, 1.5)), words="rest"), Route(1)),
        width=3,
        depth=2,
        projection=projection,
    )
