"""``weak-points``: everything that brings down applications or systems by failing alone, worst first."""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from ..answers.weak import KINDS, WeakPoint, weak_points
from ..answers.wording import Words
from ..model.graph import Badge, Finding
from ..text import many, named
from . import asking, marked
from .fail import basis

#: How the kinds of weak points are headed.
HEADS = {
    "applications": "Applications",
    "servers": "Servers",
    "networks": "Networks",
    "zones": "Zones",
    "regions": "Regions",
    "datacenters": "Datacenters",
    "providers": "Providers",
}


def add(subparsers: Any) -> None:
    """Describe the command."""
    command = subparsers.add_parser(
        "weak-points", help="list what brings down others by failing alone", description=__doc__
    )
    asking.add(command)
    asking.add_needs(command)
    command.add_argument(
        "--kind", action="append", choices=KINDS, default=[], help="only these kinds of things (default: all)"
    )
    command.add_argument(
        "--most", type=int, default=20, metavar="N", help="lines of each kind, 0 for all (default: 20)"
    )
    marked.add(command)
    command.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Print the list."""
    whole = asking.whole(args)
    words = Words(whole, asking.needs(args, whole))
    found = [one for one in weak_points(words.held, whole) if not args.kind or one.kind in args.kind]
    if args.json:
        asking.show_json(
            {
                "question": "weak-points",
                "weak_points": [{**asdict(one), "names": [words.name(t) for t in one.things]} for one in found],
                **basis(words),
            }
        )
    else:
        asking.show(lines(words, found, args.most))
    marked.draw(args, whole, marks_of(words, found), [finding_of(found)], "Weak points")
    return 0


def marks_of(words: Words, found: list[WeakPoint]) -> Mapping[str, Sequence[Badge]]:
    """The mark of each weak point, with what it brings down."""
    return {
        thing: [Badge("✕", f"weak point: {brings_down(words, one)}", "bad", "brings down others by failing alone")]
        for one in found
        for thing in one.things
    }


def finding_of(found: list[WeakPoint]) -> Finding:
    """What the picture says of all of them."""
    return Finding("weak-points", f"{many(sum(len(one.things) for one in found), 'weak point')}", "warn")


def lines(words: Words, found: list[WeakPoint], most: int) -> list[str]:
    """The list in words, a kind after the other."""
    said = []
    for kind in KINDS:
        mine = [one for one in found if one.kind == kind]
        if not mine:
            continue
        said.append(f"{HEADS[kind]} ({sum(len(one.things) for one in mine)}):")
        shown = mine[:most] if most else mine
        said += [f"  {line(words, one)}" for one in shown]
        if len(mine) > len(shown):
            said.append(f"  and {len(mine) - len(shown)} more lines (--most 0 shows them)")
    if not said:
        said.append("Nothing that is recorded brings down another application or system by failing alone.")
    return [*said, *words.assumed(), *words.share()]


def line(words: Words, one: WeakPoint) -> str:
    """One weak point: who, and what it brings down."""
    names = named(words.name(thing) for thing in one.things)
    who = names if len(one.things) == 1 else f"{names} ({len(one.things)}, each alone the same)"
    return f"{who}: {brings_down(words, one)}"


def brings_down(words: Words, one: WeakPoint) -> str:
    """What a weak point brings down, and who feels it."""
    parts = []
    if one.systems:
        parts.append(f"{many(len(one.systems), 'system')} ({named(map(words.name, one.systems), 3)})")
    if one.applications:
        parts.append(f"{many(len(one.applications), 'application')} ({named(map(words.name, one.applications), 3)})")
    felt = f"; felt by {named(map(words.name, one.clients), 3)}" if one.clients else ""
    return f"brings down {' and '.join(parts)}{felt}"
