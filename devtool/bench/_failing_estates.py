"""Small random estates in documents, and what fails in them by the definition: every set that may run is tried.

Shares no code with the answers: needs are read from the documents here again.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from itertools import combinations, product
from typing import Any

Documents = dict[str, list[dict[str, Any]]]
ZONES = ("z1", "z2")


def estate(rng: random.Random) -> Documents:
    """Applications that call each other in circles, on servers in zones that may not be recorded."""
    apps = [f"a{place}" for place in range(rng.randint(2, 6))]
    servers = [f"s{place}" for place in range(rng.randint(1, 5))]
    documents: Documents = {"applications": [], "servers": [], "systems": []}
    for key in servers:
        zones: Any = rng.choice(["z1", "z2", "z1", "z2", None, ["z1", "z2"]])
        place = {"_id": "d", "name": "D", "provider": "AWS"} | ({"zone": zones} if zones else {})
        documents["servers"].append({"_id": key, "hostname": key, "datacenters": place})
    for key in apps:
        called = rng.sample([*apps, "ghost"] if rng.random() < 0.3 else apps, rng.randint(0, min(3, len(apps))))
        deps = [{"_id": one, "optional": True} if rng.random() < 0.25 else {"_id": one} for one in called if one != key]
        app: dict[str, Any] = {"_id": key, "name": key, "deps": deps}
        if rng.random() < 0.8:
            app["servers"] = rng.sample(servers, rng.randint(1, min(3, len(servers))))
            if rng.random() < 0.5:
                written = rng.choice([1, "majority", len(app["servers"]), "all", "any"])
                app["needs"] = {"servers": written}
        else:
            app["datacenters"] = {"_id": "d", "name": "D", "zone": rng.choice([["z1"], ["z1", "z2"]])}
        if len(deps) >= 2 and rng.random() < 0.5:
            of = [one["_id"] for one in deps]
            app.setdefault("needs", {})[rng.choice(["any of", "majority of"])] = of
        documents["applications"].append(app)
    for key in ("y0", "y1")[: rng.randint(0, 2)]:
        entry = rng.sample(apps, rng.randint(0, 2))
        documents["systems"].append({"_id": key, "name": key, "entry": entry})
        for app in rng.sample(documents["applications"], rng.randint(0, len(apps))):
            app.setdefault("system", []).append(key)
    return documents


def failures(rng: random.Random, documents: Documents) -> list[str]:
    """One or two things that fail."""
    known = [f"applications/{one['_id']}" for one in documents["applications"]]
    known += [f"servers/{one['_id']}" for one in documents["servers"]]
    zones = {f"zones/d/{zone}" for one in documents["servers"] for zone in zones_of(one)}
    return rng.sample([*known, *sorted(zones)], rng.randint(1, 2))


def zones_of(document: Mapping[str, Any]) -> list[str]:
    """The zones a document names."""
    zones = document.get("datacenters", {}).get("zone") or []
    return [zones] if isinstance(zones, str) else list(zones)


def judged(documents: Documents, failed: list[str]) -> dict[str, str]:
    """The state of every application and system: ``up``, ``degraded``, ``down`` or ``cannot-tell``."""
    worlds = [running(documents, failed, gone) for gone in chances(documents, failed)]
    things = [f"applications/{one['_id']}" for one in documents["applications"]]
    things += [f"systems/{one['_id']}" for one in documents["systems"]]
    state = {}
    for thing in things:
        seen = {thing in world for world in worlds}
        state[thing] = "cannot-tell" if len(seen) > 1 else "up" if True in seen else "down"
    down = {thing for thing in everything(documents) if thing not in worlds[0]} | set(failed)
    growing = True
    while growing:
        growing = False
        for thing, _, members, soft in wants(documents):
            hurt = any(one in down or (not soft and state.get(one) == "degraded") for one in members)
            if hurt and state.get(thing) == "up":
                state[thing], growing = "degraded", True
    return state


def everything(documents: Documents) -> list[str]:
    """All things that run."""
    return [f"{kind}/{one['_id']}" for kind in ("applications", "servers", "systems") for one in documents[kind]]


def chances(documents: Documents, failed: list[str]) -> Iterator[set[str]]:
    """Every way in which what is not known may be: what is gone, nothing of it first."""
    open_ones = ["applications/ghost"]
    zones = {one.rpartition("/")[2] for one in failed if one.startswith("zones/")}
    if zones:
        for one in documents["servers"]:
            named = zones_of(one)
            if not named or (len(named) > 1 and zones & set(named)):
                open_ones.append(f"servers/{one['_id']}")
    for chosen in product((False, True), repeat=len(open_ones)):
        yield {one for one, gone in zip(open_ones, chosen, strict=True) if gone}


def wants(documents: Documents) -> list[tuple[str, int, list[str], bool]]:
    """Who wants how many of whom, and whether it can do without."""
    found: list[tuple[str, int, list[str], bool]] = []
    for one in documents["servers"]:
        found += [
            (f"servers/{one['_id']}", 1, [f"zones/d/{zone}" for zone in zones], False)
            for zones in [zones_of(one)]
            if zones
        ]
    for one in documents["applications"]:
        key, said = f"applications/{one['_id']}", dict(one.get("needs", {}))
        hosts = [f"servers/{name}" for name in one.get("servers", [])]
        written = said.pop("servers", 1)
        if hosts:
            found.append((key, wanted(written, len(hosts)), hosts, False))
        elif zones := zones_of(one):
            found.append((key, 1, [f"zones/d/{zone}" for zone in zones], False))
        grouped: set[str] = set()
        for word, of in said.items():
            grouped |= set(of)
            found.append((key, wanted(word.split()[0], len(of)), [f"applications/{name}" for name in of], False))
        found += [
            (key, 1, [f"applications/{dep['_id']}"], bool(dep.get("optional")))
            for dep in one["deps"]
            if dep["_id"] not in grouped
        ]
    for one in documents["systems"]:
        key = f"systems/{one['_id']}"
        found += [(key, 1, [f"applications/{name}"], False) for name in one["entry"]]
        mine = [
            f"applications/{app['_id']}" for app in documents["applications"] if one["_id"] in app.get("system", [])
        ]
        rest = [name for name in mine if name.partition("/")[2] not in one["entry"]]
        if one["entry"]:
            found += [(key, 1, [name], True) for name in rest]
        elif rest:
            found.append((key, 1, rest, False))
    return found


def wanted(written: int | str, of: int) -> int:
    """How many of ``of`` are meant."""
    if isinstance(written, int):
        return written
    return {"majority": of // 2 + 1, "all": of, "any": 1}[written]


def running(documents: Documents, failed: list[str], gone: set[str]) -> set[str]:
    """The largest set of things that can run: all sets are tried, the large ones first."""
    hard = [(thing, k, members) for thing, k, members, soft in wants(documents) if not soft]
    still = {f"zones/d/{zone}" for zone in ZONES} - set(failed)
    still |= {"applications/ghost"} - gone
    for one in documents["servers"]:
        key = f"servers/{one['_id']}"
        kept = all(k <= len(still & set(members)) for thing, k, members in hard if thing == key)
        if kept and key not in failed and key not in gone:
            still.add(key)
    apps = [f"applications/{one['_id']}" for one in documents["applications"]]
    free = [one for one in apps if one not in failed]
    best = set(still)
    for size in range(len(free), -1, -1):
        for some in combinations(free, size):
            world = still | set(some)
            if all(k <= len(world & set(members)) for thing, k, members in hard if thing in some):
                best = world
                break
        else:
            continue
        break
    for one in documents["systems"]:
        key = f"systems/{one['_id']}"
        if all(k <= len(best & set(members)) for thing, k, members in hard if thing == key):
            best = best | {key}
    return best


def proof_problem(answer: Mapping[str, Any]) -> str:
    """What is wrong with the proofs of an answer's record, if anything: each verdict is walked down to what failed."""
    verdicts = {one["thing"]: one for one in answer["verdicts"]}
    failed, ghosts = set(answer["failed"]), set(answer["not_recorded"])
    proven: set[str] = set()
    growing = True
    while growing:
        growing = False
        for thing, one in verdicts.items():
            if thing in proven or one["state"] != "down":
                continue
            need = one["because"]
            holds = (
                thing in failed
                if need is None
                else (
                    need["thing"] == thing
                    and not need["soft"]
                    and set(one["lost"]) <= set(need["of"]) & (proven | failed)
                    and len(need["of"]) - len(one["lost"]) < need["k"]
                )
            )
            if holds:
                proven.add(thing)
                growing = True
    for thing, one in verdicts.items():
        if one["state"] == "down" and thing not in proven:
            return f"{thing} is said to be down, and its proof does not end at what failed"
        if one["state"] == "degraded":
            known = {key for key in one["lost"] if verdicts.get(key, {}).get("state") in ("down", "degraded")}
            if not known or known != set(one["lost"]) or not set(one["lost"]) <= set(one["because"]["of"]):
                return f"{thing} is said to be degraded by what is not affected"
        if one["state"] == "cannot-tell" and one["because"] is not None:
            for key in one["lost"]:
                if key not in ghosts and key not in verdicts:
                    return f"{thing} cannot be told because of {key}, which is up"
    return ""
