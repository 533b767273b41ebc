"""Layout quality and time: ours beside Graphviz dot (and ELK and dagre where they are installed).

    python -m devtool bench layout [--corpora DIR] [--only NAME] [--effort NAME] [--limit N] [--engines LIST]
    python -m devtool bench layout --growth [--effort NAME]
    python -m devtool bench layout --stability [--effort NAME]
    python -m devtool bench layout --json
    python -m devtool bench layout --graphs IN.jsonl --out OUT.jsonl [--effort NAME]

The first form prints a table over whole corpora; without a folder of them it
uses graphs it makes itself. The second prints CPU and crossings from 100 to
10,000 nodes with the fitted exponent, and dot's where it answers in time. The
third prints what share of a layout stays as it was when one application is added, the
fourth the figures of the first two that have goals, for programs. The
fifth lays out every graph of a file, one a
line as ``{"name", "nodes": [id], "edges": [[source, target]]}``, and writes
``pos``, ``routes``, ``reversed``, ``cpu_s`` and ``fail``, so that anyone can
measure the answers with a program of their own.
"""

from __future__ import annotations

import argparse
import gc
import json
import math
import random
import statistics
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from analytics.layout import EFFORTS, arrange
from devtool.bench._engines import Answer, dot_engine, node_engine, run_dot, run_node
from devtool.bench._ground_metrics import Kept, Layers, measure_kept, measure_layers
from devtool.bench._rows import Row, for_programs, tell


@dataclass(frozen=True, slots=True)
class Sample:
    """One graph to lay out."""

    name: str
    nodes: list[str]
    edges: list[tuple[str, str]]


def main(argv: Sequence[str]) -> int:
    """Run one of the five forms; returns 0, or 1 when a graph failed."""
    parser = argparse.ArgumentParser(
        prog="devtool bench layout", description=__doc__.partition("\n")[0] if __doc__ else ""
    )
    parser.add_argument("--graphs", type=Path, help="a file of graphs, one a line")
    parser.add_argument("--out", type=Path, help="where the answers go")
    parser.add_argument("--effort", choices=sorted(EFFORTS), default="standard")
    parser.add_argument("--corpora", type=Path, help="a folder of corpora for the table (default: made here)")
    parser.add_argument("--only", action="append", help="only this corpus (may be given again)")
    parser.add_argument("--limit", type=int, default=2000, help="leave out graphs with more nodes (default 2000)")
    parser.add_argument("--engines", default="dot", help="which to compare with: dot,elk,dagre (default dot)")
    parser.add_argument("--timeout", type=float, default=60.0, help="seconds an engine has for one graph")
    parser.add_argument("--growth", action="store_true", help="how CPU grows from 100 to 10,000 nodes")
    parser.add_argument("--stability", action="store_true", help="what stays when one application is added")
    for_programs(parser)
    options = parser.parse_args(list(argv))
    if options.json:
        return tell([*compared(options.effort, options.timeout), *grows(options.effort)], as_json=True)
    if options.stability:
        return stability(options.effort)
    if options.growth:
        return growth(options.effort, options.timeout)
    if options.graphs or options.out:
        if not (options.graphs and options.out):
            parser.error("--graphs and --out belong together")
        return answer(options.graphs, options.out, options.effort)
    return table(options)


# --- the door


def answer(source: Path, target: Path, effort: str) -> int:
    """Lay out every graph of ``source``; a graph that cannot be laid out is answered with the reason."""
    failed = 0
    with target.open("w") as out:
        for line in source.read_text().splitlines():
            if not line.strip():
                continue
            document = json.loads(line)
            reply: dict[str, object] = {"name": document.get("name", "")}
            begun = time.process_time()
            try:
                found = arrange(document["nodes"], [(a, b) for a, b in document["edges"]], effort=effort)
            except Exception as reason:  # the caller counts failures, one must not hide the others
                reply |= {"pos": {}, "routes": [], "reversed": [], "fail": f"{type(reason).__name__}: {reason}"}
                failed += 1
            else:
                reply |= {"pos": found.positions, "routes": found.polylines, "reversed": found.reversed, "fail": None}
            reply["cpu_s"] = round(time.process_time() - begun, 6)
            out.write(json.dumps(reply, separators=(",", ":")) + "\n")
    return 1 if failed else 0


