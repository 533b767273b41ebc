"""Containers: children inside, siblings apart, lines through free ground and in by the border."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.layout import lay_out
from analytics.layout.metrics import measure_ground
from analytics.model.graph import Container, Edge, Graph, Node
from analytics.model.grid import Grid


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
    found = measure_ground(grid, clearance=0.079)
    names = ("overlaps", "through", "lying", "skewed", "loose", "spilled", "trespassing")
    return {name: getattr(found, name) for name in names if getattr(found, name)}


@settings(max_examples=200, deadline=None)
@given(nested_graphs())
def test_children_stay_inside_and_lines_meet_no_foreign_container(graph: Graph) -> None:
    grid = lay_out(graph, "fast")
    assert [area.container for area in grid.areas] == sorted(box.id for box in graph.containers)
    assert faults(grid) == {}


@settings(max_examples=30, deadline=None)
@given(nested_graphs(), st.randoms(use_true_random=False))
def test_the_order_of_the_input_changes_nothing_in_containers(graph: Graph, shuffle: random.Random) -> None:
    grid = lay_out(graph, "fast")
    nodes, edges, boxes = list(graph.nodes), list(graph.edges), list(graph.containers)
    shuffle.shuffle(nodes)
    shuffle.shuffle(edges)
    shuffle.shuffle(boxes)
    assert lay_out(Graph("infra", "test", tuple(nodes), tuple(edges), tuple(boxes)), "fast") == grid


def test_a_title_of_24_characters_fits_the_narrowest_container() -> None:
    grid = lay_out(Graph("infra", "", containers=(Container("zone", "a", "zone"),)))
    assert grid.areas[0].width >= 2.2
    assert grid.areas[0].header == 0.5


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
    grid = lay_out(Graph("infra", "", nodes=(Node("n", "n", parent="b"),), containers=boxes))
    assert [area.level for area in grid.areas] == [0, 1]
