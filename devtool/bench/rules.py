"""Fifty rules of every form on 2,000 things, and the pages about an inventory: seconds, and what a second run writes.

The pages are those of the sample, or of another inventory, with all packs of rules, in a process of their own.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

from analytics.answers.rules.facts import Facts
from analytics.answers.rules.forms import Estate, check
from analytics.answers.rules.reading import read_rules
from analytics.answers.rules.records import Result
from analytics.answers.rules.selecting import Chooser
from devtool.bench._rows import Row, for_programs, tell
from devtool.bench.answers import large, read
from devtool.places import ROOT, SAMPLE

FORMS = (
    "each: {name: 'a*'}, must: {zones: {min: 2}}",
    "from: {name: 'a1*'}, never calls: {environment: {not: Production}}",
    "each: {name: 'a*'}, survives: any one server",
    "from: {name: 'a1*'}, never reaches: {family: Database}",
    "each: application, must: {exposure: {not: exposed}}",
    "no cycle between: applications",
    "each: environment, same: provider",
    "each: {kind: server}, must: {provider: AWS, cpu: {min: 2}}",
    "layers: [{name: 'a1*'}, {name: 'a2*'}]",
    "each: zone, count: {servers: {min: 2}}, at most: 5",
)
TODAY = date(2026, 6, 1)
PACKS = ("exposure", "redundancy", "ownership", "hygiene")


def checked(things: int, rules: int) -> tuple[list[Result], float]:
    """How so many rules went on so many things, and the CPU seconds of reading and checking them."""
    facts = Facts(read(large(things)))
    said = "".join(f"- {{id: r{number}, {FORMS[number % len(FORMS)]}}}\n" for number in range(rules))
    began = time.process_time()
    found = read_rules(f"rules:\n{said}".encode(), "rules.yaml", facts)
    estate = Estate(Chooser(facts, TODAY))
    results = [check(estate, one) for one in found.rules]
    return results, time.process_time() - began


def pages(inventory: Path) -> Iterator[Row]:
    """Write the pages twice."""
    with tempfile.TemporaryDirectory() as folder:
        site = Path(folder) / "site"
        command = [sys.executable, "-m", "analytics", "report", str(inventory), "-o", str(site)]
        command += [word for name in PACKS for word in ("--pack", name)] + ["--today", str(TODAY)]
        for turn in ("first", "second"):
            before = {path: path.stat().st_mtime_ns for path in site.rglob("*") if path.is_file()}
            spent = os.times()
            subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
            after = os.times()
            seconds = after.children_user + after.children_system - spent.children_user - spent.children_system
            now = {path: path.stat().st_mtime_ns for path in site.rglob("*") if path.is_file()}
            yield Row(f"pages about {inventory.stem}, {turn} run", seconds, "CPU s", goal=10)
        changed = sum(before.get(path) != stamp for path, stamp in now.items()) + len(before.keys() - now.keys())
        yield Row(f"pages about {inventory.stem}: of {len(now)} files the second run writes", changed, "", goal=0)


def main(argv: Sequence[str]) -> int:
    """Run it; 1 where a goal is missed."""
    parser = argparse.ArgumentParser(prog="bench rules", description=__doc__)
    parser.add_argument("--inventory", type=Path, default=SAMPLE, help="what the pages are about (the sample)")
    for_programs(parser)
    options = parser.parse_args(list(argv))
    return tell(rows(options.inventory), options.json)


def rows(inventory: Path) -> Iterator[Row]:
    """Rules, then pages."""
    results, seconds = checked(2_000, 50)
    broken = sum(one.count("broken") for one in results)
    yield Row("2,000 things, 50 rules: reading and checking", seconds, "CPU s", goal=1)
    yield Row("2,000 things, 50 rules: findings", broken, "broken")
    yield from pages(inventory)
