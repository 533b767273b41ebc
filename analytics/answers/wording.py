"""Answers in words: names with their system, chains that prove, who feels it, how much is recorded. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from ..documents.entities import Client, Server
from ..text import many, named
from .failure import Verdict
from .needs import Need, Needs
from .places import KINDS as PLACES
from .whole import Whole

#: How a need is said of a thing.
SAID = {
    "runs-on": "runs on",
    "calls": "calls",
    "balances-to": "balances to",
    "stands-in": "stands in",
    "entered-by": "is entered by",
    "made-of": "is made of",
}
#: What members of a need are called.
CALLED = {"runs-on": "server", "balances-to": "target", "stands-in": "place", "made-of": "application"}
STATES = {"down": "DOWN", "degraded": "DEGRADED", "cannot-tell": "NOT KNOWN"}


@dataclass(frozen=True)
class Words:
    """How the things of one inventory are called."""

    whole: Whole
    held: Needs

    def name(self, thing: str) -> str:
        """A thing's name; what nobody holds says so."""
        name = self.held.names.get(thing) or thing.partition("/")[2]
        return f"{name} (not recorded)" if thing in self.held.ghosts else name

    @cached_property
    def systems_of(self) -> Mapping[str, str]:
        """The name of the first system of each application that has one."""
        names = {one.id: one.name for one in self.whole.systems}
        return {
            f"applications/{app.id}": names.get(app.systems[0].id) or app.systems[0].name
            for app in self.whole.applications
            if app.systems
        }

    def titled(self, thing: str) -> str:
        """A thing's name after its system's.

        ``Shop › Orders``
        """
        system = self.systems_of.get(thing, "")
        return f"{system} › {self.name(thing)}" if system else self.name(thing)

    def chain(self, verdict: Verdict, verdicts: Mapping[str, Verdict], failed: Collection[str]) -> str:
        """Why, as one chain down to what failed; of several lost members the first is followed."""
        words: list[str] = []
        seen: set[str] = set()
        at: Verdict | None = verdict
        while at is not None and at.because is not None and at.thing not in seen:
            seen.add(at.thing)
            words.append(self.step(at))
            at = verdicts.get(at.lost[0]) if at.lost else None
        if at is not None and at.because is None and at.state == "cannot-tell":
            words.append(
                f"whose {self.open_place(failed)} is not recorded"
                if words
                else f"its {self.open_place(failed)} is not recorded"
            )
            return ", ".join([", which ".join(words[:-1]), words[-1]] if words[:-1] else words)
        return ", which ".join(words) if words else "failed itself"

    def open_place(self, failed: Collection[str]) -> str:
        """What kind of place it is that is not recorded."""
        kinds = sorted({one.partition("/")[0].removesuffix("s") for one in failed if one.partition("/")[0] in PLACES})
        return " or ".join(kinds) or "place"

    def step(self, verdict: Verdict) -> str:
        """One need that decides, with what is lost of how many."""
        need = verdict.because
        if need is None:
            return ""
        said = SAID.get(need.kind, need.kind)
        first = self.name(verdict.lost[0]) if verdict.lost else "something that is not recorded"
        if need.soft:
            return f"{said} {first}, which it can do without"
        if len(need.of) == 1:
            return f"{said} {first}"
        lost = {"down": "lost", "degraded": "affected", "cannot-tell": "may be lost"}[verdict.state]
        k = f", {need.k} needed" if need.k > 1 else ""
        return f"{said} {first} ({len(verdict.lost)} of {many(len(need.of), CALLED.get(need.kind, 'thing'))} {lost}{k})"

    def capacity(self, thing: str, verdicts: Mapping[str, Verdict]) -> str:
        """What is left of an application's servers, where some are lost; nothing where none are."""
        left, total = self.servers_left(thing, verdicts)
        if not total or len(left) == len(total):
            return ""
        said = f"{len(left)} of {many(len(total), 'server')} left"
        for attribute, unit in (("cpu", "vCPU"), ("memory", "GB")):
            all_of = sum(getattr(one, attribute) for one in total)
            if all_of and all(getattr(one, attribute) for one in total):
                said += f", {sum(getattr(one, attribute) for one in left):g} of {all_of:g} {unit}"
        return said

    def servers_left(self, thing: str, verdicts: Mapping[str, Verdict]) -> tuple[list[Server], list[Server]]:
        """An application's servers that are not down, and all of them."""
        servers = [self.servers[one] for one in self.hosts.get(thing, ()) if one in self.servers]
        down = {one.thing for one in verdicts.values() if one.state == "down"} if servers else set()
        return [one for one in servers if f"servers/{one.id}" not in down], servers

    @cached_property
    def servers(self) -> Mapping[str, Server]:
        """The servers by ``servers/id``."""
        return {f"servers/{one.id}": one for one in self.whole.servers}

    @cached_property
    def hosts(self) -> Mapping[str, tuple[str, ...]]:
        """The servers of each application."""
        return {need.thing: need.of for need in self.held.needs if need.kind == "runs-on"}

    def clients_of(self, systems: Collection[str]) -> list[Client]:
        """The clients of systems (``systems/id``), each once."""
        served = {ref.id for one in self.whole.systems if f"systems/{one.id}" in systems for ref in one.clients}
        return [one for one in self.whole.clients if one.id in served]

    def call(self, clients: Sequence[Client]) -> list[str]:
        """Whom to tell, a line each."""
        found = []
        for client in clients:
            ways = ", ".join(f"{one.key} {one.value}".strip() for one in client.contacts)
            found.append(f"  call {client.name}: {ways or 'no contact is recorded'}")
        return found

    def share(self) -> list[str]:
        """What the answer rests on: how much is recorded."""
        held = self.held
        placed = sum(1 for one in self.whole.servers if held.standings[f"servers/{one.id}"].places.get("zones"))
        hosted = sum(
            1
            for one in self.whole.applications
            if f"applications/{one.id}" in self.hosts or held.standings[f"applications/{one.id}"].places
        )
        said = [
            f"Recorded: {held.joined} of {many(held.applications, 'application')} call or are called, "
            f"{hosted} have a server or a place; {placed} of {many(len(self.whole.servers), 'server')} have a zone."
        ]
        if ghosts := [one for one in held.ghosts if one.partition("/")[0] in ("applications", "servers", "systems")]:
            names = (held.names.get(one) or one.partition("/")[2] for one in ghosts)
            said.append(f"Referred to and not recorded, so not known: {named(names)}.")
        return said

    def assumed(self) -> list[str]:
        """What nobody stated, a line each."""
        return [f"Assumed: {one}" for one in self.held.assumptions]

    def needed(self, need: Need) -> str:
        """A need in words: ``runs on 1 of 3 servers``."""
        said = SAID.get(need.kind, need.kind)
        if len(need.of) == 1:
            return f"{said} {self.name(need.of[0])}"
        return f"{said} {need.k} of {many(len(need.of), CALLED.get(need.kind, 'thing'))}"
