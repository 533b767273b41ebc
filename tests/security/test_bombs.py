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
import tracemalloc
from pathlib import Path

import pytest

from analytics import bounded
from analytics.answers.proof import carried
from analytics.cli import main
from analytics.errors import AnalyticsError
from analytics.export import Size
from analytics.export.earlier import anchor_in
from analytics.inventory.yamltext import parse_yaml
from analytics.pipeline.painting import painted
from analytics.settings import ROOT, read
from analytics.sources.parsing import json_lines
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


START = '<svg xmlns="http://www.w3.org/2000/svg">'


@pytest.mark.parametrize("body", ['<metadata id="">' * 60_000, '<metadata id="m">' + '{"a":' * 90_000 + "</metadata>"])
def test_a_picture_that_is_verified_is_read_in_one_pass(body: str) -> None:
    began = time.process_time()
    assert carried(f"{START}{body}</svg>") is None
    assert carried(body.partition(">")[2]) is None
    assert time.process_time() - began < 1


def test_an_earlier_picture_of_boxes_without_end_or_places_without_bound_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def picture(*groups: str) -> str:
        return f"{START}<desc>Flat business diagram</desc>{''.join(groups)}</svg>"

    def thing(number: int, x: object) -> str:
        return f'<g data-id="n{number}" transform="translate({x},0)"><path id="p{number}" d="M0,0L99,99"/></g>'

    boxes = [f'<g data-id="b{size}"><path d="M0,0L{size},0L{size},{size}"/></g>' for size in range(200, 3_200)]
    things = [thing(number, number % 100) for number in range(200)]
    inner = next(one for one in anchor_in(picture(*boxes[:40], *things)).things if one.id == "n5")
    assert inner.parent == "b200"
    monkeypatch.setattr("analytics.export.earlier.MOST_LOOKED_AT", 100_000)
    with pytest.raises(ValueError, match="more boxes"):
        anchor_in(picture(*boxes, *things))
    for place in ("9" * 400, "9" * 30, "1.2.3", "..."):
        with pytest.raises(ValueError, match="a place that is none"):
            anchor_in(picture(thing(1, place)))


def hub(size: int) -> str:
    waits = ",".join(f"s{number}" for number in range(size))
    return f"services:\n  a: {{image: x, depends_on: [{waits}]}}\n" + "".join(
        f"  s{number}: {{image: x}}\n" for number in range(size)
    )


def wrong(size: int) -> str:
    return "services:\n" + "".join(f"  s{number}: {{image: x, ports: [zz]}}\n" for number in range(size))


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("hub.yaml", hub(6_000)),
        ("wrong.yaml", wrong(6_000)),
        ("same.csv", "name,owner,ip,depends on\n" + "srv,own,10.0.0.1,srv\n" * 15_000),
    ],
    ids=["a hub", "remarks", "rows of one thing"],
)
def test_thousands_of_one_kind_are_read_in_a_time_that_grows_with_them(name: str, text: str, tmp_path: Path) -> None:
    file = tmp_path / name
    file.write_text(text)
    began = time.process_time()
    main(["validate", str(file)])
    assert time.process_time() - began < 5


def test_empty_lines_and_lines_without_end_are_not_held_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    raw = b"{" + b"\n" * 4_000_000
    tracemalloc.start()
    try:
        assert json_lines(raw) is None
        assert tracemalloc.get_traced_memory()[1] < 2 * len(raw)
    finally:
        tracemalloc.stop()
    monkeypatch.setattr("analytics.sources.parsing.MOST_LINES", 3)
    assert len(json_lines(b"{}\n\n" * 3) or ()) == 3
    with pytest.raises(ValueError, match="line 7: more than 3 lines"):
        json_lines(b"{}\n\n" * 4)


def test_a_link_out_of_a_folder_in_git_is_refused_in_words(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    estate = tmp_path / "estate"
    estate.mkdir()
    (estate / "apps.json").write_text(json.dumps({"applications": [application(1)]}))
    (estate / "out").symlink_to("/etc")
    for words in (["init", "-q"], ["add", "-A"], ["-c", "user.name=n", "-c", "user.email=e", "commit", "-qm", "one"]):
        subprocess.run(["git", "-C", str(tmp_path), *words], check=True)
    assert main(["diff", "--git", "HEAD", str(estate)]) == 1
    said = capsys.readouterr().err
    assert "is a link to an absolute path" in said
    assert "Traceback" not in said
