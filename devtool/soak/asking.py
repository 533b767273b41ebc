"""Asking for graphs as a caller does that comes back when told to."""

from __future__ import annotations

import random
import threading
import time
from typing import Any

from devtool.testkit.deployment import FINAL, Deployment

from . import crowd
from .record import UNDRAWN, Record

#: Graphs that may be in work at once.
AHEAD = 200
#: The times a graph is asked for again, half a second apart, where it was refused.
ATTEMPTS = 200


def warm_up(deployment: Deployment) -> None:
    """One graph of each type, so that what is loaded once is loaded."""
    owner, _ = subjects(deployment)
    for number, kind in enumerate(("bussiness", "infra", "network")):
        deployment.post(f"{0xFFFF:08x}{number:016x}", owner, type=kind)
        deployment.wait(f"{0xFFFF:08x}{number:016x}", 60)


def subjects(deployment: Deployment) -> tuple[str, list[dict[str, Any]]]:
    """The sample's owner, and the systems a graph of theirs may start from."""
    systems = deployment.documents["systems"]
    owner = str(systems[0]["roles"][0]["_id"])
    mine = [one for one in systems if one["roles"][0]["_id"] == owner]
    return owner, [{"_id": one["_id"], "name": one["name"]} for one in mine]


def ask(
    deployment: Deployment,
    graphs: int,
    luck: random.Random,
    record: Record,
    *,
    redis_dies: bool = True,
    owners: int = 0,
    plugin: str = "",
) -> None:
    """Post every graph; Redis is killed half way.

    With ``owners`` half of the graphs are those of one of a crowd; ``plugin`` is the type of a tenth of them.
    """
    owner, systems = subjects(deployment)
    away: list[threading.Thread] = []
    for number in range(graphs):
        if redis_dies and number == graphs // 2:
            away.append(threading.Thread(target=restart_redis, args=(deployment,)))
            away[0].start()
        whose, graph_id, kind = owner, f"{number:024x}", luck.choices(("bussiness", "infra", "network"), (8, 1, 1))[0]
        body: dict[str, Any] = {"systems": [luck.choice(systems)]} if kind == "bussiness" else {}
        if owners and luck.random() < 0.5:
            whose, body, kind = (*crowd.wish(luck.randrange(owners)), "bussiness")
        if plugin and luck.random() < 0.1:
            graph_id, kind, body = f"{UNDRAWN}{number:016x}", plugin, {}
        ask_once(deployment, graph_id, whose, kind, body, record)
        while in_work(deployment, record) > AHEAD:
            time.sleep(0.2)
    for thread in away:
        thread.join()


def ask_once(
    deployment: Deployment, graph_id: str, owner: str, kind: str, body: dict[str, Any], record: Record
) -> None:
    """Ask until it is accepted, and note how long that answer took."""
    for _ in range(ATTEMPTS):
        began = time.monotonic()
        try:
            status, _ = deployment.post(graph_id, owner, type=kind, **body)
        except OSError:
            status = 0
        if status == 201:
            record.answers.append(time.monotonic() - began)
            record.accepted.append(graph_id)
            return
        record.refused += 1
        time.sleep(0.5)


def in_work(deployment: Deployment, record: Record) -> int:
    """How many accepted graphs have not ended."""
    documents = list(deployment.data.documents.get("graphs", []))
    ended = {one["_id"] for one in documents if one.get("status") in FINAL}
    return sum(graph not in ended for graph in record.accepted)


def restart_redis(deployment: Deployment) -> None:
    """SIGKILL; back after three seconds with what its file holds."""
    with deployment.redis.away(3):
        pass
