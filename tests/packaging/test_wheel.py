"""The wheel as a user gets it: installed into an empty environment, away from the checkout."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import zipfile
from dataclasses import dataclass
from pathlib import Path

import pytest

from analytics.about import VERSION
from analytics.layout import kernels
from devtool.places import REQUIREMENTS, ROOT

pytestmark = pytest.mark.long

#: MB that a deployment may install.
MOST = 120
ESTATE = """
applications:
  - {_id: web, name: Web shop, family: Application, deps: [{_id: orders, endpoint: rest}]}
  - {_id: orders, name: Orders, family: Database}
systems:
  - {_id: shop, name: Online shop, entry: [{_id: web}], clients: [{_id: acme}]}
clients:
  - {_id: acme, name: Acme}
datacenters:
  - {_id: dc, name: East, provider: AWS, regions: [us-east-1], zones: [us-east-1a]}
servers:
  - {_id: s1, hostname: web-1, cpu: 2, memory: 4, ipv4_private: 10.0.1.5, applications: [{_id: web}],
     datacenters: {_id: dc, name: East, provider: AWS, region: us-east-1, zone: us-east-1a}}
networks:
  - {_id: net, name: main, family: Network, cidr_block: 10.0.0.0/16, datacenters: {_id: dc}}
"""
PLUGIN_PROJECT = """
[build-system]
requires = ["hatchling"]
build-backend = "hatchling.build"

[project]
name = "maestro-examples"
version = "0.1"

