"""What a benchmark found: one row a figure, beside its goal and the floor that was measured in the same run.

Every benchmark prints its rows as a table, or with ``--json`` as a list of objects
with the fields ``what, value, unit, goal, floor, holds``; `devtool.bench.goals` reads those.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Row:
    """One figure: ``value`` in ``unit``, at most ``goal`` (at least it where ``least``), or asked nothing of.

    ``floor`` is what the same work costs without us, or a peer's figure, in the same unit and run.
    """

    what: str
    value: float
    unit: str
    goal: float | None = None
    floor: float | None = None
    least: bool = False

    @property
    def holds(self) -> bool | None:
        """Whether the goal is kept; None where nothing is asked."""
        if self.goal is None:
            return None
        return self.value >= self.goal if self.least else self.value <= self.goal


def for_programs(parser: argparse.ArgumentParser) -> None:
    """Add the option that every benchmark has."""
    parser.add_argument("--json", action="store_true", help="print rows for programs instead of a table")


def tell(rows: Iterable[Row], as_json: bool) -> int:
    """Print the rows as they come; returns 1 where a goal is missed."""
    if as_json:
        found = list(rows)
        print(json.dumps([document(row) for row in found], indent=1))
    else:
        found = []
        for row in rows:
            if not found:
                print(f"{'':<58}{'value':>10} {'unit':<10}{'goal':>11}{'floor':>10}")
            found.append(row)
            print(line(row), flush=True)
    return int(any(row.holds is False for row in found))


def document(row: Row) -> dict[str, object]:
    """The row as JSON: six fields, and ``least`` where the goal is a least value."""
    fields = {
        "what": row.what,
        "value": round(row.value, 4),
        "unit": row.unit,
        "goal": None if row.goal is None else round(row.goal, 4),
        "floor": None if row.floor is None else round(row.floor, 4),
        "holds": row.holds,
    }
    return fields | {"least": True} if row.least else fields


def row_of(fields: Mapping[str, Any]) -> Row:
    """The row that :func:`document` wrote."""
    asked = {name: fields[name] for name in ("what", "value", "unit", "goal", "floor")}
    return Row(**asked, least=fields.get("least", False))


def read(text: str) -> list[Row]:
    """The rows that a benchmark printed with ``--json``."""
    return [row_of(one) for one in json.loads(text)]


def line(row: Row) -> str:
    """The row of the table."""
    goal = limit(row)
    floor = "" if row.floor is None else figure(row.floor)
    word = {True: "holds", False: "MISSED", None: ""}[row.holds]
    return f"{row.what:<58}{figure(row.value):>10} {row.unit:<10}{goal:>11}{floor:>10}  {word}".rstrip()


def limit(row: Row) -> str:
    """The goal with the side that the value may be on."""
    return "" if row.goal is None else f"{'≥' if row.least else '≤'} {figure(row.goal)}"


def figure(value: float) -> str:
    """A number with as many digits as say something: ``1,204``, ``36.1``, ``0.045``."""
    if abs(value) >= 100 or value == int(value):
        return f"{value:,.0f}"
    return f"{value:.3g}"
