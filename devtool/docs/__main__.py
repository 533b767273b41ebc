"""``python3 -m devtool docs``: write the blocks, build the site, look at every link."""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
from collections.abc import Sequence

from devtool.places import ROOT, STATE

from .pages import PAGES, write

SITE = STATE / "site"


def main(argv: Sequence[str]) -> int:
    """Run it; 1 when ``--check`` finds a page that is not up to date, or the site cannot be built without a warning."""
    parser = argparse.ArgumentParser(prog="python3 -m devtool docs", description=__doc__)
    parser.add_argument("--check", action="store_true", help="write no page; fail where one is not up to date")
    parser.add_argument("--no-site", action="store_true", help="leave the site alone")
    options = parser.parse_args(argv)
    changed = [page for page in PAGES if write(page, keep=options.check)]
    for page in changed:
        print(f"{'not up to date' if options.check else 'written'}: {page.relative_to(ROOT)}")
    if options.check and changed:
        print("run python3 -m devtool docs")
        return 1
    return 0 if options.no_site else build()


def build() -> int:
    """Build the site; every warning is an error, links that lead nowhere among them."""
    shutil.rmtree(SITE, ignore_errors=True)
    command = [sys.executable, "-m", "sphinx", "-q", "-W", "--keep-going", "-d", str(STATE / "doctrees")]
    done = subprocess.run([*command, str(ROOT / "docs"), str(SITE)], cwd=ROOT, check=False)
    if done.returncode == 0:
        print(f"the site: {(SITE / 'index.html').relative_to(ROOT)}")
    return done.returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
