"""Workers that die, hang, sleep and are told to stop. Real processes, real signals."""

from __future__ import annotations

import contextlib
import itertools
import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from devtool.testkit.deployment import Deployment, children_of, deployed, descendants, until
from devtool.testkit.faults.invariants import assert_invariants
from tests.sure import sure

#: Imported by the pool as a plugin, it kills a worker once in the window named by WINDOW.
HAND_OVER = '''
import os

from analytics import Stage, hookimpl
from analytics.workers.worker import ForkingWorker, InProcessWorker

WINDOW, ONCE = {window!r}, {once!r}


def dies_in(kind, name):
    original = getattr(kind, name)

    def dying(*args, **kwargs):
        try:
            os.close(os.open(ONCE, os.O_CREAT | os.O_EXCL))
        except FileExistsError:
            return original(*args, **kwargs)
        if WINDOW.startswith("after"):
            original(*args, **kwargs)
        os.kill(os.getpid(), 9)

    setattr(kind, name, dying)


for kind in (InProcessWorker, ForkingWorker):
    dies_in(kind, WINDOW.split()[1])


def nothing() -> None:
    """Never part of a graph."""


@hookimpl
def analytics_stages():
    yield Stage("nothing", nothing)
'''


#: Where a worker is between taking a job from the queue and claiming its stage.
WINDOWS = ("before prepare_execution", "after prepare_execution", "before perform_job", "after prepare_job_execution")


@pytest.fixture(scope="module")
def running(documents: dict[str, Any]) -> Iterator[Deployment]:
    """One deployment for the faults that leave it whole; every test starts the pools it needs."""
    with deployed(documents, haste=True) as deployment:
        deployment.start_web(2)
        yield deployment


@pytest.fixture(scope="module")
def unhurried(documents: dict[str, Any]) -> Iterator[Deployment]:
    """Another one, with the waits of the real service."""
    with deployed(documents) as deployment:
        deployment.start_web()
        yield deployment


@pytest.fixture
def stopped(running: Deployment) -> Iterator[Deployment]:
    """The deployment without workers; whatever a test starts is stopped after it."""
    yield running
    stop_pools(running)


def stop_pools(deployment: Deployment) -> None:
    for name in [name for name in deployment.processes if name != "web"]:
        deployment.processes.pop(name).stop()
    for server in deployment.servers.values():
        server.arm("*", "close", times=0)


def graph_ids(kind: int, count: int) -> list[str]:
    return [f"{kind:08x}{number:016x}" for number in range(count)]


def ask(deployment: Deployment, owner: str, ids: list[str], systems: list[dict[str, Any]]) -> None:
    for number, graph in enumerate(ids):
        assert deployment.post(graph, owner, systems=[systems[number % len(systems)]])[0] == 201


def hang_once(deployment: Deployment, path: str, mode: str = "hang") -> int:
    """The next question for ``path`` is not answered; returns how often it was asked before."""
    deployment.servers["data"].arm(path, mode, times=1, argument=0.5)
    return deployment.servers["data"].paths().count(path)


def busy(deployment: Deployment, path: str, before: int) -> None:
    """Wait until ``path`` is asked once more."""
    until(lambda: deployment.servers["data"].paths().count(path) > before, 20, path)


def test_a_fork_killed_in_every_stage_at_start_before_and_after_its_commit_costs_no_graph(
    documents: dict[str, Any], systems: list[dict[str, Any]], sample_owner: str, tmp_path: Path
) -> None:
    points = ",".join(f"*:{point}@{tmp_path}/once" for point in ("start", "before_commit", "after_commit"))
    with deployed(documents, haste=True, TESTKIT_KILL_POINTS=points, MAESTRO_WORKER="fork") as deployment:
        deployment.start_workers(3)
        deployment.start_web()
        ids = graph_ids(1, 6)
        ask(deployment, sample_owner, ids, systems)
        assert_invariants(deployment, ids, seconds=90)
        assert len(list(tmp_path.iterdir())) == 30, "not every stage was killed at every point"
        assert {deployment.state(graph)["state"] for graph in ids} == {"finished"}


