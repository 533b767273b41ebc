"""Nothing covers anything else: silhouettes stay in their tiles, labels stay off lines, tiles and each other."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations, pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from analytics.drawing import render
from analytics.drawing.card import SYMBOL_AT, SYMBOL_ROOM
from analytics.drawing.connections import BESIDE, side_by_side
from analytics.drawing.edge_labels import Box, place_edge_labels
from analytics.drawing.ink import Crossings, Way, line_path, screen_step, trunk_inks, trunk_width
from analytics.drawing.looks import marks_of
from analytics.drawing.projection import ABOVE, ISOMETRIC
from analytics.drawing.symbols import FAMILIES, symbol_for
from analytics.drawing.symbols.kinds import KINDS
from analytics.layout import lay_out
from analytics.lettering.cards import (
    CARD_DEPTH,
    CARD_LADDER,
    TEXT_LEFT,
    TEXT_RIGHT,
    TILE_LADDER,
    card_name,
    tile_name,
    tile_room,
)
from analytics.lettering.names import LEADING
from analytics.lettering.type_metrics import ELLIPSIS, text_width
from analytics.model.graph import Badge, Edge, Graph, Node
from analytics.model.grid import Route
from tests.drawing import drawn_grids

SVG = "{http://www.w3.org/2000/svg}"

ALL_FAMILIES = [
    "Application",
    "Loadbalance",
    "Broker",
    "Database",
    "Serverless",
    "ApiGateway",
    "ContainerOrchestration",
    "ServiceMesh",
    "Cache",
    "CDN",
    "ObjectStorage",
    "Monitor",
    "Logs",
    "SMTP",
    "ServiceDiscovery",
    "VPN",
    "CI/CD",
    "DNS",
    "Repository",
    "Auth",
    "NAS",
    "AutoScaling",
    "AutoScalingPlan",
    "ServerlessLayer",
    "MachineLearning",
    "Corporate",
]


def test_every_family_has_its_own_symbol() -> None:
    assert {symbol.key for symbol in FAMILIES} == set(ALL_FAMILIES)
    outlines = {symbol.key: repr(symbol.parts) for symbol in (*FAMILIES, *KINDS)}
    assert len(set(outlines.values())) == len(outlines)


def test_an_unknown_family_gets_the_symbol_for_unknown_ones() -> None:
    assert symbol_for("application", "Blockchain") == "unknown"
    assert symbol_for("application", "database") == "Database"
    assert symbol_for("ghost", "Database") == "Database"
    assert symbol_for("ghost", "Application") == "ghost"


def test_an_application_with_servers_shows_what_it_is_and_how_many_it_has() -> None:
    nodes = [Node("a", "A", quantity=4), Node("c", "C", family="Cache", quantity=250)]
    root = etree.fromstring(render(drawn_grids.of_nodes(nodes)).encode())
    used = {use.get("{http://www.w3.org/1999/xlink}href") for use in root.iter(f"{SVG}use")}
    assert {"#am-s-Application", "#am-s-Cache"} <= used
    said = [text.text for text in root.iter(f"{SVG}text")]
    assert "×4" in " ".join(filter(None, said))
    assert "×250" in " ".join(filter(None, said))


WIDTHS = (150.0, 172.5, 210.0)


@given(st.text(min_size=1, max_size=60), st.sampled_from(WIDTHS))
@settings(max_examples=200, deadline=None)
def test_a_name_on_a_card_is_whole_and_its_lines_fit(name: str, width: Any) -> None:
    written = card_name(name, width)
    assert all(text_width(line, written.size) <= width - TEXT_LEFT - TEXT_RIGHT + 1e-6 for line in written.lines)
    assert written.size * LEADING * len(written.lines) + 13 < CARD_DEPTH, "the facts have room below"
    if name.isascii() and name.isprintable():
        assert not written.cut or ELLIPSIS in name


@given(st.text(min_size=1, max_size=60))
@settings(max_examples=200, deadline=None)
def test_a_name_on_a_tile_is_whole_and_its_lines_stay_between_the_front_edges(name: str) -> None:
    written = tile_name(name)
    count = len(written.lines)
    for number, line in enumerate(written.lines):
        assert text_width(line, written.size) <= tile_room(written.size, number, count) + 1e-6


@pytest.mark.parametrize(
    ("name", "lines"),
    [
        ("Orders", ("Orders",)),
        ("recommendation-service", ("recommendation-", "service")),
        ("Client - Admin - ChatBot", ("Client - Admin -", "ChatBot")),
        ("Queues - Audit", ("Queues -", "Audit")),
    ],
)
def test_a_name_is_broken_at_its_word_parts(name: str, lines: Any) -> None:
    assert card_name(name, 172.5).lines == lines


def test_a_long_name_is_written_smaller_and_never_cut() -> None:
    name = "backend-chatbot-admin-0051b54f11602ccc4-1"
    for written in (card_name(name, 172.5), tile_name(name)):
        assert "".join(written.lines) == name
        assert written.size >= 9


def test_a_short_name_has_the_largest_type() -> None:
    assert card_name("Orders", 172.5).size == CARD_LADDER[0].size
    assert tile_name("Orders").size == TILE_LADDER[0].size


def test_what_no_type_can_hold_loses_its_middle_and_is_whole_in_the_tooltip_and_the_hint() -> None:
    name = "the first part of a name " + "that goes on and on " * 5 + "and ends here"
    svg = render(drawn_grids.of_nodes([Node("a", name)]))
    assert f'<tspan class="name">{name}</tspan>' in svg
    long = "x" * 150
    assert f"<title>{long}</title>" in render(drawn_grids.of_nodes([Node("a", long)]))


@pytest.mark.parametrize("projection", ["flat", "isometric"])
def test_names_stand_upright_on_the_screen(projection: Any) -> None:
    grid = lay_out(drawn_grids.shop().graph, "fast", projection)
    root = etree.fromstring(render(grid).encode())
    names = [text for text in root.iter(f"{SVG}text") if "am-l" in (text.get("class") or "").split()]
    assert {text.text for text in names} >= {"Storefront", "Orders", "sessions"}
    for text in names:
        around = text.getparent()
        while around is not None:
            assert not (around.get("transform") or "").startswith("matrix")
            around = around.getparent()


def test_a_symbol_and_a_name_share_no_ground_of_a_card() -> None:
    assert SYMBOL_AT + SYMBOL_ROOM[0] / 2 < TEXT_LEFT
    assert SYMBOL_ROOM[1] < CARD_DEPTH


def test_the_last_badge_says_how_many_more_there_are() -> None:
    badges = tuple(Badge("!", f"finding {number}", "warn") for number in range(7))
    assert [glyph for glyph, _ in marks_of(badges)] == ["!", "!", "!", "+4"]


def crowded(size: int = 40) -> Any:
    nodes = [Node(drawn_grids.hex_id(number), f"node {number}") for number in range(size)]
    edges = [
        Edge(nodes[number].id, nodes[(number * 7 + step) % size].id, label=label)
        for number in range(size)
        for step, label in ((3, "rest"), (11, "tcp 443"))
        if (number * 7 + step) % size != number
    ]
    return drawn_grids.of_nodes(nodes, edges)


def worded(size: int = 40) -> Any:
    """A crowded graph, laid out, with the words that the layout left room for."""
    return lay_out(crowded(size).graph, "fast", "flat")


def test_words_of_lines_meet_no_tile_no_foreign_line_and_no_other_words() -> None:
    grid = worded(24)
    labels = place_edge_labels(grid)
    assert len(labels) > 5
    for label in labels:
        own = grid.routes[label.edge]
        assert label.text == own.words
        for place in grid.places:
            assert not label.box.meets(Box(place.x, place.y, place.x + place.width, place.y + place.depth))
        for route in grid.routes:
            if route.edge == label.edge or (own.trunk and route.trunk == own.trunk) or route.points == own.points[::-1]:
                continue
            for (ax, ay), (bx, by) in pairwise(route.points):
                line = Box(min(ax, bx) - 1e-6, min(ay, by) - 1e-6, max(ax, bx) + 1e-6, max(ay, by) + 1e-6)
                assert not label.box.meets(line)
    for one, other in combinations(labels, 2):
        assert not one.box.meets(other.box)


def test_what_one_line_of_a_trunk_says_does_not_stand_where_others_run_as_well() -> None:
    nodes = tuple(Node(name, name) for name in "abcdz")
    words = {"a": "rest", "b": "amqp", "c": "grpc", "d": "tcp 443"}
    edges = tuple(Edge(source, "z", label=label) for source, label in words.items())
    grid = lay_out(Graph("business", "", nodes, edges), "fast", "flat")
    assert len({route.trunk for route in grid.routes}) == 1
    labels = place_edge_labels(grid)
    assert sorted(label.text for label in labels) == sorted(words.values())
    for label in labels:
        for route in grid.routes:
            if route.edge != label.edge:
                for (ax, ay), (bx, by) in pairwise(route.points):
                    assert not label.box.meets(Box(min(ax, bx), min(ay, by) - 1e-6, max(ax, bx), max(ay, by) + 1e-6))


def test_a_trunk_whose_lines_say_the_same_says_it_once_with_the_sum() -> None:
    nodes = tuple(Node(name, name) for name in "abcz")
    edges = tuple(Edge(source, "z", label="rest", count=2) for source in "abc")
    grid = lay_out(
        Graph("business", "", (*nodes, Node("y", "y")), (*edges, Edge("z", "y", label="amqp"))), "fast", "flat"
    )
    assert sorted(label.text for label in place_edge_labels(grid)) == ["amqp", "rest ×6"]


def test_both_words_of_a_line_that_runs_both_ways_are_drawn() -> None:
    nodes = (Node("a", "a"), Node("b", "b"))
    edges = (Edge("a", "b", label="rest /orders"), Edge("b", "a", label="amqp order.created"))
    for projection in ("flat", "isometric"):
        grid = lay_out(Graph("business", "", nodes, edges), "fast", projection)
        assert [label.text for label in place_edge_labels(grid)] == ["rest /orders / amqp order.created"]


def test_one_word_on_all_lines_stands_in_the_legend_and_on_none() -> None:
    nodes = tuple(Node(name, name) for name in "abcd")
    grid = lay_out(Graph("business", "", nodes, tuple(Edge("a", name, label="rest") for name in "bcd")), "fast")
    assert grid.common_word == "rest"
    assert place_edge_labels(grid) == []
    assert "depends on: rest (3)" in render(grid)


def test_words_that_find_no_room_are_counted_in_the_frame() -> None:
    nodes = [Node("a", "A"), Node("b", "B")]
    edge = Edge("a", "b", label="words longer than any gap between two tiles that stand close")
    grid = drawn_grids.of_nodes(nodes, [edge])
    grid = replace(grid, routes=(replace(grid.routes[0], points=((1.0, 0.5), (1.6, 0.5)), words=edge.label),))
    assert "the words of 1 line only in the lines&#39; hints" in render(grid)


def test_corners_are_rounded_and_a_single_crossing_leaves_a_gap() -> None:
    lying = Way("one", ((0.0, 0.0), (2.0, 0.0), (2.0, 1.0)))
    standing = Way("other", ((1.0, -1.0), (1.0, 1.0)))
    step = screen_step(ABOVE, (0.0, 0.0))
    crossings = Crossings([lying, standing])
    path = line_path(lying, step, crossings)
    assert path.count("M") == 2
    assert path.count("Q") == 1
    assert line_path(standing, step, crossings).count("M") == 1, "the standing line runs through"
    mates = Crossings([lying, Way("one", standing.points)])
    assert line_path(lying, step, mates).count("M") == 1, "lines of one trunk do not part for each other"


def test_where_lines_of_a_trunk_run_together_the_stroke_is_wider() -> None:
    ways = [
        Way("trunk", ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (2.0, 1.0))),
        Way("trunk", ((0.0, 2.0), (1.0, 2.0), (1.0, 1.0), (2.0, 1.0))),
        Way("alone", ((0.0, 3.0), (2.0, 3.0))),
    ]
    inks = trunk_inks(ways, screen_step(ISOMETRIC, (0.0, 0.0)), Crossings(ways))
    assert [(ink.owner, ink.width) for ink in inks] == [("trunk", trunk_width(2))]
    assert trunk_width(2) < trunk_width(8) < trunk_width(64) == trunk_width(500)


def test_lines_of_two_kinds_on_one_way_run_beside_each_other_and_there_and_back_is_one() -> None:
    there, back, rule = Edge("a", "b"), Edge("b", "a"), Edge("a", "b", "ingress", "tcp 443")
    way = ((1.0, 0.5), (1.2, 0.5), (1.2, 2.5), (2.0, 2.5))
    routes = [Route(0, way), Route(1, way[::-1]), Route(2, way)]
    plain = side_by_side([there, back], routes[:2])
    assert plain == {0: way, 1: way[::-1]}
    drawn = side_by_side([there, back, rule], routes)
    assert list(drawn[0]) == list(drawn[1])[::-1]
    for (ax, ay), (bx, by) in zip(drawn[0], drawn[2], strict=True):
        assert max(abs(ax - bx), abs(ay - by)) == pytest.approx(BESIDE)
    for points in drawn.values():
        assert all(ax == pytest.approx(bx) or ay == pytest.approx(by) for (ax, ay), (bx, by) in pairwise(points))


@pytest.mark.parametrize("gather", [False, True])
def test_every_stretch_on_which_lines_of_a_trunk_run_together_is_drawn_in_its_width(gather: bool) -> None:
    """Five lines leave by one port (or reach one): on their bar one fewer runs from branch to branch."""
    branches = [(0.0, 0.0), (1.0, 0.0)]
    ways = [((*branches, (1.0, float(n)), (2.0, float(n)))) for n in range(1, 6)]
    inks = trunk_inks(
        [Way("trunk", way[::-1] if gather else way) for way in ways], lambda point: f"{point[0]:g},{point[1]:g}", None
    )
    stretches = {ink.width: ink.data for ink in inks}
    for count, top in ((4, 1), (3, 2)):  # neither at the bar's beginning nor where the last branch leaves it
        one, other = f"1,{top}", f"1,{top + 1}"
        piece = f"M{other}L{one}" if gather else f"M{one}L{other}"
        assert stretches[trunk_width(count)].count(piece) == 1
    assert len(stretches) == 4, "a width for five, four, three and two lines"
