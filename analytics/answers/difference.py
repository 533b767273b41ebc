"""What changed from one inventory to another, thing by thing and field by field, on everything that is said. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

from ..documents.values import Document, gigabytes, items, number, text
from ..graphs.network.exposure import Exposure
from ..graphs.references import References
from ..model.artifacts import Estate
from .canon import canonical, key_of, keys_of, references_of, said, spelled
from .exposing import exposures, open_to
from .matching import Match, matched
from .whole import Whole

Verb = Literal["added", "removed", "changed", "moved", "renamed", "grown", "shrunk", "exposed", "closed", "rewired"]
Class = Literal["structure", "exposure", "capacity", "place", "text"]

#: Fields that hold how large a thing is.
AMOUNTS = {"cpu": number, "replicas": number, "memory": gigabytes, "size": gigabytes}
#: What says where a thing stands, within its place.
PLACE = ("_id", "name", "provider", "region", "zone", "zones", "subnet_id", "vpc_id", "subnet_zones")
#: Fields that say how a thing is reached: counted, not told, between environments.
ADDRESSES = frozenset(
    {
        "ipv4_private",
        "ipv4_public",
        "ipv6",
        "ipv6_private",
        "ipv6_public",
        "unique_id",
        "interfaces",
        "network_interface",
    }
)
#: Fields of references that tell who runs where; they are told once, of the application.
HOSTING = {("applications", "servers"), ("servers", "applications"), ("applications", "instances")}
NAMES = ("name", "hostname")


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that changed. ``thing`` is ``collection/id`` of the new side, of the old one where it is gone.

    ``target`` is what a rewiring is about. ``matched`` says how the thing was
    found again (``id``, ``unique_id`` …); ``sure`` is false where a person should look.
    """

    verb: Verb
    thing: str
    field: str = ""
    before: str = ""
    after: str = ""
    kind: Class = "structure"
    target: str = ""
    matched: str = "id"
    sure: bool = True


@dataclass(frozen=True)
class Difference:
    """All changes, in the order of things, how many things are the same, and how old and new were matched."""

    changes: tuple[Change, ...]
    same: int
    match: Match


def difference(old: Whole, new: Whole, match: Match | None = None) -> Difference:
    """What changed from ``old`` to ``new``: order, time stamps and who may see it do not count."""
    match = match or matched(old.documents, new.documents)
    found: list[Change] = []
    found += [Change("added", key) for key in sorted(new.documents.keys() - match.back.keys())]
    found += [Change("removed", key) for key in sorted(old.documents.keys() - match.pairs.keys())]
    for before, after in sorted(match.pairs.items(), key=lambda pair: pair[1]):
        how = match.how.get(before, "id")
        mine = changes_of(before, after, old.documents[before], new.documents[after], match.pairs)
        found += [replace(one, matched=how, sure=how != "neighbours") for one in mine]
    found += hosting(old, new, match)
    found += exposure(old, new, match)
    order = {"added": 0, "removed": 1}
    found.sort(key=lambda one: (order.get(one.verb, 2), one.thing, one.field, one.target, one.verb))
    touched = {one.thing for one in found if one.verb not in ("added", "removed")}
    return Difference(tuple(found), len(match.pairs) - len(touched), match)


