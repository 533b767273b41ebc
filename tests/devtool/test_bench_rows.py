"""The rows of benchmarks: what they say, and what programs read."""

from __future__ import annotations

import json

import pytest

from devtool.bench._rows import Row, read, tell

ROWS = [
    Row("crossings", 8, "", goal=8),
    Row("names", 11.25, "px", goal=12, floor=10, least=True),
    Row("lines", 1234, ""),
]


def test_a_row_holds_up_to_its_goal() -> None:
    assert [row.holds for row in ROWS] == [True, False, None]


def test_a_table_ends_with_one_where_a_goal_is_missed(capsys: pytest.CaptureFixture[str]) -> None:
    assert tell(ROWS, as_json=False) == 1
    table = capsys.readouterr().out.splitlines()
    assert [line.rsplit(maxsplit=1)[-1] for line in table[1:3]] == ["holds", "MISSED"]
    assert "1,234" in table[3]
    assert tell(ROWS[:1], as_json=False) == 0


def test_programs_read_the_same_rows(capsys: pytest.CaptureFixture[str]) -> None:
    assert tell(ROWS, as_json=True) == 1
    text = capsys.readouterr().out
    assert read(text) == ROWS
    assert [set(one) >= {"what", "value", "unit", "goal", "floor", "holds"} for one in json.loads(text)] == [True] * 3
