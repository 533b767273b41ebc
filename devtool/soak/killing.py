"""Killing the processes of pools, and looking how long what they ran stays without another attempt."""

from __future__ import annotations

import contextlib
import os
import random
import signal
import threading
import time
from collections.abc import Mapping
from pathlib import Path

from redis import RedisError

from analytics.pipeline import codec
from analytics.pipeline.progress import StageState
from analytics.runs.queue import EXECUTION
from devtool.testkit.deployment import Deployment, children_of

from .record import Record, sizes

#: Kinds of process, and how often each is the one that is killed.
VICTIMS = {"worker": 70, "fork": 15, "reaper": 10, "supervisor": 5}
Execution = tuple[str, str, int]
"""The run, the stage and the attempt."""


class Killer:
    """Kills processes of ``pools``: the environment each of them is started with, by its name."""

    def __init__(
        self,
        deployment: Deployment,
        pools: Mapping[str, Mapping[str, str]],
        workers: int,
        rate: float,
        luck: random.Random,
        record: Record,
    ) -> None:
        self.deployment, self.pools, self.workers = deployment, pools, workers
        self.rate, self.luck, self.record = rate, luck, record
        self.lost: dict[Execution, float] = {}
        self.lock = threading.Lock()  # of the pools: one is killed or rolled at a time

    def run(self, stop: threading.Event) -> None:
        """Kill until told to stop, as often as it was asked for however long a kill takes."""
        due = time.monotonic()
        while self.rate and not stop.wait(max(0.0, (due := due + self.luck.expovariate(self.rate)) - time.monotonic())):
            kind = self.luck.choices(list(VICTIMS), list(VICTIMS.values()))[0]
            pool = "fork" if kind == "fork" and "fork" in self.pools else self.luck.choice(list(self.pools))
            with contextlib.suppress(ProcessLookupError, RedisError), self.lock:
                self.kill(kind, pool)

    def start(self, pool: str) -> None:
        """Start a pool, or start it again."""
        self.deployment.start_workers(self.workers, pool, **self.pools[pool])

    def kill(self, kind: str, pool: str) -> None:
        """SIGKILL one process of ``kind``; a pool whose supervisor died is started again."""
        workers = self.deployment.worker_pids(pool)
        if not workers:
            return
        worker = self.luck.choice(workers)
        forks = children_of(worker)
        if kind == "fork" and not forks:
            kind = "worker"  # it is between two stages
        victim = {
            "worker": worker,
            "fork": forks[0] if forks else 0,
            "reaper": self.deployment.reaper_pid(pool),
            "supervisor": self.deployment.processes[pool].pid,
        }[kind]
        if not victim:
            return
        running = self.running(workers if kind == "supervisor" else [worker] if kind != "reaper" else [])
        os.kill(victim, signal.SIGKILL)
        self.record.kills[kind] += 1
        self.lost |= dict.fromkeys(running, time.time())
        if kind == "supervisor":
            self.deployment.processes.pop(pool).popen.wait()
            self.start(pool)

    def running(self, pids: list[int]) -> list[Execution]:
        """What these workers run."""
        return [running for pid, running in executions(self.deployment) if pid in pids]

    def watch(self, stop: threading.Event) -> None:
        """Note when what was lost is in work again."""
        began = time.monotonic()
        while not stop.is_set() or (self.lost and time.monotonic() - began < 3600):
            time.sleep(0.1)
            self.measure()
            with contextlib.suppress(RedisError), self.deployment.redis.client() as client:
                for (run_id, stage, attempt), at in list(self.lost.items()):
                    raw = client.hget(f"am:run:{run_id}", stage)
                    state = codec.loads(StageState, raw) if raw else None
                    if state is None or (state.attempt == attempt and state.status in ("done", "failed", "skipped")):
                        self.lost.pop((run_id, stage, attempt), None)  # it had ended, or the run is no longer kept
                    elif state.attempt > attempt and state.started > at:
                        self.lost.pop((run_id, stage, attempt), None)
                        self.record.rescues.append(state.started - at)

    def measure(self) -> None:
        """The largest memory and number of descriptors any worker has had."""
        for pool in self.pools:
            with contextlib.suppress(KeyError):
                for name, value in sizes(self.deployment.worker_pids(pool)).items():
                    self.record.largest[name] = max(value, self.record.largest.get(name, 0))


def executions(deployment: Deployment) -> list[tuple[int, Execution]]:
    """Which worker, by its process id, runs what, as RQ has noted it."""
    found = []
    with deployment.redis.client() as client:
        for name in client.smembers("rq:workers"):
            pid = int(client.hget(name, "pid") or 0)
            state, noted = client.hmget(name, "state", EXECUTION)
            for execution in [noted] if noted and state == b"busy" else client.smembers(name + b":executions"):
                run_id, stage, attempt = execution.decode().partition(":")[0].split("-")
                if Path(f"/proc/{pid}").exists():
                    found.append((pid, (run_id, stage, int(attempt))))
    return found
