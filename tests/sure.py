"""For values that are there in a test, and may be missing elsewhere."""

from __future__ import annotations

from typing import TypeVar

A = TypeVar("A")


def sure(value: A | None) -> A:
    """The value; a test that has none fails here."""
    assert value is not None
    return value
