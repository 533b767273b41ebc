"""What is down when things fail: the least fixed point over needs, in three values. Pure."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from .needs import Need, Needs
from .places import KINDS, may_stand


@dataclass(frozen=True, slots=True)
class Verdict:
    """What becomes of one thing: ``down``, ``degraded`` or ``cannot-tell``.

    ``because`` is the need that decides it (none for what failed itself),
    ``lost`` those of its members that are gone, degraded, or may be gone.
    """

    thing: str
    state: str
    because: Need | None = None
    lost: tuple[str, ...] = ()


Members = Mapping[str, list[Need]]


def members_of(needs: Iterable[Need]) -> Members:
    """The needs that each thing is a member of, as often as it is."""
    found: dict[str, list[Need]] = defaultdict(list)
    for need in needs:
        for member in need.of:
            found[member].append(need)
    return found


def fallen(needs: Collection[Need], failed: Collection[str], by_member: Members | None = None) -> dict[str, Verdict]:
    """Everything that is down once ``failed`` is: a thing falls when fewer than k members of a hard need are left.

    In the order of falling, so what a proof rests on always stands before it.
    Things that call one another bring nobody down by that alone.

    >>> both = (Need("a", 1, ("b", "c"), "calls"), Need("d", 1, ("a",), "calls"))
    >>> sorted(fallen(both, ["b"])), sorted(fallen(both, ["b", "c"]))
    (['b'], ['a', 'b', 'c', 'd'])
    """
    by_member = members_of(needs) if by_member is None else by_member
    down = {thing: Verdict(thing, "down") for thing in sorted(failed)}
    waiting = list(down)
    gone: Counter[int] = Counter()  # members of each need that are down: a need of thousands is not counted anew

    def count(thing: str) -> None:
        gone.update(id(need) for need in by_member.get(thing, ()))

    for thing in waiting:
        count(thing)
    for thing in waiting:  # grows while it is walked
        for need in by_member.get(thing, ()):
            if not need.soft and need.thing not in down and len(need.of) - gone[id(need)] < need.k:
                lost = tuple(one for one in need.of if one in down)
                down[need.thing] = Verdict(need.thing, "down", need, lost)
                waiting.append(need.thing)
                count(need.thing)
    return down


def failure(held: Needs, failed: Collection[str]) -> dict[str, Verdict]:
    """What becomes of every thing that does not simply stay up.

    What may stand in the place that fails, and what is referred to and not
    recorded, is taken as fine once and as gone once; where that decides, the
    answer is ``cannot-tell``.
    """
    by_member = members_of(held.needs)
    down = fallen(held.needs, failed, by_member)
    possible = fallen(held.needs, {*down, *held.ghosts, *perhaps_there(held, down)}, by_member)
    found = dict(down)
    for thing, verdict in possible.items():
        if thing not in down and thing not in held.ghosts:
            found[thing] = Verdict(thing, "cannot-tell", verdict.because, verdict.lost)
    waiting = []
    for need in held.needs:
        lost = tuple(one for one in need.of if one in down)
        if lost and need.thing not in found:
            found[need.thing] = Verdict(need.thing, "degraded", need, lost)
            waiting.append(need.thing)
    for thing in waiting:  # grows while it is walked
        for need in by_member.get(thing, ()):
            if not need.soft and need.thing not in found:
                found[need.thing] = Verdict(need.thing, "degraded", need, (thing,))
                waiting.append(need.thing)
    return found


def perhaps_there(held: Needs, down: Collection[str]) -> set[str]:
    """What has no full place recorded and so may stand in a place that is down."""
    places = [one for one in down if one.partition("/")[0] in KINDS]
    return {
        thing
        for thing, standing in held.standings.items()
        if thing not in down and any(may_stand(standing, place, held.atlas) for place in places)
    }
