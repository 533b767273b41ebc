"""Hubs: what so much of the map calls that lines to it say little and hide everything else."""

from __future__ import annotations

from itertools import pairwise

from .callmap import CallMap

#: A hub has so many callers, this share of all things, and so many times the mean.
LEAST, SHARE, TIMES_MEAN = 8, 0.02, 4
#: Where the callers fall by half within so many, the last such fall parts hubs from the rest; else there are this many.
MOST, USUAL = 24, 12


def find_hubs(graph: CallMap) -> tuple[int, ...]:
    """The hubs, the most called first."""
    callers = [len(found) for found in graph.callers]
    order = sorted(range(graph.size), key=lambda thing: (-callers[thing], thing))
    least = max(LEAST, SHARE * graph.size, TIMES_MEAN * len(graph.relations) / max(1, graph.size))
    able = [thing for thing in order if callers[thing] >= least]
    falls = [
        place
        for place, (one, other) in enumerate(pairwise(order[: MOST + 1]), 1)
        if callers[one] >= 2 * max(1, callers[other]) and place <= len(able)
    ]
    return tuple(able[: falls[-1] if falls else USUAL])
