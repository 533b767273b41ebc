"""Libraries of other programs, by npm, that read in tests what is written for them. Nothing of them is in the tree."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

from devtool.places import ROOT, STATE

#: What is installed, by version and digest.
WANTED = ROOT / "devtool" / "requirements" / "parsers"
FILES = ("package.json", "package-lock.json")


def parsers() -> Path | None:
    """The folder of the installed libraries, fetched once for each change of what is wanted; nothing without npm.

    Raises :class:`subprocess.CalledProcessError` where npm fails.
    """
    npm = shutil.which("npm")
    if npm is None:
        return None
    wanted = "".join((WANTED / name).read_text() for name in FILES)
    place = STATE / "parsers"
    noted = place / "installed"
    if noted.is_file() and noted.read_text() == wanted:
        return place / "node_modules"
    place.mkdir(parents=True, exist_ok=True)
    for name in FILES:
        shutil.copy(WANTED / name, place / name)
    command = [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    subprocess.run(command, cwd=place, env=os.environ, stdin=subprocess.DEVNULL, check=True, timeout=300)
    noted.write_text(wanted)
    return place / "node_modules"
