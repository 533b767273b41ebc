"""The soak: many graphs while workers, reapers and supervisors are killed, Redis restarts and neighbours fail.

Prints what became of the graphs, how long rescue took and what is left in
Redis; exit status 0 says that everything held. ``--backlog`` measures a long
queue instead: how it drains, and whether memory and descriptors stay flat.
``--rescue`` kills one process after the other in the middle of a stage and
measures how long the stage waits for its next attempt. ``--mixed`` lets two versions of the
service draw side by side while pools are rolled forward and back. ``--beside`` measures a lone graph beside another
owner's slow ones, ``--owners`` how long it takes to end what Redis lost.
``--matrix`` runs the fault tests that take minutes.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import random
import signal
import statistics
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from redis import RedisError

from analytics.pipeline import codec
from analytics.pipeline.progress import StageState
from devtool.testkit.deployment import FINAL, ROOT, Deployment, children_of, deployed, until
from devtool.testkit.faults.invariants import lasting_keys, work_left
from devtool.testkit.faults.modes import Fault

SAMPLE = ROOT / "devtool" / "sample" / "inventory.json"
#: Kinds of process, and how often each is the one that is killed.
VICTIMS = {"worker": 70, "fork": 15, "reaper": 10, "supervisor": 5}
#: A neighbour's bad moments; all of them pass.
STATUS = [Fault("status", code) for code in (500, 502, 503, 429)]
BROKEN = [Fault("reset"), Fault("close"), Fault("half")]
FAULTS = {
    "data": [*STATUS * 2, *BROKEN * 2, Fault("bad_json"), Fault("html"), Fault("drip", 0.5)],
    "front": [*STATUS, *BROKEN, Fault("lost_answer")],
    "bell": [*STATUS, *BROKEN, Fault("hang")],
}
#: Seconds after the last fault in which every graph must have ended.
PATIENCE = 600


@dataclass
class Record:
    """What happened during a soak."""

    accepted: list[str] = field(default_factory=list)
    refused: int = 0
    kills: Counter[str] = field(default_factory=Counter)
    rescues: list[float] = field(default_factory=list)
    largest: dict[str, float] = field(default_factory=dict)


def main(argv: Sequence[str]) -> int:
    """Run the soak that the arguments describe; returns the exit status."""
    options = parser().parse_args(list(argv))
    if options.matrix:
        # In a process of its own: what is imported here already, pytest could not prepare for its assertions.
        command = [sys.executable, "-m", "pytest", "-q", "-m", "long", "--durations=20", "tests"]
        return subprocess.run(command, cwd=ROOT, check=False).returncode
    if options.backlog:
        return backlog(options.backlog, options.workers)
    if options.mixed:
        from .mixed import mixed

        return mixed(options.mixed, options.seed, options.workers, options.kills_per_second)
    if options.beside:
        from .beside import beside

        return beside(options.beside, options.workers)
    if options.owners:
        from .owners import owners

        return owners(options.owners)
    if options.rescue:
        return rescue(options.rescue)
    return soak(options.graphs, options.seed, options.workers, options.kills_per_second, options.faulty)


def parser() -> argparse.ArgumentParser:
    """What ``--help`` shows."""
    top = argparse.ArgumentParser(prog="python3 -m devtool soak", description=__doc__.split("\n\n")[0])
    top.add_argument("--graphs", type=int, default=100, help="graphs to ask for (default 100)")
    top.add_argument("--seed", type=int, default=1, help="what is killed and what goes wrong (default 1)")
    top.add_argument("--workers", type=int, default=2, help="workers in each of the two pools (default 2)")
    top.add_argument("--kills-per-second", type=float, default=1.0, help="processes killed a second (default 1)")
    top.add_argument("--faulty", type=float, default=0.05, help="share of faulty answers (default 0.05)")
    top.add_argument("--backlog", type=int, default=0, metavar="N", help="drain N graphs without faults instead")
    top.add_argument("--rescue", type=int, default=0, metavar="N", help="measure N rescues of each kind instead")
    top.add_argument("--mixed", type=int, default=0, metavar="N", help="N graphs by two versions side by side instead")
    top.add_argument("--beside", type=int, default=0, metavar="N", help="a lone graph beside N slow ones instead")
    top.add_argument("--owners", type=int, default=0, metavar="N", help="two lost graphs of each of N owners instead")
    top.add_argument("--matrix", action="store_true", help="run the fault tests that take minutes instead")
    return top


def soak(graphs: int, seed: int, workers: int, kills_per_second: float, faulty: float) -> int:
    """Ask for ``graphs`` graphs while everything goes wrong; report, and say whether it held."""
    documents = json.loads(SAMPLE.read_text())
    record, stop = Record(), threading.Event()
    with deployed(documents, MAESTRO_OWNER_RATE="1000000", MAESTRO_LOG_LEVEL="WARNING") as deployment:
        deployment.start_web(2)
        modes = {"inprocess": "inprocess", "fork": "fork"}
        for name, mode in modes.items():
            deployment.start_workers(workers, name, MAESTRO_WORKER=mode)
        warm_up(deployment)
        before = redis_size(deployment)
        for number, (name, faults) in enumerate(FAULTS.items()):
            deployment.servers[name].haunt(faulty, faults, seed + number)
        killer = Killer(deployment, modes, workers, kills_per_second, random.Random(seed), record)
        chaos = threading.Thread(target=killer.run, args=(stop,))
        watch = threading.Thread(target=killer.watch, args=(stop,))
        began = time.monotonic()
        chaos.start()
        watch.start()
        try:
            ask(deployment, graphs, random.Random(seed + 99), record)
            until(lambda: len(unended(deployment, record)) <= graphs // 50, 3600, "the bulk of the graphs")
        finally:
            stop.set()
            chaos.join()
            for server in deployment.servers.values():
                server.haunt(0.0, (), 0)
        last_fault = time.monotonic()
        with contextlib.suppress(TimeoutError):
            until(lambda: not unended(deployment, record), PATIENCE, "the last graphs")
        watch.join()
        ended = time.monotonic()
        with deployment.redis.client() as client, contextlib.suppress(TimeoutError):
            until(lambda: not work_left(client), 60, "an idle Redis")
        print(f"seed {seed}: {graphs} graphs in {ended - began:.0f} s, {ended - last_fault:.0f} s after the last fault")
        return report(deployment, record, before)


def warm_up(deployment: Deployment) -> None:
    """One graph of each type, so that what is loaded once is loaded."""
    owner, _ = subjects(deployment)
    for number, kind in enumerate(("bussiness", "infra", "network")):
        deployment.post(f"{0xFFFF:08x}{number:016x}", owner, type=kind)
        deployment.wait(f"{0xFFFF:08x}{number:016x}", 60)


def subjects(deployment: Deployment) -> tuple[str, list[dict[str, Any]]]:
    """The owner, and the systems a graph may start from."""
    systems = deployment.documents["systems"]
    return systems[0]["roles"][0]["_id"], [{"_id": one["_id"], "name": one["name"]} for one in systems]


def ask(deployment: Deployment, graphs: int, luck: random.Random, record: Record, *, redis_dies: bool = True) -> None:
    """Post every graph, as a caller does that comes back when told to; Redis is killed half way."""
    owner, systems = subjects(deployment)
    away: list[threading.Thread] = []
    for number in range(graphs):
        if redis_dies and number == graphs // 2:
            away.append(threading.Thread(target=restart_redis, args=(deployment,)))
            away[0].start()
        graph_id = f"{number:024x}"
        body: dict[str, Any] = {"systems": [luck.choice(systems)]}
        kind = luck.choices(("bussiness", "infra", "network"), (8, 1, 1))[0]
        for _ in range(200):
            try:
                status, _ = deployment.post(graph_id, owner, type=kind, **(body if kind == "bussiness" else {}))
            except OSError:
                status = 0
            if status == 201:
                record.accepted.append(graph_id)
                break
            record.refused += 1
            time.sleep(0.5)
        while number - ended_count(deployment) > 200:
            time.sleep(0.2)
    for thread in away:
        thread.join()


def restart_redis(deployment: Deployment) -> None:
    """SIGKILL; back after three seconds with what its file holds."""
    with deployment.redis.away(3):
        pass


class Killer:
    """Kills processes of the pools, and looks how long what they ran stays without another attempt."""

    def __init__(
        self,
        deployment: Deployment,
        modes: dict[str, str],
        workers: int,
        rate: float,
        luck: random.Random,
        record: Record,
    ) -> None:
        self.deployment, self.modes, self.workers = deployment, modes, workers
        self.rate, self.luck, self.record = rate, luck, record
        self.lost: dict[tuple[str, str, int], float] = {}
        self.lock = threading.Lock()  # of the pools: one is killed or rolled at a time

    def run(self, stop: threading.Event) -> None:
        """Kill until told to stop, as often as it was asked for however long a kill takes."""
        due = time.monotonic()
        while self.rate and not stop.wait(max(0.0, (due := due + self.luck.expovariate(self.rate)) - time.monotonic())):
            kind = self.luck.choices(list(VICTIMS), list(VICTIMS.values()))[0]
            pool = "fork" if kind == "fork" and "fork" in self.modes else self.luck.choice(list(self.modes))
            with contextlib.suppress(ProcessLookupError, RedisError), self.lock:
                self.kill(kind, pool)

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
            self.deployment.start_workers(self.workers, pool, MAESTRO_WORKER=self.modes[pool])

    def running(self, pids: list[int]) -> list[tuple[str, str, int]]:
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
        for pool in self.modes:
            with contextlib.suppress(KeyError):
                for name, value in sizes(self.deployment.worker_pids(pool)).items():
                    self.record.largest[name] = max(value, self.record.largest.get(name, 0))


def executions(deployment: Deployment) -> list[tuple[int, tuple[str, str, int]]]:
    """Which worker runs what, as RQ has noted it: a process, and the run, the stage and the attempt."""
    found = []
    with deployment.redis.client() as client:
        for name in client.smembers("rq:workers"):
            pid = int(client.hget(name, "pid") or 0)
            for execution in client.smembers(name + b":executions"):
                run_id, stage, attempt = execution.decode().partition(":")[0].split("-")
                if Path(f"/proc/{pid}").exists():
                    found.append((pid, (run_id, stage, int(attempt))))
    return found


def sizes(pids: Sequence[int]) -> dict[str, float]:
    """The largest memory (MB, what a process has to itself) and the most descriptors among some processes (Linux)."""
    memory, files = [0.0], [0]
    for pid in pids:
        with contextlib.suppress(OSError, ValueError):
            _, resident, shared = (int(word) for word in Path(f"/proc/{pid}/statm").read_text().split()[:3])
            memory.append((resident - shared) * os.sysconf("SC_PAGE_SIZE") / 1e6)
            files.append(len(os.listdir(f"/proc/{pid}/fd")))
    return {"MB": max(memory), "descriptors": max(files)}


def ended_count(deployment: Deployment) -> int:
    """How many graph documents hold a final status."""
    return sum(one.get("status") in FINAL for one in list(deployment.data.documents.get("graphs", [])))


def unended(deployment: Deployment, record: Record) -> set[str]:
    """The accepted graphs whose document holds no final status."""
    documents = list(deployment.data.documents.get("graphs", []))
    return set(record.accepted) - {one["_id"] for one in documents if one.get("status") in FINAL}


def redis_size(deployment: Deployment) -> dict[str, float]:
    """Keys and memory."""
    with deployment.redis.client() as client:
        return {"keys": client.dbsize(), "MB": int(client.info("memory")["used_memory"]) / 1e6}


def report(deployment: Deployment, record: Record, before: dict[str, float]) -> int:
    """Print what happened; 0 when everything held."""
    documents = {one["_id"]: one for one in deployment.data.documents["graphs"]}
    ended = Counter(documents[graph].get("status", "lost") for graph in record.accepted)
    print(f"  ended: {dict(ended)}; asked again after a refusal {record.refused} times; kills: {dict(record.kills)}")
    for graph in record.accepted:
        if documents[graph].get("status") != "finished":
            print(f"    {graph}: {documents[graph].get('status')}: {documents[graph].get('msg')}")
    drawings: dict[str, list[str]] = {}
    for one in deployment.front.stored:
        drawings.setdefault(one.graph_id, []).append(one.svg)
    twice = [svgs for svgs in drawings.values() if len(svgs) > 1]
    differing = sum(len(set(svgs)) > 1 for svgs in twice)
    undelivered = [g for g in record.accepted if documents[g].get("status") == "finished" and g not in drawings]
    print(
        f"  sent more than once: {len(twice)}, differing: {differing}; finished and not delivered: {len(undelivered)}"
    )
    p99 = said_times(f"rescue of {len(record.rescues)} lost stages", record.rescues)
    with deployment.redis.client() as client:
        left, lasting = work_left(client), lasting_keys(client)
    after = redis_size(deployment)
    print(
        f"  Redis: {before['keys']:.0f} keys, {before['MB']:.1f} MB before; {after['keys']:.0f}, {after['MB']:.1f} MB",
        end="",
    )
    print(f" after; in work: {left or 'nothing'}; without a time to live: {lasting or 'nothing'}")
    largest = record.largest
    print(f"  largest worker: {largest.get('MB', 0):.0f} MB, {largest.get('descriptors', 0):.0f} descriptors")
    rest = outlived(deployment)
    print(f"  Redis when the times to live are over: {rest['keys']:.0f} keys, {rest['MB']:.1f} MB")
    held = {
        "none in process, none lost": not unended(deployment, record),
        "99 % finished": ended["finished"] >= 0.99 * len(record.accepted),
        "duplicates byte-equal": not differing,
        "finished means delivered": not undelivered,
        "rescue p99 within 30 s": p99 <= 30,
        "Redis idle, every key with a time to live": not left and not lasting,
        "Redis back to its base line": rest["keys"] <= before["keys"] and rest["MB"] <= before["MB"] + 1,
    }
    for what, true in held.items():
        print(f"  {'holds' if true else 'FAILS'}: {what}")
    return 0 if all(held.values()) else 1


def said_times(what: str, seconds: Sequence[float]) -> float:
    """Print the spread of some durations; returns the 99th of a hundred."""
    times = sorted(seconds) or [0.0]
    p99 = times[min(len(times) - 1, int(len(times) * 0.99))]
    print(f"  {what}: p50 {statistics.median(times):.1f} s, p99 {p99:.1f} s, longest {times[-1]:.1f} s")
    return p99


def outlived(deployment: Deployment) -> dict[str, float]:
    """Keys and memory of Redis when everything with a time to live has reached it; stops the deployment."""
    for name in list(deployment.processes):
        deployment.processes.pop(name).stop()
    with deployment.redis.client() as client:
        for name in list(client.scan_iter(count=1000)):
            if client.ttl(name) > 0:
                client.delete(name)
    return redis_size(deployment)


# --- rescue -----------------------------------------------------------------------------------


def rescue(times: int) -> int:
    """Kill forks, then workers, in the middle of a stage; 0 when what they ran goes on in time."""
    documents = json.loads(SAMPLE.read_text())
    held = []
    for mode, what, most in (("fork", "the fork of a stage", 2.0), ("inprocess", "a worker", 30.0)):
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


# --- a long queue -------------------------------------------------------------------------


def backlog(graphs: int, workers: int) -> int:
    """Drain a long queue of one owner; another owner asks for one graph in the middle of it."""
    documents = json.loads(SAMPLE.read_text())
    owner, lone = documents["systems"][0]["roles"][0]["_id"], "a" * 24
    roles = [{"_id": lone}]
    documents["applications"].append({"_id": "b" * 24, "name": "Lone", "active": True, "roles": roles})
    documents["systems"].append(
        {"_id": "c" * 24, "name": "Lone", "entry": [{"_id": "b" * 24}], "active": True, "roles": roles}
    )
    with (
        inventory_file(documents) as path,
        deployed(
            documents,
            neighbours=False,
            file=path,
            MAESTRO_OWNER_RATE="1000000",
            MAESTRO_BACKLOG=str(graphs + 1),
            MAESTRO_LOG_LEVEL="WARNING",
        ) as deployment,
    ):
        deployment.start_web(2)
        system = {"systems": [{"_id": documents["systems"][5]["_id"]}]}
        began = time.monotonic()
        for number in range(graphs):
            status, body, _ = deployment.call(
                "POST", "/graph", {"_id": f"{number:024x}", "owner_id": owner, "type": "business", **system}
            )
            assert status == 201, body
        print(
            f"{graphs} graphs accepted in {time.monotonic() - began:.0f} s; Redis {redis_size(deployment)['MB']:.1f} MB"
        )
        deployment.start_workers(workers)
        return drain(deployment, graphs, lone)


@contextlib.contextmanager
def inventory_file(documents: dict[str, Any]) -> Iterator[Path]:
    """The documents as a file that is gone afterwards."""
    import tempfile

    with tempfile.TemporaryDirectory(prefix="am-soak-") as folder:
        path = Path(folder) / "inventory.json"
        path.write_text(json.dumps(documents))
        yield path


def drain(deployment: Deployment, graphs: int, lone: str) -> int:
    """Watch the queue drain; 0 when memory and descriptors stay flat and the lone graph does not wait."""
    began, waited = time.monotonic(), -1.0
    most = redis_size(deployment)["MB"]
    first: dict[str, Any] = {}
    last: dict[str, Any] = {}
    with deployment.redis.client() as client:

        def left() -> int:
            return int(client.zcard("am:waiting")) + int(client.zcard("am:active"))

        while count := left():
            time.sleep(0.5)
            most = max(most, redis_size(deployment)["MB"])
            last = sizes(deployment.worker_pids())
            done = graphs - count
            if done >= graphs // 10 and not first:
                first = last
                print(
                    f"  {done} done after {time.monotonic() - began:.0f} s: workers {said(last)}, Redis {most:.1f} MB"
                )
            if done >= graphs // 2 and waited < 0:
                asked = time.monotonic()
                deployment.call("POST", "/graph", {"_id": "f" * 24, "owner_id": lone, "type": "business"})
                deployment.wait("f" * 24, 600)
                waited = time.monotonic() - asked
                print(f"  a lone graph of another owner, {count} before it: drawn after {waited:.1f} s")
        states = Counter(deployment.state(f"{number:024x}").get("state") for number in range(0, graphs, 97))
    took = time.monotonic() - began
    print(f"  drained in {took:.0f} s, {graphs / took * 60:.0f} a minute: workers {said(last)}, Redis <= {most:.0f} MB")
    print(f"  a sample of them: {dict(states)}")
    held = {
        "Redis under 50 MB": most < 50,
        "memory flat (a quarter at most)": last["MB"] <= first["MB"] * 1.25 + 5,
        "descriptors flat": last["descriptors"] <= first["descriptors"] + 2,
        "a lone graph starts within seconds": 0 <= waited < 10,
        "all finished": set(states) == {"finished"},
    }
    for what, true in held.items():
        print(f"  {'holds' if true else 'FAILS'}: {what}")
    return 0 if all(held.values()) else 1


def said(size: dict[str, float]) -> str:
    """Sizes in words."""
    return f"{size.get('MB', 0):.0f} MB, {size.get('descriptors', 0):.0f} descriptors"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
