"""Pages of a report: links that resolve, nothing written twice, hostile names, a database."""

import json
import re
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from analytics.cli import main
from tests.estates import application, oid, server, system
from tests.web.browser import launched

Estate = dict[str, list[dict[str, Any]]]


def estate() -> Estate:
    client = {"_id": oid(70), "name": "Acme | <b>", "contacts": [{"channel": "Email", "value": "it@acme.example"}]}
    roles = application(1)["roles"]
    return {
        "applications": [
            application(1, 2, name="Web", system=[{"_id": oid(50), "name": "Shop"}]),
            application(2, name="<script>alert(1)</script>", system=[{"_id": oid(51), "name": "Back"}]),
        ],
        "systems": [
            system(50, 1, name="Shop", clients=[{"_id": oid(70), "name": "Acme"}]),
            system(51, 2, name="Back"),
        ],
        "clients": [client | {"roles": roles, "active": True}],
        "servers": [server(10, 1), server(11, 2)],
        "datacenters": [{"_id": oid(900), "name": "East", "provider": "AWS", "roles": roles, "active": True}],
    }


@pytest.fixture
def site(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> tuple[Path, Path]:
    path = tmp_path / "estate.json"
    path.write_text(json.dumps(estate()))
    folder = tmp_path / "site"
    assert main(["report", str(path), "--pack", "ownership", "-o", str(folder)]) == 0
    assert "5 pages" in capsys.readouterr().err
    return path, folder


def test_every_link_leads_to_a_file(site: tuple[Path, Path]) -> None:
    pages = [*site[1].rglob("*.html"), *site[1].rglob("*.md")]
    assert len(pages) == 10
    for page in pages:
        text = page.read_text()
        links = (
            re.findall(r'(?:href|src)="([^"]+)"', text)
            if page.suffix == ".html"
            else re.findall(r"\]\(([^)]+)\)", text)
        )
        assert links
        for link in links:
            assert (page.parent / link).is_file(), f"{page}: {link}"


def test_a_page_says_what_an_operator_needs(site: tuple[Path, Path]) -> None:
    shop = (site[1] / "systems" / f"{oid(50)}.html").read_text()
    assert "it@acme.example" in shop
    assert "<script>alert" not in shop
    assert "broken, has-team: Web has no team" in shop
    assert "What brings it down by failing alone" in shop
    assert "host-11" in shop
    east = (site[1] / "datacenters" / f"{oid(900)}.html").read_text()
    assert "If it fails" in east
    assert "is entered by Web" in east
    text = (site[1] / "clients" / f"{oid(70)}.md").read_text()
    assert text.startswith("# Acme \\| ")
    assert "<b>" not in text


def test_only_what_changed_is_written(site: tuple[Path, Path], capsys: pytest.CaptureFixture[str]) -> None:
    path, folder = site
    words = ["report", str(path), "--pack", "ownership", "-o", str(folder)]
    assert main(words) == 0
    assert " 0 of " in capsys.readouterr().err
    after = estate()
    after["systems"].pop()
    after["applications"][1]["system"] = []
    path.write_text(json.dumps(after))
    for expected in ("4 pages", " 0 of "):
        assert main(words) == 0
        assert expected in capsys.readouterr().err
        assert "not in the inventory any more" in (folder / "systems" / f"{oid(51)}.html").read_text()


def test_a_database_answers_free_questions(tmp_path: Path) -> None:
    path, file = tmp_path / "estate.json", tmp_path / "estate.sqlite"
    path.write_text(json.dumps(estate()))
    for _ in range(2):
        assert main(["report", str(path), "--pack", "ownership", "-o", str(file)]) == 0
    with sqlite3.connect(file) as database:
        asked = "SELECT t.name FROM weak_points w JOIN things t ON t.id = w.thing WHERE w.kind = 'servers' ORDER BY 1"
        assert {row[0] for row in database.execute(asked)} == {"host-10", "host-11"}
        assert database.execute("SELECT count(*) FROM findings WHERE rule = 'has-team'").fetchone() == (2,)
    database.close()


def test_things_in_a_picture_lead_to_their_pages(site: tuple[Path, Path]) -> None:
    folder = site[1]
    index = (folder / "index.html").read_text()
    width, height = map(float, re.findall(r'<svg viewBox="0 0 ([\d.]+) ([\d.]+)">', index)[0])
    area = r'<a href="([^"]+)"><title>([^<]*)</title><path transform="translate\(([-\d.]+),([-\d.]+)\)" d="M'
    links = re.findall(area, index)
    assert {(to, name) for to, name, *_ in links} == {
        (f"systems/{oid(50)}.html", "Web"),
        (f"systems/{oid(51)}.html", "&lt;script&gt;alert(1)&lt;/script&gt;"),
    }
    for _, _, x, y in links:
        assert 0 <= float(x) <= width
        assert 0 <= float(y) <= height
    shop = (folder / "systems" / f"{oid(50)}.html").read_text()
    assert "<title>Web</title>" not in shop  # it leads here
    assert f'<a href="../systems/{oid(51)}.html"><title>&lt;script' in shop
    with launched() as browser:
        page = browser.new_page(viewport={"width": 700, "height": 900})
        page.goto((folder / "index.html").as_uri())
        page.locator("figure svg a").first.click()
        page.wait_for_url(f"**/systems/{oid(50)}.html")
