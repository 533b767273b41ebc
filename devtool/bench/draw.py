"""CPU of the draw stage by size of the graph, beside its goal and the floor measured in the same run.

The graph is built, and placed on the ground by plain arithmetic, before the
clock starts: applications in columns of forty, each depending on two in the
next column, a tenth of them with quantities. The floor is what lxml needs to
write the same document from a tree that is ready. Medians of several rounds;
``--json`` for programs.

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
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

from lxml import etree

from analytics.drawing import gate, render, warm_up
from analytics.layout import lay_out
from analytics.model.graph import Attribute, Container, Edge, Graph, Node
from analytics.model.grid import Grid, Place, Route
from analytics.model.kinds import PROJECTIONS, Projection
from devtool.bench._picture import Faults, measure_picture

#: Nodes and the milliseconds of CPU they may take, the gate included.
GOALS = {16: 5.0, 500: 60.0, 2_000: 200.0, 10_000: 1_100.0}
PER_COLUMN = 40
PITCH = 1.6
FAMILIES = ("Application", "Database", "Cache", "Broker", "Loadbalance", "Serverless", "ObjectStorage", "ApiGateway")
PROVIDERS = ("AWS", "Azure", "Google CloudEngine", "premise")


@dataclass(frozen=True, slots=True)
class Figure:
    """Milliseconds of CPU for one size."""

    nodes: int
    edges: int
    kilobytes: int
    draw_ms: float
    gate_ms: float
    floor_ms: float
    goal_ms: float

    @property
    def held(self) -> bool:
        """Whether the goal is kept."""
        return self.draw_ms <= self.goal_ms


def grid_of(size: int) -> Grid:
    """``size`` applications in columns, every one but the last column's with two dependencies."""
    nodes = tuple(
        Node(
            f"{number:024x}",
            f"service {number % 97} of team {number // 97}",
            family=FAMILIES[number % len(FAMILIES)],
            provider=PROVIDERS[number % len(PROVIDERS)],
            quantity=number % 13 if number % 10 == 0 else 0,
            size=("small", "medium", "large")[number % 3],
            root=number < 2,
            attributes=(Attribute("dc", "dc-1"), Attribute("env", "Production"), Attribute("Language", "Python")),
        )
        for number in range(size)
    )
    places = tuple(
        Place(
            node.id,
            number // PER_COLUMN,
            number % PER_COLUMN,
            number // PER_COLUMN * PITCH,
            number % PER_COLUMN * PITCH,
        )
        for number, node in enumerate(nodes)
    )
    edges: list[Edge] = []
    routes: list[Route] = []
    for number, place in enumerate(places):
        for step in (0, 1):
            target = number + PER_COLUMN + step
            if target >= size or places[target].column != place.column + 1:
                continue
            lane = place.x + 1 + 0.1 + 0.3 * (number % 7) / 7
            start, end = place.y + 0.3 + 0.3 * step, places[target].y + 0.2 + 0.3 * step
            routes.append(
                Route(len(edges), ((place.x + 1, start), (lane, start), (lane, end), (places[target].x, end)))
            )
            edges.append(Edge(place.node, places[target].node, label=("rest", "tcp 443", "")[number % 3]))
    width = max(place.x for place in places) + 1
    depth = max(place.y for place in places) + 1
    return Grid(
        Graph("business", f"{size} applications", nodes, tuple(edges), found=size),
        places,
        (),
        tuple(routes),
        width=width,
        depth=depth,
    )


def cpu_ms(work: Callable[[], object], rounds: int) -> float:
    """The median of ``rounds``, in milliseconds of CPU."""
    spent = []
    for _ in range(rounds):
        gc.collect()
        start = time.process_time()
        work()
        spent.append((time.process_time() - start) * 1e3)
    return statistics.median(spent)


def measure(size: int, rounds: int) -> Figure:
    """Draw a graph of ``size`` nodes several times."""
    grid = grid_of(size)
    svg = render(grid)
    ready = etree.fromstring(svg.encode())
    return Figure(
        size,
        len(grid.routes),
        len(svg.encode()) // 1000,
        cpu_ms(lambda: render(grid), rounds),
        cpu_ms(lambda: gate.check_drawing(svg), rounds),
        cpu_ms(lambda: etree.tostring(ready), rounds),
        GOALS.get(size, 0.11 * size),
    )


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
    parser.add_argument("--sizes", default="16,500,2000,10000", help="nodes, separated by commas")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--pictures", action="store_true", help="count faults in the drawings of whole corpora")
    parser.add_argument("--projection", choices=PROJECTIONS, default="flat", help="of those drawings")
    parser.add_argument("--corpora", type=Path, help="the folder of corpora for --pictures")
    parser.add_argument("--only", action="append", help="only this corpus (may be given again)")
    options = parser.parse_args(list(argv))
    if options.pictures:
        if not options.corpora:
            parser.error("--pictures needs --corpora, a folder of files with a graph a line")
        return pictures(options.corpora, options.only, options.projection)
    start = time.process_time()
    warm_up()
    warm = (time.process_time() - start) * 1e3
    figures = [measure(int(size), options.rounds) for size in options.sizes.split(",")]
    if options.json:
        print(json.dumps({"warm_up_ms": warm, "figures": [asdict(figure) for figure in figures]}))
        return 0 if all(figure.held for figure in figures) else 1
    print(f"warm-up, once per process: {warm:.0f} ms")
    print("  nodes   edges      kB   draw ms  of it gate  floor ms  x floor  goal ms")
    for figure in figures:
        print(
            f"{figure.nodes:>7}{figure.edges:>8}{figure.kilobytes:>8}{figure.draw_ms:>10.1f}{figure.gate_ms:>12.1f}"
            f"{figure.floor_ms:>10.1f}{figure.draw_ms / figure.floor_ms:>9.1f}{figure.goal_ms:>9.0f}"
            f"  {'kept' if figure.held else 'MISSED'}"
        )
    return 0 if all(figure.held for figure in figures) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
