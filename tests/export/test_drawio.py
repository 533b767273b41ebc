"""draw.io's own library reads what is written for draw.io, in a real browser, and draws all of it."""

from __future__ import annotations

from typing import Any

import pytest

from analytics.export.drawio import to_drawio
from analytics.export.wording import node_id
from analytics.model.graph import Container, Node
from devtool.testkit.parsers import parsers
from tests.export.test_export import hostile_grid, sample_grid
from tests.web.browser import opened

#: As pages that have it set it before it is loaded: nothing is fetched beside the library.
BEFORE = "window.mxLoadResources = window.mxLoadStylesheets = window.mxForceIncludes = false"
READ = """xml => {
  const page = mxUtils.parseXml(xml).documentElement.querySelector("mxGraphModel");
  document.body.innerHTML = "";
  const graph = new mxGraph(document.body);
  new mxCodec(page.ownerDocument).decode(page, graph.getModel());
  const cells = Object.values(graph.getModel().cells);
  const said = cell => ({
    id: cell.id,
    label: cell.value?.getAttribute?.("label") ?? null,
    parent: cell.parent?.id ?? null,
    ends: cell.edge ? [cell.source?.id ?? null, cell.target?.id ?? null] : null,
    drawn: Boolean(graph.view.getState(cell)?.shape?.node),
  });
  return { vertices: cells.filter(cell => cell.vertex).map(said), edges: cells.filter(cell => cell.edge).map(said) };
}"""


@pytest.fixture(scope="module")
def library() -> str:
    """The library's file; without npm the test is skipped, loudly."""
    found = parsers()
    if found is None:
        pytest.skip("NO NPM: what is written for draw.io was not read by its own library; apt-get install -y npm")
    return str(found / "mxgraph" / "javascript" / "mxClient.min.js")


def test_drawio_reads_and_draws_every_node_box_and_line(library: str) -> None:
    with opened() as page:
        page.evaluate(BEFORE)
        page.add_script_tag(path=library)
        for grid in (sample_grid("business"), sample_grid("infra"), sample_grid("network"), hostile_grid()):
            read: dict[str, list[Any]] = page.evaluate(READ, to_drawio(grid))
            things: list[Node | Container] = [*grid.graph.nodes, *grid.graph.containers]
            parents = {one["id"]: one["parent"] for one in read["vertices"]}
            assert parents.keys() - {"tally"} == {node_id(one.id) for one in things}
            for one in things:
                assert parents[node_id(one.id)] == (node_id(one.parent) if one.parent else "1")
            ends = [[node_id(edge.source), node_id(edge.target)] for edge in grid.graph.edges]
            assert [one["ends"] for one in read["edges"]] == ends
            assert all(one["label"] is not None for one in (*read["vertices"], *read["edges"]))
            assert [one for one in (*read["vertices"], *read["edges"]) if not one["drawn"]] == []
