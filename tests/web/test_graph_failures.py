"""The service says what falls within a graph when something of it fails, what depends on what, and where it is weak."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from devtool.testkit.deployment import Deployment, deployed
from tests.estates import OWNER, application, at, datacenter, oid, server, shop
from tests.web.browser import launched

SPARE, LONE, CALLER = (f"applications/{oid(number)}" for number in (9_201, 9_202, 9_203))


@pytest.fixture(scope="module")
def service() -> Iterator[Deployment]:
    """One web process and a worker over the shop, three that call each other, and two servers in two zones."""
    documents = shop()
    documents["applications"] += [
        application(9_101, 9_102, name="Front"),
        application(9_102, 9_103, name="Middle"),
        application(9_103, name="Base"),
        application(9_201, name="Spare"),
        application(9_202, name="Lone"),
        application(9_203, 9_202, name="Caller"),
    ]
    documents.setdefault("datacenters", []).append(datacenter(901, name="West"))
    place = {"_id": oid(901), "name": "West"}
    documents["servers"] += [
        server(9_301, 9_201, 9_202, **at("us-east-1a", **place)),
        server(9_302, 9_201, 9_203, **at("us-east-1b", **place)),
    ]
    with deployed(documents, MAESTRO_OWNER_RATE="100000") as deployment:
        deployment.start_web()
        deployment.start_workers(1)
        yield deployment


def drawn(service: Deployment, number: int, kind: str) -> tuple[str, dict[str, str]]:
    """A graph of a type once it is drawn, and its links."""
    assert service.post(oid(number), OWNER, kind)[0] == 201
    links: dict[str, str] = service.wait(oid(number))["links"]
    return oid(number), links


def verdicts(found: dict[str, Any]) -> dict[str, str]:
    """What becomes of what the inventory was given here."""
    mine = {"servers/" + oid(9_301), "servers/" + oid(9_302), SPARE, LONE, CALLER}
    return {one["thing"]: one["state"] for one in found["verdicts"] if one["thing"] in mine}


def test_what_falls_in_a_graph_and_its_weak_points_are_answered(service: Deployment) -> None:
    graph, links = drawn(service, 804, "bussiness")
    status, found, _ = service.call("GET", f"{links['fail']}&thing={oid(9_103)}", token="")
    assert status == 200
    assert [(one["name"], one["state"], one["chain"]) for one in found["verdicts"]] == [
        ("Middle", "down", ["Middle", "Base"]),
        ("Front", "down", ["Front", "Middle", "Base"]),
    ]
    same = service.call("GET", f"/graph/{graph}/fail?thing=applications/{oid(9_103)}")[1]
    assert same == found
    weak = service.call("GET", f"/graph/{graph}/weak-points")[1]["weak_points"]
    base = next(one for one in weak if one["name"] == "Base")
    assert base["brings_down"] == [f"applications/{oid(9_101)}", f"applications/{oid(9_102)}"]
    assert service.call("GET", f"/graph/{graph}/fail?thing=nothing")[0] == 404
    assert service.call("GET", f"/graph/{graph}/fail")[0] == 400
    assert service.call("GET", f"/graph/{graph}/fail?thing={oid(9_103)}", token="")[0] == 401
    with launched() as browser:
        page = browser.new_page(viewport={"width": 1200, "height": 800})
        page.goto(f"{service.url}{links['view']}#select={oid(9_103)}")
        page.get_by_role("button", name="If it fails …").click()
        page.get_by_text("is down").first.wait_for()
        said = page.locator("section.falls").inner_text()
        assert "If it fails (2)" in said
        assert "Front → Middle → Base" in said
        assert page.locator(".marks .falls path").count() == 2


@pytest.mark.parametrize(("number", "kind"), [(805, "infra"), (806, "network")])
def test_a_server_and_a_zone_fail_in_graphs_of_servers(service: Deployment, number: int, kind: str) -> None:
    graph, links = drawn(service, number, kind)
    status, found, _ = service.call("GET", f"{links['fail']}&thing=servers/{oid(9_301)}", token="")
    assert status == 200
    assert verdicts(found) == {SPARE: "degraded", LONE: "down", CALLER: "down"}
    assert found["basis"]["recorded"]["applications"] >= 3
    assert any("1 server is enough" in one for one in found["basis"]["assumptions"])

    boxes = service.call("GET", f"/graph/{graph}.json")[1]["containers"]
    zone = next(one for one in boxes if one["kind"] == "zone" and one["name"] == "us-east-1b")
    found = service.call("GET", f"/graph/{graph}/fail?thing={zone['id']}")[1]
    assert (found["name"], found["failed"]) == ("us-east-1b", [f"zones/{oid(901)}/us-east-1b"])
    assert verdicts(found) == {f"servers/{oid(9_302)}": "down", SPARE: "degraded", CALLER: "down"}
    center = next(one for one in boxes if one["kind"] == "datacenter" and one["name"] == "West")
    found = service.call("GET", f"/graph/{graph}/fail?thing={center['id']}")[1]
    assert verdicts(found)[SPARE] == "down"

    weak = service.call("GET", f"/graph/{graph}/weak-points")[1]["weak_points"]
    of = {one["thing"]: one["brings_down"] for one in weak}
    assert of[f"servers/{oid(9_301)}"] == [LONE, CALLER]
    assert of[f"datacenters/{oid(901)}"] == [SPARE, LONE, CALLER]
    assert SPARE not in of


def test_what_depends_on_a_thing_is_told_hop_by_hop(service: Deployment) -> None:
    graph, links = drawn(service, 807, "infra")
    ask = f"{links['impact']}&thing=servers/{oid(9_301)}"
    status, found, _ = service.call("GET", ask, token="")
    assert status == 200
    rows = {one["thing"]: (one["hops"], one["state"], one["chain"]) for one in found["reached"]}
    assert rows[SPARE] == (1, "degraded", ["host-9301", "Spare"])
    assert rows[CALLER] == (2, "down", ["host-9301", "Lone", "Caller"])
    near = service.call("GET", f"{ask}&hops=1", token="")[1]["reached"]
    assert {one["thing"] for one in near} >= {SPARE, LONE}
    assert CALLER not in {one["thing"] for one in near}
    down = service.call("GET", f"/graph/{graph}/impact?thing={CALLER}&way=down")[1]["reached"]
    below = {one["thing"]: (one["hops"], one["state"]) for one in down}
    assert below[LONE] == (1, None)
    assert below[f"servers/{oid(9_302)}"] == (1, None)
    for wrong in ("&way=sideways", "&hops=-1", "&hops=x", "&hops=99999"):
        assert service.call("GET", ask + wrong, token="")[0] == 400
    assert service.call("GET", f"/graph/{graph}/impact?thing={CALLER}", token="")[0] == 401


def test_a_box_says_in_the_viewer_what_falls_with_it(service: Deployment) -> None:
    graph, links = drawn(service, 808, "infra")
    boxes = service.call("GET", f"/graph/{graph}.json")[1]["containers"]
    zone = next(one for one in boxes if one["kind"] == "zone" and one["name"] == "us-east-1b")
    with launched() as browser:
        page = browser.new_page(viewport={"width": 1200, "height": 800})
        page.goto(f"{service.url}{links['view']}#select={zone['id'].removeprefix('n')}")
        page.get_by_role("button", name="If it fails …").click()
        page.get_by_text("is down").first.wait_for()
        said = page.locator("section.falls").inner_text()
        assert "host-9302 is down" in said
        assert "Calls are recorded of" in said
