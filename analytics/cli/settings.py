"""``settings``: every environment variable, the value in force, what it is for. Secrets are not printed."""

from __future__ import annotations

import argparse
import sys
from typing import Any

from ..layout.kernels import described
from ..settings import describe, read


def add(subparsers: Any) -> None:
    """Describe the command."""
    command = subparsers.add_parser("settings", help="print the settings in force", description=__doc__)
    command.set_defaults(run=run)


def run(_args: argparse.Namespace) -> int:
    """Print the table."""
    rows = describe(read())
    name_width = max(len(name) for name, _, _ in rows)
    value_width = min(32, max(len(value) for _, value, _ in rows))
    for name, value, meaning in rows:
        print(f"{name:{name_width}}  {value:{value_width}}  {meaning}")
    print(f"The layout's kernels are {described()}.", file=sys.stderr)
    return 0
