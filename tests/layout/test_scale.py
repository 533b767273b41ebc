"""Large and extreme graphs: no recursion, bounded work, still without faults."""

from __future__ import annotations

from itertools import pairwise

import pytest

from analytics.drawing import render
from analytics.layout import EFFORTS, arrange, lay_out
from analytics.layout.effort import bounded
from analytics.model.graph import Edge, Graph, Node
from devtool.bench._ground_metrics import measure_ground, measure_layers

NAMES = [f"v{index:05}" for index in range(10_000)]


def complete(size: int) -> list[tuple[str, str]]:
    return [(NAMES[one], NAMES[other]) for one in range(size) for other in range(size)]


EXTREMES = {
    "a chain of 10,000": (NAMES, list(pairwise(NAMES))),
    "a cycle of 10,000": (NAMES, [*pairwise(NAMES), (NAMES[-1], NAMES[0])]),
    "a fan of 10,000": (NAMES, [(NAMES[0], name) for name in NAMES[1:]]),
    "10,000 islands": (NAMES, []),
    "a complete graph of 60 with loops": (NAMES[:60], complete(60)),
    "a complete bipartite graph of 100 and 100": (
        NAMES[:200],
        [(one, other) for one in NAMES[:100] for other in NAMES[100:200]],
    ),
    "5,000 pairs that call each other": (
        NAMES,
        [pair for one, other in zip(NAMES[::2], NAMES[1::2], strict=True) for pair in ((one, other), (other, one))],
    ),
    "5,000 edges between two nodes": (NAMES[:2], [(NAMES[0], NAMES[1])] * 5000),
    "10,000 loops": (NAMES, [(name, name) for name in NAMES]),
    "a chain whose every member leads to the last": (
        NAMES[:400],
        [*pairwise(NAMES[:400]), *[(name, NAMES[399]) for name in NAMES[:399]]],
    ),
}


@pytest.mark.parametrize("name", EXTREMES)
def test_extreme_graphs_are_laid_out_without_faults(name: str) -> None:
    nodes, edges = EXTREMES[name]
    found = arrange(nodes, edges, effort="fast")
    layers = measure_layers(nodes, edges, found.positions, found.polylines)
    assert (layers.through, layers.overlaps, layers.shared, layers.level, layers.missing) == (0, 0, 0, 0, 0)


def test_a_wide_fan_is_one_trunk_with_one_port() -> None:
    nodes = tuple(Node(name, name) for name in NAMES[:1000])
    grid = lay_out(Graph("x", "", nodes=nodes, edges=tuple(Edge(NAMES[0], name) for name in NAMES[1:1000])), "fast")
    assert len({route.points[0] for route in grid.routes}) == 1
    assert len({route.trunk for route in grid.routes}) == 1
    found = measure_ground(grid)
    assert (found.crossings, found.through, found.lying, found.skewed, found.loose) == (0, 0, 0, 0, 0)


def test_a_wide_fan_of_lines_that_run_both_ways_keeps_its_gap_in_bounds_and_its_ports_apart() -> None:
    nodes = tuple(Node(name, name) for name in NAMES[:1000])
    edges = tuple(Edge(*pair) for name in NAMES[1:1000] for pair in ((NAMES[0], name), (name, NAMES[0])))
    grid = lay_out(Graph("x", "", nodes=nodes, edges=edges), "fast")
    ports = {
        route.points[0] for route, edge in zip(grid.routes, grid.graph.edges, strict=True) if edge.source == NAMES[0]
    }
    assert len(ports) == 999
    assert grid.width < 15
    found = measure_ground(grid)
    assert (found.through, found.lying, found.skewed, found.loose) == (0, 0, 0, 0)


def test_very_long_lines_run_beside_everything() -> None:
    nodes = NAMES[:3000]
    edges = [*pairwise(nodes), *[(nodes[index], nodes[-1 - index]) for index in range(300)]]
    graph = Graph("x", "", nodes=tuple(Node(n, n) for n in nodes), edges=tuple(Edge(*pair) for pair in edges))
    found = measure_ground(lay_out(graph, "fast"))
    assert (found.through, found.lying, found.skewed, found.loose) == (0, 0, 0, 0)


def test_a_graph_too_dense_for_the_effort_asked_for_gets_less_and_says_so() -> None:
    dense = Graph("x", "", tuple(Node(name, name) for name in NAMES[:50]), tuple(Edge(*pair) for pair in complete(50)))
    asked, least = lay_out(dense, "standard"), lay_out(dense, "fast")
    assert asked.graph.summary == ("Laid out with less care: 1,225 lines between 50 things.",)
    assert (asked.places, asked.routes) == (least.places, least.routes)
    assert least.graph.summary == ()
    sparse = Graph("x", "", tuple(Node(name, name) for name in NAMES[:1000]), tuple(map(Edge, NAMES, NAMES[1:1000])))
    assert lay_out(sparse, "standard").graph.summary == ()


@pytest.mark.parametrize(
    ("things", "lines", "effort"),
    [
        (60, 599, "best"), (60, 600, "fast"), (201, 600, "best"), (800, 2_000, "sketch"), (801, 2_000, "best"),
        (30_000, 39_999, "best"), (40_000, 40_000, "sketch"),
    ],
)  # fmt: skip
def test_effort_depends_on_how_many_lines_there_are_to_a_thing(things: int, lines: int, effort: str) -> None:
    assert bounded(EFFORTS["best"], things, lines).name == effort
    assert bounded(EFFORTS["fast"], things, lines).name == ("sketch" if effort == "sketch" else "fast")


def test_lines_in_the_thousands_are_laid_out_and_drawn_without_faults() -> None:
    pairs = [(one, other) for one in NAMES[:60] for other in NAMES[60:100]]
    grid = lay_out(
        Graph("x", "", tuple(Node(name, name) for name in NAMES[:100]), tuple(Edge(*pair) for pair in pairs))
    )
    assert "2,400 lines" in grid.graph.summary[0]
    found = measure_ground(grid)
    assert (found.through, found.lying, found.skewed, found.loose) == (0, 0, 0, 0)
    assert render(grid).count('class="conector_h') == len(pairs)
