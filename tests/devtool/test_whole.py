"""The bench of whole drawings: what it draws is all there, and a process is counted by itself."""

from __future__ import annotations

import sys

import pytest

from devtool.bench import whole


def test_a_row_for_cpu_and_one_for_memory_of_each_inventory() -> None:
    found = list(whole.rows(1_000, 1, layout=False))
    assert [row.what for row in found] == ["draw of 1,000 applications", "draw of 1,000 applications: memory"]
    seconds, megabytes = found
    assert seconds.floor is not None
    assert 0 < seconds.floor < seconds.value
    assert megabytes.value > 30


def test_what_nobody_calls_is_the_entry_of_one_system() -> None:
    made = whole.inventory_of("applications", 300)
    assert len(made["applications"]) == 300
    called = {call["_id"] for one in made["applications"] for call in one["deps"]}
    doors = [entry["_id"] for one in made["systems"] for entry in one["entry"]]
    assert sorted(doors) == sorted({one["_id"] for one in made["applications"]} - called)
    assert whole.inventory_of("applications", 300) == made


def test_a_program_that_fails_ends_the_bench_with_its_words() -> None:
    with pytest.raises(SystemExit, match="no such thing"):
        whole.process([sys.executable, "-c", "raise SystemExit('no such thing')"])
