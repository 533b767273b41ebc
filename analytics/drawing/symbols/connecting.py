"""Families that connect: balancers, gateways, meshes, names, tunnels and doors."""

from __future__ import annotations

from ..solids import Ball, Dot, Fill, Mark, Prism, Stroke, Symbol, Wall, box, cylinder, disc
from .shapes import arrow, hexagon, lines, rect

CONNECTING = (
    Symbol(
        "Loadbalance",
        "Load balancer",
        (
            box(-14, -6, 0, 52, 41, 3, -0.06),
            Mark(
                "top",
                (-14, -6, 3),
                (
                    *arrow((14, 20.5), (38, 6.5), 2),
                    *arrow((14, 20.5), (38, 20.5), 2),
                    *arrow((14, 20.5), (38, 34.5), 2),
                ),
            ),
            Prism(hexagon(-1, 14.5, 10.5), 3, 13),
            box(26, -4, 3, 9, 9, 9),
            box(26, 10, 3, 9, 9, 9),
            box(26, 24, 3, 9, 9, 9),
        ),
    ),
    Symbol(
        "ApiGateway",
        "API gateway",
        (
            Wall(
                ((-2, 0), (9, 0), (9, 14), (13, 18.5), (23, 18.5), (27, 14), (27, 0), (38, 0), (38, 30), (-2, 30)),
                16,
                13,
            ),
            Mark(
                "left",
                (-2, 29, 30),
                (
                    rect(6, 2, 28, 8.6),
                    Stroke(((15, 3.4), (12, 6.3), (15, 9.2)), 1.6),
                    Stroke(((25, 3.4), (28, 6.3), (25, 9.2)), 1.6),
                    Stroke(((21.4, 3.2), (18.6, 9.4)), 1.6),
                ),
            ),
        ),
    ),
    Symbol(
        "ServiceMesh",
        "Service mesh",
        (
            box(-14, -10, 0, 50, 44, 3, -0.06),
            Mark(
                "top",
                (-14, -10, 3),
                tuple(
                    Stroke((a, b), 1.8)
                    for a, b in (
                        ((8, 8), (42, 8)),
                        ((8, 8), (8, 36)),
                        ((42, 8), (42, 36)),
                        ((8, 36), (42, 36)),
                        ((8, 8), (42, 36)),
                        ((42, 8), (8, 36)),
                    )
                ),
            ),
            Ball(-6, -2, 8, 5),
            Ball(28, -2, 8, 5),
            Ball(11, 12, 10, 7),
            Ball(-6, 26, 8, 5),
            Ball(28, 26, 8, 5),
        ),
    ),
    Symbol(
        "CDN",
        "Content delivery network",
        (
            box(-16, -8, 0, 54, 43, 3, -0.06),
            Mark(
                "top",
                (-16, -8, 3),
                (
                    Stroke(((27, 21), (8, 8)), 1.8),
                    Stroke(((27, 21), (46, 8)), 1.8),
                    Stroke(((27, 21), (46, 35)), 1.8),
                    Stroke(((27, 21), (8, 35)), 1.8),
                ),
            ),
            box(-12, -4, 3, 8, 8, 7),
            box(26, -4, 3, 8, 8, 7),
            Ball(11, 13, 13, 11.5),
            Mark(
                "screen",
                (11, 13, 13),
                (
                    Dot(0, 0, 13.6, "ink", 0.9),
                    *tuple(
                        Stroke(points, 1.2, "paper")
                        for points in (
                            ((-13.4, 0), (13.4, 0)),
                            ((0, -13.4), (0, 13.4)),
                            ((-11.4, -7), (-5, -5.4), (5, -5.4), (11.4, -7)),
                            ((-11.4, 7), (-5, 8.6), (5, 8.6), (11.4, 7)),
                            ((0, -13.4), (-5.5, -8), (-7, 0), (-5.5, 8), (0, 13.4)),
                            ((0, -13.4), (5.5, -8), (7, 0), (5.5, 8), (0, 13.4)),
                        )
                    ),
                ),
            ),
            box(-12, 24, 3, 8, 8, 7),
            box(26, 24, 3, 8, 8, 7),
        ),
    ),
    Symbol(
        "ServiceDiscovery",
        "Service discovery",
        (
            cylinder(17, 15, 0, 11, 19.5),
            Mark(
                "top",
                (17, 15, 11),
                (
                    Dot(0, 0, 16.6, "paper"),
                    Dot(0, 0, 16.6, "ink", 1),
                    Fill(((9, -9), (2.9, 2.9), (-2.9, -2.9)), "ink"),
                    Fill(((-9, 9), (2.9, 2.9), (-2.9, -2.9)), "base"),
                    *(Stroke(line, 1.4) for line in (((0, -15), (0, -12)), ((0, 12), (0, 15)))),
                    *(Stroke(line, 1.4) for line in (((-15, 0), (-12, 0)), ((12, 0), (15, 0)))),
                ),
            ),
        ),
    ),
    Symbol(
        "VPN",
        "VPN tunnel",
        (
            Wall(
                (
                    (-1, 0),
                    *(tuple((18 + x, 13 + y) for x, y in reversed(disc(0, 0, 19, 36)[0:19]))),
                    (37, 0),
                    (27, 0),
                    *(tuple((18 + x, 12 + y) for x, y in disc(0, 0, 9, 36)[0:19])),
                    (9, 0),
                ),
                2,
                32,
                smooth=True,
            ),
            Mark(
                "left",
                (-1, 34, 32),
                (Stroke(((19, 31), (19, 26)), 1.4, "pale"), Stroke(((19, 24), (19, 21.5)), 1.2, "pale")),
            ),
        ),
    ),
    Symbol(
        "DNS",
        "DNS",
        (
            cylinder(18, 17, 0, 2.5, 9, -0.1),
            cylinder(18, 17, 2.5, 29, 2, -0.1),
            Wall(((-2, 19), (33, 19), (38, 23.7), (33, 28.5), (-2, 28.5)), 18, 4),
            Mark("left", (-2, 22, 28.5), (rect(3, 2, 29, 5.6), *lines(6, 4.8, (22,), width=1.8))),
            Wall(((3, 7), (36, 7), (36, 16), (3, 16), (-2, 11.5)), 18, 4),
            Mark("left", (-2, 22, 16), (rect(6, 1.8, 29, 5.4), *lines(10, 4.5, (20,), width=1.8))),
        ),
    ),
    Symbol(
        "Auth",
        "Authentication",
        (
            box(2, 10, 0, 34, 20, 19),
            Mark(
                "left",
                (2, 30, 19),
                (Dot(17, 7, 3.8, "paper"), Fill(((15.6, 7.5), (18.4, 7.5), (19.8, 16), (14.2, 16)), "paper")),
            ),
            Wall(
                (
                    (8.5, 19),
                    *(tuple((19 + x, 20 + y) for x, y in reversed(disc(0, 0, 10.5, 36)[0:19]))),
                    (29.5, 19),
                    (24.5, 19),
                    *(tuple((19 + x, 20 + y) for x, y in disc(0, 0, 5.5, 36)[0:19])),
                    (13.5, 19),
                ),
                17,
                6,
                -0.12,
                smooth=True,
            ),
        ),
    ),
)