def test_a_fork_that_is_killed_is_rescued_within_two_seconds(
    stopped: Deployment, systems: list[dict[str, Any]], sample_owner: str
) -> None:
    stopped.start_workers(1, MAESTRO_WORKER="fork", TESTKIT_HASTE="")  # not in haste: the figure is a promise
    before = hang_once(stopped, "/servers")
    ask(stopped, sample_owner, ids := graph_ids(2, 1), systems)
    busy(stopped, "/servers", before)
    (worker,) = stopped.worker_pids()
    os.kill(children_of(worker)[0], signal.SIGKILL)
    began = time.monotonic()
    busy(stopped, "/servers", before + 1)
    assert time.monotonic() - began <= 2.0
    assert stopped.worker_pids() == [worker], "the worker itself lives on"
    assert_invariants(stopped, ids)


def test_a_fork_killed_in_the_middle_of_every_stage_that_asks_somebody_costs_no_graph(
    stopped: Deployment, systems: list[dict[str, Any]], sample_owner: str
) -> None:
    """Each question hangs once; whoever asks it is killed, and whoever works beside it."""
    questions = [
        *((stopped.servers["data"], path) for path in ("/systems", "/aggregate", "/clients", "/servers")),
        *((stopped.servers["front"], "/graphs"), (stopped.servers["bell"], "/api")),
    ]
    before = [server.paths().count(path) for server, path in questions]
    for server, path in questions:
        server.arm(path, "hang", times=1)
    stopped.start_workers(3, MAESTRO_WORKER="fork")
    ids = graph_ids(11, 6)
    ask(stopped, sample_owner, ids, systems)
    killed: set[str] = set()
    for (server, path), asked in zip(questions, before, strict=True):
        until(lambda server=server, path=path, asked=asked: server.paths().count(path) > asked, 30, path)
        killed |= kill_forks(stopped)
    assert_invariants(stopped, ids)
    assert {stopped.state(graph)["state"] for graph in ids} == {"finished"}
    assert len(killed) >= 6, killed


def kill_forks(deployment: Deployment) -> set[str]:
    """SIGKILL every fork there is; returns the stages and runs they had in hand."""
    with deployment.redis.client() as client:
        held = {run for name in client.smembers("rq:workers") for run in client.smembers(name + b":executions")}
    for worker in deployment.worker_pids():
        for fork in children_of(worker):
            with contextlib.suppress(ProcessLookupError):  # it ended by itself meanwhile
                os.kill(fork, signal.SIGKILL)
    return {run.decode().partition(":")[0] for run in held}


def test_the_parent_of_a_fork_killed_alone_takes_the_fork_along(
    stopped: Deployment, systems: list[dict[str, Any]], sample_owner: str
) -> None:
    stopped.start_workers(1, MAESTRO_WORKER="fork")
    before = hang_once(stopped, "/servers")
    ask(stopped, sample_owner, ids := graph_ids(3, 1), systems)
    busy(stopped, "/servers", before)
    (worker,) = stopped.worker_pids()
    (horse,) = children_of(worker)
    os.kill(worker, signal.SIGKILL)
    until(lambda: not Path(f"/proc/{horse}").exists(), 2, "the fork's end")
    assert_invariants(stopped, ids)


@pytest.mark.parametrize("mode", ["inprocess", "fork"])
@pytest.mark.parametrize("window", WINDOWS)
@pytest.mark.long
def test_a_worker_killed_while_it_is_handed_a_job_loses_no_graph(
    unhurried: Deployment,
    systems: list[dict[str, Any]],
    sample_owner: str,
    tmp_path: Path,
    window: str,
    mode: str,
) -> None:
    """Between the pop and the stage's own claim only the queue's lease knows of the job."""
    (tmp_path / "hand_over.py").write_text(HAND_OVER.format(window=window, once=str(tmp_path / "once")))
    unhurried.start_workers(2, MAESTRO_PLUGINS_DIR=str(tmp_path), MAESTRO_WORKER=mode)
    ids = graph_ids(100 + WINDOWS.index(window) * 2 + (mode == "fork"), 2)
    began = time.monotonic()
    try:
        ask(unhurried, sample_owner, ids, systems)
        assert_invariants(unhurried, ids)
        assert (tmp_path / "once").exists()
        assert time.monotonic() - began < 30
    finally:
        stop_pools(unhurried)


def test_a_worker_killed_between_pop_and_claim_loses_no_graph(
    stopped: Deployment, systems: list[dict[str, Any]], sample_owner: str, tmp_path: Path
) -> None:
    (tmp_path / "hand_over.py").write_text(HAND_OVER.format(window=WINDOWS[0], once=str(tmp_path / "once")))
    stopped.start_workers(2, MAESTRO_PLUGINS_DIR=str(tmp_path))
    began = time.monotonic()
    ask(stopped, sample_owner, ids := graph_ids(4, 2), systems)
    assert_invariants(stopped, ids)
    assert (tmp_path / "once").exists()
    assert time.monotonic() - began < 30


