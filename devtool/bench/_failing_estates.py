"""Small random estates in documents, and what fails in them by the definition: every set that may run is tried.

Shares no code with the answers: needs are read from the documents here again.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from itertools import combinations, product
from typing import Any

Documents = dict[str, list[dict[str, Any]]]
#: Own premises, which are no provider that fails.
OWN = {"provider": "On premises"}
CLOUD = "providers/AWS"
ORDER = ("providers", "datacenters", "zones")


def estate(rng: random.Random) -> Documents:
    """Applications that call each other in circles, on servers in places that may not be recorded."""
    apps = [f"a{place}" for place in range(rng.randint(2, 6))]
    servers = [f"s{place}" for place in range(rng.randint(1, 5))]
    documents: Documents = {"applications": [], "servers": [], "systems": []}
    for key in servers:
        zones: Any = rng.choice(["z1", "z2", "z1", "z2", None, ["z1", "z2"]])
        place = {"_id": "d", "name": "D", "provider": "AWS"} | ({"zone": zones} if zones else {})
        place = rng.choices([place, {"_id": "p", "name": "P"} | OWN, OWN, {}], (70, 14, 8, 8))[0]
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
    places = {place for one in documents["servers"] for place in (*zones_of(one), provider_of(one)) if place}
    return rng.sample([*known, *sorted(places)], rng.randint(1, 2))


def zones_of(document: Mapping[str, Any]) -> list[str]:
    """The zones a document names."""
    where = document.get("datacenters", {})
    zones = where.get("zone") or []
    return [f"zones/{where['_id']}/{zone}" for zone in ([zones] if isinstance(zones, str) else zones)]


def center_of(document: Mapping[str, Any]) -> str:
    """The datacenter a document names, if any."""
    key = document.get("datacenters", {}).get("_id", "")
    return f"datacenters/{key}" if key else ""


def provider_of(document: Mapping[str, Any]) -> str:
    """The provider a document names, if it is one that can fail."""
    return CLOUD if document.get("datacenters", {}).get("provider") == "AWS" else ""


def located(documents: Documents) -> list[tuple[str, dict[str, Any]]]:
    """What stands somewhere by itself: servers, and applications without any."""
    found = [(f"servers/{one['_id']}", one) for one in documents["servers"]]
    return found + [(f"applications/{one['_id']}", one) for one in documents["applications"] if "datacenters" in one]


def places_in(documents: Documents) -> dict[str, set[str]]:
    """Every place, and the wider places that it is known to be in."""
    found: dict[str, set[str]] = {}
    for _, one in located(documents):
        center, provider = center_of(one), provider_of(one)
        chain = [(zone, {center, provider}) for zone in zones_of(one)] + [(center, {provider}), (provider, set[str]())]
        for place, wider in chain:
            if place:
                found.setdefault(place, set()).update(wider - {""})
    return found


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
    things = [f"{kind}/{one['_id']}" for kind in ("applications", "servers", "systems") for one in documents[kind]]
    return [*things, *places_in(documents)]


def chances(documents: Documents, failed: list[str]) -> Iterator[set[str]]:
    """Every way in which what is not known may be: what is gone, nothing of it first."""
    open_ones = ["applications/ghost"]
    known = places_in(documents)
    lost = {place for place in known if place in failed or known[place] & set(failed)}
    lost |= {place for place in known if known[place] & lost}
    open_ones += [thing for thing, one in located(documents) if may_be_in(one, thing, lost, known)]
    for chosen in product((False, True), repeat=len(open_ones)):
        yield {one for one, gone in zip(open_ones, chosen, strict=True) if gone}


def may_be_in(document: Mapping[str, Any], thing: str, lost: set[str], known: Mapping[str, set[str]]) -> bool:
    """Whether a thing may stand in one of the lost places, for all that its document says, and need not."""
    zones, center, provider = zones_of(document), center_of(document), provider_of(document)
    own = document.get("datacenters", {}).get("provider") == OWN["provider"]
    for place in lost:
        if place == CLOUD:
            may = not provider and not own
        elif own and CLOUD in known[place]:
            may = False
        elif place.startswith("datacenters/"):
            may = not center
        else:  # one of several zones of a machine is its own, which one is not known
            may = (len(zones) > 1 and thing.startswith("servers/") and place in zones) or (
                not zones and center in ("", "datacenters/" + place.split("/")[1])
            )
        if may:
            return True
    return False


def wants(documents: Documents) -> list[tuple[str, int, list[str], bool]]:
    """Who wants how many of whom, and whether it can do without."""
    found: list[tuple[str, int, list[str], bool]] = []
    for thing, one in located(documents):
        groups = [zones_of(one), [center_of(one)], [provider_of(one)]]
        found += [(thing, 1, group, False) for group in groups if group and group[0]]
    found += [(place, 1, [one], False) for place, wider in places_in(documents).items() for one in sorted(wider)]
    for one in documents["applications"]:
        key, said = f"applications/{one['_id']}", dict(one.get("needs", {}))
        hosts = [f"servers/{name}" for name in one.get("servers", [])]
        written = said.pop("servers", 1)
        if hosts:
            found.append((key, wanted(written, len(hosts)), hosts, False))
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
    still = {"applications/ghost"} - gone
    servers = [f"servers/{one['_id']}" for one in documents["servers"]]
    for key in (*sorted(places_in(documents), key=lambda place: ORDER.index(place.partition("/")[0])), *servers):
        kept = all(k <= len(still & set(members)) for thing, k, members in hard if thing == key)
        if kept and key not in failed and key not in gone:
            still.add(key)
    apps = [f"applications/{one['_id']}" for one in documents["applications"]]
    free = [one for one in apps if one not in failed and one not in gone]
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
