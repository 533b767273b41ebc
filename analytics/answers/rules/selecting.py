"""Selectors: fields and what is asked of each, with three answers. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property, lru_cache

from ...documents.values import moment
from .facts import CONTAINERS, KINDS, Facts, Value

#: What a test answers: it does, it does not, it cannot be told.
Answer = bool | None


@dataclass(frozen=True, slots=True)
class Test:
    """What is asked of a field: ``word`` is is, not, present, absent, min, max or within."""

    word: str
    values: tuple[str, ...] = ()
    number: float = 0.0


@dataclass(frozen=True, slots=True)
class Selector:
    """All of ``tests`` by field, and one of ``any_of`` where there are some. ``kind`` is whose things are meant."""

    tests: tuple[tuple[str, Test], ...] = ()
    any_of: tuple[Selector, ...] = ()
    kind: str = "application"


@lru_cache(maxsize=4_096)
def pattern(word: str) -> Callable[[str], object]:
    """A test of text; ``*`` stands for anything, case does not count."""
    return re.compile(".*".join(map(re.escape, word.casefold().split("*"))), re.DOTALL).fullmatch


@lru_cache(maxsize=65_536)
def matches_any(value: str, words: tuple[str, ...]) -> bool:
    """The same for words that do not change."""
    return matches(value, words)


def matches(value: str, words: Iterable[str]) -> bool:
    """Whether a value is one of the words."""
    folded = value.casefold()
    return any(pattern(word)(folded) if "*" in word else word.casefold() == folded for word in words)


def tested(value: Value, test: Test, today: date) -> Answer:
    """What a test answers of a value.

    >>> tested(Value(("a", "b"), False), Test("min", number=2), date.min), tested(Value(), Test("is", ("a",)), date.min)
    (True, None)
    """
    match test.word:
        case "present":
            return True if value.values else (False if value.all_known else None)
        case "absent":
            return False if value.values else (True if value.all_known else None)
        case "min" | "max":
            return bounded(value, test)
        case "within":
            if not value.values:
                return None
            when = moment(value.values[0])
            return None if when is None else when.date() >= today - timedelta(days=test.number)
    found = any(matches_any(one, test.values) for one in value.values)
    if test.word == "not":
        return False if found else True if value.all_known else None
    return True if found else (False if value.all_known else None)


def bounded(value: Value, test: Test) -> Answer:
    """A number, or how many there are, against a bound; a list that is not complete may be longer."""
    if value.number is not None:
        return value.number >= test.number if test.word == "min" else value.number <= test.number
    count = len(value.values)
    if test.word == "min":
        return True if count >= test.number else (False if value.all_known else None)
    return False if count > test.number else (True if value.all_known else None)


@dataclass(frozen=True)
class Chooser:
    """Selectors over one inventory, on one day."""

    facts: Facts
    today: date

    @cached_property
    def _answers(self) -> dict[Selector, dict[str, Answer]]:
        return {}

    def answers(self, selector: Selector) -> dict[str, Answer]:
        """What is known so far of one selector, by thing."""
        known = self._answers.get(selector)
        if known is None:
            known = self._answers[selector] = {}
        return known

    def answer(self, thing: str, selector: Selector) -> Answer:
        """Whether a thing is meant: no where one test says no, else not known where one is not."""
        return self.asked(thing, selector, self.answers(selector))

    def asked(self, thing: str, selector: Selector, known: dict[str, Answer]) -> Answer:
        """The same, with what is known of the selector."""
        if thing not in known:
            known[thing] = self._work_out(thing, selector)
        return known[thing]

    def _work_out(self, thing: str, selector: Selector) -> Answer:
        if not thing.startswith(f"{KINDS[selector.kind]}/"):
            return False
        if thing not in self.facts.whole.things:
            return None
        found: Answer = True
        for field, test in selector.tests:
            answer = self.passes(thing, field, test)
            if answer is False:
                return False
            found = found if answer else None
        if selector.any_of:
            answers = [self.answer(thing, one) for one in selector.any_of]
            if True not in answers:
                return None if None in answers and found is not False else False
        return found

    def passes(self, thing: str, field: str, test: Test) -> Answer:
        """Whether a thing of the inventory passes one test."""
        return self.inside(thing, test) if field == "in" else tested(self.facts.of(thing, field), test, self.today)

    def inside(self, thing: str, test: Test) -> Answer:
        """Whether a thing is in a system, place or group of that name."""
        answers = [tested(self.facts.of(thing, field), test, self.today) for field in CONTAINERS]
        # What is in one container is not asked whether another is recorded.
        return True in answers

    def chosen(self, selector: Selector) -> Sequence[str]:
        """The things that are meant for sure, by id."""
        known = self.answers(selector)
        return [key for key in self._of_kind[selector.kind] if self.asked(key, selector, known) is True]

    @cached_property
    def _of_kind(self) -> Mapping[str, Sequence[str]]:
        """The things of each kind, by id."""
        found: dict[str, list[str]] = {name: [] for name in KINDS.values()}
        for key in self.facts.whole.things:
            found[key.partition("/")[0]].append(key)
        return {kind: found[name] for kind, name in KINDS.items()}


def containers(facts: Facts) -> Mapping[str, set[str]]:
    """The names that a thing may be `in`, by the field."""
    found: dict[str, set[str]] = {field: set() for field in CONTAINERS}
    for thing in facts.whole.things:
        if thing.startswith(("applications/", "servers/")):
            for field in CONTAINERS:
                found[field].update(facts.of(thing, field).values)
    found["system"].update(facts.system_names.values())
    return found
