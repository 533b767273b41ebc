"""One run about a change, and one comment that hosts take."""

import json
import subprocess
from pathlib import Path

import pytest
import yaml

from analytics.answers.comment import MARK, comment
from analytics.cli import main

RULES = "rules:\n- {id: owned, each: application, must: {team: present}}\n"


def git(folder: Path, *words: str) -> None:
    name = ["-c", "user.name=Test", "-c", "user.email=test@example.org", "-c", "commit.gpgsign=false"]
    subprocess.run(["git", "-C", str(folder), *name, *words], check=True, capture_output=True)


def test_a_change_is_validated_compared_checked_and_drawn(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    estate, rules, out = tmp_path / "estate.yaml", tmp_path / "rules.yaml", tmp_path / "out"
    estate.write_text("applications:\n- {name: Web, team: shop}\n")
    rules.write_text(RULES)
    git(tmp_path, "init", "-q", "-b", "main")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-qm", "first")
    words = ["ci", str(estate), "--base", "main", "--rules", str(rules), "-o", str(out)]
    assert main(words) == 0
    git(tmp_path, "checkout", "-qb", "change")
    estate.write_text("applications:\n- {name: Web, team: shop, deps: ['@all | x']}\n- {name: '@all | x'}\n")
    assert main(words) == 1
    said = (out / "comment.md").read_text()
    assert said.startswith(MARK)
    assert "1 added, 1 rewired; 0 the same" in said
    assert "1 rules, 1 broken" in said
    assert "@all" not in said
    assert json.loads((out / "difference.json").read_text())["summary"] == {"added": 1, "rewired": 1}
    assert json.loads((out / "rules.sarif").read_text())["runs"][0]["results"][0]["ruleId"] == "owned"
    assert {path.name for path in out.iterdir()} >= {"picture.svg", "difference.svg", "rules.xml"}
    estate.write_text("applications:\n- {name: Web, team: shop, replicas: many}\n")
    assert main(["ci", str(estate), "-o", str(out)]) == 0
    assert main(["ci", str(estate), "-o", str(out), "--strict"]) == 1
    capsys.readouterr()


def test_a_comment_is_never_too_long() -> None:
    lines = [f"thing {number} {'x' * 3_000}" for number in range(1_000)]
    text = comment("Inventory", [("Difference", "much", lines), ("Rules", "more", lines)], "in the files")
    assert len(text) < 60_000
    assert "more: in the files" in text
    assert text.count("<details>") == text.count("</details>")


def test_the_example_workflows_are_yaml_that_name_commands_of_ours() -> None:
    for name in ("github", "gitlab"):
        text = Path(f"docs/ci/{name}.yml").read_text()
        assert yaml.safe_load(text)
        assert MARK in text
        assert "analytics ci estate.yaml --base" in text
    assert yaml.safe_load(Path(".pre-commit-hooks.yaml").read_text())[0]["id"] == "analytics-validate"
