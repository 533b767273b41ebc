"""``open``: a graph's page in the browser."""

from __future__ import annotations

import argparse
import sys
import webbrowser
from typing import Any

from . import link


def add(subparsers: Any) -> None:
    """Describe the command."""
    command = subparsers.add_parser("open", help="open a graph's page in the browser", description=__doc__)
    link.describe(command)
    command.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Open the page; where there is no browser the address is printed."""
    address = link.address(args)
    if not webbrowser.open(address):
        print("there is no browser to open; the address is:", file=sys.stderr)
        print(address)
    return 0
