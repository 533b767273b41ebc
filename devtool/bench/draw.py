"""CPU of the draw stage by size of the graph, beside its goal and the floor measured in the same run.

The graph is an architecture-like one with words on its lines, laid out as the
stages do it before the clock starts, every tenth node with a quantity. The
floor is what lxml needs to write the same document from a tree that is ready.
Medians of several rounds; ``--json`` for programs.

``--pictures`` measures something else: every graph of the corpora is laid out
and drawn, and what a reader would stumble over is counted in the finished SVG.
"""

from __future__ import annotations

import argparse
import gc
import json
import statistics
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any

from lxml import etree

from analytics.drawing import gate, render, warm_up
from analytics.layout import lay_out
from analytics.model.graph import Attribute, Container, Edge, Graph, Node
from analytics.model.grid import Grid
from analytics.model.kinds import PROJECTIONS, Projection
from devtool.bench._picture import Faults, measure_picture
from devtool.bench._rows import Row, for_programs, tell
from devtool.bench.layout import architecture

#: Nodes and the milliseconds of CPU they may take, the gate included.
GOALS = {16: 5.0, 500: 60.0, 1_000: 130.0, 2_000: 200.0, 10_000: 1_100.0}
WORDS = ("rest", "tcp 443", "")
FAMILIES = ("Application", "Database", "Cache", "Broker", "Loadbalance", "Serverless", "ObjectStorage", "ApiGateway")
PROVIDERS = ("AWS", "Azure", "Google CloudEngine", "premise")


def grid_of(size: int) -> Grid:
    """``size`` applications, laid out as the stages do it."""
    sample = architecture(size, 300)
    nodes = tuple(
        Node(
            name,
            f"service {number % 97} of team {number // 97}",
            family=FAMILIES[number % len(FAMILIES)],
            provider=PROVIDERS[number % len(PROVIDERS)],
            quantity=number % 13 if number % 10 == 0 else 0,
            size=("small", "medium", "large")[number % 3],
            attributes=(Attribute("dc", "dc-1"), Attribute("env", "Production"), Attribute("Language", "Python")),
        )
        for number, name in enumerate(sample.nodes)
    )
    edges = tuple(Edge(*ends, label=WORDS[number % len(WORDS)]) for number, ends in enumerate(sample.edges))
    return lay_out(Graph("business", f"{size} applications", nodes, edges, found=size), "standard", "flat")


def cpu_ms(work: Callable[[], object], rounds: int) -> float:
    """The median of ``rounds``, in milliseconds of CPU."""
    spent = []
    for _ in range(rounds):
        gc.collect()
        start = time.process_time()
        work()
        spent.append((time.process_time() - start) * 1e3)
    return statistics.median(spent)


def measure(size: int, rounds: int) -> Iterator[Row]:
    """Draw a graph of ``size`` nodes several times."""
    grid = grid_of(size)
    svg = render(grid)
    ready = etree.fromstring(svg.encode())
    floor = cpu_ms(lambda: etree.tostring(ready), rounds)
    name = f"{size:,} nodes, {len(grid.graph.edges):,} lines, {len(svg) / 1e6:.1f} MB"
    yield Row(f"{name}: drawing", cpu_ms(lambda: render(grid), rounds), "CPU ms", GOALS.get(size, 0.11 * size), floor)
    yield Row(f"{name}: of it the gate", cpu_ms(lambda: gate.check_drawing(svg), rounds), "CPU ms")


def drawn_graph(document: Mapping[str, Any]) -> Graph:
    """A graph of a corpus as the drawing gets them: names, words on most lines, nested where it says so."""
    known = set(document["nodes"])
    groups: Mapping[str, str | None] = document.get("groups") or {}
    parents: Mapping[str, str] = document.get("parent") or {}
    nodes = tuple(
        Node(
            node,
            node,
            family=FAMILIES[number % len(FAMILIES)],
            provider=PROVIDERS[number % len(PROVIDERS)],
            parent=parents.get(node) or "",
        )
        for number, node in enumerate(document["nodes"])
    )
    words = ("rest", "tcp 443", "", "amqp", "tcp 5432, 6432 (+2)")
    edges = tuple(
        Edge(source, target, label=words[number % len(words)], count=1 + number % 3)
        for number, (source, target) in enumerate(document["edges"])
        if source in known and target in known
    )
    boxes = tuple(Container(box, f"group {box}", "zone", around or "") for box, around in groups.items())
    return Graph("business", document["name"], nodes, edges, boxes, found=len(nodes))


def pictures(folder: Path, only: Sequence[str] | None, projection: Projection) -> int:
    """A line for each corpus: what is wrong in its drawings; 1 when anything is."""
    files = sorted(path for path in folder.glob("*.jsonl") if not only or path.stem in only)
    if not files:
        print(f"there are no corpora in {folder}")
        return 2
    names = [field.name for field in fields(Faults)]
    print(f"{'corpus':<16}{'graphs':>7}" + "".join(f"{name:>13}" for name in names))
    wrong = False
    for path in files:
        sum_of, graphs = Faults(), 0
        for line in path.read_text().splitlines():
            grid = lay_out(drawn_graph(json.loads(line)), "fast", projection)
            found = faults_of(grid)
            sum_of, graphs = sum_of + found, graphs + 1
            if not found.none:
                print(f"  {grid.graph.title}: {found}")
        wrong |= not sum_of.none
        print(f"{path.stem:<16}{graphs:>7}" + "".join(f"{getattr(sum_of, name):>13}" for name in names), flush=True)
    return 1 if wrong else 0


def said_on(grid: Grid) -> set[tuple[str | frozenset[str], str]]:
    """What is to stand on the lines of ``grid``: there and back once, and once on a trunk whose lines say the same."""
    return {
        (route.trunk or frozenset((edge.source, edge.target)), route.words)
        for route, edge in zip(grid.routes, grid.graph.edges, strict=True)
        if route.words and route.points
    }


def faults_of(grid: Grid, svg: str = "") -> Faults:
    """What is wrong in the drawing of ``grid``: in ``svg``, or in one that is made now."""
    said = len(said_on(grid))
    return measure_picture(svg or render(grid), len(grid.graph.nodes), len(grid.graph.edges), said)


def main(argv: Sequence[str]) -> int:
    """Print a table; 1 when a goal is missed."""
    parser = argparse.ArgumentParser(prog="bench draw", description=__doc__)
    parser.add_argument("--sizes", default="16,500,1000,2000,10000", help="nodes, separated by commas")
    parser.add_argument("--rounds", type=int, default=5)
    for_programs(parser)
    parser.add_argument("--pictures", action="store_true", help="count faults in the drawings of whole corpora")
    parser.add_argument("--projection", choices=PROJECTIONS, default="flat", help="of those drawings")
    parser.add_argument("--corpora", type=Path, help="the folder of corpora for --pictures")
    parser.add_argument("--only", action="append", help="only this corpus (may be given again)")
    options = parser.parse_args(list(argv))
    if options.pictures:
        if not options.corpora:
            parser.error("--pictures needs --corpora, a folder of files with a graph a line")
        return pictures(options.corpora, options.only, options.projection)
    return tell(rows([int(size) for size in options.sizes.split(",")], options.rounds), options.json)


def rows(sizes: Sequence[int], rounds: int) -> Iterator[Row]:
    """The warm-up, and two rows a size."""
    start = time.process_time()
    warm_up()
    yield Row("warm-up, once per process", (time.process_time() - start) * 1e3, "CPU ms")
    for size in sizes:
        yield from measure(size, rounds)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
