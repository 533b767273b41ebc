"""Every format holds the whole graph, and nothing an inventory says becomes code in any of them."""

from __future__ import annotations

import csv
import json
import re
from collections import Counter
from collections.abc import Callable
from functools import cache
from io import StringIO
from typing import Any

import jsonschema_rs
import pytest
from lxml import etree

from analytics.export.likec4 import SPECIFICATION
from analytics.export.schema import schema
from analytics.export.wording import node_id
from analytics.model.artifacts import Drawing
from analytics.model.graph import Attribute, Badge, Container, Edge, Finding, Graph, Node, Omission, tally
from analytics.model.grid import Area, Grid, Place
from tests.conftest import SAMPLE
from tests.drawing.drawn_grids import placed
from tests.estate_runs import kept, run
from tests.own_plugins import FORMATS
from tests.security.hostile import TEXTS

ID = r"n[0-9a-f]{24}"
#: A quoted text: in DOT every quote and backslash is escaped, in Mermaid all but the harmless is a reference.
DOT_TEXT = r'"(?:[^"\\\n]|\\["\\])*"'
MERMAID_TEXT = r'"(?:[\w .,:/()+\-=?!×…]|#\d+;)*"'
DOT_LINES = [
    rf"digraph {DOT_TEXT} \{{",
    rf"label={DOT_TEXT};",
    r"rankdir=LR; compound=true; node \[shape=box, style=filled, fillcolor=white, fontname=\"sans-serif\"\];",
    rf"subgraph cluster_{ID} \{{",
    rf'{ID} \[shape=point, style=invis, label=""\];',
    rf'{ID} \[label={DOT_TEXT}, color="#[0-9a-f]{{6}}"(, style="dashed")?\];',
    rf"{ID} -> {ID} \[label={DOT_TEXT}(, ltail=cluster_{ID})?(, lhead=cluster_{ID})?(, style=dashed)?\];",
    rf"// ({ID} stands for|counted|omitted)( {ID})+",
    r"\}",
]
MERMAID_LINES = [
    "---",
    rf"title: {MERMAID_TEXT}",
    "flowchart LR",
    rf"subgraph {ID}\[{MERMAID_TEXT}\]",
    "end",
    rf"{ID}(\[{MERMAID_TEXT}\]|\[\({MERMAID_TEXT}\)\])",
    rf"{ID} (-->|-\.->)(\|{MERMAID_TEXT}\|)? {ID}",
    "classDef ghost stroke-dasharray: 4 3",
    rf"class {ID}(,{ID})* ghost",
    rf"%% ({ID} stands for|counted|omitted)( {ID})+",
]


D2_TEXT = r"'(?:[^'\n]|'')*'"
D2_LINES = [
    "direction: right",
    rf"title: {D2_TEXT} \{{shape: text; near: top-center\}}",
    rf"{ID}: {D2_TEXT} \{{",
    rf"{ID}: {D2_TEXT}( \{{(shape: cylinder)?(; )?(style\.stroke-dash: 4)?\}})?",
    rf"({ID}\.)*{ID} -> ({ID}\.)*{ID}: {D2_TEXT}( \{{style\.stroke-dash: 4\}})?",
    rf"# ({ID} stands for|counted|omitted)( {ID})+",
    r"\}",
]
PUML_TEXT = r'"(?:[\w .,:()+\-=?×…]|<U\+[0-9A-F]{4,6}>)*"'
PUML_LINES = [
    "@startuml",
    "@enduml",
    rf"title {PUML_TEXT}",
    "left to right direction",
    rf"rectangle {PUML_TEXT} as {ID} \{{",
    rf"(component|database) {PUML_TEXT} as {ID}( #line\.dashed)?",
    rf"{ID} (-->|\.\.>) {ID}( : {PUML_TEXT})?",
    rf"' ({ID} stands for|counted|omitted)( {ID})+",
    r"\}",
]
C4_TEXT = r"'(?:[^'\\\n]|\\['\\])*'"
C4_LINES = [
    *(line.strip().replace("{", r"\{").replace("}", r"\}") for line in SPECIFICATION.splitlines()),
    r"(model|views|view index) \{",
    rf"{ID} = (box|thing|database|ghost) {C4_TEXT} \{{",
    rf"(title|description) {C4_TEXT}",
    rf"(// )?({ID}\.)*{ID} -\[(un)?stated\]-> ({ID}\.)*{ID} {C4_TEXT}",
    rf"include (\*|{ID}\.\*, {ID}\.\*\*)",
    rf"// ({ID} stands for|counted|omitted)( {ID})+",
    r"\}",
]


@cache
def sample_grid(graph_type: str) -> Grid:
    """The whole sample inventory as a grid."""
    documents: dict[str, list[dict[str, Any]]] = json.loads(SAMPLE.read_text())
    owner = documents["systems"][0]["roles"][0]["_id"]
    drawing = run(kept(documents), graph_type, owner=owner).artifact(Drawing)
    assert drawing is not None
    return drawing.grid


