"""A guard that moves takes its mutant along: the lines that a mutant takes out stand in the tree, once."""

from __future__ import annotations

import pytest

from devtool.mutants import MUTANTS, Mutant
from devtool.places import ROOT


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: str(mutant.name))
def test_the_lines_of_a_guard_are_where_its_mutant_says(mutant: Mutant) -> None:
    assert (ROOT / mutant.file).read_text().count(mutant.before) == 1
