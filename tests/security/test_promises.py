"""Every promise of SECURITY.md has rules, and every rule guards whose loss its own tests notice."""

from __future__ import annotations

import re

import pytest

from devtool.attacks import PROOFS, RULES, Proof
from devtool.mutants import MUTANTS
from devtool.places import ROOT

GUARDS = {mutant.name: mutant for mutant in MUTANTS}


def test_every_promise_has_a_rule_and_every_rule_a_promise() -> None:
    said = (ROOT / "SECURITY.md").read_text().partition("## What is promised")[2].partition("\n## ")[0]
    promises = set(re.findall(r"^- \*\*(.+?)\*\*", said, re.MULTILINE))
    assert promises
    assert {one.promise for group in PROOFS.values() for one in group if one.promise} == promises


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: str(rule.what))
def test_every_rule_names_guards_that_tests_of_its_own_watch(rule: Proof) -> None:
    """That they go red is seen by ``python3 -m devtool mutate``."""
    assert rule.promise
    assert rule.guards
    for guard in rule.guards:
        watched = [path for path in GUARDS[guard].tests if path.startswith("tests/")]
        assert any(f"tests/{test}".startswith(path) for path in watched for test in rule.tests), guard