def hostile_grid() -> Grid:
    """Nodes, boxes and lines that say every hostile text wherever something can be said."""
    box = Container("box", TEXTS[0], "zone", attributes=(Attribute(TEXTS[1], TEXTS[2]),))
    nodes = tuple(
        Node(
            f"id {number} {text[:40]}",
            text,
            family=text,
            provider=text,
            parent="box" if number % 2 else "",
            attributes=(Attribute(text, text),),
            badges=(Badge("!", text),),
            source=text,
            members=(text,),
        )
        for number, text in enumerate(TEXTS)
    )
    edges = tuple(
        Edge(nodes[number].id, nodes[(number * 7 + 1) % len(nodes)].id, label=text) for number, text in enumerate(TEXTS)
    )
    said = tuple(Finding("code", text, nodes=(nodes[0].id,)) for text in TEXTS)
    left = tuple(Omission("omitted", text, 1, text) for text in TEXTS)
    graph = Graph("business", TEXTS[1], nodes, edges, (box,), left, said, TEXTS[3], TEXTS[4], found=2 * len(TEXTS))
    grid = placed(Graph("business", "", nodes, edges))
    return Grid(graph, grid.places, (Area("box", 0, 0, 9, 9),), grid.routes, grid.columns, grid.lines, 9, 9)


def lines_of(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines()]


GRIDS: dict[str, Callable[[], Grid]] = {
    **{name: lambda name=name: sample_grid(name) for name in ("business", "infra", "network")},  # type: ignore[misc]
    "hostile": hostile_grid,
}
every_grid = pytest.mark.parametrize("make", GRIDS.values(), ids=GRIDS)


def ends(grid: Grid) -> list[tuple[str, str]]:
    return [(node_id(edge.source), node_id(edge.target)) for edge in grid.graph.edges]


def ids(grid: Grid) -> set[str]:
    return {node_id(node.id) for node in grid.graph.nodes} | {node_id(box.id) for box in grid.graph.containers}


@every_grid
def test_json_holds_every_node_box_and_line_and_the_sum(make: Callable[[], Grid]) -> None:
    grid = make()
    document = json.loads(FORMATS["json"].write(grid))
    assert {one["id"] for one in (*document["nodes"], *document["containers"])} == ids(grid)
    assert [(one["source"], one["target"]) for one in document["edges"]] == ends(grid)
    assert document["counts"]["found"] == tally(grid.graph).found
    assert len(document["omissions"]) == len(grid.graph.omissions)
    assert all(one["place"]["width"] > 0 for one in document["nodes"])


@every_grid
def test_json_holds_to_its_schema_and_the_schema_to_it(make: Callable[[], Grid]) -> None:
    checked = jsonschema_rs.validator_for(schema())
    document = json.loads(FORMATS["json"].write(make()))
    assert [f"{wrong.instance_path}: {wrong.message}" for wrong in checked.iter_errors(document)][:3] == []
    for spoilt in ({**document, "nodes": [{"id": "x"}]}, {**document, "more": 1}, {**document, "counts": {}}):
        assert not checked.is_valid(spoilt)


@every_grid
def test_graphml_holds_every_node_box_and_line_with_one_type_a_key(make: Callable[[], Grid]) -> None:
    grid = make()
    root = etree.fromstring(FORMATS["graphml"].write(grid).encode())
    space = {"g": "http://graphml.graphdrawing.org/xmlns"}
    found = [one.get("id") for one in root.iterfind(".//g:node", space)]
    assert sorted(found) == sorted(ids(grid))
    lines = root.findall("g:graph/g:edge", space)
    assert [(one.get("source"), one.get("target")) for one in lines] == ends(grid)
    assert len(root.findall(".//g:edge", space)) == len(lines), "some readers drop lines of inner graphs"
    assert f"{tally(grid.graph).found} found = " in root.findtext(
        "g:graph/g:data[@key='graph_completeness']", "", space
    )
    declared = [one.get("id") for one in root.iterfind("g:key", space)]
    assert len(declared) == len(set(declared))
    assert {one.get("key") for one in root.iterfind(".//g:data", space)} <= set(declared)


@every_grid
def test_drawio_holds_every_node_box_and_line_as_plain_text_with_ids_of_their_own(make: Callable[[], Grid]) -> None:
    grid = make()
    root = etree.fromstring(FORMATS["drawio"].write(grid).encode())
    cells = {one.get("id"): one for one in root.iter("UserObject")}
    assert len(cells) == len(list(root.iter("UserObject"))), "a repeated id kills the page"
    vertices = {key for key, one in cells.items() if one.find("mxCell").get("vertex")} - {"tally"}
    assert vertices == ids(grid)
    lines = [one.find("mxCell") for one in cells.values() if one.find("mxCell").get("edge")]
    assert [(one.get("source"), one.get("target")) for one in lines] == ends(grid)
    assert {one.tag for one in root.iter()} <= {
        *("mxfile", "diagram", "mxGraphModel", "root", "UserObject", "mxCell", "mxGeometry", "Array", "mxPoint")
    }
    for cell in root.iter("mxCell"):
        style = cell.get("style", "")
        assert "html=1" not in style
        assert re.fullmatch(r"[\w=;#.]*", style), "a name must not reach a style"
    for thing in root.iter("UserObject"):
        assert not re.search(r"[<>\"']", thing.get("tooltip", "")), "tooltips are shown as HTML"
    assert not [one for one in root.iter("UserObject") if one.get("placeholders") or one.get("link")]


