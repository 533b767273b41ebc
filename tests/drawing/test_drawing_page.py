"""What the Front's page reads in a drawing: each sentence of the page contract as a test."""

from __future__ import annotations

import re
from typing import Any

from lxml import etree

from analytics.drawing import render
from analytics.model.graph import Attribute, Edge, Node
from analytics.text import safe_id
from tests.drawing import drawn_grids

SVG = "{http://www.w3.org/2000/svg}"


def tree(grid: Any) -> Any:
    return etree.fromstring(render(grid).encode())


def with_class(root: Any, word: str) -> Any:
    return [element for element in root.iter() if word in (element.get("class") or "").split()]


def rows(root: Any, node_id: str) -> Any:
    tool = root.find(f".//{SVG}defs/{SVG}g[@id='tool-{safe_id(node_id)}']")
    return [(row.get("class"), row.text) for row in tool.iter(f"{SVG}tspan")]


def test_the_root_is_the_graph_and_has_a_view_box() -> None:
    root = tree(drawn_grids.shop())
    assert root.tag == f"{SVG}svg"
    assert root.get("id") == "graph"
    assert re.fullmatch(r"0 0 [\d.]+ [\d.]+", root.get("viewBox"))
    assert root.get("role") == "graphics-document"
    assert [child.tag for child in root][:2] == [f"{SVG}title", f"{SVG}desc"]
    assert root.get("aria-labelledby").split() == [root[0].get("id"), root[1].get("id")]


def test_every_node_has_one_hover_target_with_its_id_that_is_painted_and_spoken() -> None:
    grid = drawn_grids.shop()
    targets = with_class(tree(grid), "boundaries")
    assert sorted(target.get("id") for target in targets) == sorted(node.id for node in grid.graph.nodes)
    for target in targets:
        assert target.get("role") == "img"
        assert target.get("aria-label")
        assert target.get("fill") != "none"


def test_every_node_has_a_tooltip_in_defs_whose_first_row_is_its_name() -> None:
    grid = drawn_grids.shop()
    root = tree(grid)
    for node in grid.graph.nodes:
        assert rows(root, node.id)[0] == ("name", node.name)
    assert root.find(f"{SVG}defs").get("aria-hidden") == "true"


def test_tooltip_rows_carry_the_labels_the_page_knows_and_no_empty_values() -> None:
    node = Node(
        drawn_grids.hex_id(7),
        "Orders",
        provider="AWS",
        quantity=37,
        attributes=(
            Attribute("environment", "Production"),
            Attribute("dc", "us-east-1"),
            Attribute("Language", "Go"),
            Attribute("Cluster", ""),
            Attribute("public IP", "203.0.113.7"),
        ),
    )
    assert rows(tree(drawn_grids.of_nodes([node])), node.id) == [
        ("name", "Orders"),
        ("dc", "us-east-1"),
        ("env", "Production"),
        ("family", "Application"),
        ("provider", "AWS"),
        ("Language", "Go"),
        ("servers", "37"),
        ("public-IP", "203.0.113.7"),
    ]


def test_a_connection_is_a_group_of_a_visible_line_a_hit_line_and_one_text() -> None:
    grid = drawn_grids.shop()
    lines = with_class(tree(grid), "conector")
    assert len(lines) == len(grid.graph.edges)
    sources = []
    for line in lines:
        group = line.getparent()
        assert line.get("stroke").startswith("#")
        assert float(line.get("stroke-width")) >= 2
        (hit,) = with_class(group, "conector_h")
        (sources_class,) = [word for word in hit.get("class").split() if word.startswith("conn-")]
        sources.append(sources_class.removeprefix("conn-"))
        assert hit.tag == line.tag == f"{SVG}path"
        assert (hit.get("stroke"), hit.get("pointer-events")) == ("none", "stroke")
        assert float(hit.get("stroke-width")) >= 10
        (text,) = group.iter(f"{SVG}text")
        assert text.get("display") == "none"
    assert sorted(sources) == sorted(edge.source for edge in grid.graph.edges)


def test_the_text_of_a_connection_says_how_and_how_often_and_none_without_an_endpoint() -> None:
    nodes = [Node(drawn_grids.hex_id(number), f"n{number}") for number in range(4)]
    edges = [
        Edge(nodes[0].id, nodes[1].id),
        Edge(nodes[0].id, nodes[2].id, label="rest", count=3),
        Edge(nodes[0].id, nodes[3].id, label="tcp", provenance="inferred"),
    ]
    lines = with_class(tree(drawn_grids.of_nodes(nodes, edges)), "conector")
    assert [line.getparent().findtext(f"{SVG}text") for line in lines] == ["None", "rest ×3", "tcp (inferred)"]


def test_ids_outside_the_safe_alphabet_are_replaced_the_same_way_everywhere() -> None:
    nodes = [Node('web"/<1>', "Web"), Node("数据库", "Data")]
    svg = render(drawn_grids.of_nodes(nodes, [Edge(nodes[0].id, nodes[1].id)]))
    first, second = (safe_id(node.id) for node in nodes)
    assert re.fullmatch("[0-9a-f]{24}", first)
    for wanted in (f'id="{first}"', f'id="tool-{first}"', f"conn-{first}", f'data-source="{first}"'):
        assert wanted in svg
    assert f'data-target="{second}"' in svg
    assert "数据库" not in svg


def test_every_id_and_class_of_ours_has_the_prefix_so_that_two_pictures_share_a_page() -> None:
    root = tree(drawn_grids.nested())
    contract = re.compile(r"graph|tool-[0-9a-f]{24}|[0-9a-f]{24}")
    keys = {"boundaries", "conector", "conector_h"}
    for element in root.iter():
        if element.get("id"):
            assert element.get("id").startswith("am-") or contract.fullmatch(element.get("id"))
        if element.tag != f"{SVG}tspan":
            words = (element.get("class") or "").split()
            assert all(word.startswith(("am-", "conn-")) or word in keys for word in words)


def test_light_and_dark_share_no_id_but_those_of_the_contract() -> None:
    grid = drawn_grids.shop()
    light, dark = ({*re.findall(r' id="(a[^"]*)"', render(grid, theme=theme))} for theme in ("light", "dark"))
    assert not {name for name in light & dark if name.startswith("am")}


def test_a_row_cannot_take_a_class_the_page_acts_on() -> None:
    node = Node("a", "A", attributes=(Attribute("boundaries", "x"), Attribute("conn-5", "y"), Attribute("am-t", "z")))
    root = tree(drawn_grids.of_nodes([node]))
    assert len(with_class(root, "boundaries")) == 1
    assert not with_class(root, "conn-5")


def test_nodes_and_connections_carry_their_facts_as_data() -> None:
    svg = render(drawn_grids.nested())
    assert 'data-kind="server-group"' in svg
    assert 'data-family="Loadbalance"' in svg
    assert 'data-kind="ingress"' in svg
    assert 'data-kind="zone"' in svg
