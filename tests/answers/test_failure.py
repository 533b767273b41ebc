"""What falls, against the definition tried on all subsets, and what cannot be told."""

import json
from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.answers.failure import failure, fallen
from analytics.answers.needs import Need, Needs
from analytics.cli import main

THINGS = "abcdef"


@st.composite
def estates(draw: st.DrawFn) -> list[Need]:
    needs = []
    for _ in range(draw(st.integers(0, 8))):
        members = tuple(sorted(draw(st.sets(st.sampled_from(THINGS), min_size=1, max_size=3))))
        needs.append(Need(draw(st.sampled_from(THINGS)), draw(st.integers(1, len(members))), members, "calls"))
    return needs


@given(estates(), st.sets(st.sampled_from(THINGS), max_size=3))
def test_the_largest_set_that_can_run_is_what_is_left(needs: list[Need], failed: set[str]) -> None:
    for size in range(len(THINGS), -1, -1):
        running = [
            set(some)
            for some in combinations(THINGS, size)
            if not failed & set(some)
            and all(len(set(need.of) & set(some)) >= need.k for need in needs if need.thing in some)
        ]
        if running:
            assert running == [set(THINGS) - fallen(needs, failed).keys()]
            return


@given(estates(), st.sets(st.sampled_from(THINGS), max_size=3))
def test_each_proof_rests_on_what_fell_before(needs: list[Need], failed: set[str]) -> None:
    before: set[str] = set()
    for thing, verdict in fallen(needs, failed).items():
        if verdict.because is None:
            assert thing in failed
        else:
            assert verdict.because in needs
            assert verdict.because.thing == thing
            assert set(verdict.lost) <= before & set(verdict.because.of)
            assert len(set(verdict.because.of) - set(verdict.lost)) < verdict.because.k
        before.add(thing)


def test_what_may_stand_in_a_zone_is_never_safe() -> None:
    needs = (
        Need("applications/a", 1, ("servers/s", "servers/t"), "runs-on"),
        Need("servers/s", 1, ("zones/d/1",), "stands-in"),
    )
    held = Needs(needs, {}, frozenset(), {"servers/t": "datacenters/d"}, 0, 1)
    assert failure(held, ["zones/d/1"])["applications/a"].state == "cannot-tell"
    other = Needs(needs, {}, frozenset(), {"servers/t": "datacenters/e"}, 0, 1)
    assert failure(other, ["zones/d/1"])["applications/a"].state == "degraded"


@pytest.fixture
def estate(tmp_path: Path) -> str:
    place = {"_id": "d", "name": "D", "provider": "AWS", "zone": "z1"}
    inventory = {
        "applications": [
            {"_id": "web", "name": "Web", "deps": [{"_id": "db"}], "servers": ["s1"]},
            {"_id": "db", "name": "DB", "servers": ["s2"]},
        ],
        "servers": [{"_id": key, "hostname": key, "datacenters": place} for key in ("s1", "s2")],
    }
    path = tmp_path / "estate.json"
    path.write_text(json.dumps(inventory))
    return str(path)


def test_the_command_says_the_chain(estate: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["fail", estate, "--server", "s2", "--fail-on", "down"]) == 1
    out = capsys.readouterr().out
    assert "2 of 2 applications down" in out
    assert "DOWN       Web: calls DB, which runs on s2" in out
    assert "Recorded: 2 of 2 applications" in out


def test_a_misspelt_name_has_a_hint(estate: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["fail", estate, "--app", "Wep"]) == 1
    assert "did you mean 'Web'?" in capsys.readouterr().err
    assert main(["fail", estate]) == 2
