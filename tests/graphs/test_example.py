"""The examples of plugins: each file works by itself. That the pages show these very files, tests/docs holds."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from analytics.inventory import OwnedInventory
from analytics.model.artifacts import Drawing, GraphRequest
from analytics.pipeline.local import run_steps
from analytics.pipeline.registry import load_configured
from analytics.settings import read
from analytics.testing import context
from devtool.examples import test_costs
from devtool.places import ROOT
from tests.estate_runs import kept
from tests.estates import OWNER, application, document, oid, system
from tests.sure import sure

EXAMPLES = ROOT / "devtool" / "examples"
EXAMPLE = EXAMPLES / "clients.py"


def with_examples(folder: Path, *names: str, **env: str) -> dict[str, str]:
    """Settings of a service with these examples dropped in."""
    folder.mkdir()
    for name in names:
        shutil.copy(EXAMPLES / name, folder)
    return {"MAESTRO_ENV": "development", "MAESTRO_PLUGINS_DIR": str(folder), **env}


@pytest.fixture
def draw(tmp_path: Path) -> Callable[..., str]:
    """Draw with the command and an example dropped in, in a process of its own; what was written."""

    def run(example: str, suffix: str, *applications: dict[str, object], uri: str = "") -> str:
        env = {**os.environ, **with_examples(tmp_path / "plugins", example)}
        documents = {"systems": [system(50, 1, name="Shop")], "applications": list(applications)}
        (tmp_path / "estate.json").write_text(json.dumps(documents))
        out = tmp_path / f"out.{suffix}"
        command = [sys.executable, "-m", "analytics", "draw", uri or str(tmp_path / "estate.json"), "-o", str(out)]
        done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return out.read_text()

    return run


def of_system(number: int, *deps: int, **fields: Any) -> dict[str, Any]:
    """An application of the one system."""
    return application(number, *deps, system=[{"_id": oid(50), "name": "Shop"}], **fields)


def test_the_example_of_an_insertion_adds_a_number_to_the_picture(draw: Callable[..., str]) -> None:
    tagged = {"tags": [{"key": "monthly_cost", "value": "120"}]}
    picture = draw("costs.py", "svg", of_system(1, 2, **tagged), of_system(2, **tagged))
    assert "120 €" in picture


def test_the_numbers_of_the_insertion_and_their_sum_are_in_another_format_too(draw: Callable[..., str]) -> None:
    tagged = {"tags": [{"key": "monthly_cost", "value": "120"}]}
    assert "240 €" in draw("costs.py", "md", of_system(1, 2, **tagged), of_system(2, **tagged))


def test_the_example_of_a_symbol_is_drawn_and_named_in_the_legend(draw: Callable[..., str]) -> None:
    picture = draw("mainframe.py", "svg", application(1, 2), application(2, family="Mainframe"))
    assert "Mainframe (1)" in picture


def test_the_example_of_a_provider_has_its_name_and_colour(draw: Callable[..., str]) -> None:
    picture = draw("hetzner.py", "svg", application(1, provider="hcloud"))
    assert "#b0232a" in picture
    assert "Hetzner" in picture


def test_the_example_of_a_format_writes_nodes_and_lines(draw: Callable[..., str]) -> None:
    text = draw("tgf.py", "tgf", application(1, 2, name="Web"), application(2, name="Orders"))
    nodes, lines = (part.split("\n") for part in text.strip().split("\n#\n"))
    assert {line.split(" ", 1)[1] for line in nodes} == {"Web", "Orders"}
    assert len(lines) == 1


def test_the_example_of_a_source_reads_a_cmdb(draw: Callable[..., str]) -> None:
    estate = {"systems": [{"name": "Shop", "entry": ["Web"]}], "applications": [{"name": "Web"}]}

    class Cmdb(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = json.dumps(estate).encode()
            self.send_response(200 if self.path == "/estate" else 404)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Nothing is said."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Cmdb) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        assert "Web" in draw("cmdb.py", "svg", uri=f"cmdb://127.0.0.1:{server.server_port}")
        server.shutdown()


def test_the_example_of_a_test_passes() -> None:
    test_costs.test_the_costs_of_a_system_are_added_up()


def test_every_example_but_a_stage_of_its_own_is_at_most_thirty_lines() -> None:
    for path in EXAMPLES.glob("*.py"):
        most = 40 if path.name == "datastores.py" else 30
        assert len(path.read_text().splitlines()) <= most, path.name


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
    ctx = context(OwnedInventory(source, OWNER))
    result = run_steps(registry.plans["clients"], GraphRequest("drawn", OWNER, "clients"), ctx, lambda *_: None)
    drawing = sure(result.artifact(Drawing))
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
            ],
        }
    )
    ctx = context(OwnedInventory(source, OWNER))
    request = GraphRequest("drawn", OWNER, "datastores")
    drawing = run_steps(registry.plans["datastores"], request, ctx, lambda *_: None).artifact(Drawing)
    assert drawing is not None
    assert (drawing.nodes, drawing.tally.omitted, drawing.tally.complete) == (2, 2, True)
    assert all(name in drawing.svg for name in ("Orders", "Ledger"))