# --- the table


def ours(effort: str) -> Callable[[Sample], Answer]:
    """Our layout as an engine."""

    def run(sample: Sample) -> Answer:
        gc.collect()
        begun = time.process_time()
        found = arrange(sample.nodes, sample.edges, effort=effort)
        return Answer(found.positions, found.polylines, time.process_time() - begun)

    return run


def by_node(name: str, timeout: float) -> Callable[[Sample], Answer]:
    """ELK or dagre as an engine."""
    return lambda sample: run_node(name, sample.nodes, sample.edges, timeout)


def table(options: argparse.Namespace) -> int:
    """Print a row a corpus and engine; totals relative to dot over the graphs both finished."""
    engines: dict[str, Callable[[Sample], Answer]] = {f"ours/{options.effort}": ours(options.effort)}
    wanted = [name for name in options.engines.split(",") if name]
    for name in wanted:
        engine = dot_engine() if name == "dot" else node_engine(name)
        if engine.absent:
            print(f"!! {name} is NOT in this table: {engine.absent}", file=sys.stderr)
        elif name == "dot":
            engines = {"dot": lambda s: run_dot(s.nodes, s.edges, options.timeout), **engines}
        else:
            engines[name] = by_node(name, options.timeout)
    print(
        f"{'corpus':<16}{'engine':<15}{'graphs':>6}{'failed':>7}{'crossings':>11}{'to dot':>8}{'median':>8}{'≤ dot':>7}"
        f"{'reversed':>9}{'area':>7}{'span':>7}{'bends':>7}{'faults':>7}{'CPU s':>9}"
    )
    broken = 0
    for corpus, samples in _corpora(options.corpora, options.only, options.limit):
        results = {name: [_measured(sample, run) for sample in samples] for name, run in engines.items()}
        base = results.get("dot") or next(iter(results.values()))
        for name, found in results.items():
            broken += _row(corpus, name, found, base)
    return 1 if broken else 0


def _measured(sample: Sample, run: Callable[[Sample], Answer]) -> tuple[Layers | None, float]:
    reply = run(sample)
    if reply.failure:
        return None, reply.seconds
    return measure_layers(sample.nodes, sample.edges, reply.positions, reply.polylines), reply.seconds


def _row(
    corpus: str,
    engine: str,
    found: Sequence[tuple[Layers | None, float]],
    base: Sequence[tuple[Layers | None, float]],
) -> int:
    both = [(mine, theirs) for (mine, _), (theirs, _) in zip(found, base, strict=True) if mine and theirs]
    crossings = sum(mine.crossings for mine, _ in both)
    ratios = sorted((mine.crossings + 1) / (theirs.crossings + 1) for mine, theirs in both) or [1.0]
    lines = max(1, sum(mine.lines for mine, _ in both))
    faults = sum(mine.through + mine.overlaps + mine.shared + mine.level + mine.missing for mine, _ in both)

    def relative(figure: str) -> float:
        mine, theirs = (sum(float(getattr(pair[side], figure)) for pair in both) for side in (0, 1))
        return mine / max(1.0, theirs)

    print(
        f"{corpus:<16}{engine:<15}{len(both):>6}{sum(1 for mine, _ in found if mine is None):>7}{crossings:>11}"
        f"{relative('crossings'):>8.3f}{ratios[len(ratios) // 2]:>8.3f}"
        f"{sum(mine.crossings <= theirs.crossings for mine, theirs in both) / max(1, len(both)):>7.0%}"
        f"{sum(mine.reversed for mine, _ in both):>9}{relative('area'):>7.3f}{relative('span'):>7.3f}"
        f"{sum(mine.bends for mine, _ in both) / lines:>7.3f}{faults:>7}{sum(seconds for _, seconds in found):>9.2f}",
        flush=True,
    )
    return faults if engine.startswith("ours") else 0


# --- growth


