"""The business graph: what it is about, and all that calls lead to from there, down, up or both ways."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import permutations

from ... import Context
from ...documents.entities import Application, Dependency, Ref, System
from ...documents.ports import Inventory
from ...errors import EmptyGraph
from ...model.artifacts import Entries, GraphRequest, Lookup
from ...model.graph import Edge
from ...text import many, named
from ..entries import entries_of, members_of
from ..lookup import with_own_systems
from ..overview.callmap import call_map
from ..overview.folds import ROOM
from ..overview.hubs import find_hubs

Applications = dict[str, Application]
#: Ends between which ways are looked for: each with each other.
MOST_ENDS = 20
Step = Callable[[Sequence[Application]], Iterable[Application]]


def look_up(request: GraphRequest, entries: Entries, ctx: Context) -> Lookup:
    """All applications of ``entries`` and those reached from them. Raises :class:`EmptyGraph` when none is left."""
    inventory = ctx.inventory
    if request.direction == "between" and request.entry == "all":
        raise EmptyGraph("Name the things between which calls are to be followed")
    seeds = sorted({*entries.applications, *entries.members})
    systems = CalledSystems(inventory)
    first = {app.id: app for app in inventory.find(Application, {"_id": seeds})} if request.entry != "all" else {}
    found = first or {app.id: app for app in inventory.find(Application)}
    if not found:
        raise EmptyGraph("Empty dependencies")
    if request.entry != "all":
        start = list(found.values())
        ends = hubs_of(inventory) if request.direction == "both" and request.hops > 1 else frozenset[str]()
        if request.direction == "between":
            found = found | systems.all_of(seeds)
        elif request.direction != "up":
            found = found | (
                reached_by(start, systems.called_by, request.hops, ends) if request.hops else systems.all_of(seeds)
            )
        if request.direction in ("up", "both"):
            found |= reached_by(start, systems.callers_of, request.hops, ends)
    systems.learn({dep.id for app in found.values() for dep in app.deps} - found.keys())
    applications = [systems.resolved(found[key]) for key in sorted(found)]
    if request.direction == "between":
        kept = between(applications, seeds, request.hops)
        applications = [app for app in applications if app.id in kept]
        found = {app.id: found[app.id] for app in applications}
    called = {dep.id for app in applications for dep in app.deps} - found.keys()
    own = {app.id for app in inventory.find(Application, {"_id": sorted(called)})} if called else set[str]()
    lost = set(seeds) - found.keys()
    outside = [] if request.entry == "all" else [app for app in systems.callers_of(applications) if app.id not in found]
    return Lookup(
        with_own_systems(applications, inventory),
        beyond=tuple(sorted(own)),
        callers=tuple(Ref(app.id, app.name) for app in outside),
        missing=named_entries(lost, entries, inventory),
        systems=tuple(systems.bare[key] for key in sorted(systems.bare.keys() & called)),
    )


def named_entries(keys: set[str], entries: Entries, inventory: Inventory) -> tuple[Ref, ...]:
    """Entries that nobody holds, by the names under which their systems mention them; sorted by id."""
    if not keys:
        return ()
    systems = inventory.find(System, {"_id": sorted(ref.id for ref in entries.systems)})
    return tuple(
        sorted(
            {ref.id: ref for system in systems for ref in system.entry if ref.id in keys}.values(),
            key=lambda ref: ref.id,
        )
    )


def reached_by(start: Sequence[Application], step: Step, hops: int, ends: frozenset[str] = frozenset()) -> Applications:
    """What ``step`` leads to from ``start``, that included, ``hops`` times; 0 as often as it leads on.

    Nothing leads on from ``ends``, unless they are the start.
    """
    found = {app.id: app for app in start}
    edge: Sequence[Application] = start
    taken = 0
    while edge and (not hops or taken < hops):
        edge = [app for app in step(edge) if app.id not in found]
        found |= {app.id: app for app in edge}
        edge = [app for app in edge if app.id not in ends]
        taken += 1
    return found


def hubs_of(inventory: Inventory) -> frozenset[str]:
    """What so many call that everything is near everything through it; none in an estate that is read at a glance."""
    applications = inventory.find(Application)
    if len(applications) <= ROOM:
        return frozenset()
    calls = [Edge(app.id, key) for app in applications for key in {dep.id for dep in app.deps}]
    things = call_map({app.id: app.name for app in applications}, calls)
    return frozenset(things.ids[hub] for hub in find_hubs(things))


def between(applications: Sequence[Application], ends: Sequence[str], hops: int) -> frozenset[str]:
    """What lies on a way of calls from one of ``ends`` to another, those included.

    ``hops`` is the longest way, 0 for any. Raises :class:`EmptyGraph` where there is no way.
    """
    if len(ends) > MOST_ENDS:
        raise EmptyGraph(f"Ways are looked for between at most {MOST_ENDS} applications; {len(ends)} were named")
    calls = {app.id: tuple(dep.id for dep in app.deps) for app in applications}
    callers: dict[str, list[str]] = defaultdict(list)
    for key, called in calls.items():
        for other in called:
            callers[other].append(key)
    found: set[str] = set()
    for start, end in permutations(ends, 2):
        # A way ends where it arrives: what lies on a way around, past one of its ends, is none between them.
        away, back = distances(start, calls, end), distances(end, callers, start)
        near = away.keys() & back.keys()
        found |= {key for key in near if not hops or away[key] + back[key] <= hops}
    if not found:
        names = {app.id: app.name for app in applications}
        within = f" within {many(hops, 'call')}" if hops else ""
        raise EmptyGraph(f"No calls lead from one to another of {named(names.get(key, key) for key in ends)}{within}")
    return frozenset(found)


def distances(start: str, calls: Mapping[str, Sequence[str]], end: str) -> dict[str, int]:
    """How many calls everything is away from ``start``; nothing is followed on from ``end``."""
    found = {start: 0}
    edge = [start]
    away = 0
    while edge:
        away += 1
        on = (other for key in edge if key != end for other in calls.get(key, ()))
        edge = list(dict.fromkeys(other for other in on if other not in found))
        found |= dict.fromkeys(edge, away)
    return found


class CalledSystems:
    """Calls of a system lead to its entries; asked once for each id that is no application of the owner's."""

    def __init__(self, inventory: Inventory) -> None:
        self._inventory = inventory
        self._asked: set[str] = set()
        self._doors: dict[str, tuple[str, ...]] = {}
        #: The systems that are called and have no applications.
        self.bare: dict[str, Ref] = {}

    def all_of(self, seeds: Sequence[str]) -> Applications:
        """``seeds`` and all they depend on, however far away."""
        found: Applications = {}
        waiting = set(seeds)
        while waiting:
            found |= {app.id: app for app in self._inventory.reach(sorted(waiting))}
            waiting = self._lead(found.values(), found) - found.keys()
        return found

    def called_by(self, applications: Sequence[Application]) -> tuple[Application, ...]:
        """What ``applications`` call, and the entries of the systems they call."""
        called = {dep.id for app in applications for dep in app.deps}
        found = {app.id: app for app in self._inventory.find(Application, {"_id": sorted(called)})} if called else {}
        led = self._lead(applications, found) - found.keys()
        found |= {app.id: app for app in self._inventory.find(Application, {"_id": sorted(led)})} if led else {}
        return tuple(found[key] for key in sorted(found))

    def callers_of(self, applications: Sequence[Application]) -> tuple[Application, ...]:
        """The owner's applications that call one of ``applications``, or a system entered by one; sorted by id."""
        keys = sorted(app.id for app in applications)
        if not keys:
            return ()
        systems = {ref.id for app in applications for ref in app.systems}
        systems |= {system.id for system in self._inventory.find(System, {"entry._id": keys})}
        self.learn(systems)
        entered = {key for key in systems if not set(self._doors.get(key, ())).isdisjoint(keys)}
        return self._inventory.find(Application, {"deps._id": sorted({*keys, *entered})})

    def resolved(self, app: Application) -> Application:
        """``app`` with calls of its systems' entries where it calls systems."""
        if not any(dep.id in self._doors for dep in app.deps):
            return app
        deps = [
            dep if key == dep.id else Dependency(key, "", dep.family, dep.endpoint, data_class=dep.data_class)
            for dep in app.deps
            for key in self._doors.get(dep.id, (dep.id,))
        ]
        return replace(app, deps=tuple(dict.fromkeys(deps)))

    def learn(self, keys: set[str]) -> None:
        """Find out which of ``keys`` are systems, and which applications those are entered by."""
        unknown = keys - self._asked
        self._asked |= unknown
        if not unknown:
            return
        applications = {app.id for app in self._inventory.find(Application, {"_id": sorted(unknown)})}
        lost = sorted(unknown - applications)
        systems = self._inventory.find(System, {"_id": lost}) if lost else ()
        members_of_any = members_of(systems, self._inventory)  # one question, however many systems are called
        for system in systems:
            entries = {ref.id for ref in system.entry}
            members = [
                app for app in members_of_any if app.id in entries or any(ref.id == system.id for ref in app.systems)
            ]
            own = {app.id for app in members}
            doors = tuple(key for key in entries_of([system], members) if key in own)
            if doors:
                self._doors[system.id] = doors
            else:
                self.bare[system.id] = Ref(system.id, system.name)

    def _lead(self, applications: Iterable[Application], found: Mapping[str, Application]) -> set[str]:
        called = {dep.id for app in applications for dep in app.deps} - found.keys()
        self.learn(called)
        return {door for key in called for door in self._doors.get(key, ())}
