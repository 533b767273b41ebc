"""Memory that a large stage leaves behind: given back to the system, or the process is replaced."""

from __future__ import annotations

import ctypes
import gc
import mmap
import sys
from pathlib import Path

#: What a process may hold more than at its start before it gives back, as a share of that and in MB.
SHARE, SLACK = 1.25, 32.0


def resident_mb(pid: int | str = "self") -> float:
    """Memory a process holds, in MB; 0 where the system does not tell."""
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    except (OSError, IndexError, ValueError):
        return 0.0
    return pages * mmap.PAGESIZE / 1e6


def too_much(start: float, slack: float = SLACK) -> bool:
    """Whether this process holds more than it should between two stages, having held ``start`` MB before."""
    return resident_mb() > start * SHARE + slack


def give_back() -> None:
    """Collect what nobody refers to, and hand free pages to the system where the C library can (glibc)."""
    gc.collect()
    if sys.platform == "linux":
        trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
        if trim is not None:
            trim(0)
