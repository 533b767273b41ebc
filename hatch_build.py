"""The wheel's own step: compile the layout's kernels, where there is a compiler.

Without one the wheel is pure Python and fits every machine; with one it fits this kind of machine and every CPython
from 3.11 on. A compiler that fails never fails the installation.
"""

from __future__ import annotations

import runpy
import sysconfig
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

KERNELS = Path("analytics", "layout", "kernels")


class CompileKernels(BuildHookInterface[Any]):
    """Adds the compiled kernels to the wheel."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compile, and say for which machines the wheel is."""
        build = runpy.run_path(str(Path(self.root) / KERNELS / "build.py"))
        self._scratch = tempfile.TemporaryDirectory()
        try:
            made = build["compile_into"](Path(self._scratch.name))
        except build["NotBuilt"] as reason:
            self.app.display_warning(f"the layout takes its steps in Python: {reason}")
            return
        build_data["force_include"][str(made)] = str(KERNELS / made.name)
        build_data["pure_python"] = False
        machine = sysconfig.get_platform().replace("-", "_").replace(".", "_")
        build_data["tag"] = f"cp311-abi3-{machine}"

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        """Take away what was compiled."""
        self._scratch.cleanup()