def growth(effort: str, timeout: float) -> int:
    """Print CPU and crossings for each size, and the exponent of the line fitted through all of them."""
    dot = dot_engine()
    if dot.absent:
        print(f"!! dot is NOT in this table: {dot.absent}", file=sys.stderr)
    print(f"{'nodes':>6}{'edges':>8}{'CPU s':>9}{'crossings':>11}{'dot':>11}{'to dot':>8}{'dot CPU s':>11}")
    points = []
    timed_out = 0
    for size in (100, 200, 500, 1000, 2000, 5000, 10_000):
        sample = architecture(size, 300)
        found, seconds = _measured(sample, ours(effort))
        points.append((math.log(size + len(sample.edges)), math.log(seconds)))
        row = f"{size:>6}{len(sample.edges):>8}{seconds:>9.3f}{found.crossings if found else 0:>11}"
        if not dot.absent and not timed_out:  # what is larger than the first graph it gave up takes longer still
            theirs, theirs_seconds = _measured(sample, lambda s: run_dot(s.nodes, s.edges, timeout))
            if found and theirs:
                ratio = found.crossings / max(1, theirs.crossings)
                row += f"{theirs.crossings:>11}{ratio:>8.3f}{theirs_seconds:>11.2f}"
        if not row[34:].strip() and not dot.absent:
            timed_out += 1
            row += f"{'no answer':>11}"
        print(row, flush=True)
    slope = statistics.linear_regression([x for x, _ in points], [y for _, y in points]).slope
    print(f"fitted exponent in nodes plus edges: {slope:.2f}; dot gave no answer for {timed_out} of {len(points)}")
    return 0


# --- rows

#: Crossings that are allowed, as a share of dot's on the same graphs.
SHARES = {"made-arch": 1.03, "made-cyclic": 1.03, "made-uniform": 1.0}
SHARES_BY_SIZE = {500: 0.95, 1000: 0.92, 2000: 0.90}
#: CPU seconds of one graph, by its nodes.
SECONDS = {100: 0.12, 1000: 2.0, 10_000: 10.0}


def compared(effort: str, timeout: float) -> Iterator[Row]:
    """Crossings beside dot's, and faults, of the corpora made here; dot's are left out where it is not installed."""
    groups = {name: (found, SHARES[name]) for name, found in made().items() if name in SHARES}
    groups |= {f"{size:,} nodes": ([architecture(size, 300)], most) for size, most in SHARES_BY_SIZE.items()}
    absent = dot_engine().absent
    if absent:
        print(f"!! dot is NOT in these rows: {absent}", file=sys.stderr)
    for name, (samples, most) in groups.items():
        found = [one for one, _ in (_measured(sample, ours(effort)) for sample in samples) if one]
        crossings = sum(one.crossings for one in found)
        faults = sum(one.through + one.overlaps + one.shared + one.level + one.missing for one in found)
        yield Row(f"{name}: faults", faults + len(samples) - len(found), "", goal=0)
        theirs = [] if absent else [_measured(one, lambda s: run_dot(s.nodes, s.edges, timeout))[0] for one in samples]
        if theirs and None not in theirs:
            floor = sum(one.crossings for one in theirs if one)
            yield Row(f"{name}: crossings", crossings, "", goal=most * floor, floor=floor)
        else:
            yield Row(f"{name}: crossings", crossings, "")


def grows(effort: str) -> Iterator[Row]:
    """CPU of architecture-like graphs from 100 to 10,000 nodes, and the exponent of the line through them."""
    points = []
    for size in (100, 200, 500, 1000, 2000, 5000, 10_000):
        sample = architecture(size, 300)
        _, seconds = _measured(sample, ours(effort))
        points.append((math.log(size + len(sample.edges)), math.log(seconds)))
        if size in SECONDS:
            yield Row(f"{size:,} nodes, effort {effort}: layout", seconds, "CPU s", goal=SECONDS[size])
    slope = statistics.linear_regression([x for x, _ in points], [y for _, y in points]).slope
    yield Row("growth from 100 to 10,000 nodes: exponent", slope, "", goal=1.5)


# --- stability


