"""How fast this core is now, by a fixed loop: a busy or slow machine is told from slow code."""

from __future__ import annotations

import time

#: Seconds that a million rounds of the loop take on a quiet core of 2.5 GHz.
QUIET = 0.075


def pace() -> float:
    """How many times slower than a quiet core this one is now."""
    began, total = time.process_time(), 0
    for number in range(1_000_000):
        total += number * number % 7
    return (time.process_time() - began) / QUIET
