"""The viewer in one file: from a disk, without a network, and with nothing of the inventory run as code."""

import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

from analytics.model.artifacts import Drawing
from analytics.viewing.onefile import modules, to_html
from tests.estate_runs import kept, run
from tests.estates import OWNER, application
from tests.export.test_export import hostile_grid
from tests.sure import sure
from tests.web.browser import QUIET, chromium


def test_it_works_from_a_disk_without_a_network(tmp_path: Path) -> None:
    applications = [application(1, 2, name="Front door"), application(2, name="Orders")]
    grid = sure(run(kept({"applications": applications}), "business", owner=OWNER).artifact(Drawing)).grid
    page_file = tmp_path / "shop.html"
    page_file.write_text(to_html(grid))
    wrong: list[str] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=QUIET)
        page = browser.new_context(offline=True).new_page()
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("console", lambda said: wrong.append(said.text) if said.type == "error" else None)
        page.on("request", lambda asked: wrong.append(asked.url) if asked.url.startswith("http") else None)
        page.goto(page_file.as_uri())
        page.wait_for_selector("svg .boundaries")
        page.locator("#needle").fill("orders")
        page.keyboard.press("Enter")
        page.get_by_role("heading", name="Orders").wait_for()
        assert "Front door" in page.inner_text("#details")
        page.get_by_role("button", name="Flat").click()
        page.get_by_role("button", name="Isometric").wait_for()
        browser.close()
    assert wrong == []


def test_nothing_of_an_inventory_ends_a_script_or_adds_one() -> None:
    text = to_html(hostile_grid())
    assert len(re.findall(r"<script\b", text)) == len(re.findall(r"</script>", text)) == 4
    held = sure(re.search(r'<script type="application/json" id="held">(.*?)</script>', text, re.DOTALL))[1]
    assert "<" not in held
    assert len(json.loads(held)["details"]["nodes"]) == len(hostile_grid().graph.nodes)


def test_its_policy_names_its_scripts_and_allows_no_connection() -> None:
    text = to_html(hostile_grid())
    policy = sure(re.search(r'Content-Security-Policy" content="([^"]*)"', text))[1]
    assert "connect-src" not in policy
    assert policy.startswith("default-src 'none'; ")
    assert "unsafe-inline" not in sure(re.search(r"script-src [^;]*", policy))[0]
    assert policy.count("sha256-") == 3


@pytest.mark.parametrize("name", modules())
def test_every_import_of_the_viewer_is_one_that_the_file_can_answer(name: str) -> None:
    source = (Path(__file__).parents[2] / "analytics" / "web" / "static" / "viewer" / name).read_text()
    asked = re.findall(r"""^(?:import|export)\s+(?:[^"';=]*?\sfrom\s+)?["']([^"']+)["'];""", source, re.MULTILINE)
    assert asked or "import " not in source
    assert {one.removeprefix("./") for one in asked} <= set(modules())
