"""The picture tells the truth: counts, legend, findings, themes; and it is the same every time."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from itertools import combinations
from typing import Any

import pytest
from lxml import etree

from analytics.catalog.providers import provider_of, providers_of
from analytics.drawing import contact_sheet, render
from analytics.drawing.library import symbol_id
from analytics.drawing.looks import quantity_text
from analytics.drawing.symbols import FAMILIES
from analytics.drawing.symbols.kinds import KINDS
from analytics.drawing.theme import DASHES, THEMES, Theme
from analytics.lettering.type_metrics import text_width
from analytics.model.graph import Graph, Node, Omission
from analytics.model.grid import Grid
from tests.drawing import drawn_grids
from tests.sure import sure

SVG = "{http://www.w3.org/2000/svg}"


def texts(svg: str) -> list[str]:
    root = etree.fromstring(svg.encode())
    return ["".join(element.itertext()) for element in root.iter(f"{SVG}text") if element.get("display") != "none"]


def luminance(colour: str) -> float:
    channels = [int(colour[index : index + 2], 16) / 255 for index in (1, 3, 5)]
    linear = [value / 12.92 if value <= 0.03928 else ((value + 0.055) / 1.055) ** 2.4 for value in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES)
def test_text_contrasts_with_every_ground_it_stands_on(theme: Theme) -> None:
    grounds = {theme.canvas, theme.tile, theme.plate, *theme.platforms}
    for ground in grounds:
        assert contrast(theme.ink, ground) >= 4.5
        assert contrast(theme.muted, ground) >= 4.5
    assert contrast(theme.chip_ink, theme.chip) >= 4.5
    for tone in (theme.info, theme.good, theme.warn, theme.bad):
        assert contrast(theme.badge_ink, tone) >= 4.5


@pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES)
def test_lines_stand_out_from_every_ground(theme: Theme) -> None:
    for _, colour in theme.edges:
        assert all(contrast(colour, ground) >= 3 for ground in (theme.canvas, *theme.platforms))


def test_no_two_kinds_of_line_share_their_dashes() -> None:
    assert len(set(DASHES.values())) == len(DASHES)


@pytest.mark.parametrize("theme", THEMES)
def test_the_same_grid_gives_the_same_bytes(theme: str) -> None:
    assert render(drawn_grids.nested(), theme=theme) == render(drawn_grids.nested(), theme=theme)


def test_another_process_gives_the_same_bytes() -> None:
    program = (
        "import drawn_grids; from analytics.drawing import render; print(hash(render(drawn_grids.shop()).encode()))"
    )
    program = program.replace("hash(", "__import__('hashlib').sha256(").replace("encode()))", "encode()).hexdigest())")
    answers = {
        subprocess.run(
            [sys.executable, "-c", program],
            env={"PYTHONPATH": ":".join(sys.path), "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(answers) == 1


def test_the_frame_says_what_was_found_drawn_folded_and_omitted() -> None:
    said = texts(render(drawn_grids.shop()))
    assert "Shop" in said
    assert "business graph · system Shop · as of 2026-01-31" in said
    assert "6 found = 4 drawn + 0 folded + 2 omitted · 1 referred to, not in the inventory" in said
    assert "2 applications omitted: deeper than the limit of 40" in said
    assert "Orders stands in one zone only" in said


def test_the_same_numbers_stand_in_metadata_and_description() -> None:
    root = etree.fromstring(render(drawn_grids.shop()).encode())
    facts = json.loads(root.findtext(f"{SVG}metadata"))
    assert (facts["found"], facts["drawn"], facts["omitted"], facts["ghosts"]) == (6, 4, 2, 1)
    assert facts["complete"] is True
    assert "6 found = 4 drawn" in root.findtext(f"{SVG}desc")


def test_the_legend_holds_what_is_there_with_counts_and_nothing_else() -> None:
    said = texts(render(drawn_grids.shop()))
    for wanted in ("Application (2)", "Database (1)", "Cache (1)", "AWS (2)", "Azure (2)", "entry of the graph (1)"):
        assert wanted in said
    assert not any(line.startswith(("Logs", "Mail", "Heroku")) for line in said)


def test_servers_are_said_exactly() -> None:
    assert any("×37" in line for line in texts(render(drawn_grids.shop())))
    assert quantity_text(Node("a", "A", quantity=9)) == "×9"
    assert quantity_text(Node("a", "A", kind="server", quantity=1)) == ""
    assert quantity_text(Node("a", "A", family="Database", quantity=2)) == "×2"


def test_things_that_are_not_there_are_dashed_and_said_to_be() -> None:
    svg = render(drawn_grids.shop())
    assert 'class="boundaries am-og"' in svg
    assert "not in the inventory (1)" in texts(svg)


def test_an_edge_from_a_node_to_itself_is_drawn_on_its_tile() -> None:
    svg = render(drawn_grids.shop())
    own = drawn_grids.hex_id(2)
    assert f'data-source="{own}" data-target="{own}"' in svg
    assert "retry" in svg


def test_an_empty_graph_is_a_picture_too() -> None:
    svg = render(Grid(Graph("business", "Nothing")))
    assert "0 found = 0 drawn + 0 folded + 0 omitted" in texts(svg)


@pytest.mark.parametrize("nodes", [0, 1, 3])
def test_the_parts_of_the_frame_do_not_lie_over_each_other_however_little_ground_there_is(nodes: Any) -> None:
    left_out = tuple(Omission("omitted", f"things {number}", 1, "for a reason") for number in range(3))
    held = tuple(Node(str(number), f"node {number}") for number in range(nodes))
    graph = Graph("business", "Little", held, (), (), left_out, scope="a scope", as_of="today", found=nodes + 3)
    svg = render(drawn_grids.placed(graph))
    root = etree.fromstring(svg.encode())
    lines = []
    for block in root.find(f"{SVG}g[@id='am-frame']"):
        x, y, scale = (float(number) for number in re.findall(r"[\d.]+", block.get("transform")))
        for text in block.iter(f"{SVG}text"):
            left, top, around = 0.0, 0.0, text.getparent()
            while around is not block:
                across, down = (float(number) for number in re.findall(r"-?[\d.]+", around.get("transform"))[:2])
                left, top, around = left + across, top + down, around.getparent()
            size = {"am-h1": 26, "am-bg": 12}.get(text.get("class").split()[0], 14) * scale
            base, width = y + (top + float(text.get("y"))) * scale, text_width(text.text, size)
            lines.append((x + (left + float(text.get("x"))) * scale, base - 0.7 * size, width, 0.9 * size, text.text))
    for one, other in combinations(lines, 2):
        apart = one[0] + one[2] <= other[0] or other[0] + other[2] <= one[0]
        assert apart or one[1] + one[3] <= other[1] or other[1] + other[3] <= one[1], (one, other)


def test_providers_are_told_apart_whatever_their_case_and_unknown_ones_keep_their_colour() -> None:
    assert provider_of("aws").colour == "#c4692c"
    assert provider_of("DIGITAL ocean").colour == "#046cce"
    assert provider_of("premise").colour == provider_of("On premises").colour == "#8e8e8e"
    assert provider_of("").key == provider_of("unknown").key == "unknown", "nobody said that it stands on own premises"
    assert provider_of("Acme").colour == provider_of("ACME").colour
    assert [provider.key for provider in providers_of("AWS + Azure + aws")] == ["aws", "azure"]


def test_container_headers_carry_name_kind_and_rollups() -> None:
    said = texts(render(drawn_grids.nested()))
    for wanted in ("AWS production account", "datacenter", "18 servers", "72 vCPU", "us-east-1a", "14 servers"):
        assert wanted in said


#: What a browser measures at 100 px in Liberation Sans: regular, bold.
MEASURED = {
    "Database": (428.08, 444.68),
    "Данные Ελλάδα": (725.54, 776.76),
    "ip-10-0-12-7.ec2.internal": (1089.50, 1139.36),
    "Straße 100 % €": (694.82, 705.96),
    "WWWWMMMM illicit": (927.39, 966.36),
}


@pytest.mark.parametrize("words", MEASURED)
def test_widths_are_those_a_browser_measures(words: Any) -> None:
    regular, bold = MEASURED[words]
    assert text_width(words, 100) == pytest.approx(regular, rel=0.005)
    assert text_width(words, 100, bold=True) == pytest.approx(bold, rel=0.005)


def test_wide_scripts_take_an_em_and_marks_nothing() -> None:
    assert text_width("数据", 10) == 20
    assert text_width("e\u0301", 10) == text_width("e", 10)


@pytest.mark.parametrize("theme", THEMES)
def test_the_contact_sheet_shows_every_symbol(theme: str) -> None:
    sheet = contact_sheet(theme)
    for symbol in (*FAMILIES, *KINDS):
        assert f'xlink:href="#{symbol_id(THEMES[theme], symbol.key)}"' in sheet, symbol.key


def test_the_halo_stands_only_where_it_is_known() -> None:
    style = sure(re.search(r"<style[^>]*>(.*)</style>", render(drawn_grids.shop()))).group(1)
    outside, _, inside = style.partition("@supports (paint-order:stroke){")
    assert "paint-order" not in outside
    assert "paint-order:stroke" in inside
    for trick in ("var(", "filter", "opacity:0;", "href", "@import", "url("):
        assert trick not in style