LANGUAGES = {"dot": DOT_LINES, "mmd": MERMAID_LINES, "d2": D2_LINES, "puml": PUML_LINES, "c4": C4_LINES}
#: How a line that leads from a thing to a thing begins, and how a thing or box does, in each language.
ARROW = rf"(?:// )?(?:{ID}\.)*({ID}) (?:->|-->|-\.->|\.\.>|-\[\w+\]->)(?:\|.*\|)? (?:{ID}\.)*({ID})(?: .*|: .*)?"
DECLARED = rf"(?:subgraph )?({ID})(?= ?[\[(]|: | = )|(?:rectangle|component|database) .*? as ({ID})"


@every_grid
@pytest.mark.parametrize(("suffix", "known"), LANGUAGES.items())
def test_every_line_of_a_language_is_one_that_we_write(make: Callable[[], Grid], suffix: str, known: list[str]) -> None:
    grid = make()
    lines = lines_of(FORMATS[suffix].write(grid))
    for line in lines:
        assert any(re.fullmatch(pattern, line) for pattern in known), line[:200]
    arrows = [found.groups() for line in lines if (found := re.fullmatch(ARROW, line))]
    assert arrows == ends(grid)
    declared = [found[1] or found[2] for line in lines if (found := re.match(DECLARED, line))]
    assert set(declared) == ids(grid)


@every_grid
def test_a_table_has_a_row_for_everything_and_no_formula(make: Callable[[], Grid]) -> None:
    grid = make()
    rows = list(csv.DictReader(StringIO(FORMATS["csv"].write(grid))))
    graph = grid.graph
    kinds = Counter(row["row"] for row in rows)
    assert kinds == Counter(
        node=len(graph.nodes),
        box=len(graph.containers),
        line=len(graph.edges),
        finding=len(graph.findings),
        omission=len(graph.omissions),
        sum=1,
    )
    assert {row["id"] for row in rows if row["row"] in ("node", "box")} == ids(grid)
    cells = [cell for row in rows for cell in row.values()]
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]


@every_grid
def test_markdown_says_everything_and_untrusted_text_stays_text(make: Callable[[], Grid]) -> None:
    grid = make()
    text = FORMATS["md"].write(grid)
    lines = text.splitlines()
    things = lines[lines.index("## What there is") + 2 : lines.index("## Lines") - 1]
    assert len(things) == len(grid.graph.nodes) + len(grid.graph.containers)
    assert sum(" → " in line for line in lines[lines.index("## Lines") :]) >= len(grid.graph.edges)
    for line in lines:
        bare = re.sub(r"\\.", "", line)  # what is left is ours: headings, bullets, bold boxes, brackets around kinds
        assert not re.search(r"[<\[\]`!~|&$]|\]\(|https?:|www\.", bare), line[:200]


def test_the_business_graph_shows_its_servers_in_every_format() -> None:
    grid = sample_grid("business")
    folded = next(node for node in grid.graph.nodes if node.quantity > 1)
    assert f'"servers": {folded.quantity}' in FORMATS["json"].write(grid)
    for suffix in ("dot", "mmd", "md", "drawio", "graphml"):
        assert f"×{folded.quantity}" in FORMATS[suffix].write(grid), suffix


def test_boxes_nested_a_thousand_deep_are_written() -> None:
    boxes = tuple(Container(f"b{n}", f"Box {n}", "zone", parent=f"b{n - 1}" if n else "") for n in range(1000))
    areas = tuple(Area(box.id, 0, 0, 5, 5, level=n) for n, box in enumerate(boxes))
    grid = Grid(Graph("t", "", (Node("a", "A", parent="b999"),), (), boxes, found=1), (Place("a", 0, 0, 0, 0),), areas)
    for form in FORMATS.values():
        assert "Box 999" in form.write(grid), form.title


def test_mermaid_says_when_there_are_more_lines_than_it_draws() -> None:
    nodes = tuple(Node(f"n{n}", f"N {n}") for n in range(24))
    edges = tuple(Edge(one.id, two.id) for one in nodes for two in nodes if one is not two)
    grid = Grid(Graph("t", "", nodes, edges, found=24), tuple(Place(node.id, 0, 0, 0, 0) for node in nodes))
    assert "%% 552 lines: Mermaid draws 500" in FORMATS["mmd"].write(grid)