[project.entry-points."analytics.plugins"]
clients = "maestro_examples.clients"
tgf = "maestro_examples.tgf"
mainframe = "maestro_examples.mainframe"
"""


@dataclass(frozen=True)
class Installed:
    """A virtual environment, and an empty folder to work in."""

    venv: Path
    folder: Path

    def run(self, *command: str, fails: bool = False, **env: str) -> str:
        """Run a program of the environment, without any of ours; what it said."""
        program = self.venv / "bin" / command[0]
        clean = {"PATH": "/usr/bin:/bin", "HOME": str(self.folder), **env}
        done = subprocess.run(
            [program, *command[1:]], cwd=self.folder, env=clean, capture_output=True, text=True, check=False
        )
        said = done.stdout + done.stderr
        assert (done.returncode != 0) == fails, said
        return said

    def install(self, *what: str | Path) -> None:
        """Install with uv, which keeps what it has fetched before."""
        uv("pip", "install", "--quiet", "--python", self.venv / "bin" / "python", *what)


def uv(*arguments: str | Path) -> None:
    """Run the uv of the tools."""
    done = subprocess.run(
        [sys.executable, "-m", "uv", *map(str, arguments)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def build(project: Path, target: Path, **env: str) -> Path:
    """Build the project's wheel."""
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(target)]
    done = subprocess.run(command, cwd=project, env=dict(os.environ) | env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    (wheel,) = target.glob("*.whl")
    return wheel


def environment(folder: Path) -> Installed:
    """An empty virtual environment."""
    uv("venv", "--quiet", "--python", sys.executable, folder / "venv")
    (folder / "work").mkdir()
    return Installed(folder / "venv", folder / "work")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(ROOT, tmp_path_factory.mktemp("dist"))


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Installed:
    """The wheel and what it needs, no extra."""
    found = environment(tmp_path_factory.mktemp("plain"))
    found.install(wheel)
    (found.folder / "estate.yaml").write_text(ESTATE)
    return found


def test_the_wheel_has_our_package_and_nothing_else_at_its_top(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    assert {name.split("/")[0] for name in names} == {"analytics", f"analytics_maestro-{VERSION}.dist-info"}
    ours = {str(path.relative_to(ROOT / "plugins")) for path in (ROOT / "plugins").rglob("*.py")}
    assert {name.removeprefix("analytics/builtin_plugins/") for name in names if "builtin_plugins" in name} == ours
    tracked = subprocess.run(["git", "ls-files", "analytics"], cwd=ROOT, capture_output=True, text=True, check=True)
    assert set(tracked.stdout.split()) <= set(names)
    assert not [name for name in names if name.endswith(".pyc")]
    assert any(name.endswith("licenses/LICENSE") for name in names)


def test_the_wheel_carries_the_kernels_where_there_is_a_compiler(wheel: Path, installed: Installed) -> None:
    if kernels.loaded() is None:
        pytest.skip("there is no compiler here")
    assert "-cp311-abi3-" in wheel.name
    assert "The layout's kernels are compiled." in installed.run("analytics", "settings")


def test_the_wheel_is_pure_python_where_there_is_none(tmp_path: Path) -> None:
    (tmp_path / "path").mkdir()
    wheel = build(ROOT, tmp_path / "dist", PATH=str(tmp_path / "path"))
    assert wheel.name.endswith("-py3-none-any.whl")
    found = environment(tmp_path)
    found.install(wheel)
    assert "The layout's kernels are pure Python (they are not built)." in found.run("analytics", "settings")


@pytest.mark.parametrize("kind", ["business", "infra", "network"])
def test_the_command_draws_every_type_without_an_extra(installed: Installed, kind: str) -> None:
    said = installed.run("analytics", "draw", "estate.yaml", "--type", kind, "-o", f"{kind}.svg")
    assert "finished" in said
    assert (installed.folder / f"{kind}.svg").read_text().startswith("<svg")


def test_the_command_and_the_module_say_the_one_version(installed: Installed) -> None:
    assert installed.run("analytics", "--version").split()[-1] == VERSION
    assert installed.run("python", "-m", "analytics", "--version").split()[-1] == VERSION
    ask = "from importlib.metadata import version; print(version('analytics-maestro'))"
    assert installed.run("python", "-c", ask).strip() == VERSION


def test_a_plugin_that_comes_along_is_blocked_by_the_name_it_has_in_a_checkout(installed: Installed) -> None:
    blocked = "plugins.graphs.network"
    said = installed.run("analytics", "plugins", MAESTRO_BLOCKED_PLUGINS=blocked)
    assert "builtin_plugins/graphs/infra.py" in said
    assert "builtin_plugins/graphs/network.py" not in said
    installed.run("python", "-c", "import plugins", fails=True)


@pytest.mark.parametrize(
    ("extra", "command"),
    [
        ("service", ("python", "-c", "import analytics.web")),
        ("service", ("analytics-worker",)),
        ("mongo", ("analytics", "draw", "mongodb://127.0.0.1:9/estate", "-o", "none.svg")),
    ],
)
def test_where_an_extra_is_missing_the_error_names_it(
    installed: Installed, extra: str, command: tuple[str, ...]
) -> None:
    assert f"pip install 'analytics-maestro[{extra}]'" in installed.run(*command, fails=True)


def test_a_wheel_of_plugins_adds_a_graph_type_a_format_and_a_symbol(wheel: Path, tmp_path: Path) -> None:
    package = tmp_path / "project" / "maestro_examples"
    package.mkdir(parents=True)
    (package.parent / "pyproject.toml").write_text(PLUGIN_PROJECT)
    (package / "__init__.py").touch()
    for name in ("clients", "tgf", "mainframe"):
        shutil.copy(ROOT / "devtool" / "examples" / f"{name}.py", package)
    found = environment(tmp_path)
    found.install(wheel, build(package.parent, tmp_path / "dist"))
    (found.folder / "estate.yaml").write_text(ESTATE.replace("family: Database", "family: Mainframe"))
    said = found.run("analytics", "plugins")
    assert "clients" in said
    assert "tgf" in said
    assert "weak-points" in found.run("analytics", "completion", "bash"), "no command needs the service's packages"
    found.run("analytics", "draw", "estate.yaml", "--type", "clients", "-o", "clients.svg")
    assert "Acme" in (found.folder / "clients.svg").read_text()
    found.run("analytics", "draw", "estate.yaml", "-o", "shop.tgf")
    assert "\n#\n" in (found.folder / "shop.tgf").read_text()
    found.run("analytics", "draw", "estate.yaml", "-o", "shop.svg")
    assert "Mainframe (1)" in (found.folder / "shop.svg").read_text()


def test_a_deployment_installs_what_is_locked_and_it_is_small(tmp_path: Path) -> None:
    found = environment(tmp_path)
    found.install("--require-hashes", "-r", REQUIREMENTS)
    (site,) = (found.venv / "lib").glob("python*/site-packages")
    size = sum(file.stat().st_size for file in site.rglob("*") if file.is_file()) / 1e6
    assert size < MOST
    start = "from analytics.web import create_app; create_app(); import analytics.workers.pool"
    found.run("python", "-c", start, MAESTRO_ENV="development", PYTHONPATH=str(ROOT), PATH=os.defpath)
    print(f"site-packages of a deployment: {size:.0f} MB")
