"""The public fakes: what a test of a plugin is written with."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from analytics.documents import Application
from analytics.model import Drawing
from analytics.settings import ROOT
from analytics.testing import FakeFront, FakeNotifier, FakeStatus, context, draw, inventory, plugins_with
from tests.sure import sure

EXAMPLES = ROOT / "devtool" / "examples"
ESTATE: dict[str, list[dict[str, Any]]] = {
    "applications": [{"name": "Web", "provider": "hcloud", "deps": ["Ledger"]}, {"name": "Ledger"}],
    "systems": [{"name": "Shop", "entry": ["Web"]}],
}


@pytest.fixture(autouse=True)
def own_plugins_afterwards() -> Iterator[None]:
    """Providers and symbols are the whole process's."""
    yield
    plugins_with()


def test_a_graph_is_drawn_and_everybody_is_told() -> None:
    world = context(inventory(ESTATE))
    drawn = draw(ESTATE, world=world)
    assert drawn.outcome.level == "finished"
    assert (world.front, world.status, world.notifier) == (
        FakeFront({"drawn": sure(drawn.artifact(Drawing)).svg}),
        world.status,
        FakeNotifier([("Finish Graph", "success")]),
    )
    assert isinstance(world.status, FakeStatus)
    assert world.status.written[-1]["status"] == "finished"


def test_the_documents_that_were_given_are_left_as_they_were() -> None:
    inventory(ESTATE)
    assert ESTATE["applications"][0]["deps"] == ["Ledger"]
    assert [app.name for app in inventory(ESTATE).find(Application)] == ["Ledger", "Web"]


def test_plugins_of_one_test_are_forgotten_in_the_next() -> None:
    before = sure(draw(ESTATE).artifact(Drawing)).svg
    with_provider = sure(draw(ESTATE, plugins=[EXAMPLES / "hetzner.py"]).artifact(Drawing)).svg
    after = sure(draw(ESTATE).artifact(Drawing)).svg
    assert "Hetzner" in with_provider
    assert "Hetzner" not in before
    assert before == after
