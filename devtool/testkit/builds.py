"""Another build of the service, for tests in which two versions run side by side: one field more in each record."""

from __future__ import annotations

import ast
import shutil
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
#: Where the records stand that travel through Redis.
RECORDS = (
    "analytics/model",
    "analytics/documents",
    "analytics/pipeline/progress.py",
    "analytics/runs/pools.py",
    "plugins",
)
FIELD = '    of_the_next_version: str = "a word of the next version"\n'
LEFT_OUT = shutil.ignore_patterns("__pycache__", ".*")


def next_version(folder: Path) -> Path:
    """A copy of the service in ``folder``, every record of which has one field more; returns its top."""
    tree = folder / "next_version"
    for name in ("analytics", "plugins", "devtool"):
        shutil.copytree(ROOT / name, tree / name, ignore=LEFT_OUT)
    for name in RECORDS:
        for path in [tree / name] if name.endswith(".py") else sorted((tree / name).rglob("*.py")):
            path.write_text(with_field_more(path.read_text()))
    return tree


def with_field_more(source: str) -> str:
    """``source`` with :data:`FIELD` at the end of the fields of every frozen record in it.

    >>> print(with_field_more("@dataclass(frozen=True)\\nclass A:\\n    x: int\\n"), end="")
    @dataclass(frozen=True)
    class A:
        x: int
        of_the_next_version: str = "a word of the next version"
    """
    lines = source.splitlines(keepends=True)
    for node in sorted(ast.walk(ast.parse(source)), key=lambda node: -getattr(node, "lineno", 0)):
        if isinstance(node, ast.ClassDef) and any("dataclass(" in ast.unparse(one) for one in node.decorator_list):
            fields = [one for one in node.body if isinstance(one, ast.AnnAssign)]
            if fields and fields[-1].end_lineno is not None:
                lines.insert(fields[-1].end_lineno, FIELD)
    return "".join(lines)
