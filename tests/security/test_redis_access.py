"""Redis as SECURITY.md advises it: a user of one's own, TLS that checks, and one callable."""

from __future__ import annotations

import re
from typing import Any

import pytest
from redis import Redis
from redis.exceptions import NoPermissionError

from analytics.redis_client import connect_redis
from analytics.settings import ROOT, read
from devtool.testkit.deployment import deployed, until
from devtool.testkit.faults.invariants import assert_invariants
from tests.estates import OWNER, oid, shop

PASSWORD = "of-the-example"


def example() -> list[str]:
    """The command of the example, as it stands in SECURITY.md."""
    (line,) = re.findall(r"^ +(ACL SETUSER .*)$", (ROOT / "SECURITY.md").read_text(), re.MULTILINE)
    return str(line).replace(">PASSWORD", f">{PASSWORD}").split()


def test_the_user_of_the_example_may_do_what_the_service_does_and_no_more() -> None:
    with deployed(shop()) as deployment:
        with deployment.redis.client() as client:
            client.set("of somebody else", "x", ex=600)
            client.execute_command(*example())
        deployment.env["REDIS_URL"] = f"unix://analytics:{PASSWORD}@{deployment.folder}/r.sock?db=0"
        deployment.start_workers(2, MAESTRO_WORKER="fork")
        deployment.start_workers(1, "in process")
        deployment.start_web()
        ids = [oid(number) for number in range(1, 5)]
        for graph in ids:
            deployment.post(graph, OWNER)
        assert_invariants(deployment, ids)
        assert {deployment.state(graph)["state"] for graph in ids} == {"finished"}
        with deployment.redis.client() as client:
            client.hset("am:run:torn", "run", '["torn"')
            client.zadd("am:leases", {"torn entry 1": 0, "no lease": 0})
            until(lambda: client.hgetall("am:unreadable") == {b"run": b"1", b"leases": b"1"}, 10, "what is set aside")
        assert deployment.call("GET", "/rq/0/data/queues.json")[0] == 200
        with deployment.redis.client() as client:
            assert client.execute_command("ACL LOG") == [], "the service asked for something the user may not do"
        with Redis.from_url(deployment.env["REDIS_URL"]) as user:
            for command in (("GET", "of somebody else"), ("FLUSHALL",), ("CONFIG", "GET", "*"), ("ACL", "LIST")):
                with pytest.raises(NoPermissionError):
                    user.execute_command(*command)


@pytest.mark.parametrize("url", ["rediss://:word@127.0.0.1:1/0", "rediss+sentinel://:word@127.0.0.1:1/name/0"])
def test_over_tls_the_servers_certificate_is_checked(url: str) -> None:
    client = connect_redis(read({"REDIS_URL": url}), patient=False)
    connection: Any = client.connection_pool.connection_class(**client.connection_pool.connection_kwargs)
    assert connection.cert_reqs.name == "CERT_REQUIRED"
    assert connection.check_hostname is True


def test_a_password_of_redis_is_in_no_error() -> None:
    for url in ("redis://:hush@[::1", "redis+sentinel://:hush@127.0.0.1:x/name", "redis+sentinel://:hush@127.0.0.1:1"):
        with pytest.raises(Exception) as caught:
            connect_redis(read({"REDIS_URL": url}), patient=False)
        assert "hush" not in str(caught.value)
