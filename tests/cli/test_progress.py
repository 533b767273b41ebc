"""The line that says what long work is at: on a terminal only, after a second, and never between other words."""

from __future__ import annotations

import json
import os
import pty
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
#: Asks a slow stage of whatever is drawn.
SLOW = """
import time
from analytics import Insertion, Stage, hookimpl
from analytics.model import Additions, Grid

def dawdle(grid: Grid) -> Additions:
    time.sleep(2)
    return Additions()

@hookimpl
def analytics_insertions():
    yield Insertion(Stage("dawdle", dawdle), after="network_business", types=("business",))
"""


def on_a_terminal(folder: Path, *arguments: str, term: str = "xterm") -> tuple[int, str]:
    """The exit status, and what a terminal got on standard error."""
    here, there = pty.openpty()
    plugins = folder / "plugins"
    plugins.mkdir(exist_ok=True)
    (plugins / "dawdle.py").write_text(SLOW)
    process = subprocess.Popen(
        [sys.executable, "-m", "analytics", "draw", *arguments],
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=there,
        env={**os.environ, "TERM": term, "MAESTRO_PLUGINS_DIR": str(plugins)},
    )
    os.close(there)
    found = b""
    while True:
        try:
            found += os.read(here, 4096)
        except OSError:  # the other end is closed
            break
    os.close(here)
    return process.wait(), found.decode()


@pytest.fixture
def calls(tmp_path: Path) -> Path:
    source = tmp_path / "calls.json"
    source.write_text(json.dumps([{"parent": "web", "child": "cart", "callCount": 1}]))
    return source


def test_a_bar_comes_on_a_terminal_and_goes_before_anything_else_is_said(calls: Path, tmp_path: Path) -> None:
    status, said = on_a_terminal(tmp_path, str(calls), "-o", str(tmp_path / "a.svg"))
    assert status == 0
    bars = re.findall(r"\[#*\.*\] (\d+) of (\d+) · dawdle · \d+ s", said)
    assert bars
    assert {total for _, total in bars} == {"13"}, "reading, eleven stages, writing"
    for after in re.split(r"\[#*\.*\] [^\r\n]*", said)[1:]:
        assert after.startswith("\r\x1b[K"), "erased, and never left behind"
    left = re.sub(r"\r\x1b\[K(\[#*\.*\][^\r\n]*)?", "", said)
    assert all(line.startswith(("  ", "read", "finished", str(tmp_path))) for line in left.splitlines())


@pytest.mark.parametrize(("more", "term"), [(["-q"], "xterm"), ([], "dumb")])
def test_no_bar_where_nobody_wants_one_or_it_could_not_go(
    calls: Path, tmp_path: Path, more: list[str], term: str
) -> None:
    status, said = on_a_terminal(tmp_path, str(calls), "-o", str(tmp_path / "a.svg"), *more, term=term)
    assert (status, "[#" in said or "[." in said, "\x1b" in said) == (0, False, False)
