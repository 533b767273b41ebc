"""What takes seconds to work out for a reader is worked out once, and holds up nobody else."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Iterator

import pytest

from analytics.web.working import MOST_BYTES, MOST_REMEMBERED, Remembered
from devtool.testkit.deployment import Deployment, deployed
from tests.estates import OWNER, application, oid

#: Seconds the format below takes, and callers that ask for it at once: more than a process has threads.
SLOW, CALLERS = 4.0, 20
FORMAT = """
import time
from pathlib import Path

from analytics import hookimpl
from analytics.export import Format


def write(grid):
    with Path(__file__).with_suffix(".asked").open("a") as log:
        log.write("asked\\n")
    time.sleep({slow})
    return "slow"


@hookimpl
def analytics_formats():
    return [Format("slow", "text/plain", "Slow", write)]
"""


@pytest.fixture(scope="module")
def service() -> Iterator[Deployment]:
    """Web with a format that takes seconds, and a drawn graph of a caller and what it calls."""
    with deployed({"applications": [application(1, 2), application(2)]}) as deployment:
        (deployment.plugins / "slow.py").write_text(FORMAT.format(slow=SLOW))
        deployment.start_web()
        deployment.start_workers(1)
        deployment.post(oid(50), OWNER)
        assert deployment.wait(oid(50))["state"] == "finished"
        yield deployment


def test_readers_who_ask_for_what_takes_seconds_hold_up_nobody_and_it_is_made_once(service: Deployment) -> None:
    link = service.state(oid(50))["links"]["slow"]
    answers: Counter[int] = Counter()

    def ask() -> None:
        answers[service.call("GET", link, token="")[0]] += 1

    callers = [threading.Thread(target=ask) for _ in range(CALLERS)]
    for caller in callers:
        caller.start()
    waits = []
    while any(caller.is_alive() for caller in callers):
        began = time.monotonic()
        assert service.call("GET", "/health/live", token="")[0] == 200
        assert service.state(oid(50))["state"] == "finished"
        waits.append(time.monotonic() - began)
        time.sleep(0.05)
    assert max(waits) < SLOW / 2
    assert answers.keys() == {200, 503}
    assert service.call("GET", link, token="")[0] == 200
    assert (service.plugins / "slow.asked").read_text().split() == ["asked"]


def test_what_is_told_of_a_drawing_is_that_of_the_newest(service: Deployment) -> None:
    service.call("POST", "/graph", {"_id": oid(50), "owner_id": OWNER, "type": "bussiness", "apps": [{"_id": oid(2)}]})
    state = service.wait(oid(50))
    assert state["counts"]["nodes"] == 1
    assert oid(1) not in service.call("GET", f"/graph/{oid(50)}.svg")[1]


def test_the_longest_unused_are_forgotten_and_the_largest_not_remembered() -> None:
    held = Remembered()
    held.keep("run", "large", b"x" * (MOST_BYTES // 2 + 1))
    assert held.get("run", "large") is None
    piece = b"x" * (MOST_BYTES // 4)
    for number in range(4):
        held.keep("run", str(number), piece)
    assert held.get("run", "0") == piece
    held.keep("run", "4", piece)
    assert [number for number in range(5) if held.get("run", str(number)) is None] == [1]
    for number in range(MOST_REMEMBERED):
        held.keep("other", str(number), b"")
    assert held.get("run", "0") is None
