"""The virtual environment ``.venv``, made once and brought up to date.

It holds what a deployment installs and what tests and checks need beyond it,
from the two locked files; every download is checked against its hash.
"""

from __future__ import annotations

import hashlib
import importlib.util
import shutil
import subprocess
import sys
from pathlib import Path

from .lock import held
from .places import REQUIREMENTS, ROOT, STATE, TOOLS
from .terminal import Stop, say, step

VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
LOCKED = (REQUIREMENTS, TOOLS)
#: Removed first and written last, so that an interrupted installation is begun anew.
STAMP = VENV / "maestro-stamp"


def prepare() -> Path:
    """Make or update ``.venv``; returns its interpreter. Raises :class:`~devtool.terminal.Stop`."""
    with held(STATE / "setup.lock", "another devtool is installing", wait=True):
        wanted = [sys.version, hashlib.sha256(b"".join(file.read_bytes() for file in LOCKED)).hexdigest()]
        stamped = STAMP.read_text().splitlines() if STAMP.exists() and PYTHON.exists() else []
        if stamped == wanted:
            return PYTHON
        # Without a stamp nothing is known of what stands there: half an environment may run another Python's pip.
        current = stamped[:1] == wanted[:1]
        STAMP.unlink(missing_ok=True)
        uv = shutil.which("uv")
        if not (uv and by_uv(uv, current)):
            by_pip(current and not uv)
        STAMP.write_text("\n".join(wanted))
    return PYTHON


def by_uv(uv: str, current: bool) -> bool:
    """Make the environment, unless it is ``current``, and install with uv; false where uv could not."""
    with step("setting up .venv with uv"):
        failed = None if current else run(uv, "venv", "--quiet", "--clear", "--python", sys.executable, str(VENV))
        failed = failed or run(uv, "pip", "install", "--quiet", "--python", str(PYTHON), *named())
    if failed:
        say("  uv could not; trying without it")
    return not failed


def by_pip(current: bool) -> None:
    """The same with what Python brings along."""
    if importlib.util.find_spec("ensurepip") is None or importlib.util.find_spec("venv") is None:
        raise Stop(
            "this Python cannot make a virtual environment: install its venv part "
            "(Debian and Ubuntu: apt-get install python3-venv) or uv, and run this again"
        )
    if not current:
        with step("creating .venv"):
            failed = run(sys.executable, "-m", "venv", "--clear", str(VENV))
        if failed:
            shutil.rmtree(VENV, ignore_errors=True)
            raise Stop("the virtual environment cannot be made (Debian, Ubuntu: apt-get install python3-venv)", failed)
    with step("installing the requirements"):
        failed = run(str(PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *named())
    if failed:
        raise Stop("the requirements cannot be installed; is there a network, or a package index configured?", failed)


def named() -> list[str]:
    """The locked files as pip's and uv's arguments."""
    return ["--require-hashes", *(word for file in LOCKED for word in ("-r", str(file)))]


def run(*command: str) -> str | None:
    """Run a command; what it said if it failed, nothing if it did not."""
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    return None if done.returncode == 0 else done.stdout or f"{command[0]} failed without a word"
