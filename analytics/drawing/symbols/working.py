"""Families that do the work: applications, functions, machines that learn, and what builds and scales them."""

from __future__ import annotations

from math import cos, pi, sin

from ..solids import Ball, Dot, Fill, Mark, Prism, Stroke, Symbol, box, cylinder, gear
from .shapes import SLAB_FACE, arrow, bolt, hexagon, lines, rect, slab, stairs

WORKING = (
    Symbol(
        "Application",
        "Application",
        (
            box(-2, 18, 0, 40, 12, 30),
            Mark(
                "left",
                (-2, 30, 30),
                (
                    rect(2, 7, 36, 22),
                    Dot(4.2, 3.6, 1.2, "paper"),
                    Dot(8.2, 3.6, 1.2, "paper"),
                    Dot(12.2, 3.6, 1.2, "paper"),
                    Stroke(((18, 3.6), (36, 3.6)), 2.2, "pale"),
                    rect(5, 10, 12, 16, "base"),
                    *lines(20.5, 12, (14, 14, 9, 12), gap=4),
                ),
            ),
        ),
    ),
    Symbol(
        "Serverless",
        "Serverless function",
        (
            Prism(hexagon(19, 17, 17), 0, 20),
            Mark(
                "top",
                (19, 17, 20),
                (
                    Fill(hexagon(0, 0, 13.5), "paper"),
                    Stroke(((-5.5, -7.5), (-2.5, -7.5), (4.5, 7.5), (7.2, 7.5)), 2.6),
                    Stroke(((0.6, -0.2), (-5, 7.8)), 2.6),
                ),
            ),
        ),
    ),
    Symbol(
        "ServerlessLayer",
        "Serverless layer",
        (
            Prism(hexagon(18, 16, 18), 0, 5),
            Prism(hexagon(18, 16, 18), 9, 5),
            Prism(hexagon(18, 16, 18), 18, 5),
            Mark("top", (18, 16, 23), (Fill(hexagon(0, 0, 12), "paper"), bolt(-8.5, -8.5, 17))),
        ),
    ),
    Symbol(
        "MachineLearning",
        "Machine learning",
        (
            box(-1, 14, 3, 4, 9, 10, -0.2),
            box(3, 6, 0, 30, 24, 23),
            box(33, 14, 3, 4, 9, 10, -0.1),
            Mark(
                "left",
                (3, 30, 23),
                (
                    rect(3, 4, 24, 15.5),
                    Dot(9.5, 9.5, 2.6),
                    Dot(20.5, 9.5, 2.6),
                    Stroke(((9, 15.6), (21, 15.6)), 1.8),
                ),
            ),
            cylinder(18, 18, 23, 5, 1.1, -0.2),
            Ball(18, 18, 29.2, 2.2),
        ),
    ),
    Symbol(
        "ContainerOrchestration",
        "Container orchestration",
        (
            *slab(),
            Mark(
                "left",
                SLAB_FACE,
                (
                    Dot(20, 18, 9.5, "paper", 3),
                    *[
                        Stroke(((20, 18), (round(20 + 16 * cos(turn), 1), round(18 + 16 * sin(turn), 1))), 2.6, "paper")
                        for turn in (step * pi / 4 for step in range(8))
                    ],
                    Dot(20, 18, 3.6, "paper"),
                ),
            ),
        ),
    ),
    Symbol(
        "AutoScaling",
        "Auto scaling",
        (
            box(-4, 6, 0, 12, 26, 8),
            box(11, 6, 0, 12, 26, 18),
            box(26, 6, 0, 12, 26, 30),
            Mark("left", (26, 32, 30), (*arrow((6, 25), (6, 6), 2.4, 5, "paper"),)),
        ),
    ),
    Symbol(
        "AutoScalingPlan",
        "Auto scaling plan",
        (
            box(-2, 20, 0, 40, 6, 28),
            Mark(
                "left",
                (-2, 26, 28),
                (
                    rect(2.5, 4, 35, 22),
                    Stroke(stairs(6, 22, 6, 4.4, 4), 2.2),
                    *arrow((31, 22), (31, 7.5), 1.8, 4),
                ),
            ),
            box(11, 21, 28, 14, 4, 4, -0.25),
        ),
    ),
    Symbol(
        "CI/CD",
        "CI/CD",
        (
            Prism(gear(14, 11, 24, 9), 0, 8),
            Mark("top", (14, 11, 8), (Dot(0, 0, 12.5, "paper"), Dot(0, 0, 12.5, "ink", 0.8))),
            Mark(
                "top",
                (14, 11, 8),
                (
                    Stroke(((-7, 3), (-6.2, -4), (-1, -7.4), (4.6, -5.8)), 2.2),
                    Fill(((9, -3.4), (4.8, -9.2), (2.6, -2.8)), "ink"),
                    Stroke(((7, -0.4), (6.2, 5), (1, 7.6), (-4.6, 6.2)), 2.2),
                    Fill(((-9, 3.6), (-4.8, 9.4), (-2.6, 3)), "ink"),
                ),
            ),
        ),
    ),
    Symbol(
        "Repository",
        "Repository",
        (
            box(2, 4, 0, 34, 30, 30),
            Mark(
                "left",
                (2, 34, 30),
                tuple(
                    shape
                    for row in range(3)
                    for shape in (
                        rect(2.5, 1.6 + 9.4 * row, 29, 7.8),
                        Stroke(((13, 5.5 + 9.4 * row), (21, 5.5 + 9.4 * row)), 2),
                    )
                ),
            ),
            Mark(
                "right",
                (36, 34, 30),
                (
                    Stroke(((10, 7), (10, 23)), 1.8, "paper"),
                    Stroke(((10, 18), (14, 17), (19, 15), (20, 11)), 1.8, "paper"),
                    Dot(10, 6.5, 2.8, "paper"),
                    Dot(10, 23.5, 2.8, "paper"),
                    Dot(20, 9.5, 2.8, "paper"),
                ),
            ),
        ),
    ),
    Symbol(
        "Corporate",
        "Corporate",
        (
            box(4, 4, 0, 20, 16, 31),
            Mark(
                "left",
                (4, 20, 31),
                tuple(rect(2.6 + 6.2 * col, 3 + 6.4 * row, 3.6, 3.8) for col in range(3) for row in range(2)),
            ),
            Mark(
                "right",
                (24, 20, 31),
                tuple(rect(2.2 + 6.6 * col, 3 + 6.4 * row, 3.4, 3.8, "pale") for col in range(2) for row in range(4)),
            ),
            box(2, 20, 0, 34, 13, 14),
            Mark("left", (2, 33, 14), (*(rect(3 + 6 * col, 3, 3.6, 3.8) for col in range(5)), rect(14, 8.6, 6, 5.4))),
        ),
    ),
)
