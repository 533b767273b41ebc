"""The command line as a person uses it: output, files, exit statuses."""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from lxml import etree

import analytics.cli as cli
from tests.conftest import ROOT, SAMPLE
from tests.estates import OTHER, OWNER, application, shop, system
from tests.own_plugins import FORMATS, PICTURES


def analytics(*args: str, **env: str) -> subprocess.CompletedProcess[str]:
    """Run ``python -m analytics``; no Redis can be reached."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("MAESTRO_", "REDIS"))}
    clean |= {"REDIS_URL": "redis://127.0.0.1:1/0", **env}
    return subprocess.run(
        [sys.executable, "-m", "analytics", *args], cwd=ROOT, env=clean, capture_output=True, text=True, timeout=60
    )


@pytest.fixture
def inventory(tmp_path: Path) -> Path:
    path = tmp_path / "shop.json"
    path.write_text(json.dumps(shop()))
    return path


def test_an_inventory_is_drawn_with_a_line_a_stage(inventory: Path, tmp_path: Path) -> None:
    done = analytics("draw", str(inventory), "-o", str(tmp_path / "out.svg"))
    assert done.returncode == 0, done.stderr
    assert done.stdout == ""
    for stage in ("entry", "graphlookup", "network_business", "draw_business", "websocket"):
        assert any(
            line.split()[0] == stage and line.endswith(" ms") for line in done.stderr.splitlines() if line.strip()
        )
    assert "3 found = 3 drawn + 0 folded + 0 omitted" in done.stderr
    assert etree.fromstring((tmp_path / "out.svg").read_bytes()).get("id") == "graph"


@pytest.mark.parametrize("graph_type", ["business", "bussiness", "infra", "network"])
def test_every_graph_type_draws_the_sample_twice_alike(graph_type: str, tmp_path: Path) -> None:
    outs = [tmp_path / "one.svg", tmp_path / "two.svg"]
    for seed, out in enumerate(outs):
        done = analytics("draw", str(SAMPLE), "--type", graph_type, "-o", str(out), PYTHONHASHSEED=str(seed))
        assert done.returncode == 0, done.stderr
    assert outs[0].read_bytes() == outs[1].read_bytes()


@pytest.mark.parametrize(
    ("entry", "found"),
    [
        (("--app", "Orders"), 1),
        (("--app", "Shop", "--app", "Orders"), 2),
        (("--system", "Shop"), 3),
        (("--client", "Ada"), 3),
        (("--app", "0" * 23 + "2"), 2),
    ],
)
def test_a_graph_starts_from_what_is_named_by_id_or_name(
    inventory: Path, tmp_path: Path, entry: tuple[str, ...], found: int
) -> None:
    done = analytics("draw", str(inventory), *entry, "-o", str(tmp_path / "out.svg"))
    assert done.returncode == 0, done.stderr
    assert f"{found} found" in done.stderr


@pytest.mark.parametrize("suffix", FORMATS)
def test_the_ending_of_the_file_says_the_format(inventory: Path, tmp_path: Path, suffix: str) -> None:
    out = tmp_path / f"out.{suffix}"
    done = analytics("draw", str(inventory), "-o", str(out))
    assert done.returncode == 0, done.stderr
    assert "Front door" in out.read_text()
    assert "<svg" not in out.read_text()


def test_a_folder_that_is_not_there_is_said_before_anything_is_drawn(inventory: Path, tmp_path: Path) -> None:
    done = analytics("draw", str(inventory), "-o", str(tmp_path / "none" / "out.svg"))
    assert (done.returncode, done.stdout) == (2, "")
    assert "there is no folder" in done.stderr
    done = analytics("draw", str(inventory), "-o", str(tmp_path))
    assert done.returncode == 1
    assert "cannot write" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_format_that_cannot_be_written_is_refused_before_anything_is_drawn(inventory: Path, tmp_path: Path) -> None:
    done = analytics("draw", str(inventory), "-o", str(tmp_path / "out.exe"))
    assert done.returncode == 2
    assert "cannot write .exe; there are svg, " in done.stderr
    assert {*FORMATS, *PICTURES} <= set(re.findall(r"[a-z0-9]+", done.stderr.partition("there are")[2]))
    assert list(tmp_path.iterdir()) == [inventory]


@pytest.mark.parametrize(
    ("args", "status", "said"),
    [
        (("--app", "Nobody"), 1, "nothing has the id or name 'Nobody'"),
        (("--app", "hop"), 1, "did you mean Shop?"),
        (("--app", "Shop", "--system", "Shop"), 2, "one kind of thing"),
        (("--datacenter", "East"), 2, "starts from clients, systems, apps or nothing"),
        (("--type", "pie"), 2, "no graph type 'pie'"),
        (("--type", "infra", "--up"), 2, "infra follows no calls"),
        (("--hops", "-1"), 2, "--hops is at least 1"),
        (("--up", "--down"), 2, "not allowed with"),
        (("--detail", "more"), 2, "--detail"),
        (("--owner", "9" * 24), 1, "Empty entry point"),
    ],
)
def test_what_cannot_be_drawn_is_said_and_nothing_is_written(
    inventory: Path, tmp_path: Path, args: tuple[str, ...], status: int, said: str
) -> None:
    done = analytics("draw", str(inventory), *args, "-o", str(tmp_path / "out.svg"))
    assert done.returncode == status
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "out.svg").exists()


@pytest.mark.parametrize(
    ("content", "status", "said"),
    [
        ("{", 1, "JSON"),
        ("[]", 1, "object"),
        ('{"applications": 3}', 1, "applications"),
        ('{"applications": [3]}', 1, "applications"),
    ],
)
def test_a_broken_inventory_is_named(tmp_path: Path, content: str, status: int, said: str) -> None:
    path = tmp_path / "broken.json"
    path.write_text(content)
    done = analytics("draw", str(path), "-o", str(tmp_path / "out.svg"))
    assert done.returncode == status
    assert said in done.stderr
    assert "broken.json" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_missing_inventory_is_named(tmp_path: Path) -> None:
    done = analytics("draw", str(tmp_path / "nowhere.json"), "-o", str(tmp_path / "out.svg"))
    assert done.returncode == 1
    assert "nowhere.json" in done.stderr


def test_several_owners_must_be_told_apart(tmp_path: Path) -> None:
    path = tmp_path / "two.json"
    path.write_text(
        json.dumps({"applications": [application(1), application(2, owner=OTHER)], "systems": [system(5, 1)]})
    )
    done = analytics("draw", str(path), "-o", str(tmp_path / "out.svg"))
    assert done.returncode == 2
    assert OWNER in done.stderr
    assert OTHER in done.stderr
    assert analytics("draw", str(path), "--owner", OWNER, "-o", str(tmp_path / "out.svg")).returncode == 0


def test_yaml_with_names_for_references_is_an_inventory_too(tmp_path: Path) -> None:
    path = tmp_path / "shop.yaml"
    path.write_text(
        "applications:\n"
        "  - {_id: web, name: Web shop, family: Application, deps: [{_id: Orders, endpoint: rest}]}\n"
        "  - {_id: orders, name: Orders, family: Database}\n"
        "systems:\n"
        "  - {_id: shop, name: Online shop, entry: [{_id: Web shop}]}\n"
    )
    done = analytics("draw", str(path), "--system", "Online shop", "-o", str(tmp_path / "out.svg"))
    assert done.returncode == 0, done.stderr
    assert "2 found = 2 drawn" in done.stderr


def test_strict_fails_when_something_is_left_out(tmp_path: Path) -> None:
    path = tmp_path / "lost.json"
    path.write_text(json.dumps({**shop(), "applications": [*shop()["applications"], application(9, name="Nowhere")]}))
    assert analytics("draw", str(path), "--type", "infra", "-o", str(tmp_path / "a.svg")).returncode == 0
    done = analytics("draw", str(path), "--type", "infra", "--strict", "-o", str(tmp_path / "a.svg"))
    assert done.returncode == 1
    assert "omitted" in done.stderr


def test_settings_are_printed_without_secrets() -> None:
    done = analytics("settings", MAESTRO_NOAUTH="a-secret-of-ours", MAESTRO_PORT="6000")
    assert done.returncode == 0
    assert "6000" in done.stdout
    assert "a-secret-of-ours" not in done.stdout
    assert all(line.split()[0].startswith(("MAESTRO_", "REDIS_")) for line in done.stdout.splitlines())
    assert done.stderr.startswith("The layout's kernels are ")


def test_plugins_and_plans_are_listed() -> None:
    listed = analytics("plugins").stdout
    assert "business (also bussiness)  plugins/graphs/business.py" in listed
    assert "(GraphRequest, Grid, Servers, tuple[Additions, ...]) -> Drawing" in listed
    planned = analytics("plan", "business").stdout.splitlines()
    assert planned[0].split() == ["entry", "first"]
    assert analytics("plan", "pie").returncode == 2


def test_a_broken_plugin_stops_the_command_with_its_file(tmp_path: Path) -> None:
    (tmp_path / "odd.py").write_text("1 +")
    done = analytics("plugins", MAESTRO_PLUGINS_DIR=str(tmp_path))
    assert done.returncode == 2
    assert "odd.py" in done.stderr
    lenient = analytics("plugins", MAESTRO_PLUGINS_DIR=str(tmp_path), MAESTRO_PLUGINS_STRICT="0")
    assert lenient.returncode == 1
    assert "refused: " in lenient.stdout


def test_the_contact_sheet_shows_every_family(tmp_path: Path) -> None:
    out = tmp_path / "symbols.svg"
    assert analytics("symbols", "-o", str(out)).returncode == 0
    text = out.read_text()
    assert all(word in text for word in ("Database", "Message broker", "Service mesh", "Machine learning", "VPN"))


def test_usage_is_status_two_and_help_names_every_command() -> None:
    assert analytics().returncode == 2
    done = analytics("--help")
    assert done.returncode == 0
    assert all(word in done.stdout for word in ("draw", "plugins", "plan", "settings", "symbols"))


def test_names_of_an_inventory_do_nothing_to_the_terminal(tmp_path: Path) -> None:
    file = tmp_path / "estate.json"
    file.write_text(json.dumps({"applications": [{"name": "web\x1b]0;owned\x07"}], "systems": [{"name": "S"}]}))
    done = analytics("draw", str(file), "--app", "we", "-o", str(tmp_path / "a.svg"))
    assert done.returncode == 1
    assert "did you mean web" in done.stderr
    assert not {"\x1b", "\x07"} & set(done.stderr)


def test_a_picture_of_a_file_needs_no_library_of_the_service(tmp_path: Path) -> None:
    words = ["draw", str(SAMPLE), "-q", "-o", str(tmp_path / "drawn.svg")]
    script = f"import sys\nfrom analytics.cli import main\nmain({words!r})\nprint(*sorted(sys.modules))"
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    heavy = {"requests", "urllib3", "jwt", "flask", "redis", "rq", "pymongo", "openpyxl"}
    assert not heavy.intersection(done.stdout.split())


def test_help_imports_no_command_and_says_what_each_says_itself() -> None:
    script = (
        "import sys\nfrom analytics.cli import main\n"
        "try:\n    main(['--help'])\nexcept SystemExit:\n    print(*sorted(sys.modules), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    imported = done.stderr.split()
    assert not {"svgwrite", "lxml", "yaml", "requests", "pluggy", "analytics.cli.draw"}.intersection(imported)
    assert len(imported) < 130  # of which the interpreter has some 35 itself
    own = argparse.ArgumentParser()
    group = own.add_subparsers()
    for module in cli.modules():
        module.add(group)
    helps = {choice.dest: choice.help for choice in group._choices_actions}
    assert helps == {name: said for name, (_, said) in cli.COMMANDS.items()}
    assert all(said in " ".join(done.stdout.split()) for said in helps.values() if said)
