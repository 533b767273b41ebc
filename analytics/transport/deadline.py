"""Deadlines, and which one the running call has."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Self


@dataclass(frozen=True, slots=True)
class Deadline:
    """A moment on the monotonic clock."""

    at: float

    @classmethod
    def after(cls, seconds: float) -> Self:
        """The moment ``seconds`` from now."""
        return cls(time.monotonic() + seconds)

    def left(self) -> float:
        """Seconds until then; raises :class:`TimeoutError` when there are none."""
        seconds = self.at - time.monotonic()
        if seconds <= 0:
            raise TimeoutError("deadline passed")
        return seconds

    def at_most(self, seconds: float) -> Deadline:
        """This deadline, or the one ``seconds`` from now where that is sooner."""
        return min(self, Deadline.after(seconds), key=lambda deadline: deadline.at)


_current: ContextVar[Deadline | None] = ContextVar("deadline of the running call", default=None)


@contextlib.contextmanager
def until(deadline: Deadline) -> Iterator[None]:
    """Sockets used inside give up at ``deadline``."""
    token = _current.set(deadline)
    try:
        yield
    finally:
        _current.reset(token)


def current() -> Deadline | None:
    """The deadline of the running call."""
    return _current.get()
