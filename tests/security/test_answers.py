"""Every answer of every route carries the headers that keep a browser from harm, and no answer sets a cookie."""

from __future__ import annotations

import jwt
import pytest
from flask.testing import FlaskClient
from redis import Redis

from analytics.model.artifacts import Drawing, GraphRequest
from analytics.model.graph import Graph, Node
from analytics.model.grid import Grid, Place
from analytics.pipeline.registry import load
from analytics.runs.admission import Limits
from analytics.runs.queue import enqueuer, queue_of
from analytics.runs.store import RunStore
from analytics.settings import ROOT, read
from analytics.web import create_app
from devtool.testkit.deployment import NOAUTH, SECRET, PrivateRedis

GRID = Grid(Graph("business", "Business graph", (Node("a", "A"),), found=1), (Place("a", 0, 0, 0.0, 0.0),))
TOKEN = {"Authorization": "JWT " + jwt.encode({"noauth": NOAUTH}, SECRET, algorithm="HS256")}


@pytest.fixture
def client(redis: Redis, redis_server: PrivateRedis) -> FlaskClient:
    """The web application, with one graph drawn."""
    registry = load(ROOT / "plugins")
    store = RunStore(redis, registry.plans, enqueuer(queue_of(redis, "analytics"), registry, 60), Limits())
    run_id = store.submit(GraphRequest("drawn", "o", "business"))
    for step in registry.plans["business"]:
        drawing = Drawing("<svg/>", GRID) if step.name == "draw_business" else None
        store.commit(store.begin(run_id, step.name, 1), drawing)
    secrets = {"MAESTRO_SECRETJWT_PRIVATE": SECRET, "MAESTRO_NOAUTH": NOAUTH}
    app = create_app(read({**secrets, "REDIS_URL": redis_server.url, "MAESTRO_DATA_URI": "inventory.json"}))
    return app.test_client()


def paths(client: FlaskClient) -> list[str]:
    """An address for every route."""
    values = {"graph_id": "drawn", "suffix": "json", "filename": "viewer.css", "owner": "o", "token": "t"}
    adapter = client.application.url_map.bind("localhost")
    rules = [rule for rule in client.application.url_map.iter_rules() if "GET" in (rule.methods or ())]
    ours = [rule for rule in rules if not rule.endpoint.startswith("rq_dashboard")]
    built = [adapter.build(rule.endpoint, {name: values[name] for name in rule.arguments}) for rule in ours]
    return [*built, "/rq/", "/rq/0/view/jobs", "/rq/0/data/queues.json", "/nowhere", "/graph"]


def test_every_answer_names_its_policy_and_sets_no_cookie(client: FlaskClient) -> None:
    asked = paths(client)
    assert {"/", "/graph/drawn", "/graph/drawn.svg", "/view/drawn"} <= set(asked)
    for headers in (TOKEN, {}):
        for path in asked:
            with client.get(path, headers=headers) as answer:
                said = answer.headers
            assert answer.status_code < 500, path
            assert "default-src 'none'" in said["Content-Security-Policy"], path
            assert "frame-ancestors" in said["Content-Security-Policy"], path
            assert said["X-Content-Type-Options"] == "nosniff", path
            assert said["Referrer-Policy"] == "no-referrer", path
            assert "Set-Cookie" not in said, path
            if not path.startswith("/static"):
                assert said["Cache-Control"] == "no-store", path
            scripts = [part for part in said["Content-Security-Policy"].split(";") if "script-src" in part]
            assert not [part for part in scripts if "unsafe" in part or "*" in part], path


def test_data_is_a_file_to_a_browser_and_tls_is_kept(client: FlaskClient) -> None:
    for path in paths(client):
        for headers in (TOKEN, {}):
            with client.get(path, headers={**headers, "X-Forwarded-Proto": "https"}) as answer:
                said = answer.headers
            assert said["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains", path
            kind = said.get("Content-Type", "")
            if kind.startswith("application/json"):
                assert said["Content-Disposition"].startswith("attachment"), path
            if kind.startswith("text/"):
                assert "charset=utf-8" in kind, path
    with client.get("/health/live") as answer:
        assert "Strict-Transport-Security" not in answer.headers


def test_no_redirect_goes_where_the_host_header_says(client: FlaskClient) -> None:
    asked = [
        *paths(client),
        "/rq",
        "/login/",
        "/graph/",
        "/view/drawn/",
        "/static",
        "//evil.example",
        "/\\evil.example/",
    ]
    for path in asked:
        for headers in (TOKEN, {}):
            with client.get(path, headers={**headers, "Host": "evil.example"}) as answer:
                assert "evil.example" not in answer.headers.get("Location", ""), path


def test_without_a_token_nothing_private_is_answered(client: FlaskClient) -> None:
    open_to_all = {"/", "/health/live", "/health/ready", "/openapi.json", "/login"}
    for path in paths(client):
        if path in open_to_all or path.startswith("/static") or path in ("/nowhere", "/graph"):
            continue
        with client.get(path) as answer:
            assert answer.status_code == 401, path


def test_no_page_of_ours_holds_an_inline_script_or_a_token(client: FlaskClient) -> None:
    page = client.get("/view/drawn", headers=TOKEN).get_data(as_text=True)
    assert "<script>" not in page
    assert [word for word in page.lower().split() if word.startswith("on") and "=" in word] == []
    assert "eyJ" not in page, "the page holds a token"
    state = client.get("/graph/drawn", headers=TOKEN).get_data(as_text=True)
    assert "eyJ" not in state, "an address of ours holds a token"
