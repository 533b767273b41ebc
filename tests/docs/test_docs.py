"""The pages and the code say the same."""

from __future__ import annotations

import dataclasses
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from analytics.cli import main
from analytics.documents.fields import fields_of
from analytics.pipeline.stage import GraphType
from analytics.settings import TABLE
from analytics.web.openapi import describe
from devtool.commands import parser
from devtool.docs import blocks, fields
from devtool.docs.pages import BLOCK, PAGES, renewed
from devtool.places import ROOT
from tests.test_layers import LEVEL

DOCS = ROOT / "docs"
ALL_PAGES = (*PAGES, ROOT / "CONTRIBUTING.md", ROOT / "SECURITY.md", ROOT / "CHANGELOG.md")
#: Variables that are not settings of the service.
OTHERS = {"MAESTRO_TEST_EXAMPLES"}


def named(page: Path) -> str:
    """A page in the name of a test."""
    return str(page.relative_to(ROOT))


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_what_is_taken_from_the_code_is_up_to_date(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert renewed(text) == text, "run python3 -m devtool docs"
    assert len(BLOCK.findall(text)) == text.count("<!-- begin "), "a block without its end"


@pytest.mark.parametrize("kind", fields.READERS)
def test_every_field_that_is_read_is_described_and_no_other(kind: str) -> None:
    assert fields.asked(kind) == fields_of(kind).keys()
    assert f"<!-- begin fields {kind} -->" in (DOCS / "inventory.md").read_text(encoding="utf-8")


def test_every_key_in_redis_is_in_the_list_and_no_other() -> None:
    code = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "analytics").rglob("*.py"))
    used = set(re.findall(r'"am:([a-z_]+)', code)) | set(re.findall(r'\bkey\(\s*"([a-z_]+)"', code))
    listed = set(re.findall(r"^\| `am:([a-z_]+)", (DOCS / "architecture.md").read_text(encoding="utf-8"), re.MULTILINE))
    assert used == listed


def test_every_part_is_in_the_architecture() -> None:
    table = re.findall(r"^\| (`.*?`) \|", (DOCS / "architecture.md").read_text(encoding="utf-8"), re.MULTILINE)
    parts = {word for row in table for word in re.findall(r"`([a-z_]+)`", row)}
    assert LEVEL.keys() - {"", "__main__"} <= parts


