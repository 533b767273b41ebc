"""Families that keep things: databases, caches, storage, logs, queues and mail."""

from __future__ import annotations

from ..solids import Cone, Dot, Fill, Mark, Stroke, Symbol, Wall, box, cylinder, disc
from .shapes import SLAB_FACE, arrow, bolt, lines, rect, slab

KEEPING = (
    Symbol(
        "Database",
        "Database",
        (
            cylinder(19, 17.5, 0, 9, 17),
            cylinder(19, 17.5, 10.5, 9, 17),
            cylinder(19, 17.5, 21, 9, 17),
        ),
    ),
    Symbol(
        "Cache",
        "Cache",
        (
            *(box(-13, y, 0, 5, 4, 3, -0.3) for y in (-2, 8, 18)),
            *(box(x, -10, 0, 4, 5, 3, -0.3) for x in (-4, 8, 20)),
            box(-8, -6, 2, 41, 35, 9),
            *(box(33, y, 0, 5, 4, 3, 0.1) for y in (-2, 9, 20)),
            *(box(x, 29, 0, 4, 5, 3, 0.1) for x in (-3, 10, 23)),
            Mark("top", (-8, -6, 11), (rect(5, 5, 31, 25), bolt(9, 6, 23))),
        ),
    ),
    Symbol(
        "ObjectStorage",
        "Object storage",
        (
            Cone(19, 17.5, 0, 27, 10.5, 16.5),
            Mark(
                "top",
                (19, 17.5, 27),
                (Dot(0, 0, 13.6, "paper"), Fill(disc(-3.2, -2.4, 5), "base"), rect(1, -2, 8, 8, "ink")),
            ),
        ),
    ),
    Symbol(
        "NAS",
        "Network storage",
        (
            box(-8, 0, 0, 46, 32, 20),
            Mark(
                "left",
                (-8, 32, 20),
                tuple(
                    shape
                    for bay in range(5)
                    for shape in (
                        rect(2.6 + 8.4 * bay, 2.4, 6.8, 15.2),
                        Stroke(((4.4 + 8.4 * bay, 4.8), (7.6 + 8.4 * bay, 4.8)), 1.2),
                        Dot(6 + 8.4 * bay, 14.6, 1.1),
                    )
                ),
            ),
        ),
    ),
    Symbol(
        "Logs",
        "Logs",
        (
            box(-12, -8, 0, 44, 37, 3),
            box(-10, -6, 4, 45, 38, 3),
            box(-8, -3, 8, 46, 38, 4),
            Mark(
                "top",
                (-8, -3, 12),
                (rect(2.5, 2.5, 41, 33), *lines(7, 8.5, (32, 24, 30, 18, 27), gap=5.3, width=2)),
            ),
        ),
    ),
    Symbol(
        "Broker",
        "Message broker",
        (
            *slab(),
            Mark(
                "left",
                SLAB_FACE,
                (
                    rect(4, 10, 7, 16),
                    rect(14, 10, 7, 16),
                    *arrow((23, 18), (37, 18), 3.6, 9, "paper"),
                ),
            ),
        ),
    ),
    Symbol(
        "SMTP",
        "Mail",
        (
            box(14, 15, 0, 6, 6, 8, -0.15),
            Wall(
                (
                    *((2, 8), (30, 8), (30, 18)),
                    *tuple((16 + x, 18 + y) for x, y in disc(0, 0, 14, 36)[1:18]),
                    (2, 18),
                ),
                4,
                28,
                smooth=True,
            ),
            Mark(
                "left",
                (2, 32, 32),
                (
                    rect(4.5, 9, 19, 13),
                    Stroke(((4.5, 9), (23.5, 9), (23.5, 22), (4.5, 22)), 1.2, closed=True),
                    Stroke(((4.5, 9.4), (14, 16.8), (23.5, 9.4)), 1.5),
                ),
            ),
            box(31, 16, 12, 2.2, 2.2, 15, -0.3),
            box(31, 9, 22, 2.2, 9, 5, 0.05),
        ),
    ),
    Symbol(
        "Monitor",
        "Monitoring",
        (
            box(8, 14, 0, 20, 16, 2.5, -0.1),
            box(15, 19, 2.5, 6, 4, 5, -0.15),
            box(-2, 18, 7, 40, 6, 23),
            Mark(
                "left",
                (-2, 24, 30),
                (
                    rect(2, 2, 36, 20),
                    Stroke(((4, 13), (11, 13), (14, 7), (18.5, 19), (22.5, 4.5), (26, 13), (36, 13)), 2),
                ),
            ),
        ),
    ),
)
