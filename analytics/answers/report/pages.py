"""The pages of a report, worked out from one inventory. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from ...documents.entities import Application, Client, Datacenter, Server, System
from ...export.spots import Spots
from ...text import many, safe_id
from ..failure import failure
from ..marking import names_of
from ..rules.facts import Facts
from ..rules.records import Found
from ..rules.settling import Settled
from ..weak import WeakPoint, weak_points
from ..wording import STATES
from ..wording import Words as Naming
from .blocks import Block, Heading, Line, Page, Picture, Points, Table, Words

#: The kinds of things that have pages.
FOLDERS = ("systems", "clients", "datacenters")


@dataclass(frozen=True)
class Report:
    """One inventory, its rules as they went, the digest of the inventory, and how it is verified."""

    facts: Facts
    settled: Settled
    digest: str = ""
    verify: str = ""
    drawn: Mapping[str, Spots] = field(default_factory=dict)

    @cached_property
    def naming(self) -> Naming:
        """How things are called."""
        return Naming(self.facts.whole, self.facts.held)

    @cached_property
    def weak(self) -> Sequence[WeakPoint]:
        """All weak points."""
        return weak_points(self.facts.held, self.facts.whole)

    @cached_property
    def found(self) -> Mapping[str, list[Found]]:
        """What rules found, by thing."""
        held: dict[str, list[Found]] = defaultdict(list)
        for result in self.settled.results:
            for one in result.found:
                for thing in dict.fromkeys(one.things):
                    held[thing].append(one)
        return held

    def page_of(self, thing: str) -> str:
        """The path of a thing's page, nothing where it has none."""
        folder, _, key = thing.partition("/")
        return f"{folder}/{safe_id(key)}" if folder in FOLDERS and thing in self.facts.whole.things else ""

    def link(self, thing: str) -> Words:
        """A thing's name, leading to its page; an application leads to its system's."""
        to = self.page_of(thing)
        one = self.facts.whole.things.get(thing)
        if not to and isinstance(one, Application) and one.systems:
            to = self.page_of(f"systems/{one.systems[0].id}")
        return Words(self.naming.name(thing), to)

    @cached_property
    def behind(self) -> Mapping[str, Words]:
        """Where each thing of a picture leads, by its id there: to its system's page, or its datacenter's."""
        found: dict[str, Words] = {}
        for thing, one in self.facts.whole.things.items():
            to = self.link(thing)
            if isinstance(one, Server):
                to = Words(to.text, self.page_of(f"datacenters/{one.location.id}"))
            if to.to:
                found.update((safe_id(name), to) for name in names_of(thing))
        return found


def pages_of(report: Report) -> list[Page]:
    """The index, and a page of each system, client and datacenter."""
    whole = report.facts.whole
    pages = [index(report)]
    pages += [system_page(report, one) for one in whole.systems]
    pages += [client_page(report, one) for one in whole.clients]
    pages += [datacenter_page(report, one) for one in whole.datacenters]
    return pages


def index(report: Report) -> Page:
    """What there is, and the worst of it."""
    whole = report.facts.whole
    blocks: list[Block] = [
        Line(
            (
                Words(
                    f"{many(len(whole.applications), 'application')}, {many(len(whole.servers), 'server')}, "
                    f"{many(len(whole.systems), 'system')}, {many(len(whole.clients), 'client')}, "
                    f"{many(len(whole.datacenters), 'datacenter')}."
                ),
            )
        ),
        *picture(report, "index", "All applications and their calls"),
    ]
    for folder, head in (("systems", "Systems"), ("clients", "Clients"), ("datacenters", "Datacenters")):
        keys = [key for key in whole.things if key.startswith(f"{folder}/")]
        if keys:
            blocks += [
                Heading(head),
                Points(tuple((report.link(key),) for key in sorted(keys, key=report.naming.name))),
            ]
    blocks += rules_blocks(report)
    blocks += weak_blocks(report, report.weak[:20], "The worst weak points")
    return Page("index", "Inventory", (*blocks, *ending(report)))


def system_page(report: Report, system: System) -> Page:
    """A system: parts, exposure, weak points, findings, clients, neighbours."""
    key = f"systems/{system.id}"
    parts = [one for one in report.facts.whole.applications if key in {f"systems/{ref.id}" for ref in one.systems}]
    entries = {ref.id for ref in system.entry}
    things = [key, *(f"applications/{one.id}" for one in parts)]
    rows = tuple(
        (
            Words(one.name + (" (entry)" if one.id in entries else "")),
            Words(one.family),
            Words(one.environment or "not recorded"),
            said(report, one, "servers"),
            said(report, one, "zones"),
            said(report, one, "exposure"),
        )
        for one in parts
    )
    blocks: list[Block] = [*picture(report, key, f"The applications of {system.name} and what they call")]
    blocks += (
        [Heading("Applications"), Table(("application", "family", "environment", "servers", "zones", "exposure"), rows)]
        if rows
        else []
    )
    blocks += clients_blocks(report, {key})
    blocks += neighbours(report, {f"applications/{one.id}" for one in parts}, key)
    blocks += weak_blocks(
        report, [one for one in report.weak if key in one.systems], "What brings it down by failing alone"
    )
    blocks += findings(report, things)
    blocks += unknown(report, parts)
    return Page(report.page_of(key), system.name, (*blocks, *ending(report)))


