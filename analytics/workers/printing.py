"""What stages print: passed on up to so many bytes a minute, then dropped, and that is said once.

Everything written to the process's standard output and error runs through a
pipe, whoever writes it: Python, C code, a child. Our own log lines have a
stream of their own and are never dropped.
"""

from __future__ import annotations

import contextlib
import logging
import os
import threading
import time

log = logging.getLogger(__name__)

#: Bytes of a process that are passed on within :data:`PERIOD` seconds.
MOST, PERIOD = 64 * 1024, 60.0


def cap_output(most: int = MOST, period: float = PERIOD) -> None:
    """Cap what this process and its children print from now on."""
    own = os.dup(2)
    stream = open(os.dup(own), "w", encoding="utf-8", buffering=1)  # noqa: SIM115 - as long as the process lives
    for handler in logging.getLogger().handlers:
        if isinstance(handler, logging.StreamHandler):
            handler.setStream(stream)
    source, sink = os.pipe()
    for number in (1, 2):
        os.dup2(sink, number)
    os.close(sink)
    threading.Thread(target=pass_on, args=(source, own, most, period), name="printing", daemon=True).start()


def pass_on(source: int, target: int, most: int, period: float) -> None:
    """Copy ``source`` to ``target`` until it ends, ``most`` bytes in ``period`` seconds."""
    since, left, told = time.monotonic(), most, False
    while said := os.read(source, 65_536):
        if time.monotonic() - since >= period:
            since, left, told = time.monotonic(), most, False
        with contextlib.suppress(OSError):  # nobody reads our output: the stage must not wait for them
            os.write(target, said[:left])
        left -= min(left, len(said))
        if not left and not told:
            told = True
            log.warning("stages print too much: the rest of this minute is dropped", extra={"bytes": most})
