"""What falls within one drawn graph when something of it fails, by what the graph was made of. Pure.

A business graph was made of applications, so their calls decide; an infra or
network graph of servers, places and what runs there too. Calls of what nobody
holds are left as they are: what rests on those cannot be told in any case.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from heapq import nsmallest

from ..catalog.providers import provider_of
from ..graphs.boxes import region_key
from ..model.artifacts import Estate, Lookup, Networks
from ..model.graph import Container, Graph
from .failure import Verdict, failure
from .needs import Needs, needs_of
from .single import TooMuch, falls_by, places
from .whole import Whole

#: The needs that tell of calls.
CALLS = frozenset({"calls", "stands-in"})
#: The collections of nodes that can fail.
FAILING = ("applications/", "servers/")
#: Rows of an answer, what each row spells out, and the names of a chain: who wants to know more asks about one thing.
MOST_ROWS, MOST_EACH, MOST_CHAINED = 200, 200, 50
#: Steps of an answer: a second or two.
MOST_STEPS = 3_000_000


@dataclass(frozen=True, slots=True)
class Falling:
    """What becomes of one application: ``down``, ``degraded`` or ``cannot-tell``; ``chain`` leads to what failed."""

    thing: str
    name: str
    state: str
    chain: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Weak:
    """A thing that brings applications down by failing alone: how many, and which, as far as they are listed."""

    thing: str
    count: int
    brought: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class WeakOnes:
    """Those that are listed, and how many there are."""

    listed: tuple[Weak, ...]
    count: int


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
    """The names from a thing down to what failed; of a long chain the beginning, and that it goes on."""
    chain = [thing]
    while (verdict := found.get(chain[-1])) is not None and verdict.lost and verdict.lost[0] not in chain:
        if len(chain) == MOST_CHAINED:
            return (*(names.get(one, one) for one in chain), "…")
        chain.append(verdict.lost[0])
    return tuple(names.get(one, one) for one in chain)


def weak_of(held: Needs, among: Collection[str], rows: int = MOST_ROWS, each: int = MOST_EACH) -> WeakOnes:
    """The things ``among`` some that bring down applications of them by failing alone, the worst first.

    At most ``rows`` of them, and of what each brings down ``each``. Raises :class:`TooMuch` where that would take
    longer than anybody waits.
    """
    bits, falls = falls_by(held.needs, MOST_STEPS)
    names = list(bits)
    shown = [one in among for one in names]
    alike: dict[int, list[str]] = defaultdict(list)
    for thing, fell in falls.items():
        if shown[bits[thing]] and thing.startswith("applications/"):
            alike[fell].append(thing)
    if sum(fell.bit_count() for fell in alike) > MOST_STEPS:
        raise TooMuch("Too much hangs together here to be answered at once.")
    counts: Counter[int] = Counter()
    for fell, things in alike.items():
        for place in places(fell):
            counts[place] += len(things)
    for place, name in enumerate(names):
        counts[place] -= name.startswith("applications/")  # it falls by itself
    worst = sorted(
        (-count, names[place])
        for place, count in counts.items()
        if count > 0 and shown[place] and names[place] not in held.ghosts
    )
    found = []
    for less, thing in worst[:rows]:
        bit = 1 << bits[thing]
        brought = (one for fell, things in alike.items() if fell & bit for one in things if one != thing)
        found.append(Weak(thing, -less, tuple(nsmallest(each, brought))))
    return WeakOnes(tuple(found), len(worst))