def client_page(report: Report, client: Client) -> Page:
    """A client: systems, contacts, what it feels."""
    key = f"clients/{client.id}"
    systems = [
        f"systems/{one.id}" for one in report.facts.whole.systems if client.id in {ref.id for ref in one.clients}
    ]
    contacts = tuple((Words(f"{one.key} {one.value}".strip()),) for one in client.contacts)
    blocks: list[Block] = [*picture(report, key, f"The applications that serve {client.name}")]
    blocks += [Heading("Contacts"), Points(contacts or ((Words("none is recorded"),),))]
    blocks += [Heading("Systems"), Points(tuple((report.link(one),) for one in systems) or ((Words("none"),),))]
    blocks += weak_blocks(
        report, [one for one in report.weak if key in one.clients], "What it would feel by failing alone"
    )
    blocks += findings(report, [key, *systems])
    return Page(report.page_of(key), client.name, (*blocks, *ending(report)))


def datacenter_page(report: Report, center: Datacenter) -> Page:
    """A datacenter: its zones and servers, and what falls with it."""
    key = f"datacenters/{center.id}"
    servers = [one for one in report.facts.whole.servers if one.location.id == center.id]
    zones: dict[str, int] = defaultdict(int)
    for server in servers:
        zones[", ".join(server.location.zones) or "not recorded"] += 1
    rows = tuple((Words(zone), Words(str(count))) for zone, count in sorted(zones.items()))
    blocks: list[Block] = [
        Line((Words(f"Provider: {center.provider or 'not recorded'}. {many(len(servers), 'server')}."),)),
        *picture(report, key, f"What stands in {center.name}"),
    ]
    blocks += [Heading("Zones"), Table(("zone", "servers"), rows)] if rows else []
    blocks += falling(report, key)
    blocks += server_table(report, servers)
    blocks += findings(report, [key, *(f"servers/{one.id}" for one in servers)])
    return Page(report.page_of(key), center.name, (*blocks, *ending(report)))


def falling(report: Report, place: str) -> list[Block]:
    """What becomes of systems and applications if a place fails."""
    verdicts = failure(report.facts.held, [place])
    order = list(STATES)
    felt = sorted(
        (one for one in verdicts.values() if one.thing.startswith(("systems/", "applications/"))),
        key=lambda one: (order.index(one.state), not one.thing.startswith("systems/"), one.thing),
    )
    if not felt:
        return [Heading("If it fails"), Line((Words("Nothing that is recorded falls with it."),))]
    points = tuple(
        (
            Words(f"{STATES[one.state].lower()}: "),
            report.link(one.thing),
            Words(f" {report.naming.chain(one, verdicts, [place])}"),
        )
        for one in felt
    )
    return [Heading("If it fails"), Points(points)]


def server_table(report: Report, servers: Iterable[Server]) -> list[Block]:
    """The servers of a place."""
    rows = tuple(
        (
            Words(one.name),
            Words(", ".join(one.location.zones) or "not recorded"),
            Words(f"{one.cpu:g}" if one.cpu else "not recorded"),
            Words(f"{one.memory:g}" if one.memory else "not recorded"),
            Words(", ".join(ref.name or ref.id for ref in one.applications) or "nothing"),
            Words(report.facts.exposures.get(f"servers/{one.id}", "unknown")),
        )
        for one in servers
    )
    return [Heading("Servers"), Table(("server", "zone", "vCPU", "GB", "carries", "exposure"), rows)] if rows else []


def said(report: Report, app: Application, name: str) -> Words:
    """A field of an application as a cell."""
    value = report.facts.of(f"applications/{app.id}", name)
    if name == "servers":
        return Words(str(len(value.values)) if value.values else "none recorded")
    return Words(", ".join(value.values) or "not recorded")


def picture(report: Report, thing: str, says: str) -> list[Block]:
    """The picture of a page, where one was drawn."""
    path = f"pictures/{'index' if thing == 'index' else safe_id(thing)}.svg"
    if path not in report.drawn:
        return []
    spots = report.drawn[path]
    links = []
    for key, spot in spots.nodes.items():
        to = report.behind.get(key)
        if to is not None and to.to != (thing if thing == "index" else report.page_of(thing)):
            links.append((spot, to))
    return [Picture(path, says, (spots.width, spots.height), tuple(links))]


