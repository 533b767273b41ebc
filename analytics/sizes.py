"""Size classes of servers: one scale for pictures and roll-ups."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Size:
    """A size class; ``rank`` orders them, ``up_to`` is the highest score in it."""

    rank: int
    name: str
    up_to: float


SIZES = tuple(
    Size(rank, name, up_to)
    for rank, (name, up_to) in enumerate(
        [
            ("nano", 2.0),
            ("micro", 2.5),
            ("small", 3.5),
            ("medium", 7.0),
            ("large", 11.0),
            ("2xlarge", 22.0),
            ("4xlarge", 46.0),
            ("8xlarge", float("inf")),
        ]
    )
)


def size_of(cpu: float, memory: float) -> Size:
    """The class of a server with ``cpu`` cores and ``memory`` GB: its score is 1.5 x cpu + memory.

    >>> size_of(1, 0.5).name, size_of(2, 4).name, size_of(64, 256).name
    ('nano', 'medium', '8xlarge')
    """
    score = 1.5 * cpu + memory
    return next(size for size in SIZES if score <= size.up_to)
