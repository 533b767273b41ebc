"""Are the pictures readable at first sight? Each figure beside its goal, and beside dot and ELK where they are at hand.

Every graph is drawn as the stages draw it and read back from the finished SVG:
name heights on a screen of 1600 x 1000 with the whole picture on it, words of
lines that are drawn, lengths against the straight way, bends, crossings of ink
(lines of one trunk once), how full boxes are, how much of the height is frame.
A row for each figure: what, its value, the goal that must be kept, the ambitious
one, and whether it holds. ``--json`` for programs.

The graphs are the sample inventory's, architecture-like ones of 100 and 500
nodes, and with ``--inventory FILE`` those of another one: every graph document it
holds, every system, and its whole estate.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from analytics.documents.entities import Ref
from analytics.drawing import render
from analytics.inventory import open_file
from analytics.inventory.owned import OwnedInventory
from analytics.layout import lay_out
from analytics.model.artifacts import Drawing, GraphRequest
from analytics.model.graph import Edge, Graph, Node
from analytics.model.grid import Grid
from analytics.model.kinds import PROJECTIONS, Entry, Projection
from analytics.pipeline.local import run_steps
from analytics.pipeline.registry import load_configured
from analytics.settings import read
from analytics.testing import context
from devtool.places import SAMPLE

from ._readability import Readability, readable
from ._rivals import rivals
from ._rows import Row, for_programs, tell
from .layout import architecture


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of one picture."""

    picture: str
    what: str
    value: float
    must: float
    ambitious: float
    least: bool  # whether the value is to be at least the goal, or at most

    @property
    def holds(self) -> bool:
        """Whether what must hold does."""
        return self.value >= self.must if self.least else self.value <= self.must

    @property
    def excels(self) -> bool:
        """Whether the ambitious goal is reached."""
        return self.value >= self.ambitious if self.least else self.value <= self.ambitious

    def row(self, dot: float | None) -> Row:
        """It as every benchmark has it; ``dot`` is the height of names in Graphviz' picture of the same graph."""
        floor = dot if self.what.startswith("name height") else None
        return Row(f"{self.picture}: {self.what}", self.value, "", self.must, floor, self.least)


#: Median height of names in pixels: what must be reached, what is aimed at.
NAMES: dict[tuple[str, Projection], tuple[float, float]] = {
    ("sample business", "flat"): (17, 19),
    ("sample business", "isometric"): (12, 14),
    ("sample infra", "flat"): (10, 11.5),
    ("sample infra", "isometric"): (7, 8),
    ("sample network", "flat"): (8, 9.5),
    ("sample network", "isometric"): (6, 7),
    ("Maestro Server", "flat"): (23, 25),
    ("Maestro Server", "isometric"): (19, 20),
    ("every system", "flat"): (21, 23),
    ("every system", "isometric"): (15, 16.5),
    ("whole infra", "flat"): (7.3, 9),
    ("whole infra", "isometric"): (5, 5),
    ("whole network", "flat"): (8.9, 10),
    ("whole network", "isometric"): (6.2, 6.2),
    ("layered 100", "flat"): (9.9, 11),
    ("layered 500", "flat"): (3.5, 4.5),
}
#: Crossings of ink.
CROSSINGS = {
    "sample business": (8, 8),
    "sample infra": (17, 12),
    "sample network": (13, 10),
    "Maestro Server": (7, 6),
    "layered 100": (400, 360),
    "layered 500": (10_000, 9_000),
}
#: Bends of a line: those of the layered pictures of the first release and half a bend, two in floor plans.
BENDS = {
    "sample business": 2.25,
    "Maestro Server": 2.7,
    "every system": 2.7,
    "layered 100": 3.9,
    "layered 500": 6.6,
}
#: Seconds of CPU for a layout.
SECONDS = {"sample infra": (0.3, 0.15), "sample network": (0.3, 0.15), "whole infra": (0.5, 0.3)}
#: No figure of lines is asked of pictures with fewer of them.
FEW_LINES = 5


