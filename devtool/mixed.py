"""The soak of two versions: pools of this build and of one with a field more in each record draw graphs side by side.

While workers, reapers and supervisors are killed, one pool after the other is
rolled forward to the next version and back again, with graphs in flight.
"""

from __future__ import annotations

import contextlib
import json
import random
import tempfile
import threading
import time
from pathlib import Path

from redis import RedisError

from devtool import soak
from devtool.testkit.builds import ROOT, next_version
from devtool.testkit.deployment import Deployment, deployed, until
from devtool.testkit.faults.invariants import work_left

POOLS = ("one", "other")
#: Which build each of the two pools is rolled to, one step after the other: forward, back, and side by side again.
STEPS = (("next", "this"), ("next", "next"), ("this", "next"), ("this", "this"), ("this", "next"))


def mixed(graphs: int, seed: int, workers: int, kills_per_second: float) -> int:
    """Ask for ``graphs`` graphs of two versions side by side; report, and say whether none was lost or stuck."""
    record, stop = soak.Record(), threading.Event()
    with (
        tempfile.TemporaryDirectory(prefix="am-builds-") as folder,
        deployed(
            json.loads(soak.SAMPLE.read_text()), MAESTRO_OWNER_RATE="1000000", MAESTRO_LOG_LEVEL="WARNING"
        ) as deployment,
    ):
        builds = {"this": ROOT, "next": next_version(Path(folder))}
        deployment.trees["other"] = builds["next"]
        deployment.start_web(2)
        for name in POOLS:
            deployment.start_workers(workers, name)
        soak.warm_up(deployment)
        before = soak.redis_size(deployment)
        modes = dict.fromkeys(POOLS, "inprocess")
        killer = soak.Killer(deployment, modes, workers, kills_per_second, random.Random(seed), record)
        threads = [
            threading.Thread(target=killer.run, args=(stop,)),
            threading.Thread(target=killer.watch, args=(stop,)),
            threading.Thread(target=roll, args=(deployment, killer, builds, workers, graphs, record)),
        ]
        began = time.monotonic()
        for thread in threads:
            thread.start()
        try:
            soak.ask(deployment, graphs, random.Random(seed + 99), record, redis_dies=False)
            until(lambda: len(soak.unended(deployment, record)) <= graphs // 50, 3600, "the bulk of the graphs")
        finally:
            stop.set()
            for thread in threads:
                thread.join()
        last_fault = time.monotonic()
        with contextlib.suppress(TimeoutError):
            until(lambda: not soak.unended(deployment, record), soak.PATIENCE, "the last graphs")
        ended = time.monotonic()
        with deployment.redis.client() as client, contextlib.suppress(TimeoutError):
            until(lambda: not work_left(client), 60, "an idle Redis")
            aside = {kind.decode(): int(count) for kind, count in client.hgetall("am:unreadable").items()}
        print(f"seed {seed}: {graphs} graphs of two versions in {ended - began:.0f} s", end=", ")
        print(f"{ended - last_fault:.0f} s after the last fault; set aside: {aside or 'nothing'}")
        return soak.report(deployment, record, before) or bool(aside)


def roll(
    deployment: Deployment,
    killer: soak.Killer,
    builds: dict[str, Path],
    workers: int,
    graphs: int,
    record: soak.Record,
) -> None:
    """Roll the pools from step to step as the graphs are accepted; each pool ends what it has in hand."""
    for number, step in enumerate(STEPS, 1):
        with contextlib.suppress(TimeoutError, RedisError):
            until(lambda n=number: len(record.accepted) >= graphs * n / (len(STEPS) + 1), 3600, "the next step")
        for name, build in zip(POOLS, step, strict=True):
            with killer.lock:
                if deployment.trees.get(name, ROOT) == builds[build]:
                    continue
                deployment.trees[name] = builds[build]
                deployment.processes.pop(name).stop()
                deployment.start_workers(workers, name, MAESTRO_WORKER="inprocess")
            record.kills[f"roll to {build}"] += 1
