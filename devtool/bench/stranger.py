"""The way of a stranger, step by step: ``up``, the printed address, the form, the drawing, a link, another browser.

It starts ``up`` of this checkout and stops it. Seconds by the clock; ``--json``
for programs. Chromium only.
"""

from __future__ import annotations

import argparse
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Sequence
from time import perf_counter

from playwright.sync_api import sync_playwright

from devtool.bench._rows import Row, for_programs, tell
from devtool.places import ROOT
from devtool.testkit.stranger import walk

#: Seconds from the printed address to the other browser that are allowed.
GOAL = 20.0
ADDRESS = re.compile(r"http://\S+/login\?word=\S+")


def main(argv: Sequence[str]) -> int:
    """Print a table; 1 when the goal is missed, 2 where nothing can be measured."""
    parser = argparse.ArgumentParser(prog="bench stranger", description=__doc__)
    for_programs(parser)
    options = parser.parse_args(list(argv))
    program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if program is None:
        print("no Chromium: nothing can be measured", file=sys.stderr)
        return 2
    began = perf_counter()
    running = subprocess.Popen(
        [sys.executable, "-m", "devtool", "up"], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    said = ""
    try:
        assert running.stdout is not None
        for line in running.stdout:
            said += line
            if (address := ADDRESS.search(line)) is not None:
                break
        else:
            print(said, file=sys.stderr)
            return 2
        steps = [("up, until it prints its address", perf_counter() - began)]
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox", "--disable-gpu"])
            steps += walk(address[0], browser)
            browser.close()
    finally:
        running.send_signal(signal.SIGINT)
        running.communicate(timeout=60)
    way = sum(seconds for _, seconds in steps[1:])
    rows = [Row(what, seconds, "s") for what, seconds in steps]
    return tell([*rows, Row("from the address to the other browser", way, "s", goal=GOAL)], options.json)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
