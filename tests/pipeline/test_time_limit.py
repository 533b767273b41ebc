"""A stage's limit in this process: its own work counts, a busy machine or a wait much less."""

from __future__ import annotations

import signal
import time

import pytest

from analytics.errors import StageTimeout
from analytics.pipeline import local
from analytics.pipeline.local import BY_THE_CLOCK, time_limit

pytestmark = pytest.mark.skipif(not hasattr(signal, "SIGPROF"), reason="no such timers here")


def test_work_ends_at_the_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(local, "BY_THE_CLOCK", 10_000)  # so that only the work can end it
    began = time.process_time()
    with pytest.raises(StageTimeout, match=r"0\.2 s"), time_limit(0.2):
        work(10)
    assert time.process_time() - began < 5


def work(seconds: float) -> None:
    """Use so much CPU."""
    end = time.process_time() + seconds
    while time.process_time() < end:
        pass


def test_a_wait_has_longer_and_ends_too() -> None:
    with time_limit(0.1):
        time.sleep(0.3)
    began = time.monotonic()
    with pytest.raises(StageTimeout), time_limit(0.1):
        time.sleep(60)
    assert 0.1 * BY_THE_CLOCK - 0.05 <= time.monotonic() - began < 30


def test_timers_and_handlers_are_left_as_they_were() -> None:
    before = [signal.getsignal(number) for number in (signal.SIGPROF, signal.SIGALRM)]
    with time_limit(30):
        pass
    assert [signal.getsignal(number) for number in (signal.SIGPROF, signal.SIGALRM)] == before
    assert signal.getitimer(signal.ITIMER_PROF) == signal.getitimer(signal.ITIMER_REAL) == (0, 0)
    with time_limit(0):
        assert signal.getitimer(signal.ITIMER_PROF) == (0, 0)
