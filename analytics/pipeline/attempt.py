"""One attempt at a stage, and what a person is told of it: the same for workers and for the command."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..errors import AnalyticsError, EmptyGraph, StageError, StageTimeout
from ..model.kinds import Level
from .context import Context
from .stage import Stage


def attempt(stage: Stage, inputs: Sequence[Any], ctx: Context) -> Any:
    """Run ``stage`` on what it takes, in the order of its parameters; returns what it gives, or ``None``.

    Raises whatever the stage raises, and :class:`StageError` when it gives
    something else than its annotation says.
    """
    artifact = stage.run(*inputs, *([ctx] if stage.wants_context else []))
    if stage.gives is not None and not isinstance(artifact, stage.gives):
        raise StageError(f"The stage {stage.name} gave a {type(artifact).__name__}, not a {stage.gives.__name__}.")
    return artifact if stage.gives is not None else None


def level_of(exc: BaseException) -> Level:
    """What becomes of a graph when a stage that matters ends so."""
    return exc.level if isinstance(exc, StageError) else "error"


def sentence(stage: str, exc: BaseException) -> str:
    """What a person is told. Foreign exceptions are named by their class only: their text may hold anything.

    >>> sentence("draw_business", KeyError("x"))
    'The stage draw_business failed (KeyError).'
    """
    if isinstance(exc, EmptyGraph):
        return str(exc)
    if isinstance(exc, StageTimeout):
        return f"The stage {stage} took longer than its limit of {exc}."
    if isinstance(exc, AnalyticsError):
        return f"{stage}: {exc}"
    return f"The stage {stage} failed ({type(exc).__name__})."
