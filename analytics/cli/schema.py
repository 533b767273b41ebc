"""``schema``: the JSON Schema of an inventory, for editors that know them."""

from __future__ import annotations

import argparse
import json
from typing import Any

from ..inventory.schema import schema


def add(subparsers: Any) -> None:
    """Describe the command."""
    command = subparsers.add_parser("schema", help="write the JSON Schema of an inventory", description=__doc__)
    command.set_defaults(run=run)


def run(_args: argparse.Namespace) -> int:
    """Print it."""
    print(json.dumps(schema(), indent=2, ensure_ascii=False))
    return 0
