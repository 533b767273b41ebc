"""What each thing needs to run: k of the members of every need. Built from the whole inventory, nothing folded."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from ..catalog.families import LOAD_BALANCER
from ..documents.entities import Application
from ..graphs.references import References
from ..model.artifacts import Estate
from ..text import many, named
from .places import KINDS, Atlas, Standing, atlas_of
from .stating import amount_of, stated_of
from .whole import Whole

#: Families whose members usually have to agree, and from how many members on.
AGREEING = frozenset({"Database", "Broker", "Cache"})
QUORUM = 3
#: Families whose calls some record from the one who sends, others from the one who is sent to.
EITHER_WAY = frozenset({"Broker", "CDN", "DNS", "Monitor", "Logs"})


@dataclass(frozen=True, slots=True)
class Need:
    """``thing`` runs only while ``k`` of the things ``of`` are left.

    ``kind`` is ``runs-on``, ``calls``, ``balances-to``, ``stands-in``,
    ``entered-by`` or ``made-of`` (systems); ``basis`` says whether somebody
    stated the number, it is assumed, or it follows from what is recorded. A
    ``soft`` need that fails degrades the thing and does not bring it down.
    """

    thing: str
    k: int
    of: tuple[str, ...]
    kind: str
    basis: str = "assumed"
    soft: bool = False


@dataclass(frozen=True)
class Needs:
    """All needs, and what is not recorded. Things are written ``collection/id``.

    ``names`` gives each thing's name. ``ghosts`` are referred to and not in the
    inventory. ``standings`` are the places of what stands somewhere by itself.
    ``joined`` counts the applications that call or are called, of
    ``applications``. ``assumptions`` are sentences.
    """

    needs: tuple[Need, ...]
    names: Mapping[str, str] = field(default_factory=dict)
    ghosts: frozenset[str] = frozenset()
    standings: Mapping[str, Standing] = field(default_factory=dict)
    atlas: Atlas = field(default_factory=Atlas)
    joined: int = 0
    applications: int = 0
    assumptions: tuple[str, ...] = ()


def needs_of(whole: Whole, beside: Mapping[str, object] | None = None) -> Needs:
    """The needs of an inventory's things, by the defaults that ``docs/answers.md`` lists.

    ``beside`` states needs of applications by id or name, as a file beside the
    inventory does. Raises :class:`~analytics.errors.AnalyticsError` for a need
    that cannot be read.
    """
    atlas = atlas_of(whole.datacenters, whole.networks)
    references = References(Estate(whole.servers, whole.applications, whole.datacenters))
    names: dict[str, str] = {key: one.name for key, one in whole.things.items()}
    needs: list[Need] = []
    standings: dict[str, Standing] = {}
    called: dict[str, str] = {}
    for server in whole.servers:
        thing = f"servers/{server.id}"
        subnets = [server.location.subnet_id, *(one.subnet for one in server.interfaces)]
        standings[thing] = atlas.stand(server.location, [*subnets, server.location.vpc_id], machine=True)
        needs += standing_needs(thing, standings[thing], atlas.networks.get(server.location.vpc_id, ""))
    statements = stated_of(whole.applications, beside or {})
    capped: list[str] = []
    for app in whole.applications:
        mine = statements[app.id]
        thing = f"applications/{app.id}"
        called |= {f"applications/{dep.id}": dep.name for dep in app.deps if dep.name}
        needs += calls(app, mine.alternatives, mine.optional, names)
        hosts = {host.id for host in references.all_hosts.get(app.id, ())}
        hosts |= {ref.id for ref in app.servers if ref.id not in references.machines}
        members = tuple(f"servers/{key}" for key in sorted(hosts))
        if members:
            needs.append(counted(thing, members, "runs-on", mine.amounts.get("servers", ""), capped, names))
        else:
            where = replace(app.location, provider=app.location.provider or app.provider)
            networks = (where.vpc_id or app.role.vpc_id, where.subnet_id)
            standings[thing] = atlas.stand(where, networks)
            needs += standing_needs(thing, standings[thing], "", mine.amounts.get("zones", ""))
        if app.targets or app.family == LOAD_BALANCER:
            targets = (f"applications/{key}" for key in references.targets(app))
            behind = tuple(one if one in names else f"servers/{one.split('/', 1)[1]}" for one in targets)
            if behind:
                needs.append(counted(thing, behind, "balances-to", mine.amounts.get("targets", ""), capped, names))
    needs += system_needs(whole)
    needs += wider_needs(atlas, whole)
    names |= atlas.names
    ghosts = {key for need in needs for key in need.of} - names.keys()
    names |= {key: called[key] for key in ghosts if key in called}
    calling = {one for need in needs if need.kind == "calls" for one in (need.thing, *need.of)}
    return Needs(
        needs=tuple(needs),
        names=names,
        ghosts=frozenset(ghosts),
        standings=standings,
        atlas=atlas,
        joined=sum(1 for app in whole.applications if f"applications/{app.id}" in calling),
        applications=len(whole.applications),
        assumptions=(*assumptions(needs, names, whole), *capped),
    )


def counted(
    thing: str, members: tuple[str, ...], kind: str, amount: str, capped: list[str], names: Mapping[str, str]
) -> Need:
    """A need of several members: the amount that is stated, or one."""
    if not amount:
        return Need(thing, 1, members, kind)
    k = amount_of(amount, len(members))
    if k > len(members):
        capped.append(
            f"{names[thing]} is said to need {k} of its {'servers' if kind == 'runs-on' else 'targets'} and "
            f"{len(members)} are recorded: all of them are counted as needed."
        )
    return Need(thing, min(k, len(members)), members, kind, "stated")


def calls(
    app: Application,
    alternatives: Sequence[tuple[int, tuple[str, ...]]],
    optional: frozenset[str],
    names: Mapping[str, str],
) -> Iterator[Need]:
    """What an application calls: each by itself, but for those that are stated to stand in for one another."""
    thing = f"applications/{app.id}"
    among = {key for _, of in alternatives for key in of}
    soft: dict[str, bool] = {}
    for dep in app.deps:
        soft[dep.id] = soft.get(dep.id, True) and (dep.optional or dep.id in optional)
    for key, can_do_without in soft.items():
        if key not in among:
            meant = f"systems/{key}" if f"systems/{key}" in names else f"applications/{key}"
            basis = "stated" if can_do_without else "assumed"
            yield Need(thing, 1, (meant,), "calls", basis, can_do_without)
    for k, of in alternatives:
        yield Need(thing, k, tuple(f"applications/{key}" for key in of), "calls", "stated")


def standing_needs(thing: str, standing: Standing, network: str, zones: str = "") -> Iterator[Need]:
    """The places a thing stands in: one of its zones and subnets, and all that is wider."""
    for kind, places in standing.places.items():
        if kind == "networks":
            for part in ((network,), tuple(one for one in places if one != network)):
                if part and part[0]:
                    yield Need(thing, 1, part, "stands-in", "recorded")
        elif kind == "zones" and len(places) > 1:
            k = amount_of(zones, len(places)) if zones else 1
            yield Need(thing, min(k, len(places)), places, "stands-in", "stated" if zones else "assumed")
        else:
            yield Need(thing, 1, places, "stands-in", "recorded")


def wider_needs(atlas: Atlas, whole: Whole) -> Iterator[Need]:
    """What places stand in, as far as there is one answer: a zone in its region, a subnet in its network."""
    for key in sorted(atlas.within):
        for wider in KINDS:
            found = atlas.within[key].get(wider, set())
            if len(found) == 1:
                yield Need(key, 1, tuple(found), "stands-in", "recorded")
    for item in whole.networks:
        if item.kind == "subnet" and (network := atlas.networks.get(item.network, "")) not in (
            "",
            f"networks/{item.id}",
        ):
            yield Need(f"networks/{item.id}", 1, (network,), "stands-in", "recorded")


def system_needs(whole: Whole) -> Iterator[Need]:
    """A system needs each application it is entered by; where none is recorded, one of those that belong to it."""
    belonging: dict[str, list[str]] = {}
    for app in whole.applications:
        for ref in app.systems:
            belonging.setdefault(ref.id, []).append(f"applications/{app.id}")
    for system in whole.systems:
        entries = [f"applications/{ref.id}" for ref in system.entry]
        for entry in entries:
            yield Need(f"systems/{system.id}", 1, (entry,), "entered-by")
        rest = tuple(key for key in belonging.get(system.id, ()) if key not in entries)
        if rest and entries:
            yield from (Need(f"systems/{system.id}", 1, (key,), "made-of", "assumed", True) for key in rest)
        elif rest:
            yield Need(f"systems/{system.id}", 1, rest, "made-of")


def assumptions(needs: Sequence[Need], names: Mapping[str, str], whole: Whole) -> Iterator[str]:
    """What nobody stated, each kind once."""
    loose = [need for need in needs if need.basis == "assumed" and not need.soft]

    def of(kind: str, least: int = 2) -> list[str]:
        return [names[need.thing] for need in loose if need.kind == kind and len(need.of) >= least]

    if found := of("runs-on"):
        yield f"1 server is enough for each of {many(len(found), 'application')} on several: {named(found)}."
    if found := of("balances-to"):
        yield f"1 target is enough for {named(found)}."
    if found := of("stands-in"):
        yield f"1 zone is enough for {named(found)}."
    if found := of("calls", 1):
        yield f"Every call is needed ({len(found)} that nobody called optional)."
    if found := of("entered-by", 1):
        yield f"A system needs each application it is entered by ({many(len(set(found)), 'system')})."
    if found := of("made-of", 1):
        systems = many(len(set(found)), "system")
        yield f"A system without recorded entry is down when all its applications are ({systems})."
    families = {f"applications/{app.id}": app.family for app in whole.applications}
    turned = sorted(
        {names[need.thing] for need in loose if need.kind == "calls" and families.get(need.thing) in EITHER_WAY}
    )
    if turned:
        yield (
            f"What {named(turned)} calls is taken as what it needs; brokers, CDNs and agents are recorded in either "
            "direction, so look which is meant."
        )
    agreeing = [
        names[need.thing]
        for need in loose
        if need.kind == "runs-on" and len(need.of) >= QUORUM and families.get(need.thing) in AGREEING
    ]
    if agreeing:
        yield f"The quorum of {named(agreeing)} is not stated: 1 server is taken as enough."
