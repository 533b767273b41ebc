"""Single values of the inventory's documents: any of them may be missing, null, empty or of the wrong type.

What cannot be read becomes the empty value of its kind, never an error.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

#: The readers ask for ``dict`` first, which nearly every one is: asking for ``Mapping`` alone costs ten times as much.
Document = Mapping[str, Any]

_SIZE = re.compile(r"([0-9]+(?:\.[0-9]+)?)\s*([kmgt])(?:i?b)?").fullmatch
#: GB in a unit of size.
_UNITS = {"k": 1 / 1024**2, "m": 1 / 1024, "g": 1.0, "t": 1024.0}

#: Longest text taken over from a document; names in drawings are far shorter.
TEXT_LIMIT = 2_000


def text(value: object) -> str:
    """A document's value as text: numbers are spelled out, everything else that is not text is empty.

    >>> text(" Web  App "), text(5000), text(None), text({"a": 1})
    ('Web  App', '5000', '', '')
    """
    if value is None:  # the most common of all: most fields of most documents are missing
        return ""
    if isinstance(value, str):
        return value.strip()[:TEXT_LIMIT]
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return ""
    if isinstance(value, int):
        return str(value) if abs(value) < 10**18 else ""
    return f"{value:g}" if math.isfinite(value) else ""


def number(value: object) -> float:
    """A document's value as a finite number of at least zero, else 0. Text like ``"4"`` counts.

    >>> number("4"), number(2.5), number(None), number("many"), number(-1)
    (4.0, 2.5, 0.0, 0.0, 0.0)
    """
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        return 0.0
    try:
        result = float(value)
    except (ValueError, OverflowError):
        return 0.0
    return result if math.isfinite(result) and 0 <= result < 1e12 else 0.0


def measure(value: object) -> float | None:
    """A number as :func:`number` reads it; nothing where there is none.

    >>> measure(0), measure("2.5"), measure(None), measure("fast")
    (0.0, 2.5, None, None)
    """
    return None if not number(value) and text(value) not in ("0", "0.0") else number(value)


def share(value: object) -> float | None:
    """A share from 0 to 1: a number, or text with ``%``; nothing where it is none.

    >>> share(0.005), share("0.5 %"), share(0), share(5), share("few")
    (0.005, 0.005, 0.0, None, None)
    """
    word = text(value)
    found = measure(word.removesuffix("%").strip() if isinstance(value, str) else value)
    if found is not None and word.endswith("%"):
        found /= 100
    return found if found is not None and found <= 1 else None


def moment(value: str) -> datetime | None:
    """A date as databases, people and mails write it, in UTC where it names no zone; nothing where it is none.

    >>> moment("2026-03-02"), moment("yesterday")
    (datetime.datetime(2026, 3, 2, 0, 0, tzinfo=datetime.timezone.utc), None)
    >>> moment("Mon, 02 Mar 2026 10:00:00 GMT") == moment("2026-03-02T11:00:00+01:00")
    True
    """
    word = value.strip()
    try:
        found = datetime.fromisoformat(word) if word[:1].isdigit() else parsedate_to_datetime(word)
    except (ValueError, TypeError, IndexError):
        return None
    return found if found.tzinfo is not None else found.replace(tzinfo=UTC)


def gigabytes(value: object) -> float:
    """A size in GB, else 0: a number is one, and so is text that ends in a unit.

    >>> gigabytes(8), gigabytes("8 GB"), gigabytes("512MB"), gigabytes("2 TiB"), gigabytes("much")
    (8.0, 8.0, 0.5, 2048.0, 0.0)
    """
    if isinstance(value, str) and (found := _SIZE(value.strip().casefold())):
        return number(found[1]) * _UNITS[found[2]]
    return number(value)


def items(value: object) -> list[Any]:
    """A document's value as a list; a single object stands for a list of one.

    >>> items([1, 2]), items({"_id": "a"}), items(None), items("us-east-1a")
    ([1, 2], [{'_id': 'a'}], [], ['us-east-1a'])
    """
    if isinstance(value, list):
        return value
    if not value:
        return []
    if isinstance(value, tuple):
        return list(value)
    return [value] if isinstance(value, (str, dict, Mapping)) else []


def objects(value: object) -> list[Document]:
    """The objects in a document's value."""
    return [item for item in items(value) if isinstance(item, (dict, Mapping))]


def texts(value: object) -> tuple[str, ...]:
    """The texts in a document's value, empty ones left out."""
    return tuple([word for item in items(value) if (word := text(item))])


def child(document: Document, name: str) -> Document:
    """The object under ``name``, or an empty one."""
    value = document.get(name)
    return value if isinstance(value, (dict, Mapping)) else {}


def identity(document: Document) -> tuple[str, str]:
    """A document's id and name; without a name it is called by its id, without an id it is nothing.

    >>> identity({"_id": "1", "name": "Shop"}), identity({"_id": "1"})
    (('1', 'Shop'), ('1', '1'))
    """
    key = text(document.get("_id"))
    return key, text(document.get("name")) or key
