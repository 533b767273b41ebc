"""``devtool soak --owners N``: Redis has lost two graphs of each of N owners; all are to be ended, and that be told.

The reconciler and the outbox run as a reaper runs them, once a second, against a Data App over HTTP.
"""

from __future__ import annotations

import shutil
import tempfile
import time
from collections import Counter
from pathlib import Path

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
from devtool.testkit.neighbours.indexed import IndexedDataApp

from .record import said_held

#: Seconds in which all must be told, and questions to the Data App that may take, for each owner.
MOST_SECONDS, MOST_QUESTIONS = 600, 0.2
EACH = 2


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
    return said_held(held)
