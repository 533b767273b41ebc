"""The tests prove themselves: each guard is taken out of a copy of the tree, and the tests that watch it must go red.

A guard is named by the lines that hold it. Lines that are no longer there are
an error too: whoever moves a guard moves its mutant.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LEFT_OUT = shutil.ignore_patterns(".git", ".venv", ".maestro", "__pycache__", ".*_cache", ".hypothesis", "out")
#: Seconds the tests of one mutant may take.
LIMIT = 240


@dataclass(frozen=True, slots=True)
class Mutant:
    """One guard taken out: ``before`` becomes ``after`` in ``file``; ``tests`` are pytest's arguments."""

    name: str
    file: str
    before: str
    after: str
    tests: tuple[str, ...]


STORE, SWEEP, JOBS = ("tests/runs/test_store.py",), ("tests/runs/test_sweep.py",), ("tests/runs/test_jobs.py",)
FAULTS = "tests/faults/test_worker_faults.py"
MUTANTS = (
    Mutant(
        "the fence: a newer request",
        "analytics/progress.py",
        "if run is None or not run.open:",
        "if run is None:",
        STORE,
    ),
    Mutant(
        "the fence: another attempt",
        "analytics/progress.py",
        "return state.status == RUNNING and state.claim == claim",
        "return True",
        STORE,
    ),
    Mutant("an attempt is made once", "analytics/runs.py", "(state.status, state.attempt) != (", "False and (", STORE),
    Mutant(
        "the fence before a send",
        "analytics/sending.py",
        "            self.guard.check()\n            return",
        "            return",
        SWEEP,
    ),
    Mutant("lease renewal", "analytics/jobs.py", "self._store.renew(held[0])", "pass", JOBS),
    Mutant("the lease's hard cap", "analytics/jobs.py", "or time.monotonic() > held[1]", "", JOBS),
    Mutant("the reaper", "analytics/reaper.py", "in reaper.store.overdue():", "in []:", STORE),
    Mutant("the poison limit", "analytics/runs.py", "if losses >= attempts or", "if", STORE),
    Mutant(
        "election",
        "analytics/reaper.py",
        "        return False\n    reaper.redis.pexpire",
        "        return True\n    reaper.redis.pexpire",
        STORE,
    ),
    Mutant(
        "owed statuses",
        "analytics/owed.py",
        "_keep(self.redis, request, self.run_id, fields, wait=FIRST_WAIT)",
        "pass",
        STORE,
    ),
    Mutant("a newer run cancels a debt", "analytics/owed.py", 'newest.decode() != entry["run"]', "False", STORE),
    Mutant("the sweep", "analytics/sweep.py", "if now - first < sweep.interval:", "if True:", SWEEP),
    Mutant(
        "two sightings", "analytics/sweep.py", "if first is None or", "first = first or 0.0\n    if False and", SWEEP
    ),
    Mutant(
        "the send lock",
        "analytics/sending.py",
        "while not redis.set(lock, self.run_id, nx=True, ex=HOLD):",
        "while False:",
        SWEEP,
    ),
    Mutant("late sends made good", "analytics/sending.py", "self._make_good(request, lock)\n\n", "pass\n\n", SWEEP),
    Mutant("times to live", "analytics/runs.py", 'pipe.expire(key("art", run_id), self.limits.ttl)', "pass", STORE),
    Mutant("fair order", "analytics/admission.py", "math.max(virtual, last) + 1", "virtual + 1", STORE),
    Mutant(
        "the allow-list",
        "analytics/jobs.py",
        "if self.func_name not in ALLOWED or self.instance is not None:",
        "if False:",
        JOBS,
    ),
    Mutant(
        "a stage gives what it says",
        "analytics/jobs.py",
        "if not isinstance(artifact, stage.gives):",
        "if False:",
        JOBS,
    ),
    Mutant("foreign error texts", "analytics/jobs.py", "failed ({type(exc).__name__}).", "failed ({exc}).", JOBS),
    Mutant(
        "children die with the supervisor",
        "analytics/worker.py",
        'if sys.platform != "linux":\n        return\n    parent',
        "return\n    parent",
        (FAULTS, "-k", "supervisor_killed"),
    ),
    Mutant(
        "a fork is no worker",
        "analytics/jobs.py",
        "if os.getpid() != process:",
        "if False:",
        ("tests/faults/test_plugin_faults.py", "-k", "forks and inprocess"),
    ),
    Mutant(
        "a silent fork is noticed", "analytics/worker.py", "        self.bury()\n", "", (FAULTS, "-k", "two_seconds")
    ),
    Mutant(
        "the alarm of a fork's parent",
        "analytics/jobs.py",
        "if self._exception is JobTimeoutException:",
        "if True:",
        JOBS,
    ),
    Mutant("lost replies of a claim", "analytics/runs.py", "if state.claim == token:", "if False:", JOBS),
    Mutant("lost replies of a request", "analytics/runs.py", "if older == run_id:", "if False:", JOBS),
    Mutant(
        "the owner filter", "analytics/inventory/visible.py", "and owner in owners(document)", "", ("tests/inventory",)
    ),
    Mutant(
        "the owner filter of a view",
        "analytics/inventory/owned.py",
        "for document in documents if belongs(document, self.owner))",
        "for document in documents)",
        ("tests/inventory", "tests/security/test_tenants.py"),
    ),
    Mutant(
        "the owner's clause",
        "analytics/inventory/dataapp.py",
        '{**query, "roles._id": owner, "active": True}',
        '{**query, "active": True}',
        ("tests/inventory",),
    ),
    Mutant(
        "the owner of a graph document",
        "analytics/outbound.py",
        "        self._require_owned(request)\n",
        "",
        ("tests/outbound",),
    ),
    Mutant(
        "the sanitiser: illegal characters",
        "analytics/drawing/sanitise.py",
        '_tame_marks(_ILLEGAL.sub("\\ufffd", text))',
        "text",
        ("tests/drawing",),
    ),
    Mutant(
        "the sanitiser: markup",
        "analytics/drawing/sanitise.py",
        "return text.translate(_MARKUP) if _NEEDS_ESCAPE(text) else text",
        "return text",
        ("tests/drawing", "analytics/drawing/sanitise.py"),
    ),
    Mutant(
        "the gate",
        "analytics/drawing/gate.py",
        "    parser = etree.XMLParser(\n",
        "    return svg\n    parser = etree.XMLParser(\n",
        ("tests/drawing/test_drawing_gate.py",),
    ),
    Mutant("the token", "analytics/tokens.py", "    if not held:\n", "    if False:\n", ("tests/web/test_api.py",)),
    Mutant(
        "signed links",
        "analytics/tokens.py",
        'return hmac.compare_digest(signature.encode("utf-8", "surrogatepass"), wanted.encode())',
        "return bool(wanted)",
        ("tests/web/test_api.py",),
    ),
    Mutant("the owner's rate", "analytics/admission.py", "        if wait:\n", "        if False:\n", STORE),
)


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
    try:
        done = subprocess.run(command, cwd=tree, capture_output=True, text=True, timeout=LIMIT, check=False)
    except subprocess.TimeoutExpired:
        return True, "(no end)"
    failed = [line for line in done.stdout.splitlines() if line.startswith(("FAILED", "ERROR"))]
    said = failed[0].split(" - ")[0][:150] if failed else done.stdout.strip().splitlines()[-1] if done.stdout else ""
    return done.returncode == 1 and not said.startswith("ERROR"), said


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
