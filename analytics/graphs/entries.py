"""Where a graph starts, and what it is about: from systems, clients or applications to both.

A system names its entry applications; one that names none is entered by those
of its applications that no other of it calls, and by one of each cycle that
nobody enters. Clients stand for the systems that serve them; nothing named is
everything the owner has.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass

from ..catalog.families import FRONT
from ..documents.entities import Application, Ref, System
from ..documents.ports import Inventory
from ..model.artifacts import GraphRequest
from ..text import named

#: Names a scope spells out before it counts.
SPELLED = 5


@dataclass(frozen=True, slots=True)
class Doors:
    """Entry applications and all applications the graph is about, sorted by id; the systems; all in words."""

    applications: tuple[str, ...]
    systems: tuple[Ref, ...]
    scope: str
    members: tuple[str, ...] = ()


def find_doors(request: GraphRequest, inventory: Inventory) -> Doors:
    """The entry applications of what ``request`` names, and every application of it."""
    ids = [ref.id for ref in request.refs]
    if request.entry == "apps":
        found = inventory.find(Application, {"_id": ids})
        keys = tuple(app.id for app in found)
        return Doors(keys, (), scope_of("Applications", found, asked=len(set(ids))), keys)
    where = {"systems": {"_id": ids}, "clients": {"clients._id": ids}}.get(request.entry, {})
    systems = inventory.find(System, where)
    known = tuple(Ref(system.id, system.name) for system in systems)
    asked = len(set(ids)) if request.entry == "systems" else 0
    scope = scope_of("Systems", known, asked) if where else "Everything"
    members = members_of(systems, inventory) if where else inventory.find(Application)
    entries = entries_of(systems, members)
    if not systems and not where:
        entries = leading(members)
    return Doors(entries, known, scope, tuple(app.id for app in members))


def members_of(systems: Sequence[System], inventory: Inventory) -> tuple[Application, ...]:
    """All applications of ``systems``: those that say so, and those the systems name as entries; sorted by id."""
    if not systems:
        return ()
    found = {app.id: app for app in inventory.find(Application, {"system._id": [system.id for system in systems]})}
    entries = {ref.id for system in systems for ref in system.entry} - found.keys()
    if entries:
        found |= {app.id: app for app in inventory.find(Application, {"_id": sorted(entries)})}
    return tuple(found[key] for key in sorted(found))


def entries_of(systems: Sequence[System], members: Sequence[Application]) -> tuple[str, ...]:
    """The entry applications of ``systems``, each once, sorted by id; ``members`` are all applications of theirs."""
    found = {ref.id for system in systems for ref in system.entry}
    silent = {system.id: list[Application]() for system in systems if not system.entry}
    for app in members:
        for ref in app.systems:
            if ref.id in silent:
                silent[ref.id].append(app)
    for own in silent.values():
        found.update(starts_of(own))
    return tuple(sorted(found))


def leading(applications: Sequence[Application]) -> tuple[str, ...]:
    """Where applications of no system start: the starts that lead to others of them.

    What calls nobody, and nobody calls, is an entry to nothing.
    """
    known = {app.id for app in applications}
    calling = {app.id for app in applications if any(dep.id in known and dep.id != app.id for dep in app.deps)}
    return tuple(key for key in starts_of(applications) if key in calling)


def starts_of(applications: Sequence[Application]) -> list[str]:
    """Those that no other of them calls, and one of each cycle that nobody enters, by family; sorted by id.

    >>> from ..documents.entities import Dependency
    >>> def app(key: str, *deps: str, family: str = "Application") -> Application:
    ...     return Application(key, key, family, deps=tuple(Dependency(dep, "", "", "") for dep in deps))
    >>> starts_of([app("a", "b"), app("b"), app("c", "d"), app("d", "c", "b", family="CDN")])
    ['a', 'd']
    """
    calls = {app.id: sorted({dep.id for dep in app.deps} - {app.id}) for app in applications}
    called = {dep for deps in calls.values() for dep in deps}
    starts = [key for key in calls if key not in called]
    reached = closure(starts, calls)
    families = {app.id: app.family for app in applications}
    # Of the rest everything is called. The last that a walk finishes lies in a cycle nobody else enters.
    rest = sorted(calls.keys() - reached, key=lambda key: (front(families[key]), key))
    callers: dict[str, list[str]] = {key: [] for key in rest}
    for key in rest:
        for dep in calls[key]:
            if dep in callers:
                callers[dep].append(key)
    for last in reversed(finished(rest, calls)):
        if last not in reached:
            # What leads to it and was not reached before is its cycle: all else that leads there finished later.
            cycle = closure([last], callers, reached)
            starts.append(min(cycle, key=lambda key: (front(families[key]), key)))
            reached |= closure([last], calls, reached)
    return sorted(starts)


def front(family: str) -> int:
    """How far in front of a system a family stands: 0 first."""
    return next((place for place, families in enumerate(FRONT) if family in families), len(FRONT))


def closure(keys: Iterable[str], calls: Mapping[str, Sequence[str]], known: Container[str] = frozenset()) -> set[str]:
    """``keys`` and everything they lead to, but what is ``known`` and lies behind that."""
    found: set[str] = set()
    waiting = list(keys)
    while waiting:
        key = waiting.pop()
        if key in calls and key not in found and key not in known:
            found.add(key)
            waiting += calls[key]
    return found


def finished(keys: Sequence[str], calls: Mapping[str, Sequence[str]]) -> list[str]:
    """``keys`` and what they lead to, each after all it leads to; a loop, however deep it goes."""
    seen: set[str] = set()
    done: list[str] = []
    for first in keys:
        waiting = [(first, False)]
        while waiting:
            key, left = waiting.pop()
            if left:
                done.append(key)
            elif key in calls and key not in seen:
                seen.add(key)
                waiting.append((key, True))
                waiting += [(dep, False) for dep in calls[key]]
    return done


def scope_of(kind: str, found: Iterable[Application | Ref], asked: int = 0) -> str:
    """What the graph is about, in words; many names are counted, and so are those ``asked`` for and not found.

    >>> scope_of("Systems", [Ref("a", "Shop"), Ref("b", "Blog")])
    'Systems: Blog, Shop'
    >>> scope_of("Servers", [Ref("a", "web-1")], asked=3)
    'Servers: web-1 (2 not found)'
    """
    names = [thing.name or thing.id for thing in found]
    lost = f" ({asked - len(names)} not found)" if asked > len(names) else ""
    return f"{kind}: {named(names, SPELLED)}{lost}"
