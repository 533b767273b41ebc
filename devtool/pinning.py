"""The locked requirement files: every package of a deployment and of the tools, with versions and hashes.

``requirements.txt`` is what a deployment installs; its source is ``pyproject.toml``.
``devtool/requirements/tools.txt`` is what tests and checks need beyond it; its
source is ``tools.in`` beside it. Both hold for every Python from 3.11 on.
"""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from pathlib import Path

from .places import REQUIREMENTS, ROOT, TOOLS

COMMAND = "python3 -m devtool requirements"
OPTIONS = ("--universal", "--python-version", "3.11", "--generate-hashes", "--no-header", "--no-annotate", "--quiet")


def pin(python: Path, arguments: Sequence[str]) -> int:
    """Write both files; versions stay as they are unless ``--upgrade`` or ``--upgrade-package NAME`` is given."""
    deployment = ("pyproject.toml", "--extra", "service", "--extra", "mongo", "--extra", "images")
    tools = (str(TOOLS.with_suffix(".in").relative_to(ROOT)), "--constraints", REQUIREMENTS.name)
    for source, target, about in (
        (deployment, REQUIREMENTS, "What a deployment installs. The direct needs and their reasons: pyproject.toml."),
        (tools, TOOLS, "What tests, checks and documentation need as well. The reasons: tools.in."),
    ):
        command = [python, "-m", "uv", "pip", "compile", *source, *OPTIONS, *arguments, "--output-file", target]
        done = subprocess.run([str(part) for part in command], cwd=ROOT, stdout=subprocess.DEVNULL, check=False)
        if done.returncode:
            return done.returncode
        lines = [line for line in target.read_text().splitlines() if not line.startswith("#")]
        target.write_text("\n".join((f"# {about}", f"# Written by `{COMMAND}`; do not edit.", *lines, "")))
    return 0
