"""The list of attacks, what was noted of them, and the table in the documentation agree."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

import pytest

from devtool.attacks import PROOFS, Proof, outcome
from devtool.attacks.__main__ import chosen
from devtool.mutants import MUTANTS
from devtool.places import ROOT

ALL = [one for group in PROOFS.values() for one in group]
PAGE = ROOT / "docs" / "attacks.md"


@cache
def defined_in(path: Path) -> frozenset[str]:
    """The tests a file defines."""
    tree = ast.parse(path.read_text())
    return frozenset(node.name for node in tree.body if isinstance(node, ast.FunctionDef))


@pytest.mark.parametrize("proof", ALL, ids=lambda proof: str(proof.what))
def test_every_attack_names_tests_and_guards_that_exist(proof: Proof) -> None:
    assert proof.tests
    for name in proof.tests:
        path, _, test = name.partition("::")
        assert test in defined_in(ROOT / "tests" / path), name
    assert set(proof.guards) <= {mutant.name for mutant in MUTANTS}


def test_of_every_test_it_is_noted_that_it_held() -> None:
    noted = outcome.read()
    tests = {name for one in ALL for name in one.tests}
    commands = {name for one in ALL for name in one.commands}
    assert tests - noted.keys() == set(), "run python3 -m devtool attacks"
    assert noted.keys() <= tests | commands
    assert [name for name in tests if noted[name].failed] == []
    assert [name for name in tests if not noted[name].held and not noted[name].skipped] == []


def test_every_subject_has_its_table_on_the_page() -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert [subject for subject in PROOFS if f"<!-- begin attacks {subject} -->" not in text] == []
    for one in ALL:
        assert f"| {one.what} |" in text, one.what


def test_words_choose_by_name_and_subject() -> None:
    assert chosen([]) == ALL
    assert chosen(["Slow clients"]) == list(PROOFS["Slow clients"])
    assert [one.what for one in chosen(["redirects", "Redirects"])] == [
        "Redirects",
        *(one.what for one in ALL if "redirects" in one.what),
    ]
    assert chosen(["no such attack"]) == []


def test_a_report_is_counted_by_test_and_what_is_not_in_it_was_left_out(tmp_path: Path) -> None:
    report = tmp_path / "report.xml"
    report.write_text(
        '<testsuites><testsuite><testcase classname="tests.web.test_a" name="test_b[1]"/>'
        '<testcase classname="tests.web.test_a" name="test_b[2]"><failure/></testcase>'
        '<testcase classname="tests.web.test_a" name="test_c"><skipped/></testcase></testsuite></testsuites>'
    )
    names = ["web/test_a.py::test_b", "web/test_a.py::test_c", "web/test_a.py::test_d"]
    assert list(outcome.of_report(report, names).values()) == [
        outcome.Outcome(1, 1),
        outcome.Outcome(0, 0, 1),
        outcome.Outcome(0, 0, 1),
    ]
