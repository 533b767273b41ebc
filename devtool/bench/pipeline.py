"""From a POST to the Front, and what the pipeline costs beside the drawing.

Prints, measured in one run on one deployment (web, two workers, Redis, Data App
and Front on loopback):

- POST to the Front's receipt, median and p95, for the 16-application graph
  "Maestro Server" of the demo estate (or the sample's whole graph where the
  demo estate is not at hand), against the predecessor's 1,604 ms;
- the same for a graph type of nine stages that do nothing: what ten jobs, state
  and commits cost, against the bare round trips RQ needs for as many jobs;
- CPU seconds a graph, workers and web together;
- many graphs at once: graphs a minute, first, median and last picture.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from devtool.testkit.deployment import ROOT, Deployment, deployed, descendants, until

SAMPLE = ROOT / "devtool" / "sample" / "inventory.json"
PREDECESSOR_MS = 1604.0
FINAL = {"finished", "warning", "error"}
IDLE = '''
from analytics import GraphType, Stage, hookimpl
from analytics.model import Outcome

NAMES = [f"idle_{n}" for n in range(9)]

def idle() -> None:
    """Nothing."""

@hookimpl
def analytics_stages():
    for name in NAMES:
        yield Stage(name, idle)

@hookimpl
def analytics_graph_types():
    waits = {name: tuple(NAMES[n - 1 : n]) if n else () for n, name in enumerate(NAMES)}
    yield GraphType("idle", waits)
'''


def main(argv: Sequence[str]) -> int:
    """Run the bench; returns 0."""
    parser = argparse.ArgumentParser(prog="python3 -m devtool bench pipeline", description=__doc__.split("\n\n")[0])
    parser.add_argument("--graphs", type=int, default=60, help="graphs one after the other (default 60)")
    parser.add_argument("--burst", type=int, default=200, help="graphs at once (default 200)")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--inventory", type=Path, default=SAMPLE, help="whose graphs are drawn (the sample's)")
    args = parser.parse_args(list(argv))
    documents = json.loads(args.inventory.read_text())
    owner, entries = subject(documents)
    with deployed(documents, MAESTRO_OWNER_RATE="1000000") as deployment:
        dropins = deployment.folder / "idle_plugins"
        dropins.mkdir()
        (dropins / "idle.py").write_text(IDLE)
        deployment.env["MAESTRO_PLUGINS_DIR"] = str(dropins)
        deployment.start_web(2)
        deployment.start_workers(args.workers)
        one_by_one(deployment, owner, entries, 5)  # warm
        cpu = cpu_seconds(deployment)
        took = one_by_one(deployment, owner, entries, args.graphs)
        cpu = cpu_seconds(deployment) - cpu
        median = statistics.median(took) * 1000
        p95 = statistics.quantiles(took, n=20)[-1] * 1000
        print(f"POST to Front, {args.graphs} graphs: median {median:.0f} ms, p95 {p95:.0f} ms", end="")
        print(f"   predecessor {PREDECESSOR_MS:.0f} ms: {PREDECESSOR_MS / median:.0f} times")
        print(f"CPU a graph, web and workers: {cpu / args.graphs * 1000:.0f} ms   predecessor 1200 ms")
        idle(deployment, owner, args.graphs)
        burst(deployment, owner, entries, args.burst)
    return 0


def subject(documents: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """The owner and the entries of the graph that is measured."""
    for graph in documents.get("graphs", []):
        if graph.get("name", "").startswith("Maestro Server"):
            return graph["roles"][0]["_id"], {"apps": graph["apps"]}
    return documents["systems"][0]["roles"][0]["_id"], {}


def one_by_one(deployment: Deployment, owner: str, entries: dict[str, Any], count: int) -> list[float]:
    """Seconds from each POST until the Front has the drawing. Nobody asks for the state meanwhile."""
    took = []
    for number in range(count):
        graph_id = f"{0xA000 + number:024x}"
        began = time.monotonic()
        deployment.post(graph_id, owner, **entries)
        until(lambda graph_id=graph_id: FINAL.intersection(deployment.data.statuses(graph_id)), 30, graph_id)
        shown = deployment.front.shown(graph_id)
        if shown is None:
            raise RuntimeError(f"{graph_id} ended without a picture: {deployment.data.written[-1]}")
        took.append(shown.at - began)
        time.sleep(0.02)  # the websocket's stage ends too
    return took


def idle(deployment: Deployment, owner: str, count: int) -> None:
    """What nine stages cost that do nothing; each run has time to end before the next."""
    ids = [f"{0xB000 + number:024x}" for number in range(count)]
    cpu = cpu_seconds(deployment, "workers")
    for graph_id in ids:
        deployment.post(graph_id, owner, type="idle")
        time.sleep(0.15)
    cpu = (cpu_seconds(deployment, "workers") - cpu) / count * 1000
    states = [deployment.wait(graph_id) for graph_id in ids]
    took = [state["ended"] - state["created"] for state in states]
    print(f"nine idle stages: median {statistics.median(took) * 1000:.1f} ms from accepted to ended;", end=" ")
    print(f"{cpu / 9:.2f} ms CPU of the workers a stage   bare in-process RQ: 2.0-2.9 ms")


def burst(deployment: Deployment, owner: str, entries: dict[str, Any], count: int) -> None:
    """Many graphs at once: throughput and the order of arrival."""
    seen = len(deployment.front.stored)
    written = written_bytes(deployment)
    began = time.monotonic()
    for number in range(count):
        deployment.post(f"{0xC000 + number:024x}", owner, **entries)
    until(lambda: len(deployment.front.stored) >= seen + count, 600, "the burst")
    arrived = sorted(one.at - began for one in deployment.front.stored[seen:])
    last = arrived[-1]
    print(f"{count} graphs at once: {count / last * 60:.0f} a minute; first {arrived[0]:.2f} s,", end=" ")
    print(
        f"median {statistics.median(arrived):.1f} s ({statistics.median(arrived) / last:.0%} of the last, {last:.1f} s)"
    )
    with deployment.redis.client() as client:
        memory = int(client.info("memory")["used_memory"])
    network = (written_bytes(deployment) - written) / count
    print(f"Redis: {network / 1000:.0f} kB received a graph, {memory / 1e6:.1f} MB held at the end")


def written_bytes(deployment: Deployment) -> int:
    """Bytes Redis was sent so far."""
    with deployment.redis.client() as client:
        return int(client.info("stats")["total_net_input_bytes"])


def cpu_seconds(deployment: Deployment, *names: str) -> float:
    """CPU so far of the named processes and their children, by default of web and workers (Linux)."""
    ticks = 0
    for process in [deployment.processes[name] for name in names or deployment.processes]:
        for pid in (process.pid, *descendants(process.pid)):
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")
