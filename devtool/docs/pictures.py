"""The pictures of the documentation: each graph type in both projections and in the dark, symbols, and the viewer.

``python3 -m devtool pictures``. The viewer needs Chromium; without it the others are drawn all the same.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
from collections.abc import Sequence

from analytics.cli import main as analytics
from devtool.places import ROOT, SAMPLE

FOLDER = ROOT / "docs" / "pictures"
#: Each picture and where its graph starts.
DRAWN = {
    "business": ("--system", "Web Shop"),
    "infra": ("--datacenter", "AWS Ireland"),
    "network": ("--datacenter", "AWS Ireland", "--legend", "none"),
}
#: Further pictures of each, for the gallery: the ending of the name, and the options.
VARIANTS = {
    "-other": {
        "business": ("--projection", "flat"),
        "infra": ("--projection", "isometric"),
        "network": ("--projection", "isometric"),
    },
    "-dark": dict.fromkeys(DRAWN, ("--theme", "dark")),
}
GRAPH = "0" * 23 + "1"


def main(argv: Sequence[str]) -> int:
    """Draw all of them; 1 when one could not be drawn."""
    argparse.ArgumentParser(prog="python3 -m devtool pictures", description=__doc__).parse_args(argv)
    failed = 0
    for kind, start in DRAWN.items():
        command = ["draw", str(SAMPLE), "--type", kind, *start, "-q"]
        failed |= analytics([*command, "-o", str(FOLDER / f"{kind}.svg")])
        for ending, options in VARIANTS.items():
            failed |= analytics([*command, *options[kind], "-o", str(FOLDER / f"{kind}{ending}.svg")])
    failed |= analytics(["symbols", "--projection", "isometric", "-o", str(FOLDER / "symbols.svg")])
    return failed or photograph()


def photograph() -> int:
    """The viewer's page on the business graph."""
    program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if program is None:
        print("no Chromium: docs/pictures/viewer.png is left as it is", file=sys.stderr)
        return 0
    from playwright.sync_api import sync_playwright

    from devtool.testkit.deployment import deployed

    inventory = json.loads(SAMPLE.read_text(encoding="utf-8"))
    (system,) = [one for one in inventory["systems"] if one["name"] == "Web Shop"]
    owner = inventory["applications"][0]["roles"][0]["_id"]
    with deployed(inventory) as deployment, sync_playwright() as playwright:
        deployment.start_web()
        deployment.start_workers(1)
        deployment.post(GRAPH, owner, systems=[{"_id": system["_id"], "name": system["name"]}])
        deployment.wait(GRAPH)
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page(viewport={"width": 1100, "height": 640})
        page.goto(deployment.url + deployment.state(GRAPH)["links"]["view"])
        page.wait_for_selector("#stage svg .boundaries")
        page.wait_for_selector('#state[data-state="finished"]')
        page.screenshot(path=FOLDER / "viewer.png")
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
