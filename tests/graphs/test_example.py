"""The example of a dropped-in graph type: the file works by itself, and the README shows that very file."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

from analytics.inventory import OwnedInventory
from analytics.model.artifacts import Drawing, GraphRequest
from analytics.pipeline.context import Context
from analytics.pipeline.local import run_steps
from analytics.pipeline.registry import load_configured
from analytics.settings import read
from tests.conftest import ROOT
from tests.estate_runs import Unsent, kept
from tests.estates import OWNER, document, oid, system

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
    drawing = result.artifact(Drawing)
    assert result.outcome.level == "finished"
    assert (drawing.nodes, drawing.tally.found, drawing.tally.complete) == (4, 4, True)
    assert all(name in drawing.svg for name in ("Ada", "Grace", "Shop", "Blog"))


def test_the_readme_shows_the_example_as_it_is() -> None:
    blocks = re.findall(r"```python\n(.*?)```", (ROOT / "README.md").read_text(), re.DOTALL)
    assert EXAMPLE.read_text() in blocks
