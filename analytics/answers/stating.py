"""Needs that people stated, resolved to things and numbers. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches

from ..documents.entities import Application
from ..documents.stated import COUNTED, Stated, read_needs
from ..errors import AnalyticsError

#: What a tag is called that states needs.
TAG = "needs"
#: What may be written for a number.
WORDS = ("majority", "any", "all")


@dataclass(frozen=True)
class Statement:
    """What is stated of one application: amounts by what they are of, and calls.

    ``alternatives`` are (k, ids) of applications that stand in for one another,
    ``optional`` the ids of calls that it can do without.
    """

    amounts: Mapping[str, str] = field(default_factory=dict)
    alternatives: tuple[tuple[int, tuple[str, ...]], ...] = ()
    optional: frozenset[str] = frozenset()


def amount_of(written: str, of: int) -> int:
    """How many of ``of`` are needed. Raises :class:`ValueError` for what is no amount.

    >>> amount_of("majority", 3), amount_of("majority", 4), amount_of("all", 3), amount_of("2", 3)
    (2, 3, 3, 2)
    """
    word = written.strip()
    if word == "majority":
        return of // 2 + 1
    if word == "all":
        return of
    if word == "any":
        return 1
    if word.isascii() and word.isdigit() and int(word) > 0:
        return int(word)
    near = get_close_matches(word, WORDS, 1)
    hint = f"; did you mean {near[0]}?" if near else ""
    raise ValueError(f"{written!r} is no amount: write a number from 1, majority, any or all{hint}")


def stated_of(applications: Sequence[Application], beside: Mapping[str, object]) -> Mapping[str, Statement]:
    """What is stated of each application, by id; what stands in the file beside counts last.

    Raises :class:`AnalyticsError` naming the application and what to mend.
    """
    ids = {app.id for app in applications}
    by_name: dict[str, list[str]] = defaultdict(list)
    for app in applications:
        by_name[app.name].append(app.id)
    names = list(by_name)

    def meant(said: str, where: str) -> str:
        found = [said] if said in ids else by_name.get(said, [])
        if len(found) == 1:
            return found[0]
        if found:
            raise AnalyticsError(f"{where}: several have the name {said!r}; write one of the ids {', '.join(found)}")
        near = get_close_matches(said, names, 1)
        raise AnalyticsError(
            f"{where}: no application is called {said!r}" + (f"; did you mean {near[0]!r}?" if near else "")
        )

    added = {meant(said, "the file of needs"): read_needs(value) for said, value in beside.items()}
    found = {}
    for app in applications:
        tagged = tuple(one for tag in app.tags if tag.key == TAG for one in read_needs(tag.value))
        where = f"needs of application {app.name!r}"
        called = {dep.id: dep.id for dep in app.deps} | {dep.name: dep.id for dep in app.deps if dep.name}
        amounts: dict[str, str] = {}
        alternatives = []
        optional: set[str] = set()
        for one in (*tagged, *app.needs, *added.get(app.id, ())):
            refs = tuple(called.get(said) or meant(said, where) for said in one.of)
            problem = wrong(one, refs)
            if problem:
                raise AnalyticsError(f"{where}: {problem}")
            if one.what in COUNTED:
                amounts[one.what] = one.amount
            elif one.what == "optional":
                optional.update(refs)
            else:
                alternatives.append((amount_of(one.amount, len(refs)), refs))
        found[app.id] = Statement(amounts, tuple(alternatives), frozenset(optional))
    return found


def wrong(one: Stated, refs: Sequence[str]) -> str:
    """What is wrong with one thing that is stated, if anything."""
    if one.what == "unknown":
        known = (*COUNTED, "optional", "any of", "majority of", "2 of")
        near = get_close_matches(one.amount, known, 1)
        hint = f"; did you mean {near[0]!r}?" if near else ""
        return f"{one.amount!r} is not known: there are {', '.join(known)}{hint}"
    if one.what == "optional":
        return ""
    if one.what == "of" and not refs:
        return f"'{one.amount} of' names nothing"
    try:
        k = amount_of(one.amount, max(len(refs), 1))
    except ValueError as exc:
        return f"{one.what}: {exc}"
    if one.what == "of" and k > len(refs):
        return f"{k} of {len(refs)} cannot be left"
    return ""
