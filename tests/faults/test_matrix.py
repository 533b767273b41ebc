"""Every fault to survive has tests, and every test of it a guard whose loss it notices.

:data:`devtool.attacks.FAULTS` is the list of faults: what goes wrong, the tests of it, and the
guards that ``python3 -m devtool mutate`` takes out to see them fail. That the
tests and guards it names are there is tested here; that they fail, there.
"""

from __future__ import annotations

import pytest

from analytics.runs.times import LeaseTimes
from analytics.workers import jobs, supervisor
from devtool.attacks import FAULTS, Proof
from devtool.mutants import MUTANTS
from devtool.places import ROOT


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: str(fault.what))
def test_every_fault_has_its_tests_and_its_guards(fault: Proof) -> None:
    assert fault.tests
    assert fault.guards


def test_every_guard_stands_where_the_mutation_check_takes_it_out() -> None:
    """Whoever moves a guard moves its mutant."""
    gone = [mutant.name for mutant in MUTANTS if (ROOT / mutant.file).read_text().count(mutant.before) != 1]
    assert gone == []
    assert len({mutant.name for mutant in MUTANTS}) == len(MUTANTS)
    for mutant in MUTANTS:
        assert (ROOT / mutant.tests[0]).exists(), mutant.name


def test_the_waits_of_the_service_add_up_to_a_rescue_within_thirty_seconds() -> None:
    """At worst the pool dies with its reaper: the lease runs out, the lock does, and another pool's reaper looks."""
    times = LeaseTimes()
    for lease in (times.queued, times.running, times.starting):
        assert lease + times.election + 2 * times.tick <= 20
    assert supervisor.LOOK + times.tick < 2, "a fork's end is noticed, and acted on, within two seconds"
    assert jobs.BACKOFF[0] <= 1
