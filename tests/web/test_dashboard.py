"""rq-dashboard: who gets in, that its pages answer, and that a hostile job is only text."""

from __future__ import annotations

import base64
import http.client
import re
from collections.abc import Iterator
from typing import Any, cast

import pytest
from redis import Redis
from rq import Queue
from rq.serializers import JSONSerializer

from devtool.testkit.deployment import Deployment, deployed, until
from tests.estates import OWNER, oid, shop
from tests.web.browser import opened

PASSWORD = "an operator's password"
LOGIN = "Basic " + base64.b64encode(f"ops:{PASSWORD}".encode()).decode()
HOSTILE = "<img src=x onerror=\"document.title='owned'\">"


@pytest.fixture(scope="module")
def service() -> Iterator[Deployment]:
    """A deployment with a worker that is busy for a minute and a failed job that is hostile."""
    with deployed(shop(), MAESTRO_DASHBOARD_PASSWORD=PASSWORD) as deployment:
        deployment.start_web()
        deployment.start_workers(2)
        with Redis.from_url(deployment.redis.url) as client:
            queue = Queue("analytics", connection=client, serializer=JSONSerializer)
            queue.enqueue("os.system", "true", job_id="hostile", description=HOSTILE, meta={"who": HOSTILE})
            until(lambda: "hostile" in queue.failed_job_registry, 15, "the hostile job's failure")
        deployment.servers["data"].arm("/servers", "hang", times=1, argument=60)
        deployment.post(oid(1), OWNER)
        until(lambda: "/servers" in deployment.servers["data"].paths(), 10, "a busy worker")
        yield deployment


def test_it_is_closed_without_a_login(service: Deployment) -> None:
    wrong = "Basic " + base64.b64encode(b"ops:guess").decode()
    empty = "Basic " + base64.b64encode(b"ops:").decode()
    for token in ("", wrong, empty, "Basic !", "JWT x"):
        status, _, headers = service.call("GET", "/rq/", token=token)
        assert status == 401
        assert headers["WWW-Authenticate"].startswith("Basic")


@pytest.mark.parametrize(
    "path",
    [
        "/rq/",
        "/rq/0/view/workers",
        "/rq/0/view/jobs",
        "/rq/0/view/jobs/analytics/failed/8/asc/1",
        "/rq/0/view/job/hostile",
        "/rq/0/data/queues.json",
        "/rq/0/data/workers.json",
        "/rq/0/data/jobs/analytics/failed/8/asc/1.json",
        "/rq/0/data/job/hostile.json",
    ],
)
def test_its_pages_answer_with_json_jobs_and_busy_workers(service: Deployment, path: str) -> None:
    assert service.call("GET", path, token=LOGIN)[0] == 200


def test_the_busy_worker_shows_its_stage(service: Deployment) -> None:
    workers = service.call("GET", "/rq/0/data/workers.json", token=LOGIN)[1]["workers"]
    assert "enrichment" in [w["current_job"]["description"] for w in workers if w["current_job"] != "idle"]


def test_a_job_that_names_another_callable_is_not_run_and_fails(service: Deployment) -> None:
    job = service.call("GET", "/rq/0/data/job/hostile.json", token=LOGIN)[1]
    assert job["status"] == "failed"
    assert "not on the list of allowed ones" in job["exc_info"]


def test_what_is_not_there_is_404(service: Deployment) -> None:
    assert service.call("GET", "/rq/0/view/job/none", token=LOGIN)[0] == 404
    assert service.call("GET", "/rq/7/view/workers", token=LOGIN)[0] == 404


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/rq/job/hostile/delete"),
        ("POST", "/rq/job/hostile/requeue"),
        ("GET", "/rq/requeue/analytics"),
        ("POST", "/rq/requeue/analytics"),
        ("POST", "/rq/queue/analytics/failed/empty"),
        ("POST", "/rq/queue/analytics/compact"),
    ],
)
def test_nothing_can_be_changed_unless_it_is_allowed(service: Deployment, method: str, path: str) -> None:
    status, body, _ = service.call(method, path, token=LOGIN)
    assert (status, body["error"]) == (403, "forbidden")
    assert "MAESTRO_DASHBOARD_ACTIONS" in body["message"]["graph"]


