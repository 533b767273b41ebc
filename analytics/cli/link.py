"""``link``: the signed address of a graph's page, or of one of its files, for somebody without a token."""

from __future__ import annotations

import argparse
from typing import Any

from ..errors import UsageError
from . import remote


def add(subparsers: Any) -> None:
    """Describe the command."""
    command = subparsers.add_parser("link", help="print the signed address of a graph", description=__doc__)
    describe(command)
    command.set_defaults(run=run)


def describe(command: argparse.ArgumentParser) -> None:
    """The arguments that name what is linked to."""
    remote.add(command)
    command.add_argument("graph", help="id of the graph")
    command.add_argument("--of", default="view", metavar="WHAT", help="view (default), self, svg, png, json …")


def run(args: argparse.Namespace) -> int:
    """Print the address."""
    print(address(args))
    return 0


def address(args: argparse.Namespace) -> str:
    """The address that is asked for. Raises :class:`UsageError` for one that the service does not offer."""
    service = remote.Service(args.url)
    links = service.ask(f"/graph/{args.graph}")["links"]
    if args.of not in links:
        raise UsageError(f"--of {args.of}: the service offers {', '.join(sorted(links))}")
    return f"{service.base}{links[args.of]}"
