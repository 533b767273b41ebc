"""What a mutant is: one guard taken out, and the tests that watch it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Mutant:
    """One guard taken out: ``before`` becomes ``after`` in ``file``; ``tests`` are pytest's arguments."""

    name: str
    file: str
    before: str
    after: str
    tests: tuple[str, ...]
