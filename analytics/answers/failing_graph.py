"""What falls within one drawn graph when something of it fails: by the calls of the applications it was made of. Pure.

An application that fails takes no server with it, so the calls decide; calls of
what nobody holds are left as they are: what rests on those cannot be told in any case.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from ..model.artifacts import Lookup
from .failure import Verdict, failure
from .needs import Needs, needs_of
from .single import single_failures
from .whole import Whole

#: The needs that tell of calls.
CALLS = frozenset({"calls", "stands-in"})


@dataclass(frozen=True, slots=True)
class Falling:
    """What becomes of one application: ``down``, ``degraded`` or ``cannot-tell``; ``chain`` leads to what failed."""

    thing: str
    name: str
    state: str
    chain: tuple[str, ...]


def calls_of(lookup: Lookup) -> Needs:
    """What the applications of a graph need of each other."""
    held = needs_of(Whole(applications=lookup.applications))
    needs = tuple(need for need in held.needs if need.kind in CALLS)
    ghosts = frozenset(one for need in needs for one in need.of) - {
        f"applications/{app.id}" for app in lookup.applications
    }
    return replace(held, needs=needs, ghosts=ghosts, standings={})


def falling(held: Needs, failed: Collection[str]) -> tuple[Falling, ...]:
    """Everything that does not stay up once ``failed`` is gone, the worst first; what failed itself is not listed."""
    anyway = failure(held, [])
    found = {
        thing: verdict
        for thing, verdict in failure(held, failed).items()
        if thing not in failed and (thing not in anyway or verdict.state == "down")
    }
    order = ("down", "degraded", "cannot-tell")
    rows = [
        Falling(thing, held.names.get(thing, thing), verdict.state, chain_of(thing, found, held.names))
        for thing, verdict in found.items()
    ]
    return tuple(sorted(rows, key=lambda one: (order.index(one.state), len(one.chain), one.name, one.thing)))


def chain_of(thing: str, found: Mapping[str, Verdict], names: Mapping[str, str]) -> tuple[str, ...]:
    """The names from a thing down to what failed."""
    chain = [thing]
    while (verdict := found.get(chain[-1])) is not None and verdict.lost and verdict.lost[0] not in chain:
        chain.append(verdict.lost[0])
    return tuple(names.get(one, one) for one in chain)


def weak_of(held: Needs) -> Sequence[tuple[str, tuple[str, ...]]]:
    """Each application that brings others down by failing alone, and those, the worst first."""
    found = [
        (thing, tuple(sorted(one for one in brought if one.startswith("applications/"))))
        for thing, brought in single_failures(held.needs).items()
        if thing.startswith("applications/") and thing not in held.ghosts
    ]
    return sorted(((thing, brought) for thing, brought in found if brought), key=lambda one: (-len(one[1]), one[0]))
