"""Where Redis has a replica, what was answered is held by it: a master and a replica, real web, real signals."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from redis import ConnectionError as NoConnection
from redis import Redis

from analytics.runs import copies
from analytics.runs.copies import Copies
from devtool.testkit.deployment import Deployment, PrivateRedis, deployed, free_port, until
from tests.estates import OWNER, oid, shop

#: Seconds a request waits for the replica here; real ones wait for less.
WAIT = 1.5


@pytest.fixture
def followed(tmp_path: Path) -> Iterator[tuple[Deployment, PrivateRedis]]:
    """A web process on a Redis with a replica that is up to date."""
    port = free_port()
    replica = PrivateRedis(tmp_path, master=port)
    with deployed(shop(), redis_port=port, MAESTRO_REDIS_WAIT=str(int(WAIT * 1000))) as deployment:
        try:
            replica.start()
            with deployment.redis.client() as master:
                until(lambda: copies.replicas(master) == 1, 10, "a replica")
            deployment.start_web()
            yield deployment, replica
        finally:
            if replica.process is not None:
                replica.process.end()


def told(deployment: Deployment, figure: str) -> float:
    """A figure of ``/metrics``."""
    lines = str(deployment.call("GET", "/metrics")[1]).splitlines()
    return float(next(line.rpartition(" ")[2] for line in lines if line.startswith(f"{figure} ")))


def test_a_request_is_answered_when_the_replica_holds_it_and_after_its_time_when_it_does_not(
    followed: tuple[Deployment, PrivateRedis],
) -> None:
    deployment, replica = followed
    assert replica.process is not None
    answers: dict[int, tuple[int, Any]] = {}

    def ask(number: int) -> None:
        answers[number] = deployment.post(oid(number), OWNER)

    # Awake: what was answered is there at once.
    ask(1)
    with replica.client() as copy:
        assert answers[1][0] == 201
        assert copy.exists(f"am:graph:{oid(1)}")
    assert told(deployment, "analytics_redis_replicas") == 1
    assert told(deployment, "analytics_uncopied_total") == 0

    # Asleep: nothing is answered until it wakes, and then it is there.
    replica.process.popen.send_signal(signal.SIGSTOP)
    thread = threading.Thread(target=ask, args=(2,))
    thread.start()
    with deployment.redis.client() as master:
        until(lambda: master.get(copies.COPIED) and master.exists(f"am:graph:{oid(2)}"), 10, "the request")
    time.sleep(0.2)
    assert 2 not in answers
    replica.process.popen.send_signal(signal.SIGCONT)
    thread.join()
    assert answers[2][0] == 201
    with replica.client() as copy:
        assert copy.exists(f"am:graph:{oid(2)}")

    # Asleep for longer than a request waits: answered all the same, logged and counted.
    replica.process.popen.send_signal(signal.SIGSTOP)
    began = time.monotonic()
    ask(3)
    assert WAIT <= time.monotonic() - began < WAIT + 2
    assert answers[3][0] == 201
    assert told(deployment, "analytics_uncopied_total") == 1
    assert "not every replica of Redis holds an accepted request yet" in (deployment.folder / "web.log").read_text()

    # Gone: nobody waits for it any more.
    replica.process.end()
    with deployment.redis.client() as master:
        until(lambda: copies.replicas(master) == 0, 10, "a lone Redis")
    assert deployment.post(oid(4), OWNER)[0] == 503, "it may have taken over"
    until(lambda: deployment.post(oid(4), OWNER)[0] == 201, 3 * copies.REMEMBERED, "that it has left for good")
    began = time.monotonic()
    ask(4)
    assert time.monotonic() - began < WAIT
    assert answers[4][0] == 201
    assert "Redis has no replica any more" in (deployment.folder / "web.log").read_text()


def test_a_replica_that_takes_over_has_every_request_that_was_answered(
    followed: tuple[Deployment, PrivateRedis],
) -> None:
    deployment, replica = followed
    answered = [oid(number) for number in range(1, 31) if deployment.post(oid(number), OWNER)[0] == 201]
    deployment.redis.stop(signal.SIGKILL)
    with replica.client() as taking_over:
        taking_over.execute_command("REPLICAOF NO ONE")
        assert len(answered) == 30
        assert [graph for graph in answered if not taking_over.exists(f"am:graph:{graph}")] == []


def test_a_lone_redis_is_not_waited_for(redis: Redis) -> None:
    began = time.monotonic()
    assert Copies(redis, 30.0).confirm("run")
    assert time.monotonic() - began < 10


def test_another_redis_that_does_not_know_the_request_is_no_answer(
    redis: Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(copies, "replicas", lambda _redis: 1)
    with pytest.raises(NoConnection, match="taken this one's place"):
        Copies(redis, 0.05).confirm("a run of the one before")
    redis.hset("am:run:known", "run", "x")
    assert not Copies(redis, 0.05).confirm("known")
    assert Copies(redis, 0.0).confirm("known"), "0 does not wait"
