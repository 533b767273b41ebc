"""Families that connect: balancers, gateways, meshes, names, tunnels and doors."""

from __future__ import annotations

from ..solids import Ball, Dot, Fill, Mark, Stroke, Symbol, Wall, box, cylinder, disc
from .shapes import SLAB_FACE, arrow, lines, rect, slab

CONNECTING = (
    Symbol(
        "Loadbalance",
        "Load balancer",
        (
            *slab(),
            Mark(
                "left",
                SLAB_FACE,
                (
                    Stroke(((20, 4), (20, 13)), 3.6, "paper"),
                    *arrow((20, 12), (6, 32), 3.2, 9, "paper"),
                    *arrow((20, 12), (20, 33), 3.2, 9, "paper"),
                    *arrow((20, 12), (34, 32), 3.2, 9, "paper"),
                ),
            ),
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
            *slab(),
            Mark(
                "left",
                SLAB_FACE,
                (
                    *[
                        Stroke(points, 2.2, "paper")
                        for points in (
                            ((7, 7), (33, 29)),
                            ((33, 7), (7, 29)),
                            ((7, 7), (33, 7), (33, 29), (7, 29), (7, 7)),
                        )
                    ],
                    *[Dot(x, y, 4.2, "paper") for x in (7, 33) for y in (7, 29)],
                    Dot(20, 18, 5.4, "paper"),
                ),
            ),
        ),
    ),
    Symbol(
        "CDN",
        "Content delivery network",
        (
            Mark(
                "screen",
                (10, 10, 20),
                tuple(Stroke(((0, 0), spot), 3, "base") for spot in ((-27, -15), (27, -15), (0, 30))),
            ),
            Ball(10, 10, 20, 15),
            Mark(
                "screen",
                (10, 10, 20),
                (
                    *[
                        Stroke(points, 1.8, "paper")
                        for points in (
                            ((-17.5, 0), (17.5, 0)),
                            ((0, -17.5), (0, 17.5)),
                            ((0, -17.5), (-7.5, -10), (-9.5, 0), (-7.5, 10), (0, 17.5)),
                            ((0, -17.5), (7.5, -10), (9.5, 0), (7.5, 10), (0, 17.5)),
                        )
                    ],
                    *[Dot(x, y, 5.6, "base") for x, y in ((-27, -15), (27, -15), (0, 30))],
                    *[Dot(x, y, 5.6, "ink", 1.4) for x, y in ((-27, -15), (27, -15), (0, 30))],
                ),
            ),
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
