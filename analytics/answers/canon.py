"""What a document says, in one form: order, when it was read and by whom, and repeated names do not count. Pure."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from ..documents.values import Document, items, text
from ..inventory.handwritten import REFERENCES

#: What says who may see a document, when and where it was read: nothing of the thing itself.
BESIDE = frozenset(
    {
        "_id",
        "id",
        "roles",
        "owner",
        "active",
        "updated_at",
        "created_at",
        "as_of",
        "source",
        "same_as",
        "aliases",
        "absent",
    }
)

#: What says nothing.
EMPTY: tuple[object, ...] = (None, "", [], {})
_SPELLED = json.JSONEncoder(sort_keys=True, ensure_ascii=False, default=str).encode


def references_of(collection: str) -> Mapping[str, str]:
    """The fields of a collection that refer to others, and to which collection each."""
    return dict(REFERENCES.get(collection, ()))


def canonical(value: object) -> Any:
    """A value in one form: no empty parts, objects by key, lists in order of what is in them.

    >>> canonical({"b": [2, 1], "a": None, "c": []})
    {'b': [1, 2]}
    """
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, (dict, Mapping)):
        kept = {}
        for key in sorted(value, key=str):
            if (one := canonical(value[key])) not in EMPTY:
                kept[str(key)] = one
        return kept
    if isinstance(value, (list, tuple)):
        items_kept = [one for one in map(canonical, value) if one not in EMPTY]
        return sorted(items_kept, key=spelled) if len(items_kept) > 1 else items_kept
    return value


def spelled(value: object) -> str:
    """A canonical value as text that sorts and compares."""
    return _SPELLED(value)


def key_of(reference: object) -> str:
    """The id a reference means."""
    return text(reference.get("_id")) if isinstance(reference, Mapping) else text(reference)


def keys_of(value: object) -> list[str]:
    """The ids a field of references means, each once."""
    return list(dict.fromkeys(key for one in items(value) if (key := key_of(one))))


def said(document: Document) -> dict[str, Any]:
    """A document's fields in one form, without what stands beside the thing."""
    return {name: value for name, value in canonical(document).items() if name not in BESIDE}
