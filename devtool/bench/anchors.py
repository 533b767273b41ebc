"""Does a picture that is anchored to an earlier one keep places, and what does it pay in crossings?

The sample is edited ten times by chance and drawn again: anchored to the picture before, and afresh. Then the same
over generations, each anchored to the last; and an overview of a made-up map of which some relations changed.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain

from analytics.cli.running import drawn
from analytics.graphs.overview.picture import overview
from analytics.inventory import KeptSource
from analytics.inventory.handwritten import contents
from analytics.inventory.owned import OwnedInventory
from analytics.layout import keep_places, lay_out, lay_out_overview
from analytics.model.anchor import Anchor, anchor_of, kept_places
from analytics.model.artifacts import Drawing, GraphRequest
from analytics.model.graph import Edge, Graph, Node
from analytics.model.grid import Grid
from analytics.model.kinds import Detail
from analytics.pipeline.registry import Registry, load_configured
from analytics.settings import Settings, read
from devtool.bench._edits import EDITS, Documents, Hand
from devtool.bench._ground_metrics import measure_ground
from devtool.bench._rows import Row, for_programs, tell
from devtool.bench._service_maps import changed, with_teams
from devtool.bench.differences import sample
from devtool.bench.overview import graph_of

#: What is drawn: graph type and detail.
PICTURES: tuple[tuple[str, Detail], ...] = (
    ("business", "standard"),
    ("infra", "standard"),
    ("infra", "full"),
    ("network", "full"),
)


@dataclass(slots=True)
class Sum:
    """What was found of one kind of picture; ``fresh`` counts what stays without an anchor."""

    name: str
    goal: float = 0.95
    most: float = 1.3
    pictures: int = 0
    common: int = 0
    kept: int = 0
    fresh: int = 0
    crossings: int = 0
    crossings_fresh: int = 0
    wrong: int = 0
    anew: int = 0
    seconds: float = 0.0
    seconds_fresh: float = 0.0

    def add(self, anchor: Anchor, anchored: Grid, fresh: Grid) -> None:
        """Count one picture."""
        kept, common = kept_places(anchored, anchor)
        ground, other = measure_ground(anchored), measure_ground(fresh)
        self.pictures += 1
        self.common += common
        self.kept += kept
        self.fresh += kept_places(fresh, anchor)[0]
        self.crossings += ground.crossings
        self.crossings_fresh += other.crossings
        self.wrong += ground.through + ground.overlaps + ground.lying + ground.loose
        self.anew += any(one.code == "anchor" for one in anchored.graph.findings)

    def rows(self) -> Iterator[Row]:
        """Its figures; the floor of each is that of the same pictures laid out afresh."""
        common, pictures = max(1, self.common), max(1, self.pictures)
        kept, fresh = 100 * self.kept / common, 100 * self.fresh / common
        yield Row(f"{self.name}: places kept", kept, "%", self.goal * 100, fresh, least=True)
        most = max(self.most * self.crossings_fresh, self.crossings_fresh + 2)
        yield Row(f"{self.name}: crossings", self.crossings, "", most, self.crossings_fresh)
        yield Row(f"{self.name}: lies on something", self.wrong, "", goal=0)
        yield Row(f"{self.name}: laid out anew", self.anew, "of " + str(pictures))
        yield Row(f"{self.name}: a picture", self.seconds / pictures, "CPU s", floor=self.seconds_fresh / pictures)


def edited(documents: Documents, seed: int, edits: int) -> Documents:
    """The documents after so many edits by chance."""
    hand = Hand(documents, random.Random(seed))
    done = 0
    while done < edits:
        done += bool(hand.rng.choice(EDITS)(hand))
    return hand.documents


class Pictures:
    """Draws documents, and says how long that took."""

    def __init__(self, settings: Settings, registry: Registry) -> None:
        self.settings, self.registry = settings, registry

    def draw(self, documents: Documents, kind: str, detail: Detail, anchor: Anchor | None = None) -> tuple[Grid, float]:
        """The picture and its CPU seconds."""
        held = contents(json.loads(json.dumps(documents)))
        owner = held.owners[0]
        projection = self.registry.graph_types[kind].projection
        request = GraphRequest("drawn", owner, kind, detail=detail, projection=projection)
        owned = OwnedInventory(KeptSource(lambda: held), owner)
        began = time.process_time()
        drawing = drawn(owned, request, self.registry, self.settings, anchor=anchor).artifact(Drawing)
        assert drawing is not None
        return drawing.grid, time.process_time() - began


def sums(pictures: Pictures, seeds: int, edits: int, generations: int) -> Iterator[Sum]:
    """Every kind of picture."""
    documents = sample()
    for kind, detail in PICTURES:
        found = Sum(f"{kind}, {detail}, {edits} edits")
        anchor = anchor_of(pictures.draw(documents, kind, detail)[0])
        for seed in range(1, seeds + 1):
            after = edited(documents, seed, edits)
            fresh, spent = pictures.draw(after, kind, detail)
            anchored, longer = pictures.draw(after, kind, detail, anchor)
            found.seconds, found.seconds_fresh = found.seconds + longer, found.seconds_fresh + spent
            found.add(anchor, anchored, fresh)
        yield found
        if generations:
            chain = Sum(f"{kind}, {detail}, {generations} generations", goal=0.8, most=1.5)
            last, now = anchor, documents
            for seed in range(1, generations + 1):
                now = edited(now, 1_000 + seed, edits)
                anchored, longer = pictures.draw(now, kind, detail, last)
                fresh, spent = pictures.draw(now, kind, detail)
                chain.seconds, chain.seconds_fresh = chain.seconds + longer, chain.seconds_fresh + spent
                chain.add(last, anchored, fresh)
                last = anchor_of(anchored)
            yield chain
    yield overviews(seeds)


def overviews(seeds: int) -> Sum:
    """Overviews of a map of which one relation in a hundred changed."""
    found = Sum("business, overview, 1 % of the relations", goal=0.8)
    for seed in range(1, seeds + 1):
        known = with_teams(400, 16, 6, seed=seed)
        first = overview(graph_of(known))
        grid = lay_out_overview(first.graph, first.hubs)
        second = overview(graph_of(changed(known, 0.01, seed)), previous=first.folds)
        began = time.process_time()
        fresh = lay_out_overview(second.graph, second.hubs)
        spent = time.process_time() - began
        if grid is None or fresh is None:
            continue
        anchor = anchor_of(grid)
        began = time.process_time()
        anchored = keep_places(fresh, anchor)
        found.seconds_fresh += spent
        found.seconds += spent + time.process_time() - began
        found.add(anchor, anchored, fresh)
    return found


def vast(size: int = 2_000, share: float = 0.01) -> Iterator[Row]:
    """A picture of ``size`` applications of which a ``share`` changed, as separate systems and in one piece.

    The time is the layout's, as a share of the first picture's; the floor of places is that of one laid out afresh.
    """
    for name, width in (("systems of twenty", 20), ("in one piece", size)):
        rng = random.Random(7)
        first = made_map(rng, size, width)
        began = time.process_time()
        before = lay_out(first, projection="flat")
        spent = time.process_time() - began
        anchor = anchor_of(before)
        after = with_changes(rng, first, width, round(size * share))
        began = time.process_time()
        fresh = lay_out(after, projection="flat")
        found = keep_places(fresh, anchor)
        longer = time.process_time() - began
        kept, common = kept_places(found, anchor)
        afresh = kept_places(fresh, anchor)[0]
        what = f"{size:,} applications, {name}, {share:.0%} changed"
        yield Row(f"{what}: time", longer / spent, "", goal=0.4)
        yield Row(f"{what}: places kept", 100 * kept / common, "%", 95, 100 * afresh / common, least=True)


def made_map(rng: random.Random, size: int, width: int) -> Graph:
    """Applications in groups of ``width``, each called by an earlier one of it, and half as many further calls."""
    ids = [f"a{number:05}" for number in range(size)]
    calls = set()
    for start in range(0, size, width):
        for inner in range(1, width):
            calls.add((ids[start + rng.randrange(max(0, inner - 200), inner)], ids[start + inner]))
        for _ in range(width // 2):
            one, other = sorted(rng.sample(range(max(0, rng.randrange(width) - 60), width), 2))
            calls.add((ids[start + one], ids[start + min(other, one + 60)]))
    nodes = tuple(Node(key, f"App {key}", "application") for key in ids)
    return Graph("business", "Business graph", nodes, edges=tuple(Edge(*pair) for pair in sorted(calls)))


def with_changes(rng: random.Random, graph: Graph, width: int, changes: int) -> Graph:
    """The graph after ``changes``: applications that came, calls that came, and calls that went, in thirds."""
    nodes, calls = list(graph.nodes), {(edge.source, edge.target) for edge in graph.edges}
    ids = [node.id for node in nodes]
    for number in range(changes):
        one = rng.randrange(len(ids) - 1)
        other = min(len(ids) - 1, one + rng.randrange(1, 20), (one // width + 1) * width - 1)
        if number % 3 == 0:
            nodes.append(Node(f"new{number:03}", f"New {number}", "application"))
            calls.add((ids[one], nodes[-1].id))
        elif number % 3 == 1 and other > one:
            calls.add((ids[one], ids[other]))
        else:
            calls.discard(rng.choice(sorted(calls)))
    return replace(graph, nodes=tuple(nodes), edges=tuple(Edge(*pair) for pair in sorted(calls)))


def main(argv: Sequence[str]) -> int:
    """Print the figures of each kind of picture; 1 where a goal is missed."""
    parser = argparse.ArgumentParser(prog="bench anchors", description=__doc__)
    parser.add_argument("--seeds", type=int, default=10, help="lists of edits for each kind of picture (default: 10)")
    parser.add_argument("--edits", type=int, default=10)
    parser.add_argument("--generations", type=int, default=5, help="pictures in a row, each anchored to the last")
    for_programs(parser)
    args = parser.parse_args(list(argv))
    settings = replace(read(), front_uri="", websocket_uri="")
    found = sums(Pictures(settings, load_configured(settings)), args.seeds, args.edits, args.generations)
    return tell(chain((row for one in found for row in one.rows()), vast()), args.json)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
