"""The guards that ``python3 -m devtool mutate`` takes out, one at a time, by subject.

A guard is named by the lines that hold it. Lines that are no longer there are
an error too: whoever moves a guard moves its mutant.
"""

from __future__ import annotations

from .edges import EDGES
from .mutant import Mutant
from .neighbours import NEIGHBOURS
from .promises import PROMISES
from .records import RECORDS
from .runs import RUNS
from .sharing import SHARING
from .texts import TEXTS
from .web import WEB
from .workers import WORKERS

__all__ = ["MUTANTS", "Mutant"]

MUTANTS: tuple[Mutant, ...] = (*SHARING, *EDGES, *RUNS, *WORKERS, *RECORDS, *NEIGHBOURS, *TEXTS, *WEB, *PROMISES)
