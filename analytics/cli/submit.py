"""``submit``: ask a running service for a graph, and wait until it is drawn.

Prints the address of the graph's page. Exit status 0: drawn; 1: it ended otherwise.
"""

from __future__ import annotations

import argparse
import secrets
import sys
from pathlib import Path
from typing import Any

from ..errors import AnalyticsError
from ..model.kinds import DETAILS, DIRECTIONS, ENTRIES, PROJECTIONS
from . import remote
from .outputs import write_over


def add(subparsers: Any) -> None:
    """Describe the command."""
    command = subparsers.add_parser("submit", help="ask a running service for a graph", description=__doc__)
    remote.add(command)
    command.add_argument("--owner", required=True, help="id of the owner whose inventory it is")
    command.add_argument("--id", default="", help="id of the graph, 24 hex digits (default: a new one)")
    command.add_argument("--type", default="business", help="graph type (default: business)")
    for field in ENTRIES:
        option = field.removesuffix("s")
        command.add_argument(
            f"--{option}", action="append", default=[], metavar="ID", help=f"start from this {option}; repeatable"
        )
    command.add_argument("--detail", choices=DETAILS, help="how far things are shown as one")
    command.add_argument("--projection", choices=PROJECTIONS, help="how the ground is looked at")
    command.add_argument("--direction", choices=DIRECTIONS, help="which way calls are followed")
    command.add_argument("--hops", type=int, help="follow at most so many calls")
    command.add_argument("--inside", help="open this part of the overview")
    command.add_argument("--title", help="what the picture is called")
    command.add_argument("-o", "--out", type=Path, action="append", default=[], help="save it too; repeatable")
    command.add_argument("--no-wait", action="store_true", help="do not wait until it is drawn")
    command.add_argument("--patience", type=float, default=300.0, help="seconds to wait at most (default: 300)")
    command.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Ask, wait, print the address of the page."""
    service = remote.Service(args.url)
    graph_id = args.id or secrets.token_hex(12)
    body: dict[str, Any] = {"_id": graph_id, "owner_id": args.owner, "type": args.type}
    for name in ("detail", "projection", "direction", "hops", "inside", "title"):
        if (value := getattr(args, name)) is not None:
            body[name] = value
    for field in ENTRIES:
        if named := getattr(args, field.removesuffix("s")):
            body[field] = [{"_id": one} for one in named]
    service.ask("/graph", body)
    if args.no_wait:
        print(service.page(service.ask(f"/graph/{graph_id}")))
        return 0
    said, state = "", {}
    for state in service.until_ended(graph_id, args.patience):
        if state["message"] != said:
            said = state["message"]
            print(f"{state['state']}: {said}", file=sys.stderr)
    print(service.page(state))
    if state["state"] != "finished":
        return 1
    for path in args.out:
        save(service, state, path)
    return 0


def save(service: remote.Service, state: dict[str, Any], path: Path) -> None:
    """Write the drawing to a file, in the format of its ending. Raises :class:`AnalyticsError` where it cannot be."""
    suffix = path.suffix.removeprefix(".").lower()
    if suffix not in state["links"] or suffix in ("self", "view"):
        offered = sorted(set(state["links"]) - {"self", "view"})
        raise AnalyticsError(f"{path}: the service writes no .{suffix}; there are {', '.join(offered)}")
    found = service.fetch(state["links"][suffix])
    try:
        write_over(path, found)
    except OSError as exc:
        raise AnalyticsError(f"cannot write {path}: {exc.strerror}") from None
