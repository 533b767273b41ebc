"""Random edits of an inventory's documents, and what a difference has to say of each."""

from __future__ import annotations

import copy
import random
from collections.abc import Callable
from typing import Any

Documents = dict[str, list[dict[str, Any]]]
#: What is expected: verb, thing, field, target.
Said = tuple[str, str, str, str]


class Hand:
    """Edits things that nobody has edited yet."""

    def __init__(self, documents: Documents, rng: random.Random) -> None:
        self.documents = copy.deepcopy(documents)
        self.rng = rng
        self.touched: set[str] = set()
        self.serial = 0

    def pick(self, collection: str, fits: Callable[[dict[str, Any]], bool] = lambda _: True) -> dict[str, Any] | None:
        """A thing that was not touched yet, from now on touched."""
        free = [one for one in self.documents[collection] if one["_id"] not in self.touched and fits(one)]
        if not free:
            return None
        chosen = self.rng.choice(free)
        self.touched.add(chosen["_id"])
        return chosen

    def other(self, collection: str, without: set[str]) -> dict[str, Any] | None:
        """A thing that may be named; it must neither go nor get another id afterwards."""
        free = [one for one in self.documents[collection] if one["_id"] not in without | self.touched]
        if not free:
            return None
        chosen = self.rng.choice(free)
        self.touched.add(chosen["_id"])
        return chosen

    def new_id(self) -> str:
        """An id that nothing has."""
        self.serial += 1
        return f"{self.rng.getrandbits(80):020x}{self.serial:04x}"


def called(app: dict[str, Any]) -> set[str]:
    """The ids an application calls."""
    return {dep["_id"] for dep in app.get("deps", [])}


def add_application(hand: Hand) -> list[Said]:
    key = hand.new_id()
    roles = hand.documents["applications"][0].get("roles", [])
    hand.documents["applications"].append({"_id": key, "name": f"New {key}", "family": "Application", "roles": roles})
    hand.touched.add(key)
    return [("added", f"applications/{key}", "", "")]


def remove(collection: str) -> Callable[[Hand], list[Said]]:
    def edit(hand: Hand) -> list[Said]:
        one = hand.pick(collection)
        if one is None:
            return []
        hand.documents[collection].remove(one)
        return [("removed", f"{collection}/{one['_id']}", "", "")]

    return edit


def rename(collection: str, field: str) -> Callable[[Hand], list[Said]]:
    def edit(hand: Hand) -> list[Said]:
        one = hand.pick(collection)
        if one is None:
            return []
        one[field] = f"{one.get(field, '')} renamed"
        return [("renamed", f"{collection}/{one['_id']}", field, "")]

    return edit


def call(hand: Hand) -> list[Said]:
    app = hand.pick("applications")
    other = hand.other("applications", called(app)) if app else None
    if app is None or other is None:
        return []
    app.setdefault("deps", []).append({"_id": other["_id"], "name": other["name"], "endpoint": "grpc"})
    return [("rewired", f"applications/{app['_id']}", "deps", f"applications/{other['_id']}")]


def cease(hand: Hand) -> list[Said]:
    app = hand.pick("applications", lambda one: bool(one.get("deps")))
    if app is None:
        return []
    target = hand.rng.choice(sorted(called(app)))
    hand.touched.add(target)
    app["deps"] = [dep for dep in app["deps"] if dep["_id"] != target]
    return [("rewired", f"applications/{app['_id']}", "deps", f"applications/{target}")]


def call_otherwise(hand: Hand) -> list[Said]:
    app = hand.pick("applications", lambda one: bool(one.get("deps")))
    if app is None:
        return []
    dep = hand.rng.choice(app["deps"])
    dep["endpoint"] = "by pigeon"
    hand.touched.add(dep["_id"])
    return [("rewired", f"applications/{app['_id']}", "deps", f"applications/{dep['_id']}")]


def move_server(hand: Hand) -> list[Said]:
    server = hand.pick("servers", lambda one: isinstance(one.get("datacenters", {}).get("zone"), str))
    if server is None:
        return []
    server["datacenters"]["zone"] += "x"
    return [("moved", f"servers/{server['_id']}", "datacenters", "")]


def move_application(hand: Hand) -> list[Said]:
    app = hand.pick("applications", lambda one: len(one.get("system", [])) == 1)
    system = hand.other("systems", {app["system"][0]["_id"]}) if app else None
    if app is None or system is None:
        return []
    app["system"] = [{"_id": system["_id"], "name": system["name"]}]
    return [("moved", f"applications/{app['_id']}", "system", f"systems/{system['_id']}")]


