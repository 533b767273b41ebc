"""Several readings as one estate: what two of them tell of is one document that names both. Pure.

Two things are one where they share an id or a stated alias, or where a name
that their formats go by (a service's name, a host's) is unique on both sides.
Two documents of one reading never are. The order of files changes nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ..documents.values import items, text
from ..inventory.check import Remark
from ..inventory.handwritten import BEHIND, REFERENCES
from .reader import NAMES, Located, Reading

Document = dict[str, Any]
#: The rank from which on a reading is written by hand: it wins, and its names are meant.
BY_HAND = 100
#: Lists that are united; of other fields the higher rank's stands.
UNITED = (
    "source",
    "aliases",
    "ipv4_private",
    "ipv4_public",
    "ipv6",
    "tags",
    "links",
    "system",
    "servers",
    "applications",
)
#: Fields in which two sources that differ are a finding.
COMPARED = ("family", "environment", "owner", "cpu", "memory", "lifecycle", "status")
#: Fields whose value is nothing where it is this.
UNSAID: tuple[Any, ...] = (None, "", [], {})


@dataclass
class Group:
    """Documents that are one thing: indexes into all of them, and why they were put together."""

    members: list[int]
    readings: set[int]
    why: str = ""


@dataclass
class Joined:
    """Documents by collection, and what was found while joining."""

    documents: dict[str, list[Document]] = field(default_factory=dict)
    remarks: list[Located] = field(default_factory=list)


def join(readings: Sequence[Reading], ranks: Mapping[str, int]) -> Joined:
    """One estate of all readings; ``ranks`` by the names of their readers."""
    ordered = sorted(readings, key=lambda one: (-ranks.get(one.reader, 0), one.reader))
    joined = Joined()
    if len(ordered) == 1:  # documents of one reading are never joined
        for collection, alone in ordered[0].documents.items():
            joined.documents[collection] = [kept for one in alone if not gone(kept := without_names(one))]
        return joined
    collections = sorted({name for one in ordered for name in one.documents})
    renamed: dict[str, dict[str, str]] = {}
    for collection in collections:
        documents = [
            (number, document) for number, one in enumerate(ordered) for document in one.documents.get(collection, ())
        ]
        by_hand = [ranks.get(one.reader, 0) >= BY_HAND for one in ordered]
        held: list[Document] = []
        renamed[collection] = {}
        for group in groups(documents, by_hand):
            document = merged([(by_hand[documents[at][0]], documents[at][1]) for at in group.members], joined)
            for at in group.members:
                renamed[collection][documents[at][1]["_id"]] = document["_id"]
            if not gone(document):
                held.append(document)
        joined.documents[collection] = sorted(held, key=lambda one: text(one["_id"]))
    for collection, held in joined.documents.items():
        for document in held:
            follow(collection, document, renamed)
            document.pop(NAMES, None)
    return joined


def gone(document: Document) -> bool:
    """Whether a file by hand says that a thing is not there."""
    return document.pop("absent", None) in (True, "true", "yes")


def without_names(document: Document) -> Document:
    """A document as it is kept."""
    return {name: value for name, value in document.items() if name != NAMES}


def groups(documents: Sequence[tuple[int, Document]], by_hand: Sequence[bool]) -> list[Group]:
    """The documents of one collection by what they are, strong reasons first; each in one group."""
    held = [Group([at], {number}) for at, (number, _) in enumerate(documents)]
    of = list(range(len(documents)))

    def unite(keys: Iterable[tuple[str, int]], why: str, unique: bool) -> None:
        sharing: dict[str, list[int]] = defaultdict(list)
        for key, at in keys:
            sharing[key].append(at)
        for key in sorted(sharing):
            meant = list(dict.fromkeys(of[at] for at in sharing[key]))
            if len(meant) < 2 or (unique and not unique_each(meant, held)):
                continue
            first = meant[0]
            for other in meant[1:]:
                if held[first].readings & held[other].readings:
                    continue
                held[first].members += held[other].members
                held[first].readings |= held[other].readings
                held[first].why = held[first].why or why
                for at in held[other].members:
                    of[at] = first
                held[other].members = []

    unite(((key, at) for at, (_, document) in enumerate(documents) for key in ids_of(document)), "one id", False)
    names = (
        (key, at) for at, (number, document) in enumerate(documents) for key in names_of(document, by_hand[number])
    )
    unite(names, "one name", True)
    return [group for group in held if group.members]


def unique_each(meant: Sequence[int], held: Sequence[Group]) -> bool:
    """Whether no reading has two of the groups: a name that means two things joins nothing."""
    seen: set[int] = set()
    for one in meant:
        if seen & held[one].readings:
            return False
        seen |= held[one].readings
    return True


def ids_of(document: Document) -> set[str]:
    """What identifies a thing wherever it is told of."""
    words = [
        document.get("_id"),
        document.get("unique_id"),
        *items(document.get("aliases")),
        *items(document.get("same_as")),
    ]
    return {word.casefold() for each in words if (word := text(each))}


def names_of(document: Document, by_hand: bool) -> set[str]:
    """The names that mean a thing where they are unique; by hand also what it is called."""
    words = [*items(document.get(NAMES)), *([document.get("name"), document.get("hostname")] if by_hand else [])]
    return {word.casefold() for each in words if (word := text(each))}


def merged(told: Sequence[tuple[bool, Document]], joined: Joined) -> Document:
    """One document of several, from the one that is believed most; the id is that of a source, not of a hand."""
    if len(told) == 1:
        return dict(told[0][1])
    ids = [document["_id"] for by_hand, document in told if not by_hand] or [told[0][1]["_id"]]
    result: Document = {}
    by: dict[str, Document] = {}
    for _, document in told:
        for name, value in document.items():
            if value in UNSAID or name == "_id":
                continue
            if name == "deps":
                result["deps"] = with_calls(items(result.get("deps")), items(value))
            elif name in UNITED or name == NAMES:
                mine = items(result.get(name))
                result[name] = [*mine, *(one for one in items(value) if one not in mine)]
            elif name not in result:
                result[name], by[name] = value, document
            elif name in COMPARED and differs(result[name], value):
                joined.remarks.append(contradiction(name, by[name], document))
    aliases = [document["_id"] for _, document in told if document["_id"] != ids[0]]
    known = items(result.get("aliases"))
    return {"_id": ids[0], **result, "aliases": [*known, *(one for one in aliases if one not in known)]}


def differs(one: object, two: object) -> bool:
    """Whether two values contradict each other: spelling without case does not."""
    return text(one).casefold() != text(two).casefold()


def contradiction(name: str, believed: Document, other: Document) -> Located:
    """What two sources say otherwise, and which is believed."""
    mine, theirs = origin(believed), origin(other)
    words = (
        f"{text(believed.get('name')) or believed['_id']}: {name} is {believed[name]!r} in {mine} "
        f"and {other[name]!r} in {theirs}; the first is believed"
    )
    return Located(first_file(other), Remark("warning", "contradiction", words, 0, 0, name))


def origin(document: Document) -> str:
    """Where a document is from, in words."""
    source = next((one for one in items(document.get("source")) if isinstance(one, Mapping)), {})
    return " ".join(word for word in (text(source.get("file")), text(source.get("place"))) if word) or "another file"


def first_file(document: Document) -> str:
    """The file a document is from."""
    source = next((one for one in items(document.get("source")) if isinstance(one, Mapping)), {})
    return text(source.get("file"))


def with_calls(mine: Sequence[Any], more: Sequence[Any]) -> list[Any]:
    """Calls of two sources; one that both tell is one, with what each knows of it."""
    result = [dict(one) if isinstance(one, Mapping) else {"_id": one} for one in mine]
    for each in more:
        other = dict(each) if isinstance(each, Mapping) else {"_id": each}
        same = next((one for one in result if one["_id"] == other["_id"]), None)
        if same is None:
            result.append(other)
            continue
        if "provenance" not in other:
            same.pop("provenance", None)
        result[result.index(same)] = {**{k: v for k, v in other.items() if k != "provenance"}, **same}
    return result


def follow(collection: str, document: Document, renamed: Mapping[str, Mapping[str, str]]) -> None:
    """Let references name the ids that joined things have now."""
    for name, target in (*REFERENCES.get(collection, ()), *MORE.get(collection, ())):
        value = document.get(name)
        if value in UNSAID:
            continue
        known = [renamed.get(target, {}), renamed.get(BEHIND.get((collection, name), target), {})]
        if isinstance(value, list):
            document[name] = [renewed(one, known) for one in value]
            if name == "deps":
                document[name] = [one for one in with_calls([], document[name]) if one["_id"] != document["_id"]]
        else:
            document[name] = renewed(value, known)


#: References beside those that by hand may be names.
MORE: Mapping[str, tuple[tuple[str, str], ...]] = {"applications": (("networks", "networks"),)}


def renewed(reference: Any, known: Sequence[Mapping[str, str]]) -> Any:
    """A reference with the id its thing has now."""
    key = text(reference.get("_id")) if isinstance(reference, Mapping) else text(reference)
    now = next((held[key] for held in known if key in held), key)
    if not key or now == key:
        return reference
    return {**reference, "_id": now} if isinstance(reference, Mapping) else now
