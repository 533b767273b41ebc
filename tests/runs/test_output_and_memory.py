"""What a stage prints without end, and the memory that it leaves behind."""

from __future__ import annotations

import json
import subprocess
import sys
import time

import pytest
from redis import Redis
from rq.exceptions import StopRequested

from analytics.workers import memory
from analytics.workers.worker import QUIET, InProcessWorker, make
from tests.conftest import ROOT

PRINTS = """
import os, subprocess, sys, time
from analytics import logs
from analytics.workers.printing import cap_output
logs.configure("INFO")
cap_output(4000, 3600)
for _ in range(2000):
    print("p" * 99)
sys.stdout.flush()
os.write(1, b"raw" * 40000)
subprocess.run([sys.executable, "-c", "print('child' * 20000)"])
import logging
logging.getLogger("x").info("still heard")
time.sleep(0.3)
"""
GROWS = """
from analytics.workers import memory
start = memory.resident_mb()
held = [bytearray(1000) for _ in range(300_000)]
last = bytearray(1000)  # above all of it: the heap cannot shrink from its end
top = memory.resident_mb()
del held
memory.give_back()
print(start, top, memory.resident_mb())
"""


def run(script: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", script]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=True)


def test_what_a_process_prints_is_capped_said_once_and_our_log_goes_on() -> None:
    done = run(PRINTS)
    assert done.stdout == ""
    assert len(done.stderr) < 5000
    events = [json.loads(line[line.index("{") :])["event"] for line in done.stderr.splitlines() if '"event"' in line]
    assert events.count("stages print too much: the rest of this minute is dropped") == 1
    assert "still heard" in events


def test_memory_is_back_within_a_quarter_of_what_it_was() -> None:
    start, top, end = (float(word) for word in run(GROWS).stdout.split())
    assert top > start + 200
    assert end < start * memory.SHARE + memory.SLACK


def test_a_worker_that_keeps_much_memory_ends_after_its_stage(redis: Redis, monkeypatch: pytest.MonkeyPatch) -> None:
    worker = make(redis, "analytics", "inprocess", lambda: None)
    assert isinstance(worker, InProcessWorker)
    worker._at_start = worker._held = 100.0
    sizes = iter([400.0, 120.0, 120.0])  # large, and given back
    monkeypatch.setattr(memory, "resident_mb", lambda: next(sizes))
    worker.settle_memory()
    assert not worker._stop_requested
    monkeypatch.setattr(memory, "resident_mb", lambda: 400.0)
    worker.settle_memory()
    assert worker._stop_requested


def test_a_worker_that_keeps_memory_begins_anew_when_nothing_has_come_for_a_while(
    redis: Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    worker = make(redis, "analytics", "inprocess", lambda: None)
    assert isinstance(worker, InProcessWorker)
    worker._at_start = 60.0
    worker.set_state("idle")

    def beat(held: float, ended: float) -> None:
        monkeypatch.setattr(memory, "resident_mb", lambda: held)
        worker._last_beat, worker._ended_at = 0.0, time.monotonic() - ended
        worker.heartbeat()

    beat(held=158.0, ended=QUIET - 5)
    beat(held=80.0, ended=QUIET + 1)
    with pytest.raises(StopRequested):
        beat(held=158.0, ended=QUIET + 1)
    worker.set_state("busy")
    beat(held=158.0, ended=QUIET + 1)
