"""What falls within one drawn graph when something of it fails, by what the graph was made of. Pure.

A business graph was made of applications, so their calls decide; an infra or
network graph of servers, places and what runs there too. Calls of what nobody
holds are left as they are: what rests on those cannot be told in any case.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from ..catalog.providers import provider_of
from ..graphs.boxes import region_key
from ..model.artifacts import Estate, Lookup, Networks
from ..model.graph import Container, Graph
from .failure import Verdict, failure
from .needs import Needs, needs_of
from .single import single_failures
from .whole import Whole

#: The needs that tell of calls.
CALLS = frozenset({"calls", "stands-in"})
#: The collections of nodes that can fail.
FAILING = ("applications/", "servers/")


@dataclass(frozen=True, slots=True)
class Falling:
    """What becomes of one application: ``down``, ``degraded`` or ``cannot-tell``; ``chain`` leads to what failed."""

    thing: str
    name: str
    state: str
    chain: tuple[str, ...]


def calls_of(lookup: Lookup) -> Needs:
    """What the applications of a graph need of each other."""
    held = needs_of(Whole(applications=lookup.applications))
    needs = tuple(need for need in held.needs if need.kind in CALLS)
    ghosts = frozenset(one for need in needs for one in need.of) - {
        f"applications/{app.id}" for app in lookup.applications
    }
    return replace(held, needs=needs, ghosts=ghosts, standings={})


def estate_needs(estate: Estate, networks: Networks | None) -> Needs:
    """What the servers and applications of a graph need: each other, and the places they stand in."""
    items = networks.items if networks is not None else ()
    servers = {one.id: one for one in (*estate.beyond, *estate.servers)}
    whole = Whole(
        applications=estate.applications,
        servers=tuple(servers[key] for key in sorted(servers)),
        datacenters=estate.datacenters,
        networks=items,
    )
    held = needs_of(whole)
    return replace(held, names={f"applications/{ref.id}": ref.name for ref in estate.others} | dict(held.names))


def drawn_as(graph: Graph, held: Needs) -> dict[str, tuple[str, ...]]:
    """What each node and box of a graph stands for, by its id: things as ``collection/id``."""
    found: dict[str, tuple[str, ...]] = {}
    for node in graph.nodes:
        if node.kind == "ghost":
            continue
        keys = [key.removeprefix("applications:") for key in node.members] or [node.id]
        named = (node.source, *(f"{kind}/{key}" for key in keys for kind in ("applications", "servers")))
        if things := tuple(dict.fromkeys(one for one in named if one in held.names and one.startswith(FAILING))):
            found[node.id] = things
    return found | boxes_as(graph.containers, held)


def boxes_as(containers: Sequence[Container], held: Needs) -> dict[str, tuple[str, ...]]:
    """The places that boxes stand for: a region's may be spelled in several ways, each a place of its own."""
    boxes = {box.id: box for box in containers}
    places: dict[tuple[str, str, str], list[str]] = {}
    for key in sorted(held.names):
        kind, _, rest = key.partition("/")
        if kind in ("regions", "zones"):
            center, _, name = rest.partition("/")
            places.setdefault((kind, center, region_key(name)), []).append(key)
        elif kind in ("datacenters", "providers"):
            places.setdefault((kind, "", rest), []).append(key)
    found: dict[str, tuple[str, ...]] = {}
    for box in containers:
        center = center_of(box, boxes)
        match box.kind:
            case "provider":
                mine = places.get(("providers", "", provider_of(box.provider).name), [])
            case "datacenter":
                mine = places.get(("datacenters", "", center), [])
            case "region" | "zone":
                mine = places.get((f"{box.kind}s", center, region_key(box.name)), [])
            case "network" | "subnet":
                mine = [key] if (key := held.atlas.networks.get(box.id.partition(":")[2], "")) else []
            case _:
                mine = []
        if mine:
            found[box.id] = tuple(mine)
    return found


def center_of(box: Container, boxes: Mapping[str, Container]) -> str:
    """The datacenter a box is or stands in, as places name it; nothing where there is none."""
    while box.kind != "datacenter":
        if box.parent not in boxes:
            return ""
        box = boxes[box.parent]
    return box.id.partition("/")[2]


def falling(held: Needs, failed: Collection[str]) -> tuple[Falling, ...]:
    """Everything that does not stay up once ``failed`` is gone, the worst first; what failed itself is not listed."""
    anyway = failure(held, [])
    found = {
        thing: verdict
        for thing, verdict in failure(held, failed).items()
        if thing not in failed and (thing not in anyway or verdict.state == "down")
    }
    order = ("down", "degraded", "cannot-tell")
    rows = [
        Falling(thing, held.names.get(thing, thing), verdict.state, chain_of(thing, found, held.names))
        for thing, verdict in found.items()
    ]
    return tuple(sorted(rows, key=lambda one: (order.index(one.state), len(one.chain), one.name, one.thing)))


def chain_of(thing: str, found: Mapping[str, Verdict], names: Mapping[str, str]) -> tuple[str, ...]:
    """The names from a thing down to what failed."""
    chain = [thing]
    while (verdict := found.get(chain[-1])) is not None and verdict.lost and verdict.lost[0] not in chain:
        chain.append(verdict.lost[0])
    return tuple(names.get(one, one) for one in chain)


def weak_of(held: Needs) -> Sequence[tuple[str, tuple[str, ...]]]:
    """Each thing that brings applications down by failing alone, and those, the worst first."""
    found = [
        (thing, tuple(sorted(one for one in brought if one.startswith("applications/"))))
        for thing, brought in single_failures(held.needs).items()
        if thing not in held.ghosts
    ]
    return sorted(((thing, brought) for thing, brought in found if brought), key=lambda one: (-len(one[1]), one[0]))
