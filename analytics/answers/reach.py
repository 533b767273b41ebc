"""What depends on a thing, and what it depends on, hop by hop, with the chain to each. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

from .needs import Need, Needs

Way = Literal["up", "down"]


@dataclass(frozen=True, slots=True)
class Reached:
    """A thing that is reached: how many hops away, over which need, and from which thing."""

    thing: str
    hops: int
    need: Need
    through: str


def reached(held: Needs, start: Collection[str], way: Way, hops: int = 0) -> tuple[Reached, ...]:
    """Everything that depends on ``start`` (``up``), or that it depends on (``down``), nearest first, each once.

    ``hops`` is how far, 0 without end. Of several ways the shortest is told, of equal ones the first by id.
    """
    ahead: dict[str, list[tuple[str, Need]]] = defaultdict(list)
    for need in held.needs:
        for member in need.of:
            here, there = (member, need.thing) if way == "up" else (need.thing, member)
            ahead[here].append((there, need))
    found: dict[str, Reached] = {}
    known = set(start)
    edge = sorted(known)
    distance = 0
    while edge and (not hops or distance < hops):
        distance += 1
        after = []
        for thing in edge:
            for other, need in sorted(ahead.get(thing, ()), key=lambda one: one[0]):
                if other not in known:
                    known.add(other)
                    found[other] = Reached(other, distance, need, thing)
                    after.append(other)
        edge = sorted(after)
    return tuple(found.values())


def chain_to(found: dict[str, Reached], thing: str, most: int = 0) -> tuple[str, ...]:
    """The things on the way from the start to ``thing``, both ends among them; only the last ``most``, if any."""
    chain = [thing]
    while chain[-1] in found and len(chain) != most:
        chain.append(found[chain[-1]].through)
    return tuple(reversed(chain))
