"""For values that are there in a test, and may be missing elsewhere."""

from __future__ import annotations

from typing import TypeVar, cast

from analytics.pipeline.context import Context

A = TypeVar("A")


def sure(value: A | None) -> A:
    """The value; a test that has none fails here."""
    assert value is not None
    return value


def nowhere(_claim: object) -> Context:
    """The context of stages that take none."""
    return cast(Context, None)
