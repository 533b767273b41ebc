"""``devtool soak --owners N``: Redis has lost two graphs of each of N owners; all are to be ended, and that be told.

The reconciler and the outbox run as a reaper runs them, once a second, against a Data App over HTTP.
"""

from __future__ import annotations

import json
import shutil
import tempfile
import time
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from analytics import logs, settings
from analytics.inventory.dataapp import DataApp as Source
from analytics.outbound.data_app import DataAppStatus
from analytics.pipeline.registry import load
from analytics.runs.outbox import DUE
from analytics.runs.queue import enqueuer, queue_of
from analytics.runs.reconcile import Reconciler
from analytics.runs.store import RunStore
from analytics.workers import reaper
from devtool.testkit.deployment import NOAUTH, SECRET, PrivateRedis
from devtool.testkit.neighbours.dataapp import DataApp, as_list, matches

#: Seconds in which all must be told, and questions to the Data App that may take, for each owner.
MOST_SECONDS, MOST_QUESTIONS = 600, 0.2
EACH = 2


class IndexedDataApp(DataApp):
    """Graph documents found by id and by owner without a walk over all, as a database with indexes does."""

    def index(self) -> None:
        """Note where each document is."""
        graphs = self.documents["graphs"]
        self.by_id = {graph["_id"]: graph for graph in graphs}
        self.by_owner: dict[str, list[dict[str, Any]]] = {}
        for graph in graphs:
            self.by_owner.setdefault(graph["roles"][0]["_id"], []).append(graph)

    def _page(self, _collection: str, body: Mapping[str, Any]) -> dict[str, Any]:
        query, limit = json.loads(body["query"]), int(body["limit"])
        if "_id" in query:
            near = [self.by_id[one] for one in as_list(query["_id"]) if one in self.by_id]
        else:
            near = [graph for owner in as_list(query["roles._id"]) for graph in self.by_owner.get(owner, ())]
        found = [graph for graph in near if matches(graph, query)]
        start = (int(body["page"]) - 1) * limit
        return {"found": len(found), "items": found[start : start + limit]}

    def _write(self, body: Mapping[str, Any]) -> dict[str, Any]:
        for change in body["body"]:
            self.written.append(change)
            self.by_id[change["_id"]].update(change)
        return {"updated": len(body["body"])}


def owners(count: int) -> int:
    """Lose two graphs of each of ``count`` owners; 0 when all are told in time and within the budget."""
    logs.configure("ERROR")
    folder = Path(tempfile.mkdtemp(prefix="am-owners-"))
    server = PrivateRedis(folder)
    server.start()
    try:
        return told(server, count)
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)


def told(server: PrivateRedis, count: int) -> int:
    """Let a reaper find and tell everything; report."""
    redis, registry = server.client(), load(settings.ROOT / "plugins")
    queue = queue_of(redis, "analytics")
    store = RunStore(redis, registry.plans, enqueuer(queue, registry, 60))
    names = [f"{number:024x}" for number in range(count)]
    graphs = [
        {"_id": f"{copy:08x}{number:016x}", "roles": [{"_id": owner}], "active": True, "status": "process"}
        for number, owner in enumerate(names)
        for copy in range(1, EACH + 1)
    ]
    redis.zadd("am:owners", dict.fromkeys(names, time.time()))
    app = IndexedDataApp({"graphs": graphs}, secret=SECRET, noauth=NOAUTH)
    app.index()
    with app.serve() as http:
        source, status = Source(http.url, SECRET, NOAUTH), DataAppStatus(http.url, SECRET, NOAUTH)
        working = reaper.Reaper(redis, store, queue, status, 5, Reconciler(redis, store, source))
        reaper.tick(working)
        began, most_owed = time.monotonic(), 0
        while time.monotonic() - began < MOST_SECONDS:
            reaper.tell_neighbours(working)
            most_owed = max(most_owed, int(redis.zcard(DUE)))
            if len(app.written) >= len(graphs):
                break
            time.sleep(store.times.tick)
            reaper.elected(working)
        took, asked = time.monotonic() - began, len(http.paths())
        source.close()
        status.close()
    states = Counter(graph["status"] for graph in graphs)
    print(f"{count} owners, {len(graphs)} graphs lost by Redis: {dict(states)} after {took:.0f} s")
    print(f"  at most {most_owed} statuses owed at once; {asked} requests to the Data App")
    held = {
        f"all told within {MOST_SECONDS} s": set(states) == {"error"},
        f"within {MOST_QUESTIONS} requests an owner": asked <= MOST_QUESTIONS * count + 100,
    }
    for what, true in held.items():
        print(f"  {'holds' if true else 'FAILS'}: {what}")
    return 0 if all(held.values()) else 1
