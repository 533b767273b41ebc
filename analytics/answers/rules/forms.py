"""The eight forms of rules, each a function from a rule to what it looked at and what it found. Pure."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from ...documents.entities import Application
from ...text import many, named
from ..failure import failure
from ..single import components, single_failures
from .facts import KINDS, NOT_KNOWN, Facts, Value
from .records import Found, Result, Rule
from .selecting import Chooser, Selector, Test

Finding = Iterator[Found]


@dataclass(frozen=True)
class Estate:
    """What the forms work on: one inventory, chosen from on one day, with its calls."""

    chooser: Chooser

    @property
    def facts(self) -> Facts:
        """The fields of its things."""
        return self.chooser.facts

    def name(self, thing: str) -> str:
        """What a thing is called."""
        return self.facts.held.names.get(thing) or thing.partition("/")[2]

    @cached_property
    def calls(self) -> Mapping[str, Sequence[str]]:
        """What each application calls; a call of a system is one of its entries."""
        entries = {one.id: [f"applications/{ref.id}" for ref in one.entry] for one in self.facts.whole.systems}
        known = self.facts.whole.things
        found: dict[str, Sequence[str]] = {}
        for app in self.facts.whole.applications:
            ahead: dict[str, None] = {}
            for dep in app.deps:
                key = f"applications/{dep.id}"
                ahead.update(dict.fromkeys([key] if key in known else entries.get(dep.id, [key])))
            found[f"applications/{app.id}"] = tuple(ahead)
        return found

    @cached_property
    def carried(self) -> Mapping[str, Sequence[str]]:
        """The applications on each server."""
        found: dict[str, list[str]] = defaultdict(list)
        for app, servers in self.facts.hosts.items():
            for server in servers:
                found[f"servers/{server.id}"].append(f"applications/{app}")
        return found

    @cached_property
    def balanced(self) -> Mapping[str, Sequence[str]]:
        """The applications behind each balancer, over its targets."""
        found: dict[str, list[str]] = defaultdict(list)
        for need in self.facts.held.needs:
            if need.kind == "balances-to":
                for target in need.of:
                    found[need.thing] += (
                        [target] if target.startswith("applications/") else self.carried.get(target, ())
                    )
        return found

    @cached_property
    def sharing(self) -> Mapping[str, Sequence[str]]:
        """The applications that share a server: who gets into one is beside the others."""
        found: dict[str, dict[str, None]] = defaultdict(dict)
        for together in self.carried.values():
            for one in together:
                found[one].update(dict.fromkeys(other for other in together if other != one))
        return {key: tuple(others) for key, others in found.items()}

    def ahead(self, thing: str, over: Sequence[str]) -> Iterator[str]:
        """Where a path goes on."""
        if "dep" in over:
            yield from self.calls.get(thing, ())
        if "lb" in over:
            yield from self.balanced.get(thing, ())
        if "ingress" in over:
            yield from self.sharing.get(thing, ())

    @cached_property
    def single(self) -> Mapping[str, frozenset[str]]:
        """What each thing brings down by failing alone."""
        return single_failures(self.facts.held.needs)

    @cached_property
    def _alone(self) -> dict[str, Mapping[str, list[str]]]:
        return {}

    def alone(self, kind: str) -> Mapping[str, list[str]]:
        """The things of one kind that bring each application or system down by failing alone."""
        if kind not in self._alone:
            found: dict[str, list[str]] = defaultdict(list)
            for thing, brought in self.single.items():
                if thing.startswith(f"{kind}/"):
                    for one in brought:
                        found[one].append(thing)
            self._alone[kind] = found
        return self._alone[kind]

    @cached_property
    def open_to(self) -> Mapping[str, Mapping[str, list[str]]]:
        """By kind of place: the places of which it cannot be told whether they bring a thing down."""
        found: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
        for place in self.facts.held.atlas.names:
            kind = place.partition("/")[0]
            for thing, verdict in failure(self.facts.held, [place]).items():
                if verdict.state == "cannot-tell":
                    found[kind][thing].append(place)
        return found


def check(estate: Estate, rule: Rule) -> Result:
    """Look at everything that a rule is about."""
    checked, found = FORMS[rule.form](estate, rule)
    unique = {one.key: one for one in sorted(found, key=lambda one: (one.things, one.state != "broken"), reverse=True)}
    return Result(rule, checked, tuple(sorted(unique.values(), key=lambda one: (one.state != "broken", one.things))))


def must(estate: Estate, rule: Rule) -> tuple[int, list[Found]]:
    """Each thing passes the tests."""
    chosen = estate.chooser.chosen(rule.each)
    body = Selector(rule.body.tests, rule.body.any_of, rule.each.kind)
    known = estate.chooser.answers(body)
    found = []
    for thing in chosen:
        answer = estate.chooser.asked(thing, body, known)
        if answer is not True:
            words = why(estate, thing, rule.body, broken=answer is False)
            found.append(Found(rule.id, (thing,), "broken" if answer is False else "cannot-tell", words, rule.level))
    return len(chosen), found


def why(estate: Estate, thing: str, selector: Selector, *, broken: bool) -> str:
    """Which tests a thing does not pass, or of which it cannot be told."""
    words = [
        said(field, test, estate.facts.of(thing, field) if field != "in" else NOT_KNOWN, broken=broken)
        for field, test in selector.tests
        if estate.chooser.passes(thing, field, test) is (False if broken else None)
    ]
    return "; ".join(words) or ("is none of what is asked" if broken else "is not known to be what is asked")


def said(field: str, test: Test, value: Value, *, broken: bool) -> str:
    """Why one test does not hold, in words that follow a name."""
    if not broken:
        return (
            f"cannot be told: its {field} is not recorded{' in full' if value.values else ''}, and must {asked(test)}"
        )
    values = ", ".join(value.values[:3])
    match test.word:
        case "present":
            return f"has no {field}"
        case "absent":
            return f"has {field} {values}, and must have none"
        case "min" | "max" if value.number is None:
            bound = "at least" if test.word == "min" else "at most"
            return f"has {len(value.values)} {field} ({values or 'none'}), and must have {bound} {test.number:g}"
        case _ if field == "in":
            return f"is in another place than {' or '.join(test.values)}"
    return f"has {field} {values or 'none'}, and must {asked(test)}"


def open_fields(estate: Estate, thing: str, selector: Selector) -> str:
    """What is not recorded of a thing, so that it cannot be told whether a selector means it."""
    if thing not in estate.facts.whole.things:
        return "which is not in the inventory"
    fields = [field for field, test in selector.tests if estate.chooser.passes(thing, field, test) is None]
    return f"whose {' and '.join(dict.fromkeys(fields)) or 'kind'} is not recorded"


def kind_of(thing: str) -> str:
    """The kind of a thing."""
    collection = thing.partition("/")[0]
    return next(kind for kind, name in KINDS.items() if name == collection)


def asked(test: Test) -> str:
    """A test in words."""
    match test.word:
        case "present" | "absent":
            return f"be {test.word}"
        case "min":
            return f"be {test.number:g} or more"
        case "max":
            return f"be {test.number:g} or fewer"
        case "within":
            return f"be of the last {test.number:g} days"
    return f"{'not ' if test.word == 'not' else ''}be {' or '.join(test.values)}"


def never_calls(estate: Estate, rule: Rule) -> tuple[int, list[Found]]:
    """Nothing that is chosen calls anything of a kind."""
    chosen = estate.chooser.chosen(rule.each)
    found = []
    known = estate.chooser.answers(rule.body)
    for thing in chosen:
        for other in estate.calls.get(thing, ()):
            answer = estate.chooser.asked(other, rule.body, known)
            if answer is not False:
                state = "broken" if answer else "cannot-tell"
                doubt = "" if answer else f", {open_fields(estate, other, rule.body)}"
                text = f"calls {estate.name(other)}{doubt}"
                found.append(Found(rule.id, (thing, other), state, text, rule.level, (thing, other)))  # type: ignore[arg-type]
    return len(chosen), found


def never_reaches(estate: Estate, rule: Rule) -> tuple[int, list[Found]]:
    """Nothing that is chosen reaches anything of a kind, but through what is allowed."""
    chosen = estate.chooser.chosen(rule.each)
    found = []
    known = estate.chooser.answers(rule.body)
    allowed = estate.chooser.answers(rule.through) if rule.through else {}
    ahead: dict[str, tuple[str, ...]] = {}
    for start in chosen:
        before: dict[str, str] = {start: ""}
        waiting = deque([start])
        doubt = ""
        reached = False
        while waiting:
            thing = waiting.popleft()
            if thing not in ahead:
                ahead[thing] = tuple(estate.ahead(thing, rule.over))
            for other in ahead[thing]:
                if other in before:
                    continue
                before[other] = thing
                meant = known[other] if other in known else estate.chooser.asked(other, rule.body, known)
                through = estate.chooser.asked(other, rule.through, allowed) if rule.through else False
                if meant:
                    reached = True
                    path = path_to(before, other)
                    text = f"reaches {estate.name(other)}: {' → '.join(map(estate.name, path))}"
                    found.append(Found(rule.id, (start, other), "broken", text, rule.level, path))
                elif (meant is None or through is None) and not doubt:
                    doubt = other
                if through is not True:
                    waiting.append(other)
        if doubt and not reached:
            path = path_to(before, doubt)
            text = f"what lies behind {estate.name(doubt)} is not recorded: {' → '.join(map(estate.name, path))}"
            found.append(Found(rule.id, (start,), "cannot-tell", text, rule.level, path))
    return len(chosen), found


def path_to(before: Mapping[str, str], thing: str) -> tuple[str, ...]:
    """The way from the start to a thing."""
    path = [thing]
    while before.get(path[-1]):
        path.append(before[path[-1]])
    return tuple(reversed(path))


def survives(estate: Estate, rule: Rule) -> tuple[int, list[Found]]:
    """Each thing still runs when any one of a kind fails."""
    chosen = estate.chooser.chosen(rule.each)
    kind = rule.survives
    found = []
    for thing in chosen:
        if fatal := [one for one in estate.alone(kind).get(thing, ()) if one != thing]:
            text = f"falls when {named(map(estate.name, fatal))} fails alone"
            found.append(Found(rule.id, (thing,), "broken", text, rule.level, (min(fatal), thing)))
        elif doubtful := estate.open_to[kind].get(thing, ()):
            text = f"it is not recorded whether it falls with {named(map(estate.name, doubtful))}"
            found.append(Found(rule.id, (thing,), "cannot-tell", text, rule.level))
    return len(chosen), found


def layers(estate: Estate, rule: Rule) -> tuple[int, list[Found]]:
    """Calls go down through the layers, or stay within one."""
    place = {thing: number for number, one in enumerate(rule.layers) for thing in estate.chooser.chosen(one)}
    found = []
    for thing, number in place.items():
        for other in estate.calls.get(thing, ()):
            if place.get(other, number) < number:
                text = f"(layer {number + 1}) calls {estate.name(other)} (layer {place[other] + 1})"
                found.append(Found(rule.id, (thing, other), "broken", text, rule.level, (thing, other)))
    return len(place), found


def no_cycle(estate: Estate, rule: Rule) -> tuple[int, list[Found]]:
    """Groups of applications do not call each other in a circle."""
    groups = {thing: group_of(estate, thing, rule.group) for thing in estate.calls}
    names = {group for held in groups.values() for group in held}
    ahead: dict[str, dict[str, None]] = {name: {} for name in sorted(names)}
    for thing, others in estate.calls.items():
        for other in others:
            for mine in groups[thing]:
                ahead[mine].update(dict.fromkeys(its for its in groups.get(other, ()) if its != mine))
    found = []
    for part in components({name: list(others) for name, others in ahead.items()}):
        if len(part) > 1:
            circle = circle_of(part, ahead)
            text = f"is in a circle of {len(part)}: {' → '.join(map(estate.name, circle))}"
            found.append(Found(rule.id, tuple(sorted(part)), "broken", text, rule.level, circle))
    return len(ahead), found


def group_of(estate: Estate, thing: str, group: str) -> Sequence[str]:
    """The groups an application is of, as things or as names."""
    if group == "application":
        return (thing,)
    if group == "system":
        one = estate.facts.whole.things[thing]
        return tuple(f"systems/{ref.id}" for ref in one.systems) if isinstance(one, Application) else ()
    return tuple(f"{group}/{value}" for value in estate.facts.of(thing, group).values)


def circle_of(part: Sequence[str], ahead: Mapping[str, Mapping[str, None]]) -> tuple[str, ...]:
    """A shortest circle through the first of a strongly connected part."""
    start, inside = min(part), set(part)
    before = {start: ""}
    waiting = deque([start])
    while waiting:
        one = waiting.popleft()
        for other in sorted(inside & ahead[one].keys()):
            if other == start:
                return (*path_to(before, one), start)
            if other not in before:
                before[other] = one
                waiting.append(other)
    return tuple(part)


def count(estate: Estate, rule: Rule) -> tuple[int, list[Found]]:
    """Each group has no more, and no fewer, of a kind than is allowed."""
    members = grouped(estate, rule)
    found = []
    for group, things in members.items():
        answers = [
            estate.chooser.answer(thing, Selector(rule.body.tests, rule.body.any_of, kind_of(thing)))
            for thing in things
        ]
        sure, open_ones = answers.count(True), answers.count(None)
        bound = f"at most {rule.most}" if rule.most >= 0 else f"at least {rule.least}"
        state = bounded(sure, open_ones, rule)
        if state:
            text = f"has {sure}{f', and {open_ones} that cannot be told' if open_ones else ''}; {bound} are allowed"
            if state == "broken" and rule.least >= 0 and sure < rule.least:
                text = f"has {sure}; at least {rule.least} are needed"
            found.append(Found(rule.id, (group,), state, text, rule.level))  # type: ignore[arg-type]
    return len(members), found


def bounded(sure: int, open_ones: int, rule: Rule) -> str:
    """How a number stands to its bounds: nothing where it holds."""
    if (rule.most >= 0 and sure > rule.most) or (rule.least >= 0 and sure + open_ones < rule.least):
        return "broken"
    if (rule.most >= 0 and sure + open_ones > rule.most) or (rule.least >= 0 and sure < rule.least):
        return "cannot-tell"
    return ""


def grouped(estate: Estate, rule: Rule) -> Mapping[str, list[str]]:
    """The members of each group that a rule is about: a system's applications, or what is in a container."""
    kind = rule.body.kind
    if rule.group == "system":
        chosen = estate.chooser.chosen(Selector(rule.each.tests, rule.each.any_of, "system"))
        return {key: estate.facts.members.get(key.partition("/")[2], []) for key in chosen}
    found: dict[str, list[str]] = defaultdict(list)
    for thing in estate.chooser.chosen(Selector((), (), kind)):
        for value in estate.facts.of(thing, rule.group).values:
            found[f"{rule.group}/{value}"].append(thing)
    return found


def same(estate: Estate, rule: Rule) -> tuple[int, list[Found]]:
    """All members of a group have one value."""
    members = grouped(estate, rule)
    found = []
    for group, things in members.items():
        values: dict[str, str] = {}
        open_ones = []
        for thing in things:
            value = estate.facts.of(thing, rule.field)
            for one in value.values:
                values.setdefault(one, thing)
            if not value.all_known:
                open_ones.append(thing)
        if len(values) > 1:
            said = "; ".join(f"{one}: {estate.name(thing)}" for one, thing in sorted(values.items())[:4])
            found.append(
                Found(
                    rule.id, (group,), "broken", f"has {many(len(values), 'value')} of {rule.field}: {said}", rule.level
                )
            )
        elif open_ones and len(things) > 1:
            text = f"{rule.field} is not recorded of {named(map(estate.name, open_ones))}"
            found.append(Found(rule.id, (group,), "cannot-tell", text, rule.level))
    return len(members), found


FORMS: Mapping[str, Callable[[Estate, Rule], tuple[int, list[Found]]]] = {
    "must": must,
    "never calls": never_calls,
    "never reaches": never_reaches,
    "survives": survives,
    "layers": layers,
    "no cycle between": no_cycle,
    "count": count,
    "same": same,
}
