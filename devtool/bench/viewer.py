"""The viewer at 2,000 nodes, in a real Chromium: first picture, a step of a drag far off and near by, a keystroke.

A whole deployment draws a made-up business graph, a headless browser opens its
page. ``first`` is the time from the last byte of the drawing to the first frame
that shows it, ``bare`` the same of the SVG alone in a window of its own, and
what ``first`` is of it is said beside: a machine that is busy or slow is so for
both. The steps are CPU milliseconds of all the browser's processes
(mostly one core that paints), the median of some rounds. Beside each stands its
goal. ``--json`` for programs. Linux and Chromium only.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from playwright.sync_api import Page, sync_playwright

from devtool.bench._rows import Row, for_programs, tell
from devtool.testkit.deployment import Deployment, deployed, descendants, process_name

OWNER, GRAPH = f"{1:024x}", f"{2:024x}"
FAMILIES = ("Application", "Database", "Broker", "Cache", "Loadbalance", "Serverless")
ENDPOINTS = ("rest", "grpc", "tcp 5432")
#: Applications a column, and a system.
COLUMN, SYSTEM = 40, 50
STEPS, WORD = 30, "service 12 team"
#: Milliseconds of each measurement that are allowed.
GOALS = {"first": 1_000.0, "bare": None, "pan": 50.0, "pan near by": 50.0, "keystroke": 50.0}
#: What each measurement is called.
NAMES = {
    "first": ("from the last byte to the first picture", "ms"),
    "bare": ("the SVG alone, in a window of its own", "ms"),
    "pan": ("a step of a drag, far off", "CPU ms"),
    "pan near by": ("a step of a drag, near by", "CPU ms"),
    "keystroke": ("a keystroke of the search", "CPU ms"),
}
#: Seconds after which the browser has come to rest.
REST = 3.0


def estate(count: int) -> dict[str, list[dict[str, Any]]]:
    """Applications in columns, each calling two of the next column, fifty to a system."""

    def kept(key: str, **fields: Any) -> dict[str, Any]:
        return {"_id": key, "roles": [{"_id": OWNER}], "active": True, **fields}

    def app(number: int) -> dict[str, Any]:
        row, onwards = number % COLUMN, (number // COLUMN + 1) * COLUMN
        called = [other for other in (onwards + row, onwards + row * 7 % COLUMN) if other < count]
        system = number // SYSTEM
        return kept(
            f"{number + 10:024x}",
            name=f"Service {number} of team {number % 37}",
            family=FAMILIES[number % len(FAMILIES)],
            environment=("Production", "Staging")[number % 2],
            provider=("AWS", "Azure")[number % 2],
            system=[{"_id": f"{system + 1:x}".rjust(24, "a"), "name": f"System {system}"}],
            deps=[{"_id": f"{other + 10:024x}", "endpoint": ENDPOINTS[other % 3]} for other in called],
        )

    return {"applications": [app(number) for number in range(count)]}


def cpu_of(pids: Sequence[int]) -> float:
    """CPU milliseconds that these processes have used so far; one that has ended counts nothing."""
    ticks = 0
    for pid in pids:
        try:
            with open(f"/proc/{pid}/stat", encoding="utf-8") as stat:
                fields = stat.read().rpartition(")")[2].split()
        except OSError:
            continue
        ticks += int(fields[11]) + int(fields[12])
    return ticks * 1000 / os.sysconf("SC_CLK_TCK")


def cost(act: Callable[[int], object], steps: int) -> float:
    """CPU milliseconds of the browser for a step of ``act``."""
    pids = [pid for pid in descendants(os.getpid()) if process_name(pid).startswith("chrom")]
    before = cpu_of(pids)
    for step in range(steps):
        act(step)
    return (cpu_of(pids) - before) / steps


def frame(page: Page) -> None:
    """Wait until what was asked for is on the screen."""
    page.evaluate("new Promise(shown => requestAnimationFrame(() => requestAnimationFrame(shown)))")


def since(page: Page, kind: str) -> float:
    """Milliseconds from the last byte of the drawing, and of what is said of it, to the frame that is shown next."""
    frame(page)
    return float(
        page.evaluate(
            """kind => performance.now() - Math.max(...performance.getEntriesByType(kind)
                .filter(one => /\\.svg|details\\?/.test(one.name)).map(one => one.responseEnd))""",
            kind,
        )
    )


def dragged(page: Page) -> float:
    """CPU of a step of a drag; the picture has come to rest before."""
    page.mouse.move(900, 600)
    time.sleep(REST)
    page.mouse.down()

    def step(number: int) -> None:
        page.mouse.move(900 - 4 * number, 600 - 2 * number)
        frame(page)

    step(2)
    spent = cost(step, STEPS)
    page.mouse.up()
    return spent


def measure(page: Page, address: str) -> dict[str, float]:
    """Every measurement on one page, in milliseconds."""
    page.goto("about:blank")
    page.goto(address.replace("/view/", "/graph/").replace("?", ".svg?"))
    bare = since(page, "navigation")
    page.goto("about:blank")
    page.goto(address)
    page.wait_for_selector("body[data-drawn]", timeout=60_000)
    found = {"first": since(page, "resource"), "bare": bare, "pan": dragged(page)}
    page.mouse.move(700, 450)
    for _ in range(STEPS // 2):
        page.mouse.wheel(0, -100)
        frame(page)
    found["pan near by"] = dragged(page)
    page.keyboard.press("/")
    time.sleep(REST)

    def typed(step: int) -> None:
        page.keyboard.type(WORD[step])
        frame(page)

    found["keystroke"] = cost(typed, len(WORD))
    return found


def served(deployment: Deployment, nodes: int) -> str:
    """The address of the page of a graph that is drawn."""
    deployment.start_web()
    deployment.start_workers(1)
    deployment.post(GRAPH, OWNER, detail="full")
    state = deployment.wait(GRAPH, 300)
    if (state.get("counts") or {}).get("nodes") != nodes:
        raise SystemExit(f"the graph was not drawn: {state.get('message')}")
    return deployment.url + str(state["links"]["view"])


def main(argv: Sequence[str]) -> int:
    """Print a table; 1 when a goal is missed."""
    parser = argparse.ArgumentParser(prog="bench viewer", description=__doc__)
    parser.add_argument("--nodes", type=int, default=2_000)
    parser.add_argument("--rounds", type=int, default=3)
    for_programs(parser)
    options = parser.parse_args(list(argv))
    program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if program is None:
        print("no Chromium: nothing can be measured", file=sys.stderr)
        return 2
    with deployed(estate(options.nodes)) as deployment:
        address = served(deployment, options.nodes)
        deployment.processes.pop("workers").stop()  # they would take of the same cores
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox", "--disable-gpu"])
            page = browser.new_page(viewport={"width": 1440, "height": 900})
            rounds = [measure(page, address) for _ in range(options.rounds)]
            browser.close()
    taken = {what: statistics.median(one[what] for one in rounds) for what in GOALS}
    rows = [
        Row(f"{options.nodes:,} nodes: {NAMES[what][0]}", taken[what], NAMES[what][1], goal)
        for what, goal in GOALS.items()
    ]
    rows[0] = replace(rows[0], floor=taken["bare"])
    return tell(rows, options.json)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
