"""What devtool says: one line a step, with the seconds it took."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator


class Stop(Exception):
    """Something is missing or went wrong; the text is one line for a person, ``detail`` what a program said."""

    def __init__(self, text: str, detail: str = "") -> None:
        super().__init__(text)
        self.detail = detail


def say(text: str) -> None:
    """One line, at once."""
    print(text, flush=True)


def complain(stop: Stop) -> None:
    """Why it ends here."""
    say(f"✗ {stop}")
    for line in stop.detail.strip().splitlines()[-15:]:
        say(f"    {line}")


@contextlib.contextmanager
def step(text: str) -> Iterator[list[str]]:
    """Name a step, then say how long it took. Words put into the list stand behind the time."""
    started = time.monotonic()
    words: list[str] = []
    print(f"… {text}", end="", flush=True)
    try:
        yield words
    except BaseException:
        print(flush=True)
        raise
    note = f"  ({', '.join(words)})" if words else ""
    print(f"  {time.monotonic() - started:.1f} s{note}", flush=True)
