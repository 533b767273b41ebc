"""Try the attacks and faults of the list, and note what came out: the documentation's table is written from it.

Without words all of them are tried; with some, those whose name or subject holds
one. Tests that take minutes are tried with ``--long``, measurements with
``--commands``; what is not tried this time keeps what was noted last.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from devtool.places import ROOT

from . import PROOFS, Proof, outcome


def main(argv: Sequence[str]) -> int:
    """Try what is asked for; 0 when everything held."""
    parser = argparse.ArgumentParser(prog="python3 -m devtool attacks", description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("words", nargs="*", help="only those whose name or subject holds one of these")
    parser.add_argument("--long", action="store_true", help="the tests that take minutes, too")
    parser.add_argument("--commands", action="store_true", help="the measurements of devtool's instead of the tests")
    options = parser.parse_args(list(argv))
    proofs = chosen(options.words)
    names = sorted({name for one in proofs for name in (one.commands if options.commands else one.tests)})
    found = measured(names) if options.commands else tested(names, long=options.long)
    noted = outcome.read()
    for name, one in found.items():
        if one.held or one.failed or name not in noted:  # what was left out this time keeps what was noted
            noted[name] = one
    named = {name for group in PROOFS.values() for one in group for name in (*one.tests, *one.commands)}
    outcome.write({name: one for name, one in noted.items() if name in named})
    failed = [name for name in names if found[name].failed]
    for name in failed:
        print(f"  did not hold: {name}")
    print(f"{len(names) - len(failed)} of {len(names)} held; python3 -m devtool docs writes the table")
    return 1 if failed or not names else 0


def chosen(words: Sequence[str]) -> list[Proof]:
    """The proofs whose name or subject holds one of the words; all where there is none."""
    rows = [(subject, one) for subject, group in PROOFS.items() for one in group]
    return [one for subject, one in rows if not words or any(word in f"{subject} {one.what}" for word in words)]


def tested(names: Sequence[str], *, long: bool) -> dict[str, outcome.Outcome]:
    """Run tests, and say how many cases of each held."""
    if not names:
        return {}
    with tempfile.TemporaryDirectory(prefix="am-attacks-") as folder:
        report = Path(folder) / "report.xml"
        command = [sys.executable, "-m", "devtool", "test", "-p", "no:cacheprovider", f"--junitxml={report}"]
        command += ["-m", "long or not long"] if long else []
        done = subprocess.run([*command, *(f"tests/{name}" for name in in_order(names))], cwd=ROOT, check=False)
        if not report.exists():
            raise SystemExit(f"the tests did not run (status {done.returncode})")
        return outcome.of_report(report, names)


def in_order(names: Sequence[str]) -> list[str]:
    """Tests file by file, as they stand there: some of a file share a service, and its state."""

    def place(name: str) -> tuple[str, int]:
        path, _, test = name.partition("::")
        return path, (ROOT / "tests" / path).read_text().find(f"def {test}(")

    return sorted(names, key=place)


def measured(names: Sequence[str]) -> dict[str, outcome.Outcome]:
    """Run commands of devtool's, and say what they say."""
    found = {}
    for name in names:
        print(f"… {name}", flush=True)
        command = [sys.executable, "-m", "devtool", *name.split()]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
        print(done.stdout, flush=True)
        found[name] = outcome.of_command(done.returncode, done.stdout)
    return found


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