def changes_of(before: str, after: str, old: Document, new: Document, pairs: Mapping[str, str]) -> Iterator[Change]:
    """What changed of one thing, but for where it runs and who gets in."""
    collection = after.partition("/")[0]
    refs = references_of(collection)
    if before != after and before.partition("/")[2] != text(old.get("name")):
        yield Change("changed", after, "_id", before.partition("/")[2], after.partition("/")[2], "text")
    if old == new:
        return
    mine, its = said(old), said(new)
    for name in sorted(mine.keys() | its.keys()):
        if mine.get(name) == its.get(name) or (collection, name) in HOSTING:
            continue
        if name == "datacenters":
            yield from place_changes(after, old.get(name), new.get(name), pairs)
        elif name == "deps":
            yield from call_changes(after, old.get(name), new.get(name), pairs)
        elif name in refs:
            yield from reference_changes(after, name, refs[name], old.get(name), new.get(name), pairs)
        elif name in NAMES:
            yield Change("renamed", after, name, text(old.get(name)), text(new.get(name)), "text")
        elif name in AMOUNTS and (amounts := sizes(name, old.get(name), new.get(name))) is not None:
            if amounts[0] != amounts[1]:
                verb: Verb = "grown" if amounts[0] < amounts[1] else "shrunk"
                yield Change(verb, after, name, f"{amounts[0]:g}", f"{amounts[1]:g}", "capacity")
        else:
            kind: Class = "capacity" if name in (*AMOUNTS, "storage") else "text"
            yield Change("changed", after, name, shown(mine.get(name)), shown(its.get(name)), kind)


def sizes(name: str, old: object, new: object) -> tuple[float, float] | None:
    """Two amounts, where both are amounts."""
    found = AMOUNTS[name](old), AMOUNTS[name](new)
    return found if (found[0] or old in (None, 0)) and (found[1] or new in (None, 0)) else None


