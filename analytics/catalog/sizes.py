"""Size classes of servers: one scale for pictures and roll-ups."""

from __future__ import annotations

from dataclasses import dataclass

_NAMED_SIZES = ("nano", "micro", "small", "medium", "large")


def size_rank(size: str) -> float:
    """Where a size class stands among the others; what is not a size class comes last.

    >>> sorted(["16xlarge", "xlarge", "nano", "2xlarge", "huge"], key=size_rank)
    ['nano', 'xlarge', '2xlarge', '16xlarge', 'huge']
    """
    if size in _NAMED_SIZES:
        return _NAMED_SIZES.index(size)
    times = size.removesuffix("xlarge") or "1"
    return 10.0 + int(times) if size.endswith("xlarge") and times.isdecimal() and len(times) < 5 else 1e6


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
