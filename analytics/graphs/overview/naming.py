"""Names of folds that are true of their members, each with a sentence that says why they are together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from ...text import many, named
from .callmap import CallMap, components
from .folds import DISTANCE, HUB, JOINED, NAMES, OTHERS, PART, REST, THING, head_of
from .rules import ISLANDS, ONLY, ONLY_HUBS
from .units import first_words

#: A common beginning names a part where this share of its members has it, from so many letters on.
BEGINNING, LETTERS = 0.8, 3
#: Names of groups that a fold spells out.
SPELLED = 4


class Called(NamedTuple):
    """A fold's name, and why its members are together."""

    name: str
    why: str


def name_fold(graph: CallMap, key: str, members: Sequence[int], groups: Sequence[str]) -> Called:
    """What a fold is called; ``groups`` are the declared group of each thing, or the first word of its name."""
    if key.startswith((HUB, THING)) or len(members) == 1:
        return Called(graph.names[members[0]], "")
    if key == ISLANDS:
        part = components(graph)
        count = len({part[thing] for thing in members})
        if count == len(members):
            return Called(f"{count} without lines", "they call nothing and nothing calls them")
        return Called(many(count, "island"), "small parts without a line to the rest")
    if key == ONLY_HUBS:
        return Called("only hubs", "linked to the rest through hubs alone")
    if key.startswith(ONLY):
        return _only(graph, key.removeprefix(ONLY), members)
    if key == REST:
        return Called("small parts", "each too small to stand alone")
    if key == OTHERS:
        return Called(
            "in no group", "no group is declared for them, and no parts that mostly call each other were found"
        )
    if key.startswith(NAMES):
        word = key.removeprefix(NAMES)
        why = "their names begin so; they need not call each other" if word else "their names begin as few others do"
        return Called(f"{word}-*" if word else "other names", why)
    if key.startswith(DISTANCE):
        step = int(key.removeprefix(DISTANCE))
        if not step:
            return Called("entries", "nobody calls them")
        return Called(f"{many(step, 'call')} in", f"first reached {many(step, 'call')} from an entry")
    if key.startswith(JOINED):
        return _joined(groups, members)
    if not key.startswith(PART):
        level, _, group = key.partition(":")
        return Called(group, f"their names begin with {group}" if level == "names" else f"all of {level} {group}")
    return _part(graph, key, members)


def _only(graph: CallMap, hub: str, members: Sequence[int]) -> Called:
    """Things that call one hub and nothing else, or mostly so."""
    number = graph.ids.index(hub) if hub in graph.ids else -1
    name = graph.names[number] if number >= 0 else hub
    alone = sum(set(graph.neighbours(thing)) == {number} for thing in members)
    if alone == len(members):
        return Called(f"only {name}", f"each has lines to {name} alone")
    return Called(f"mostly {name}", f"{alone} of {len(members)} have lines to {name} alone, the others to several hubs")


def _joined(groups: Sequence[str], members: Sequence[int]) -> Called:
    """Several declared groups that stand as one for want of room."""
    counted = Counter(groups[thing] for thing in members)
    order = sorted(counted, key=lambda group: (-counted[group], group))
    shown = " + ".join(order) if len(order) <= SPELLED else f"{order[0]} and {len(order) - 1} more"
    return Called(shown, "joined for want of room: " + named([f"{group} {counted[group]}" for group in order], 12))


def _part(graph: CallMap, key: str, members: Sequence[int]) -> Called:
    """A part that was found: its common beginning, else its head and how many more there are."""
    words = Counter(first_words([graph.names[thing] for thing in members]))
    word, count = min(words.items(), key=lambda item: (-item[1], item[0]))
    if count >= BEGINNING * len(members) and len(word) >= LETTERS:
        return Called(f"{word}-*", f"{count} of {len(members)} begin with {word}")
    kept = key.removeprefix(PART)
    head = next((thing for thing in members if graph.ids[thing] == kept), -1)
    head = head if head >= 0 else head_of(graph, members)
    inside = frozenset(members)
    calls, callers = len(inside.intersection(graph.calls[head])), len(inside.intersection(graph.callers[head]))
    name = graph.names[head]
    if all(inside.issubset((*graph.calls[thing], thing)) for thing in members):
        return Called(f"{name} +{len(members) - 1}", "all call all")
    why = f"{name} calls {calls} of them" if calls >= callers else f"{callers} of them call {name}"
    return Called(f"{name} +{len(members) - 1}", why if calls or callers else "they have no line among themselves")
