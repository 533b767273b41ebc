"""From a POST to the Front, and what the service costs beside its stages.

One deployment on loopback: web, two workers, Redis, Data App and Front. In the same
run the stages alone are measured, one after the other in a process of their own, and
as jobs of RQ's own workers with nothing of ours around them: those are the floors.
CPU is that of web, workers, their children and Redis. The graph is "Maestro Server" of
the demo estate where that is given, else the sample's.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from redis import Redis

from analytics.runs.queries import DRAWN
from devtool.bench import _bare
from devtool.bench._rows import Row, for_programs, tell
from devtool.testkit.deployment import ROOT, Deployment, deployed, descendants, spawn, until

SAMPLE = ROOT / "devtool" / "sample" / "inventory.json"
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
    """Run the bench; 1 where a goal is missed."""
    parser = argparse.ArgumentParser(prog="python3 -m devtool bench pipeline", description=__doc__.split("\n\n")[0])
    parser.add_argument("--graphs", type=int, default=60, help="graphs one after the other (default 60)")
    parser.add_argument("--burst", type=int, default=200, help="graphs at once (default 200)")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--inventory", type=Path, default=SAMPLE, help="whose graphs are drawn (the sample's)")
    for_programs(parser)
    args = parser.parse_args(list(argv))
    return tell(rows(args.inventory, args.graphs, args.burst, args.workers), args.json)


def rows(inventory: Path, graphs: int, at_once: int, workers: int) -> Iterator[Row]:
    """One graph after the other, stages that do nothing, and many at once."""
    documents = json.loads(inventory.read_text())
    owner, entries = subject(documents)
    with deployed(documents, MAESTRO_OWNER_RATE="1000000") as deployment:
        dropins = deployment.folder / "idle_plugins"
        dropins.mkdir()
        (dropins / "idle.py").write_text(IDLE)
        deployment.env["MAESTRO_PLUGINS_DIR"] = str(dropins)
        deployment.start_web(2)
        deployment.start_workers(workers)
        one_by_one(deployment, owner, entries, 5)  # warm
        alone = stages_alone(deployment, owner, entries, max(5, graphs // 3))
        cpu = cpu_seconds(deployment)
        took = one_by_one(deployment, owner, entries, graphs)
        cpu = (cpu_seconds(deployment) - cpu) / graphs
        work, wall = alone["cpu"] * 1000, alone["wall"] * 1000
        yield Row("POST to Front, one by one: median", statistics.median(took) * 1000, "ms", goal=80, floor=wall)
        yield Row("POST to Front, one by one: p95", statistics.quantiles(took, n=20)[-1] * 1000, "ms", floor=wall)
        yield Row("a graph, everything included", cpu * 1000, "CPU ms", goal=round(3 * work, 1), floor=work)
        yield from again(deployment, owner, entries, graphs, statistics.median(took), cpu)
        yield Row("a stage that does nothing: workers", idle(deployment, owner, graphs), "CPU ms", goal=3)
        yield from burst(deployment, owner, entries, at_once, workers)


def subject(documents: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """The owner and the entries of the graph that is measured."""
    for graph in documents.get("graphs", []):
        if graph.get("name", "").startswith("Maestro Server"):
            return graph["roles"][0]["_id"], {"apps": graph["apps"]}
    return documents["systems"][0]["roles"][0]["_id"], {}


def stages_alone(deployment: Deployment, owner: str, entries: dict[str, Any], count: int) -> dict[str, float]:
    """CPU and wall seconds a graph of the stages, one after the other in a process of their own."""
    command = [sys.executable, "-m", "devtool.bench._bare", "work", owner, json.dumps(entries), str(count)]
    env = {**os.environ, **deployment.env}
    done = subprocess.run(command, cwd=ROOT, env=env, stdout=subprocess.PIPE, text=True, check=True)
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


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


def again(
    deployment: Deployment, owner: str, entries: dict[str, Any], count: int, first: float, first_cpu: float
) -> Iterator[Row]:
    """The same graphs once more, of an inventory that has not changed; the floor is what the first time took."""
    cpu, took = cpu_seconds(deployment), []
    for number in range(count):
        graph_id, before = f"{0xA000 + number:024x}", len(deployment.front.stored)
        told = len(deployment.bell.published)
        began = time.monotonic()
        deployment.post(graph_id, owner, **entries)
        until(lambda before=before: len(deployment.front.stored) > before, 30, graph_id)
        took.append(deployment.front.stored[-1].at - began)
        until(lambda told=told: len(deployment.bell.published) > told, 30, f"the end of {graph_id}")
    cpu = (cpu_seconds(deployment) - cpu) / count
    median = statistics.median(took) * 1000
    yield Row("asked again, unchanged: POST to Front, median", median, "ms", goal=35, floor=first * 1000)
    yield Row("asked again, unchanged: CPU of the first time's", cpu / first_cpu, "", goal=0.35)


def idle(deployment: Deployment, owner: str, count: int) -> float:
    """CPU milliseconds of the workers a stage that does nothing; each run has time to end before the next."""
    ids = [f"{0xB000 + number:024x}" for number in range(count)]
    cpu = cpu_seconds(deployment, "workers")
    for graph_id in ids:
        deployment.post(graph_id, owner, type="idle")
        time.sleep(0.15)
    cpu = (cpu_seconds(deployment, "workers") - cpu) / count * 1000
    for graph_id in ids:
        deployment.wait(graph_id)
    return cpu / 9


def burst(deployment: Deployment, owner: str, entries: dict[str, Any], count: int, workers: int) -> Iterator[Row]:
    """Many graphs at once: throughput, the order of arrival, and what Redis was sent and keeps."""
    with deployment.redis.client() as client:
        before, sent, own = commands(client), written_bytes(client), cpu_of_redis(client)
        began, ids = time.monotonic(), [f"{0xC000 + number:024x}" for number in range(count)]
        for graph_id in ids:
            deployment.post(graph_id, owner, **entries)
        arrived = [at - began for at in arrivals(deployment, ids, began)]
        until(lambda: not client.zcard("am:active"), 60, "the end of the burst")
        used, sent, own = commands(client) - before, written_bytes(client) - sent, cpu_of_redis(client) - own
        kept, picture = kept_bytes(client, ids)
        rate, last = count / arrived[-1] * 60, arrived[-1]
        bare = bare_rate(deployment, client, owner, entries, count, workers)
    name = f"{count} graphs at once, {workers} workers"
    yield Row(f"{name}: graphs", rate, "a minute", goal=round(min(1500, 0.7 * bare)), floor=bare, least=True)
    yield Row(f"{name}: share of bare RQ's", rate / bare, "", goal=None if rate >= 1500 else 0.7, least=True)
    yield Row(f"{name}: first picture", arrived[0], "s", goal=0.5)
    yield Row(f"{name}: median of the last", statistics.median(arrived) / last, "", goal=0.6)
    yield Row("Redis' own CPU a graph", own / count * 1000, "CPU ms")
    yield Row("Redis commands a graph", used / count, "", goal=400)
    yield Row("sent to Redis a graph", sent / count / 1000, "kB", goal=45)
    yield Row("kept a graph after an hour, beside drawing and model", kept / count / 1000, "kB", goal=8)
    yield Row("drawing and model of a graph", picture / count / 1000, "kB")


def arrivals(deployment: Deployment, graphs: Sequence[str], began: float) -> list[float]:
    """When the Front had each of the graphs, in order of time; drawings from before ``began`` do not count."""

    def shown() -> list[float] | None:
        wanted = set(graphs)
        found = {one.graph_id: one.at for one in list(deployment.front.stored) if one.at >= began}
        return sorted(found[one] for one in wanted) if wanted <= found.keys() else None

    times: list[float] = until(shown, 600, "every graph at the Front")
    return times


def bare_rate(
    deployment: Deployment, client: Redis, owner: str, entries: dict[str, Any], count: int, workers: int
) -> float:
    """Graphs a minute that RQ's own workers reach with the same stages; ours are stopped meanwhile, and stay so."""
    deployment.processes.pop("workers").stop()
    command = [sys.executable, "-m", "devtool.bench._bare", "worker"]
    names = [f"bare-{number}" for number in range(workers)]
    for name in names:
        deployment.processes[name] = spawn(name, command, deployment.env, deployment.folder)
    until(lambda: client.scard(f"rq:workers:{_bare.QUEUE}") == workers, 30, "RQ's workers")
    began = time.monotonic()
    ids = [f"{0xF000 + number:024x}" for number in range(count)]
    graphs = deployment.data.documents.setdefault("graphs", [])
    graphs += [{"_id": one, "roles": [{"_id": owner}], "active": True, "status": "process"} for one in ids]
    for graph_id in ids:
        _bare.begin(client, _bare.ask(graph_id, owner, entries))
    last = arrivals(deployment, ids, began)[-1] - began
    for name in names:
        deployment.processes.pop(name).end()
    return count / last * 60


