"""The rows of benchmarks: what they say, and what programs read."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from devtool.bench import _figures
from devtool.bench._rows import Row, read, tell
from devtool.bench.goals import main, measured

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


def test_what_is_noted_is_read_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_figures, "FILE", tmp_path / "figures.json")
    assert _figures.read() == {}
    run = _figures.Run("--seeds 3", "2026-01-31", "3.12.1", 2, 1.05, tuple(ROWS))
    _figures.write({"some": run, "other": run})
    assert _figures.read() == {"other": run, "some": run}


def test_of_every_benchmark_something_is_noted() -> None:
    noted = _figures.read()
    assert measured() == sorted(noted), "run python3 -m devtool bench goals"
    assert all(run.rows for run in noted.values())


def test_what_falls_short_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(_figures, "FILE", tmp_path / "figures.json")
    _figures.write({"post": _figures.Run("", "2026-01-31", "3.12.1", 2, 1.0, tuple(ROWS))})
    assert main(["--noted", "post"]) == 1
    said = capsys.readouterr().out.splitlines()
    assert [line.split()[:2] for line in said] == [["post", "names"], ["1", "of"]]
    with pytest.raises(SystemExit):
        main(["pots"])
