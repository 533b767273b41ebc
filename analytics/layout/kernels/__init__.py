"""Compiled kernels for the layout's hottest steps, where they are built; without them Python takes the same steps.

Both ways give the same result to the byte, and count the same work, so a picture never depends on the machine.
Each step's module asks :func:`loaded` and goes on in Python when there is nothing. The source is in this folder,
``build.py`` compiles it; kernels that were made of another source than the one beside them are not used.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from importlib import import_module
from typing import Protocol, cast

from ...settings import value_of
from .build import source

Rows = Sequence[Sequence[int]]


class CompiledBoard(Protocol):
    """The board of ``ordering.crossing_matrix``, compiled."""

    gained: int
    spent: int

    def settle(self, vertices: Sequence[int], wander: bool, /) -> None: ...
    def attempt(self, vertices: Sequence[int], height: float, reach: int, /) -> int: ...
    def layers(self) -> list[list[int]]: ...


class Kernels(Protocol):
    """The compiled module; each function does what its namesake in Python does, and changes ``layers`` in place."""

    source: str

    def improve_within_reach(
        self, layers: Sequence[list[int]], before: Rows, after: Rows, wander: bool, reach: int, held: Sequence[int], /
    ) -> tuple[int, int]: ...
    def swept(
        self,
        layers: Sequence[list[int]],
        before: Rows,
        after: Rows,
        flat: bool,
        first_stays: bool,
        last_stays: bool,
        sweeps: int,
        patience: int,
        /,
    ) -> tuple[int, int]: ...
    def rethread(
        self,
        layers: Sequence[list[int]],
        before: Rows,
        after: Rows,
        chains: Rows,
        reach: int,
        work: int,
        passes: int,
        /,
    ) -> tuple[int, int]: ...
    def simplex(
        self,
        column: Sequence[int],
        tail: Sequence[int],
        head: Sequence[int],
        least: Sequence[int],
        weight: Sequence[int],
        work: int,
        /,
    ) -> list[int]: ...
    def board(self, layers: Rows, before: Rows, after: Rows, held: Sequence[int], /) -> CompiledBoard: ...


@lru_cache(maxsize=1)
def found() -> tuple[Kernels | None, str]:
    """The kernels and nothing, or none and the reason."""
    if value_of("kernels") == "python":
        return None, "MAESTRO_LAYOUT_KERNELS says so"
    try:
        module = cast(Kernels, import_module("._compiled", __name__))
    except ImportError as reason:
        return None, "they are not built" if isinstance(reason, ModuleNotFoundError) else f"they do not load: {reason}"
    if module.source != source():
        return None, "they were built from another source"
    return module, ""


def loaded() -> Kernels | None:
    """The compiled kernels, if they are to be used."""
    return found()[0]


def described() -> str:
    """What the layout's kernels are here, in words for a person."""
    kernels, reason = found()
    return "compiled" if kernels is not None else f"pure Python ({reason})"
