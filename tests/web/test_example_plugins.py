"""The example plugins in a running service: what one file adds stands in picture, formats, statistics and viewer."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from analytics.settings import ROOT
from devtool.testkit.deployment import Deployment, deployed
from tests.estates import OWNER, application, oid, system
from tests.own_plugins import FORMATS
from tests.web.browser import opened

#: How a format writes an amount, where it is not as it is read.
SPELLED = {"json": "'monthly_cost': {}", "mmd": "{} #8364;", "puml": "{} <U+20AC>"}
EXAMPLES = ROOT / "devtool" / "examples"
SHOP = [{"_id": oid(50), "name": "Shop"}]


def costing(number: int, *deps: int, cost: int, **fields: str) -> dict[str, object]:
    """An application of the shop that says what it costs."""
    return application(number, *deps, system=SHOP, tags=[{"key": "monthly_cost", "value": str(cost)}], **fields)


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployment]:
    """A deployment with four examples dropped in, and one graph drawn."""
    folder: Path = tmp_path_factory.mktemp("dropped")
    for name in ("costs", "mainframe", "hetzner", "tgf"):
        shutil.copy(EXAMPLES / f"{name}.py", folder)
    documents = {
        "systems": [system(50, 1, name="Shop")],
        "applications": [
            costing(1, 2, cost=120, name="Web", provider="hcloud"),
            costing(2, cost=80, name="Ledger", family="Mainframe"),
        ],
    }
    with deployed(documents, MAESTRO_PLUGINS_DIR=str(folder)) as deployment:
        deployment.start_web()
        deployment.start_workers(1)
        deployment.post(oid(1), OWNER)
        assert deployment.wait(oid(1))["state"] == "finished"
        yield deployment


def test_a_number_stands_in_the_picture_and_in_every_format_with_its_sum(service: Deployment) -> None:
    for suffix in ("svg", "tgf", *FORMATS):
        body = str(service.call("GET", f"/graph/{oid(1)}.{suffix}")[1])
        for number in (120, 80) if suffix in ("json", "tgf") else (120, 80, 200):
            assert SPELLED.get(suffix, "{} €").format(number) in body, f"{number} is not in .{suffix}"


def test_a_sum_stands_in_the_statistics(service: Deployment) -> None:
    totals = service.state(oid(1))["statistics"]["totals"]
    assert [(one["title"], one["system"], one["value"], one["unit"]) for one in totals] == [
        ("Monthly cost", "Shop", 200, "€"),
        ("Monthly cost", "", 200, "€"),
    ]


def test_the_viewer_shows_number_sum_family_provider_and_format(service: Deployment) -> None:
    with opened() as page:
        page.goto(service.url + service.state(oid(1))["links"]["view"])
        page.wait_for_selector("#stage svg .boundaries")
        page.click("#state")
        assert "Monthly cost, Shop" in page.inner_text("#counts")
        assert "200 €" in page.inner_text("#counts")
        assert page.locator("#stage svg text", has_text="120 €").count() > 0
        assert page.locator("#stage svg text", has_text="Hetzner").count() > 0
        assert page.locator("#stage svg text", has_text="Mainframe").count() > 0
        assert "PlantUML" in page.content()
