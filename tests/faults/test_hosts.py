"""More than one machine: a master that sentinels depose is left at once; a network delays, and cuts connections."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from redis import ConnectionError as NoConnection
from redis import Redis, RedisError

from analytics import settings
from analytics.redis_client import connect_redis
from analytics.runs.copies import Copies, replicas
from devtool.soak.hosts import Guarded, guarded
from devtool.testkit.deployment import PrivateRedis, free_port, until
from devtool.testkit.faults.farproxy import Far

#: Seconds in which a deposed master is left; it takes writes for about ten after a failover by word.
LEFT = 3.0


@pytest.fixture(scope="module")
def redis_of_three() -> Iterator[Guarded]:
    with guarded() as found:
        yield found


def test_a_master_that_was_deposed_is_left_before_it_knows(redis_of_three: Guarded) -> None:
    with connect_redis(settings.read({"REDIS_URL": redis_of_three.url}), patient=True) as client:
        client.set("before", "1")
        old = redis_of_three.master()
        redis_of_three.fail_over()
        changed = time.monotonic()
        with old.client() as deposed:
            written = 0
            while time.monotonic() - changed < LEFT:
                with contextlib.suppress(RedisError):
                    client.set(f"after:{written}", "1")
                    written += 1
                time.sleep(0.1)
            assert deposed.info("replication")["role"] == "master", "it has not been told yet"
            client.set("late", "1")
            assert not deposed.exists("late")
        with redis_of_three.master().client() as master:
            assert master.exists("late", "before") == 2
        assert client.get("late") == b"1"


def test_sentinels_that_are_away_stop_nobody_who_is_connected(redis_of_three: Guarded) -> None:
    with connect_redis(settings.read({"REDIS_URL": redis_of_three.url}), patient=True) as client:
        client.set("here", "1")
        with pytest.MonkeyPatch.context() as patch:

            def away() -> None:
                raise NoConnection("no sentinel answers")

            patch.setattr(client.connection_pool, "get_master_address", away)
            time.sleep(1.1)
            assert client.get("here") == b"1"


def test_nothing_is_accepted_while_a_replica_may_have_taken_the_masters_place(tmp_path: Path) -> None:
    ports = [free_port() for _ in range(3)]
    servers = []
    for number, port in enumerate(ports):
        (tmp_path / str(number)).mkdir()
        servers.append(PrivateRedis(tmp_path / str(number), port, master=ports[0] if number else 0))
    try:
        for server in servers:
            server.start()
        with servers[0].client() as master, servers[1].client() as rising:
            until(lambda: replicas(master) == 2, 10, "two replicas")
            copies = Copies(master, 2.0)
            master.hset("am:run:known", "run", "x")
            assert copies.confirm("known")
            rising.execute_command("REPLICAOF NO ONE")
            until(lambda: replicas(master) == 1, 10, "one replica")
            with pytest.raises(NoConnection, match="may have taken its place"):
                copies.confirm("known")
    finally:
        for server in servers:
            if server.process is not None:
                server.process.end()


def test_a_far_redis_answers_later_and_what_was_cut_connects_again(redis_of_three: Guarded) -> None:
    with (
        Far(f"127.0.0.1:{redis_of_three.master().port}", delay=0.02, cut=1.0) as far,
        Redis.from_url(far.url) as client,
    ):
        began = time.monotonic()
        assert client.ping()
        assert time.monotonic() - began >= 0.04
        until(lambda: far.cuts, 5, "a cut")
        assert until(client.ping, 5, "another connection", RedisError)
        assert far.connections >= 2
