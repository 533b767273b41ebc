"""What was tried against the service and what came of it: the list, and the command that tries it.

Each attack, fault and rule names the tests that try it and the guards whose loss those
tests notice. ``python3 -m devtool attacks`` runs the tests and notes what came
out; the documentation's table is written from both.
"""

from __future__ import annotations

from .edges import DEPLOYING, GUESTS, LOAD, PROMISES_OF_TIME, SLOW_CLIENTS
from .faults import FAULTS
from .proof import Proof
from .rules import RULES

__all__ = ["FAULTS", "PROOFS", "RULES", "Proof"]

PROOFS: dict[str, tuple[Proof, ...]] = {
    "Slow clients": SLOW_CLIENTS,
    "The dashboard, links, owners, tokens": GUESTS,
    "Load, bombs, many owners": LOAD,
    "Refusals, time, readiness": PROMISES_OF_TIME,
    "Platforms and supply": DEPLOYING,
    "Faults": FAULTS,
    "Rules of SECURITY.md": RULES,
}
