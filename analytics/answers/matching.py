"""Which thing of one inventory is which of another: by id or what is unique; between environments by name.

Only pairs that are the only ones are made; of twins none is chosen. Pure.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from ..catalog.families import family_name
from ..documents.values import Document, child, text
from .canon import keys_of, references_of

#: Words that say which environment a thing is of, wherever they stand in a name.
ENVIRONMENTS = frozenset(
    {
        *("prd", "prod", "production", "live", "stg", "stage", "staging", "dev", "devel", "develop", "developing"),
        *("development", "test", "testing", "tst", "qa", "uat", "uta", "hml", "homolog", "preprod", "nonprod"),
        *("sandbox", "sbx", "integration", "int", "canary", "demo", "env"),
    }
)
_WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+").findall
#: Shared neighbours from which on a vote counts.
ENOUGH = 2

Documents = Mapping[str, Document]


@dataclass(frozen=True)
class Match:
    """Pairs of old and new things, and how each was found; ``unsure`` names what has no partner, or several."""

    pairs: Mapping[str, str]
    how: Mapping[str, str] = field(default_factory=dict)
    unsure: Mapping[str, str] = field(default_factory=dict)

    @property
    def back(self) -> Mapping[str, str]:
        """The old thing of each new one that has a partner."""
        return {new: old for old, new in self.pairs.items()}


def matched(old: Documents, new: Documents) -> Match:
    """Pairs by id; of the rest, by what is unique to a thing on both sides."""
    pairs = {key: key for key in old if key in new}
    how = dict.fromkeys(pairs, "id")
    for name, mark in MARKS:
        add_unique(pairs, how, old, new, name, mark)
    return Match(pairs, how)


def mark_of(field_name: str) -> Callable[[str, Document], str]:
    """What a field says, with its collection."""

    def mark(key: str, document: Document) -> str:
        said = text(document.get(field_name))
        return f"{key.partition('/')[0]} {said}" if said else ""

    return mark


def endpoint(key: str, document: Document) -> str:
    """An application's own address."""
    said = text(child(document, "role").get("endpoint"))
    return f"{key.partition('/')[0]} {said}" if said else ""


#: What is unique to a thing, whatever its id.
MARKS: tuple[tuple[str, Callable[[str, Document], str]], ...] = (
    ("unique_id", mark_of("unique_id")),
    ("endpoint", endpoint),
    ("hostname", mark_of("hostname")),
)


def add_unique(
    pairs: dict[str, str],
    how: dict[str, str],
    old: Documents,
    new: Documents,
    name: str,
    mark: Callable[[str, Document], str],
) -> None:
    """Pair what is left on both sides and has a mark that no other thing of its side has."""
    mine = alone(old, mark)
    theirs = alone(new, mark)
    taken = set(pairs.values())
    for said, key in mine.items():
        other = theirs.get(said, "")
        if other and key not in pairs and other not in taken:
            pairs[key], how[key] = other, name
            taken.add(other)


def alone(documents: Documents, mark: Callable[[str, Document], str]) -> dict[str, str]:
    """The things whose mark no other has, by the mark."""
    found: dict[str, list[str]] = defaultdict(list)
    for key, document in documents.items():
        if said := mark(key, document):
            found[said].append(key)
    return {said: keys[0] for said, keys in found.items() if len(keys) == 1}


def plain_name(name: str) -> str:
    """A name without the words that say its environment.

    >>> plain_name("MySQL - HotSites - Prd"), plain_name("[Staging] Orders"), plain_name("ordersApi-dev")
    ('my sql hot sites', 'orders', 'orders api')
    """
    words = [word.casefold() for word in _WORDS(name)]
    return " ".join([word for word in words if word not in ENVIRONMENTS] or words)


