"""Is a picture the same to the byte, whatever the hash seed and the order in which an inventory is read?

The sample is drawn again and again, in processes of different hash seeds, each time with its documents, lists and
fields in another order: as business, infra and network graph, some of them anchored to an earlier picture. All
pictures of one kind, records of their origin included, have to be one.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from analytics.answers.proof import digest, with_proof
from analytics.cli.running import drawn
from analytics.cli.verify import origin_of
from analytics.inventory import KeptSource
from analytics.inventory.handwritten import contents
from analytics.inventory.owned import OwnedInventory
from analytics.model.anchor import Anchor, anchor_of
from analytics.model.artifacts import Drawing, GraphRequest
from analytics.pipeline.registry import Registry, load_configured
from analytics.settings import Settings, read
from devtool.bench._rows import Row, for_programs, tell
from devtool.bench.anchors import edited
from devtool.bench.differences import sample

#: What is drawn in turn: graph type, and whether it keeps the places of an earlier picture.
KINDS = (("business", False), ("infra", False), ("network", False), ("business", True), ("infra", True))


def shuffled(value: Any, rng: random.Random, depth: int = 0) -> Any:
    """A value with the order of its fields changed, and of its lists where that says nothing."""
    if isinstance(value, dict):
        names = list(value)
        rng.shuffle(names)
        return {name: shuffled(value[name], rng, depth + 1) for name in names}
    if isinstance(value, list):
        found = [shuffled(one, rng, depth + 1) for one in value]
        if depth <= 1 or all(isinstance(one, dict) and "_id" in one for one in found):
            rng.shuffle(found)
        return found
    return value


def picture(
    documents: Any, kind: str, anchor: Anchor | None, settings: Settings, registry: Registry
) -> tuple[str, Drawing]:
    """A picture with its record, and what was drawn."""
    held = contents(documents)
    owner = held.owners[0]
    request = GraphRequest("drawn", owner, kind, projection=registry.graph_types[kind].projection)
    owned = OwnedInventory(KeptSource(lambda: held), owner)
    drawing = drawn(owned, request, registry, settings, anchor=anchor).artifact(Drawing)
    assert drawing is not None
    return with_proof(drawing.svg, origin_of(owned, request, settings, anchor)), drawing


def part(first: int, count: int) -> None:
    """Draw ``count`` times, from the ``first`` order on; print the digest of each picture with its kind."""
    settings = replace(read(), front_uri="", websocket_uri="")
    registry = load_configured(settings)
    documents: Any = sample()
    earlier = edited(documents, 1, 10)
    anchors = {
        kind: anchor_of(picture(earlier, kind, None, settings, registry)[1].grid) for kind, kept in KINDS if kept
    }
    for number in range(first, first + count):
        kind, kept = KINDS[number % len(KINDS)]
        mixed = shuffled(json.loads(json.dumps(documents)), random.Random(number))
        drawn_text, _ = picture(mixed, kind, anchors[kind] if kept else None, settings, registry)
        print(f"{kind}{' anchored' if kept else ''}\t{digest(drawn_text)}", flush=True)


def main(argv: Sequence[str]) -> int:
    """Draw; 1 where two pictures of one kind differ."""
    parser = argparse.ArgumentParser(prog="bench proof", description=__doc__)
    parser.add_argument("--draws", type=int, default=1_000)
    parser.add_argument("--seeds", type=int, default=20, help="processes, each of another hash seed (default: 20)")
    parser.add_argument("--part", nargs=2, type=int, metavar=("FIRST", "COUNT"), help=argparse.SUPPRESS)
    for_programs(parser)
    args = parser.parse_args(list(argv))
    if args.part:
        part(*args.part)
        return 0
    return tell(rows(args.draws, args.seeds), args.json)


def rows(draws: int, seeds: int) -> Iterator[Row]:
    """How many different pictures there are of each kind, and whether all were drawn."""
    found: dict[str, Counter[str]] = defaultdict(Counter)
    each = -(-draws // seeds)
    for seed in range(seeds):
        count = min(each, draws - seed * each)
        if count <= 0:
            break
        command = [sys.executable, "-m", "devtool.bench", "proof", "--part", str(seed * each), str(count)]
        env = {**os.environ, "PYTHONHASHSEED": str(seed)}
        said = subprocess.run(command, env=env, stdout=subprocess.PIPE, text=True, check=True).stdout
        for line in said.splitlines():
            kind, _, mark = line.partition("\t")
            found[kind][mark] += 1
    for kind, marks in sorted(found.items()):
        yield Row(f"{kind}: different pictures in {sum(marks.values())} draws", len(marks), "", goal=1)
    total = sum(sum(marks.values()) for marks in found.values())
    yield Row(f"draws over {seeds} hash seeds, each in another order", total, "", goal=draws, least=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
