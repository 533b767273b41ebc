"""A graph drawn again keeps its places, and the service says what changed since."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from analytics.cli import main
from devtool.testkit.deployment import Deployment, deployed
from tests.estates import OTHER, OWNER, application, oid, shop


@pytest.fixture(scope="module")
def service() -> Iterator[Deployment]:
    """One web process and a worker over the shop."""
    with deployed(shop(), MAESTRO_OWNER_RATE="100000") as deployment:
        deployment.start_web()
        deployment.start_workers(1)
        yield deployment


def places(service: Deployment, graph: str) -> dict[str, tuple[float, float]]:
    nodes = service.call("GET", f"/graph/{graph}.json")[1]["nodes"]
    return {one["source"]: (one["place"]["x"], one["place"]["y"]) for one in nodes}


def test_a_graph_drawn_again_keeps_its_places_and_tells_what_changed(
    service: Deployment, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    graph = oid(801)
    assert service.post(graph, OWNER)[0] == 201
    service.wait(graph)
    before = places(service, graph)
    status, found, _ = service.call("GET", f"/graph/{graph}/versions")
    assert (status, [one["nodes"] for one in found["versions"]]) == (200, [len(before)])
    assert service.call("GET", f"/graph/{graph}/diff")[0] == 404

    apps: list[dict[str, Any]] = service.data.documents["applications"]
    caller = next(app for app in apps if app.get("deps") and app["roles"][0]["_id"] == OWNER)
    apps.append(application(9_001, int(caller["_id"], 16), name="Fresh"))
    caller["name"] = "Called otherwise"
    assert service.call("POST", f"/graph/{graph}/redraw")[0] == 201
    service.wait(graph)
    after = places(service, graph)
    assert after.keys() - before.keys() == {f"applications/{oid(9_001)}"}
    steps = {(round(after[key][0] - x, 4), round(after[key][1] - y, 4)) for key, (x, y) in before.items()}
    assert len(steps) == 1

    rows = service.call("GET", f"/graph/{graph}/versions")[1]["versions"]
    assert [one["nodes"] for one in rows] == [len(after), len(before)]
    status, found, _ = service.call("GET", f"/graph/{graph}/diff")
    assert status == 200
    assert (found["old"], found["new"]) == (rows[1]["version"], rows[0]["version"])
    said = [(one["verb"], one["name"]) for one in found["changes"]]
    assert ("added", "Fresh") in said
    assert ("renamed", "Called otherwise") in said
    assert "1 added" in found["summary"]
    words = [one["words"] for one in found["changes"]]
    for name, value in (service.env | {"MAESTRO_PORT": str(service.port)}).items():
        monkeypatch.setenv(name, value)
    assert main(["diff", "--graph", graph, "--exit-code"]) == 1
    assert capsys.readouterr().out.splitlines() == [*words, found["summary"] + "."]
    assert main(["diff", "--graph", graph, rows[0]["version"], rows[1]["version"], "--json"]) == 0
    assert ("removed", "Fresh") in [
        (one["verb"], one["name"]) for one in json.loads(capsys.readouterr().out)["changes"]
    ]
    assert main(["diff", "--graph", graph, rows[0]["version"], rows[0]["version"], "--exit-code"]) == 0
    assert main(["diff", "--graph", oid(899), "--url", service.url]) == 1
    assert main(["diff", "--graph", graph, "--git", "main"]) == 2
    assert main(["diff"]) == 2
    back = service.call("GET", f"/graph/{graph}/diff?from={rows[0]['version']}&to={rows[1]['version']}")[1]
    assert ("removed", "Fresh") in [(one["verb"], one["name"]) for one in back["changes"]]


def test_versions_are_for_those_with_a_token_and_belong_to_an_owner(service: Deployment) -> None:
    graph = oid(802)
    service.post(graph, OWNER)
    links = service.wait(graph)["links"]
    query = links["self"].partition("?")[2]
    for address in (f"/graph/{graph}/versions", f"/graph/{graph}/diff"):
        assert service.call("GET", address, token="")[0] == 401
        assert service.call("GET", f"{address}?{query}", token="")[0] == 401
    assert service.call("GET", f"/graph/{oid(899)}/versions")[0] == 404
    assert service.call("GET", f"/graph/{graph}/diff?to=nothing")[0] == 404
    assert service.post(oid(803), OTHER)[0] == 201
    service.wait(oid(803))
    mine = {one["version"] for one in service.call("GET", f"/graph/{graph}/versions")[1]["versions"]}
    theirs = {one["version"] for one in service.call("GET", f"/graph/{oid(803)}/versions")[1]["versions"]}
    assert not mine & theirs
    other = next(iter(theirs), "nothing")
    assert service.call("GET", f"/graph/{graph}/diff?from={other}")[0] == 404
