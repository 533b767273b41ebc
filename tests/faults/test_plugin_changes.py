"""Plugins that change while graphs are drawn: pools that hold others than web, and pools that begin anew."""

from __future__ import annotations

import json
import signal
from collections.abc import Iterator
from typing import Any

import pytest

from analytics.runs.queries import StoredRuns
from devtool.testkit.deployment import Deployment, Process, deployed, until
from devtool.testkit.faults.invariants import assert_invariants

COST = '''
import time

from analytics import GraphType, Stage, hookimpl
from analytics.model import Delivered


def add_up() -> Delivered:
    """A stage of its own."""
    time.sleep({seconds})
    return Delivered("added up")


@hookimpl
def analytics_stages():
    yield Stage("add_up", add_up, timeout=20)


@hookimpl
def analytics_graph_types():
    yield GraphType("cost", {{"add_up": ()}}, always=("notification", "websocket"), title={title!r})
'''


def cost(seconds: float = 0.0, title: str = "Cost") -> str:
    return COST.format(seconds=seconds, title=title)


@pytest.fixture
def fresh(documents: dict[str, Any]) -> Iterator[Deployment]:
    """A deployment in which nothing runs yet but Redis and the neighbours."""
    with deployed(documents, haste=True, MAESTRO_PLUGIN_WAIT="5") as deployment:
        yield deployment


def graph_ids(kind: int, count: int) -> list[str]:
    return [f"{kind:08x}{number:016x}" for number in range(count)]


def logged(deployment: Deployment, name: str, event: str) -> bool:
    lines = (deployment.folder / f"{name}.log").read_text().splitlines()
    return any(json.loads(line)["event"] == event for line in lines if line.startswith("{"))


def ready(deployment: Deployment) -> dict[str, Any]:
    answer: dict[str, Any] = deployment.call("GET", "/health/ready")[1]
    return answer


def alive(deployment: Deployment, count: int = 1) -> None:
    until(lambda: ready(deployment)["pools"]["alive"] == count, 10, f"{count} pools")


def anew(deployment: Deployment, pool: Process, name: str = "workers") -> None:
    """Have the pool begin anew, and wait for it."""
    before = deployment.supervisor_pids(name)
    pool.popen.send_signal(signal.SIGHUP)
    until(lambda: (now := deployment.supervisor_pids(name)) and not set(now) & set(before), 30, "another supervisor")


def test_a_type_that_no_pool_knows_is_refused_with_a_reason_and_other_graphs_are_drawn(
    fresh: Deployment, sample_owner: str, systems: list[dict[str, Any]]
) -> None:
    fresh.start_workers(1)
    until(lambda: fresh.worker_pids(), 20, "a worker")
    (fresh.plugins / "cost.py").write_text(cost())
    fresh.start_web()
    alive(fresh)
    odd, fine = graph_ids(1, 17), graph_ids(2, 3)
    for graph in odd:
        status, body, headers = fresh.call("POST", "/graph", {"_id": graph, "owner_id": sample_owner, "type": "cost"})
        assert (status, body["error"], headers["Retry-After"]) == (503, "unknown_to_workers", "30")
        assert "cost" in body["message"]["type"]
    for graph in fine:
        assert fresh.post(graph, sample_owner, systems=[systems[0]])[0] == 201
    for graph in fine:
        assert fresh.wait(graph)["state"] == "finished"
    said = ready(fresh)
    assert said["pools"] == {"alive": 1, "differing": 1, "held_back": 0}
    assert "differ" in said["plugins"]
    (pool,) = fresh.call("GET", "/plugins")[1]["pools"]
    assert not pool["same"]
    assert [source.rpartition("/")[2] for source in pool["missing"]] == ["cost.py"]


def test_graphs_accepted_before_any_pool_was_alive_end_in_words_and_stop_nobody(
    fresh: Deployment, sample_owner: str, systems: list[dict[str, Any]]
) -> None:
    (fresh.plugins / "cost.py").write_text(cost())
    fresh.start_web()
    odd, fine = graph_ids(1, 17), graph_ids(2, 3)
    for graph in odd:
        assert fresh.post(graph, sample_owner, "cost")[0] == 201
    for graph in fine:
        assert fresh.post(graph, sample_owner, systems=[systems[0]])[0] == 201
    (fresh.plugins / "cost.py").unlink()
    fresh.start_workers(1)
    for graph in fine:
        assert fresh.wait(graph)["state"] == "finished"
    until(lambda: ready(fresh)["graphs"]["parked"] == 17, 20, "graphs outside of the window")
    assert fresh.state(odd[0])["message"] == "Waiting for workers that hold its plugin"
    for graph in odd:
        state = fresh.wait(graph)
        assert state["state"] == "error"
        assert "graph type cost" in state["message"]
    assert_invariants(fresh, [*odd, *fine])


