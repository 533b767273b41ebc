"""The layout's compiled kernels in the checkout: made anew whenever their source is another.

Where there is no compiler everything works as well, only large layouts take longer.
"""

from __future__ import annotations

import runpy
from pathlib import Path

from .environment import run
from .lock import held
from .places import KERNELS, STATE
from .terminal import say


def compile_kernels(python: Path) -> None:
    """Compile them beside their source, for ``python`` and every later one; says what came out if there was a need."""
    # By its path: nothing of the package can be imported where its libraries are not installed yet.
    build = runpy.run_path(str(KERNELS / "build.py"))
    if build["is_current"]():
        return
    with held(STATE / "kernels.lock", "another devtool is compiling", wait=True):
        failed = "" if build["is_current"]() else run(str(python), str(KERNELS / "build.py"))
    say(
        f"the layout's kernels are {failed.strip()}: it takes its steps in Python" if failed else "compiled the kernels"
    )
