"""Imports point one way: a part imports only parts that stand before it."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "analytics"

#: From the ground up. A line's parts may import those of the lines above it, and a package its own files.
LAYERS = [
    {"errors", "logs", "text", "about", "bounded", "uncollected"},
    {"extras"},
    {"catalog"},
    {"documents"},
    {"model"},
    {"lettering"},
    {"settings"},
    {"layout", "drawing", "export", "transport"},
    {"inventory", "viewing"},
    {"sources"},
    {"pipeline"},
    {""},
    {"graphs", "outbound", "runs"},
    {"answers", "redis_client"},
    {"service"},
    {"testing", "workers", "web"},
    {"cli"},
    {"__main__"},
]
LEVEL = {part: level for level, parts in enumerate(LAYERS) for part in parts}
#: Libraries that belong to one place.
ONLY_IN = {
    "svgwrite": {"drawing"},
    "rq_dashboard": {"web"},
    "openpyxl": {"sources"},
    "lxml": {"drawing", "export"},
    "flask": {"web"},
    "prometheus_client": {"web"},
    "requests": {"transport"},
    "pluggy": {"pipeline"},
    "pymongo": {"inventory"},
}


def part_of(path: Path) -> str:
    """``analytics/layout/ranks.py`` is of ``layout``, ``analytics/__init__.py`` of the package itself."""
    first = path.relative_to(PACKAGE).parts[0].removesuffix(".py")
    return "" if first == "__init__" else first


def imports_of(path: Path) -> set[str]:
    """The dotted names a file imports, relative ones resolved."""
    package = ["analytics", *path.relative_to(PACKAGE).parent.parts]
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            module = ".".join([*base, *([node.module] if node.module else [])])
            found |= {f"{module}.{alias.name}" for alias in node.names}
    return found


FILES = sorted(PACKAGE.rglob("*.py"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_part_imports_only_what_stands_before_it(path: Path) -> None:
    mine = part_of(path)
    assert mine in LEVEL, f"{path.relative_to(ROOT)}: say in LAYERS where {mine!r} stands"
    for name in imports_of(path):
        words = name.split(".")
        if words[0] != "analytics" or len(words) < 2:
            continue
        other = words[1] if words[1] in LEVEL else ""
        if other != mine:
            assert LEVEL[other] < LEVEL[mine], f"{path.relative_to(ROOT)} imports {name}, which stands above it"


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_library_is_known_to_one_place(path: Path) -> None:
    for name in imports_of(path):
        allowed = ONLY_IN.get(name.split(".")[0])
        assert allowed is None or part_of(path) in allowed, f"{path.relative_to(ROOT)} imports {name}"


def test_plugins_know_the_package_and_no_other_plugin() -> None:
    for path in (ROOT / "plugins").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            module = getattr(node, "module", "") if isinstance(node, ast.ImportFrom) else ""
            assert not (module or "").startswith("plugins"), f"{path.name} imports {module}"


def test_nothing_happens_when_the_package_is_imported() -> None:
    """No connection, no file, no thread: only then can a tool import it."""
    import subprocess
    import sys

    code = "import threading, analytics.service, analytics.web, analytics.workers.pool; print(threading.active_count())"
    env = {"PATH": "/usr/bin", "REDIS_URL": "redis://127.0.0.1:1/0"}
    out = subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=env, capture_output=True, text=True, check=True)
    assert out.stdout.strip() == "1"


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_the_product_needs_nothing_that_it_is_not_shipped_with(path: Path) -> None:
    assert not {name for name in imports_of(path) if name.split(".")[0] in ("devtool", "tests", "plugins")}
