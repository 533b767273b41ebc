"""``plan``: the steps of one graph type in order, with what each waits for."""

from __future__ import annotations

import argparse
import sys
from typing import Any

from ..pipeline.registry import load_configured
from ..settings import read


def add(subparsers: Any) -> None:
    """Describe the command."""
    command = subparsers.add_parser("plan", help="show the steps of a graph type", description=__doc__)
    command.add_argument("type", help="a graph type, as `plugins` lists it")
    command.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Print the steps; 2 for a type there is not."""
    registry = load_configured(read())
    steps = registry.plans.get(args.type)
    if steps is None:
        print(f"analytics: no graph type {args.type!r}; there are {', '.join(sorted(registry.plans))}", file=sys.stderr)
        return 2
    for step in steps:
        waits = f"after {', '.join(step.after)}" if step.after else "at the end, always" if step.always else "first"
        print(f"{step.name:20} {waits}{', optional' if step.optional and not step.always else ''}")
    return 0
