"""The worker pool as tests start it: ``worker.py``, with waits cut short and kill points where a test asks for them.

``TESTKIT_HASTE`` cuts only waiting, not what is done after it. What the real
waits add up to is measured by ``python3 -m devtool soak``, and by the tests that
are not in haste.

``TESTKIT_KILL_POINTS`` names places at which a worker kills itself:
``stage:point`` pairs, comma separated; ``*`` is any stage, ``point`` is ``start``,
``before_commit`` or ``after_commit``. A file named after ``@`` makes it happen
once: ``draw_business:before_commit@/tmp/once``.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from typing import Any

from analytics.inventory.dataapp import DataApp
from analytics.runs.store import RunStore
from analytics.runs.times import LeaseTimes
from analytics.workers.launcher import main

HASTE = LeaseTimes(queued=5.0, running=4.0, tick=0.2, mend=10, grace=2.0)


def kill_points(spelled: str) -> Callable[[str, str], None]:
    """A function that kills this process at the points named in ``spelled``."""
    points = [word.partition("@") for word in spelled.split(",") if word]

    def reached(stage: str, point: str) -> None:
        for where, _, once in points:
            if where in (f"{stage}:{point}", f"*:{point}"):
                if once:
                    try:
                        os.close(os.open(f"{once}.{stage}.{point}", os.O_CREAT | os.O_EXCL))
                    except FileExistsError:
                        continue
                os.kill(os.getpid(), 9)

    return reached


def install(reached: Callable[[str, str], None]) -> None:
    """Have every run store of this process and its forks call ``reached`` around a claim and a commit."""
    store: Any = RunStore
    begin, commit = store.begin, store.commit

    def begun(self: RunStore, run_id: str, stage: str, attempt: int, *more: Any) -> Any:
        claim = begin(self, run_id, stage, attempt, *more)
        reached(stage, "start")
        return claim

    def committed(self: RunStore, claim: Any, artifact: Any, *more: Any) -> Any:
        reached(claim.name, "before_commit")
        run = commit(self, claim, artifact, *more)
        reached(claim.name, "after_commit")
        return run

    store.begin, store.commit = begun, committed


if __name__ == "__main__":
    if points := os.environ.get("TESTKIT_KILL_POINTS"):
        install(kill_points(points))
    hasty = bool(os.environ.get("TESTKIT_HASTE"))
    if hasty:
        patched: Any = DataApp.__init__
        patched.__kwdefaults__["try_seconds"] = 3.0  # 10
    sys.exit(main(HASTE if hasty else None))
