"""What a picture was drawn from, as a record in it: digests of inventory, request, plugins and picture. Pure."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from ..documents.entities import Ref
from ..documents.values import Document
from ..model.anchor import Anchor
from ..model.artifacts import GraphRequest
from ..text import escape
from .canon import canonical, spelled

FORMAT = 1
#: From so many things on a record has no digest of each: it would be larger than the picture.
MOST_THINGS = 5_000
_OPENING, _CLOSING = re.compile(r'<metadata id="[^"]*">'), "</metadata>"
_ENTITIES = (("&quot;", '"'), ("&#39;", "'"), ("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&"))


@dataclass(frozen=True)
class Origin:
    """All that a picture depends on: the inventory's documents, the request, the versions, and digests of plugins.

    ``anchor`` is the digest of the earlier picture whose places it keeps, nothing where there is none.
    """

    documents: Mapping[str, Document]
    request: GraphRequest
    version: str
    python: str
    plugins: Mapping[str, str]
    held: Digests
    anchor: str = ""


@dataclass(frozen=True, slots=True)
class Digests:
    """The digest of an inventory, and of each of its things by what stands for its id."""

    inventory: str
    things: Mapping[str, str]


def digest(text: str) -> str:
    """The SHA-256 of a text."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def name_of(thing: str) -> str:
    """What stands for a thing's id in a record: a picture of a part must not list the ids of the whole."""
    return digest(thing)[:12]


def digests_of(documents: Mapping[str, Document]) -> Digests:
    """The digests of a whole inventory: the same whatever the order of its documents and lists."""
    each = {key: digest(spelled(canonical(documents[key]))) for key in sorted(documents)}
    whole = digest("\n".join(f"{key} {said}" for key, said in each.items()))
    return Digests(whole, {name_of(key): said[:8] for key, said in each.items()})


def digest_of_anchor(anchor: Anchor | None) -> str:
    """The digest of the places that a picture keeps; nothing where it keeps none."""
    return "" if anchor is None else digest(spelled(asdict(anchor)))


def record_of(origin: Origin, picture: str) -> dict[str, Any]:
    """The record of a picture whose own place for it is still empty."""
    request = {key: value for key, value in asdict(origin.request).items() if key != "graph_id"}
    record: dict[str, Any] = {
        "format": FORMAT,
        "inventory": origin.held.inventory,
        "picture": digest(picture),
        "plugins": dict(origin.plugins),
        "python": origin.python,
        "request": request,
        "version": origin.version,
    }
    if origin.anchor:
        record["anchor"] = origin.anchor
    if len(origin.documents) <= MOST_THINGS:
        record["things"] = dict(origin.held.things)
    return {**record, "record": sealed(record)}


def sealed(record: Mapping[str, Any]) -> str:
    """The digest of a record itself."""
    return digest(spelled({key: value for key, value in record.items() if key != "record"}))


def with_proof(text: str, origin: Origin) -> str:
    """An SVG, or a graph as JSON, with its record; what has no place for one stays as it is."""
    found = split(text)
    if found is None:
        return text
    before, said, after = found
    return before + put({**said, "proof": record_of(origin, emptied(found))}, before) + after


def split(text: str) -> tuple[str, dict[str, Any], str] | None:
    """What stands before and after the object that holds the record, and that object."""
    if text.startswith("{"):
        try:
            return "", json.loads(text), ""
        except (ValueError, RecursionError):
            return None
    opening = _OPENING.search(text)
    ends = text.find(_CLOSING, opening.end()) if opening else -1
    if opening is None or ends < 0:
        return None
    try:
        said = json.loads(unescaped(text[opening.end() : ends]))
    except (ValueError, RecursionError):
        return None
    return (text[: opening.end()], said, text[ends:]) if isinstance(said, dict) else None


def put(said: Mapping[str, Any], before: str) -> str:
    """The object as it is written into an SVG, or as a file of its own."""
    if not before:
        return json.dumps(said, ensure_ascii=False, indent=2)
    return escape(json.dumps(said, ensure_ascii=False, sort_keys=True))


def emptied(found: tuple[str, dict[str, Any], str]) -> str:
    """A picture without its record: what the record's own digest is of."""
    before, said, after = found
    return before + put({key: value for key, value in said.items() if key != "proof"}, before) + after


def unescaped(text: str) -> str:
    """Text of an element as it was."""
    for written, meant in _ENTITIES:
        text = text.replace(written, meant)
    return text


def carried(text: str) -> dict[str, Any] | None:
    """The record that a picture carries, if it does."""
    found = split(text)
    record = found[1].get("proof") if found else None
    return record if isinstance(record, dict) else None


def edited(text: str, record: Mapping[str, Any]) -> str:
    """In what a picture is not what its record was made of; nothing where it is."""
    found = split(text)
    if found is None or found[0] + put(found[1], found[0]) + found[2] != text:
        return "the picture was edited"
    if record.get("record") != sealed(record):
        return "the record in the picture was edited"
    if record.get("picture") != digest(emptied(found)):
        return "the picture was edited"
    return ""


def request_of(record: Mapping[str, Any]) -> GraphRequest:
    """The request of a record. Raises :class:`ValueError` for one that cannot be read."""
    said = record.get("request")
    if not isinstance(said, Mapping):
        raise ValueError("it holds no request")
    fields = dict(said)
    try:
        fields["refs"] = tuple(Ref(str(one["id"]), str(one["name"])) for one in fields.get("refs", ()))
        return GraphRequest(graph_id="drawn", **fields)
    except (TypeError, KeyError) as exc:
        raise ValueError(f"its request cannot be read: {exc}") from None


def differing(record: Mapping[str, Any], now: Origin) -> list[str]:
    """In what the origin of a picture differs from what is there now, in words; nothing where it does not."""
    found = []
    if record.get("inventory") != now.held.inventory:
        found.append(f"the inventory differs{things_differing(record, now)}")
    if now.anchor and record.get("anchor") != now.anchor:
        found.append(
            "it was anchored to another earlier picture" if record.get("anchor") else "it was anchored to no picture"
        )
    plugins = record.get("plugins")
    before: Mapping[str, str] = plugins if isinstance(plugins, Mapping) else {}
    for name in sorted({*before, *now.plugins}):
        if before.get(name) != now.plugins.get(name):
            how = "is new" if name not in before else "is not there any more" if name not in now.plugins else "differs"
            found.append(f"the plugin {name} {how}")
    return found


def things_differing(record: Mapping[str, Any], now: Origin) -> str:
    """Which things changed and came, by name, and how many are gone."""
    before = record.get("things")
    if not isinstance(before, Mapping):
        return ""
    mine = {name_of(key): key for key in now.documents}
    after = now.held.things
    changed = sorted(mine[key] for key in before if key in after and after[key] != before[key])
    come = sorted(mine[key] for key in after if key not in before)
    gone = sum(1 for key in before if key not in after)
    words = [f"{len(changed)} changed ({shortened(changed, now)})"] if changed else []
    words += [f"{len(come)} added ({shortened(come, now)})"] if come else []
    words += [f"{gone} removed"] if gone else []
    return f": {', '.join(words)}" if words else ""


def shortened(things: list[str], now: Origin) -> str:
    """The names of the first few things."""
    names = [f"{key.partition('/')[0].removesuffix('s')} {now.documents[key].get('name') or key}" for key in things]
    return ", ".join(names[:5]) + (f" and {len(names) - 5} more" if len(names) > 5 else "")
