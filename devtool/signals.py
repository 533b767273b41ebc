"""Being told to stop: Ctrl-C, SIGTERM and a closed terminal, all in the same way."""

from __future__ import annotations

import contextlib
import signal
from collections.abc import Iterator
from types import FrameType
from typing import Any, NoReturn


class Interrupted(BaseException):
    """Somebody asked us to stop."""


@contextlib.contextmanager
def on_signals() -> Iterator[None]:
    """Turn Ctrl-C, SIGTERM and a closed terminal into :class:`Interrupted`."""

    def interrupt(number: int, frame: FrameType | None) -> NoReturn:
        raise Interrupted

    with handling(interrupt):
        yield


@contextlib.contextmanager
def deaf_to_signals() -> Iterator[None]:
    """Finish stopping whatever the keyboard says."""
    with handling(signal.SIG_IGN):
        yield


@contextlib.contextmanager
def deferred() -> Iterator[None]:
    """Hear of it only when the block is done: a child that was just started must be written down first."""
    told: list[int] = []
    with handling(lambda number, frame: told.append(number)):
        yield
    if told:
        raise Interrupted


@contextlib.contextmanager
def handling(handler: Any) -> Iterator[None]:
    """``handler`` for the signals that mean stop, and the former ones afterwards."""
    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    former = {number: signal.signal(number, handler) for number in numbers}
    try:
        yield
    finally:
        for number, old in former.items():
            signal.signal(number, old)
