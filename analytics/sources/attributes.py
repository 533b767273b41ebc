"""Attributes of things in files that tools write: any may be missing, null or of another type. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from .parts import mappings

#: The most characters of a text that are kept.
LONGEST = 2_000


def plain(value: object) -> str:
    """A text or a number as text; nothing for anything else, and for numbers that nobody counts to.

    >>> plain(" web "), plain(443), plain(True), plain(10**30), plain(["a"])
    ('web', '443', '', '', '')
    """
    if isinstance(value, str):
        return value[:LONGEST].strip()
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not abs(value) < 10**18:
        return ""
    return str(value)


def word(values: Mapping[str, Any], *names: str) -> str:
    """The first of some attributes that says something, as text."""
    for name in names:
        value = values.get(name)
        if value and (said := plain(value)):
            return said
        if value == 0 and value is not False:
            return "0"
    return ""


def texts(values: Mapping[str, Any], *names: str) -> list[str]:
    """The texts under some attributes, one or lists, each once."""
    found: list[str] = []
    for name in names:
        value = values.get(name)
        if isinstance(value, list):
            found += [said for one in value if not isinstance(one, dict) and (said := plain(one))]
        elif value is not None and (said := plain(value)):
            found.append(said)
    return list(dict.fromkeys(found)) if len(found) > 1 else found


def blocks(values: Mapping[str, Any], name: str) -> Sequence[Mapping[str, Any]]:
    """The blocks of a name; states write them as lists, some as one object."""
    value = values.get(name)
    return [value] if isinstance(value, dict) else mappings(value)


def number(values: Mapping[str, Any], *names: str) -> float | None:
    """The first of some attributes that is a number."""
    value = next((values[name] for name in names if isinstance(values.get(name), (int, float))), None)
    return None if value is None or isinstance(value, bool) or not 0 <= value < 1e9 else value


def link(text: str) -> str:
    """A Google link from its project on: with and without a host they are one.

    >>> link("https://www.googleapis.com/compute/v1/projects/p/zones/z/instances/i")
    'projects/p/zones/z/instances/i'
    """
    at = text.find("projects/")
    return text[at:] if at >= 0 else text
