"""What is down when things fail: the least fixed point over needs, in three values. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from .needs import Need, Needs


@dataclass(frozen=True, slots=True)
class Verdict:
    """What becomes of one thing: ``down``, ``degraded`` or ``cannot-tell``.

    ``because`` is the need that decides it (none for what failed itself),
    ``lost`` those of its members that are gone or, where it cannot be told, may be.
    """

    thing: str
    state: str
    because: Need | None = None
    lost: tuple[str, ...] = ()


def fallen(needs: Collection[Need], failed: Collection[str]) -> Mapping[str, Verdict]:
    """Everything that is down once ``failed`` is: a thing falls when fewer than k members of a need are left.

    In the order of falling, so what a proof rests on always stands before it.
    Things that call one another bring nobody down by that alone.

    >>> both = (Need("a", 1, ("b", "c"), "calls"), Need("d", 1, ("a",), "calls"))
    >>> sorted(fallen(both, ["b"])), sorted(fallen(both, ["b", "c"]))
    (['b'], ['a', 'b', 'c', 'd'])
    """
    by_member: dict[str, list[Need]] = defaultdict(list)
    for need in needs:
        for member in dict.fromkeys(need.of):
            by_member[member].append(need)
    down = {thing: Verdict(thing, "down") for thing in sorted(failed)}
    waiting = list(down)
    for thing in waiting:  # grows while it is walked
        for need in by_member.get(thing, ()):
            if need.thing in down:
                continue
            lost = tuple(one for one in need.of if one in down)
            if len(need.of) - len(lost) < need.k:
                down[need.thing] = Verdict(need.thing, "down", need, lost)
                waiting.append(need.thing)
    return down


def failure(held: Needs, failed: Collection[str]) -> Mapping[str, Verdict]:
    """What becomes of every thing that does not simply stay up.

    What may stand in the place that fails, and what is referred to and not
    recorded, is taken as fine once and as gone once; where that decides, the
    answer is ``cannot-tell``.
    """
    down = fallen(held.needs, failed)
    possible = fallen(held.needs, {*down, *held.ghosts, *perhaps_there(held, failed)})
    found = dict(down)
    for thing, verdict in possible.items():
        if thing not in down and thing not in held.ghosts:
            found[thing] = Verdict(thing, "cannot-tell", verdict.because, verdict.lost)
    by_thing: dict[str, list[Need]] = defaultdict(list)
    for need in held.needs:
        by_thing[need.thing].append(need)
    spreading: dict[str, list[Need]] = defaultdict(list)
    waiting: list[str] = []
    for thing, needs in by_thing.items():
        for need in needs:
            lost = tuple(one for one in need.of if one in down)
            if thing not in found and lost:
                found[thing] = Verdict(thing, "degraded", need, lost)
                waiting.append(thing)
            for member in need.of:
                spreading[member].append(need)
    for thing in waiting:
        for need in spreading.get(thing, ()):
            if need.thing not in found:
                found[need.thing] = Verdict(need.thing, "degraded", need, (thing,))
                waiting.append(need.thing)
    return found


def perhaps_there(held: Needs, failed: Collection[str]) -> set[str]:
    """What has no full place recorded and so may stand in a place that fails."""
    found = set()
    for place in failed:
        kind, _, rest = place.partition("/")
        if kind in ("zones", "datacenters", "providers"):
            center = f"datacenters/{rest.rsplit('/', 1)[0]}" if kind == "zones" else ""
            stated = {need.thing for need in held.needs if need.kind == "stands-in" and need.of[0].startswith(kind)}
            for thing, where in held.unplaced.items():
                if thing not in stated and (not where or not center or where == center):
                    found.add(thing)
    return found
