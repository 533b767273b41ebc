"""A file of rules as records; everything misspelt is an error with its line and the nearest word."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from difflib import get_close_matches
from typing import Any, NoReturn

from ...catalog.families import FAMILIES, family_name
from ...documents.values import items, text
from ...errors import UsageError
from ...inventory.yamltext import Parsed, Path, parse_placed_yaml
from .facts import CONTAINERS, FIELDS, KINDS, Facts
from .records import LEVELS, WAYS, Form, Rule
from .selecting import Selector, Test, containers, matches

FORMS: tuple[Form, ...] = (
    "must",
    "never calls",
    "never reaches",
    "survives",
    "layers",
    "no cycle between",
    "count",
    "same",
)
#: What may stand in a rule beside its form, by form.
BESIDE: Mapping[str, tuple[str, ...]] = {
    "must": ("each",),
    "never calls": ("from",),
    "never reaches": ("from", "unless through", "over"),
    "survives": ("each",),
    "layers": (),
    "no cycle between": (),
    "count": ("each", "at most", "at least"),
    "same": ("each",),
}
ALWAYS = ("id", "level", "title")
TESTS = ("not", "min", "max", "within")
SURVIVED = {
    "server": "servers",
    "application": "applications",
    "zone": "zones",
    "region": "regions",
    "datacenter": "datacenters",
    "provider": "providers",
    "network": "networks",
}
GROUPS = {"systems": "system", "applications": "application"} | {f"{name}s": name for name in CONTAINERS}


@dataclass(frozen=True, slots=True)
class Excepted:
    """An exception: of a rule, for a thing (a name, an id, or with ``*`` at most ``most`` of them), until a day."""

    rule: str
    thing: str
    reason: str
    until: date
    most: int = 1
    line: int = 0


@dataclass(frozen=True)
class RuleFile:
    """What stands in a file of rules."""

    rules: tuple[Rule, ...] = ()
    exceptions: tuple[Excepted, ...] = ()
    packs: tuple[str, ...] = ()


@dataclass
class Reader:
    """Reads one file against one inventory, whose families and containers may be named."""

    file: str
    parsed: Parsed
    facts: Facts
    names: Mapping[str, set[str]] = field(default_factory=dict)

    def wrong(self, path: Path, problem: str) -> NoReturn:
        """Raise :class:`UsageError` with the place."""
        place = self.parsed.places
        while path and path not in place:
            path = path[:-1]
        line, column = place.get(path, (1, 1))
        raise UsageError(f"{self.file}:{line}:{column}: {problem}")

    def line(self, path: Path) -> int:
        """The line something stands in."""
        return self.parsed.places.get(path, (0, 0))[0]

    def word(self, path: Path, said: str, known: Iterable[str], what: str) -> None:
        """Check that a word is known; otherwise say the nearest one."""
        words = list(known)
        if said not in words:
            self.wrong(path, f"{what} {said!r} is not known{nearest(said, words)}")

    def file_of(self) -> RuleFile:
        """The whole file."""
        value = self.parsed.value
        if isinstance(value, list):
            value = {"rules": value}
        if value is None:
            return RuleFile()
        if not isinstance(value, Mapping):
            self.wrong((), "expected `rules:` with a list")
        for key in value:
            self.word((key,), str(key), ("rules", "exceptions", "packs"), "the key")
        rules = []
        for number, one in enumerate(self.listed(("rules",), value.get("rules"))):
            rules.append(self.rule(("rules", number), one))
        ids = [one.id for one in rules]
        for number, key in enumerate(ids):
            if key in ids[:number]:
                self.wrong(("rules", number), f"two rules have the id {key!r}")
        exceptions = [
            self.exception(("exceptions", number), one)
            for number, one in enumerate(self.listed(("exceptions",), value.get("exceptions")))
        ]
        return RuleFile(tuple(rules), tuple(exceptions), tuple(text(one) for one in items(value.get("packs"))))

    def listed(self, path: Path, value: object) -> Sequence[Any]:
        """A list, or nothing."""
        if value is None:
            return ()
        if not isinstance(value, list):
            self.wrong(path, "expected a list")
        return value

    def rule(self, path: Path, said: Any) -> Rule:
        """One rule."""
        if not isinstance(said, Mapping):
            self.wrong(path, "a rule is an object with an id and a form")
        key = text(said.get("id"))
        if not key:
            self.wrong(path, "a rule needs an id")
        forms = [form for form in FORMS if form in said]
        if not forms:
            others = [str(one) for one in said if one not in (*ALWAYS, "each", "from", "over", "unless through")]
            hint = nearest(others[0], FORMS) if others else f"; there are {', '.join(FORMS)}"
            self.wrong(
                (*path, others[0]) if others else path,
                f"rule {key!r} has no form{f' ({others[0]!r})' if others else ''}{hint}",
            )
        if len(forms) > 1:
            self.wrong(path, f"rule {key!r} has several forms: {', '.join(forms)}")
        form = forms[0]
        for one in said:
            self.word((*path, one), str(one), (*ALWAYS, form, *BESIDE[form]), f"rule {key!r}: the key")
        level = text(said.get("level")) or "error"
        self.word((*path, "level"), level, LEVELS, f"rule {key!r}: the level")
        for needed in BESIDE[form][:1]:
            if said.get(needed) is None:
                self.wrong(path, f"rule {key!r} needs `{needed}:`")
        common: dict[str, Any] = {
            "id": key,
            "form": form,
            "level": level,
            "title": text(said.get("title")),
            "file": self.file,
            "line": self.line(path),
        }
        return Rule(**common, **self.parts(path, said, form))

    def parts(self, path: Path, said: Mapping[str, Any], form: Form) -> dict[str, Any]:
        """What a form needs."""
        body = said[form]
        at = (*path, form)
        match form:
            case "must":
                each = self.selector((*path, "each"), said["each"])
                return {"each": each, "body": self.selector(at, body, each.kind)}
            case "never calls":
                return {"each": self.selector((*path, "from"), said["from"]), "body": self.selector(at, body)}
            case "never reaches":
                over = [text(one) for one in items(said.get("over"))] or ["dep", "lb"]
                for one in over:
                    self.word((*path, "over"), one, WAYS, "the way")
                through = said.get("unless through")
                return {
                    "each": self.selector((*path, "from"), said["from"]),
                    "body": self.selector(at, body),
                    "through": None if through is None else self.selector((*path, "unless through"), through),
                    "over": tuple(over),
                }
            case "survives":
                word = text(body).removeprefix("any one ").strip()
                self.word(at, word, SURVIVED, "what is survived,")
                return {"each": self.selector((*path, "each"), said["each"]), "survives": SURVIVED[word]}
            case "layers":
                found = [self.selector((*at, number), one) for number, one in enumerate(self.listed(at, body))]
                if len(found) < 2:
                    self.wrong(at, "layers are two or more selectors, the uppermost first")
                return {"layers": tuple(found)}
            case "no cycle between":
                self.word(at, text(body), GROUPS, "the group")
                return {"group": GROUPS[text(body)]}
            case "count":
                least, most = self.bound(path, said, "at least"), self.bound(path, said, "at most")
                if least < 0 and most < 0:
                    self.wrong(path, "count needs `at most:` or `at least:`")
                group, each = self.group((*path, "each"), said["each"])
                return {"group": group, "each": each, "body": self.selector(at, body), "least": least, "most": most}
            case _:
                self.word(at, text(body), (name for name in FIELDS if name not in ("id", "name")), "the field")
                group, each = self.group((*path, "each"), said["each"])
                return {"group": group, "each": each, "field": text(body)}

    def bound(self, path: Path, said: Mapping[str, Any], key: str) -> int:
        """A bound, -1 where there is none."""
        value = said.get(key)
        if value is None:
            return -1
        if isinstance(value, bool) or not isinstance(value, int) or value < 0:
            self.wrong((*path, key), f"{key} is a whole number from 0")
        return value

    def group(self, path: Path, said: Any) -> tuple[str, Selector]:
        """What things are grouped by: a container, or chosen systems."""
        if isinstance(said, str):
            self.word(path, said, CONTAINERS, "the group")
            return said, Selector(kind="system" if said == "system" else "application")
        selector = self.selector(path, said)
        if selector.kind != "system":
            self.wrong(path, "what is counted is grouped by a container (`each: system`) or by chosen systems")
        return "system", selector

    def selector(self, path: Path, said: Any, kind: str = "application") -> Selector:
        """A map from fields to tests; a word alone is a kind of thing."""
        if isinstance(said, str):
            self.word(path, said, KINDS, "the kind")
            return Selector(kind=said)
        if not isinstance(said, Mapping):
            self.wrong(path, "a selector is a map from fields to what they must be")
        if "kind" in said:
            kind = text(said["kind"])
            self.word((*path, "kind"), kind, KINDS, "the kind")
        tests: list[tuple[str, Test]] = []
        any_of: tuple[Selector, ...] = ()
        for name, asked in said.items():
            at = (*path, name)
            if name == "kind":
                continue
            if name == "any":
                any_of = tuple(
                    self.selector((*at, number), one, kind) for number, one in enumerate(self.listed(at, asked))
                )
                continue
            if not (isinstance(name, str) and name.startswith("tag.") and len(name) > 4):
                self.word(at, str(name), (*FIELDS, "in", "any"), "the field")
            tests += [(str(name), test) for test in self.tests(at, name, asked)]
        return Selector(tuple(tests), any_of, kind)

    def tests(self, path: Path, name: str, asked: Any) -> list[Test]:
        """What is asked of one field."""
        if isinstance(asked, Mapping):
            found = []
            for word, value in asked.items():
                self.word((*path, word), str(word), TESTS, "the test")
                if word == "not":
                    found.append(self.named((*path, word), name, value, "not"))
                    continue
                if isinstance(value, bool) or not isinstance(value, (int, float)):
                    self.wrong((*path, word), f"{word} is a number")
                found.append(Test(str(word), number=float(value)))
            return found
        if asked in ("present", "absent"):
            return [Test(asked)]
        return [self.named(path, name, asked, "is")]

    def named(self, path: Path, name: str, asked: Any, word: str) -> Test:
        """The values that a field may have; families and containers have to be known."""
        if word == "not" and asked in ("present", "absent"):
            return Test("absent" if asked == "present" else "present")
        values = tuple(said for one in items(asked) if (said := text(one)))
        if not values:
            self.wrong(path, f"what must {name} be?")
        for value in values:
            if "*" in value:
                continue
            if name == "family":
                known = {*FAMILIES, *self.names.get("family", ())}
                if family_name(value) not in known and not any(matches(one, [value]) for one in known):
                    self.wrong(path, f"the family {value!r} is not known{nearest(value, known)}")
            elif name == "exposure":
                self.word(path, value, ("exposed", "limited", "private", "no way in", "ping only"), "the exposure")
            elif name == "in" and not any(matches(one, [value]) for held in self.names.values() for one in held):
                known = {one for field_name in CONTAINERS for one in self.names.get(field_name, ())}
                self.wrong(path, f"nothing is in {value!r}{nearest(value, known)}")
        return Test(word, values)

    def exception(self, path: Path, said: Any) -> Excepted:
        """One exception; reason and end are needed."""
        if not isinstance(said, Mapping):
            self.wrong(path, "an exception is an object with rule, thing, reason and until")
        for key in said:
            self.word((*path, key), str(key), ("rule", "thing", "reason", "until", "at most"), "the key")
        rule, thing, reason, until = (text(said.get(key)) for key in ("rule", "thing", "reason", "until"))
        for key, value in (("rule", rule), ("thing", thing), ("reason", reason), ("until", until)):
            if not value:
                self.wrong(path, f"an exception needs `{key}:`")
        try:
            end = date.fromisoformat(until)
        except ValueError:
            self.wrong((*path, "until"), f"{until!r} is no day: write 2027-01-31")
        most = self.bound(path, said, "at most")
        if "*" in thing and most < 0:
            self.wrong((*path, "thing"), "an exception with * needs `at most:`, so that it cannot grow")
        return Excepted(rule, thing, reason, end, max(most, 1), self.line(path))


def nearest(said: str, known: Iterable[str]) -> str:
    """A hint at the nearest word."""
    folded = {one.casefold(): one for one in known}
    found = get_close_matches(said.casefold(), folded, 1, 0.5)
    return f"; did you mean {folded[found[0]]!r}?" if found else ""


def read_rules(raw: bytes, file: str, facts: Facts) -> RuleFile:
    """A file of rules. Raises :class:`UsageError` with file, line and what to mend."""
    try:
        parsed = parse_placed_yaml(raw)
    except ValueError as exc:
        raise UsageError(f"{file}: {exc}") from None
    names = {**containers(facts), "family": {app.family for app in facts.whole.applications}}
    names["family"] |= {item.kind for item in facts.whole.networks}
    return Reader(file, parsed, facts, names).file_of()
