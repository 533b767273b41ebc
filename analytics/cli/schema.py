"""``schema``: the JSON Schema of an inventory, for editors that know them, or of the JSON of a graph."""

from __future__ import annotations

import argparse
import json
from typing import Any

from ..export import schema as graphs
from ..inventory import schema as inventories

SCHEMAS = {"inventory": inventories.schema, "graph": graphs.schema}


def add(subparsers: Any) -> None:
    """Describe the command."""
    command = subparsers.add_parser(
        "schema", help="write the JSON Schema of an inventory or a graph", description=__doc__
    )
    command.add_argument(
        "of", nargs="?", choices=tuple(SCHEMAS), default="inventory", help="inventory (default) or graph"
    )
    command.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Print it."""
    print(json.dumps(SCHEMAS[args.of](), indent=2, ensure_ascii=False))
    return 0
