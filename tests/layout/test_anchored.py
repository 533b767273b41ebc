"""What stays of an earlier picture keeps its place, and nothing lies on anything for that."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.drawing import render
from analytics.export.document import to_json
from analytics.export.earlier import anchor_in, is_picture
from analytics.layout import keep_places, lay_out
from analytics.model.anchor import Anchor, anchor_of, kept_places
from analytics.model.graph import Container, Edge, Graph, Node
from analytics.model.grid import Grid
from devtool.bench.anchors import edited, overviews
from devtool.bench.differences import sample
from tests.layout.test_containers import faults, nested_graphs

BOXES = (
    Container("dc", "East", "datacenter"),
    Container("a", "Zone a", "zone", "dc"),
    Container("b", "Zone b", "zone", "dc"),
)


def estate(servers: int = 8, *, calls: bool = True) -> Graph:
    nodes = tuple(Node(f"s{number:02}", f"server-{number}", parent="ab"[number % 2]) for number in range(servers))
    edges = tuple(Edge(f"s{one:02}", f"s{one + 1:02}", label="rest") for one in range(servers - 1)) if calls else ()
    return Graph("infra", "", nodes, edges, BOXES, found=servers)


def shop(size: int = 12) -> Graph:
    nodes = tuple(Node(f"n{number:02}", f"App {number}", root=number == 0) for number in range(size))
    edges = tuple(Edge(f"n{(number - 1) // 2:02}", f"n{number:02}") for number in range(1, size))
    return Graph("business", "", nodes, edges, found=size)


def corners(grid: Grid) -> dict[str, tuple[float, float]]:
    return {place.node: (place.x, place.y) for place in grid.places}


@settings(max_examples=6, deadline=None)
@given(graph=nested_graphs(), projection=st.sampled_from(["isometric", "flat"]))
def test_the_same_graph_is_the_same_picture(graph: Graph, projection: str) -> None:
    grid = lay_out(graph, "fast", projection)
    assert keep_places(grid, anchor_of(grid)) == grid


@settings(max_examples=10, deadline=None)
@given(graph=nested_graphs(), projection=st.sampled_from(["isometric", "flat"]), data=st.data())
def test_what_is_new_disturbs_nothing(graph: Graph, projection: str, data: Any) -> None:
    gone = data.draw(st.sets(st.sampled_from(sorted(node.id for node in graph.nodes)), max_size=len(graph.nodes) - 1))
    before = replace(
        graph,
        nodes=tuple(node for node in graph.nodes if node.id not in gone),
        edges=tuple(edge for edge in graph.edges if not gone & {edge.source, edge.target}),
    )
    anchor = anchor_of(lay_out(before, "fast", projection))
    found = keep_places(lay_out(graph, "fast", projection), anchor)
    assert not any(faults(found).values())
    for left in found.places:
        for right in found.places:
            if left.node < right.node:
                beside = left.x + left.width <= right.x + 1e-6 or right.x + right.width <= left.x + 1e-6
                below = left.y + left.depth <= right.y + 1e-6 or right.y + right.depth <= left.y + 1e-6
                assert beside or below, (left, right)


@pytest.mark.parametrize("projection", ["isometric", "flat"])
def test_a_new_node_leaves_every_other_where_it_stood(projection: str) -> None:
    before = lay_out(shop(12), "standard", projection)
    found = keep_places(lay_out(shop(13), "standard", projection), anchor_of(before))
    old, new = corners(before), corners(found)
    steps = {(round(new[key][0] - x, 6), round(new[key][1] - y, 6)) for key, (x, y) in old.items()}
    assert len(steps) == 1
    assert kept_places(found, anchor_of(before)) == (12, 12)


def test_a_new_server_stands_in_its_box_and_the_box_holds_it() -> None:
    before = lay_out(estate(8, calls=False), "standard", "flat")
    found = keep_places(lay_out(estate(9, calls=False), "standard", "flat"), anchor_of(before))
    place = next(place for place in found.places if place.node == "s08")
    area = next(area for area in found.areas if area.container == "a")
    assert area.x < place.x < place.x + place.width < area.x + area.width
    assert area.y + area.header < place.y < place.y + place.depth < area.y + area.depth
    assert kept_places(found, anchor_of(before))[0] >= 7


def test_what_moved_to_another_box_stands_there() -> None:
    before = lay_out(estate(8), "standard", "flat")
    graph = estate(8)
    moved = replace(graph, nodes=tuple(replace(one, parent="b") if one.id == "s00" else one for one in graph.nodes))
    found = keep_places(lay_out(moved, "standard", "flat"), anchor_of(before))
    assert not any(faults(found).values())
    assert kept_places(found, anchor_of(before))[0] >= 6


def test_a_fold_of_other_members_and_a_box_of_another_id_are_found_again() -> None:
    def graph(fold: str, members: tuple[str, ...], box: str) -> Graph:
        nodes = (Node(fold, "web-*", parent=box, members=members, count=len(members)), Node("db", "db", parent=box))
        other = Node("x", "x", parent="b")
        boxes = (Container(box, "Zone a", "zone"), Container("b", "Zone b", "zone"))
        return Graph("infra", "", (*nodes, other), (Edge(fold, "db"),), boxes)

    before = lay_out(graph("f1", ("1", "2", "3", "4"), "a"), "standard", "flat")
    after = keep_places(lay_out(graph("f2", ("1", "2", "3", "5"), "z"), "standard", "flat"), anchor_of(before))
    old, new = corners(before), corners(after)
    assert new["f2"] == old["f1"]
    assert (new["db"], new["x"]) == (old["db"], old["x"])


def test_a_picture_of_another_type_or_projection_is_no_anchor() -> None:
    fresh = lay_out(shop(), "fast", "flat")
    assert keep_places(fresh, None) is fresh
    assert keep_places(fresh, anchor_of(lay_out(shop(), "fast", "isometric"))) is fresh
    assert keep_places(fresh, anchor_of(lay_out(estate(), "fast", "flat"))) is fresh
    assert keep_places(fresh, Anchor()) is fresh


def test_where_keeping_places_costs_too_much_the_picture_is_new_and_says_so() -> None:
    fresh = lay_out(shop(9), "standard", "flat")
    stood = anchor_of(fresh)
    far = replace(stood, things=tuple(replace(one, x=one.x * 4) for one in stood.things), lines=())
    found = keep_places(fresh, far)
    assert found.places == fresh.places
    assert [one.code for one in found.graph.findings] == ["anchor"]
    assert "larger" in found.graph.findings[0].text
    sides = [(f"a{number}", f"b{number}") for number in range(9)]
    nodes = tuple(Node(name, name) for name in (*[one for one, _ in sides], *[other for _, other in sides], "r"))
    pairs = tuple(Edge(*pair, label=pair[1]) for pair in (*sides, *[("r", one) for one, _ in sides]))
    ladder = lay_out(Graph("business", "", nodes, pairs), "standard", "flat")
    stood = anchor_of(ladder)
    at = {place.node: place for place in ladder.places}
    depth = max(at[one].y for one, _ in sides)
    turned = tuple(
        replace(one, y=depth - one.y) if place.node.startswith("b") else one
        for one, place in zip(stood.things, ladder.places, strict=True)
    )
    found = keep_places(ladder, replace(stood, things=turned, lines=()))
    assert found.places == ladder.places
    assert "cross" in found.graph.findings[0].text


@pytest.mark.parametrize("projection", ["isometric", "flat"])
@pytest.mark.parametrize("graph", [shop(), estate()], ids=["shop", "estate"])
def test_places_are_read_back_from_a_picture(graph: Graph, projection: str) -> None:
    grid = lay_out(graph, "standard", projection)
    said, drawn = to_json(grid), render(grid)
    assert is_picture(said)
    assert is_picture(drawn)
    assert anchor_in(said) == anchor_of(grid)
    found = anchor_in(drawn)
    assert (found.type, found.projection) == (graph.type, projection)
    assert len(found.lines) == sum(1 for route in grid.routes if len(route.points) > 1)
    again = keep_places(grid, found)
    assert not [one for one in again.graph.findings if one.code == "anchor"]
    assert kept_places(again, anchor_of(grid)) == (len(graph.nodes), len(graph.nodes))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("<svg xmlns='http://www.w3.org/2000/svg'><desc>a flower</desc></svg>", "no picture"),
        ("<svg", "no SVG"),
        ('{"nodes": [], "containers": [], "edges": [], "place": 0, "points": 0}', "nothing stands"),
        ('{"nodes": [{"id": "n1"}], "containers": [], "edges": [], "place": 0, "points": 0}', "no graph"),
        ('{"nodes": [{"id":"n1","parent":null,"members":[],"place":{"x":1e9,"y":0,"width":1,"depth":1}}],'
         '"containers": [], "edges": [], "points": 0}', "no graph"),
    ],
)  # fmt: skip
def test_what_is_no_picture_says_so(text: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        anchor_in(text)


def test_an_inventory_is_no_picture() -> None:
    assert not is_picture('{"applications": []}')
    assert not is_picture("applications: []")


def test_a_vast_picture_is_searched_for_nothing() -> None:
    def vast(size: int) -> Graph:
        nodes = tuple(Node(f"n{number:04}", "x") for number in range(size))
        edges = (Edge("n0001", "n0002"), Edge("n0001", "n0002", kind="lb"), Edge("n0002", "n0001"))
        return Graph("business", "", nodes, edges, found=size)

    before = lay_out(vast(601), "fast", "flat")
    assert keep_places(before, anchor_of(before)) == before
    found = keep_places(lay_out(vast(602), "fast", "flat"), anchor_of(before))
    assert "more than 600 things" in found.graph.findings[0].text


def test_an_overview_keeps_its_cards() -> None:
    missed = [row for row in overviews(4).rows() if row.holds is False]
    assert not missed


def test_ten_edits_are_ten_edits() -> None:
    documents = sample()
    assert edited(documents, 1, 10) != documents
    assert edited(documents, 1, 10) == edited(documents, 1, 10)
