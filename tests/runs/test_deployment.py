"""From a POST to the Front, over real HTTP, with real workers on a real Redis."""

from __future__ import annotations

import json
import os
import re
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from devtool.places import SAMPLE
from devtool.testkit.deployment import Deployment, deployed, until
from tests.sure import sure

STAGES = [
    "entry",
    "graphlookup",
    "network_business",
    "info_business",
    "network_client",
    "enrichment",
    "draw_business",
    "send_front_app",
    "notification",
    "websocket",
]
OWNER = json.loads(SAMPLE.read_text())["applications"][0]["roles"][0]["_id"]


@pytest.fixture(scope="module")
def running(estate: dict[str, Any]) -> Iterator[Deployment]:
    """A deployment on the sample estate."""
    with deployed(estate) as deployment:
        deployment.start_workers()
        deployment.start_web()
        yield deployment


def test_the_six_graphs_of_the_estate_reach_the_front(running: Deployment, estate: dict[str, Any]) -> None:
    for graph in estate["graphs"]:
        status, first = running.post(graph["_id"], OWNER, apps=graph["apps"])
        assert status == 201
        assert re.fullmatch(r"[0-9a-f]{24}-entry-1", first)
    for graph in estate["graphs"]:
        state = running.wait(graph["_id"])
        assert (state["state"], state["message"]) == ("finished", "Finish")
        assert [stage["state"] for stage in state["stages"]] == ["done"] * len(STAGES)
        shown = running.front.shown(graph["_id"])
        assert shown is not None
        assert shown.owner_id == OWNER
        assert shown.total == state["counts"]["nodes"]
        assert shown.svg == running.call("GET", f"/graph/{graph['_id']}.svg")[1]
        assert running.data.statuses(graph["_id"])[-1] == "finished"


def test_the_graph_document_receives_what_its_readers_expect(running: Deployment, estate: dict[str, Any]) -> None:
    graph = next(graph for graph in estate["graphs"] if graph["name"].startswith("Customer Care"))
    running.post(graph["_id"], OWNER, apps=graph["apps"])
    running.wait(graph["_id"])
    written = [one for one in running.data.written if one["_id"] == graph["_id"]][-1]
    assert written.keys() == {"_id", "status", "msg", "info", "isystems", "ifamilies", "iservers", "iclients"}
    assert written["info"].keys() == {"histograms", "density", "conections"}
    assert sum(written["info"]["histograms"].values()) == 15
    assert re.fullmatch(r"\d\.\d\d", written["info"]["density"])
    assert written["ifamilies"]["total"] == sum(written["ifamilies"]["items"].values()) == 15
    in_graph = {
        app["_id"] for app in estate["applications"] if app["_id"] in sure(running.front.shown(graph["_id"])).svg
    }
    expected = [s for s in estate["servers"] if {a["_id"] for a in s.get("applications") or []} & in_graph]
    assert written["iservers"] == {"total": len(expected)}
    assert written["isystems"]["total"] == len(written["isystems"]["items"]) > 0


def test_every_system_and_every_client_of_the_estate_finishes(running: Deployment, estate: dict[str, Any]) -> None:
    wanted = [("systems", thing) for thing in estate["systems"]] + [("clients", thing) for thing in estate["clients"]]
    ids = {f"{number:024x}": (field, thing) for number, (field, thing) in enumerate(wanted, 1000)}
    for graph_id, (field, thing) in ids.items():
        assert (
            running.post(graph_id, OWNER, "bussiness", **{field: [{"_id": thing["_id"], "name": thing["name"]}]})[0]
            == 201
        )
    assert {thing["name"]: running.wait(graph_id)["state"] for graph_id, (_, thing) in ids.items()} == {
        thing["name"]: "finished" for _, thing in wanted
    }


def test_nothing_given_is_every_system(running: Deployment) -> None:
    running.post("f" * 24, OWNER)
    assert running.wait("f" * 24)["state"] == "finished"


def test_the_browser_is_told_on_the_owners_channel(running: Deployment) -> None:
    running.post("e" * 24, OWNER)
    running.wait("e" * 24)
    mine = [one for one in running.bell.published if ("e" * 24) in one["data"]["notify"]["msg"]]
    assert mine == [
        {
            "channel": f"maestro-{OWNER}",
            "data": {
                "notify": {"title": "Finish Graph", "msg": f"({'e' * 24})", "type": "success"},
                "event": {"caller": ["analytics-update", f"analytics-{'e' * 24}"]},
            },
        }
    ]


def test_an_entry_that_leads_nowhere_is_a_warning(running: Deployment) -> None:
    running.post("d" * 24, OWNER, systems=[{"_id": "9" * 24}])
    state = running.wait("d" * 24)
    assert (state["state"], state["message"]) == ("warning", "Empty entry point")
    assert running.data.statuses("d" * 24) == ["warning"]
    assert running.front.shown("d" * 24) is None
    assert [one["data"]["notify"]["type"] for one in running.bell.published if "d" * 24 in str(one)] == ["warning"]


def test_another_owners_applications_are_an_empty_graph(running: Deployment, estate: dict[str, Any]) -> None:
    running.post("c" * 24, "7" * 24, apps=estate["graphs"][0]["apps"])
    assert running.wait("c" * 24)["message"] == "Empty entry point"


def test_a_worker_killed_in_every_stage_at_start_before_and_after_its_commit_costs_no_graph(
    estate: dict[str, Any], tmp_path: Path
) -> None:
    points = ",".join(f"*:{point}@{tmp_path}/once" for point in ("start", "before_commit", "after_commit"))
    with deployed(estate, haste=True, TESTKIT_KILL_POINTS=points) as deployment:
        deployment.start_workers(3)
        deployment.start_web()
        for graph in estate["graphs"]:
            deployment.post(graph["_id"], OWNER, apps=graph["apps"])
        for graph in estate["graphs"]:
            assert deployment.wait(graph["_id"], 90)["state"] == "finished"
            assert deployment.front.shown(graph["_id"]) is not None
        assert len(list(tmp_path.iterdir())) == 3 * len(STAGES), "not every stage was killed at every point"


def test_a_killed_worker_is_replaced_and_its_graph_ends_within_seconds(estate: dict[str, Any]) -> None:
    with deployed(estate) as deployment:
        deployment.start_workers(1)
        deployment.start_web()
        before = until(lambda: deployment.worker_pids(), 10, "workers")
        graph = estate["graphs"][2]
        deployment.servers["data"].arm("/servers", "hang", times=1, argument=60)
        deployment.post(graph["_id"], OWNER, apps=graph["apps"])
        until(lambda: "/servers" in deployment.servers["data"].paths(), 10, "enrichment")
        os.kill(before[0], signal.SIGKILL)
        began = time.monotonic()
        assert deployment.wait(graph["_id"], 30)["state"] == "finished"
        assert time.monotonic() - began < 6
        assert deployment.worker_pids() != before
