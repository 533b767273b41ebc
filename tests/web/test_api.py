"""The REST face: what callers rely on, and every way a request can be wrong."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from typing import Any

import jwt
import pytest
from prometheus_client.parser import text_string_to_metric_families

from analytics.model.artifacts import GraphKey
from analytics.runs import kept
from analytics.settings import read
from analytics.web.graph import DROPPED
from analytics.web.tokens import sign_link
from devtool.testkit.deployment import NOAUTH, SECRET, Deployment, deployed, until
from tests.estates import OWNER, document, oid, shop
from tests.own_plugins import FORMATS
from tests.sure import sure


@pytest.fixture(scope="module")
def service() -> Iterator[Deployment]:
    """Web processes and workers over the shop."""
    with deployed(shop(), MAESTRO_OWNER_RATE="100000") as deployment:
        deployment.start_web()
        deployment.start_workers(1)
        yield deployment


def good(**changes: Any) -> dict[str, Any]:
    return {"_id": oid(1), "owner_id": OWNER, "type": "bussiness", **changes}


def test_the_root_answers_who_it_is_to_anybody(service: Deployment) -> None:
    status, body, _ = service.call("GET", "/", token="")
    assert status == 200
    assert list(body) == ["name", "description", "version", "license"]


def test_health_says_live_and_ready_to_anybody(service: Deployment) -> None:
    assert service.call("GET", "/health/live", token="")[0] == 200
    status, body, _ = service.call("GET", "/health/ready", token="")
    assert (status, body["redis"]) == (200, "ok")


def test_ready_tells_whether_graphs_are_drawn_and_a_redis_that_takes_no_writes_is_not_ready(
    service: Deployment,
) -> None:
    ready = until(lambda: (said := service.call("GET", "/health/ready")[1])["working"] and said, 20, "a tick")
    assert (ready["reasons"], ready["overdue"]) == ([], 0)
    assert ready["ticked"] < 10
    with service.redis.client() as client:
        client.config_set("maxmemory", 1)
        try:
            assert service.call("GET", "/health/ready", token="")[0] == 503
        finally:
            client.config_set("maxmemory", 0)
    assert service.call("GET", "/health/ready", token="")[0] == 200


@pytest.mark.parametrize("scheme", ["JWT", "jwt", "Jwt"])
def test_a_private_token_opens_in_any_case_of_its_scheme(service: Deployment, scheme: str) -> None:
    token = f"{scheme} " + jwt.encode({"noauth": NOAUTH}, SECRET, algorithm="HS256")
    assert service.call("POST", "/graph", good(), token=token)[0] == 201


def signed(payload: dict[str, Any], secret: str = SECRET, algorithm: str = "HS256") -> str:
    return "JWT " + jwt.encode(payload, secret, algorithm=algorithm)


@pytest.mark.parametrize(
    "token",
    [
        "",
        "JWT",
        "JWT ",
        "JWT x.y.z",
        "JWT \u00e9\u00e9\u00e9",
        "Bearer " + jwt.encode({"noauth": NOAUTH}, SECRET, algorithm="HS256"),
        signed({"noauth": NOAUTH}, secret="another secret" * 6),
        signed({"noauth": NOAUTH}, algorithm="HS512"),
        signed({"noauth": "wrong"}),
        signed({"noauth": [NOAUTH]}),
        signed({"noauth": None}),
        signed({}),
        signed({"noauth": NOAUTH, "exp": int(time.time()) - 10}),
        signed({"noauth": NOAUTH, "nbf": int(time.time()) + 86_400}),
        "JWT " + jwt.encode({"noauth": NOAUTH}, None, algorithm="none"),
        "JWT " + "a" * 4000,
    ],
)
def test_whatever_else_is_sent_as_a_token_is_401(service: Deployment, token: str) -> None:
    for method, path in (("POST", "/graph"), ("GET", f"/graph/{oid(1)}"), ("GET", "/types"), ("GET", "/plugins")):
        status, body, headers = service.call(
            method, path, good() if method == "POST" else None, token=token.encode().decode("latin-1")
        )
        assert status == 401
        assert body["error"] == "unauthorised"
        assert isinstance(body["message"]["graph"], str)
        assert headers["WWW-Authenticate"].startswith("JWT")


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({"_id": None}, {"_id"}),
        ({"_id": "x"}, {"_id"}),
        ({"_id": {"$gt": ""}}, {"_id"}),
        ({"owner_id": "1" * 23}, {"owner_id"}),
        ({"owner_id": ["1" * 24]}, {"owner_id"}),
        ({"type": None}, {"type"}),
        ({"type": "pie"}, {"type"}),
        ({"type": {"a": 1}}, {"type"}),
        ({"systems": {"$gt": ""}}, {"systems"}),
        ({"systems": [{"_id": {"$gt": ""}}]}, {"systems"}),
        ({"apps": [{"name": "x"}]}, {"apps"}),
        ({"apps": ["x"]}, {"apps"}),
        ({"apps": [{"_id": oid(n)} for n in range(101)]}, {"apps"}),
        ({"detail": "more"}, {"detail"}),
        ({"direction": "sideways", "hops": 0}, {"direction", "hops"}),
        ({"direction": ["up"], "hops": True}, {"direction", "hops"}),
        ({"hops": 2.5}, {"hops"}),
        ({"type": "infra", "direction": "up", "hops": 2}, {"direction", "hops"}),
        ({"detail": ["standard"]}, {"detail"}),
        (
            {"_id": 1, "owner_id": 2, "type": 3, "clients": 4, "systems": 5},
            {"_id", "owner_id", "type", "clients", "systems"},
        ),
    ],
)
def test_every_wrong_field_is_named_at_once(service: Deployment, changes: dict[str, Any], fields: set[str]) -> None:
    status, body, _ = service.call("POST", "/graph", good(**changes))
    assert (status, body["error"]) == (422, "invalid")
    assert body["message"].keys() == fields
    assert all(isinstance(sentence, str) and sentence.endswith(".") for sentence in body["message"].values())


@pytest.mark.parametrize(
    ("raw", "headers", "status", "code"),
    [
        (b"", {}, 400, "bad_json"),
        (b"{", {}, 400, "bad_json"),
        (b"[]", {}, 400, "bad_json"),
        (b"\xff\xfe", {}, 400, "bad_json"),
        (b'{"a": NaN}', {}, 400, "bad_json"),
        (b'{"_id": "1", "_id": "2"}', {}, 400, "bad_json"),
        (b"[" * 10_000 + b"]" * 10_000, {}, 400, "bad_json"),
        (b'{"a":' * 13 + b"1" + b"}" * 13, {}, 400, "bad_json"),
        (b'{"a": "' + b"x" * 70_000 + b'"}', {}, 413, "too_large"),
        (b"_id=1", {"Content-Type": "application/x-www-form-urlencoded"}, 415, "unsupported_media_type"),
        (b"{}", {"Content-Type": "text/plain"}, 415, "unsupported_media_type"),
        (json.dumps({"x": 1}).encode(), {}, 422, "invalid"),
    ],
)
def test_a_body_that_cannot_be_read_is_refused(
    service: Deployment, raw: bytes, headers: dict[str, str], status: int, code: str
) -> None:
    got, body, _ = service.call("POST", "/graph", raw=raw, headers=headers)
    assert (got, body["error"]) == (status, code)
    assert all(isinstance(sentence, str) for sentence in body["message"].values())


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/nowhere", 404),
        ("GET", "/graph", 405),
        ("DELETE", f"/graph/{oid(1)}", 405),
        ("PUT", "/", 405),
        ("GET", f"/graph/{oid(404)}", 404),
        ("GET", f"/graph/{oid(404)}.svg", 404),
        ("GET", "/graph/..%2f..%2fetc%2fpasswd", 404),
    ],
)
def test_errors_of_every_kind_have_the_one_shape(service: Deployment, method: str, path: str, status: int) -> None:
    got, body, headers = service.call(method, path)
    assert got == status
    assert body.keys() == {"message", "error"}
    assert list(body["message"]) == ["graph"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cache-Control"] == "no-store"


def test_a_refused_request_is_written_to_the_graph_document(service: Deployment) -> None:
    """The caller has set the graph to ``process`` before it called."""
    service.data.documents.setdefault("graphs", []).append(document(0, _id=oid(31), status="process"))
    service.call("POST", "/graph", good(_id=oid(31), type="pie"))
    end = time.monotonic() + 10
    while time.monotonic() < end and not service.data.statuses(oid(31)):
        time.sleep(0.05)
    assert service.data.statuses(oid(31)) == ["error"]


def test_a_graph_is_followed_to_its_drawing(service: Deployment) -> None:
    assert service.post(oid(32), OWNER, systems=[{"_id": oid(50), "name": "Shop"}])[0] == 201
    state = service.wait(oid(32))
    assert state["state"] == "finished"
    assert state["counts"]["found"] == state["counts"]["drawn"] == 3
    assert state["statistics"]["connections"] == 2
    assert all(stage["seconds"] is not None and stage["attempts"] == 1 for stage in state["stages"])
    status, svg, headers = service.call("GET", state["links"]["svg"], token="")
    assert status == 200
    assert headers["Content-Type"].startswith("image/svg+xml")
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert all(name in svg for name in ("Front door", "Orders", oid(3)))


def test_a_link_opens_its_graph_only_and_only_until_it_expires(service: Deployment) -> None:
    service.post(oid(33), OWNER)
    links = service.wait(oid(33))["links"]
    _, _, query = links["view"].partition("?")
    assert service.call("GET", links["view"], token="")[0] == 200
    assert service.call("GET", f"/graph/{oid(33)}.svg?{query}", token="")[0] == 200
    assert service.call("GET", f"/graph/{oid(34)}?{query}", token="")[0] == 401
    assert service.call("GET", f"/graph/{oid(33)}?{query[:-1]}x", token="")[0] == 401
    late = query.replace("expires=1", "expires=2")
    assert service.call("GET", f"/graph/{oid(33)}?{late}", token="")[0] == 401
    assert service.call("GET", f"/graph/{oid(33)}?expires=1&signature=x", token="")[0] == 401


def test_what_a_link_opens_never_outlives_it(service: Deployment) -> None:
    service.post(oid(61), OWNER)
    service.wait(oid(61))
    link = sign_link(GraphKey(oid(61), OWNER), int(time.time()) + 400, "", read(service.env))
    opened = service.call("GET", f"/graph/{oid(61)}?{link}", token="")[1]
    for path in opened["links"].values():
        assert path.endswith(link)


def test_links_of_a_graph_and_of_an_owner_are_revoked(service: Deployment) -> None:
    for number in (62, 63):
        service.post(oid(number), OWNER)
    first, second = (service.wait(oid(number))["links"]["self"] for number in (62, 63))
    assert service.call("DELETE", f"/graph/{oid(62)}/links", token="")[0] == 401
    assert service.call("DELETE", f"/graph/{oid(62)}/links")[0] == 204
    assert service.call("GET", first, token="")[0] == 401
    assert service.call("GET", second, token="")[0] == 200
    assert service.call("GET", service.state(oid(62))["links"]["self"], token="")[0] == 200, "a new link opens it"
    assert service.call("DELETE", f"/owners/{OWNER}/links")[0] == 204
    assert service.call("GET", second, token="")[0] == 401


def test_counts_say_whose_drawing_they_are_of(service: Deployment) -> None:
    service.post(oid(39), OWNER)
    first = service.wait(oid(39))
    assert first["drawn_by"] == first["run"]
    service.post(oid(39), OWNER, apps=[{"_id": "8" * 24}])  # nobody holds it: nothing is drawn
    later = service.wait(oid(39))
    assert later["state"] == "warning"
    assert (later["drawn_by"], later["counts"]) == (first["run"], first["counts"])
    assert later["run"] != first["run"]


def test_metrics_count_graphs_jobs_and_workers_for_those_with_a_token(service: Deployment) -> None:
    def figures() -> dict[str, float]:
        status, text, headers = service.call("GET", "/metrics")
        assert status == 200
        assert headers["Content-Type"].startswith("text/plain; version=0.0.4")
        samples = [sample for family in text_string_to_metric_families(text) for sample in family.samples]
        return {"".join([sample.name, *sample.labels.values()]): sample.value for sample in samples}

    assert service.call("GET", "/metrics", token="")[0] == 401
    before = figures()
    service.post(oid(37), OWNER)
    service.post(oid(38), "9" * 24)  # who has nothing
    service.wait(oid(37))
    service.wait(oid(38))
    after = figures()
    assert after["analytics_graphs_ended_totalfinished"] == before["analytics_graphs_ended_totalfinished"] + 1
    assert after["analytics_graphs_ended_totalwarning"] == before["analytics_graphs_ended_totalwarning"] + 1
    assert after["analytics_workers"] == 1
    assert after["analytics_graphskept"] >= 1
    assert after["analytics_statuses_owed"] == 0
    with service.redis.client() as redis:
        redis.zadd("am:waiting", {"x": 1e9})
        redis.zadd("am:leases", {"x stage 1": 1.0})
        try:
            now = figures()
            assert (now["analytics_graphswaiting"], now["analytics_leases_overdue"]) == (1, 1)
        finally:
            redis.delete("am:waiting")
            redis.zrem("am:leases", "x stage 1")


def test_a_drawing_is_exported_in_every_format_by_a_signed_link(service: Deployment) -> None:
    service.post(oid(35), OWNER)
    links = service.wait(oid(35))["links"]
    for form in FORMATS.values():
        status, body, headers = service.call("GET", links[form.suffix], token="")
        assert status == 200, form
        assert "Front door" in str(body), form
        assert headers["Content-Type"].startswith(form.media_type)
        assert headers["Content-Disposition"] == f'attachment; filename="{oid(35)}.{form.suffix}"'
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert service.call("GET", links[form.suffix].partition("?")[0], token="")[0] == 401
    assert service.call("GET", f"/graph/{oid(35)}.exe")[0] == 404
    assert service.call("GET", f"/graph/{oid(36)}.json")[0] == 404


def test_a_picture_is_painted_in_the_size_that_is_asked_for(service: Deployment) -> None:
    service.post(oid(37), OWNER)
    links = service.wait(oid(37))["links"]
    status, body, headers = service.call("GET", f"{links['png']}&scale=2", token="")
    assert (status, headers["Content-Type"]) == (200, "image/png")
    assert "PNG" in body[:8]
    status, body, headers = service.call("GET", f"{links['pdf']}&paper=a4", token="")
    assert (status, headers["Content-Type"], body[:5]) == (200, "application/pdf", "%PDF-")
    for wrong, field in (("scale=9", "scale"), ("scale=nan", "scale"), ("scale=x", "scale"), ("paper=a9", "paper")):
        status, body, _ = service.call("GET", f"{links['png']}&{wrong}", token="")
        assert (status, list(body["message"])) == (400, [field]), body


def test_types_and_plugins_tell_what_there_is(service: Deployment) -> None:
    types = service.call("GET", "/types")[1]
    business = next(one for one in types if one["name"] == "business")
    assert business["aliases"] == ["bussiness"]
    assert business["stages"][0] == "entry"
    plugins = service.call("GET", "/plugins")[1]
    draw = next(one for one in plugins["stages"] if one["name"] == "draw_business")
    assert (draw["takes"], draw["gives"], draw["world"]) == (
        ["GraphRequest", "Grid", "Servers", "tuple[Additions, ...]"],
        "Drawing",
        False,
    )


def test_the_newest_of_two_requests_wins(service: Deployment) -> None:
    for _ in range(5):
        service.post(oid(35), OWNER, apps=[{"_id": oid(1)}])
        service.post(oid(35), OWNER, apps=[{"_id": oid(3)}])
        assert service.wait(oid(35))["counts"]["found"] == 1
        assert sure(service.front.shown(oid(35))).total == 1


def test_an_owner_who_asks_too_often_is_told_to_wait() -> None:
    with deployed(shop(), MAESTRO_OWNER_RATE="3") as deployment:
        deployment.start_web()
        for number in range(3):
            assert deployment.post(oid(100 + number), OWNER)[0] == 201
        status, body, headers = deployment.call("POST", "/graph", good(_id=oid(104)))
        assert (status, body["error"]) == (429, "too_many_requests")
        assert 1 <= int(headers["Retry-After"]) <= 60
        assert deployment.post(oid(105), oid(999))[0] == 201, "another owner is not affected"


def test_a_full_backlog_is_503_with_a_time_to_come_back() -> None:
    with deployed(shop(), MAESTRO_BACKLOG="2", MAESTRO_WINDOW="1") as deployment:
        deployment.start_web()
        answers = [deployment.post(oid(200 + number), OWNER)[0] for number in range(4)]
        assert answers == [201, 201, 201, 503]


def test_without_redis_a_request_is_answered_at_once() -> None:
    with deployed(shop()) as deployment:
        deployment.start_web()
        deployment.redis.stop()
        began = time.monotonic()
        status, body, headers = deployment.call("POST", "/graph", good())
        assert (status, body["error"]) == (503, "unavailable")
        assert "Retry-After" in headers
        assert time.monotonic() - began < 3
        assert deployment.call("GET", "/health/ready", token="")[0] == 503
        assert deployment.call("GET", "/health/live", token="")[0] == 200
        deployment.redis.start()
        assert deployment.call("POST", "/graph", good())[0] == 201


def test_a_drawing_that_is_kept_no_longer_is_told_and_can_be_drawn_again(service: Deployment) -> None:
    graph = oid(77)
    service.post(graph, OWNER)
    first = service.wait(graph)
    assert first["state"] == "finished"
    with service.redis.client() as client:
        kept.drop(client, [first["run"].encode()], [first["run"].encode()])
    state = service.state(graph)
    assert (state["state"], state["message"], state["counts"]) == ("warning", DROPPED, None)
    assert "svg" not in state["links"]
    assert service.call("POST", state["links"]["redraw"], token="")[0] == 401
    status, job, _ = service.call("POST", state["links"]["redraw"])
    assert (status, isinstance(job, str)) == (201, True)
    again = service.wait(graph)
    until(lambda: service.state(graph)["state"] == "finished", 30, "the drawing")
    assert again["run"] != first["run"]
    assert service.call("POST", f"/graph/{oid(78)}/redraw")[0] == 404
