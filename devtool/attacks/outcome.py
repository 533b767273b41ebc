"""What came out when the attacks were last tried: how many cases of each test held, what each command measured."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from xml.etree import ElementTree

#: Where it is noted; written by ``python3 -m devtool attacks`` and nobody else.
FILE = Path(__file__).with_name("outcome.json")


@dataclass(frozen=True, slots=True)
class Outcome:
    """Cases that held, that did not, and that were left out here (no such program, or they take minutes).

    ``said`` is the first line of a command.
    """

    held: int
    failed: int = 0
    skipped: int = 0
    said: str = ""


def read() -> dict[str, Outcome]:
    """What is noted, by test or command."""
    noted: dict[str, dict[str, int | str]] = json.loads(FILE.read_text()) if FILE.exists() else {}
    return {name: Outcome(**fields) for name, fields in noted.items()}  # type: ignore[arg-type]


def write(outcomes: Mapping[str, Outcome]) -> None:
    """Note outcomes, in order."""
    rows = {name: {key: held for key, held in asdict(one).items() if held} for name, one in sorted(outcomes.items())}
    FILE.write_text(json.dumps({name: {"held": 0, **row} for name, row in rows.items()}, indent=1) + "\n")


def of_report(report: Path, tests: Iterable[str]) -> dict[str, Outcome]:
    """The outcome of each of ``tests`` in a report of pytest's in JUnit's form; one that is not in it was left out."""
    counts = {name: [0, 0, 0] for name in tests}
    for case in ElementTree.parse(report).iter("testcase"):
        path = case.get("classname", "").removeprefix("tests.").replace(".", "/")
        name = f"{path}.py::{case.get('name', '').partition('[')[0]}"
        if name in counts:
            tags = {child.tag for child in case}
            counts[name][1 if tags & {"failure", "error"} else 2 if "skipped" in tags else 0] += 1
    return {name: Outcome(*(count if any(count) else (0, 0, 1))) for name, count in counts.items()}


def of_command(status: int, output: str) -> Outcome:
    """The outcome of a command that prints ``holds:`` and ``FAILS:``.

    >>> of_command(0, "10 owners: all told\\n  holds: in time\\n  holds: in few questions\\n")
    Outcome(held=2, failed=0, skipped=0, said='10 owners: all told')
    """
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    held, failed = (sum(line.startswith(word) for line in lines) for word in ("holds:", "FAILS:"))
    said = next((line for line in lines if not line.startswith("…")), "")
    return Outcome(held, failed if held + failed else int(bool(status)), 0, said[:200])