def stability(effort: str) -> int:
    """Print for each size the shares of nodes and pairs that stay as they were when one application is added."""
    print(f"{'nodes':>6}{'graphs':>8}{'same column':>13}{'same order':>12}{'worst order':>13}")
    for size in (15, 30, 60, 120):
        kept = [grown(size, seed, effort) for seed in range(12)]
        columns, order = (statistics.mean(getattr(one, share) for one in kept) for share in ("columns", "order"))
        print(
            f"{size:>6}{len(kept):>8}{columns:>13.1%}{order:>12.1%}{min(one.order for one in kept):>13.1%}", flush=True
        )
    return 0


def grown(size: int, seed: int, effort: str) -> Kept:
    """What stays of an architecture's layout when one of its applications gets a new dependency."""
    sample = architecture(size, seed)
    caller = random.Random(seed).choice(sample.nodes)
    before = arrange(sample.nodes, sample.edges, effort=effort)
    after = arrange([*sample.nodes, "new"], [*sample.edges, (caller, "new")], effort=effort)
    return measure_kept(before.positions, after.positions)


# --- corpora


def _corpora(folder: Path | None, only: Sequence[str] | None, limit: int) -> Iterator[tuple[str, list[Sample]]]:
    if folder is not None:
        if not folder.is_dir():
            sys.exit(f"there is no folder {folder}")
        for path in sorted(folder.glob("*.jsonl")):
            if not only or path.stem in only:
                yield path.stem, [sample for sample in _read(path) if len(sample.nodes) <= limit]
    for name, samples in made().items():
        if (only and name in only) or not (only or folder):
            yield name, [sample for sample in samples if len(sample.nodes) <= limit]


def _read(path: Path) -> list[Sample]:
    documents = [json.loads(line) for line in path.read_text().splitlines() if line.strip()]
    return [Sample(d["name"], d["nodes"], [(a, b) for a, b in d["edges"]]) for d in documents]


def made() -> dict[str, list[Sample]]:
    """Corpora made here, the same every time: architecture-like, the same with cycles, large ones, uniform."""
    sizes = [size for size in (10, 20, 50, 100) for _ in range(6)]
    return {
        "made-arch": [architecture(size, seed) for seed, size in enumerate(sizes)],
        "made-cyclic": [architecture(size, 100 + seed, back=0.06) for seed, size in enumerate(sizes)],
        "made-uniform": [uniform(size, 200 + seed) for seed, size in enumerate((20, 40, 80, 160))],
        "made-large": [architecture(size, 300) for size in (500, 1000, 2000, 10_000)],
    }


def architecture(size: int, seed: int, back: float = 0.0) -> Sample:
    """Tiers of services that mostly call the next tier, some of them shared; ``back`` is the share of cycles."""
    chance = random.Random(seed)
    tiers = max(3, min(10, round(size**0.4)))
    tier = [min(tiers - 1, int(chance.random() ** 0.8 * tiers)) for _ in range(size)]
    members: list[list[int]] = [[node for node in range(size) if tier[node] == level] for level in range(tiers)]
    edges = set()
    for node in range(size):
        for _ in range(1 + (chance.random() < 0.6) + (chance.random() < 0.4)):
            ahead = tier[node] + (1 if chance.random() < 0.75 else 2)
            if ahead < tiers and members[ahead]:
                pool = members[ahead]
                edges.add((node, pool[int(chance.random() ** 1.6 * len(pool))]))
    for source, target in sorted(edges):
        if chance.random() < back:
            edges.add((target, source) if chance.random() < 0.3 else (target, chance.randrange(size)))
    return Sample(f"arch-{size}-{seed}", [f"v{n}" for n in range(size)], [(f"v{a}", f"v{b}") for a, b in sorted(edges)])


def uniform(size: int, seed: int) -> Sample:
    """Random pairs, each from the smaller number to the larger."""
    chance = random.Random(seed)
    edges = {tuple(sorted(chance.sample(range(size), 2))) for _ in range(round(size * 2.2))}
    return Sample(f"uniform-{size}", [f"v{n}" for n in range(size)], [(f"v{a}", f"v{b}") for a, b in sorted(edges)])
