"""Answers that are worked out while the caller waits: few at once, and remembered.

A link may be in a page that thousands open. What it takes seconds to make is made once for all of them,
and while it is made threads are left for everybody else.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from ..errors import Overloaded
from .state import web

#: Answers that a process remembers, and their bytes in all.
MOST_REMEMBERED, MOST_BYTES = 256, 48_000_000
#: Seconds a caller waits while one for another is worked out, and after which it should ask again.
PATIENCE, RETRY_AFTER = 5.0, 1


class Remembered:
    """What was worked out lately, by the run that it is of and what was asked. For threads."""

    def __init__(self) -> None:
        self._answers: OrderedDict[tuple[str, str], bytes] = OrderedDict()
        self._bytes = 0
        self._lock = threading.Lock()

    def get(self, run_id: str, asked: str) -> bytes | None:
        """What was answered before."""
        with self._lock:
            found = self._answers.get((run_id, asked))
            if found is not None:
                self._answers.move_to_end((run_id, asked))
            return found

    def keep(self, run_id: str, asked: str, answer: bytes) -> None:
        """Answer so from now on; the longest unused go first. One that would take most of the room is not kept."""
        if len(answer) > MOST_BYTES // 2:
            return
        with self._lock:
            self._bytes += len(answer) - len(self._answers.pop((run_id, asked), b""))
            self._answers[run_id, asked] = answer
            while len(self._answers) > MOST_REMEMBERED or self._bytes > MOST_BYTES:
                self._bytes -= len(self._answers.popitem(last=False)[1])


@contextmanager
def worked() -> Iterator[None]:
    """Work something out. Raises :class:`Overloaded` where others wait for that already, or take long."""
    mine, busy = web(), {"graph": "Others are having answers worked out; ask again."}
    if not mine.asking.acquire(blocking=False):
        raise Overloaded(busy, retry_after=RETRY_AFTER)
    try:
        if not mine.working.acquire(timeout=PATIENCE):
            raise Overloaded(busy, retry_after=RETRY_AFTER)
        try:
            yield
        finally:
            mine.working.release()
    finally:
        mine.asking.release()


def worked_out(run_id: str, asked: str, make: Callable[[], bytes]) -> bytes:
    """What ``make`` gives of a run, which is the same whenever it is asked. Raises :class:`Overloaded`."""
    remembered: Remembered = web().opened.setdefault("answers", Remembered())
    answer = remembered.get(run_id, asked)
    if answer is None:
        with worked():
            answer = remembered.get(run_id, asked)  # by who was before us
            if answer is None:
                answer = make()
                remembered.keep(run_id, asked, answer)
    return answer
