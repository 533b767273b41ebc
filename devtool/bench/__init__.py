"""Benchmarks: ``python -m devtool bench NAME …`` runs ``devtool/bench/NAME.py``.

Each benchmark module has ``main(argv) -> int`` and a docstring whose first line
says what it measures.
"""

from __future__ import annotations

import ast
import importlib
import sys
from collections.abc import Sequence
from pathlib import Path


def names() -> dict[str, str]:
    """Every benchmark with the first line of its docstring."""
    found = {}
    for path in sorted(Path(__file__).parent.glob("*.py")):
        if not path.stem.startswith("_"):
            found[path.stem] = (ast.get_docstring(ast.parse(path.read_text())) or "").partition("\n")[0]
    return found


def main(argv: Sequence[str]) -> int:
    """Run the benchmark named first, with the other arguments; without a name list them."""
    if not argv or argv[0] not in names():
        print("benchmarks:", file=sys.stderr)
        for name, line in names().items():
            print(f"  {name:<12} {line}", file=sys.stderr)
        return 0 if argv and argv[0] in ("-h", "--help") else 2
    module = importlib.import_module(f"devtool.bench.{argv[0]}")
    return int(module.main(list(argv[1:])) or 0)
