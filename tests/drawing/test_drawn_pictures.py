"""Whole pictures, read back from their bytes: nothing covers, cuts or loses anything."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

from analytics.drawing import render
from analytics.inventory import open_file
from analytics.layout import lay_out
from analytics.model.graph import Graph
from analytics.model.kinds import Projection
from devtool.bench._picture import Faults, measure_picture, read_picture
from devtool.bench.draw import drawn_graph, faults_of
from devtool.places import SAMPLE
from tests.conftest import graph_documents
from tests.drawing import drawn_grids
from tests.drawing.made_graphs import made_graphs
from tests.estate_runs import Drawn, run

HELD = json.loads(SAMPLE.read_text())
OWNER = HELD["applications"][0]["roles"][0]["_id"]
#: Crossings of drawn lines that the graphs of the sample inventory may have.
MOST = {"Web Shop": 4, "Order Fulfilment": 2, "Customer Care": 2, "Depot Control": 5}


def wanted() -> Iterator[tuple[str, list[str], int]]:
    """The graph documents of the sample inventory: name, entry applications, the most crossings."""
    for graph in graph_documents(HELD):
        most = next((count for name, count in MOST.items() if graph["name"].startswith(name)), 0)
        yield graph["name"], [one["_id"] for one in graph["apps"]], most


@pytest.mark.parametrize(("name", "apps", "most"), list(wanted()), ids=[name for name, _, _ in wanted()])
def test_a_graph_of_the_sample_inventory_is_drawn_without_a_fault(name: str, apps: Any, most: int) -> None:
    picture = Drawn(run(open_file(SAMPLE), "business", "apps", *apps, owner=OWNER))
    found = faults_of(picture.grid, picture.svg)
    assert found.crossings <= most
    assert (found.cut, found.none) == (0, True), found


@pytest.mark.parametrize("kind", ["business", "infra", "network"])
@pytest.mark.parametrize("detail", ["overview", "standard", "full"])
@pytest.mark.parametrize("projection", ["flat", "isometric"])
def test_the_whole_sample_estate_is_drawn_without_a_fault(kind: str, detail: str, projection: Projection) -> None:
    grid = Drawn(run(open_file(SAMPLE), kind, owner=OWNER, detail=detail)).grid
    if grid.projection != projection:
        grid = lay_out(grid.graph, "fast", projection)
    found = faults_of(grid)
    assert (found.none, found.cut) == (True, 0), found


@pytest.mark.parametrize("graph", list(made_graphs()), ids=lambda graph: graph["name"])
@pytest.mark.parametrize("projection", ["flat", "isometric"])
def test_a_graph_of_every_shape_is_drawn_without_a_fault(graph: Any, projection: Projection) -> None:
    grid = lay_out(drawn_graph(graph), "fast", projection)
    assert faults_of(grid).none, grid.graph.title


def shown(graph: Graph | None = None) -> str:
    return render(lay_out(graph or drawn_grids.shop().graph, "fast"))


def faults(svg: str) -> Faults:
    graph = drawn_grids.shop().graph
    return measure_picture(svg, len(graph.nodes), len(graph.edges), said=3)


def test_a_sound_picture_has_no_fault() -> None:
    found = faults(shown())
    assert found.none, found
    assert (found.cut, found.crossings) == (0, 0)


def test_a_tile_moved_onto_another_is_noticed() -> None:
    svg = shown()
    first, second = re.findall(r'class="am-n"[^>]*(?=transform)transform="(translate\([^)]*\))"', svg)[:2]
    found = faults(svg.replace(first, second))
    assert found.overlaps == 1


def test_a_line_through_a_tile_is_noticed() -> None:
    svg = shown()
    picture = read_picture(svg)
    foreign = picture.nodes[drawn_grids.hex_id(5)]
    x, y = foreign.left + 0.5, foreign.back + 0.5
    spot = f"{(x - y) * 150 * 3**0.5 / 2:.1f},{(x + y) * 75:.1f}"
    line = next(found for found in re.findall(r'class="conector_h conn-[^"]*" d="(M[^"]*)"', svg))
    assert faults(svg.replace(line, f"{line}L{spot}")).through >= 1


def test_a_label_over_a_tile_and_over_another_is_noticed() -> None:
    svg = shown()
    label = re.search(r'<g class="am-t" data-line="\d+" transform="matrix\([^)]*\)"><rect.*?</g>', svg)
    assert label
    found = faults(svg.replace(label.group(), label.group() * 2))
    assert found.over_labels == 1
    tile = read_picture(svg).nodes[drawn_grids.hex_id(5)]
    x, y = tile.left + 0.5, tile.back + 0.5
    moved = re.sub(
        r"[-\d.]+ [-\d.]+\)", f"{(x - y) * 150 * 3**0.5 / 2:.1f} {(x + y) * 75:.1f})", label.group(), count=1
    )
    assert faults(svg.replace(label.group(), moved)).over_nodes == 1


def test_what_is_not_drawn_is_noticed() -> None:
    svg = shown()
    assert measure_picture(svg, 6, 6, said=3).lost == 1
    assert measure_picture(svg, 5, 9, said=3).lost == 3


def test_a_text_of_the_frame_over_a_tile_or_another_text_is_noticed() -> None:
    svg = shown()
    blocks = re.findall(r'<g class="am-t" transform="(translate\([^)]*\) scale\([^)]*\))"', svg)
    assert faults(svg.replace(blocks[1], blocks[0])).framed >= 1, "two blocks in one place"
    tile = re.search(r'class="am-n"[^>]*transform="(translate\([^)]*\))"', svg)
    assert tile
    assert faults(svg.replace(blocks[0], f"{tile[1]} scale(1)")).framed >= 1
