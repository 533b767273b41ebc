"""What is said of failures, held against every set that may run, and the time of all weak points.

Counts disagreements on random estates with k of n, calls that can be done
without, circles and places that are not recorded (the goal is none), weak
points that one failure at a time does not confirm, and proofs that do not hold.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import time
from collections.abc import Iterator, Sequence

from analytics.answers.failure import failure, fallen
from analytics.answers.needs import Needs, needs_of
from analytics.answers.single import single_failures
from analytics.answers.whole import Whole, from_documents
from analytics.answers.wording import Words
from analytics.cli.fail import document
from devtool.bench._failing_estates import Documents, estate, failures, judged, proof_problem
from devtool.bench._rows import Row, for_programs, tell


def read(documents: Documents) -> Whole:
    """The records of an estate's documents."""
    return from_documents({f"{name}/{one['_id']}": one for name, held in documents.items() for one in held})


def disagreements(seed: int, questions: int = 3) -> list[str]:
    """What is wrong in the answers on one random estate."""
    rng = random.Random(seed)
    documents = estate(rng)
    whole = read(documents)
    held = needs_of(whole)
    wrong = []
    for _ in range(questions):
        failed = failures(rng, documents)
        verdicts = failure(held, failed)
        for thing, state in judged(documents, failed).items():
            said = verdicts[thing].state if thing in verdicts else "up"
            if said != state:
                wrong.append(f"estate {seed}, {', '.join(failed)}: {thing} is {state}, not {said}")
        if problem := proof_problem(document_of(whole, held, failed)):
            wrong.append(f"estate {seed}, {', '.join(failed)}: {problem}")
    everything = {key for need in held.needs for key in (need.thing, *need.of)}
    brought = single_failures(held.needs)
    for thing in sorted(everything):
        alone = set(fallen(held.needs, [thing])) - {thing}
        if alone != set(brought.get(thing, ())):
            wrong.append(
                f"estate {seed}: {thing} alone brings down {sorted(alone)}, not {sorted(brought.get(thing, ()))}"
            )
    return wrong


def document_of(whole: Whole, held: Needs, failed: list[str]) -> dict[str, object]:
    """An answer's record, as plain data."""
    answer: dict[str, object] = json.loads(json.dumps(document(Words(whole, held), failed, failure(held, failed))))
    return answer


def large(things: int, seed: int = 1) -> Documents:
    """An estate of ``things``: a quarter applications, with calls in layers and some circles, the rest servers."""
    rng = random.Random(seed)
    apps = [f"a{place}" for place in range(things // 4)]
    servers = [f"s{place}" for place in range(things - len(apps))]
    documents: Documents = {"applications": [], "systems": [], "servers": []}
    for place, key in enumerate(apps):
        ahead = [
            one for one in rng.sample(apps[place + 1 :] or apps, min(3, len(apps[place + 1 :]) or 1)) if one != key
        ]
        back = [rng.choice(apps)] if rng.random() < 0.05 else []
        documents["applications"].append(
            {
                "_id": key,
                "name": key,
                "deps": [{"_id": one} for one in dict.fromkeys([*ahead, *back])],
                "servers": servers[3 * place : 3 * place + 3],
                "needs": {"servers": rng.choice([1, "majority"])},
            }
        )
    for place, key in enumerate(servers):
        zone = {"_id": "d", "name": "D", "provider": "AWS", "region": "r", "zone": f"z{place % 3}"}
        documents["servers"].append({"_id": key, "hostname": key, "datacenters": zone})
    return documents


def seconds(things: int) -> tuple[float, float]:
    """CPU seconds for all weak points, and for one failure, of an estate of ``things``."""
    held = needs_of(read(large(things)))
    began = time.process_time()
    single_failures(held.needs)
    middle = time.process_time()
    failure(held, ["servers/s0"])
    return middle - began, time.process_time() - middle


def main(argv: Sequence[str]) -> int:
    """Run it; 1 where a goal is missed."""
    parser = argparse.ArgumentParser(prog="bench answers", description=__doc__)
    parser.add_argument("--estates", type=int, default=500, help="random estates, three questions each (default: 500)")
    parser.add_argument("--seed", type=int, default=1)
    for_programs(parser)
    args = parser.parse_args(argv)
    return tell(rows(args.estates, args.seed), args.json)


def rows(estates: int, seed: int) -> Iterator[Row]:
    """Disagreements, each told on standard error, and times."""
    wrong = [one for number in range(seed, seed + estates) for one in disagreements(number)]
    for said in wrong[:20]:
        print(said, file=sys.stderr)
    yield Row(f"disagreements on {estates} estates, 3 failures each", len(wrong), "", goal=0)
    weak, one = seconds(2_000)
    yield Row("2,000 things: all weak points", weak, "CPU s", goal=0.3)
    yield Row("2,000 things: one failure", one * 1000, "CPU ms", goal=20)
    yield Row("10,000 things: all weak points", seconds(10_000)[0], "CPU s", goal=3)
