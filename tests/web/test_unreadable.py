"""A graph whose stored state cannot be read: the REST face says so, takes it anew, and never answers 500."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import cast

import pytest
from redis import Redis

from analytics.model.artifacts import Drawing, Statistics
from analytics.pipeline.plan import artifact_field
from analytics.runs.abandon import UNREADABLE
from devtool.testkit.deployment import Deployment, deployed, until
from tests.estates import OWNER, oid, shop

PATHS = ("", ".svg", ".json", ".md")


@pytest.fixture(scope="module")
def service() -> Iterator[Deployment]:
    """Web processes and workers over the shop, whose reapers act early."""
    with deployed(shop(), haste=True) as deployment:
        deployment.start_web()
        deployment.start_workers(1)
        yield deployment


def run_torn(redis: Redis, graph: str, run_id: str) -> None:
    redis.hset(f"am:run:{run_id}", "run", b'["torn')


def run_of_another_type(redis: Redis, graph: str, run_id: str) -> None:
    redis.delete(f"am:run:{run_id}")
    redis.lpush(f"am:run:{run_id}", "x")


def pointer_of_another_type(redis: Redis, graph: str, run_id: str) -> None:
    redis.delete(f"am:graph:{graph}")
    redis.lpush(f"am:graph:{graph}", "x")


def shown_of_another_type(redis: Redis, graph: str, run_id: str) -> None:
    redis.delete(f"am:shown:{graph}")
    redis.lpush(f"am:shown:{graph}", "x")


def artifacts_of_another_type(redis: Redis, graph: str, run_id: str) -> None:
    redis.delete(f"am:art:{run_id}")
    redis.lpush(f"am:art:{run_id}", "x")


def drawing_torn(redis: Redis, graph: str, run_id: str) -> None:
    redis.hset(f"am:art:{run_id}", artifact_field(Drawing), b'["<svg')


def statistics_torn(redis: Redis, graph: str, run_id: str) -> None:
    redis.hset(f"am:art:{run_id}", artifact_field(Statistics), b"\x28\xb5\x2f\xfdnonsense")


def type_unknown_to_web(redis: Redis, graph: str, run_id: str) -> None:
    raw = cast(bytes, redis.hget(f"am:run:{run_id}", "run"))
    redis.hset(f"am:run:{run_id}", "run", raw.replace(b'"business"', b'"someday"'))


SPOILT = (
    run_torn,
    run_of_another_type,
    pointer_of_another_type,
    shown_of_another_type,
    artifacts_of_another_type,
    drawing_torn,
    statistics_torn,
)


def drawn(service: Deployment, graph: str) -> str:
    """A graph that has been drawn; its run."""
    assert service.post(graph, OWNER)[0] == 201
    state = service.wait(graph)
    assert state["state"] == "finished"
    return str(state["run"])


@pytest.mark.parametrize("spoil", SPOILT, ids=lambda spoil: spoil.__name__)
def test_what_cannot_be_read_is_410_with_a_sentence_and_can_be_asked_for_anew(
    service: Deployment, spoil: Callable[[Redis, str, str], None]
) -> None:
    graph = oid(100 + SPOILT.index(spoil))
    run_id = drawn(service, graph)
    with service.redis.client() as redis:
        spoil(redis, graph, run_id)
    answers = {path: service.call("GET", f"/graph/{graph}{path}") for path in PATHS}
    statuses = {status for status, _, _ in answers.values()}
    assert statuses <= {200, 404, 410}
    assert 410 in statuses
    for status, body, _ in answers.values():
        if status == 410:
            assert body == {"message": {"graph": UNREADABLE}, "error": "unreadable"}
    assert drawn(service, graph) != run_id
    assert {service.call("GET", f"/graph/{graph}{path}")[0] for path in PATHS} == {200}


def test_a_run_in_work_that_is_torn_ends_in_the_data_app_and_is_410_before_and_after(service: Deployment) -> None:
    graph = oid(200)
    service.servers["data"].arm("/servers", "late", times=1, argument=1.5)
    assert service.post(graph, OWNER)[0] == 201
    with service.redis.client() as redis:
        run_id = redis.get(f"am:graph:{graph}").decode()
        until(lambda: redis.zcount("am:leases", "-inf", "+inf"), 10, "a lease")
        redis.hset(f"am:run:{run_id}", "run", b'["' + run_id.encode() + b'","' + graph.encode())
        assert service.call("GET", f"/graph/{graph}")[0] == 410
        until(lambda: service.data.statuses(graph)[-1:] == ["error"], 30, "the sentence")
        assert redis.exists(f"am:aside:run:{run_id}")
    written = [one for one in service.data.written if one["_id"] == graph][-1]
    assert written == {"_id": graph, "status": "error", "msg": UNREADABLE}
    assert service.call("GET", f"/graph/{graph}")[0] == 410
    metrics = service.call("GET", "/metrics")[1]
    assert 'analytics_unreadable_total{kind="run"}' in metrics
    lines = (service.folder / "workers.log").read_text()
    assert lines.count(f'"key": "run:{run_id}"') == 1, "logged once"


def test_a_run_of_a_type_that_web_does_not_know_is_shown_with_the_stages_it_has(service: Deployment) -> None:
    graph = oid(300)
    run_id = drawn(service, graph)
    with service.redis.client() as redis:
        type_unknown_to_web(redis, graph, run_id)
    status, body, _ = service.call("GET", f"/graph/{graph}")
    assert (status, body["type"], body["state"]) == (200, "someday", "finished")
    assert "entry" in [stage["name"] for stage in body["stages"]]
