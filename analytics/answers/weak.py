"""Weak points: the single failures that bring down applications or systems, worst first. Pure."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from .needs import Needs
from .single import single_failures
from .whole import Whole

#: What may fail, in the order in which answers tell of it.
KINDS = ("applications", "servers", "networks", "zones", "regions", "datacenters", "providers")


@dataclass(frozen=True, slots=True)
class WeakPoint:
    """Things of one kind, each of which alone brings down the same; their own fall does not count.

    ``applications``, ``systems`` and ``clients`` are ids of what falls, or is felt by.
    """

    kind: str
    things: tuple[str, ...]
    applications: tuple[str, ...]
    systems: tuple[str, ...]
    clients: tuple[str, ...]


def weak_points(held: Needs, whole: Whole) -> tuple[WeakPoint, ...]:
    """All of them, by kind; within one by clients, systems and applications brought down."""
    served = {f"systems/{one.id}": [f"clients/{ref.id}" for ref in one.clients] for one in whole.systems}
    alike: dict[tuple[str, tuple[str, ...], tuple[str, ...]], list[str]] = defaultdict(list)
    for thing, brought in single_failures(held.needs).items():
        kind = thing.partition("/")[0]
        if kind in KINDS:
            applications = tuple(sorted(one for one in brought if one.startswith("applications/")))
            systems = tuple(sorted(one for one in brought if one.startswith("systems/")))
            if applications or systems:
                alike[kind, applications, systems].append(thing)
    found = [
        WeakPoint(
            kind,
            tuple(sorted(things)),
            applications,
            systems,
            tuple(sorted({c for one in systems for c in served.get(one, ())})),
        )
        for (kind, applications, systems), things in alike.items()
    ]
    return tuple(
        sorted(
            found,
            key=lambda one: (
                KINDS.index(one.kind),
                -len(one.clients),
                -len(one.systems),
                -len(one.applications),
                one.things,
            ),
        )
    )