def between(old: Documents, new: Documents, decided: Mapping[str, str] | None = None) -> Match:
    """Pairs between two environments: what a person decided, then names without environment words, then neighbours."""
    pairs: dict[str, str] = dict(decided or {})
    how = dict.fromkeys(pairs, "pairs file")
    add_unique(pairs, how, old, new, "name", exact_name)
    left = {key for key in old if key not in pairs}
    used = set(pairs.values())
    groups: tuple[dict[str, list[str]], dict[str, list[str]]] = (defaultdict(list), defaultdict(list))
    for key in sorted(left):
        groups[0][like(key, old[key])].append(key)
    for key in sorted(set(new) - used):
        groups[1][like(key, new[key])].append(key)
    for said, keys in groups[0].items():
        others = groups[1].get(said, [])
        if len(keys) == 1 and len(others) == 1:
            pairs[keys[0]], how[keys[0]] = others[0], "name"
    around = neighbours(old), neighbours(new)
    for _ in range(2):
        for key, other in voted(pairs, old, new, around):
            pairs[key], how[key] = other, "neighbours"
    unsure = {}
    used = set(pairs.values())
    for key in old:
        if key not in pairs:
            others = [one for one in groups[1].get(like(key, old[key]), ()) if one not in used]
            unsure[key] = f"{len(others)} candidates" if len(others) > 1 else "no partner"
    return Match(pairs, how, unsure)


def exact_name(key: str, document: Document) -> str:
    """A thing's whole name, with its kind and family."""
    return f"{like(key, document)}\n{text(document.get('hostname')) or text(document.get('name'))}"


def like(key: str, document: Document) -> str:
    """What two things of one name must have in common."""
    kind = key.partition("/")[0]
    name = text(document.get("hostname")) or text(document.get("name")) or key.partition("/")[2]
    family = text(document.get("family"))
    return f"{kind}\n{family_name(family) if kind == 'applications' else family}\n{plain_name(name)}"


def neighbours(documents: Documents) -> Mapping[str, frozenset[tuple[str, str]]]:
    """What each thing refers to and is referred to by: (field, thing)."""
    found: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for key, document in documents.items():
        for name, collection in references_of(key.partition("/")[0]).items():
            for other in keys_of(document.get(name)):
                found[key].add((name, f"{collection}/{other}"))
                found[f"{collection}/{other}"].add((f"{name} of", key))
    return {key: frozenset(held) for key, held in found.items()}


def voted(
    pairs: Mapping[str, str],
    old: Documents,
    new: Documents,
    around: tuple[Mapping[str, frozenset[tuple[str, str]]], Mapping[str, frozenset[tuple[str, str]]]],
) -> Iterator[tuple[str, str]]:
    """New pairs of things that share more matched neighbours with each other than with anything else."""
    used = set(pairs.values())
    open_new: dict[tuple[str, str], set[str]] = defaultdict(set)
    for key in new:
        if key not in used:
            for one in around[1].get(key, ()):
                open_new[one].add(key)
    votes: dict[str, Counter[str]] = {}
    for key in old:
        if key in pairs:
            continue
        seen: Counter[str] = Counter()
        for name, other in around[0].get(key, ()):
            for candidate in open_new.get((name, pairs.get(other, "")), ()):
                if same_family(key, old[key], candidate, new[candidate]):
                    seen[candidate] += 1
        votes[key] = seen
    back: dict[str, Counter[str]] = defaultdict(Counter)
    for key, seen in votes.items():
        for candidate, count in seen.items():
            back[candidate][key] = count
    for key, seen in votes.items():
        other = most(seen)
        if other and most(back[other]) == key:
            yield key, other


def same_family(key: str, document: Document, other: str, its: Document) -> bool:
    """Whether two things are of one kind."""
    family = text(document.get("family")).casefold() == text(its.get("family")).casefold()
    return key.partition("/")[0] == other.partition("/")[0] and family


def most(votes: Counter[str]) -> str:
    """The one with most votes, where it has enough and no other has as many."""
    ranked: Iterable[tuple[str, int]] = votes.most_common(2)
    found = list(ranked)
    if not found or found[0][1] < ENOUGH or (len(found) > 1 and found[1][1] == found[0][1]):
        return ""
    return found[0][0]
