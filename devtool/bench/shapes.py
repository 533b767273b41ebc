"""Seconds of layout and drawing for the shapes that hurt: cliques, two halves, hubs, a star, a chain.

Each must be drawn well within the time that a stage has (60 s), whatever its
size: ``--share`` of it (a quarter). Seconds are CPU seconds of this process,
divided by how much slower than a quiet core of 2.5 GHz a fixed loop of additions
ran beside them, so that a busy machine shows the same figures. The pictures are
the isometric ones, every line with a word. Exits with 1 where a shape takes longer.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator, Sequence
from random import Random

from analytics.drawing import render
from analytics.layout import lay_out
from analytics.layout.effort import bounded, named
from analytics.model.graph import Edge, Graph, Node
from devtool.bench._pace import pace
from devtool.bench._rows import Row, for_programs, tell

LIMIT, SHARE = 60.0, 0.25
Pairs = list[tuple[int, int]]


def main(argv: Sequence[str]) -> int:
    """Draw every shape; returns 1 where one takes longer than its share."""
    parser = argparse.ArgumentParser(prog="python3 -m devtool bench shapes", description=__doc__)
    parser.add_argument("--share", type=float, default=SHARE, help="of a stage's time that a shape may take (0.25)")
    parser.add_argument("--scale", type=float, default=1.0, help="times the size of each shape (1)")
    for_programs(parser)
    options = parser.parse_args(argv)
    return tell(rows(options.share, options.scale), options.json)


def rows(share: float, scale: float) -> Iterator[Row]:
    """Two rows a shape: its layout and its drawing."""
    for name, (count, ends) in SHAPES.items():
        size = max(4, int(count * scale))
        graph = graph_of(size, ends(size))
        before = pace()
        began = time.process_time()
        grid = lay_out(graph)
        laid = time.process_time()
        svg = render(grid)
        done = time.process_time()
        slower = (before + pace()) / 2
        effort = bounded(named("standard"), size, len({frozenset(pair) for pair in ends(size)})).name
        what = f"{name}, {size:,} things, {len(graph.edges):,} lines"
        yield Row(f"{what}: layout, effort {effort}", (laid - began) / slower, "CPU s", goal=LIMIT * share)
        yield Row(f"{what}: drawing, {len(svg) / 1e6:.1f} MB", (done - laid) / slower, "CPU s", goal=LIMIT * share)


def graph_of(size: int, pairs: Pairs) -> Graph:
    """A graph whose lines all say something."""
    nodes = tuple(Node(f"n{number:06}", f"node {number}") for number in range(size))
    edges = tuple(Edge(nodes[one].id, nodes[two].id, label="rest") for one, two in pairs)
    return Graph("business", "A shape", nodes, edges)


def clique(size: int) -> Pairs:
    """Everything calls everything, both ways."""
    return [(one, two) for one in range(size) for two in range(size) if one != two]


def halves(size: int) -> Pairs:
    """Each of one half calls eight of the other."""
    chance = Random(1)
    return sorted({(one, size // 2 + chance.randrange(size // 2)) for one in range(size // 2) for _ in range(8)})


def hubs(size: int) -> Pairs:
    """All call the same three."""
    return [(one, hub) for one in range(3, size) for hub in range(3)]


def star(size: int) -> Pairs:
    """One calls all others."""
    return [(0, one) for one in range(1, size)]


def chain(size: int) -> Pairs:
    """Each calls the next one."""
    return [(one, one + 1) for one in range(size - 1)]


SHAPES = {
    "clique": (120, clique),
    "halves": (2_000, halves),
    "hubs": (10_000, hubs),
    "star": (10_000, star),
    "chain": (10_000, chain),
}
