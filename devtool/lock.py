"""One at a time: a lock on a file that ends with its holder, however that ends."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

from .terminal import Stop, say

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]


@contextlib.contextmanager
def held(path: Path, what: str, *, wait: bool = False) -> Iterator[None]:
    """Hold the lock at ``path``; ``what`` is said where somebody else has it.

    ``wait`` waits for them; otherwise :class:`~devtool.terminal.Stop` names their process.
    """
    if fcntl is None:
        raise Stop("this needs Linux or macOS; on Windows run it inside WSL")
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path, "a+", encoding="ascii") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            holder = file.read().strip() or "unknown"
            if not wait:
                raise Stop(f"{what} (process {holder}); stop it first") from None
            say(f"… waiting for process {holder}: {what}")
            fcntl.flock(file, fcntl.LOCK_EX)
        file.seek(0)
        file.truncate()
        file.write(str(os.getpid()))
        file.flush()
        yield
