"""The bill of materials, the audit, and the fences around two old libraries."""

from __future__ import annotations

import ast
import json
import os
import subprocess
import sys
import time

import pytest

from analytics.settings import ROOT
from devtool import supply


def test_the_bill_names_every_locked_package_with_its_hashes() -> None:
    bill = json.loads(supply.bill())
    assert (bill["bomFormat"], bill["specVersion"]) == ("CycloneDX", "1.6")
    assert bill["metadata"]["component"]["name"] == "analytics-maestro"
    lines = [line for line in (ROOT / "requirements.txt").read_text().splitlines() if line[:1].isalnum()]
    wanted = {(line.split("==")[0], line.split("==")[1].split()[0]) for line in lines}
    assert {(one["name"], one["version"]) for one in bill["components"]} == wanted
    for one in bill["components"]:
        assert one["hashes"]
        assert one["purl"] == f"pkg:pypi/{one['name']}@{one['version']}"


@pytest.mark.parametrize(("options", "status"), [((), 0), (("--strict",), 1)])
def test_an_audit_without_a_database_is_skipped_loudly_and_in_time(options: tuple[str, ...], status: int) -> None:
    closed = dict.fromkeys(("HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy"), "http://127.0.0.1:1")
    env = {name: value for name, value in os.environ.items() if name.lower() != "no_proxy"} | closed
    began = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-m", "devtool.supply", "audit", *options], cwd=ROOT, env=env, capture_output=True, text=True
    )
    assert done.returncode == status, done.stderr
    assert "NOT AUDITED" in done.stderr
    assert time.monotonic() - began < supply.LIMIT + 10


def test_only_one_file_of_ours_imports_the_dashboard() -> None:
    importing = set()
    for path in (ROOT / "analytics").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            names = [one.name for one in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            if any(name.partition(".")[0] == "rq_dashboard" for name in names):
                importing.add(path.relative_to(ROOT).as_posix())
    assert importing == {"analytics/web/dashboard.py"}
