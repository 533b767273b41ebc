"""What has no end, or moves the screen, or prints: it stops nothing, fills nothing and is told."""

from __future__ import annotations

import errno
import json
import os
import pty
import re
import stat
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from analytics import bounded
from analytics.errors import AnalyticsError
from analytics.export import Size
from analytics.inventory.yamltext import parse_yaml
from analytics.pipeline.painting import painted
from analytics.settings import ROOT, read
from analytics.web.submission import depth
from devtool import up
from tests.estates import application

CLEAN = {name: value for name, value in os.environ.items() if not name.startswith(("MAESTRO_", "REDIS"))}
SVG = '<svg baseProfile="full" height="10" version="1.1" viewBox="0 0 20 10" width="20" xmlns="http://www.w3.org/2000/svg"/>'


@pytest.mark.parametrize("text", ['"\\' * 32_000, '"' * 64_000, "[" * 64_000, '"a' + "\\\\" * 32_000])
def test_the_depth_of_a_body_is_found_in_one_pass(text: str) -> None:
    began = time.process_time()
    depth(text)
    assert time.process_time() - began < 0.5


def test_numbers_to_the_base_of_sixty_are_text() -> None:
    bomb = ":".join(["59"] * 100_000)
    began = time.process_time()
    assert parse_yaml(f"port: 22:22\nbomb: {bomb}\n".encode()) == {"port": "22:22", "bomb": bomb}
    assert time.process_time() - began < 2


@pytest.mark.parametrize(
    "words",
    [
        ("draw", "/dev/zero", "-o", "{out}.svg"),
        ("validate", "/dev/zero"),
        ("verify", "/dev/zero", "{inventory}"),
        ("check", "{inventory}", "--rules", "/dev/zero"),
        ("check", "{inventory}", "--pack", "hygiene", "--baseline", "/dev/zero"),
        ("fail", "{inventory}", "--needs", "/dev/zero", "--app", "Shop"),
    ],
)
def test_a_device_without_an_end_is_refused_by_every_command(words: tuple[str, ...], tmp_path: Path) -> None:
    inventory = tmp_path / "one.json"
    inventory.write_text(json.dumps({"applications": [application(1, name="Shop")]}))
    words = tuple(word.format(out=tmp_path / "out", inventory=inventory) for word in words)
    limited = ["sh", "-c", 'ulimit -v 1500000; exec "$@"', "sh", sys.executable, "-m", "analytics", *words]
    done = subprocess.run(limited, cwd=ROOT, env=CLEAN, capture_output=True, text=True, timeout=30)
    assert done.returncode in (1, 2, 3), done.stderr
    assert "has no end" in done.stdout + done.stderr
    assert "Traceback" not in done.stderr


def test_a_pipe_that_never_ends_is_read_up_to_a_size(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)

    def write() -> None:
        try:
            with open(pipe, "wb") as out:
                while True:
                    out.write(b"x" * 65_536)
        except BrokenPipeError:
            pass

    writer = threading.Thread(target=write)
    writer.start()
    with pytest.raises(OSError, match="has no end") as raised:
        bounded.read_bytes(pipe, 1024 * 1024)
    writer.join(5)
    assert raised.value.errno == errno.EFBIG
    assert not writer.is_alive()


@pytest.mark.parametrize("words", [("weak-points",), ("settings",)])
def test_names_of_an_inventory_do_not_move_the_cursor(words: tuple[str, ...], tmp_path: Path) -> None:
    inventory = tmp_path / "one.json"
    one = application(1, 2, name="Sh\x1b[31mop\x9b2J")
    inventory.write_text(json.dumps({"applications": [one, application(2, name="Or\x1b]0;title\x07ders")]}))
    master, slave = pty.openpty()
    command = [sys.executable, "-m", "analytics", *words, *([str(inventory)] if words[0] == "weak-points" else [])]
    env = CLEAN | ({"MAESTRO_PLUGINS_DIR": "\x1b[31mop\x9b2J"} if words[0] == "settings" else {})
    with subprocess.Popen(command, cwd=ROOT, env=env, stdout=slave, stderr=slave) as process:
        os.close(slave)
        said = b""
        try:
            while part := os.read(master, 65_536):
                said += part
        except OSError:  # the end of a terminal
            pass
        os.close(master)
    assert process.returncode == 0, said
    assert b"op" in said
    assert not re.search(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]|\xc2[\x80-\x9f]", said), said


def test_what_up_writes_is_for_its_user_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(up, "STATE", tmp_path / "state")
    (tmp_path / "state").mkdir(mode=0o755)
    up.service_environment()
    assert stat.S_IMODE((tmp_path / "state").stat().st_mode) == 0o700


PRINTS = """
import sys
print("<noise>" * 1000)
print("noise", file=sys.stderr)
"""
FAILS = """
from analytics.export import PictureFormat
from analytics import hookimpl

def render(svg, size):
    raise KeyError("/srv/secret/place") if size.scale > 1 else ValueError("too small")

@hookimpl
def analytics_formats():
    return [PictureFormat("bad", "image/bad", "Bad", render)]
"""


def test_a_plugin_that_prints_does_not_stand_in_a_picture(tmp_path: Path) -> None:
    (tmp_path / "prints.py").write_text(PRINTS + FAILS)
    settings = read({"MAESTRO_ENV": "development", "MAESTRO_PLUGINS_DIR": str(tmp_path)})
    found = painted("png", SVG, Size(1.0, ""), settings)
    assert found.startswith(b"\x89PNG")


def test_a_format_that_crashes_says_nothing_of_the_machine(tmp_path: Path) -> None:
    (tmp_path / "fails.py").write_text(FAILS)
    settings = read({"MAESTRO_ENV": "development", "MAESTRO_PLUGINS_DIR": str(tmp_path)})
    with pytest.raises(AnalyticsError) as raised:
        painted("bad", SVG, Size(2.0, ""), settings)
    assert "secret" not in str(raised.value)
    assert "ended without a word" in str(raised.value)
    with pytest.raises(AnalyticsError, match=r"^too small$"):
        painted("bad", SVG, Size(1.0, ""), settings)