def test_a_hostile_description_is_text_on_every_page(service: Deployment) -> None:
    pages = ["/rq/0/view/job/hostile", "/rq/0/view/jobs/analytics/failed/8/asc/1", "/rq/0/view/workers"]
    with opened(headers={"Authorization": LOGIN}) as page:
        for path in pages:
            page.goto(service.url + path)
            page.wait_for_selector("#rows > *")
            assert page.title() == "RQ dashboard"
            assert page.locator("img").count() == 0
        page.goto(service.url + pages[0])
        page.get_by_text(HOSTILE).first.wait_for()


def test_a_name_in_an_address_is_a_name(service: Deployment) -> None:
    for name in ("%22%2balert(1)%2b%22", "%3Cimg%20src=x%3E", "a'b", "a%20b"):
        assert service.call("GET", f"/rq/0/view/jobs/{name}/queued/8/asc/1", token=LOGIN)[0] == 404
        assert service.call("GET", f"/rq/0/view/job/{name}", token=LOGIN)[0] == 404


def test_names_of_queues_and_workers_are_text(service: Deployment) -> None:
    worker = f"rq:worker:{HOSTILE}"
    said = {"birth": "2026-01-01T00:00:00.0Z", "last_heartbeat": "2026-01-01T00:00:00.0Z"}
    said |= dict.fromkeys(("state", "queues", "hostname", "pid", "version", "python_version"), HOSTILE) | {"pid": "1"}
    with Redis.from_url(service.redis.url) as client:
        client.sadd("rq:queues", f"rq:queue:{HOSTILE}")
        client.sadd("rq:workers", worker)
        client.hset(worker, mapping=cast(Any, said))
        try:
            with opened(headers={"Authorization": LOGIN}) as page:
                for path in ("queues", "workers"):
                    page.goto(f"{service.url}/rq/0/view/{path}")
                    page.get_by_text(HOSTILE).first.wait_for()
                    assert page.locator("img").count() == 0
                    assert page.title() == "RQ dashboard"
        finally:
            client.srem("rq:queues", f"rq:queue:{HOSTILE}")
            client.srem("rq:workers", worker)
            client.delete(worker)


def test_no_script_but_ours_runs_on_its_pages(service: Deployment) -> None:
    """The policy forbids what the escaping should not let through: markup put into a page by hand is dead."""
    for path in ("/rq/", "/rq/0/view/workers", "/rq/0/view/jobs", "/rq/0/view/job/hostile"):
        _, _, headers = service.call("GET", path, token=LOGIN)
        scripts = [part.strip() for part in headers["Content-Security-Policy"].split(";") if "script" in part]
        assert scripts == ["script-src 'self'"]
    with opened(headers={"Authorization": LOGIN}) as page:
        page.goto(f"{service.url}/rq/")
        page.evaluate("text => document.body.insertAdjacentHTML('beforeend', text)", HOSTILE)
        page.wait_for_timeout(200)
        assert page.title() == "RQ dashboard"


def test_its_own_scripts_are_not_served(service: Deployment) -> None:
    for name in ("js/sugar-1.2.1.min.js", "js/jquery-3.5.1.min.js", "css/main.css"):
        assert service.call("GET", f"/rq/static/{name}", token=LOGIN)[0] == 404


@pytest.mark.parametrize(
    "path",
    [
        "jobs/analytics/other/8/asc/1",
        "jobs/analytics/queued/8/up/1",
        "jobs/analytics/queued/0/asc/1",
        "jobs/q/queued/8/asc/0",
    ],
)
def test_lists_that_there_are_not_are_404(service: Deployment, path: str) -> None:
    assert service.call("GET", f"/rq/0/view/{path}", token=LOGIN)[0] == 404
    assert service.call("GET", f"/rq/0/data/{path}.json", token=LOGIN)[0] == 404


