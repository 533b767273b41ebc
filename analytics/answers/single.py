"""What each thing falls by, one failure at a time: exact sets of single failures, all at once. Pure.

A set is a Python integer, one bit a thing. A thing falls by itself, and by what
brings down more of a need's members than can be spared. Things are taken in the
order of what they rest on; within a cycle this is repeated until nothing grows,
from the empty set up, so that a cycle alone brings nobody down.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from math import inf

from ..errors import AnalyticsError
from .needs import Need

#: Bits of a set that are worked on at once, about.
WORD = 4_096


class TooMuch(AnalyticsError):
    """An answer that would take too long to wait for."""


def single_failures(needs: Iterable[Need]) -> Mapping[str, frozenset[str]]:
    """The things that each thing's failure brings down, but for itself; only those whose failure does.

    >>> both = Need("a", 1, ("b", "c"), "calls")
    >>> found = single_failures((both, Need("b", 1, ("d",), "calls"), Need("c", 1, ("d",), "calls")))
    >>> sorted(found["d"]), "b" in found
    (['a', 'b', 'c'], False)
    """
    things, falls = falls_by(needs)
    names = list(things)
    alike = defaultdict(list)
    for thing, bits in falls.items():
        alike[bits].append(thing)
    brought: dict[str, set[str]] = defaultdict(set)
    for bits, fallen in alike.items():
        for place in places(bits):
            brought[names[place]].update(fallen)
    return {thing: frozenset(effect - {thing}) for thing, effect in brought.items() if len(effect) > 1}


def falls_by(needs: Iterable[Need], most: float = inf) -> tuple[dict[str, int], dict[str, int]]:
    """The place of each thing's bit, and the bits of what each thing falls by, itself among them.

    Raises :class:`TooMuch` where that takes more than ``most`` operations on words of a set.
    """
    hard: dict[str, list[Need]] = defaultdict(list)
    things: dict[str, int] = {}
    for need in needs:
        if not need.soft:
            hard[need.thing].append(need)
            for thing in (need.thing, *need.of):
                things.setdefault(thing, len(things))
    falls = {thing: 1 << place for thing, place in things.items()}
    rests = {thing: [one for need in hard.get(thing, ()) for one in need.of] for thing in things}
    words, spent = 1 + len(things) // WORD, 0
    for part in components(rests):
        growing = True
        if len(part) > 1 and all(need.k == len(need.of) for thing in part for need in hard[thing]):
            # Each of a circle without a spare falls by all that any of it falls by.
            whole = 0
            for thing in part:
                for one in (thing, *rests[thing]):
                    whole |= falls[one]
            falls.update(dict.fromkeys(part, whole))
            growing = False
        while growing:
            growing = False
            for thing in part:
                found = falls[thing]
                for need in hard.get(thing, ()):
                    enough = len(need.of) - need.k + 1
                    spent += words * len(need.of) * max(1, min(enough, need.k))
                    if spent > most:
                        raise TooMuch("Too much hangs together here to be answered at once.")
                    found |= at_least(enough, [falls[one] for one in need.of])
                if found != falls[thing]:
                    falls[thing] = found
                    growing = len(part) > 1
    return things, falls


def at_least(m: int, sets: Sequence[int]) -> int:
    """The bits that stand in at least ``m`` of the sets.

    >>> at_least(2, [0b011, 0b110, 0b010]), at_least(1, [1, 2]), at_least(3, [3, 1])
    (2, 3, 0)
    """
    if m > len(sets):
        return 0
    if m == len(sets):
        common = sets[0]
        for one in sets[1:]:
            common &= one
        return common
    levels = [0] * (m + 1)
    for one in sets:
        for level in range(m, 1, -1):
            levels[level] |= levels[level - 1] & one
        levels[1] |= one
    return levels[m]


def places(bits: int) -> Iterator[int]:
    """The places of the bits that are set, from the lowest."""
    digits = format(bits, "b")[::-1]
    at = digits.find("1")
    while at >= 0:
        yield at
        at = digits.find("1", at + 1)


def components(rests: Mapping[str, Sequence[str]]) -> Iterator[list[str]]:
    """The strongly connected parts, each after all that it rests on.

    >>> list(components({"a": ["b"], "b": ["c"], "c": ["b"]}))
    [['c', 'b'], ['a']]
    """
    index: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []
    on_stack: set[str] = set()
    for root in rests:
        if root in index:
            continue
        index[root] = low[root] = len(index)
        stack.append(root)
        on_stack.add(root)
        work = [(root, iter(rests[root]))]
        while work:
            thing, ahead = work[-1]
            for other in ahead:
                if other not in index:
                    index[other] = low[other] = len(index)
                    stack.append(other)
                    on_stack.add(other)
                    work.append((other, iter(rests[other])))
                    break
                if other in on_stack:
                    low[thing] = min(low[thing], index[other])
            else:
                work.pop()
                if work:
                    low[work[-1][0]] = min(low[work[-1][0]], low[thing])
                if low[thing] == index[thing]:
                    part = []
                    while True:
                        part.append(stack.pop())
                        on_stack.discard(part[-1])
                        if part[-1] == thing:
                            break
                    yield part
