"""Two versions of an inventory as one, in which everything has its place, and the marks of what changed. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from ..documents.values import Document, items
from ..model.graph import Badge, Finding
from .canon import key_of, references_of
from .changing import Telling
from .difference import Change
from .marking import Marks
from .whole import Whole, from_documents

#: How each verb is marked: glyph, tone and meaning.
GLYPHS: Mapping[str, Badge] = {
    "added": Badge("+", "added", "good", "added"),
    "removed": Badge("−", "removed", "bad", "removed"),
    "moved": Badge("→", "moved", "info", "moved"),
    "exposed": Badge("!", "exposed", "bad", "open to more than before"),
    "closed": Badge("!", "closed", "good", "open to fewer than before"),
}
CHANGED = Badge("~", "changed", "warn", "changed")


def union(telling: Telling) -> Whole:
    """The new inventory with what is gone since; calls that are gone are written ``− rest``, new ones ``+ rest``."""
    pairs = telling.found.match.pairs
    documents: dict[str, Document] = dict(telling.new.documents)
    for key, document in telling.old.documents.items():
        if key not in pairs:
            documents[key] = translated(key, document, pairs)
    changed: dict[str, list[Change]] = defaultdict(list)
    for one in telling.found.changes:
        if one.verb == "rewired" and one.field == "deps":
            changed[one.thing].append(one)
    back = telling.found.match.back
    for key, changes in changed.items():
        before = translated(back[key], telling.old.documents[back[key]], pairs)
        documents[key] = with_calls(documents[key], before, changes)
    return from_documents(documents)


def translated(key: str, document: Document, pairs: Mapping[str, str]) -> Document:
    """An old document whose references mean the new things."""
    found: dict[str, Any] = dict(document)
    for name, collection in references_of(key.partition("/")[0]).items():
        if name in found and name != "datacenters":
            found[name] = [renamed(one, collection, pairs) for one in items(found[name])]
    return found


def renamed(reference: object, collection: str, pairs: Mapping[str, str]) -> object:
    """A reference to what the thing is called now."""
    key = f"{collection}/{key_of(reference)}"
    now = pairs.get(key, key).partition("/")[2]
    return {**reference, "_id": now} if isinstance(reference, Mapping) else now


def with_calls(document: Document, before: Document, changes: list[Change]) -> Document:
    """A document with the calls that are gone, and signs on those that are new, gone or other."""
    targets = {one.target.partition("/")[2]: one for one in changes}
    deps = []
    for dep in items(document.get("deps")):
        change = targets.get(key_of(dep))
        deps.append(signed(dep, "~" if change.before else "+") if change else dep)
    for dep in items(before.get("deps")):
        change = targets.get(key_of(dep))
        if change is not None and not change.after:
            deps.append(signed(dep, "−"))
    return {**document, "deps": deps}


def signed(dep: object, sign: str) -> dict[str, Any]:
    """A call whose way begins with a sign."""
    found: dict[str, Any] = dict(dep) if isinstance(dep, Mapping) else {"_id": dep}
    endpoint = found.get("endpoint")
    if isinstance(endpoint, Mapping):
        endpoint = endpoint.get("type") or endpoint.get("protocol") or endpoint.get("name") or ""
    found["endpoint"] = f"{sign} {endpoint or ''}".strip()
    return found


def marks_of(telling: Telling) -> Marks:
    """The mark of every thing that changed, one for each kind of change, with its words."""
    found: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for one in telling.found.changes:
        verb = one.verb if one.verb in GLYPHS else "changed"
        found[one.thing][verb].append(telling.words(one).strip(": "))
    return {
        thing: [
            Badge(badge.glyph, "; ".join(words), badge.tone, badge.meaning)
            for verb, words in verbs.items()
            for badge in [GLYPHS.get(verb, CHANGED)]
        ]
        for thing, verbs in found.items()
    }


def finding_of(telling: Telling) -> Finding:
    """What the picture says of the whole difference."""
    return Finding("difference", telling.summary(), "info")