@pytest.mark.parametrize("alone", ["launcher", "supervisor"])
def test_a_supervisor_killed_alone_takes_its_pool_along_and_another_pool_finishes(
    stopped: Deployment, systems: list[dict[str, Any]], sample_owner: str, alone: str
) -> None:
    first = stopped.start_workers(1, "first")
    before = hang_once(stopped, "/servers")
    ask(stopped, sample_owner, ids := graph_ids(5 if alone == "launcher" else 50, 1), systems)
    busy(stopped, "/servers", before)
    children = descendants(first.pid)
    assert len(children) == 3, "the supervisor, a worker and the reaper"
    os.kill(first.pid if alone == "launcher" else stopped.supervisor_pids("first")[0], signal.SIGKILL)
    until(lambda: not any(Path(f"/proc/{pid}").exists() for pid in children), 2, "the end of its children")
    stopped.start_workers(1, "second")
    assert_invariants(stopped, ids)


def test_a_rolling_restart_under_load_loses_nothing_and_repeats_nothing(
    stopped: Deployment, systems: list[dict[str, Any]], sample_owner: str
) -> None:
    stopped.start_workers(1, "one")
    until(lambda: stopped.worker_pids("one"), 10, "a worker")
    ids = graph_ids(6, 18)
    before = stopped.servers["data"].paths().count("/servers")
    stopped.servers["data"].arm("/servers", "late", times=1, argument=3.0)
    ask(stopped, sample_owner, ids, systems)
    busy(stopped, "/servers", before)
    pool = stopped.processes.pop("one")
    began = time.monotonic()
    for process in [*descendants(pool.pid), pool.pid]:  # as a platform does: everybody is told at once
        os.kill(process, signal.SIGTERM)
    stopped.start_workers(1, "two")
    assert pool.popen.wait(30) == 0
    assert time.monotonic() - began < 10
    assert_invariants(stopped, ids)
    states = [stopped.state(graph) for graph in ids]
    assert {state["state"] for state in states} == {"finished"}
    delivered = [one.graph_id for one in stopped.front.stored if one.graph_id in ids]
    assert sorted(delivered) == ids, "every drawing was sent once"
    enrichments = [stage_of(stopped, graph, "enrichment") for graph in ids]
    assert [one["attempts"] for one in enrichments if one["seconds"] > 2.9] == [1], "what was in hand was ended"


@pytest.mark.parametrize("seconds", [6.0, pytest.param(60.0, marks=pytest.mark.long)])
def test_a_worker_that_sleeps_past_its_lease_writes_nothing_when_it_wakes(
    stopped: Deployment, systems: list[dict[str, Any]], sample_owner: str, seconds: float
) -> None:
    """SIGSTOP in the middle of a stage; another worker takes over; SIGCONT."""
    stopped.start_workers(2)
    until(lambda: len(stopped.worker_pids()) == 2, 10, "workers")
    before = hang_once(stopped, "/servers", "drip")
    graph = graph_ids(0x30 + int(seconds), 1)[0]
    ask(stopped, sample_owner, [graph], systems)
    busy(stopped, "/servers", before)
    sleeping = running_worker(stopped)
    os.kill(sleeping, signal.SIGSTOP)
    stopped_at = time.monotonic()
    try:
        assert stopped.wait(graph, 25)["state"] == "finished"
        enrichment = stage_of(stopped, graph, "enrichment")
        assert enrichment["attempts"] == 2
        time.sleep(max(0.0, seconds - (time.monotonic() - stopped_at)))
    finally:
        os.kill(sleeping, signal.SIGCONT)
    until(lambda: sleeping not in stopped.busy_pids(), 15, "the end of what the sleeper was doing")
    assert stage_of(stopped, graph, "enrichment") == enrichment
    assert len([one for one in stopped.front.stored if one.graph_id == graph]) == 1
    assert_invariants(stopped, [graph])


def stage_of(deployment: Deployment, graph: str, name: str) -> dict[str, Any]:
    return next(stage for stage in deployment.state(graph)["stages"] if stage["name"] == name)


def running_worker(deployment: Deployment) -> int:
    """The worker that is in the middle of a stage."""
    return next(pid for pid in deployment.worker_pids() if pid in deployment.busy_pids())


