"""Frame, themes and facts: only what tells something, where it costs least, in colours for every reader."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest
from lxml import etree

from analytics.drawing import render
from analytics.drawing.looks import telling_of
from analytics.drawing.theme import THEMES
from analytics.layout import lay_out
from analytics.model.graph import Attribute, Container, Edge, Graph, Node
from analytics.model.kinds import PROJECTIONS
from tests.drawing import drawn_grids

SVG = "{http://www.w3.org/2000/svg}"


def written(svg: str) -> list[str]:
    root = etree.fromstring(svg.encode())
    return [text.text or "" for text in root.iter(f"{SVG}text") if text.get("display") != "none"]


def size(svg: str) -> tuple[float, float]:
    found = re.search(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', svg)
    assert found
    return float(found[1]), float(found[2])


def test_the_picture_is_called_what_its_graph_is_called() -> None:
    grid = drawn_grids.shop()
    assert "Orders of spring" in written(render(grid, title="Orders of spring"))
    assert '<title id="am-title">Orders of spring</title>' in render(grid, title="Orders of spring")
    assert "Shop" in written(render(grid))


def test_without_a_legend_findings_and_omissions_still_stand() -> None:
    said = written(render(drawn_grids.shop(), legend="none"))
    assert "Symbols" not in said
    assert "Orders stands in one zone only" in " ".join(said)
    assert "2 applications omitted" in " ".join(said)


def test_a_legend_at_the_side_stands_higher_than_one_below() -> None:
    grid = lay_out(drawn_grids.shop().graph, "fast", "flat")

    def top(place: Any) -> float:
        frame = etree.fromstring(render(grid, legend=place).encode()).find(f"{SVG}g[@id='am-frame']")
        return float(re.findall(r"[\d.]+", frame[1].get("transform"))[1])

    assert top("side") < top("below")


def test_the_legend_chosen_by_the_picture_is_no_worse_than_any_other() -> None:
    for projection in PROJECTIONS:
        grid = lay_out(drawn_grids.shop().graph, "fast", projection)

        def shrunk(place: Any, grid: Any = grid) -> float:
            width, height = size(render(grid, legend=place))
            return max(width / 1600, height / 1000)

        assert shrunk("auto") <= min(shrunk("side"), shrunk("below")) + 1e-6


def test_dependencies_alone_need_no_key() -> None:
    nodes = (Node("a", "A"), Node("b", "B"), Node("c", "C"))
    one = Graph("business", "", nodes, (Edge("a", "b", label="rest"), Edge("b", "c", label="amqp")))
    assert "Lines" not in written(render(lay_out(one, "fast")))
    two = replace(one, edges=(*one.edges, Edge("a", "c", kind="route")))
    assert "Lines" in written(render(lay_out(two, "fast")))
    volumes = replace(one, edges=(Edge("a", "b", kind="volume"),))
    assert "has the volume (1)" in written(render(lay_out(volumes, "fast"))), "not what a reader expects of a line"


def test_a_technology_that_the_inventory_names_has_its_mark() -> None:
    nodes = (
        Node("a", "Orders PostgreSQL", family="Database"),
        Node("b", "edge", attributes=(Attribute("services", "nginx 1.25"),)),
        Node("c", "mongoose"),
    )
    for projection in PROJECTIONS:
        svg = render(lay_out(Graph("business", "", nodes), "fast", projection))
        assert 'xlink:href="#am-m-postgresql"' in svg
        assert 'xlink:href="#am-m-nginx"' in svg
        assert "am-m-mongodb" not in svg
        assert {"PostgreSQL (1)", "NGINX (1)"} <= set(written(svg))


def test_a_provider_that_all_share_is_said_in_the_legend_only() -> None:
    nodes = tuple(Node(name, name.upper(), provider="AWS") for name in "ab")
    for projection in PROJECTIONS:
        grid = lay_out(Graph("business", "", nodes, (Edge("a", "b"),)), "fast", projection)
        said = written(render(grid))
        assert "AWS (2)" in said
        assert "AWS" not in said
        assert "AWS" in written(render(grid, theme="print")), "grey has to say it"


def test_a_provider_named_by_a_box_around_is_not_repeated_in_it() -> None:
    boxes = (Container("d", "East", "datacenter", provider="AWS"),)
    nodes = (Node("a", "A", provider="AWS", parent="d"), Node("b", "B", provider="Azure"))
    assert telling_of(Graph("infra", "", nodes, (), boxes)).silent == {"a"}


def test_nodes_of_one_name_say_what_tells_them_apart() -> None:
    nodes = tuple(
        Node(key, "web", kind="server", family="", attributes=(Attribute("env", env), Attribute("dc", "east")))
        for key, env in (("a", "Production"), ("b", "Staging"))
    )
    grid = lay_out(Graph("infra", "", nodes), "fast", "flat")
    said = written(render(grid))
    assert "Production" in said
    assert "Staging" in said


def test_auto_follows_the_reader_and_holds_the_colours_of_both() -> None:
    svg = render(drawn_grids.nested(), theme="auto")
    style = re.search(r"<style[^>]*>(.*)</style>", svg)
    assert style
    _, _, night = style[1].partition("@media (prefers-color-scheme:dark){")
    for colour in (THEMES["dark"].canvas, THEMES["dark"].tile, THEMES["dark"].ink, *THEMES["dark"].platforms):
        assert colour in night
    classes = set(re.findall(r"\.(ama-[a-z0-9-]+)\{", night))
    painted = set(re.findall(r"ama-[ckh]-[a-z0-9-]+", svg.replace(style[0], "")))
    assert painted <= classes, "everything that has a role changes its colour"
    assert "prefers-color-scheme" not in render(drawn_grids.nested()), "what is sent to the Front stays light"


def test_print_is_grey() -> None:
    svg = render(drawn_grids.nested(), theme="print")
    for colour in set(re.findall(r"#[0-9a-f]{6}", svg)):
        if colour not in ("#141c26", "#0d131a"):  # the ink of symbols
            assert colour[1:3] == colour[3:5] == colour[5:7], colour


def test_the_red_of_findings_is_no_providers() -> None:
    from analytics.catalog.providers import provider_of

    def channels(colour: str) -> list[int]:
        return [int(colour[at : at + 2], 16) for at in (1, 3, 5)]

    red = channels(THEMES["light"].bad)
    for provider in ("OpenStack", "Rackspace"):
        other = channels(provider_of(provider).colour)
        assert sum(abs(one - two) for one, two in zip(red, other, strict=True)) > 60


def test_a_box_that_several_containers_share_is_drawn_once_and_says_all_their_names() -> None:
    boxes = (
        Container("p", "AWS", "provider", provider="AWS"),
        Container("d", "AWS Ireland", "datacenter", "p", provider="AWS"),
        Container("r", "eu-west-1", "region", "d", rollups=(Attribute("servers", "2"),)),
    )
    nodes = (Node("a", "A", parent="r"), Node("b", "B", parent="r"), Node("x", "X"))
    for projection in PROJECTIONS:
        svg = render(lay_out(Graph("infra", "", nodes, (Edge("a", "x"),), boxes), "fast", projection))
        assert svg.count('class="am-a"') == 1
        assert "AWS Ireland › eu-west-1" in written(svg)
        assert "servers: 2" in svg


@pytest.mark.parametrize("projection", PROJECTIONS)
def test_the_page_contract_holds_in_both_projections(projection: Any) -> None:
    graph = drawn_grids.shop().graph
    root = etree.fromstring(render(lay_out(graph, "fast", projection)).encode())
    targets = [one for one in root.iter(f"{SVG}path") if "boundaries" in (one.get("class") or "").split()]
    assert sorted(target.get("id") for target in targets) == sorted(node.id for node in graph.nodes)
    lines = [one for one in root.iter(f"{SVG}path") if "conector" in (one.get("class") or "").split()]
    assert len(lines) == len(graph.edges)
    assert all(line.get("stroke").startswith("#") and float(line.get("stroke-width")) >= 2 for line in lines)
