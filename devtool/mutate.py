"""The tests prove themselves: each guard is taken out of a copy of the tree, and the tests that watch it must go red.

The guards stand in :mod:`devtool.mutants`.
"""

from __future__ import annotations

import argparse
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from .mutants import MUTANTS, Mutant
from .places import ROOT

LEFT_OUT = shutil.ignore_patterns(".git", ".venv", ".maestro", "__pycache__", ".*_cache", ".hypothesis", "out")
#: Seconds the tests of one mutant may take.
LIMIT = 240


def main(argv: Sequence[str]) -> int:
    """Try every mutant, or those whose name holds a word given; 1 when the tests let one live."""
    parser = argparse.ArgumentParser(prog="python3 -m devtool mutate", description=__doc__.split("\n\n")[0])
    parser.add_argument("words", nargs="*", help="only mutants whose name holds one of these")
    words = parser.parse_args(list(argv)).words
    chosen = [one for one in MUTANTS if not words or any(word in one.name for word in words)]
    alive = [mutant.name for mutant in chosen if not dies(mutant)]
    print(f"{len(chosen) - len(alive)} of {len(chosen)} mutants were noticed")
    for name in alive:
        print(f"  not noticed: {name}")
    return 1 if alive or not chosen else 0


def dies(mutant: Mutant) -> bool:
    """Whether the tests go red without the guard."""
    with tempfile.TemporaryDirectory(prefix="am-mutant-") as folder:
        tree = Path(folder) / "tree"
        shutil.copytree(ROOT, tree, ignore=LEFT_OUT)
        file = tree / mutant.file
        source = file.read_text()
        if source.count(mutant.before) != 1:
            print(f"gone   {mutant.name}: {mutant.file} holds its line {source.count(mutant.before)} times", flush=True)
            return False
        file.write_text(source.replace(mutant.before, mutant.after))
        began = time.monotonic()
        red, said = red_without(tree, mutant.tests)
        took = time.monotonic() - began
        print(f"{'red   ' if red else 'GREEN '} {mutant.name} ({took:.0f} s) {said}", flush=True)
        return red


def red_without(tree: Path, tests: Sequence[str]) -> tuple[bool, str]:
    """Run tests in ``tree``: whether one failed, and which. A run that could not begin counts as green."""
    command = [sys.executable, "-m", "pytest", "-q", "-x", "--no-header", "-p", "no:cacheprovider", *tests]
    with subprocess.Popen(command, cwd=tree, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        try:
            output = process.communicate(timeout=LIMIT)[0]
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGINT)  # the tests stop what they have started, and say where they were
            output = process.communicate()[0]
            return True, "no end: " + next((line for line in output.splitlines() if "tests/" in line), "")
    failed = [line for line in output.splitlines() if re.match(r"(FAILED|ERROR) (tests|analytics)/", line)]
    said = failed[0].split(" - ")[0][:150] if failed else output.strip().splitlines()[-1] if output else ""
    return process.returncode == 1 and not said.startswith("ERROR"), said


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
