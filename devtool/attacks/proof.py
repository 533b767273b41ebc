"""What is recorded of an attack, a fault or a rule: what is done, what comes of it, and what shows that."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Proof:
    """``what`` is done, and the ``result``, each a phrase.

    ``tests`` are named below ``tests/`` as pytest does, ``guards`` by the mutants that take them out
    (:mod:`devtool.mutants`), ``commands`` are those of devtool's that take minutes. ``promise`` is
    the one of SECURITY.md that a rule is of.
    """

    what: str
    result: str
    tests: tuple[str, ...]
    guards: tuple[str, ...] = ()
    commands: tuple[str, ...] = ()
    promise: str = ""
