"""``up`` from outside: what it draws, what it leaves behind, and how it ends."""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from devtool import client, environment, places, processes, up
from devtool.terminal import Stop
from devtool.testkit.stranger import walk
from tests.sure import sure
from tests.web.browser import launched

ROOT = Path(__file__).resolve().parent.parent.parent

#: ``up`` on a state folder and an environment of the test's own.
RUN = """
import sys
from pathlib import Path
from devtool import commands, environment, places, up
state = Path(sys.argv[1])
up.STATE, up.LOGS, up.RECORD = state, state / "logs", state / "running.json"
environment.prepare = lambda: Path(sys.executable)
sys.exit(commands.main(sys.argv[2:]))
"""


class Running:
    """A devtool in a process of its own."""

    def __init__(self, state: Path, *arguments: str, data_uri: str = "") -> None:
        environ = {name: value for name, value in os.environ.items() if not name.startswith(("MAESTRO_", "REDIS_"))}
        self.state = state
        self.process = subprocess.Popen(
            [sys.executable, "-c", RUN, str(state), *arguments],
            cwd=ROOT,
            env=environ | {"MAESTRO_GWORKERS": "1", "MAESTRO_WORKERS": "1", "MAESTRO_DATA_URI": data_uri},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.said = ""

    def until(self, word: str) -> str:
        """Read its lines up to one with ``word``."""
        for line in sure(self.process.stdout):
            self.said += line
            if word in line:
                return line
        raise AssertionError(f"never said {word!r}:\n{self.said}")

    def end(self) -> int:
        """Read the rest and wait."""
        self.said += self.process.communicate(timeout=60)[0]
        return self.process.returncode

    def children(self) -> list[dict[str, Any]]:
        held: list[dict[str, Any]] = json.loads((self.state / "running.json").read_text())
        return held


@pytest.fixture
def run(tmp_path: Path) -> Iterator[Any]:
    started = []

    def start(*arguments: str, **options: str) -> Running:
        started.append(Running(tmp_path / "state", *arguments, **options))
        return started[-1]

    yield start
    for one in started:
        if one.process.poll() is None:
            one.process.send_signal(signal.SIGTERM)
            one.end()
        sure(one.process.stdout).close()
    processes.clear_away(tmp_path / "state" / "running.json")


def alive(pid: int) -> bool:
    return bool(processes.started(pid))


def test_once_draws_every_type_twice_alike_and_leaves_nothing_running(
    run: Callable[..., Running], tmp_path: Path
) -> None:
    drawings = []
    for folder in ("first", "second"):
        running = run("up", "--once", "--out", str(tmp_path / folder))
        assert running.end() == 0, running.said
        assert not (running.state / "running.json").exists()
        drawings.append({path.name: path.read_bytes() for path in (tmp_path / folder).iterdir()})
    assert drawings[0] == drawings[1]
    assert "business.svg" in drawings[0]
    assert all(drawing.startswith(b"<svg") for drawing in drawings[0].values())
    assert "entry" in running.said, "each stage is a line"


def test_a_killed_up_is_cleared_away_by_the_next_and_a_second_one_is_refused(run: Callable[..., Running]) -> None:
    killed = run("up")
    killed.until("ready")
    orphans = killed.children()
    killed.process.kill()
    killed.end()
    assert {one["name"] for one in orphans} == {"redis", "web", "worker"}
    assert all(alive(one["pid"]) for one in orphans)

    following = run("up")
    following.until("ready")
    assert following.said.count("left behind by an earlier run") == 3
    assert not any(alive(one["pid"]) for one in orphans)
    assert "/view/" in following.said

    second = run("up", "--once")
    assert second.end() == 1
    assert f"another `up` runs on this folder (process {following.process.pid})" in second.said

    mine = following.children()
    following.process.send_signal(signal.SIGTERM)
    assert following.end() == 0, following.said
    assert not any(alive(one["pid"]) for one in mine)
    assert not (following.state / "running.json").exists()


def test_a_stranger_finds_the_way_from_what_it_prints_to_another_browser(run: Callable[..., Running]) -> None:
    running = run("up")
    address = running.until("/login?word=").split()[-1]
    with launched() as browser:
        steps = [what for what, _ in walk(address, browser)]
    assert len(steps) == 6
    running.process.send_signal(signal.SIGINT)
    assert running.end() == 0


def test_a_child_that_dies_ends_it_and_its_log_is_named(run: Callable[..., Running]) -> None:
    running = run("up")
    running.until("ready")
    web = next(one for one in running.children() if one["name"] == "web")
    os.kill(web["pid"], signal.SIGKILL)
    assert running.end() == 1
    assert "✗ web was ended by SIGKILL; see" in running.said
    assert "web.log" in running.said


def test_an_inventory_that_cannot_be_read_is_said_in_a_line(run: Callable[..., Running], tmp_path: Path) -> None:
    running = run("up", "--once", data_uri=str(tmp_path / "typo.json"))
    assert running.end() == 1
    assert "✗ the inventory cannot be read" in running.said
    assert "typo.json cannot be read: No such file or directory" in running.said
    assert "Traceback" not in running.said


def test_being_told_to_stop_while_it_starts_leaves_nothing_behind(run: Callable[..., Running]) -> None:
    running = run("up", "--once")
    running.until("redis")
    running.process.send_signal(signal.SIGTERM)
    assert running.end() == 130
    assert "Traceback" not in running.said
    assert not (running.state / "running.json").exists()


def test_a_graph_has_the_same_id_each_time_and_it_is_one() -> None:
    assert client.graph_id("business") == client.graph_id("business") != client.graph_id("infra")
    assert len(bytes.fromhex(client.graph_id("infra"))) == 12


def test_the_token_is_the_one_the_service_checks() -> None:
    from analytics import settings
    from analytics.web.tokens import check_private

    config = settings.read({"MAESTRO_ENV": "development", "MAESTRO_NOAUTH": "word"})
    check_private(f"JWT {client.token(config.secret, 'word')}", config)


def test_what_is_set_already_counts(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(up, "STATE", tmp_path / "state")
    monkeypatch.setenv("MAESTRO_DATA_URI", "http://data:5010")
    monkeypatch.setenv("MAESTRO_NOAUTH", "mine")
    monkeypatch.delenv("MAESTRO_SECRETJWT_PRIVATE", raising=False)
    first, second = up.service_environment(), up.service_environment()
    assert first["MAESTRO_DATA_URI"] == "http://data:5010"
    assert first["MAESTRO_NOAUTH"] == "mine"
    assert first["MAESTRO_SECRETJWT_PRIVATE"] == second["MAESTRO_SECRETJWT_PRIVATE"]
    assert len(first["MAESTRO_SECRETJWT_PRIVATE"]) >= 32
    assert (tmp_path / "state" / "secrets.json").stat().st_mode & 0o077 == 0


def test_a_path_means_what_it_meant_where_it_was_typed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(up, "STATE", tmp_path / "state")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MAESTRO_DATA_URI", "estate.yaml")
    assert up.service_environment()["MAESTRO_DATA_URI"] == str(tmp_path / "estate.yaml")


def test_a_busy_port_is_passed_over() -> None:
    import socket

    with socket.create_server(("127.0.0.1", 0)) as busy:
        port = busy.getsockname()[1]
        assert up.free_port(port) > port


def test_devtool_needs_nothing_installed() -> None:
    code = f"import sys; sys.path[0:0] = [{str(ROOT)!r}]; import devtool.commands"
    done = subprocess.run([sys.executable, "-I", "-S", "-c", code])
    assert done.returncode == 0


def test_help_names_every_command() -> None:
    done = subprocess.run([sys.executable, "-m", "devtool", "--help"], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0
    for command in ("up", "test", "check", "bench"):
        assert f"    {command} " in done.stdout


def test_waiting_ends_with_the_reason_when_the_program_does(tmp_path: Path) -> None:
    family = processes.Family(tmp_path, tmp_path / "running.json")
    child = family.start("liar", [sys.executable, "-c", "print('no room'); raise SystemExit(3)"], dict(os.environ))
    with pytest.raises(Stop, match=r"liar ended with status 3; see .*liar.log") as caught:
        processes.wait_until(lambda: False, child, 20)
    assert "no room" in caught.value.detail
    family.stop()


def test_a_stubborn_child_is_killed_with_its_own_children(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(processes, "GRACE", 0.3)
    code = (
        "import signal, subprocess, sys, time; signal.signal(signal.SIGTERM, signal.SIG_IGN);"
        "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)']); print(child.pid, flush=True);"
        "time.sleep(60)"
    )
    family = processes.Family(tmp_path, tmp_path / "running.json")
    child = family.start("stubborn", [sys.executable, "-c", code], dict(os.environ))
    processes.wait_until(lambda: bool(child.log.read_text()), child, 10)
    grandchild = int(child.log.read_text())
    family.stop()
    assert "stubborn did not stop" in capsys.readouterr().out
    end = time.monotonic() + 3
    while alive(grandchild) and time.monotonic() < end:
        time.sleep(0.02)
    assert not alive(child.process.pid)
    assert not alive(grandchild)


def test_a_number_that_belongs_to_somebody_else_now_is_left_alone(tmp_path: Path) -> None:
    stranger = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"], start_new_session=True)
    record = tmp_path / "running.json"
    record.write_text(json.dumps([{"name": "web", "pid": stranger.pid, "started": "1"}]))
    processes.clear_away(record)
    assert stranger.poll() is None
    assert not record.exists()
    stranger.kill()
    stranger.wait()


@pytest.mark.parametrize("text", ["", "{", "null"])
def test_a_broken_record_stops_nothing(tmp_path: Path, text: str) -> None:
    record = tmp_path / "running.json"
    record.write_text(text)
    processes.clear_away(record)


def test_the_environment_is_made_once_and_anew_when_its_requirements_change(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []

    def pretend(*command: str) -> None:
        asked.append(command)
        venv = tmp_path / ".venv" / "bin"
        venv.mkdir(parents=True, exist_ok=True)
        (venv / "python").touch()

    monkeypatch.setattr(environment, "run", pretend)
    monkeypatch.setattr(environment, "STATE", tmp_path / "state")
    monkeypatch.setattr(environment, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(environment, "PYTHON", tmp_path / ".venv" / "bin" / "python")
    monkeypatch.setattr(environment, "STAMP", tmp_path / ".venv" / "maestro-stamp")
    monkeypatch.setattr(environment, "LOCKED", (tmp_path / "requirements.txt",))
    monkeypatch.setattr(shutil, "which", lambda _: None)
    (tmp_path / "requirements.txt").write_text("a==1\n")
    environment.prepare()
    assert [command[2] for command in asked] == ["venv", "pip"]
    environment.prepare()
    assert len(asked) == 2
    (tmp_path / "requirements.txt").write_text("a==2\n")
    environment.prepare()
    assert [command[2] for command in asked[2:]] == ["pip"]
    environment.STAMP.unlink()  # as an interrupted run leaves it: whose pip stands there, nobody knows
    environment.prepare()
    assert [command[2] for command in asked[3:]] == ["venv", "pip"]
    (tmp_path / "requirements.txt").write_text("a==3\n")
    monkeypatch.setattr(environment, "run", lambda *_: "interrupted")
    with pytest.raises(Stop):
        environment.prepare()
    assert not environment.STAMP.exists()


def test_a_python_without_its_venv_part_is_said_in_a_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)
    with pytest.raises(Stop, match="apt-get install python3-venv"):
        environment.by_pip(current=False)


def test_everything_made_is_in_two_folders_that_git_ignores() -> None:
    ignored = (ROOT / ".gitignore").read_text().split()
    assert {f"{environment.VENV.name}/", f"{places.STATE.name}/"} <= set(ignored)
