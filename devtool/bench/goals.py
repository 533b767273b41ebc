"""Run benchmarks, print what falls short of its goal, and note all rows for the table in the documentation.

Without names all of them are run, one after the other, which takes half an hour on
two quiet cores; with ``--noted`` nothing is run, and what was noted last is told.
Afterwards ``python3 -m devtool docs`` writes the page. Exits with 1 where a goal is missed.
"""

from __future__ import annotations

import argparse
import datetime
import os
import platform
import subprocess
import sys
from collections.abc import Sequence

from devtool.places import ROOT

from . import _figures as figures
from . import names
from ._pace import pace
from ._rows import line, read

#: How a benchmark is run for the table where its own defaults take too long.
ARGUMENTS = {"anchors": "--seeds 3", "exposure": "--estates 600", "proof": "--draws 200 --seeds 10"}


def main(argv: Sequence[str]) -> int:
    """Run the benchmarks; 1 where a goal is missed, 2 where one could not be run."""
    parser = argparse.ArgumentParser(prog="python3 -m devtool bench goals", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help="only these benchmarks (all)")
    parser.add_argument("--noted", action="store_true", help="run nothing: tell what was noted last")
    options = parser.parse_args(list(argv))
    if unknown := [name for name in options.names if name not in measured()]:
        parser.error(f"no benchmark is called {unknown[0]}; there are {', '.join(measured())}")
    wanted = options.names or measured()
    broken = [] if options.noted else [name for name in wanted if not run(name)]
    noted = figures.read()
    missed = [(name, row) for name in wanted if name in noted for row in noted[name].rows if row.holds is False]
    asked = sum(row.holds is not None for name in wanted if name in noted for row in noted[name].rows)
    for name, row in missed:
        print(f"{name:<12}{line(row)}")
    print(f"{asked - len(missed)} of {asked} goals are kept; python3 -m devtool docs writes the table")
    if broken:
        print(f"could not be run: {', '.join(broken)}", file=sys.stderr)
        return 2
    return int(bool(missed))


def measured() -> list[str]:
    """The benchmarks that have rows: all but this one."""
    return [name for name in names() if name != "goals"]


def run(name: str) -> bool:
    """Run one and note its rows; False where it printed none."""
    arguments = ARGUMENTS.get(name, "")
    print(f"… {name} {arguments}".rstrip(), file=sys.stderr, flush=True)
    before = pace()
    command = [sys.executable, "-m", "devtool.bench", name, "--json", *arguments.split()]
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode not in (0, 1) or not done.stdout.strip():
        return False
    slower = round((before + pace()) / 2, 2)
    today = datetime.datetime.now(tz=datetime.UTC).date().isoformat()
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    found = figures.Run(arguments, today, platform.python_version(), cores, slower, tuple(read(done.stdout)))
    figures.write({**figures.read(), name: found})
    return True
