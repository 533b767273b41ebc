"""The fields of an inventory as a JSON Schema, for editors."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ..catalog.families import FAMILIES
from ..documents.fields import FIELDS, KEPT, Field, FieldKind, fields_of
from .check import OTHER_NAMES, PARTS
from .handwritten import COLLECTIONS

Schema = dict[str, Any]
_TEXT: Schema = {"type": ["string", "number", "null"]}
_REFERENCE: Schema = {"anyOf": [_TEXT, {"type": "object"}]}
_OBJECT: Schema = {"type": ["object", "null", "string"]}
SHAPES: dict[FieldKind, Schema] = {
    "id": {"type": ["string", "number"]},
    "text": _TEXT,
    "texts": {"anyOf": [_TEXT, {"type": "array", "items": _TEXT}]},
    "number": {"type": ["number", "string", "null"]},
    "size": {"type": ["number", "string", "null"]},
    "share": {"anyOf": [{"type": "number", "minimum": 0, "maximum": 1}, {"type": ["string", "null"]}]},
    "family": {**_TEXT, "examples": list(FAMILIES)},
    "date": _TEXT,
    "addresses": {"anyOf": [_TEXT, {"type": "array", "items": _TEXT}]},
    "range": _TEXT,
    "reference": _REFERENCE,
    "references": {"anyOf": [_REFERENCE, {"type": "array", "items": _REFERENCE}]},
    "place": {"anyOf": [_REFERENCE, {"type": "array", "items": _REFERENCE}]},
    "object": _OBJECT,
    "objects": {"anyOf": [_OBJECT, {"type": "array", "items": _OBJECT}]},
    "any": {},
}


def schema() -> Schema:
    """The schema: every field with its meaning, and the misspellings that an editor can tell."""
    documents = {name: document_of(name) for name in dict.fromkeys(field.collection for field in FIELDS)}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "An inventory of Analytics Maestro",
        "type": "object",
        "properties": {
            name: {
                "type": ["array", "null"],
                "items": {"$ref": f"#/$defs/{name}"} if name in documents else {"type": "object"},
            }
            for name in COLLECTIONS
        },
        "propertyNames": spelled_well(COLLECTIONS),
        "$defs": documents,
    }


def document_of(name: str) -> Schema:
    """A document of a collection, or a part of one."""
    known = fields_of(name)
    properties: dict[str, Any] = {key: property_of(field) for key, field in known.items()}
    said: Schema = {"type": "object", "properties": properties, "propertyNames": spelled_well(known)}
    # Another format's name for a field stands for it only beside the field itself.
    others = {wrong: [right] for wrong, right in OTHER_NAMES.get(name, {}).items() if wrong not in known}
    return said | ({"dependentRequired": others} if others else {})


def spelled_well(known: Iterable[str]) -> Schema:
    """Any name but one that misspells a known one by one letter."""
    names = sorted(known)
    long = [name for name in names if len(name) > 3]
    if not long:
        return {}
    pattern = f"^(?:{'|'.join(map(misspelt, long))})$"
    return {"anyOf": [{"enum": sorted({*names, *KEPT})}, {"not": {"pattern": pattern}}]}


def misspelt(name: str) -> str:
    """A pattern of the words that are one letter away from ``name``: one too many, too few, another, two swapped.

    >>> import re
    >>> [bool(re.fullmatch(misspelt("family"), word)) for word in ("familly", "famly", "famliy", "famiry", "name")]
    [True, True, True, True, False]
    """
    ways = {f"{name[:at]}.{name[at:]}" for at in range(len(name) + 1)}
    for at in range(len(name)):
        ways |= {name[:at] + name[at + 1 :], f"{name[:at]}.{name[at + 1 :]}"}
        ways.add(name[:at] + name[at : at + 2][::-1] + name[at + 2 :])
    return "|".join(sorted(ways - {name}))


def property_of(field: Field) -> Schema:
    """One field."""
    said: Schema = {"description": field.meaning} | SHAPES[field.kind]
    if field.name in PARTS and field.collection not in PARTS.values():
        part = {"$ref": f"#/$defs/{PARTS[field.name]}"}
        either = [part, _TEXT] if field.name != "role" or field.collection == "applications" else [_TEXT]
        said = {"description": field.meaning, "anyOf": [*either, {"type": "array", "items": {"anyOf": either}}]}
    return said | ({"examples": [field.example]} if field.example else {})
