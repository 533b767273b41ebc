"""The reference validator of SARIF reads what `check` writes: its schema, its rules, and what hosts ask beyond them."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest

from analytics.cli import main
from devtool.places import ROOT
from devtool.testkit.parsers import parsers

PACKS = [word for name in ("exposure", "redundancy", "ownership", "hygiene") for word in ("--pack", name)]
HOSTILE = '<b> & "quoted" \u202e [a](http://b) % é 漢 \u0007'
#: Without an address of the project's own there is none to give.
ALLOWED = {"SARIF2005"}


@pytest.fixture(scope="module")
def validator() -> Path:
    """The program; where it cannot be had the test is skipped, loudly."""
    found = parsers()
    program = found / "@microsoft" / "sarif-multitool-linux" / "Sarif.Multitool" if found else None
    if program is None or not program.is_file():
        pytest.skip("NO SARIF VALIDATOR: it comes by npm, for Linux; SARIF was not held against its schema")
    program.chmod(0o755)
    return program


def test_the_reference_validator_finds_no_error(validator: Path, tmp_path: Path) -> None:
    estate, rules = tmp_path / "estate.json", tmp_path / "rules.yaml"
    estate.write_text(
        json.dumps(
            {
                "applications": [
                    {"_id": "a", "name": HOSTILE, "deps": [{"_id": "b"}]},
                    {"_id": "b", "name": "b", "deps": [{"_id": "a"}]},
                ]
            }
        )
    )
    rules.write_text(
        "rules:\n- {id: owned, each: application, must: {team: present}}\n"
        "- {id: calls it, title: 'Nothing calls b. ' , from: application, never calls: {name: b}}\n"
        "exceptions:\n- {rule: owned, thing: b, reason: 'soon & for \"good\"', until: 2999-01-01}\n"
    )
    sample = str(ROOT / "devtool" / "sample" / "inventory.json")
    written = []
    for number, words in enumerate(
        (
            [sample, *PACKS],
            [str(estate), "--rules", str(rules), "--sarif-suppressed"],
            [str(estate), "--rules", str(rules), "--file", "my estate/ä b.yaml"],
        )
    ):
        written.append(tmp_path / f"{number}.sarif")
        with written[-1].open("w", encoding="utf-8") as out, pytest.MonkeyPatch.context() as patched:
            patched.setattr("sys.stdout", out)
            assert main(["check", *words, "--format", "sarif"]) == 1
    assert problems(validator, written, tmp_path) <= ALLOWED
    (tmp_path / "poor.sarif").write_text(written[0].read_text().replace('"help"', '"halp"'))
    assert problems(validator, [tmp_path / "poor.sarif"], tmp_path) > ALLOWED, "the validator finds nothing at all"


def problems(validator: Path, files: list[Path], folder: Path) -> set[str]:
    """The errors and warnings of the validator, by their number."""
    log = folder / "log.sarif"
    command = [str(validator), "validate", *map(str, files), "--rule-kind", "Sarif;Ghas", "--output", str(log)]
    command += ["--level", "Error;Warning", "--kind", "Fail", "--log", "ForceOverwrite"]
    env = {**os.environ, "DOTNET_SYSTEM_GLOBALIZATION_INVARIANT": "1", "HOME": str(folder)}
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=False, timeout=120)
    assert f"{len(files)} file" in done.stdout, done.stdout
    (run,) = json.loads(log.read_text(encoding="utf-8-sig"))["runs"]
    return {one["ruleId"] for one in run["results"]}