@pytest.mark.parametrize("hook", blocks.hooks())
def test_every_hook_has_a_page_with_an_example(hook: str) -> None:
    text = (DOCS / "hooks" / f"{hook}.md").read_text(encoding="utf-8")
    assert text.startswith(f"# {hook}\n")
    assert f"<!-- begin hook {hook} -->" in text
    names = re.findall(r"<!-- begin example (\S+) -->", text)
    assert names
    for name in names:
        assert f"def {hook}(" in (ROOT / "devtool" / "examples" / name).read_text(encoding="utf-8")
    assert hook in (DOCS / "hooks" / "index.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("page", ALL_PAGES, ids=named)
def test_every_variable_and_command_exists(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    known = {name for one in TABLE for name in (one.name, *one.also)} | OTHERS
    known |= {f"{one.name}_FILE" for one in TABLE if one.secret}
    assert set(re.findall(r"\b(?:MAESTRO|REDIS|CELERY|CELERYD)_[A-Z_]+\b", text)) <= known
    commands = blocks.subcommands(parser())
    assert set(re.findall(r"python3 -m devtool ([a-z]+)", text)) <= commands.keys()
    assert set(re.findall(r"`analytics ([a-z-]+)", text)) <= blocks.subcommands(blocks.cli_parser()).keys()


@pytest.mark.parametrize("reader", sorted(set(blocks.registry().readers) - {"inventory"}))
def test_every_format_has_a_page_with_a_command_that_collects(reader: str) -> None:
    text = (DOCS / "sources" / f"{reader.partition('-')[0]}.md").read_text(encoding="utf-8")
    assert "\n    analytics draw " in text
    assert "## What becomes what" in text
    assert "## What is not taken" in text
    assert re.search(r"\n    (?!analytics )\S|export|catalog-info", text), "the command that collects"


def test_every_field_of_a_graph_type_is_described() -> None:
    text = (DOCS / "hooks" / "analytics_graph_types.md").read_text(encoding="utf-8")
    described = set(re.findall(r"^\| `(\w+)` \|", text, re.MULTILINE))
    assert {one.name for one in dataclasses.fields(GraphType)} - {"name", "stages"} == described


def test_every_field_of_a_request_is_named() -> None:
    document = describe(blocks.registry().graph_types, blocks.registry().formats, object_ids=True)
    body = document["paths"]["/graph"]["post"]["requestBody"]["content"]["application/json"]["schema"]
    (asked,) = re.findall(r"## Ask for a graph\n(.*?)\n## ", (DOCS / "rest.md").read_text(encoding="utf-8"), re.DOTALL)
    fields_of = {name for one in body["oneOf"] for name in one["properties"]}
    assert not {name for name in fields_of if f"`{name}`" not in asked and f'"{name}"' not in asked}


def slugs(page: Path) -> set[str]:
    """The anchors of a page's headings."""
    heads = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", head.lower()).replace(" ", "-") for head in heads}


@pytest.mark.parametrize("page", ALL_PAGES, ids=named)
def test_every_link_leads_somewhere(page: Path) -> None:
    for link in re.findall(r"\]\(([^)\s]+)\)", page.read_text(encoding="utf-8")):
        if "://" in link:
            continue
        file, _, anchor = link.partition("#")
        target = page.parent / file if file else page
        assert target.is_file(), f"{link}: no such file"
        assert not anchor or anchor in slugs(target), f"{link}: no such heading"


def test_every_metric_in_an_alert_exists() -> None:
    text = (DOCS / "operations.md").read_text(encoding="utf-8")
    (alerts,) = re.findall(r"```yaml\n(.*?)```", text, re.DOTALL)
    known = set(re.findall(r"`(analytics_\w+)`", blocks.metrics_table()))
    used = set(re.findall(r"\b(analytics_\w+)", alerts))
    assert used
    assert used <= known


@pytest.mark.parametrize("page", [ROOT / "README.md", DOCS / "index.md"], ids=named)
@pytest.mark.parametrize("kind", ["business", "infra", "network"])
def test_the_inventory_on_the_page_can_be_drawn(page: Path, kind: str, tmp_path: Path) -> None:
    (estate,) = re.findall(r"```yaml\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL)
    (tmp_path / "estate.yaml").write_text(estate)
    assert main(["draw", str(tmp_path / "estate.yaml"), "--type", kind, "-o", str(tmp_path / "out.svg")]) == 0


def test_the_readme_names_the_stages_of_a_business_graph_in_order() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8").partition("ten stages")[2]
    steps = [step.name for step in blocks.registry().plans["business"]]
    assert len(steps) == 10
    assert re.findall(r"`(\w+)`", text)[:10] == steps


def test_the_pictures_are_small() -> None:
    pictures = list((DOCS / "pictures").iterdir())
    drawn = {f"{kind}{ending}" for kind in ("business", "infra", "network") for ending in ("", "-dark", "-other")}
    assert {picture.stem for picture in pictures} == {*drawn, "symbols", "viewer"}
    assert all(picture.stat().st_size < 200_000 for picture in pictures)


def test_the_glossary_is_in_order() -> None:
    text = (DOCS / "concepts.md").read_text(encoding="utf-8").partition("## Glossary")[2]
    words = re.findall(r"^\| ([^|]+) \|", text, re.MULTILINE)[2:]
    assert words == sorted(words, key=str.lower)


def test_flask_finds_the_application_by_itself() -> None:
    env = {**os.environ, "MAESTRO_ENV": "development"}
    command = [sys.executable, "-m", "flask", "routes"]
    said = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=True).stdout
    assert "/health/ready" in said
