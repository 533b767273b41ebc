"""What long work is at, as one line of a terminal: it comes after a second, and goes when anything is said."""

from __future__ import annotations

import contextlib
import os
import shutil
import sys
import threading
from collections.abc import Iterator
from time import monotonic
from typing import TextIO, cast

from .terminal import InertStream, inert

#: Seconds of work that nobody needs to be told of, and between two looks.
SHORT, TICK = 1.0, 0.2
#: Characters of the bar itself.
WIDE = 20
ERASE = "\r\x1b[K"


class Progress:
    """Counts phases, ``total`` as far as is known; what is written through it stands on lines of its own, above."""

    def __init__(self, stream: TextIO, raw: TextIO) -> None:
        self._stream, self._raw, self.total = stream, raw, 1
        self._done, self._words, self._began = 0, "", monotonic()
        self._seen, self._fresh = False, True
        self._lock, self._over = threading.Lock(), threading.Event()
        self._thread = threading.Thread(target=self._follow, name="progress", daemon=True)

    def at(self, words: str) -> None:
        """The phase before is done, and this one begins."""
        with self._lock:
            self._done += bool(self._words)
            self._words = words

    def write(self, text: str) -> int:
        """Write a line in place of the bar, which comes back below it."""
        with self._lock:
            self._erase()
            self._fresh = text.endswith("\n") if text else self._fresh
            return self._stream.write(text)

    def __getattr__(self, name: str) -> object:
        return getattr(self._stream, name)

    def line(self, now: float, columns: int) -> str:
        """The bar at a moment, not longer than a line."""
        full = WIDE * min(self._done, self.total) // max(1, self.total)
        said = f"{self._done} of {self.total} · {inert(self._words)} · {now - self._began:.0f} s"
        return f"[{'#' * full}{'.' * (WIDE - full)}] {said}"[: max(0, columns - 1)]

    def _erase(self) -> None:
        if self._seen:
            self._raw.write(ERASE)
            self._raw.flush()
            self._seen = False

    def _follow(self) -> None:
        while not self._over.wait(TICK):
            now = monotonic()
            with self._lock:
                if self._fresh and now - self._began >= SHORT:
                    self._raw.write(ERASE + self.line(now, shutil.get_terminal_size().columns))
                    self._raw.flush()
                    self._seen = True

    def begin(self) -> None:
        """Look at the time from now on."""
        self._thread.start()

    def end(self) -> None:
        """Take the bar away."""
        self._over.set()
        self._thread.join()
        with self._lock:
            self._erase()


class Unseen:
    """Where nobody looks, or nobody wants to be told."""

    total = 1

    def at(self, words: str) -> None:
        """Nothing is shown."""


@contextlib.contextmanager
def progress(*, wanted: bool = True) -> Iterator[Progress | Unseen]:
    """A bar on standard error while the block runs, where that is a terminal that can erase a line."""
    raw = sys.stderr._stream if isinstance(sys.stderr, InertStream) else sys.stderr
    if not wanted or not raw.isatty() or os.environ.get("TERM", "dumb") == "dumb":
        yield Unseen()
        return
    bar = Progress(sys.stderr, raw)
    bar.begin()
    try:
        with contextlib.redirect_stderr(cast(TextIO, bar)):
            yield bar
    finally:
        bar.end()
