"""A difference in words and as a record. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property

from ..documents.values import text
from ..text import many, named
from .difference import ADDRESSES, Change, Difference, hosts
from .whole import Whole

SIGNS = {"added": "+", "removed": "−", "moved": "→", "exposed": "!", "closed": "!"}
#: The order in which a summary counts.
VERBS = ("added", "removed", "changed", "moved", "renamed", "grown", "shrunk", "exposed", "closed", "rewired")
SINGULAR = {
    "applications": "application",
    "systems": "system",
    "clients": "client",
    "servers": "server",
    "datacenters": "datacenter",
    "networks": "network",
    "volumes": "volume",
}
UNITS = {"memory": " GB", "size": " GB", "cpu": " processors", "replicas": " replicas"}
#: What is said of a reference that came, and of one that is gone.
REFERENCE = {
    "servers": ("now runs on", "no longer runs on"),
    "targets": ("now balances to", "no longer balances to"),
    "system": ("now belongs to", "no longer belongs to"),
    "entry": ("is now entered by", "is no longer entered by"),
    "clients": ("now serves", "no longer serves"),
    "server": ("is now attached to", "is no longer attached to"),
}
#: The longest value that is spelled out in a line.
LONGEST = 60


@dataclass(frozen=True)
class Telling:
    """How the changes between two inventories are told."""

    old: Whole
    new: Whole
    found: Difference

    def name(self, thing: str) -> str:
        """What a thing is called on its side."""
        for side in (self.new, self.old):
            if (document := side.documents.get(thing)) is not None:
                return text(document.get("hostname")) or text(document.get("name")) or thing.partition("/")[2]
        return thing.partition("/")[2]

    @cached_property
    def systems(self) -> Mapping[str, str]:
        """The first system of each application, by name."""
        names = {f"systems/{one.id}": one.name for side in (self.old, self.new) for one in side.systems}
        return {
            f"applications/{app.id}": names.get(f"systems/{app.systems[0].id}", app.systems[0].name)
            for side in (self.old, self.new)
            for app in side.applications
            if app.systems
        }

    def titled(self, thing: str) -> str:
        """A thing after its system or its kind."""
        if system := self.systems.get(thing):
            return f"{system} › {self.name(thing)}"
        kind = thing.partition("/")[0]
        return self.name(thing) if kind == "applications" else f"{SINGULAR.get(kind, kind)} {self.name(thing)}"

    def line(self, change: Change) -> str:
        """One change in words, with its sign."""
        how = "" if change.matched == "id" else f" (found again by its {change.matched})"
        doubt = "" if change.sure else "; look whether it is the same"
        sign = "!" if change.kind == "exposure" else SIGNS.get(change.verb, "~")
        return f"{sign} {self.titled(change.thing)}{self.words(change)}{how}{doubt}"

    def words(self, change: Change) -> str:
        """What happened to the thing."""
        before, after = short(change.before), short(change.after)
        match change.verb:
            case "added" | "removed":
                return f" {change.verb}"
            case "renamed":
                called = "called " if change.field == "name" else f"{change.field} "
                return f": was {called}{before or 'nothing'}, now {after or 'nothing'}"
            case "grown" | "shrunk":
                return f": {change.field} {change.verb} from {before} to {after}{UNITS.get(change.field, '')}"
            case "exposed":
                return f"{self.carrying(change.thing)} is now {after}; before: {before}"
            case "closed":
                return f"{self.carrying(change.thing)} is no longer open as before ({before}): {after}"
            case "moved" if change.field == "system":
                return f" moved from {self.name(change.before)} to {self.name(change.after)}"
            case "moved":
                return " moved from {} to {}".format(*differing(change.before, change.after))
            case "rewired" if change.field == "deps":
                return f" {self.call(change)}"
            case "rewired":
                come, gone = REFERENCE.get(
                    change.field, (f"{change.field} now names", f"{change.field} no longer names")
                )
                return f" {come if change.after else gone} {self.name(change.target)}"
        if not change.before:
            return f": {change.field} is now {after}"
        if not change.after:
            return f": {change.field} is no longer said (was {before})"
        return f": {change.field} was {before}, now {after}"

    def call(self, change: Change) -> str:
        """A call that is new, gone, or made in another way."""
        name = self.name(change.target)
        if not change.before:
            return f"now calls {name}{'' if change.after == 'called' else f' ({short(change.after)})'}"
        if not change.after:
            return f"no longer calls {name}"
        return f"calls {name} by {short(change.after)}, before by {short(change.before)}"

    def carrying(self, thing: str) -> str:
        """What runs on a server that opened or closed: people know it better than the machine."""
        names = [self.name(app) for app, server in self.hosting if server == thing]
        return f" (carries {named(names, 3)})" if names else ""

    @cached_property
    def hosting(self) -> Sequence[tuple[str, str]]:
        """Each application with each of its servers, as it is now."""
        return tuple(hosts(self.new))

    def summary(self) -> str:
        """The counts of a difference, in one line."""
        return summary(self.found.changes, self.found.same)

    def document(self) -> dict[str, object]:
        """The difference as JSON."""
        match = self.found.match
        return {
            "question": "diff",
            "summary": dict(Counter(one.verb for one in self.found.changes)),
            "same": self.found.same,
            "changes": [
                {**asdict(one), "name": self.name(one.thing), "words": self.line(one)} for one in self.found.changes
            ],
            "matched": [
                {"old": old, "new": new, "by": match.how.get(old, "id")}
                for old, new in sorted(match.pairs.items())
                if match.how.get(old, "id") != "id"
            ],
            "unmatched": dict(sorted(match.unsure.items())),
        }


def summary(changes: Iterable[Change], same: int) -> str:
    """Counts by verb, each thing and verb once.

    >>> summary([Change("added", "servers/1"), Change("grown", "servers/2", "cpu")], 3)
    '1 added, 1 grown; 3 the same'
    """
    count: Counter[str] = Counter(
        verb for verb, _ in {(one.verb, (one.thing, one.field, one.target)) for one in changes}
    )
    words = ", ".join(f"{count[verb]} {verb}" for verb in VERBS if count[verb])
    return f"{words or 'Nothing changed'}; {same} the same"


def differing(before: str, after: str) -> tuple[str, str]:
    """Two places, without the parts that are the same in both.

    >>> differing("Ireland / eu-west-1 / a", "Ireland / eu-west-1 / b")
    ('a', 'b')
    """
    mine, its = before.split(" / "), after.split(" / ")
    if len(mine) != len(its) or mine == its:
        return short(before), short(after)
    parts = [(one, other) for one, other in zip(mine, its, strict=True) if one != other]
    return short(" / ".join(one for one, _ in parts)), short(" / ".join(other for _, other in parts))


def short(value: str) -> str:
    """A value that fits into a line."""
    return value if len(value) <= LONGEST else f"{value[: LONGEST - 1]}…"


def apart(changes: Iterable[Change]) -> tuple[list[Change], list[Change]]:
    """Changes that tell of two environments, and those that are the rule: sizes, addresses, places, names."""
    told: list[Change] = []
    usual: list[Change] = []
    for one in changes:
        rule = one.kind in ("capacity", "place") or one.verb == "renamed" or one.field in ADDRESSES
        rule = (
            rule
            or one.field in ("_id", "environment", "tags", "role", "cidr_block")
            or one.field.startswith("datacenters.")
        )
        (usual if rule else told).append(one)
    return told, usual


def usual_in_words(changes: list[Change]) -> str:
    """One line for what differs between environments as a rule."""
    count = Counter(one.field.partition(".")[0] for one in changes)
    return f"As a rule between environments ({many(len(changes), 'difference')}, --all shows them): " + ", ".join(
        f"{number} {field}" for field, number in sorted(count.items())
    )
