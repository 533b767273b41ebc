"""What people state of a thing's needs: how many of its servers are enough, which calls stand in for one another."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from .values import items, text

_OF = re.compile(r"(any|majority|all|[0-9]+)\s+of").fullmatch
#: What a number may be stated of.
COUNTED = ("servers", "targets", "zones")


@dataclass(frozen=True, slots=True)
class Stated:
    """One thing that is stated: of ``servers``, ``targets``, ``zones``, or ``of`` named applications.

    ``amount`` is a number, ``majority``, ``any`` or ``all`` as it was written.
    ``optional`` names calls that a thing can do without. What is none of these
    is ``unknown``, with its key in ``amount``.
    """

    what: str
    amount: str = ""
    of: tuple[str, ...] = ()


def read_needs(value: object) -> tuple[Stated, ...]:
    """``needs`` of an application: a number of servers, an object, or a list of objects. Nothing read here raises.

    >>> read_needs(2), read_needs({"any of": ["a", "b"]})
    ((Stated(what='servers', amount='2', of=()),), (Stated(what='of', amount='any', of=('a', 'b')),))
    """
    found: list[Stated] = []
    # A bare number is the usual way to write it, and no list of anything.
    number = isinstance(value, int | float) and not isinstance(value, bool)
    for item in [value] if number else items(value):
        if not isinstance(item, Mapping):
            found.append(Stated("servers", text(item)))
            continue
        for key, said in item.items():
            word = " ".join(text(key).split())
            if word in COUNTED:
                found.append(Stated(word, text(said)))
            elif word == "optional":
                found.append(Stated(word, "", mentioned(said)))
            elif (amount := _OF(word)) is not None:
                found.append(Stated("of", amount.group(1), mentioned(said)))
            else:
                found.append(Stated("unknown", word))
    return tuple(found)


def mentioned(value: object) -> tuple[str, ...]:
    """Ids or names, from texts or ``{_id, name}``."""
    found = (text(item.get("_id")) if isinstance(item, Mapping) else text(item) for item in items(value))
    return tuple(dict.fromkeys(word for word in found if word))
