"""``devtool soak --beside N``: a lone graph of two nodes beside N cliques of 60 applications of another owner.

No owner holds the whole window, long stages leave a worker free, and what a graph costs is
charged to its owner: the lone graph must be drawn within two seconds of its own time.
"""

from __future__ import annotations

import time
from collections import Counter
from typing import Any

from devtool.testkit.deployment import Deployment, deployed

#: Applications of a clique, each of which calls every other.
SIZE = 60
#: Seconds the lone graph may take longer beside the cliques than by itself.
SPARE = 2.0
CROWD, LONE = f"{0xC:024x}", f"{0xA:024x}"


def beside(cliques: int, workers: int) -> int:
    """Measure the lone graph by itself, then beside the cliques at three moments; 0 when it keeps to its time."""
    with deployed(documents(cliques), MAESTRO_LOG_LEVEL="WARNING") as deployment:
        deployment.start_web()
        deployment.start_workers(workers)
        for number in range(3):
            own = drawn(deployment, number, LONE)
        print(f"a graph of two nodes by itself: drawn after {own:.2f} s")
        began = time.monotonic()
        for number in range(cliques):
            system = {"_id": f"{0x5:08x}{number:016x}"}
            status, body = deployment.post(f"{0xE:08x}{number:016x}", CROWD, systems=[system])
            assert status == 201, body
        waits = []
        for number, pause in enumerate((0.0, 1.0, 4.0)):
            time.sleep(pause)
            waits.append(drawn(deployment, 100 + number, LONE))
            print(f"beside {cliques} cliques, {time.monotonic() - began:.0f} s after them: {waits[-1]:.2f} s")
        states = Counter(str(deployment.state(f"{0xE:08x}{number:016x}").get("state")) for number in range(cliques))
        print(f"the cliques by then: {dict(states)}")
    held = max(waits) <= own + SPARE
    print(f"  {'holds' if held else 'FAILS'}: beside them within {SPARE:.0f} s of its own time")
    return 0 if held else 1


def drawn(deployment: Deployment, number: int, owner: str) -> float:
    """Ask for one graph of everything of an owner; seconds until it has ended."""
    began = time.monotonic()
    graph = f"{0xF:08x}{number:016x}"
    status, body = deployment.post(graph, owner)
    assert status == 201, body
    state = deployment.wait(graph, 120)
    assert state["state"] == "finished", state
    return time.monotonic() - began


def documents(cliques: int) -> dict[str, list[dict[str, Any]]]:
    """The inventory: one system a clique, and two applications of another owner."""
    applications, systems = [], []
    for clique in range(cliques):
        names = [(f"{0xB:04x}{clique:04x}{number:016x}", f"c{clique} n{number}") for number in range(SIZE)]
        system = {"_id": f"{0x5:08x}{clique:016x}", "name": f"Clique {clique}"}
        for one, name in names:
            deps = [{"_id": other, "name": said} for other, said in names if other != one]
            applications.append(mine(CROWD, _id=one, name=name, system=[system], deps=deps))
        systems.append(mine(CROWD, **system, entry=[{"_id": names[0][0], "name": names[0][1]}]))
    second = {"_id": f"{0xD:024x}", "name": "Second"}
    applications.append(mine(LONE, _id=f"{0xD1:024x}", name="First", deps=[second]))
    applications.append(mine(LONE, **second))
    return {"applications": applications, "systems": systems}


def mine(owner: str, **fields: object) -> dict[str, Any]:
    """A document of an owner."""
    return {**fields, "active": True, "roles": [{"_id": owner}]}
