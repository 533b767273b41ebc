"""Lines of the infra graph: balancers to targets, calls between the boxes that part them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence

from ...documents.entities import Application, Dependency
from ...model.graph import Edge
from ...model.kinds import Crossing
from ..references import MISSING
from ..traffic import data_rows, measured_calls
from .placement import Placed

PARTED: dict[str, Crossing] = {"provider": "provider", "datacenter": "datacenter", "region": "zone", "zone": "zone"}


def balancing(placed: Placed) -> tuple[list[Edge], int]:
    """From each balancer, or the servers it runs on, to its targets; and how many targets are not drawn here."""
    references = placed.references
    lines: dict[tuple[str, str], Edge] = {}
    beyond = 0
    for app in references.estate.applications:
        hosts = references.hosts.get(app.id)
        sources = [placed.node(host) for host in hosts] if hosts else [placed.node(app)]
        if sources[0] not in placed.box:
            continue
        for key in references.targets(app):
            target = placed.ids.of("servers", key)
            if key in references.servers or ("servers", key) in references.ghosts:
                lines |= {(one, target): Edge(one, target, kind="lb") for one in sources if one != target}
            else:
                beyond += 1
        for key in (ref.id for ref in app.servers if ("servers", ref.id) in references.ghosts):
            target = placed.ids.of("servers", key)
            for one in sources:
                lines.setdefault((one, target), Edge(one, target, label="runs on"))
    return list(lines.values()), beyond


def calls(placed: Placed) -> tuple[list[Edge], int, int]:
    """What applications call of each other, as lines between the outermost boxes that part them.

    Calls between two zones of a region are a line between the zones; calls
    between two providers one between the providers: every line lies in the box
    that holds both ends, and counts the calls it stands for. Calls within one
    box are no line, the box says already that its things are together: they are
    counted, and so are those that leave this part of the estate.
    """
    references = placed.references
    found: Counter[tuple[str, str]] = Counter()
    carried: dict[tuple[str, str], list[Dependency]] = defaultdict(list)
    within = beyond = 0
    stands = {app.id: paths_of(app, placed) for app in references.estate.applications}
    for collection, key in references.ghosts:
        if collection == "applications":
            stands[key] = {(MISSING, placed.ids.of(collection, key))}
    for app in references.estate.applications:
        for dep in sorted({dep.id for dep in app.deps}):
            if dep == app.id:
                continue
            parted = {parting(mine, other) for mine in stands[app.id] for other in stands.get(dep, ())}
            beyond += not parted
            within += parted == {None}
            lines = [ends for ends in parted if ends is not None]
            found.update(lines)
            if len(parted) == 1:  # of calls that several lines stand for nobody knows which takes how many
                for ends in lines:
                    carried[ends] += [one for one in app.deps if one.id == dep]
    edges = [
        Edge(
            *ends,
            label="calls",
            count=count,
            crossing=border(*ends, placed),
            measures=measured_calls(carried[ends]),
            attributes=data_rows(carried[ends]),
        )
        for ends, count in sorted(found.items())
    ]
    return edges, within, beyond


def paths_of(app: Application, placed: Placed) -> set[tuple[str, ...]]:
    """The boxes an application runs in, each from the outside in; a managed one ends with itself."""
    hosts = placed.references.hosts.get(app.id)
    if hosts:
        return {placed.boxes.path(placed.box[placed.node(server)]) for server in hosts}
    key = placed.node(app)
    if key in placed.box and app.access.told:  # one of many in a cluster, and no service of a provider by itself
        return {placed.boxes.path(placed.box[key])}
    return {(*placed.boxes.path(placed.box[key]), key)} if key in placed.box else set()


def parting(mine: Sequence[str], other: Sequence[str]) -> tuple[str, str] | None:
    """The first boxes in which two paths differ; nothing where one holds the other.

    >>> parting(("aws", "eu", "a"), ("aws", "eu", "b")), parting(("aws", "eu"), ("aws", "eu", "b"))
    (('a', 'b'), None)
    """
    return next(((one, two) for one, two in zip(mine, other, strict=False) if one != two), None)


def border(one: str, two: str, placed: Placed) -> Crossing:
    """What a line between two boxes crosses: a provider, a datacenter or a zone; nothing where one is no such box."""
    kinds = {box.kind if (box := placed.boxes.containers.get(end)) else "" for end in (one, two)}
    crossed: set[Crossing] = {PARTED.get(kind, "") for kind in kinds}
    return crossed.pop() if len(crossed) == 1 else ""