@dataclass(frozen=True, slots=True)
class Subject:
    """A graph to draw: its name, how to get it, and the projection of its type."""

    name: str
    graph: Callable[[], Graph]
    own: Projection


def rows_of(name: str, projection: Projection, own: bool, found: Readability, seconds: float) -> Iterator[Figure]:
    """The rows of one picture; what is promised of a type's own projection only is asked of that alone."""
    label = f"{name}, {projection}"
    if (name, projection) in NAMES:
        yield Figure(label, "name height, px", found.names, *NAMES[name, projection], least=True)
    elif found.nodes <= 40:
        yield Figure(label, "name height, px", found.names, 9, 9, least=True)
    yield Figure(label, "10 % of names / median", found.small_names / max(found.names, 1e-9), 0.7, 0.8, least=True)
    yield Figure(label, "names cut", found.cut, 0, 0, least=False)
    if found.lines >= FEW_LINES:
        yield Figure(label, "line length, p90", found.astray, 2.2, 1.7, least=False)
        most = BENDS.get(name, 2.0 if found.boxes else 4.0)
        yield Figure(label, "bends of a line", found.bends, most, most, least=False)
    if name in CROSSINGS:
        yield Figure(label, "crossings of ink", found.crossings, *CROSSINGS[name], least=False)
    if found.worded:
        spare = 1 if name.endswith("infra") else 0
        yield Figure(label, "words drawn", found.written, found.worded - spare, found.worded, least=True)
        if found.word_height:
            yield Figure(label, "words / names", found.word_height / max(found.names, 1e-9), 0.7, 0.75, least=True)
    if own:
        yield Figure(label, "frame of the height", found.frame, 0.2, 0.15, least=False)
        if name.startswith("sample"):
            yield Figure(label, "smallest type of the frame, px", found.frame_type, 9, 10, least=True)
            if found.boxes:
                yield Figure(label, "names of boxes, px", found.box_names, 9, 10, least=True)
    if found.boxes:
        yield Figure(label, "innermost boxes filled", found.filled, 0.45 if own else 0.4, 0.5, least=True)
    yield Figure(label, "faults", found.faults, 0, 0, least=False)
    if own and name in SECONDS:
        yield Figure(label, "CPU of the layout, s", seconds, *SECONDS[name], least=False)


def subjects(inventory: Path | None, *, layered: bool) -> Iterator[Subject]:
    """The graphs of the sample, the layered ones, and those of another inventory."""
    yield from (Subject(f"sample {kind}", partial(drawn, SAMPLE, kind), own(kind)) for kind in KINDS)
    if layered:
        for size in (100, 500):
            yield Subject(f"layered {size}", partial(plain, size), "flat")
    if inventory is None:
        return
    documents = json.loads(inventory.read_text())
    for graph in documents.get("graphs", ()):
        refs = tuple(Ref(one["_id"], one.get("name", "")) for one in graph.get("apps") or ())
        name = "Maestro Server" if graph["name"].startswith("Maestro Server") else graph["name"]
        yield Subject(name, partial(drawn, inventory, "business", "apps", refs), "isometric")
    everything = tuple(Ref(one["_id"], one.get("name", "")) for one in documents.get("systems", ()))
    yield Subject("every system", partial(drawn, inventory, "business", "systems", everything), "isometric")
    scopes: tuple[Entry, ...] = ("systems", "clients", "datacenters")
    for entry in scopes:
        for one in documents.get(entry, ()):
            ref = (Ref(one["_id"], one.get("name", "")),)
            for kind in KINDS if entry != "datacenters" else KINDS[1:]:
                yield Subject(
                    f"{one.get('name', one['_id'])} {kind}",
                    partial(drawn, inventory, kind, entry, ref),
                    own(kind),
                )
    for kind in KINDS:
        yield Subject(f"whole {kind}", partial(drawn, inventory, kind), own(kind))


KINDS = ("business", "infra", "network")


