"""Plugins that raise, hang, leave, exit, eat memory, fork and print: their graphs end, and nobody else's suffers."""

from __future__ import annotations

import shutil
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from devtool.testkit.deployment import Deployment, deployed, spawn, until
from devtool.testkit.faults.invariants import assert_invariants, document

UNRULY = Path(__file__).resolve().parent / "unruly.py"
#: What a person is told of each.
SAID = {
    "raises": "The stage raises failed (RuntimeError).",
    "raises_base": "The stage raises_base failed (KeyboardInterrupt).",
    "hangs": "The stage hangs took longer than its limit of 1 s.",
    "swallows": "The stage swallows took longer than its limit of 1 s.",
    "exits": "The stage exits failed (SystemExit).",
    "gives_wrong": "gives_wrong: The stage gives_wrong gave a int, not a Delivered.",
    "prints": "The stage prints took longer than its limit of 1 s.",
    "leaves": "The stage leaves was lost 2 times: its worker died or hung in it.",
    "eats": "The stage eats was lost 2 times: its worker died or hung in it.",
    "hangs_deaf": "The stage hangs_deaf was lost 2 times: its worker died or hung in it.",
}


@pytest.fixture(scope="module", params=["inprocess", pytest.param("fork", marks=pytest.mark.long)])
def running(request: pytest.FixtureRequest, documents: dict[str, Any]) -> Iterator[Deployment]:
    """A deployment with the unruly stages, in each mode of workers."""
    limits: Any = {"MAESTRO_ATTEMPTS": "2", "MAESTRO_WORKER_MEMORY": "400"}
    with deployed(documents, haste=True, MAESTRO_WORKER=request.param, **limits) as deployment:
        shutil.copy(UNRULY, deployment.plugins)
        deployment.start_workers(4)
        deployment.start_web()
        until(lambda: len(deployment.worker_pids()) == 4, 20, "workers")
        yield deployment


def test_every_unruly_stage_ends_its_graph_with_a_sentence_that_names_it_and_no_other_graph_suffers(
    running: Deployment, systems: list[dict[str, Any]], sample_owner: str
) -> None:
    ids = {name: f"{0x200:08x}{number:016x}" for number, name in enumerate(SAID)}
    others = [f"{0x201:08x}{number:016x}" for number in range(6)]
    for name, graph in ids.items():
        assert running.post(graph, sample_owner, type=f"only_{name}")[0] == 201
    for number, graph in enumerate(others):
        assert running.post(graph, sample_owner, systems=[systems[number]])[0] == 201
    assert_invariants(running, [*ids.values(), *others], seconds=120)
    said = {name: (document(running, graph)["status"], document(running, graph)["msg"]) for name, graph in ids.items()}
    assert said == {name: ("error", sentence) for name, sentence in SAID.items()}
    assert {document(running, graph)["status"] for graph in others} == {"finished"}
    until(lambda: not running.busy_pids(), 15, "the end of every stage that hangs")
    assert running.processes["workers"].log.stat().st_size < 3_000_000, "what stages print is capped"


def test_a_stage_that_forks_gives_one_result_and_leaves_nobody_behind(running: Deployment, sample_owner: str) -> None:
    graph = f"{0x202:024x}"
    before = len(descendants(running.processes["workers"].pid))
    assert running.post(graph, sample_owner, type="only_forks")[0] == 201
    state = running.wait(graph)
    assert (state["state"], state["stages"][0]["attempts"]) == ("finished", 1), state["message"]
    assert state["stages"][0]["seconds"] > 0.25, "the child, which is back at once, has given a result"
    until(lambda: len(descendants(running.processes["workers"].pid)) <= before, 5, "the end of the stage's children")
    assert not orphans()


def descendants(pid: int) -> list[int]:
    """Children, and their children."""
    found = []
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            children = [int(word) for word in task.read_text().split()]
        except OSError:
            continue
        found += [one for child in children for one in (child, *descendants(child))]
    return found


def orphans() -> list[int]:
    """Worker processes that have no pool any more."""
    found = []
    for comm in Path("/proc").glob("[0-9]*/comm"):
        try:
            state, parent = (comm.parent / "stat").read_text().rpartition(")")[2].split()[:2]
            if comm.read_text().startswith("worker ") and parent == "1" and state != "Z":
                found.append(int(comm.parent.name))
        except (OSError, ValueError):
            continue
    return found


def test_a_file_that_does_not_import_stops_the_start_and_is_named(
    documents: dict[str, Any], systems: list[dict[str, Any]], sample_owner: str
) -> None:
    with deployed(documents) as deployment:
        (deployment.plugins / "broken.py").write_text("import nothing_of_this_name\n")
        refused = spawn("refused", [sys.executable, "worker.py"], deployment.env, deployment.folder)
        assert refused.popen.wait(20) == 2
        assert "broken.py" in refused.log.read_text()
        deployment.env["MAESTRO_PLUGINS_STRICT"] = "0"
        deployment.start_workers(1)
        deployment.start_web()
        began = time.monotonic()
        deployment.post("9" * 24, sample_owner, systems=[systems[5]])
        assert_invariants(deployment, ["9" * 24])
        assert time.monotonic() - began < 30