def test_a_job_delivered_twice_runs_once(stopped: Deployment, systems: list[dict[str, Any]], sample_owner: str) -> None:
    """In series, and at once to two workers: what an enqueue whose reply was lost comes to."""
    ids = graph_ids(8, 6)
    ask(stopped, sample_owner, ids, systems)
    with stopped.redis.client() as client:
        jobs = client.lrange("rq:queue:analytics", 0, -1)
        assert len(jobs) == 6
        client.rpush("rq:queue:analytics", *jobs, *jobs)
        client.lpush("rq:queue:analytics", *jobs)
    stopped.start_workers(2)
    assert_invariants(stopped, ids)
    for graph in ids:
        assert {stage["attempts"] for stage in stopped.state(graph)["stages"]} == {1}
        assert len([one for one in stopped.front.stored if one.graph_id == graph]) == 1


def test_of_two_requests_for_one_graph_the_newest_is_shown_however_close_they_are(
    stopped: Deployment, systems: list[dict[str, Any]], sample_owner: str
) -> None:
    stopped.start_workers(2)
    ids = graph_ids(9, 8)
    for number, graph in enumerate(ids):
        stopped.post(graph, sample_owner, systems=[systems[0]])
        time.sleep((0.0, 0.01, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5)[number])
        stopped.post(graph, sample_owner, systems=[systems[1]])
    assert_invariants(stopped, ids)
    for graph in ids:
        assert "Order Fulfilment" in sure(stopped.front.shown(graph)).svg
        assert stopped.data.statuses(graph)[-1] == "finished"


def test_a_worker_that_crashes_at_every_start_is_started_ever_more_slowly(stopped: Deployment, tmp_path: Path) -> None:
    starts = tmp_path / "starts"
    starts.touch()
    (tmp_path / "crash.py").write_text(
        "import os, time\nfrom analytics import hookimpl\nfrom analytics.workers.worker import InProcessWorker\n"
        f"def work(self, **_):\n    with open({str(starts)!r}, 'a') as log:\n"
        "        log.write(f'{time.monotonic()}\\n')\n    os._exit(1)\nInProcessWorker.work = work\n"
        "@hookimpl\ndef analytics_stages():\n    return []\n"
    )
    stopped.start_workers(1, MAESTRO_PLUGINS_DIR=str(tmp_path))
    until(lambda: starts.read_text().count("\n") >= 4, 30, "the fourth start")
    at = [float(line) for line in starts.read_text().split()[:4]]
    pauses = [later - earlier for earlier, later in itertools.pairwise(at)]
    assert [pause >= least for pause, least in zip(pauses, (0.3, 0.8, 1.6), strict=True)] == [True] * 3, pauses


def test_a_killed_reaper_is_replaced_and_rescue_goes_on(
    stopped: Deployment, systems: list[dict[str, Any]], sample_owner: str
) -> None:
    stopped.start_workers(1)
    before = hang_once(stopped, "/servers")
    ask(stopped, sample_owner, ids := graph_ids(10, 1), systems)
    busy(stopped, "/servers", before)
    reaper = stopped.reaper_pid()
    os.kill(reaper, signal.SIGKILL)
    os.kill(stopped.worker_pids()[0], signal.SIGKILL)
    began = time.monotonic()
    assert stopped.wait(ids[0], 30)["state"] == "finished"
    assert time.monotonic() - began < 12
    assert stopped.reaper_pid() not in (0, reaper)
    assert_invariants(stopped, ids)


@pytest.mark.parametrize("ahead", [120, pytest.param(-120, marks=pytest.mark.long)])
def test_a_worker_whose_clock_is_wrong_by_two_minutes_changes_nothing(
    stopped: Deployment, systems: list[dict[str, Any]], sample_owner: str, tmp_path: Path, ahead: int
) -> None:
    (tmp_path / "clock.py").write_text(
        f"import time\nfrom analytics import hookimpl\nright = time.time\ntime.time = lambda: right() + {ahead}\n"
        "@hookimpl\ndef analytics_stages():\n    return []\n"
    )
    stopped.start_workers(1, "right")
    stopped.start_workers(1, "wrong", MAESTRO_PLUGINS_DIR=str(tmp_path))
    ids = graph_ids(20 if ahead > 0 else 21, 8)
    ask(stopped, sample_owner, ids, systems)
    assert_invariants(stopped, ids)
    attempts = {stage["attempts"] for graph in ids for stage in stopped.state(graph)["stages"]}
    assert attempts == {1}
