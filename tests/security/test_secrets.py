"""Secrets and foreign texts stay where they belong: not in logs, Redis, job data or answers."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from devtool.testkit.deployment import BELL, NOAUTH, SECRET, Deployment, deployed
from tests.estates import OWNER, oid, shop

#: A text that a neighbour's answer holds and nobody may repeat.
CANARY = "canary-in-a-neighbours-answer"


@pytest.fixture(scope="module")
def service() -> Iterator[Deployment]:
    """A deployment that has drawn, failed, refused and been refused."""
    with deployed(shop(), MAESTRO_PATIENCE="0", MAESTRO_LOG_LEVEL="DEBUG") as deployment:
        deployment.start_workers(1)
        deployment.start_web()
        deployment.post(oid(1), OWNER)
        deployment.wait(oid(1))
        for number, path in enumerate(("/systems", "/aggregate", "/servers", "/graphs"), 2):
            deployment.servers["data"].arm(path, "status", times=3, argument=500, headers={"X-Reason": CANARY})
            deployment.post(oid(number), OWNER)
            deployment.wait(oid(number), 60)
            deployment.servers["data"].arm(path, "status", times=0)
        deployment.servers["front"].arm("/graphs", "html", times=1, argument=CANARY)
        deployment.post(oid(7), OWNER)
        deployment.wait(oid(7), 60)
        deployment.call("POST", "/graph", {"_id": CANARY, "owner_id": CANARY, "type": CANARY})
        deployment.call("GET", "/types", token=f"JWT {CANARY}")
        yield deployment


def forbidden() -> list[str]:
    """What must not be found; a token of ours begins like every HS256 token does."""
    return [SECRET, NOAUTH, BELL, CANARY]


def test_no_secret_and_no_foreign_text_is_logged(service: Deployment) -> None:
    logs = {process.name: process.log.read_text() for process in service.processes.values()}
    assert logs["web"]
    for name, text in logs.items():
        assert [word for word in (*forbidden(), "eyJ") if word in text] == [], name


def test_every_line_of_the_service_is_one_json_object(service: Deployment) -> None:
    for process in service.processes.values():
        for line in Path(process.log).read_text().splitlines():
            assert json.loads(line)["event"]


def test_no_secret_is_kept_in_redis(service: Deployment) -> None:
    with service.redis.client() as client:
        for key in client.keys("*"):
            raw = client.dump(key) or b""
            kind = client.type(key)
            values = [raw]
            if kind == b"hash":
                values += [part for pair in client.hgetall(key).items() for part in pair]
            elif kind == b"string":
                values.append(client.get(key))
            found = [word for word in forbidden() for value in values if word.encode() in value]
            assert found == [], key


def test_no_secret_is_answered(service: Deployment) -> None:
    for path in ("/", "/health/ready", "/types", "/plugins", "/openapi.json", f"/graph/{oid(1)}", f"/graph/{oid(7)}"):
        body = json.dumps(service.call("GET", path)[1])
        assert [word for word in forbidden() if word in body] == [], path


def test_no_secret_is_in_what_the_neighbours_are_told_of_failures(service: Deployment) -> None:
    told = json.dumps(service.data.written)
    assert "error" in told
    assert [word for word in forbidden() if word in told] == []
