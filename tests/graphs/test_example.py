"""The examples of plugins: each file works by itself. That the pages show these very files, tests/docs holds."""

from __future__ import annotations

import shutil
from pathlib import Path

from analytics.inventory import OwnedInventory
from analytics.model.artifacts import Drawing, GraphRequest
from analytics.pipeline.context import Context
from analytics.pipeline.local import run_steps
from analytics.pipeline.registry import load_configured
from analytics.settings import read
from devtool.places import ROOT
from tests.estate_runs import Unsent, kept
from tests.estates import OWNER, application, document, oid, system

EXAMPLE = ROOT / "devtool" / "examples" / "clients.py"


def test_the_example_dropped_into_an_empty_folder_draws_a_fourth_graph_type(tmp_path: Path) -> None:
    shutil.copy(EXAMPLE, tmp_path / "clients.py")
    registry = load_configured(read({"MAESTRO_ENV": "development", "MAESTRO_PLUGINS_DIR": str(tmp_path)}))
    assert set(registry.graph_types) >= {"business", "infra", "network", "clients"}
    source = kept(
        {
            "systems": [system(50, name="Shop", clients=[{"_id": oid(60)}, {"_id": oid(61)}]), system(51, name="Blog")],
            "clients": [document(60, name="Ada"), document(61, name="Grace")],
        }
    )
    nobody = Unsent()
    ctx = Context("drawn", OwnedInventory(source, OWNER), nobody, nobody, nobody, nobody)
    result = run_steps(registry.plans["clients"], GraphRequest("drawn", OWNER, "clients"), ctx, lambda *_: None)
    drawing = result.artifacts[Drawing]
    assert result.outcome.level == "finished"
    assert (drawing.nodes, drawing.tally.found, drawing.tally.complete) == (4, 4, True)
    assert all(name in drawing.svg for name in ("Ada", "Grace", "Shop", "Blog"))


def test_the_example_of_a_stage_draws_the_data_stores_and_counts_the_rest(tmp_path: Path) -> None:
    shutil.copy(EXAMPLE.with_name("datastores.py"), tmp_path)
    registry = load_configured(read({"MAESTRO_ENV": "development", "MAESTRO_PLUGINS_DIR": str(tmp_path)}))
    source = kept(
        {
            "systems": [system(50, 1)],
            "applications": [
                application(1, 2, 3, name="Web"),
                application(2, 4, name="Orders"),
                application(3, name="Mail"),
                application(4, name="Ledger", family="Database"),
            ]
        }
    )
    nobody = Unsent()
    ctx = Context("drawn", OwnedInventory(source, OWNER), nobody, nobody, nobody, nobody)
    request = GraphRequest("drawn", OWNER, "datastores")
    drawing = run_steps(registry.plans["datastores"], request, ctx, lambda *_: None).artifacts[Drawing]
    assert (drawing.nodes, drawing.tally.omitted, drawing.tally.complete) == (2, 2, True)
    assert all(name in drawing.svg for name in ("Orders", "Ledger"))
