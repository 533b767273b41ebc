"""The two grounds a picture can have: what tiles, lanes and titles take on each.

Seen from above (``flat``) a node is a card, its name beside its symbol; on the
``isometric`` ground it is a square tile, its name upright on the front half.
Nothing else of the layout knows which it is.
"""

from __future__ import annotations

from dataclasses import replace

from .records import TILE, Measures

ISOMETRIC = Measures(
    gap=280_000,
    aisle=300_000,
    margin=110_000,
    lane=60_000,
    header=340_000,
    padding=180_000,
    narrowest=1_500_000,
    word=142_000,
    beside=84_000,
    type_size=18.0,
)
FLAT = Measures(
    width=1_150_000,
    depth=440_000,
    gap=170_000,
    aisle=380_000,
    margin=110_000,
    lane=50_000,
    header=270_000,
    padding=150_000,
    narrowest=1_500_000,
    word=118_000,
    beside=72_000,
    type_size=15.0,
    flat=True,
)
PROJECTIONS = {"isometric": ISOMETRIC, "flat": FLAT}

#: Widths of cards, in hundredths of a tile, that are compared for a graph.
CARDS = (100, 115, 140)


def named(projection: str) -> Measures:
    """The measures of ``projection``; ``ValueError`` lists the names when there is none.

    >>> named("flat").flat
    True
    """
    if projection not in PROJECTIONS:
        raise ValueError(f"no projection called {projection!r}; there are {', '.join(PROJECTIONS)}")
    return PROJECTIONS[projection]


def with_card(measures: Measures, hundredths: int) -> Measures:
    """``measures`` with cards of another width."""
    return replace(measures, width=hundredths * TILE // 100)
