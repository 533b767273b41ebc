"""``sources``: the formats of inventories that can be read, and the commands that collect them."""

from __future__ import annotations

import argparse
from typing import Any

from ..pipeline.registry import load_configured
from ..settings import read


def add(subparsers: Any) -> None:
    """Describe the command."""
    command = subparsers.add_parser("sources", help="list the formats that can be read", description=__doc__)
    command.set_defaults(run=run)


def run(_args: argparse.Namespace) -> int:
    """Print the list."""
    registry = load_configured(read())
    width = max(map(len, registry.readers))
    for name in sorted(registry.readers):
        reader = registry.readers[name]
        print(f"{name:{width}}  {reader.title}")
        if reader.collect:
            print(f"{'':{width}}  collect: {reader.collect}")
    return 0
