"""Measured calls: each program's answer, and what a number on it means."""

import json
from typing import Any

import pytest

from analytics.testing.sources import account, calls, estate_of, named, remarks


def one(value: Any) -> Any:
    """An estate of one JSON file."""
    return estate_of({"a.json": json.dumps(value)})


def dep(estate: Any, caller: str) -> dict[str, Any]:
    """The first call of an application."""
    return dict(named(estate)[caller]["deps"][0])


@pytest.mark.parametrize("wrapped", [True, False])
def test_jaeger_dependencies_add_up(wrapped: bool) -> None:
    pairs = [
        {"parent": "web", "child": "cart", "callCount": 2},
        {"parent": "web", "child": "cart", "callCount": 3},
        {"parent": "cart", "child": "cart", "callCount": 1},
    ]
    estate = one({"data": pairs} if wrapped else pairs)
    assert calls(estate) == [("web", "cart", "")]
    assert dep(estate, "web")["calls"] == 5
    assert [entry["_id"] for entry in estate.documents["systems"][0]["entry"]] == ["web"]
    assert account(estate) == {"call of oneself": 1}


def test_zipkin_tells_the_share_that_fails() -> None:
    estate = one([{"parent": "web", "child": "cart", "callCount": 200, "errorCount": 5}])
    assert dep(estate, "web")["errors"] == 0.025


def test_a_dependency_that_cannot_be_read_is_told_and_the_others_are_drawn() -> None:
    estate = one(
        {"data": [{"parent": "web", "child": "", "callCount": 1}, {"parent": "a", "child": "b", "callCount": 1}]}
    )
    assert calls(estate) == [("a", "b", "")]
    assert [code for _, _, code, _ in remarks(estate)] == ["call"]


def test_jaeger_traces_show_who_calls_whom_and_the_databases() -> None:
    def span(key: str, process: str, parent: str = "", **tags: str) -> dict[str, Any]:
        references = [{"refType": "CHILD_OF", "traceID": "t", "spanID": parent}] if parent else []
        held = [{"key": name.replace("_", "."), "value": value} for name, value in tags.items()]
        return {"traceID": "t", "spanID": key, "processID": process, "references": references, "tags": held}

    spans = [
        span("1", "p1"),
        span("2", "p2", "1", span_kind="server"),
        span("3", "p2", "2", span_kind="client", db_system="postgresql", server_address="pg.internal"),
    ]
    processes = {"p1": {"serviceName": "web"}, "p2": {"serviceName": "cart"}}
    estate = one({"data": [{"traceID": "t", "spans": spans, "processes": processes}]})
    assert calls(estate) == [("cart", "pg.internal", "postgresql"), ("web", "cart", "")]
    assert named(estate)["pg.internal"]["family"] == "Database"


def test_otlp_is_read_by_lines_too() -> None:
    def line(service: str, key: str, parent: str, kind: int) -> str:
        attributes = [{"key": "service.name", "value": {"stringValue": service}}]
        span = {"traceId": "t", "spanId": key, "parentSpanId": parent, "kind": kind}
        return json.dumps(
            {"resourceSpans": [{"resource": {"attributes": attributes}, "scopeSpans": [{"spans": [span]}]}]}
        )

    lines = [line("web", "1", "", 2), line("cart", "2", "1", 2)]
    whole = json.dumps(
        {"resourceSpans": [span for one_line in lines for span in json.loads(one_line)["resourceSpans"]]}
    )
    assert calls(estate_of({"a.json": whole})) == [("web", "cart", "")]
    assert calls(estate_of({"a.jsonl": "\n".join(lines)})) == [("web", "cart", "")]


def vector(*results: tuple[dict[str, str], str]) -> dict[str, Any]:
    """A vector as Prometheus answers it."""
    held = [{"metric": metric, "value": [1, value]} for metric, value in results]
    return {"status": "success", "data": {"resultType": "vector", "result": held}}


def test_prometheus_tells_rates_errors_and_latency() -> None:
    pair = {"client": "web", "server": "db", "connection_type": "database"}
    estate = one(
        vector(
            (pair | {"measure": "rate"}, "20"),
            (pair | {"measure": "failed"}, "1"),
            (pair | {"__name__": "traces_service_graph_request_server_seconds"}, "0.035"),
            ({"client": "user", "server": "web"}, "4"),
            ({"client": "web", "server": "gone"}, "NaN"),
        )
    )
    call = dep(estate, "web")
    assert (call["rate"], call["errors"], call["latency"]) == (20, 0.05, 35)
    assert named(estate)["db"]["family"] == "Database"
    assert sorted(named(estate)) == ["db", "web"]
    assert [entry["_id"] for entry in estate.documents["systems"][0]["entry"]] == ["web"]


def test_istio_counts_what_the_destination_reports() -> None:
    labels = {"source_workload": "a", "source_workload_namespace": "n", "destination_workload": "b"}
    labels |= {"destination_workload_namespace": "n"}
    estate = one(vector((labels | {"reporter": "source"}, "5"), (labels | {"reporter": "destination"}, "5")))
    assert dep(estate, "a")["rate"] == 5
    assert named(estate)["a"]["namespace"] == "n"


def test_kiali() -> None:
    def node(key: str, **data: Any) -> dict[str, Any]:
        return {"data": {"id": key, "cluster": "c", "namespace": "shop", **data}}

    traffic = {"protocol": "http", "rates": {"http": "8", "httpPercentErr": "25"}}
    tcp = {"protocol": "tcp", "rates": {"tcp": "900"}}
    nodes = [
        node("box", isBox="namespace"),
        node("1", workload="web", isRoot=True),
        node("2", workload="cart"),
        node("3", workload="unknown"),
        node("4", service="api.partner.example", isServiceEntry={"x": 1}),
    ]
    edges = [
        {"data": {"source": "1", "target": "2", "traffic": traffic, "responseTime": "12"}},
        {"data": {"source": "2", "target": "4", "traffic": tcp}},
        {"data": {"source": "3", "target": "1", "traffic": traffic}},
    ]
    estate = one({"graphType": "workload", "elements": {"nodes": nodes, "edges": edges}})
    call = dep(estate, "web")
    assert (call["rate"], call["errors"], call["latency"], call["endpoint"]) == (8, 0.25, 12, "http")
    assert "rate" not in dep(estate, "cart")  # bytes are no calls
    assert named(estate)["api.partner.example"]["kind"] == "external"
    assert [entry["_id"] for entry in estate.documents["systems"][0]["entry"]] == ["c/shop/web"]


def test_what_was_measured_joins_what_was_deployed() -> None:
    compose = "name: shop\nservices: {web: {image: a, depends_on: [cart]}, cart: {image: b}}\n"
    measured = json.dumps([{"parent": "web", "child": "cart", "callCount": 7}])
    estate = estate_of({"compose.yaml": compose, "jaeger.json": measured})
    assert len(estate.documents["applications"]) == 2
    assert dep(estate, "web")["calls"] == 7
    assert dep(estate, "web")["endpoint"] == "starts after"
