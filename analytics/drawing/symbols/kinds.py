"""Other kinds of things: servers, volumes, gateways, the outside, and what is only referred to."""

from __future__ import annotations

from ..solids import Ball, Dot, Mark, Stroke, Symbol, Wall, box, cylinder
from .shapes import arrow, rack, rect

KINDS = (
    Symbol("server", "Server", rack(10, 8, 24, 24, 31)),
    Symbol(
        "server-group",
        "Server group",
        (*rack(-10, 16, 14, 17, 20), *rack(7, 16, 14, 17, 20), *rack(24, 16, 14, 17, 20)),
    ),
    Symbol(
        "volume",
        "Volume",
        (
            box(-8, -2, 0, 46, 34, 9),
            Mark(
                "top",
                (-8, -2, 9),
                (
                    Dot(19, 17, 13.5, "paper"),
                    Dot(19, 17, 13.5, "ink", 1),
                    Dot(19, 17, 3, "ink"),
                    Stroke(((39, 6), (38, 18), (25, 18)), 2.4),
                    Dot(39, 6, 2.6, "ink"),
                ),
            ),
            Mark("left", (-8, 32, 9), (Stroke(((4, 4.5), (24, 4.5)), 1.6, "pale"), Dot(40, 4.5, 1.2, "paper"))),
        ),
    ),
    Symbol(
        "gateway",
        "Gateway",
        (
            cylinder(17, 15, 0, 13, 19.5),
            Mark(
                "top",
                (17, 15, 13),
                (
                    *arrow((-3, 0), (-14.5, 0), 2.4, 5),
                    *arrow((3, 0), (14.5, 0), 2.4, 5),
                    *arrow((0, -14.5), (0, -3), 2.4, 5),
                    *arrow((0, 14.5), (0, 3), 2.4, 5),
                ),
            ),
        ),
    ),
    Symbol(
        "internet-gateway",
        "Internet gateway",
        (
            cylinder(17, 15, 0, 9, 19.5),
            Ball(17, 15, 18.5, 9.5),
            Mark(
                "screen",
                (17, 15, 18.5),
                (
                    Stroke(((-11.5, 0), (11.5, 0)), 1.3, "paper"),
                    Stroke(((0, -11.5), (-5.5, -6), (-5.5, 6), (0, 11.5)), 1.3, "paper"),
                    Stroke(((0, -11.5), (5.5, -6), (5.5, 6), (0, 11.5)), 1.3, "paper"),
                ),
            ),
        ),
    ),
    Symbol(
        "nat-gateway",
        "NAT gateway",
        (
            box(-6, 0, 0, 44, 32, 12),
            Mark("top", (-6, 0, 12), (*arrow((8, 10), (36, 10), 2.6, 6), *arrow((36, 22), (8, 22), 2.6, 6))),
            Mark("left", (-6, 32, 12), (Stroke(((5, 6), (27, 6)), 1.8, "pale"), Dot(38, 6, 1.6, "paper"))),
        ),
    ),
    Symbol(
        "endpoint",
        "Service endpoint",
        (
            box(-6, 8, 0, 22, 20, 14),
            box(16, 12, 4, 8, 12, 7, 0.15),
            box(24, 12, 6, 12, 2.5, 3, 0.3),
            box(24, 21.5, 6, 12, 2.5, 3, 0.3),
            Mark("top", (-6, 8, 14), (Dot(11, 10, 5, "ink", 1.8),)),
        ),
    ),
    Symbol(
        "internet",
        "Internet",
        (
            cylinder(18, 17, 0, 2.5, 9, -0.1),
            Ball(18, 17, 16.6, 14),
            Mark(
                "screen",
                (18, 17, 16.6),
                (
                    Dot(0, 0, 16.9, "ink", 0.9),
                    *(
                        Stroke(points, 1.3, "paper")
                        for points in (
                            ((-17, 0), (17, 0)),
                            ((0, -17), (0, 17)),
                            ((-14.6, -8.6), (-7, -6.6), (7, -6.6), (14.6, -8.6)),
                            ((-14.6, 8.6), (-7, 10.6), (7, 10.6), (14.6, 8.6)),
                            ((0, -17), (-6.6, -10), (-8.6, 0), (-6.6, 10), (0, 17)),
                            ((0, -17), (6.6, -10), (8.6, 0), (6.6, 10), (0, 17)),
                        )
                    ),
                ),
            ),
        ),
    ),
    Symbol(
        "external",
        "Outside network",
        (
            Wall(
                (
                    *((2, 4), (32, 4), (36, 6), (38, 10.5), (36, 15), (31.5, 17), (31, 22), (27, 27), (21, 29)),
                    *((15, 27.5), (11, 23.5), (6, 23.5), (1, 20), (0.5, 16), (-2, 12.5), (-1.5, 7)),
                ),
                14,
                12,
                smooth=True,
            ),
        ),
    ),
    Symbol(
        "group",
        "Group",
        (
            box(-4, 0, 0, 20, 16, 14),
            box(18, 0, 0, 20, 16, 14),
            box(-4, 18, 0, 20, 16, 14),
            box(18, 18, 0, 20, 16, 14),
            box(7, 9, 14, 20, 16, 14),
            Mark(
                "left",
                (7, 25, 28),
                (rect(3, 3, 14, 8), Stroke(((6, 7), (14, 7)), 1.8), Stroke(((10, 3.8), (10, 10.2)), 1.8)),
            ),
        ),
    ),
    Symbol(
        "outside",
        "Outside of the part",
        (
            box(2, 2, 0, 36, 32, 3),
            box(12, 10, 3, 18, 16, 14),
            Mark("left", (12, 26, 17), (Stroke(((4, 7), (13, 7)), 2), Stroke(((9.5, 3.5), (13, 7), (9.5, 10.5)), 2))),
        ),
    ),
    Symbol(
        "ghost",
        "Not in the inventory",
        (
            box(6, 6, 0, 30, 28, 28),
            Mark(
                "left",
                (6, 34, 28),
                (
                    rect(3, 2.5, 24, 23.5),
                    Stroke(
                        ((9.5, 9.5), (11.5, 6), (15, 5), (19, 6.6), (20, 10.4), (17.6, 13.6), (15, 15.6), (15, 18.4)),
                        2.8,
                    ),
                    Dot(15, 23, 1.9),
                ),
            ),
        ),
    ),
    Symbol(
        "hidden",
        "Not visible to this owner",
        (
            box(2, 18, 0, 36, 12, 28),
            Mark(
                "left",
                (2, 30, 28),
                (
                    rect(3, 4, 30, 20),
                    Stroke(
                        ((5, 14), (11, 9), (18, 7.4), (25, 9), (31, 14), (25, 19), (18, 20.6), (11, 19)),
                        1.8,
                        closed=True,
                    ),
                    Dot(18, 14, 3.6),
                    Stroke(((8, 22.5), (28, 5.5)), 2.4),
                ),
            ),
        ),
    ),
    Symbol(
        "unknown",
        "Other family",
        (
            box(6, 6, 0, 30, 28, 28),
            Mark(
                "left",
                (6, 34, 28),
                (
                    rect(3, 3, 24, 22),
                    Stroke(
                        ((10, 9.5), (12, 7), (15, 6), (18.6, 7.4), (19.4, 10.4), (17.4, 13), (15, 14.6), (15, 16.8)),
                        2.2,
                    ),
                    Dot(15, 20.6, 1.5),
                ),
            ),
        ),
    ),
)
