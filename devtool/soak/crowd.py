"""Further owners beside the sample's: each has two applications, and a graph that Redis never knew."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

from devtool.testkit.deployment import Deployment

Documents = dict[str, list[dict[str, Any]]]


def owner_of(number: int) -> str:
    """The id of an owner of the crowd."""
    return f"{0xC0:08x}{number:016x}"


def lost_graph(number: int) -> str:
    """The id of that owner's graph that is ``process`` in the Data App and unknown to Redis."""
    return f"{0x1057:08x}{number:016x}"


def wish(number: int) -> tuple[str, dict[str, Any]]:
    """What an owner of the crowd asks for: the owner's id, and the fields of the request."""
    return owner_of(number), {"systems": [{"_id": f"{0x5C0:08x}{number:016x}"}]}


def joined_by(documents: Mapping[str, list[dict[str, Any]]], count: int) -> Documents:
    """An inventory with the things and lost graphs of ``count`` further owners."""
    held = {name: list(rows) for name, rows in documents.items()}
    for number in range(count):
        mine = {"active": True, "roles": [{"_id": owner_of(number)}]}
        system = {"_id": f"{0x5C0:08x}{number:016x}", "name": f"System {number}"}
        store = {"_id": f"{0xA1:08x}{number:016x}", "name": f"Store {number}"}
        front = {"_id": f"{0xA0:08x}{number:016x}", "name": f"Front {number}"}
        held["systems"].append({**system, **mine, "entry": [front]})
        held["applications"] += [
            {**front, **mine, "family": "Application", "system": [system], "deps": [{**store, "endpoint": "tcp 5432"}]},
            {**store, **mine, "family": "Database", "system": [system]},
        ]
        held.setdefault("graphs", []).append({"_id": lost_graph(number), "status": "process", **mine})
    return held


def make_known(deployment: Deployment, count: int) -> list[str]:
    """Let Redis know the owners as having asked lately; returns their lost graphs, which are to be ended."""
    with deployment.redis.client() as client:
        client.zadd("am:owners", {owner_of(number): time.time() for number in range(count)})
    return [lost_graph(number) for number in range(count)]
