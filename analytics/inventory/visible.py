"""Which documents an owner may see. Two rules, asked of every document that comes in."""

from __future__ import annotations

from ..documents.values import Document, items, objects, text


def owners(document: Document) -> frozenset[str]:
    """The ids in a document's ``roles``.

    >>> sorted(owners({"roles": [{"_id": "b", "role": 7}, {"_id": "a"}]}))
    ['a', 'b']
    """
    return frozenset(key for role in objects(document.get("roles")) if (key := text(role.get("_id"))))


def belongs(document: Document, owner: str) -> bool:
    """Whether ``owner`` has a role in ``document`` and it is not archived.

    >>> belongs({"roles": [{"_id": "a"}]}, "a"), belongs({"roles": [{"_id": "a"}], "active": False}, "a")
    (True, False)
    >>> belongs({"roles": [{"_id": "a"}]}, "b"), belongs({}, "")
    (False, False)
    """
    named = objects(document.get("roles")) if owner else ()
    return document.get("active", True) is not False and any(text(role.get("_id")) == owner for role in named)


def values(document: object, path: str) -> list[str]:
    """The texts under a dotted ``path``, as MongoDB finds them: lists on the way are looked into.

    >>> values({"system": [{"_id": "a"}, {"_id": "b"}]}, "system._id")
    ['a', 'b']
    """
    found: list[object] = [document]
    for name in path.split("."):
        found = [part[name] for value in found for part in objects(value) if name in part]
    return [value for each in found for value in items(each) if isinstance(value, str)]


def dependencies(document: Document) -> list[str]:
    """The ids an application's ``deps`` point at."""
    return values(document, "deps._id")
