"""The ways of calls between things that are named: all of them, no longer than asked for, of a few things."""

import pytest

from analytics.graphs.business.lookup import MOST_ENDS
from analytics.model.artifacts import Lookup
from tests.estate_runs import kept, run
from tests.estates import OWNER, application, oid


def found(ends: tuple[int, ...], hops: int = 0, entry: str = "apps") -> set[str] | str:
    """The names of what lies between, or what is said instead."""
    ring = [application(n, n % 5 + 1, name=f"a{n}") for n in range(1, 6)]
    documents = {"applications": [*ring, application(6, 1, name="before"), application(7, name="apart")]}
    result = run(kept(documents), "business", entry, *map(oid, ends), owner=OWNER, direction="between", hops=hops)
    looked_up = result.artifact(Lookup)
    return result.outcome.message if looked_up is None else {app.name for app in looked_up.applications}


def test_both_ways_round_a_ring_and_only_one_where_the_other_is_too_long() -> None:
    assert found((1, 3)) == {"a1", "a2", "a3", "a4", "a5"}
    assert found((1, 3), hops=2) == {"a1", "a2", "a3"}


def test_several_ends_and_one_that_nothing_leads_to() -> None:
    assert found((6, 2, 7)) == {"before", "a1", "a2"}
    assert "No calls lead from one to another of" in found((6, 7))


@pytest.mark.parametrize("ends", [(), (1,)])
def test_nothing_named_and_one_thing_have_nothing_between_them(ends: tuple[int, ...]) -> None:
    said = found(ends, entry="apps" if ends else "all")
    assert isinstance(said, str)


def test_more_ends_than_can_be_read_are_refused() -> None:
    documents = {"applications": [application(n, n + 1) for n in range(1, MOST_ENDS + 3)]}
    ends = [oid(n) for n in range(1, MOST_ENDS + 2)]
    result = run(kept(documents), "business", "apps", *ends, owner=OWNER, direction="between")
    assert f"at most {MOST_ENDS} applications" in result.outcome.message
