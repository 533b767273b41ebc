"""Where a graph starts: from systems, clients or applications to entry applications.

A system names its entry applications; one that names none falls back to the
applications that belong to it and stand in front by their family. Clients
stand for the systems that serve them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
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
    """Entry applications, sorted by id, the systems they are entries of, and both in words."""

    applications: tuple[str, ...]
    systems: tuple[Ref, ...]
    scope: str


def find_doors(request: GraphRequest, inventory: Inventory) -> Doors:
    """The entry applications of what ``request`` names: applications, systems, clients, or every system."""
    ids = [ref.id for ref in request.refs]
    if request.entry == "apps":
        found = inventory.find(Application, {"_id": ids})
        return Doors(tuple(app.id for app in found), (), scope_of("Applications", found, asked=len(set(ids))))
    where = {"systems": {"_id": ids}, "clients": {"clients._id": ids}}.get(request.entry, {})
    systems = inventory.find(System, where)
    known = tuple(Ref(system.id, system.name) for system in systems)
    asked = len(set(ids)) if request.entry == "systems" else 0
    scope = scope_of("Systems", known, asked) if where else "Every system"
    return Doors(entries_of(systems, inventory), known, scope)


def entries_of(systems: Sequence[System], inventory: Inventory) -> tuple[str, ...]:
    """The entry applications of ``systems``, each once, sorted by id."""
    found = {ref.id for system in systems for ref in system.entry}
    silent = [system.id for system in systems if not system.entry]
    members = inventory.find(Application, {"system._id": silent}) if silent else ()
    for system in silent:
        found.update(in_front([app for app in members if any(ref.id == system for ref in app.systems)]))
    return tuple(sorted(found))


def in_front(applications: Sequence[Application]) -> list[str]:
    """Those applications whose family comes first; all of them where no family is known.

    >>> in_front([Application("a", "A", "Database"), Application("b", "B", "CDN"), Application("c", "C", "NAS")])
    ['b', 'c']
    >>> in_front([Application("m", "M", "MachineLearning")])
    ['m']
    """
    for families in FRONT:
        if front := [app.id for app in applications if app.family in families]:
            return front
    return [app.id for app in applications]


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