def shown(value: object) -> str:
    """A canonical value as a reader sees it."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, list) and all(isinstance(one, str) for one in value):
        return ", ".join(value)
    return spelled(value)


def place_changes(thing: str, old: object, new: object, pairs: Mapping[str, str]) -> Iterator[Change]:
    """Where a thing stands: it moved, or something else is said of it there."""
    mine, its = (place if isinstance(place, Mapping) else {"name": place} for place in (old, new))
    center = key_of(mine)
    here = {name: canonical(mine.get(name)) for name in PLACE if name not in ("_id", "name", "provider")}
    there = {name: canonical(its.get(name)) for name in PLACE if name not in ("_id", "name", "provider")}
    same_center = pairs.get(f"datacenters/{center}", f"datacenters/{center}") == f"datacenters/{key_of(its)}"
    if not center and not key_of(its):
        same_center = text(mine.get("name")) == text(its.get("name"))
    if here != there or not same_center:
        yield Change("moved", thing, "datacenters", place_in_words(mine), place_in_words(its), "place")
    for name in sorted({*mine, *its} - set(PLACE), key=str):
        before, after = canonical(mine.get(name)), canonical(its.get(name))
        if before != after and not (before in (None, "", [], {}) and after in (None, "", [], {})):
            yield Change("changed", thing, f"datacenters.{name}", shown(before), shown(after), "text")


def place_in_words(place: Mapping[str, Any]) -> str:
    """A place from the datacenter to the subnet."""
    words = [text(place.get("name")) or key_of(place), text(place.get("region"))]
    words.append(", ".join(map(str, items(canonical(place.get("zone") or place.get("zones"))))))
    words += [text(place.get("subnet_id")) or text(place.get("vpc_id"))]
    return " / ".join(word for word in words if word) or "no recorded place"


def call_changes(thing: str, old: object, new: object, pairs: Mapping[str, str]) -> Iterator[Change]:
    """Calls that are new, gone, or made in another way."""

    def calls(value: object, *, translated: bool) -> dict[str, list[Any]]:
        found: dict[str, list[Any]] = defaultdict(list)
        for item in items(value):
            key = key_of(item)
            target = f"applications/{key}"
            way = dict(item) if isinstance(item, Mapping) else {}
            for repeated in ("_id", "name", "family", "environment"):
                way.pop(repeated, None)
            found[pairs.get(target, target) if translated else target].append(canonical(way))
        return {key: sorted(ways, key=spelled) for key, ways in found.items()}

    mine, its = calls(old, translated=True), calls(new, translated=False)
    for target in sorted(mine.keys() | its.keys()):
        if mine.get(target) != its.get(target):
            before, after = ways_of(mine.get(target)), ways_of(its.get(target))
            yield Change("rewired", thing, "deps", before, after, "structure", target)


def ways_of(ways: list[Any] | None) -> str:
    """How something is called: the endpoints, and what else is said; nothing where it is not called."""
    if ways is None:
        return ""
    words = []
    for way in ways:
        endpoint = way.get("endpoint", "")
        rest = {name: value for name, value in way.items() if name != "endpoint"}
        words.append(" ".join([shown(endpoint), *([spelled(rest)] if rest else [])]).strip() or "called")
    return ", ".join(words)


def reference_changes(
    thing: str, name: str, collection: str, old: object, new: object, pairs: Mapping[str, str]
) -> Iterator[Change]:
    """What a field of references gained and lost; one system for another is a move."""
    mine = {pairs.get(f"{collection}/{key}", f"{collection}/{key}") for key in keys_of(old)}
    its = {f"{collection}/{key}" for key in keys_of(new)}
    gone, come = sorted(mine - its), sorted(its - mine)
    if name == "system" and len(gone) == len(come) == 1:
        yield Change("moved", thing, name, gone[0], come[0], "structure", come[0])
        return
    for key in gone:
        yield Change("rewired", thing, name, key, "", "structure", key)
    for key in come:
        yield Change("rewired", thing, name, "", key, "structure", key)


def hosting(old: Whole, new: Whole, match: Match) -> Iterator[Change]:
    """Which applications run on other servers than before, whichever side says so."""
    pairs = match.pairs
    before = {(pairs.get(app, ""), pairs.get(server, "")) for app, server in hosts(old)}
    after = set(hosts(new))
    again = set(match.back)
    for app, server in sorted(before - after):
        if app and server:
            yield Change("rewired", app, "servers", server, "", "structure", server)
    for app, server in sorted(after - before):
        if app in again and server in again:
            yield Change("rewired", app, "servers", "", server, "structure", server)


def hosts(whole: Whole) -> Iterator[tuple[str, str]]:
    """Each application with each of its servers."""
    references = References(Estate(whole.servers, whole.applications, whole.datacenters))
    for app, servers in references.all_hosts.items():
        for server in servers:
            yield f"applications/{app}", f"servers/{server.id}"


def exposure(old: Whole, new: Whole, match: Match) -> Iterator[Change]:
    """What stands open to more, or to fewer, than before."""
    changed = {key for key, other in match.pairs.items() if old.documents[key] != new.documents[other]}
    ground = {key: one for key, one in old.documents.items() if key.startswith("networks/")}
    if ground == {key: one for key, one in new.documents.items() if key.startswith("networks/")}:
        # On the same ground only what a thing says of itself lets others in.
        before = exposures(old, changed)
        after = exposures(new, {match.pairs[key] for key in changed})
    else:
        before, after = exposures(old), exposures(new)
    for key, other in sorted(match.pairs.items(), key=lambda pair: pair[1]):
        was, now = before.get(key), after.get(other)
        if was is not None and now is not None and (verb := opened(was, now)) is not None:
            yield Change(verb, other, "exposure", was.text, now.text, "exposure")


def opened(was: Exposure, now: Exposure) -> Verb | None:
    """Whether a thing opened or closed; what was or is not known has only changed."""
    if was.state == now.state == "unknown" or (was.state == now.state and passing(was) == passing(now)):
        return None
    if "unknown" in (was.state, now.state):
        return "changed"
    if open_to(was) != open_to(now):
        return "exposed" if open_to(was) < open_to(now) else "closed"
    if passing(was) == passing(now):
        return None
    if passing(was) < passing(now):
        return "exposed"
    return "closed" if passing(was) > passing(now) else "changed"


def passing(exposure: Exposure) -> frozenset[tuple[str, int, int, str]]:
    """What may pass, from where."""
    sources = exposure.sources or ("",)
    return frozenset((one.protocol, one.low, one.high, source) for one in exposure.open for source in sources)