def test_our_queue_is_first_and_the_one_that_is_shown(service: Deployment) -> None:
    with Redis.from_url(service.redis.url) as client:
        client.sadd("rq:queues", "rq:queue:aaa")
        try:
            queues = service.call("GET", "/rq/0/data/queues.json", token=LOGIN)[1]["queues"]
        finally:
            client.srem("rq:queues", "rq:queue:aaa")
    assert [one["name"] for one in queues] == ["analytics", "aaa"]
    with opened(headers={"Authorization": LOGIN}) as page:
        page.goto(f"{service.url}/rq/0/view/jobs")
        page.get_by_role("heading", name="Jobs of analytics: queued").wait_for()
        assert page.get_by_role("button").count() == 0, "a button whose action is off"


def test_a_finished_job_is_kept_and_names_its_graph(service: Deployment) -> None:
    status, first, _ = service.call("POST", "/graph", {"_id": oid(2), "owner_id": OWNER, "type": "infra"})
    assert status == 201
    listed = "/rq/0/data/jobs/analytics/finished/50/dsc/1.json"
    until(
        lambda: first in [one["id"] for one in service.call("GET", listed, token=LOGIN)[1]["jobs"]],
        20,
        "a finished job",
    )
    job = service.call("GET", f"/rq/0/data/job/{first}.json", token=LOGIN)[1]
    said = {name: job[name] for name in ("graph", "type", "owner", "attempt", "fate", "status")}
    assert said == {
        "graph": oid(2),
        "type": "infra",
        "owner": OWNER,
        "attempt": 1,
        "fate": "done",
        "status": "finished",
    }
    assert service.call("GET", job["viewer"], token="")[0] == 200
    newest = service.call("GET", f"/rq/0/data/job/{oid(2)}.json", token=LOGIN)[1]
    assert newest["run"] == job["run"]
    with Redis.from_url(service.redis.url) as client:
        client.delete(f"rq:job:{first}")
    forgotten = service.call("GET", f"/rq/0/data/job/{first}.json", token=LOGIN)[1]
    assert (forgotten["graph"], forgotten["fate"]) == (oid(2), "done")


def test_workers_are_named_by_host_and_process(service: Deployment) -> None:
    workers = service.call("GET", "/rq/0/data/workers.json", token=LOGIN)[1]["workers"]
    assert all(re.fullmatch(rf"[A-Za-z0-9-]+\.{one['pid']}\.[0-9a-f]{{4}}", one["name"]) for one in workers), workers


@pytest.fixture(scope="module")
def acting() -> Iterator[Deployment]:
    """A deployment whose operators may change jobs."""
    actions = {"MAESTRO_DASHBOARD_PASSWORD": PASSWORD, "MAESTRO_DASHBOARD_ACTIONS": "1"}
    with deployed(shop(), neighbours=False, **cast(Any, actions)) as deployment:
        deployment.start_web()
        yield deployment


def change(service: Deployment, path: str, method: str = "POST", **headers: str) -> int:
    """What a change of jobs is answered."""
    host, _, port = service.url.removeprefix("http://").partition(":")
    connection = http.client.HTTPConnection(host, int(port), timeout=10)
    connection.request(method, path, headers={"Authorization": LOGIN, "Host": f"{host}:{port}", **headers})
    status = connection.getresponse().status
    connection.close()
    return status


def test_jobs_are_changed_from_our_own_pages_only(acting: Deployment) -> None:
    empty = "/rq/queue/analytics/failed/empty"
    assert change(acting, empty, Origin=acting.url) == 200
    assert change(acting, empty, **{"Sec-Fetch-Site": "same-origin"}) == 200
    assert change(acting, empty) == 403
    assert change(acting, empty, Origin="http://elsewhere.example") == 403
    assert change(acting, empty, **{"Sec-Fetch-Site": "cross-site", "Origin": acting.url}) == 403
    assert change(acting, "/rq/requeue/analytics", "GET", Origin=acting.url) == 403


def test_guesses_are_slowed_and_logged(acting: Deployment) -> None:
    wrong = "Basic " + base64.b64encode(b"ops:guess").decode()
    statuses = [acting.call("GET", "/rq/", token=wrong)[0] for _ in range(12)]
    assert statuses == [401] * 10 + [429] * 2
    assert acting.call("GET", "/rq/", token=LOGIN)[0] == 429
    assert "a login to the dashboard failed" in acting.processes["web"].log.read_text()
