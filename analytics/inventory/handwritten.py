"""From what people write to the documents of the Data App.

By hand an id may be any text and may be left out where there is a name; a
reference may be an id or a name; ``active`` is true unless it says otherwise;
and a file in which nobody owns anything belongs to ``local``. All of that is
settled here once, so that nobody further on has to know.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ..documents.values import Document, items, text
from ..errors import InventoryError
from .foreign import recognised
from .visible import owners

COLLECTIONS = (
    "systems",
    "applications",
    "servers",
    "clients",
    "datacenters",
    "networks",
    "volumes",
    "images",
    "snapshots",
    "flavors",
    "graphs",
)
#: Who owns an inventory that names no owner.
LOCAL = "local"
#: How people write that a thing is not in use, where a word is text (YAML 1.2) or a number.
NOT_ACTIVE = frozenset({"no", "off", "false", "0"})
PLACED = ("datacenters", "datacenters")
#: Which fields of a collection refer to which other: (field, collection).
REFERENCES: Mapping[str, tuple[tuple[str, str], ...]] = {
    "applications": (
        ("deps", "applications"),
        ("targets", "servers"),
        ("servers", "servers"),
        ("system", "systems"),
        PLACED,
    ),
    "systems": (("entry", "applications"), ("clients", "clients")),
    "servers": (("applications", "applications"), PLACED),
    "networks": (PLACED,),
    "volumes": (("server", "servers"), PLACED),
    "images": (PLACED,),
    "snapshots": (PLACED,),
}
#: What a word means that means nothing in the collection it should: an application may call a system.
BEHIND = {("applications", "deps"): "systems"}
#: Fields that hold one reference; the others hold a list.
SINGLE = frozenset({"datacenters", "server"})
#: What a reference repeats of the thing it names, as the Data App's documents do.
REPEATED = {"applications": ("name", "family"), "datacenters": ("name", "provider")}
Collections = dict[str, dict[str, dict[str, Any]]]
"""Documents by collection and id."""


@dataclass(frozen=True, slots=True)
class Contents:
    """A file as read: every document by collection and id, in the order of ids, and the owners.

    In a file of several owners each has a file of its own within it, in ``parts``: ids, names, references and
    what is wrong are an owner's, and ``collections`` is empty. ``wrong`` holds why a part could not be read;
    ``nobodys`` counts the documents that name no owner there, which nobody is shown.
    """

    collections: Collections
    owners: tuple[str, ...]
    parts: Mapping[str, Collections] = field(default_factory=dict)
    wrong: Mapping[str, str] = field(default_factory=dict)
    nobodys: int = 0

    def of(self, owner: str) -> Collections:
        """What ``owner`` may be told of. Raises :class:`~analytics.errors.InventoryError` where that is wrong."""
        if owner in self.wrong:
            raise InventoryError(f"The inventory: {self.wrong[owner]}")
        return self.parts.get(owner, {}) if self.parts or self.wrong else self.collections


def contents(value: object) -> Contents:
    """A parsed file as documents: ids and owners filled in, references resolved.

    The value is taken over and changed. Raises :class:`~analytics.errors.InventoryError`.

    >>> read = contents({"applications": [{"name": "web", "deps": ["db"]}, {"_id": "1", "name": "db"}]})
    >>> read.owners, read.collections["applications"]["web"]["deps"]
    (('local',), [{'_id': '1', 'name': 'db'}])
    """
    if foreign := recognised(value):
        raise InventoryError(foreign)
    if not isinstance(value, dict):
        raise InventoryError("not an object of collections")
    for name, listed in value.items():
        if listed is not None and not isinstance(listed, list) and not name.startswith("x-"):
            raise InventoryError(f"{name}: not a list of documents")
    everybody = sorted({owner for name in COLLECTIONS for one in value.get(name) or () for owner in claimed(one)})
    if len(everybody) > 1:
        return apart(value, everybody)
    owner = everybody[0] if everybody else LOCAL
    return Contents(settled(value, owner), (owner,))


def apart(value: Mapping[str, Any], everybody: Sequence[str]) -> Contents:
    """A file of several owners: each one's documents read as if there were no others."""
    mine: dict[str, dict[str, list[Any]]] = {owner: {} for owner in everybody}
    nobodys = 0
    for name in COLLECTIONS:
        for one in value.get(name) or ():
            claim = claimed(one)
            nobodys += not claim
            for owner in claim:
                # What several own is read by each for itself, and a reference in it may mean another thing to each.
                mine[owner].setdefault(name, []).append(dict(one) if len(claim) > 1 else one)
    parts: dict[str, Collections] = {}
    wrong: dict[str, str] = {}
    for owner, own in mine.items():
        try:
            parts[owner] = settled(own, owner)
        except InventoryError as exc:
            wrong[owner] = str(exc)
    return Contents({}, tuple(everybody), parts, wrong, nobodys)


