"""``devtool soak --rescue N``: one process after the other is killed in the middle of a stage."""

from __future__ import annotations

import json
import os
import signal
import time

from devtool.places import SAMPLE
from devtool.testkit.deployment import Deployment, children_of, deployed, until

from .asking import subjects, warm_up
from .killing import executions
from .record import RESCUE_P99, said_times


def rescue(times: int) -> int:
    """Kill forks, then workers, in the middle of a stage; 0 when what they ran goes on in time."""
    documents = json.loads(SAMPLE.read_text())
    held = []
    for mode, what, most in (("fork", "the fork of a stage", 2.0), ("inprocess", "a worker", RESCUE_P99)):
        with deployed(documents, MAESTRO_ATTEMPTS="100", MAESTRO_LOG_LEVEL="WARNING") as deployment:
            deployment.start_web()
            deployment.start_workers(2, MAESTRO_WORKER=mode)
            warm_up(deployment)
            waits = [rescued_after(deployment, number, mode) for number in range(times)]
        p99 = said_times(f"{times} times {what} killed in the middle of a stage; the next attempt began after", waits)
        held.append(p99 <= most)
        print(f"  {'holds' if held[-1] else 'FAILS'}: p99 within {most:.0f} s")
    return 0 if all(held) else 1


def rescued_after(deployment: Deployment, number: int, mode: str) -> float:
    """Kill what runs the stage of one graph; seconds until its next attempt asks the Data App again."""
    server = deployment.servers["data"]
    owner, systems = subjects(deployment)
    before, graph = server.paths().count("/servers"), f"{0xEEEE:08x}{number:016x}"
    server.arm("/servers", "hang", times=1)
    deployment.post(graph, owner, systems=[systems[0]])
    until(lambda: server.paths().count("/servers") > before, 30, "a stage in the middle of its work")
    (worker,) = [pid for pid, (_, stage, _) in executions(deployment) if stage == "enrichment"]
    os.kill(children_of(worker)[0] if mode == "fork" else worker, signal.SIGKILL)
    killed = time.monotonic()
    until(lambda: server.paths().count("/servers") > before + 1, 60, "the next attempt")
    waited = time.monotonic() - killed
    deployment.wait(graph, 60)
    return waited
