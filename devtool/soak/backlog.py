"""``devtool soak --backlog N``: how a long queue drains, and whether memory and descriptors stay flat."""

from __future__ import annotations

import contextlib
import json
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from devtool.places import SAMPLE
from devtool.testkit.deployment import Deployment, deployed

from .record import redis_size, said_held, said_size, sizes


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
                took = time.monotonic() - began
                print(f"  {done} done after {took:.0f} s: workers {said_size(last)}, Redis {most:.1f} MB")
            if done >= graphs // 2 and waited < 0:
                asked = time.monotonic()
                deployment.call("POST", "/graph", {"_id": "f" * 24, "owner_id": lone, "type": "business"})
                deployment.wait("f" * 24, 600)
                waited = time.monotonic() - asked
                print(f"  a lone graph of another owner, {count} before it: drawn after {waited:.1f} s")
        states = Counter(deployment.state(f"{number:024x}").get("state") for number in range(0, graphs, 97))
    took = time.monotonic() - began
    rate = graphs / took * 60
    print(f"  drained in {took:.0f} s, {rate:.0f} a minute: workers {said_size(last)}, Redis <= {most:.0f} MB")
    print(f"  a sample of them: {dict(states)}")
    held = {
        "Redis under 50 MB": most < 50,
        "memory flat (a quarter at most)": last["MB"] <= first["MB"] * 1.25 + 5,
        "descriptors flat": last["descriptors"] <= first["descriptors"] + 2,
        "a lone graph starts within seconds": 0 <= waited < 10,
        "all finished": set(states) == {"finished"},
    }
    return said_held(held)
