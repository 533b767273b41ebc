"""What a difference says, held against the edits that were made, and partners between environments.

Random lists of one to ten edits of the sample: the words have to be the edits,
nothing changed from a thing to itself, and backwards the mirror. Partners are
looked for between the sample and itself under other ids, renamed in six ways.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import time
from collections.abc import Iterator, Sequence
from typing import Any

from analytics.answers.difference import Change, difference
from analytics.answers.matching import between
from analytics.answers.whole import Whole, from_documents
from analytics.inventory.handwritten import contents
from analytics.settings import ROOT
from devtool.bench._edits import Documents, edited, renamed, scheme
from devtool.bench._rows import Row, for_programs, tell
from devtool.bench.answers import large

COLLECTIONS = ("applications", "systems", "clients", "servers", "datacenters", "networks", "volumes")
MIRROR = {
    "added": "removed",
    "removed": "added",
    "grown": "shrunk",
    "shrunk": "grown",
    "exposed": "closed",
    "closed": "exposed",
}


def sample() -> Documents:
    """The collections of the sample."""
    documents: dict[str, Any] = json.loads((ROOT / "devtool/sample/inventory.json").read_text())
    return {name: documents[name] for name in COLLECTIONS}


def read(documents: Documents) -> Whole:
    """Documents as the inventory has them."""
    held = contents(json.loads(json.dumps(documents)))
    return from_documents(
        {
            f"{name}/{key}": one
            for name, mine in held.of(held.owners[0]).items()
            for key, one in mine.items()
            if name in COLLECTIONS
        }
    )


def mirrored(one: Change) -> tuple[str, str, str, str]:
    """A change as it is told backwards."""
    return (MIRROR.get(one.verb, one.verb), one.field, one.after, one.before)


def wrong(documents: Documents, seed: int) -> list[str]:
    """What is wrong in the words on one list of edits."""
    rng = random.Random(seed)
    after, expected = edited(documents, rng)
    old, new = read(documents), read(after)
    found = difference(old, new).changes
    told = sorted((one.verb, one.thing, one.field, one.target) for one in found if one.kind != "exposure")
    problems = [f"edits {seed}: not told: {one}" for one in expected if one not in told]
    problems += [f"edits {seed}: told, and nobody did it: {one}" for one in told if one not in expected]
    back = sorted((one.verb, one.field, one.before, one.after) for one in difference(new, old).changes)
    there = sorted(map(mirrored, found))
    systems = [one for one in there if one[1] not in ("deps", "system", "servers")]
    if len(back) != len(there) or [one for one in back if one[1] not in ("deps", "system", "servers")] != systems:
        problems.append(f"edits {seed}: backwards it is not the mirror")
    if difference(new, read(after)).changes:
        problems.append(f"edits {seed}: a thing differs from itself")
    return problems


def partners(documents: Documents, number: int) -> tuple[int, int, int]:
    """How many partners were found, how many of them rightly, and how many there are, in one way of renaming."""
    rng = random.Random(number)
    mine = json.loads(json.dumps(documents))
    for held in mine.values():
        for document in held:
            for field in ("name", "hostname"):
                if document.get(field):
                    document[field] = scheme(number, document[field], "production")
    other, pairs = renamed(documents, number, rng)
    found = between(read(mine).documents, read(other).documents).pairs
    return len(found), sum(1 for key, partner in found.items() if pairs.get(key) == partner), len(pairs)


def seconds(things: int) -> float:
    """CPU seconds to compare two inventories of ``things`` that differ a little."""
    documents = large(things)
    after = json.loads(json.dumps(documents))
    for place in range(0, things // 4, 20):
        after["applications"][place]["name"] += " renamed"
    old, new = read(documents), read(after)
    began = time.process_time()
    difference(old, new)
    return time.process_time() - began


def main(argv: Sequence[str]) -> int:
    """Run it; 1 where a goal is missed."""
    parser = argparse.ArgumentParser(prog="bench differences", description=__doc__)
    parser.add_argument("--lists", type=int, default=1_000, help="random lists of edits (default: 1000)")
    parser.add_argument("--seed", type=int, default=1)
    for_programs(parser)
    args = parser.parse_args(argv)
    return tell(rows(args.lists, args.seed), args.json)


def rows(lists: int, seed: int) -> Iterator[Row]:
    """Lists told wrongly, each said on standard error, partners, and the time."""
    documents = sample()
    problems = [one for number in range(seed, seed + lists) for one in wrong(documents, number)]
    for one in problems[:20]:
        print(one, file=sys.stderr)
    yield Row(f"{lists} lists of edits: told wrongly", len(problems), "", goal=0)
    for number in range(6):
        found, right, real = partners(documents, number)
        called = f"partners, names as {scheme(number, 'Orders API', 'staging')!r}"
        yield Row(f"{called}: precision", right / max(1, found), "", goal=0.99, least=True)
        yield Row(f"{called}: recall", right / real, "", goal=0.9, least=True)
    yield Row("2,000 against 2,000 things", seconds(2_000), "CPU s", goal=1)