def clients_blocks(report: Report, systems: set[str]) -> list[Block]:
    """The clients of systems and their contacts."""
    found = report.naming.clients_of(systems)
    if not found:
        return [Heading("Clients"), Line((Words("No client is recorded."),))]
    points = tuple(
        (
            report.link(f"clients/{one.id}"),
            Words(
                ": " + (", ".join(f"{tag.key} {tag.value}".strip() for tag in one.contacts) or "no contact is recorded")
            ),
        )
        for one in found
    )
    return [Heading("Clients"), Points(points)]


def neighbours(report: Report, mine: set[str], system: str) -> list[Block]:
    """The systems that are called and that call."""
    ways: dict[tuple[str, str], list[str]] = defaultdict(list)
    for need in report.facts.held.needs:
        if need.kind == "calls":
            for target in need.of:
                if (need.thing in mine) != (target in mine):
                    word, other = ("calls", target) if need.thing in mine else ("is called by", need.thing)
                    ways[word, other].append(report.naming.name(target if word == "is called by" else need.thing))
    if not ways:
        return []
    points = tuple(
        (Words(f"{word} "), report.link(other), Words(f" ({', '.join(sorted(names))})"))
        for (word, other), names in sorted(ways.items(), key=lambda one: (one[0][0], report.naming.name(one[0][1])))
        if other != system
    )
    return [Heading("Neighbours"), Points(points)]


def weak_blocks(report: Report, found: Sequence[WeakPoint], head: str) -> list[Block]:
    """Weak points as a list."""
    if not found:
        return []
    points = tuple(
        (
            Words(f"{one.kind}: "),
            *joined([report.link(thing) for thing in one.things[:5]]),
            Words(
                f"{f' and {len(one.things) - 5} more' if len(one.things) > 5 else ''} "
                f"({many(len(one.systems), 'system')}, {many(len(one.applications), 'application')})"
            ),
        )
        for one in found[:40]
    )
    return [Heading(head), Points(points)]


def joined(words: Sequence[Words]) -> list[Words]:
    """Links with commas between them."""
    found: list[Words] = []
    for one in words:
        found += [Words(", "), one] if found else [one]
    return found


def findings(report: Report, things: Sequence[str]) -> list[Block]:
    """What rules found of things, and their exceptions with the ends."""
    mine = dict.fromkeys(one for thing in things for one in report.found.get(thing, ()))
    word = {"broken": "broken", "cannot-tell": "not known"}
    points = [
        (Words(f"{word[one.state]}, {one.rule}: {report.naming.name(one.things[0])} {one.text}"),) for one in mine
    ]
    points += [
        (Words(f"excepted until {why.until}, {one.rule}: {report.naming.name(one.things[0])}: {why.reason}"),)
        for one, why in report.settled.excepted
        if one.things[0] in things
    ]
    return [Heading("Rules"), Points(tuple(points))] if points else []


def rules_blocks(report: Report) -> list[Block]:
    """How each rule went."""
    rows = tuple(
        (
            Words(one.rule.title or one.rule.id),
            Words(str(one.checked)),
            Words(str(one.count("broken"))),
            Words(str(one.count("cannot-tell"))),
        )
        for one in report.settled.results
    )
    return [Heading("Rules"), Table(("rule", "checked", "broken", "cannot tell"), rows)] if rows else []


def unknown(report: Report, parts: Sequence[Application]) -> list[Block]:
    """What is not known of applications."""
    points = []
    for one in parts:
        thing = f"applications/{one.id}"
        lost = [report.naming.name(target) for target in ghosts_of(report, thing)]
        missing = [name for name in ("environment", "zones", "exposure") if not report.facts.of(thing, name).all_known]
        if lost or missing:
            words = [f"{', '.join(missing)} not recorded in full"] if missing else []
            words += [f"rests on {', '.join(lost)}"] if lost else []
            points.append((Words(f"{one.name}: {'; '.join(words)}"),))
    return [Heading("What is not known"), Points(tuple(points))] if points else []


def ghosts_of(report: Report, thing: str) -> list[str]:
    """What a thing needs and nobody recorded."""
    held = report.facts.held
    return sorted({one for need in held.needs if need.thing == thing for one in need.of if one in held.ghosts})


def ending(report: Report) -> list[Block]:
    """What the page rests on, the inventory's digest, and how to verify its picture."""
    whole = report.facts.whole
    dates = [app.updated_at for app in whole.applications] + [server.updated_at for server in whole.servers]
    dates = [one for one in dates if one]
    seen = f" Seen last {max(dates)}, first {min(dates)}." if dates else ""
    points = [(Words(line),) for line in (*report.naming.assumed(), *report.naming.share())]
    return [
        Heading("What this rests on"),
        Points(tuple(points)),
        Line((Words(f"Inventory {report.digest}.{seen} {report.verify}"),)),
    ]
