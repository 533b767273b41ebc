"""Nothing unknown leaves, and nothing anybody wrote into the inventory becomes markup."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from analytics.drawing import check_drawing, render
from analytics.errors import DrawingRefused
from analytics.model.graph import Attribute, Badge, Edge, Finding, Graph, Node, Omission
from tests.drawing import drawn_grids

PLAIN = render(drawn_grids.shop())
HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "]]></style><script>",
    "javascript:alert(1)",
    "a\x00b\x08c\x1bd\x7fe\x9f",
    "lone \ud800 surrogate \udfff",
    "non-characters \ufffe \uffff \U0001fffe",
    "right \u202e to left \u2066 isolates \u200f",
    "&lt;already&amp;escaped&#0;",
    "e" + "\u0301" * 500,
    "x" * 100_000,
    "\n\t \r",
    "{0} {braces} %s %(x)s",
    "\U0001f468\u200d\U0001f469 数据库 مرحبا",
    "zbody ztext zlabel 900001.5",
)


def hostile_grid(text: Any) -> Any:
    """The shop with ``text`` wherever the inventory has a say."""
    nodes = (
        Node(text + "1", text, family=text, kind=text, provider=text, size=text, source=text, as_of=text, root=True),
        Node(
            text + "2",
            text,
            provider=f"{text} + AWS",
            quantity=3,
            attributes=(Attribute(text, text), Attribute("env", text)),
            badges=(Badge(text, text, text), Badge("E", text, "bad")),
        ),
    )
    edges = (Edge(nodes[0].id, nodes[1].id, kind=text, label=text, provenance=text, crossing=text),)
    graph = Graph(
        text,
        text,
        nodes,
        edges,
        omissions=(Omission(text, text, 2, text),),
        findings=(Finding(text, text, text, (nodes[0].id,)),),
        scope=text,
        as_of=text,
        found=2,
    )
    return drawn_grids.placed(graph)


def elements(svg: str) -> set[str]:
    return {element.tag for element in etree.fromstring(svg.encode()).iter()}


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_text_gives_a_document_of_the_same_elements(text: str) -> None:
    svg = render(hostile_grid(text))
    assert elements(svg) == elements(render(hostile_grid("benign")))
    assert len(svg) < 120_000


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_containers_are_only_text(text: Any) -> None:
    grid = drawn_grids.nested()
    boxes = tuple(replace(box, name=text, kind=text, rollups=(Attribute(text, text),)) for box in grid.graph.containers)
    svg = render(replace(grid, graph=replace(grid.graph, containers=boxes)))
    assert "<script" not in svg
    assert elements(svg) <= elements(render(grid))


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=60))
def test_any_text_can_be_drawn(text: str) -> None:
    render(hostile_grid(text))


def test_controls_and_reordering_marks_become_visible_replacements() -> None:
    svg = render(hostile_grid("a\x08b\u202ec"))
    assert "a\ufffdb\ufffdc" in svg
    assert "\u202e" not in svg


@pytest.mark.parametrize(
    "put",
    [
        "<script>1</script>",
        "<foreignObject/>",
        '<a xlink:href="#graph"/>',
        '<image xlink:href="#graph"/>',
        '<g onclick="x()"/>',
        '<g style="fill:red"/>',
        '<use xlink:href="https://example.org/#x"/>',
        '<use xlink:href="javascript:1"/>',
        '<use href="#am-tile"/>',
        '<use xlink:href="#nowhere"/>',
        '<path d="M0,0" marker-end="url(#nowhere)"/>',
        '<path d="M0,0" fill="url(https://example.org)"/>',
        '<path d="M0,0 expression(1)"/>',
        '<path d="MNaN,0"/>',
        "<g class='single'/>",
        '<g id="graph"/>',
        '<svg id="graph"/>',
        '<animate attributeName="x"/>',
        "<style>*{}</style>",
        '<svg:g xmlns:svg="http://www.w3.org/2000/svg"/>',
        '<g xmlns="http://www.w3.org/1999/xhtml"/>',
        "<!-- a comment -->",
        "<![CDATA[ <style ]]>",
        "<?php ?>",
        "<g>",
        "&nbsp;",
        "\x00",
    ],
)
def test_what_is_not_known_is_refused(put: Any) -> None:
    with pytest.raises(DrawingRefused):
        check_drawing(PLAIN.replace("</svg>", put + "</svg>"))


def test_a_changed_style_sheet_is_refused() -> None:
    with pytest.raises(DrawingRefused, match="style sheet"):
        check_drawing(PLAIN.replace("font-weight:bold", "font-weight:normal", 1))


def test_a_document_type_is_refused() -> None:
    with pytest.raises(DrawingRefused):
        check_drawing('<!DOCTYPE svg [<!ENTITY x "y">]>' + PLAIN)


def test_an_id_that_stands_twice_is_refused() -> None:
    with pytest.raises(DrawingRefused, match="twice"):
        check_drawing(PLAIN.replace("</svg>", '<g id="am-frame"/></svg>'))


def test_what_cannot_be_drawn_is_refused_and_not_written() -> None:
    grid = drawn_grids.shop()
    places = (replace(grid.places[0], x=float("nan")), *grid.places[1:])
    with pytest.raises((DrawingRefused, ValueError)):
        render(replace(grid, places=places))


def test_the_plain_drawing_passes_as_it_is() -> None:
    assert check_drawing(PLAIN) == PLAIN
    counted = Counter(element.tag for element in etree.fromstring(PLAIN.encode()).iter())
    assert counted["{http://www.w3.org/2000/svg}svg"] == 1