def test_on_sighup_a_pool_begins_anew_with_what_the_folder_then_holds_and_loses_nothing(
    fresh: Deployment, sample_owner: str, systems: list[dict[str, Any]]
) -> None:
    (fresh.plugins / "cost.py").write_text(cost(seconds=1.5))
    pool = fresh.start_workers(2)
    fresh.start_web()
    alive(fresh)
    ids = graph_ids(1, 30)
    assert fresh.post(ids[0], sample_owner, "cost")[0] == 201
    until(lambda: fresh.busy_pids(), 10, "a worker with a job")
    (fresh.plugins / "cost.py").write_text(cost(title="Cost of now"))
    (fresh.plugins / "later.py").write_text(cost().replace("add_up", "later").replace('"cost"', '"later"'))
    pool.popen.send_signal(signal.SIGHUP)
    for number, graph in enumerate(ids[1:]):
        assert fresh.post(graph, sample_owner, systems=[systems[number % len(systems)]])[0] == 201
    for graph in ids:
        assert fresh.wait(graph, 60)["state"] == "finished"
    with fresh.redis.client() as client:  # a job may be popped and not begun: it is queued again, and nothing repeated
        runs = [StoredRuns(client).newest(graph) for graph in ids]
    assert {state.losses for run in runs for state in run.stages.values()} == {0}, "no job was cut off"
    until(lambda: len(fresh.supervisor_pids()) == 1, 30, "the end of the old supervisor")
    until(lambda: ready(fresh)["pools"]["differing"] == 1, 10, "the plugins of now")
    (held,) = fresh.call("GET", "/plugins")[1]["pools"]
    names = {kind: [source.rpartition("/")[2] for source in held[kind]] for kind in ("missing", "further", "changed")}
    assert names == {"missing": [], "further": ["later.py"], "changed": ["cost.py"]}
    fresh.processes.pop("web").end()
    fresh.start_web()
    assert fresh.post(graph_ids(2, 1)[0], sample_owner, "later")[0] == 201
    assert fresh.wait(graph_ids(2, 1)[0])["state"] == "finished"
    assert_invariants(fresh, ids[1:])  # the first draws nothing


def test_with_a_broken_plugin_a_pool_keeps_the_plugins_it_has_and_says_so(
    fresh: Deployment, sample_owner: str, systems: list[dict[str, Any]]
) -> None:
    pool = fresh.start_workers(1)
    fresh.start_web()
    alive(fresh)
    before = fresh.supervisor_pids()
    (fresh.plugins / "broken.py").write_text("def broken(:\n")
    pool.popen.send_signal(signal.SIGHUP)
    until(lambda: ready(fresh)["pools"]["held_back"] == 1, 30, "the reason")
    assert "/plugins says why" in ready(fresh)["plugins"]
    assert "broken.py" in fresh.call("GET", "/plugins")[1]["pools"][0]["problem"]
    until(lambda: logged(fresh, "workers", "the pool keeps its plugins: those of now do not load"), 5, "the log")
    assert fresh.supervisor_pids() == before
    (graph,) = graph_ids(1, 1)
    fresh.post(graph, sample_owner, systems=[systems[0]])
    assert fresh.wait(graph)["state"] == "finished"
    (fresh.plugins / "broken.py").unlink()
    anew(fresh, pool)
    until(lambda: ready(fresh)["pools"]["held_back"] == 0, 10, "no reason any more")


def test_a_pool_that_is_told_to_stop_while_it_begins_anew_stops(fresh: Deployment) -> None:
    pool = fresh.start_workers(1)
    until(lambda: fresh.worker_pids(), 20, "a worker")
    pool.popen.send_signal(signal.SIGHUP)
    until(lambda: len(fresh.supervisor_pids()) == 2, 10, "a second supervisor")
    assert pool.stop() == 0
    assert fresh.supervisor_pids() == []
