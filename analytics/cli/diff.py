"""``diff``: what changed between two inventories, since a revision, or between kept versions of a service's graph."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

from ..answers.changing import Telling, apart, usual_in_words
from ..answers.difference import difference
from ..answers.matching import Match, between
from ..answers.union import finding_of, marks_of, union
from ..answers.whole import Whole
from ..errors import AnalyticsError, UsageError
from ..pipeline.registry import load_configured
from ..settings import read
from . import asking, marked, remote
from .revision import at_revision


def add(subparsers: Any) -> None:
    """Describe the command."""
    command = subparsers.add_parser("diff", help="say what changed between two inventories", description=__doc__)
    command.add_argument(
        "inventory",
        nargs="*",
        metavar="inventory",
        help="the old one and the new one; with --git one: the new one; with --graph the old version and the new one, "
        "which may be left out: the last two",
    )
    command.add_argument(
        "--from",
        dest="reader",
        default="",
        metavar="FORMAT",
        help="the format of the files (default: by their content)",
    )
    command.add_argument("--owner", help="whose inventory; not needed where there is one owner")
    command.add_argument("--git", metavar="REV", help="the old one is the same file or folder at this revision")
    command.add_argument("--graph", metavar="ID", help="versions of this graph, as a running service keeps them")
    remote.add(command)
    command.add_argument(
        "--match", action="store_true", help="two environments: find partners by name and neighbours, whatever the ids"
    )
    command.add_argument(
        "--pairs", type=Path, metavar="FILE", help="YAML `pairs:` of old and new ids that decides for --match"
    )
    command.add_argument("--all", action="store_true", help="with --match: sizes, addresses and places one by one too")
    command.add_argument("--json", action="store_true", help="the whole answer as JSON (default: words)")
    marked.add(command)
    command.add_argument("--exit-code", action="store_true", help="exit status 1 where something differs")
    command.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Tell the difference; 1 with ``--exit-code`` where there is one, 2 for wrong usage."""
    if args.graph:
        return versions(args)
    if len(args.inventory) != (1 if args.git else 2):
        raise UsageError("with --git name one inventory" if args.git else "name the old inventory and the new one")
    if args.pairs and not args.match:
        raise UsageError("--pairs decides for --match")
    old, new = sides(args)
    match = between(old.documents, new.documents, decided(args.pairs, old, new)) if args.match else None
    telling = Telling(old, new, difference(old, new, match))
    if args.json:
        asking.show_json(telling.document())
    else:
        asking.show(lines(telling, match, everything=args.all))
    if args.out:
        marked.draw(args, union(telling), marks_of(telling), [finding_of(telling)], "Difference")
    return int(bool(args.exit_code and telling.found.changes))


def versions(args: argparse.Namespace) -> int:
    """Tell what changed between two kept versions of a graph, as the service says it."""
    if args.git or args.match or args.pairs or args.all or args.out or args.reader or args.owner:
        raise UsageError("--graph compares what a service keeps: beside it go --url, --json and --exit-code")
    if len(args.inventory) > 2:
        raise UsageError("with --graph name at most the old version and the new one")
    named = dict(zip(("from", "to"), args.inventory, strict=False))
    asked = f"/graph/{quote(args.graph, safe='')}/diff" + (f"?{urlencode(named)}" if named else "")
    found = remote.Service(args.url).ask(asked)
    if args.json:
        asking.show_json(found)
    else:
        asking.show([*(one["words"] for one in found["changes"]), found["summary"] + "."])
    return int(bool(args.exit_code and found["changes"]))


def sides(args: argparse.Namespace) -> tuple[Whole, Whole]:
    """The old inventory and the new one."""
    settings = read()
    registry = load_configured(settings)

    def whole(path: str) -> Whole:
        named = argparse.Namespace(inventory=[path], reader=args.reader, owner=args.owner)
        return asking.whole(named, settings, registry)

    if not args.git:
        return whole(args.inventory[0]), whole(args.inventory[1])
    with at_revision(args.git, Path(args.inventory[0])) as before:
        return (Whole() if before is None else whole(str(before))), whole(args.inventory[0])


def decided(path: Path | None, old: Whole, new: Whole) -> Mapping[str, str]:
    """The pairs that a person decided. Raises :class:`AnalyticsError` for one that names nothing."""
    if path is None:
        return {}
    said = asking.yaml_file(path)
    pairs = said.get("pairs", said) if isinstance(said, Mapping) else None
    if not isinstance(pairs, Mapping):
        raise AnalyticsError(f"{path}: expected `pairs:` with the old thing and the new one of each")
    found = {}
    for one, other in pairs.items():
        keys = [thing_of(side, str(named)) for side, named in ((old, one), (new, other))]
        for key, named in zip(keys, (one, other), strict=True):
            if not key:
                raise AnalyticsError(f"{path}: {named!r} is not in the inventory; write collection/id, an id or a name")
        found[keys[0]] = keys[1]
    return found


def thing_of(whole: Whole, named: str) -> str:
    """The thing of a side that is meant; nothing where there is none, or more than one."""
    if named in whole.documents:
        return named
    found = [key for key in whole.documents if key.partition("/")[2] == named]
    found = found or [key for key, one in whole.things.items() if one.name == named]
    return found[0] if len(found) == 1 else ""


def lines(telling: Telling, match: Match | None, *, everything: bool) -> list[str]:
    """The difference in words."""
    changes = list(telling.found.changes)
    usual: list[Any] = []
    if match is not None and not everything:
        changes, usual = apart(changes)
    said = [telling.line(one) for one in changes]
    if usual:
        said.append(usual_in_words(usual))
    if match is not None:
        said += [
            f"? {telling.titled(key)}: {why}; `pairs:` decides"
            for key, why in sorted(match.unsure.items())
            if why != "no partner"
        ]
    return [*said, telling.summary() + "."]