def own(kind: str) -> Projection:
    """The projection a graph type has of its own."""
    return load_configured(read({"MAESTRO_ENV": "development"})).graph_types[kind].projection


def drawn(path: Path, kind: str, entry: Entry = "all", refs: tuple[Ref, ...] = ()) -> Graph:
    """The graph that the stages draw."""
    source = open_file(path)
    owner = source.owners()[0]
    request = GraphRequest("drawn", owner, kind, entry, refs)
    ctx = context(OwnedInventory(source, owner))
    registry = load_configured(read({"MAESTRO_ENV": "development"}))
    result = run_steps(registry.plans[kind], request, ctx, lambda *_: None)
    drawing = result.artifact(Drawing)
    return drawing.grid.graph if drawing else Graph(kind, "")


def plain(size: int) -> Graph:
    """An architecture-like graph all of whose lines say the same."""
    sample = architecture(size, 0)
    nodes = tuple(Node(node, node) for node in sample.nodes)
    return Graph(
        "business", sample.name, nodes, tuple(Edge(*ends, label="rest") for ends in sample.edges), found=len(nodes)
    )


def grid_of(graph: Graph, projection: Projection) -> tuple[Grid, float]:
    """The graph laid out, and the seconds of CPU that took."""
    begun = time.process_time()
    grid = lay_out(graph, "standard", projection)
    return grid, time.process_time() - begun


def main(argv: Sequence[str]) -> int:
    """Print a table; 1 when what must hold does not."""
    parser = argparse.ArgumentParser(prog="bench picture", description=__doc__)
    parser.add_argument("--inventory", type=Path, help="another inventory, a JSON file")
    parser.add_argument("--only", help="pictures whose name has this in it")
    parser.add_argument("--no-layered", action="store_true", help="leave the graphs of 100 and 500 nodes out")
    parser.add_argument("--all", action="store_true", help="show what holds as well")
    for_programs(parser)
    options = parser.parse_args(list(argv))
    if not shutil.which("dot"):
        print("dot is not installed: no picture of Graphviz beside ours", file=sys.stderr)
    rows: list[Figure] = []
    others: dict[str, dict[str, float]] = {}
    for subject in subjects(options.inventory, layered=not options.no_layered):
        if options.only and options.only not in subject.name:
            continue
        graph = subject.graph()
        if not graph.nodes:
            continue
        if (subject.name, "flat") in NAMES:
            others[subject.name] = rivals(graph)
        for projection in PROJECTIONS if not subject.name.startswith("layered") else ("flat",):
            grid, seconds = grid_of(graph, projection)
            found = readable(grid, render(grid))
            rows += rows_of(subject.name, projection, projection == subject.own, found, seconds)
    if options.json:
        dots = {name: found.get("dot") for name, found in others.items()}
        return tell((one.row(dots.get(one.picture.rpartition(", ")[0])) for one in rows), as_json=True)
    show(rows, others, everything=options.all)
    return 0 if all(row.holds for row in rows) else 1


def show(rows: Sequence[Figure], others: Mapping[str, Mapping[str, float]], *, everything: bool) -> None:
    """The table: all rows of the pictures with goals of their own, of others only what is missed."""
    print(f"{'picture':<34}{'what':<34}{'value':>9}{'must':>9}{'ambitious':>11}  holds")
    for row in rows:
        named = (row.picture.rpartition(", ")[0], "flat") in NAMES
        if row.holds and not (named or everything):
            continue
        held = "ambitious" if row.excels else "yes" if row.holds else "NO"
        print(f"{row.picture:<34}{row.what:<34}{row.value:>9.3g}{row.must:>9.3g}{row.ambitious:>11.3g}  {held}")
    for name, heights in others.items():
        for program, height in heights.items():
            print(f"{name:<34}{'name height of ' + program + ', px':<34}{height:>9.3g}")
    kept = sum(row.holds for row in rows)
    print(f"{kept} of {len(rows)} hold, {sum(row.excels for row in rows)} reach the ambitious goal")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