def size(hand: Hand) -> list[Said]:
    field = hand.rng.choice(["cpu", "memory"])
    server = hand.pick("servers", lambda one: isinstance(one.get(field), (int, float)) and one[field] > 1)
    if server is None:
        return []
    grow = hand.rng.random() < 0.5
    server[field] = server[field] * 2 if grow else server[field] / 2
    return [("grown" if grow else "shrunk", f"servers/{server['_id']}", field, "")]


def host(hand: Hand) -> list[Said]:
    server = hand.pick("servers")
    app = hand.other("applications", {one["_id"] for one in server.get("applications", [])}) if server else None
    if server is None or app is None or server["_id"] in {key_of(one) for one in app.get("servers", [])}:
        return []
    server.setdefault("applications", []).append({"_id": app["_id"], "name": app["name"]})
    return [("rewired", f"applications/{app['_id']}", "servers", f"servers/{server['_id']}")]


def key_of(value: Any) -> str:
    """The id a reference means."""
    return str(value["_id"] if isinstance(value, dict) else value)


def say(hand: Hand) -> list[Said]:
    app = hand.pick("applications")
    if app is None:
        return []
    field = hand.rng.choice(["language", "environment", "team", "description"])
    app[field] = f"{app.get(field) or ''} other"
    return [("changed", f"applications/{app['_id']}", field, "")]


def give_another_id(hand: Hand) -> list[Said]:
    endpoints = [one.get("role", {}).get("endpoint") for one in hand.documents["applications"]]
    app = hand.pick("applications", lambda one: endpoints.count(one.get("role", {}).get("endpoint", "")) == 1)
    if app is None:
        return []
    before, after = app["_id"], hand.new_id()
    for held in hand.documents.values():
        for document in held:
            replace_id(document, before, after)
    hand.touched.add(after)
    return [("changed", f"applications/{after}", "_id", "")]


def replace_id(value: Any, before: str, after: str) -> None:
    """Write another id wherever one stands."""
    if isinstance(value, dict):
        for key, one in value.items():
            if one == before:
                value[key] = after
            else:
                replace_id(one, before, after)
    elif isinstance(value, list):
        for place, one in enumerate(value):
            if one == before:
                value[place] = after
            else:
                replace_id(one, before, after)


EDITS: tuple[Callable[[Hand], list[Said]], ...] = (
    *(add_application, remove("applications"), remove("servers"), remove("volumes")),
    *(rename("applications", "name"), rename("servers", "hostname"), rename("systems", "name")),
    *(call, cease, call_otherwise, move_server, move_application, size, host, say, give_another_id),
)


def edited(documents: Documents, rng: random.Random) -> tuple[Documents, list[Said]]:
    """The documents after one to ten edits, and what is to be said; written anew in another order."""
    hand = Hand(documents, rng)
    said: list[Said] = []
    for _ in range(rng.randint(1, 10)):
        said += rng.choice(EDITS)(hand)
    after = hand.documents
    for held in after.values():
        rng.shuffle(held)
        for document in held:
            document["updated_at"] = "2031-01-01T00:00:00Z"
            for field in ("deps", "servers", "applications", "tags", "system"):
                if isinstance(document.get(field), list):
                    rng.shuffle(document[field])
    return after, sorted(said)


def scheme(number: int, name: str, environment: str) -> str:
    """A name as one of six habits writes it for an environment."""
    short = {"production": "prd", "staging": "stg"}[environment]
    return (
        f"{name} - {short.title()}",
        f"{environment}-{name}",
        f"[{environment.title()}] {name}",
        f"{name}_{short}".replace(" ", "_"),
        f"{name} ({environment})".upper(),
        f"{short}.{name}.example".replace(" ", "-").lower(),
    )[number]


def renamed(documents: Documents, number: int, rng: random.Random) -> tuple[Documents, dict[str, str]]:
    """The documents as another environment's, with other ids and names, and which thing is which."""
    other = copy.deepcopy(documents)
    pairs: dict[str, str] = {}
    ids: dict[str, str] = {}
    for collection, held in other.items():
        for document in held:
            ids[document["_id"]] = f"{rng.getrandbits(96):024x}"
            pairs[f"{collection}/{document['_id']}"] = f"{collection}/{ids[document['_id']]}"
    for held in other.values():
        for document in held:
            replace_ids(document, ids)
            for field in ("name", "hostname"):
                if document.get(field):
                    document[field] = scheme(number, document[field], "staging")
            for field in ("unique_id", "ipv4_private", "ipv4_public", "tags"):
                document.pop(field, None)
            document.get("role", {}).pop("endpoint", None) if isinstance(document.get("role"), dict) else None
        rng.shuffle(held)
    return other, pairs


def replace_ids(value: Any, ids: dict[str, str]) -> None:
    """Write other ids wherever they stand."""
    places = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for place, one in list(places):
        if isinstance(one, str) and one in ids and place != "roles":
            value[place] = ids[one]
        elif place not in ("roles", "owner"):
            replace_ids(one, ids)
