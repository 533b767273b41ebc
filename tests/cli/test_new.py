"""Files that the command writes work as they are, and so do their tests."""

import subprocess
import sys
from pathlib import Path

import pytest

from analytics.cli import main
from analytics.settings import ROOT


def test_every_written_file_passes_its_own_test(tmp_path: Path) -> None:
    for kind in ("graph-type", "stage", "source"):
        assert main([f"new-{kind}", f"my_{kind.replace('-', '_')}", str(tmp_path)]) == 0
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:cacheprovider",
        "--rootdir",
        str(tmp_path),
        str(tmp_path),
    ]
    done = subprocess.run(
        command, cwd=tmp_path, env={"PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=False
    )
    assert "3 passed" in done.stdout, done.stdout + done.stderr
    lint = [sys.executable, "-m", "ruff", "check", "--config", str(ROOT / "pyproject.toml"), str(tmp_path)]
    assert subprocess.run(lint, capture_output=True, text=True, check=False).stdout.startswith("All checks passed")


def test_a_file_that_is_there_and_a_name_that_cannot_be_are_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["new-stage", "costs", str(tmp_path)]) == 0
    assert main(["new-stage", "costs", str(tmp_path)]) == 1
    assert "costs.py is there already" in capsys.readouterr().err
    assert main(["new-stage", "My Costs", str(tmp_path)]) == 2
    assert main(["new-stage", "costs", str(tmp_path / "nowhere")]) == 2


@pytest.mark.parametrize("shell", ["bash", "zsh", "tcsh"])
def test_a_shells_completion_knows_every_command(shell: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["completion", shell]) == 0
    script = capsys.readouterr().out
    assert all(word in script for word in ("new-graph-type", "weak-points", "projection"))


def test_bash_completes_a_command_and_an_option(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["completion", "bash"]) == 0
    script = tmp_path / "completion.sh"
    script.write_text(capsys.readouterr().out)
    ask = """source "$1"; COMP_WORDS=(analytics "${@:2}"); COMP_CWORD=$(($# - 1)); COMPREPLY=()
    $(complete -p analytics | sed 's/.*-F \\([^ ]*\\).*/\\1/'); printf '%s\\n' "${COMPREPLY[@]}\""""
    for words, wanted in ((["dr"], "draw"), (["draw", "--proj"], "--projection")):
        done = subprocess.run(
            ["bash", "-c", ask, "bash", str(script), *words], capture_output=True, text=True, check=False
        )
        assert wanted in done.stdout.split(), done.stderr
