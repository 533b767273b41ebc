"""How much work a layout may do: three named efforts, each bounded in proportion to the graph.

All bounds count steps, never seconds: the same graph gets the same picture on
every machine.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Effort:
    """The bounds of one effort.

    ``starts`` orders are tried from scratch with ``sweeps`` sweeps each at most,
    given up after ``patience`` that brought nothing; ``kicks`` disturbances of
    the best order follow, until ``stall`` for each vertex brought nothing.
    ``share`` is the number of table entries the ordering may touch for each
    vertex and segment, ``most`` the number for a whole part.
    ``laying`` is the number of steps that laying long lines anew may take besides.
    ``table`` is the largest table of differences, beyond it a vertex looks
    ``reach`` positions far. ``rankings`` ways to choose columns are compared in
    parts of up to ``compared`` nodes, and ``orientations`` to part a graph with
    cycles into lines that run forwards and backwards.
    ``pivots`` bounds the search for short lines.
    """

    name: str
    starts: int
    sweeps: int
    patience: int
    kicks: int
    stall: int
    share: int
    most: int
    laying: int
    table: int
    reach: int
    rankings: int
    compared: int
    orientations: int
    pivots: int


EFFORTS = {
    effort.name: effort
    for effort in (
        Effort(
            "fast",
            starts=2, sweeps=8, patience=3, kicks=200, stall=1, share=200, most=400_000, laying=1_000_000,
            table=100_000, reach=40, rankings=1, compared=0, orientations=1, pivots=150_000,
        ),
        Effort(
            "standard",
            starts=4, sweeps=12, patience=4, kicks=8_000, stall=2, share=800, most=3_000_000, laying=20_000_000,
            table=2_000_000, reach=80, rankings=3, compared=60, orientations=2, pivots=400_000,
        ),
        Effort(
            "best",
            starts=8, sweeps=24, patience=6, kicks=6_000, stall=200, share=8_000, most=20_000_000, laying=100_000_000,
            table=4_000_000, reach=250, rankings=6, compared=1 << 30, orientations=2, pivots=3_000_000,
        ),
    )
}  # fmt: skip

#: What no request asks for: where there are so many lines that nobody follows one, the picture has to come at all.
SKETCH = Effort(
    "sketch",
    starts=1, sweeps=6, patience=2, kicks=0, stall=1, share=20, most=40_000, laying=0,
    table=0, reach=0, rankings=1, compared=0, orientations=1, pivots=40_000,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Bound:
    """From ``lines`` lines on, if there are also ``each`` of them to a thing, no more than ``effort`` is spent."""

    lines: int
    each: float
    effort: Effort


#: The first that holds counts. Sparse graphs of ten thousand things keep what was asked for.
BOUNDS = (
    Bound(40_000, 0, SKETCH),
    Bound(2_000, 2.5, SKETCH),
    Bound(600, 3, EFFORTS["fast"]),
)


def bounded(asked: Effort, things: int, lines: int) -> Effort:
    """``asked``, or less where the graph is too dense for it. Counts, never seconds: the same on every machine.

    >>> bounded(EFFORTS["best"], 60, 1_770).name, bounded(EFFORTS["standard"], 1_000, 1_500).name
    ('fast', 'standard')
    """
    for bound in BOUNDS:
        if lines >= bound.lines and lines >= bound.each * things:
            return min(asked, bound.effort, key=lambda effort: effort.most)
    return asked


def named(effort: str) -> Effort:
    """The effort called ``effort``; ``ValueError`` lists the names when there is none.

    >>> named("fast").starts
    2
    """
    if effort not in EFFORTS:
        raise ValueError(f"no effort called {effort!r}; there are {', '.join(EFFORTS)}")
    return EFFORTS[effort]
