"""Nothing covers anything else: silhouettes stay in their tiles, labels stay off lines, tiles and each other."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations, pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.drawing import render
from analytics.drawing.connections import BESIDE, side_by_side
from analytics.drawing.edge_labels import Box, place_edge_labels
from analytics.drawing.nodes import name_lines, written_name
from analytics.drawing.projection import COS30, UNIT, to_screen
from analytics.drawing.solids import project
from analytics.drawing.symbols import FAMILIES, SYMBOLS, symbol_for
from analytics.drawing.symbols.kinds import KINDS
from analytics.drawing.symbols.racks import RACKS
from analytics.drawing.symbols.sizes import SIZES, size_scale
from analytics.drawing.tile import ANCHOR, FOOT, NAME_BASELINES, NAME_ROOM, NAME_SIZE, SMALL_NAME, TOP, ZONE
from analytics.drawing.type_metrics import ELLIPSIS, text_width
from analytics.model.graph import Edge, Node
from analytics.model.grid import Route
from tests.drawing import drawn_grids

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


def on_the_tile(key: str, scale: float) -> Iterator[Any]:
    """The outline of a symbol in ground pixels of its tile: where it is seen to lie."""
    anchor = to_screen(*ANCHOR)
    foot = project(*FOOT)
    for x, y in SYMBOLS[key].outline():
        sx = anchor[0] + (x - foot[0]) * scale * UNIT / 100
        sy = anchor[1] + (y - foot[1]) * scale * UNIT / 100
        across, down = sx / COS30, sy * 2
        yield (across + down) / 2, (down - across) / 2


@pytest.mark.parametrize("size", SIZES)
def test_no_symbol_is_seen_outside_its_zone_at_any_size(size: str) -> None:
    left, back, right, front = ZONE
    for key in SYMBOLS:
        for x, y in on_the_tile(key, size_scale(size)):
            assert left - 1e-6 <= x <= right + 1e-6, (key, x)
            assert back - 1e-6 <= y <= front + 1e-6, (key, y)


def test_the_zone_the_name_and_the_strips_share_no_ground() -> None:
    left, back, right, front = ZONE
    first_line = NAME_BASELINES[0] - 0.8 * NAME_SIZE
    assert 0 < left < right < TOP
    assert 0 < back < front < first_line
    assert NAME_BASELINES[1] + 0.25 * NAME_SIZE < TOP
    assert NAME_BASELINES[1] - NAME_BASELINES[0] >= NAME_SIZE


def test_every_family_has_its_own_symbol() -> None:
    assert {symbol.key for symbol in FAMILIES} == set(ALL_FAMILIES)
    outlines = {symbol.key: repr(symbol.parts) for symbol in (*FAMILIES, *KINDS)}
    assert len(set(outlines.values())) == len(outlines)


def test_an_unknown_family_gets_the_symbol_for_unknown_ones() -> None:
    assert symbol_for("application", "Blockchain") == "unknown"
    assert symbol_for("application", "database") == "Database"
    assert symbol_for("ghost", "Database") == "Database"
    assert symbol_for("ghost", "Application") == "ghost"


def test_servers_are_shown_one_by_one_up_to_nine() -> None:
    assert symbol_for("application", "Application", 4) == "Application-4"
    assert symbol_for("application", "Cache", 250) == "Cache-9"
    assert symbol_for("application", "Database", 4) == "Database"
    assert len(RACKS) == 18


@given(st.text(min_size=1, max_size=150))
@settings(max_examples=200, deadline=None)
def test_a_name_takes_at_most_two_lines_that_fit(name: str) -> None:
    lines, size = written_name(name)
    assert size in (NAME_SIZE, SMALL_NAME)
    assert 1 <= len(lines) <= 2
    assert all(text_width(line, size) <= NAME_ROOM + 1e-6 for line in lines)


@pytest.mark.parametrize(
    ("name", "lines"),
    [
        ("Orders", ("Orders",)),
        ("Client - Admin - ChatBot", ("Client - Admin -", "ChatBot")),
        ("ip-10-0-12-7.ec2.internal.example", ("ip-10-0-12-7.ec2.", "internal.example")),
    ],
)
def test_a_name_is_wrapped_before_it_is_shortened(name: str, lines: Any) -> None:
    assert name_lines(name) == lines


def test_a_long_name_is_written_smaller_before_it_is_shortened() -> None:
    assert written_name("chatbot-admin-0051b54f11602ccc4") == (("chatbot-admin-", "0051b54f11602ccc4"), NAME_SIZE)
    name = "backend-chatbot-admin-0051b54f11602ccc4-1"
    assert written_name(name) == (("backend-chatbot-admin-", "0051b54f11602ccc4-1"), SMALL_NAME)
    assert SMALL_NAME * 0.75 >= 9, "points at 100 %"


def test_a_name_that_does_not_fit_is_shortened_in_the_middle() -> None:
    lines = name_lines("the-first-part-of-a-very-long-name-" + "x" * 60 + "-and-its-end")
    assert ELLIPSIS in lines[1]
    assert lines[0].startswith("the-first")
    assert lines[1].endswith("its-end")


def test_shortened_names_are_whole_in_the_tooltip_and_the_hint() -> None:
    name = "the first part of a name " + "that goes on and on " * 5 + "and ends here"
    svg = render(drawn_grids.of_nodes([Node("a", name)]))
    assert f"<title>{name}</title>" in svg
    assert f'<tspan class="name">{name}</tspan>' in svg


def crowded(size: int = 40) -> Any:
    nodes = [Node(drawn_grids.hex_id(number), f"node {number}") for number in range(size)]
    edges = [
        Edge(nodes[number].id, nodes[(number * 7 + step) % size].id, label=label)
        for number in range(size)
        for step, label in ((3, "rest"), (11, "tcp 443"))
        if (number * 7 + step) % size != number
    ]
    return drawn_grids.of_nodes(nodes, edges)


def test_an_edge_label_meets_no_tile_no_other_line_and_no_other_label() -> None:
    grid = crowded()
    labels = place_edge_labels(grid)
    assert len(labels) > 5
    for label in labels:
        assert grid.graph.edges[label.edge].label == label.text
        for place in grid.places:
            assert not label.box.meets(Box(place.x, place.y, place.x + 1, place.y + 1))
        for route in grid.routes:
            if route.edge == label.edge:
                continue
            for (ax, ay), (bx, by) in pairwise(route.points):
                line = Box(min(ax, bx) - 1e-6, min(ay, by) - 1e-6, max(ax, bx) + 1e-6, max(ay, by) + 1e-6)
                assert not label.box.meets(line)
    for one, other in combinations(labels, 2):
        assert not one.box.meets(other.box)


def test_an_edge_label_lies_on_its_own_line() -> None:
    grid = crowded()
    for label in place_edge_labels(grid):
        points = grid.routes[label.edge].points
        x, y = label.centre
        assert any(
            min(ax, bx) - 1e-9 <= x <= max(ax, bx) + 1e-9 and min(ay, by) - 1e-9 <= y <= max(ay, by) + 1e-9
            for (ax, ay), (bx, by) in pairwise(points)
        )


def test_a_line_too_short_for_its_label_keeps_it_in_its_text_only() -> None:
    nodes = [Node("a", "A"), Node("b", "B")]
    grid = drawn_grids.of_nodes(nodes, [Edge("a", "b", label="a label longer than any gap between two tiles")])
    svg = render(grid)
    assert svg.count("a label longer than any gap between two tiles") == 1


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
