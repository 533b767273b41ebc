"""Graphs of inventories made for a test, through the stages that the workers run."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from analytics.documents.entities import Ref
from analytics.documents.ports import Source
from analytics.inventory import KeptSource, OwnedInventory
from analytics.inventory.file import read_file
from analytics.model.artifacts import Drawing, GraphRequest
from analytics.model.graph import Container, Edge, Graph, Node, tally
from analytics.model.grid import Grid
from analytics.pipeline.local import Result, run_steps
from analytics.pipeline.registry import Registry, load_configured
from analytics.settings import read
from analytics.testing import context
from tests.estates import OWNER
from tests.sure import sure


@cache
def registry() -> Registry:
    """The plugins that come with the project."""
    return load_configured(read({"MAESTRO_ENV": "development"}))


def run(
    source: Source, kind: str, entry: Any = "all", *ids: str, owner: str = OWNER, detail: Any = "standard", **more: Any
) -> Result:
    """All stages of a graph type over a source."""
    request = GraphRequest("drawn", owner, kind, entry, tuple(Ref(key) for key in ids), detail, "fast", **more)
    ctx = context(OwnedInventory(source, owner))
    return run_steps(registry().plans[kind], request, ctx, lambda *_: None)


def kept(documents: Mapping[str, list[dict[str, Any]]]) -> KeptSource:
    """Documents as a file's source; it is read at once and the file goes."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "inventory.json"
        path.write_text(json.dumps(documents))
        held = read_file(path)
    return KeptSource(lambda: held)


class Drawn:
    """A finished graph, asked about by the ids of its documents or by what is written on it."""

    def __init__(self, result: Result) -> None:
        self.outcome = result.outcome
        self.result = result
        self.grid: Grid = sure(result.artifact(Grid))
        self.graph: Graph = self.grid.graph
        self.svg: str = sure(result.artifact(Drawing)).svg
        self.tally = tally(self.graph)
        self.nodes: dict[str, Node] = {node.id: node for node in self.graph.nodes}
        self.boxes: dict[str, Container] = {box.id: box for box in self.graph.containers}

    def node(self, name: str) -> Node:
        """The one node with this name or id."""
        (found,) = [node for node in self.graph.nodes if name in (node.name, node.id)]
        return found

    def box(self, name: str) -> Container:
        """The one box with this name."""
        (found,) = [box for box in self.graph.containers if box.name == name]
        return found

    def path(self, thing: Node | Container) -> list[str]:
        """The kinds and names of the boxes around a thing, from the outside in."""
        found: list[str] = []
        box = self.boxes.get(thing.parent)
        while box is not None:
            found.append(f"{box.kind} {box.name}")
            box = self.boxes.get(box.parent)
        return found[::-1]

    def name(self, key: str) -> str:
        """What is written on an edge's end."""
        return self.nodes[key].name if key in self.nodes else self.boxes[key].name

    def lines(self, kind: str = "") -> set[tuple[str, str, str]]:
        """Edges of a kind as (source, target, label)."""
        return {(self.name(e.source), self.name(e.target), e.label) for e in self.graph.edges if kind in ("", e.kind)}

    def edge(self, source: str, target: str) -> Edge:
        """The one edge between two names."""
        (found,) = [e for e in self.graph.edges if (self.name(e.source), self.name(e.target)) == (source, target)]
        return found

    def finding(self, code: str) -> str:
        """A finding's text, or nothing."""
        return next((finding.text for finding in self.graph.findings if finding.code == code), "")

    def left_out(self, kind: str, what: str = "") -> int:
        """How many of something are listed as left out."""
        return sum(o.count for o in self.graph.omissions if o.kind == kind and what in ("", o.what))


def drawn(documents: Mapping[str, list[dict[str, Any]]], kind: str, entry: str = "all", *ids: str, **how: Any) -> Drawn:
    """The finished graph of an inventory; whatever it is, its numbers add up."""
    picture = Drawn(run(kept(documents), kind, entry, *ids, **how))
    assert picture.outcome.level == "finished", picture.outcome
    assert picture.tally.complete, picture.tally
    return picture


def row(thing: Node | Container, name: str) -> str:
    """A row of a tooltip."""
    return next((one.value for one in thing.attributes if one.name == name), "")


def rollup(box: Container, name: str) -> str:
    """A figure in a box's header."""
    return next((one.value for one in box.rollups if one.name == name), "")


def marks(node: Node) -> list[str]:
    """What a node's badges say."""
    return [badge.text for badge in node.badges]
