"""Does an overview of a large map hold: few things, the calls on drawn lines, the teams found, places kept?

Maps are made up, so that their teams are known: with teams in the names, without,
and rewired by chance, where no parts may be claimed. ``--json`` for programs.
"""

from __future__ import annotations

import argparse
import math
import re
import statistics
import sys
import time
from collections import Counter
from collections.abc import Hashable, Iterator, Mapping, Sequence

from analytics.drawing import render
from analytics.graphs.overview.picture import Overview, overview
from analytics.layout import lay_out_overview
from analytics.model.graph import Edge, Graph, Measure, Node
from devtool.bench._rows import Row, for_programs, tell
from devtool.bench._service_maps import ServiceMap, by_chance, changed, rewired, with_teams

SCREEN = (1600, 1000)


def graph_of(found: ServiceMap) -> Graph:
    """The map as the business graph has it."""
    things = sorted({end for pair in found.calls for end in pair})
    edges = tuple(
        Edge(caller, called, measures=(Measure("rate", float(count)),))
        for (caller, called), count in found.calls.items()
    )
    return Graph("business", "Business graph", tuple(Node(name, name) for name in things), edges, found=len(things))


def shared_information(one: Sequence[Hashable], other: Sequence[Hashable]) -> float:
    """Normalised mutual information of two ways to part the same things: 1 the same, 0 nothing in common."""
    size = len(one)
    counts = Counter(one), Counter(other)
    both = Counter(zip(one, other, strict=True))
    entropy = [-sum(count / size * math.log(count / size) for count in found.values()) for found in counts]
    mutual = sum(
        count / size * math.log(count * size / (counts[0][mine] * counts[1][theirs]))
        for (mine, theirs), count in both.items()
    )
    return 2 * mutual / sum(entropy) if sum(entropy) else 1.0


def moved(one: Overview, other: Overview) -> float:
    """The share of things that change fold."""
    return sum(fold != other.folds.get(key) for key, fold in one.folds.items()) / len(one.folds)


def drawn_share(found: Overview) -> float:
    """The share of the calls between folds that the drawn lines carry, as the frame says it."""
    thinner = re.search(r"([\d.]+)% of the calls between folds", found.graph.summary[-1])
    return 1 - float(thinner[1]) / 100 if thinner else 1.0


def found_teams(found: Overview, team: Mapping[str, str]) -> float:
    """How well the folds agree with the teams; hubs stand outside of any."""
    things = [key for key in sorted(found.folds) if key not in found.hubs]
    return shared_information([found.folds[key] for key in things], [team[key] for key in things])


def rows(services: int, seeds: int) -> Iterator[Row]:
    """Every figure."""
    for seed in range(1, seeds + 1):
        known = with_teams(services, seed=seed, named=False)
        began = time.process_time()
        first = overview(graph_of(known))
        grid = lay_out_overview(first.graph, first.hubs)
        spent = time.process_time() - began
        name = f"teams without names, seed {seed}"
        yield Row(f"{name}: things", len(first.graph.nodes), "", goal=45)
        yield Row(f"{name}: calls on drawn lines", 100 * drawn_share(first), "%", goal=94, least=True)
        yield Row(f"{name}: teams found", found_teams(first, known.team), "NMI", goal=0.90, least=True)
        yield Row(f"{name}: folding and layout", spent, "CPU s", goal=1.0)
        if grid is not None:
            yield Row(f"{name}: names on a screen", name_height(render(grid)), "px", goal=12, least=True)
        again = overview(graph_of(changed(known, 0.01, seed)), previous=first.folds)
        yield Row(f"{name}: moved by 1 % of changes", 100 * moved(first, again), "%", goal=2)
        same = overview(graph_of(known), previous=first.folds)
        yield Row(f"{name}: moved by no change", 100 * moved(first, same), "%", goal=0)
        chance = overview(graph_of(rewired(known, seed)))
        yield Row(f"{name}: parts claimed once rewired", parts_claimed(chance), "", goal=0)
        told = with_teams(services, seed=seed)
        found = found_teams(overview(graph_of(told)), told.team)
        yield Row(f"teams with names, seed {seed}: teams found", found, "NMI", goal=1.0, least=True)
        wild = parts_claimed(overview(graph_of(by_chance(seed=seed))))
        yield Row(f"calls by chance, seed {seed}: parts claimed", wild, "", goal=0)
    large = graph_of(with_teams(20_000, 400, 24, named=False))
    began = time.process_time()
    overview(large)
    yield Row("20,000 things: folding", time.process_time() - began, "CPU s", goal=2.0)


def parts_claimed(found: Overview) -> int:
    """Folds that are called a part."""
    return sum(key.startswith("part:") for key in set(found.folds.values()))


def name_height(svg: str) -> float:
    """The median height of names in pixels, the whole picture on a screen."""
    box = re.search(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', svg)
    assert box is not None
    scale = min(SCREEN[0] / float(box[1]), SCREEN[1] / float(box[2]))
    return statistics.median(float(size) for size in re.findall(r'class="am-l" font-size="([\d.]+)"', svg)) * scale


def main(argv: Sequence[str]) -> int:
    """Print the rows; 1 when a goal is missed."""
    parser = argparse.ArgumentParser(prog="bench overview", description=__doc__)
    parser.add_argument("--services", type=int, default=1_200)
    parser.add_argument("--seeds", type=int, default=3)
    for_programs(parser)
    options = parser.parse_args(list(argv))
    return tell(rows(options.services, options.seeds), options.json)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