def settled(value: Mapping[str, Any], owner: str) -> Collections:
    """The documents of one owner: ids and roles filled in, references resolved.

    Raises :class:`~analytics.errors.InventoryError`.
    """
    collections = {name: by_id(name, value.get(name) or []) for name in COLLECTIONS}
    settle_owners(collections, owner)
    targets = {name: Target(name, documents) for name, documents in collections.items()}
    for name, fields in REFERENCES.items():
        for key, document in collections[name].items():
            mine = targets[name].owners[key]
            for place, target in fields:
                if document.get(place):
                    resolve(document, place, mine, targets[target], targets[BEHIND.get((name, place), target)])
    return {name: dict(sorted(held.items())) for name, held in collections.items()}


def by_id(name: str, listed: list[object]) -> dict[str, dict[str, Any]]:
    """A collection's documents by id; the name stands in for an id that is missing."""
    found: dict[str, dict[str, Any]] = {}
    for number, document in enumerate(listed):
        if not isinstance(document, dict):
            raise InventoryError(f"{name}[{number}]: not an object")
        key = text(document.get("_id")) or text(document.get("id")) or text(document.get("name"))
        if not key:
            raise InventoryError(f"{name}[{number}]: neither _id nor name")
        if key in found:
            raise InventoryError(f"{name}[{number}]: the id {key!r} is taken already")
        document["_id"] = key
        found[key] = document
    return found


def claimed(document: object) -> frozenset[str]:
    """Who a document says it belongs to."""
    if not isinstance(document, dict):
        return frozenset()
    owner = document.get("owner")
    key = text(owner.get("_id")) if isinstance(owner, Mapping) else text(owner)
    return owners(document) or frozenset({key} if key else ())


def settle_owners(collections: Collections, owner: str) -> None:
    """Write each document's owners where they are looked for, and whether it is in use."""
    for held in collections.values():
        for document in held.values():
            if not owners(document):
                document["roles"] = [{"_id": one} for one in sorted(claimed(document) or {owner})]
            if document.get("active") is None:
                document["active"] = True
            elif text(document["active"]).casefold() in NOT_ACTIVE:
                document["active"] = False


class Target:
    """A collection that others refer to: its documents by id, their owners, and their ids by owner and name.

    A name is looked up within an owner: another's must not even be guessed.
    """

    def __init__(self, name: str, documents: Mapping[str, Document]) -> None:
        self.name = name
        self.documents = documents
        self.owners = {key: owners(document) for key, document in documents.items()}
        self._named: dict[tuple[str, str], list[str]] = {}
        for key, document in documents.items():
            for owner in self.owners[key]:
                self._named.setdefault((owner, text(document.get("name"))), []).append(key)

    def meant(self, word: str, mine: frozenset[str]) -> str:
        """The id that ``word`` means to ``mine``: a document's id or, failing that, its name; else the word itself."""
        if word in self.documents:
            return word
        found = sorted({key for owner in mine for key in self._named.get((owner, word), ())})
        if len(found) > 1:
            raise InventoryError(f"{self.name}: {len(found)} are called {word!r}; refer to one by its id")
        return found[0] if found else word


def resolve(document: dict[str, Any], field: str, mine: frozenset[str], target: Target, behind: Target) -> None:
    """Make each reference under ``field`` an object with the ``_id`` it means, in ``target`` or else in ``behind``.

    One that means nothing here keeps its words as id: it is drawn as something missing.
    """
    references: list[dict[str, Any]] = []
    for said in items(document[field]):
        reference = dict(said) if isinstance(said, Mapping) else {"_id": said}
        word = text(reference.get("_id")) or text(reference.get("id")) or text(reference.get("name"))
        if not word:
            continue
        key = target.meant(word, mine)
        if key not in target.documents and behind is not target:
            key = behind.meant(word, mine)
        reference["_id"] = key
        if key not in target.documents:
            reference.setdefault("name", key)
        elif not mine.isdisjoint(target.owners[key]):
            for repeated in REPEATED.get(target.name, ("name",)):
                if repeated in target.documents[key]:
                    reference.setdefault(repeated, target.documents[key][repeated])
        references.append(reference)
    if field not in SINGLE:
        document[field] = references
    elif references:
        document[field] = references[0]