def commands(client: Redis) -> int:
    """Commands that Redis has carried out so far, those within scripts included."""
    return sum(int(one["calls"]) for one in client.info("commandstats").values())


def written_bytes(client: Redis) -> int:
    """Bytes Redis was sent so far."""
    return int(client.info("stats")["total_net_input_bytes"])


def kept_bytes(client: Redis, graphs: Sequence[str]) -> tuple[int, int]:
    """Bytes of the graphs' keys that are there in an hour, beside drawing and model, and those of the two.

    The lists of all graphs are counted too: they hold these and hardly any others.
    """
    runs = [client.get(f"am:graph:{graph}") for graph in graphs]
    beside = picture = 0
    for key in client.scan_iter(count=1000):
        if client.ttl(key) <= 3600 or key.startswith((b"am:pool", b"am:versions:", b"bare:")):
            picture += int(client.memory_usage(key, samples=0) or 0) * key.startswith(b"am:versions:")
            continue
        size = int(client.memory_usage(key, samples=0) or 0)
        if key.startswith((b"am:run:", b"am:art:")) and key.rpartition(b":")[2] not in runs:
            continue
        drawn = sum(int(client.hstrlen(key, field)) for field in DRAWN) if key.startswith(b"am:art:") else 0
        beside, picture = beside + size - drawn, picture + drawn
    return beside, picture


def cpu_of_redis(client: Redis) -> float:
    """CPU seconds that Redis itself has taken."""
    said: Any = client.info("cpu")
    return float(said["used_cpu_user"]) + float(said["used_cpu_sys"])


def cpu_seconds(deployment: Deployment, *names: str) -> float:
    """CPU so far of the named processes and their children, by default of web, workers and Redis (Linux)."""
    found = [deployment.processes[name] for name in names or deployment.processes]
    if not names and deployment.redis.process is not None:
        found.append(deployment.redis.process)
    ticks = 0
    for process in found:
        for pid in (process.pid, *descendants(process.pid)):
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")
