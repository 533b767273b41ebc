"""How good the layout has to be: few reversed edges, few crossings, small changes that stay small."""

from __future__ import annotations

import json
import shutil
from collections import Counter
from dataclasses import replace
from statistics import fmean

import pytest

from analytics.layout import EFFORTS, arrange, lay_out
from analytics.layout.component import layer
from analytics.layout.ordering.order import order_columns
from analytics.layout.records import Digraph
from analytics.model.graph import Edge, Graph, Node
from devtool.bench._engines import run_dot
from devtool.bench._ground_metrics import measure_ground, measure_layers
from devtool.bench.layout import architecture, grown
from devtool.places import SAMPLE
from tests.conftest import graph_documents

#: Crossings of drawn lines that each graph of the sample may have.
MOST = {"Web Shop": 4, "Order Fulfilment": 1, "Customer Care": 1, "Depot Control": 3}


def sample_graphs() -> list[Graph]:
    document = json.loads(SAMPLE.read_text())
    applications = {application["_id"]: application for application in document["applications"]}
    graphs = []
    for wanted in graph_documents(document):
        entries = [application["_id"] for application in wanted["apps"]]
        reached, edges = list(entries), []
        for one in reached:
            for dependency in applications[one].get("deps") or []:
                if dependency["_id"] in applications:
                    edges.append(Edge(one, dependency["_id"]))
                    if dependency["_id"] not in reached:
                        reached.append(dependency["_id"])
        nodes = tuple(Node(one, applications[one]["name"], root=one in entries) for one in reached)
        graphs.append(Graph("business", wanted["name"], nodes=nodes, edges=tuple(edges)))
    return graphs


def test_the_sample_graphs_have_few_crossings_and_no_line_through_a_tile() -> None:
    for graph in sample_graphs():
        found = measure_ground(lay_out(graph))
        most = next((count for name, count in MOST.items() if graph.title.startswith(name)), 0)
        assert found.crossings <= most, graph.title
        assert (found.through, found.overlaps, found.lying, found.loose) == (0, 0, 0, 0), graph.title


def test_a_cycle_costs_one_reversed_edge_wherever_it_starts() -> None:
    names = [f"n{index}" for index in range(9)]
    pairs = [(names[index], names[(index + 1) % 9]) for index in range(9)]
    for turn in range(9):
        assert len(arrange(names, pairs[turn:] + pairs[:turn]).reversed) == 1


def test_a_planar_ladder_has_no_crossing() -> None:
    names = [f"{side}{index}" for side in "ab" for index in range(20)]
    pairs = [(f"{side}{index}", f"{side}{index + 1}") for side in "ab" for index in range(19)]
    pairs += [(f"a{index}", f"b{index + 1}") for index in range(0, 19, 3)]
    found = arrange(names, pairs)
    assert measure_layers(names, pairs, found.positions, found.polylines).crossings == 0


@pytest.mark.skipif(not shutil.which("dot"), reason="Graphviz is not installed")
def test_crossings_area_and_length_stay_within_those_of_dot() -> None:
    ours: Counter[str] = Counter()
    theirs: Counter[str] = Counter()
    for seed in range(24):
        sample = architecture(50, seed)
        found = arrange(sample.nodes, sample.edges)
        reply = run_dot(sample.nodes, sample.edges, 30)
        for total, way in ((ours, found), (theirs, reply)):
            measured = measure_layers(sample.nodes, sample.edges, way.positions, way.polylines)
            total.update(crossings=measured.crossings, area=measured.area, span=round(measured.span))
    assert ours["crossings"] <= 1.0 * theirs["crossings"]
    assert ours["area"] <= 1.05 * theirs["area"]
    assert ours["span"] <= 1.05 * theirs["span"]


@pytest.mark.skipif(not shutil.which("dot"), reason="Graphviz is not installed")
def test_a_graph_of_500_has_fewer_crossings_than_dot_gives_it() -> None:
    sample = architecture(500, 300)
    found = arrange(sample.nodes, sample.edges)
    reply = run_dot(sample.nodes, sample.edges, 30)
    ours, theirs = (
        measure_layers(sample.nodes, sample.edges, way.positions, way.polylines).crossings for way in (found, reply)
    )
    assert ours <= 0.95 * theirs


def test_a_graph_of_long_lines_needs_no_table_to_lose_its_crossings() -> None:
    """Long lines of a graph too crowded for the table of differences are laid anew all the same."""
    names = [f"v{index:02}" for index in range(40)]
    pairs = [(one, other) for index, one in enumerate(names) for other in names[index + 1 :: 2]]
    found = {}
    for name, effort in (("laid", EFFORTS["fast"]), ("left", replace(EFFORTS["fast"], laying=0))):
        graph = Digraph(40, tuple((names.index(one), names.index(other)) for one, other in pairs))
        found[name] = order_columns(layer(graph, effort).graph, replace(effort, table=0)).crossings
    assert found["laid"] < 0.95 * found["left"]


def test_more_effort_is_not_worse() -> None:
    totals = {}
    for effort in ("fast", "standard", "best"):
        totals[effort] = 0
        for seed in range(3):
            sample = architecture(40, seed)
            found = arrange(sample.nodes, sample.edges, effort=effort)
            measured = measure_layers(sample.nodes, sample.edges, found.positions, found.polylines)
            totals[effort] += measured.crossings
    assert totals["best"] <= totals["standard"] <= totals["fast"]


@pytest.mark.parametrize("size", [15, 30])
def test_one_more_application_leaves_the_others_in_their_columns_and_most_in_their_order(size: int) -> None:
    kept = [grown(size, seed, "standard") for seed in range(12)]
    assert fmean(one.columns for one in kept) >= 0.95
    assert fmean(one.order for one in kept) >= 0.85
