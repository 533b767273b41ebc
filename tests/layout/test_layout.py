"""What every layout keeps: all placed, nothing overlaps, lines follow the axes and touch only their own tiles."""

from __future__ import annotations

import os
import random
import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.layout import arrange, lay_out
from analytics.model.graph import Edge, Graph, Node
from devtool.bench._ground_metrics import measure_ground, measure_layers


def graph_of(names: list[str], pairs: list[tuple[str, str]], roots: tuple[str, ...] = ()) -> Graph:
    nodes = tuple(Node(name, name, root=name in roots) for name in names)
    return Graph("business", "test", nodes=nodes, edges=tuple(Edge(source, target) for source, target in pairs))


@st.composite
def graphs(draw: st.DrawFn) -> tuple[list[str], list[tuple[str, str]]]:
    names = [f"n{index}" for index in range(draw(st.integers(1, 14)))]
    pairs = draw(st.lists(st.tuples(st.sampled_from(names), st.sampled_from(names)), max_size=30))
    return names, pairs


@settings(max_examples=120, deadline=None)
@given(graphs(), st.sampled_from(["flat", "isometric"]))
def test_nothing_overlaps_and_every_line_runs_from_border_to_border(
    drawn: tuple[list[str], list[tuple[str, str]]], projection: str
) -> None:
    names, pairs = drawn
    grid = lay_out(graph_of(names, pairs), projection=projection)
    assert [place.node for place in grid.places] == sorted(names)
    assert [route.edge for route in grid.routes] == list(range(len(pairs)))
    found = measure_ground(grid, clearance=0.079)
    assert (found.overlaps, found.through, found.lying, found.skewed, found.loose) == (0, 0, 0, 0, 0)


@settings(max_examples=60, deadline=None)
@given(graphs(), st.randoms(use_true_random=False))
def test_the_order_of_the_input_changes_nothing(
    drawn: tuple[list[str], list[tuple[str, str]]], shuffle: random.Random
) -> None:
    names, pairs = drawn
    grid = lay_out(graph_of(names, pairs))
    shuffle.shuffle(names)
    shuffle.shuffle(pairs)
    assert lay_out(graph_of(names, pairs)) == grid


def test_the_hash_seed_changes_nothing() -> None:
    script = (
        "from analytics.layout import lay_out\n"
        "from analytics.model.graph import Edge, Graph, Node\n"
        "names = [f'app-{i}' for i in range(24)]\n"
        "pairs = [(names[i], names[(i * 7 + k) % 24]) for i in range(24) for k in (1, 5)]\n"
        "grid = lay_out(Graph('business', '', tuple(Node(n, n) for n in names), tuple(Edge(*p) for p in pairs)))\n"
        "print(grid.places, grid.routes, [e.back for e in grid.graph.edges])\n"
    )
    answers = {
        subprocess.run(
            [sys.executable, "-c", script], env={**os.environ, "PYTHONHASHSEED": seed}, capture_output=True, check=True
        ).stdout
        for seed in ("0", "1", "4242")
    }
    assert len(answers) == 1


def test_entries_stand_in_the_first_column_unless_something_leads_to_them() -> None:
    grid = lay_out(graph_of(["a", "b", "c", "d"], [("a", "b"), ("b", "c"), ("d", "c")], roots=("a", "d", "c")))
    assert {place.node: place.column for place in grid.places} == {"a": 0, "b": 1, "c": 2, "d": 0}


def test_an_edge_that_closes_a_cycle_says_so_and_runs_back() -> None:
    grid = lay_out(graph_of(["a", "b", "c"], [("a", "b"), ("b", "c"), ("c", "a")], roots=("a",)))
    assert {(edge.source, edge.target): edge.back for edge in grid.graph.edges} == {
        ("a", "b"): False,
        ("b", "c"): False,
        ("c", "a"): True,
    }


def test_two_opposite_edges_share_one_line() -> None:
    grid = lay_out(graph_of(["a", "b"], [("a", "b"), ("b", "a")]))
    assert grid.routes[0].points == grid.routes[1].points[::-1]


def test_an_edge_from_a_node_to_itself_has_no_points() -> None:
    grid = lay_out(graph_of(["a"], [("a", "a")]))
    assert grid.routes[0].points == ()


def test_an_edge_to_an_unknown_node_is_named() -> None:
    with pytest.raises(ValueError, match="'ghost'"):
        lay_out(graph_of(["a"], [("a", "ghost")]))


def test_two_nodes_of_one_id_are_named() -> None:
    with pytest.raises(ValueError, match="'a'"):
        lay_out(graph_of(["a", "a"], []))


@settings(max_examples=80, deadline=None)
@given(graphs())
def test_lines_in_columns_meet_no_foreign_node_and_nothing_stands_level(
    drawn: tuple[list[str], list[tuple[str, str]]],
) -> None:
    names, pairs = drawn
    found = arrange(names, pairs)
    layers = measure_layers(names, pairs, found.positions, found.polylines)
    assert (layers.through, layers.overlaps, layers.shared, layers.level, layers.missing) == (0, 0, 0, 0, 0)
    against = {pairs[index] for index in found.reversed}
    assert layers.reversed == len(against)
