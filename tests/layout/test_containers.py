"""Containers: children inside, siblings apart, lines through free ground and in by the border."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.layout import lay_out
from analytics.layout.floorplan.sights import CARD
from analytics.model.graph import Container, Edge, Graph, Node
from analytics.model.grid import Grid
from devtool.bench._ground_metrics import measure_ground


@st.composite
def nested_graphs(draw: st.DrawFn) -> Graph:
    boxes: list[Container] = []
    for index in range(draw(st.integers(1, 6))):
        parent = draw(st.sampled_from(["", *[box.id for box in boxes]]))
        boxes.append(Container(f"box{index}", f"Box {index}", "zone", parent=parent))
    homes = ["", *[box.id for box in boxes]]
    nodes = [
        Node(f"n{index}", f"n{index}", parent=draw(st.sampled_from(homes))) for index in range(draw(st.integers(1, 14)))
    ]
    ends = st.sampled_from([*[node.id for node in nodes], *[box.id for box in boxes]])
    edges = [Edge(*pair) for pair in draw(st.lists(st.tuples(ends, ends), max_size=20))]
    return Graph("infra", "test", nodes=tuple(nodes), edges=tuple(edges), containers=tuple(boxes))


def faults(grid: Grid) -> dict[str, int]:
    found = measure_ground(grid, clearance=CARD - 0.001)
    names = ("overlaps", "through", "lying", "skewed", "loose", "spilled", "trespassing")
    return {name: getattr(found, name) for name in names if getattr(found, name)}


@settings(max_examples=200, deadline=None)
@given(nested_graphs(), st.sampled_from(["flat", "isometric"]))
def test_children_stay_inside_and_lines_meet_no_foreign_container(graph: Graph, projection: str) -> None:
    grid = lay_out(graph, "fast", projection)
    assert [area.container for area in grid.areas] == sorted(box.id for box in graph.containers)
    assert faults(grid) == {}


@settings(max_examples=30, deadline=None)
@given(nested_graphs(), st.randoms(use_true_random=False))
def test_the_order_of_the_input_changes_nothing_in_containers(graph: Graph, shuffle: Any) -> None:
    grid = lay_out(graph, "fast", "flat")
    parts: list[list[Any]] = [list(graph.nodes), list(graph.edges), list(graph.containers)]
    for part in parts:
        shuffle.shuffle(part)
    assert lay_out(Graph("infra", "test", *map(tuple, parts)), "fast", "flat") == grid  # type: ignore[arg-type]


@pytest.mark.parametrize("projection", ["flat", "isometric"])
def test_an_empty_container_has_room_for_a_title(projection: str) -> None:
    grid = lay_out(Graph("infra", "", containers=(Container("zone", "a", "zone"),)), projection=projection)
    assert grid.areas[0].width >= 1.5
    assert grid.areas[0].depth > grid.areas[0].header >= 0.25


def test_containers_without_lines_between_them_are_packed_into_a_square() -> None:
    boxes = tuple(Container(f"z{index}", "", "zone") for index in range(9))
    nodes = tuple(Node(f"n{index}", "", parent=f"z{index}") for index in range(9))
    grid = lay_out(Graph("infra", "", nodes=nodes, containers=boxes))
    assert 0.6 < grid.width / grid.depth < 1.6


def test_a_container_inside_itself_is_named() -> None:
    with pytest.raises(ValueError, match="'a' stands inside itself"):
        lay_out(
            Graph(
                "infra", "", containers=(Container("a", "", "zone", parent="b"), Container("b", "", "zone", parent="a"))
            )
        )


def test_a_missing_container_is_named() -> None:
    with pytest.raises(ValueError, match="'gone'"):
        lay_out(Graph("infra", "", nodes=(Node("n", "n", parent="gone"),)))


def test_levels_count_from_the_outside() -> None:
    boxes = (Container("a", "", "region"), Container("b", "", "zone", parent="a"))
    nodes = (Node("n", "n", parent="b"), Node("m", "m", parent="a"))
    grid = lay_out(Graph("infra", "", nodes=nodes, containers=boxes))
    assert [area.level for area in grid.areas] == [0, 1]


def test_a_container_that_holds_nothing_but_another_shares_its_box() -> None:
    boxes = (Container("dc", "", "datacenter"), Container("rg", "", "region", "dc"), Container("z", "", "zone", "rg"))
    nodes = (Node("n", "n", parent="z"), Node("out", "out"))
    grid = lay_out(Graph("infra", "", nodes=nodes, edges=(Edge("rg", "out"),), containers=boxes))
    assert [(area.container, area.shares) for area in grid.areas] == [("dc", ""), ("rg", "dc"), ("z", "dc")]
    assert len({(area.x, area.y, area.width, area.depth) for area in grid.areas}) == 1


def test_a_line_between_a_container_and_the_one_inside_keeps_both_boxes() -> None:
    boxes = (Container("dc", "", "datacenter"), Container("rg", "", "region", "dc"))
    nodes = (Node("n", "n", parent="rg"),)
    grid = lay_out(Graph("infra", "", nodes=nodes, edges=(Edge("dc", "rg"),), containers=boxes))
    assert not any(area.shares for area in grid.areas)
    assert faults(grid) == {}
