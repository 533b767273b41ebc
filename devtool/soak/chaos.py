"""The soak itself: everything goes wrong at once, and every graph must end."""

from __future__ import annotations

import contextlib
import json
import random
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from devtool.places import SAMPLE
from devtool.testkit.builds import ROOT, next_version
from devtool.testkit.deployment import Deployment, deployed, until
from devtool.testkit.faults.invariants import work_left
from devtool.testkit.faults.modes import Fault
from devtool.testkit.neighbours.indexed import IndexedDataApp

from . import crowd
from .asking import ask, warm_up
from .killing import Killer
from .record import Record, redis_size, report, unended
from .rolling import roll
from .slow import drip

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
#: A plugin that web and one of the pools have; the other pool hands its graphs back.
PLUGIN = "soaked"
PLUGIN_FILE = f'''
from analytics import GraphType, Stage, hookimpl
from analytics.model import Delivered


def soak() -> Delivered:
    """A stage of its own: done in a soak."""
    return Delivered("soaked")


@hookimpl
def analytics_stages():
    yield Stage("soak", soak, timeout=20)


@hookimpl
def analytics_graph_types():
    yield GraphType("{PLUGIN}", {{"soak": ()}}, always=("notification", "websocket"), title="Soaked")
'''


@dataclass(frozen=True, slots=True)
class Plan:
    """What a soak is made of. ``faulty`` is the share of bad answers, ``crowd`` the number of further owners."""

    graphs: int
    seed: int = 1
    workers: int = 2
    kills_per_second: float = 1.0
    faulty: float = 0.05
    versions: bool = False
    plugins: bool = False
    slow_clients: int = 0
    crowd: int = 0
    redis_dies: bool = True


def mixed(graphs: int, seed: int, workers: int, kills_per_second: float) -> int:
    """Two versions side by side under kills, while pools are rolled forward and back; 0 when it held."""
    return soak(Plan(graphs, seed, workers, kills_per_second, faulty=0.0, versions=True, redis_dies=False))


def soak(plan: Plan) -> int:
    """Ask for the graphs of a plan while everything goes wrong; report, and say whether it held."""
    documents = crowd.joined_by(json.loads(SAMPLE.read_text()), plan.crowd)
    record, ended = Record(), threading.Event()
    with (
        tempfile.TemporaryDirectory(prefix="am-soak-") as folder,
        deployed(
            documents, data_app=IndexedDataApp, MAESTRO_OWNER_RATE="1000000", MAESTRO_LOG_LEVEL="WARNING"
        ) as deployment,
    ):
        if plan.plugins:
            (deployment.plugins / f"{PLUGIN}.py").write_text(PLUGIN_FILE)
        deployment.start_web(2)
        luck = random.Random(plan.seed)
        killer = Killer(deployment, pools(plan, Path(folder)), plan.workers, plan.kills_per_second, luck, record)
        builds = {"this": ROOT, "next": next_version(Path(folder)) if plan.versions else ROOT}
        deployment.trees["fork"] = builds["next"]
        for name in killer.pools:
            killer.start(name)
        warm_up(deployment)
        before = redis_size(deployment)
        record.lost = crowd.make_known(deployment, plan.crowd)
        began = time.monotonic()
        with in_thread(killer.watch, ended):
            with trouble(deployment, plan, killer, builds, record):
                ask(
                    deployment,
                    plan.graphs,
                    random.Random(plan.seed + 99),
                    record,
                    redis_dies=plan.redis_dies,
                    owners=plan.crowd,
                    plugin=PLUGIN if plan.plugins else "",
                )
                until(lambda: len(unended(deployment, record)) <= plan.graphs // 50, 3600, "the bulk of the graphs")
            last_fault = time.monotonic()
            with contextlib.suppress(TimeoutError):
                until(lambda: not unended(deployment, record), PATIENCE, "the last graphs")
            ended.set()
        took = time.monotonic() - began
        aside = {}
        with deployment.redis.client() as client, contextlib.suppress(TimeoutError):
            until(lambda: not work_left(client), 60, "an idle Redis")
            aside = {kind.decode(): int(count) for kind, count in client.hgetall("am:unreadable").items()}
        print(f"seed {plan.seed}: {said(plan)} in {took:.0f} s", end=", ")
        print(f"{time.monotonic() - last_fault:.0f} s after the last fault; set aside: {aside or 'nothing'}")
        return report(deployment, record, before) or int(bool(aside))


def pools(plan: Plan, folder: Path) -> dict[str, dict[str, str]]:
    """The two pools and what each is started with: one forks for each stage, and the other may lack the plugin."""
    lacking = folder / "no_plugins"
    lacking.mkdir()
    without = {"MAESTRO_PLUGINS_DIR": str(lacking)} if plan.plugins else {}
    return {"inprocess": {"MAESTRO_WORKER": "inprocess", **without}, "fork": {"MAESTRO_WORKER": "fork"}}


@contextlib.contextmanager
def trouble(
    deployment: Deployment, plan: Plan, killer: Killer, builds: dict[str, Path], record: Record
) -> Iterator[None]:
    """Faults of every kind of the plan while the block runs."""
    stop = threading.Event()
    for number, (name, faults) in enumerate(FAULTS.items()):
        deployment.servers[name].haunt(plan.faulty, faults, plan.seed + number)
    with contextlib.ExitStack() as stack:
        stack.enter_context(in_thread(killer.run, stop))
        if plan.versions:
            stack.enter_context(in_thread(roll, deployment, killer, builds, plan.graphs, record))
        if plan.slow_clients:
            luck = random.Random(plan.seed)
            stack.enter_context(in_thread(drip, deployment, plan.slow_clients, luck, stop, record.slow))
        try:
            yield
        finally:
            stop.set()
            for server in deployment.servers.values():
                server.haunt(0.0, (), 0)


@contextlib.contextmanager
def in_thread(work: Callable[..., None], *arguments: object) -> Iterator[None]:
    """Something done in a thread beside the block; it is waited for at the end."""
    thread = threading.Thread(target=work, args=arguments)
    thread.start()
    try:
        yield
    finally:
        for one in arguments:
            if isinstance(one, threading.Event):
                one.set()
        thread.join()


def said(plan: Plan) -> str:
    """A plan in words."""
    parts = [f"{plan.graphs} graphs"]
    parts += ["two versions"] * plan.versions + ["two sets of plugins"] * plan.plugins
    parts += [f"{plan.slow_clients} slow clients"] * bool(plan.slow_clients)
    parts += [f"{plan.crowd} further owners"] * bool(plan.crowd)
    return ", ".join(parts)
