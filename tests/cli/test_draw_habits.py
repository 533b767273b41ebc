"""Habits of a command line: standard input and output, several files, nothing but what is wrong, drawing again."""

import json
import re
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from tests.web.browser import opened

ROOT = Path(__file__).resolve().parents[2]
CALLS = json.dumps([{"parent": "web", "child": "cart", "callCount": 1}])
COMMAND = [sys.executable, "-m", "analytics", "draw"]


def run(*arguments: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
    """The command, ended."""
    return subprocess.run([*COMMAND, *arguments], cwd=ROOT, input=stdin, capture_output=True, text=True, check=False)


def test_from_standard_input_to_standard_output() -> None:
    done = run("-", "-o", "-", "--format", "mmd", "--quiet", stdin=CALLS)
    assert done.returncode == 0
    assert done.stderr == ""
    assert "flowchart" in done.stdout


def test_several_files_of_one_run(tmp_path: Path) -> None:
    source = tmp_path / "calls.json"
    source.write_text(CALLS)
    done = run(str(source), "-o", str(tmp_path / "a.svg"), "-o", str(tmp_path / "a.json"), "-q")
    assert (done.returncode, done.stderr) == (0, "")
    assert "<svg" in (tmp_path / "a.svg").read_text()
    assert json.loads((tmp_path / "a.json").read_text())


def test_around_draws_callers_and_callees_of_one_thing(tmp_path: Path) -> None:
    chain = json.dumps([{"parent": f"s{n}", "child": f"s{n + 1}", "callCount": 1} for n in range(6)])
    for hops, wanted in (([], {"s2", "s3", "s4"}), (["--hops", "2"], {"s1", "s2", "s3", "s4", "s5"})):
        done = run("-", "--around", "s3", *hops, "-o", "-", "--format", "json", "-q", stdin=chain)
        held = json.loads(done.stdout)
        assert {node["name"] for node in held["nodes"]} == wanted


def test_between_draws_the_ways_from_one_thing_to_another(tmp_path: Path) -> None:
    pairs = [("a", "b"), ("b", "c"), ("a", "d"), ("d", "c"), ("d", "e"), ("x", "a"), ("c", "y"), ("z", "z2")]
    calls = json.dumps([{"parent": one, "child": other, "callCount": 1} for one, other in pairs])
    draw = ("-o", "-", "--format", "json", "-q")
    for ends in (("a", "c"), ("c", "a")):
        held = json.loads(run("-", "--between", *ends, *draw, stdin=calls).stdout)
        assert {node["name"] for node in held["nodes"]} == {"a", "b", "c", "d"}
    nothing = run("-", "--between", "a", "z", *draw, stdin=calls)
    assert (nothing.returncode, "No calls lead from one to another of a, z" in nothing.stderr) == (1, True)
    assert run("-", "--between", "a", "c", "--hops", "1", *draw, stdin=calls).returncode == 1
    assert run("-", "--between", "a", "c", "--app", "b", *draw, stdin=calls).returncode == 2


def test_inside_opens_a_part_of_a_large_map(tmp_path: Path) -> None:
    pairs = [(f"{team}-{n}", f"{team}-{n + 1}") for team in ("pay", "ship", "shop") for n in range(40)]
    calls = json.dumps(
        [{"parent": one, "child": other, "callCount": 1} for one, other in (*pairs, ("shop-0", "pay-0"))]
    )
    held = json.loads(run("-", "--inside", "pay", "-o", "-", "--format", "json", "-q", stdin=calls).stdout)
    assert {node["name"] for node in held["nodes"] if node["kind"] == "outside"} == {"shop"}
    assert held["counts"]["found"] == 41
    assert "there are pay" in run("-", "--inside", "pax", "-o", "-", "-q", stdin=calls).stderr
    assert run("-", "--type", "infra", "--inside", "pay", "-o", "-", "-q", stdin=calls).returncode == 2


def test_a_walk_around_a_thing_ends_at_hubs(tmp_path: Path) -> None:
    calls = (
        [("me", "log")] + [(f"s{n}", "log") for n in range(70)] + [("log", "disk"), ("me", "other"), ("other", "end")]
    )
    text = json.dumps([{"parent": one, "child": other, "callCount": 1} for one, other in calls])
    held = json.loads(run("-", "--around", "me", "--hops", "2", "-o", "-", "--format", "json", "-q", stdin=text).stdout)
    assert {node["name"] for node in held["nodes"]} == {"me", "log", "other", "end"}


def test_a_size_that_is_none_and_one_for_no_picture_are_refused(tmp_path: Path) -> None:
    out = str(tmp_path / "a.png")
    for scale in ("0", "-1", "nan", "inf", "x"):
        done = run("-", f"--scale={scale}", "-o", out, stdin=CALLS)
        assert (done.returncode, f"'{scale}' is no number larger than 0" in done.stderr) == (2, True)
    assert "--paper is for pdf" in run("-", "--paper", "a4", "-o", out, stdin=CALLS).stderr
    assert "--scale is for" in run("-", "--scale", "2", "-o", str(tmp_path / "a.svg"), stdin=CALLS).stderr
    assert not list(tmp_path.iterdir())
    assert run("-", "--scale", "0.5", "-o", out, "-q", stdin=CALLS).returncode == 0


def test_links_and_devices_are_not_written(tmp_path: Path) -> None:
    target, link = tmp_path / "precious", tmp_path / "link.svg"
    target.write_text("kept")
    link.symlink_to(target)
    for out in (str(link), "/dev/null"):
        done = run("-", "-o", out, "-q", stdin=CALLS)
        assert done.returncode == 1
        assert "link or no plain file" in done.stderr
    assert target.read_text() == "kept"


def test_a_change_is_drawn_again_and_an_error_does_not_end_it(tmp_path: Path) -> None:
    source, out = tmp_path / "calls.json", tmp_path / "a.md"
    source.write_text(CALLS)
    process = subprocess.Popen(
        [*COMMAND, str(source), "-o", str(out), "--watch", "-q"], cwd=ROOT, stderr=subprocess.PIPE
    )
    try:
        wait_for(out, "cart")
        source.write_text("{")
        time.sleep(1.0)
        source.write_text(CALLS.replace("cart", "basket"))
        wait_for(out, "basket")
        assert process.poll() is None
    finally:
        process.terminate()
        process.communicate(timeout=10)


def test_a_page_follows_what_is_drawn_and_keeps_what_is_seen(tmp_path: Path) -> None:
    source, out = tmp_path / "calls.json", tmp_path / "a.md"
    source.write_text(CALLS)
    command = [*COMMAND, str(source), "-o", str(out), "--watch", "--view", "-q"]
    process = subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, text=True)
    try:
        assert process.stderr is not None
        address = process.stderr.readline().removeprefix("the drawing: ").strip()
        wait_for(out, "cart")
        with opened() as page:
            page.goto(address)
            page.wait_for_selector("svg .boundaries")
            page.locator("#needle").fill("web")
            page.keyboard.press("Enter")
            page.get_by_role("heading", name="web").wait_for()
            source.write_text(CALLS.replace("cart", "basket"))
            page.get_by_text("basket").first.wait_for(state="attached")
            page.get_by_role("heading", name="web").wait_for()
        foreign = urllib.request.Request(address, headers={"Host": "evil.example"})
        with pytest.raises(urllib.error.HTTPError, match="404"):
            urllib.request.urlopen(foreign, timeout=10)
    finally:
        process.terminate()
        process.communicate(timeout=10)
    assert run("-", "-o", "-", "--view", stdin=CALLS).returncode == 2


def wait_for(file: Path, word: str) -> None:
    """Until a file holds a word."""
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        if file.exists() and word in file.read_text():
            return
        time.sleep(0.05)
    raise AssertionError(f"{file.name} never held {word}")


def test_verbose_says_what_was_asked_and_what_it_took(tmp_path: Path) -> None:
    out = tmp_path / "a.md"
    done = run("-", "-v", "--around", "cart", "-o", str(out), stdin=CALLS)
    assert done.returncode == 0
    assert "asked: business, from apps cart, both, 1 call; detail standard" in done.stderr
    assert "laid out: 2 nodes, 0 containers, 1 line on" in done.stderr
    assert f"wrote {out}: {out.stat().st_size:,} bytes in" in done.stderr
    assert re.search(r"took [\d.]+ s\nmemory at most \d+ MB", done.stderr)
    assert run("-", "-v", "-q", "-o", str(out), stdin=CALLS).returncode == 2
    assert "asked:" not in run("-", "-o", str(out), stdin=CALLS).stderr
