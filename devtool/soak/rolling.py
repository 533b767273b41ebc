"""Rolling pools to the next version of the service, every record of which has a field more, and back again."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from pathlib import Path

from redis import RedisError

from devtool.testkit.deployment import ROOT, Deployment, until

from .killing import Killer
from .record import Record

#: Which build each of the two pools is rolled to, one step after the other: forward, back, and side by side again.
STEPS = (("next", "this"), ("next", "next"), ("this", "next"), ("this", "this"), ("this", "next"))


def roll(deployment: Deployment, killer: Killer, builds: Mapping[str, Path], graphs: int, record: Record) -> None:
    """Roll the pools from step to step as the graphs are accepted; each pool ends what it has in hand."""
    for number, step in enumerate(STEPS, 1):
        with contextlib.suppress(TimeoutError, RedisError):
            until(lambda n=number: len(record.accepted) >= graphs * n / (len(STEPS) + 1), 3600, "the next step")
        for name, build in zip(killer.pools, step, strict=True):
            with killer.lock:
                if deployment.trees.get(name, ROOT) == builds[build]:
                    continue
                deployment.trees[name] = builds[build]
                deployment.processes.pop(name).stop()
                killer.start(name)
            record.kills[f"roll to {build}"] += 1
