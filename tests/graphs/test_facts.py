"""What inventories know beside what a thing is: shown in tooltips, details, text and on lines where asked for."""

from __future__ import annotations

from typing import Any

import orjson
import pytest

from analytics.drawing import render
from analytics.export.document import to_json
from analytics.export.outline import to_markdown
from analytics.inventory.handwritten import contents
from tests.estate_runs import drawn, row
from tests.estates import allow, application, group, oid, server, subnet, vpc

FACTS: dict[str, Any] = {
    "description": "Takes orders",
    "team": "payments",
    "lifecycle": "production",
    "data_class": ["personal", "confidential"],
    "namespace": "shop",
    "cluster": "prod-eu",
    "image": "shop/web",
    "version": "2.4.1",
    "links": [{"title": "Runbook", "url": "https://wiki.example/web"}],
    "ipv6": ["2001:db8::7"],
}
MACHINE: dict[str, Any] = {**FACTS, "kind": "hypervisor", "host": "esx-07", "rack": "R12"}
SAID = ("Takes orders", "payments", "personal, confidential", "shop/web", "2.4.1", "2001:db8::7", "Runbook")


def called(**measured: Any) -> dict[str, list[dict[str, Any]]]:
    """A web shop that calls its database in one way."""
    dep = {"_id": oid(2), "name": "App 2", "endpoint": "tcp 5432", **measured}
    return {"applications": [application(1, deps=[dep]), application(2, family="Database")]}


@pytest.mark.parametrize("kind", ["business", "infra", "network"])
def test_what_people_say_of_a_thing_stands_in_tooltip_details_and_text(kind: str) -> None:
    managed: dict[str, Any] = {
        "datacenters": {"name": "East", "provider": "AWS", "region": "us-east-1"},
        "family": "Loadbalance",
    }
    estate = {"applications": [application(1, **managed, **FACTS)], "servers": [server(10, 1, 2, **MACHINE)]}
    estate["applications"].append(application(2, **managed, **FACTS))
    estate["servers"][0]["applications"] = []
    grid = drawn(estate, kind).grid
    texts = {"picture": render(grid), "text": to_markdown(grid).replace("\\", ""), "details": to_json(grid)}
    for where, text in texts.items():
        for word in SAID:
            assert word in text, (where, word)
    if kind != "business":
        machine = next(node for node in grid.graph.nodes if node.kind == "server")
        rows = [row(machine, name) for name in ("kind", "host", "rack", "team")]
        assert rows == ["hypervisor", "esx-07", "R12", "payments"]
        assert machine.family == "hypervisor"


def test_a_server_stands_in_the_cluster_it_names() -> None:
    picture = drawn({"servers": [server(10, cluster="prod-eu")]}, "infra")
    assert picture.path(picture.node("host-10"))[-1] == "cluster prod-eu"


def test_numbers_of_calls_are_in_the_hint_and_on_the_line_where_asked_for() -> None:
    estate = called(rate=120, errors="0.5 %", latency=35, data_class="personal")
    plain, numbered = (drawn(estate, "business", numbers=numbers).grid for numbers in (False, True))
    hint = "rate 120 /s, errors 0.5 %, latency 35 ms, data class personal"
    assert plain.graph.edges[0].label == "tcp 5432"
    assert f"tcp 5432 · {hint}" in render(plain)
    assert hint in to_markdown(plain).replace("\\", "")
    said = orjson.loads(to_json(plain))["edges"][0]
    assert said["measures"] == {"rate": 120.0, "errors": 0.005, "latency": 35.0}
    assert said["attributes"] == [{"name": "data class", "value": "personal"}]
    assert numbered.graph.edges[0].label == "tcp 5432 · 120 /s · 0.5 % · 35 ms"
    assert numbered.routes[0].words == numbered.graph.edges[0].label


def test_numbers_of_calls_between_boxes_are_those_of_the_calls_they_stand_for() -> None:
    place = {"_id": oid(900), "name": "East", "provider": "AWS", "region": "us-east-1"}
    deps = [{"_id": oid(3), "rate": 30, "latency": 20}]
    estate = {
        "applications": [application(1, deps=deps), application(2, deps=deps), application(3)],
        "servers": [
            server(10, 1, datacenters={**place, "zone": "us-east-1a"}),
            server(11, 2, datacenters={**place, "zone": "us-east-1a"}),
            server(12, 3, datacenters={**place, "zone": "us-east-1b"}),
        ],
    }
    edge = drawn(estate, "infra").edge("us-east-1a", "us-east-1b")
    assert {one.quantity: one.value for one in edge.measures} == {"rate": 60.0, "latency": 20.0}


def test_a_call_through_a_system_keeps_what_goes_along_and_no_number_it_did_not_have() -> None:
    """A system with two entries: whoever measured the call did not say which of them takes how many."""
    estate = {
        "systems": [{"name": "Shop", "entry": ["web", "api"]}],
        "applications": [
            {"name": "bot", "deps": [{"name": "Shop", "rate": 9, "data_class": "personal"}]},
            {"name": "web", "system": "Shop"},
            {"name": "api", "system": "Shop"},
        ],
    }
    held = contents(estate).collections
    picture = drawn({name: list(documents.values()) for name, documents in held.items()}, "business", owner="local")
    edges = {(picture.name(one.source), picture.name(one.target)): one for one in picture.grid.graph.edges}
    assert [edges["bot", name].measures for name in ("web", "api")] == [(), ()]
    assert edges["bot", "web"].attributes[0].value == "personal"


def test_interfaces_that_a_server_lists_place_it_and_are_guarded_one_by_one() -> None:
    """The open group guards the interface without a public address: nobody comes in by the other."""
    one: dict[str, Any] = {"name": "eth0", "id": "eni-1", "ipv4": ["10.0.1.5", "203.0.113.5"], "subnet_id": "s-1"}
    two: dict[str, Any] = {"name": "eth1", "ipv4": "10.0.2.5", "ipv6": "2001:db8::5", "subnet_id": "s-2"}
    interfaces = [one | {"security_groups": ["sg-1"]}, two | {"security_groups": ["sg-2"]}]
    where = {"_id": oid(900), "name": "East", "provider": "AWS", "region": "us-east-1"}
    estate = {
        "servers": [server(10, datacenters=where, interfaces=interfaces)],
        "networks": [
            vpc(100, "vpc-1", "10.0.0.0/16"),
            subnet(101, "s-1", "vpc-1", "10.0.1.0/24"),
            subnet(102, "s-2", "vpc-1", "10.0.2.0/24"),
            group(103, "sg-1", "vpc-1", allow(22, "198.51.100.0/24")),
            group(104, "sg-2", "vpc-1"),
        ],
    }
    picture = drawn(estate, "network")
    node = picture.node("host-10")
    assert picture.path(node)[-1] == "subnet s-1"
    assert ("host-10", "s-2", "interface") in picture.lines("route")
    assert row(node, "interfaces").startswith("eth0 10.0.1.5, 203.0.113.5 in s-1; eth1 10.0.2.5, 2001:db8::5")
    assert row(node, "internet exposure") == "open to 198.51.100.0/24: tcp 22"
