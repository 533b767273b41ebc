"""What the benchmarks found when they were last run for the table in the documentation.

Written by ``python3 -m devtool bench goals`` and nobody else; `devtool.docs` makes the page of it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from ._rows import Row, document, row_of

FILE = Path(__file__).with_name("figures.json")


@dataclass(frozen=True, slots=True)
class Run:
    """One benchmark's rows.

    ``arguments`` are those it was run with, ``day`` is the date, ``python`` the
    interpreter's version, ``cores`` how many there were, and ``slower`` how many
    times longer than on a quiet core of 2.5 GHz a fixed loop took beside it.
    """

    arguments: str
    day: str
    python: str
    cores: int
    slower: float
    rows: tuple[Row, ...]


def read() -> dict[str, Run]:
    """The last run of each benchmark."""
    noted = json.loads(FILE.read_text()) if FILE.exists() else {}
    return {
        name: Run(**{**fields, "rows": tuple(row_of(one) for one in fields["rows"])}) for name, fields in noted.items()
    }


def write(runs: Mapping[str, Run]) -> None:
    """Note the runs, by name; a row is a line."""
    parts = []
    for name, run in sorted(runs.items()):
        head = {key: getattr(run, key) for key in ("arguments", "day", "python", "cores", "slower")}
        rows = ",\n".join(f"   {json.dumps(document(row), ensure_ascii=False)}" for row in run.rows)
        parts.append(f' {json.dumps(name)}: {json.dumps(head)[:-1]}, "rows": [\n{rows}\n ]}}')
    FILE.write_text("{\n" + ",\n".join(parts) + "\n}\n", encoding="utf-8")
