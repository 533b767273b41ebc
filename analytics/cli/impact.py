"""``impact``: what depends on things, and what they depend on, hop by hop, with the chain and what failing does."""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from typing import Any

from ..answers.failure import Verdict, failure
from ..answers.needs import Needs
from ..answers.reach import Reached, Way, chain_to, reached
from ..answers.single import single_failures
from ..answers.wording import SAID, Words
from ..errors import AnalyticsError, UsageError
from ..model.graph import Badge
from ..text import many
from . import asking, marked
from .fail import basis

#: What is listed, of all that is reached; places are on the way only.
LISTED = ("systems", "applications", "servers", "networks", "zones", "regions", "datacenters", "providers")


def add(subparsers: Any) -> None:
    """Describe the command."""
    command = subparsers.add_parser(
        "impact", help="say what depends on things, and what they depend on", description=__doc__
    )
    asking.add(command)
    command.add_argument(
        "--of",
        action="append",
        required=True,
        metavar="NAME",
        help="an application, server, system or place by name or id, or as collection/id; repeatable",
    )
    ways = command.add_mutually_exclusive_group()
    ways.add_argument("--up", dest="way", action="store_const", const="up", help="what depends on it (default)")
    ways.add_argument("--down", dest="way", action="store_const", const="down", help="what it depends on")
    ways.add_argument("--both", dest="way", action="store_const", const="both", help="both")
    command.add_argument("--hops", type=int, default=0, metavar="N", help="follow at most N needs (default: all)")
    asking.add_needs(command)
    marked.add(command)
    command.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Print the answer; 2 where the arguments do not fit."""
    if args.hops < 0:
        raise UsageError("--hops is at least 1")
    whole = asking.whole(args)
    words = Words(whole, asking.needs(args, whole))
    start = [thing_called(words.held, name) for name in args.of]
    ways: tuple[Way, ...] = ("up", "down") if args.way == "both" else (args.way or "up",)
    found = {way: reached(words.held, start, way, args.hops) for way in ways}
    verdicts = failure(words.held, start)
    needed = fatal(words.held, start) if "down" in ways else frozenset()
    if args.json:
        asking.show_json(document(words, start, found, verdicts, needed))
    else:
        asking.show(lines(words, start, found, verdicts, needed))
    marked.draw(args, whole, marks_of(words, start, found, verdicts, needed), title="Impact")
    return 0


#: How what is reached is marked in a picture.
GLYPHS = {
    "falls": Badge("✕", "falls", "bad", "falls if it fails"),
    "degraded": Badge("~", "degraded", "warn", "degraded if it fails"),
    "not known": Badge("?", "not known", "info", "not known whether it falls"),
    "holds": Badge("↑", "depends on it, and holds", "good", "depends on it, and holds"),
    "needed": Badge("!", "needed", "bad", "needed by it"),
    "not alone": Badge("↓", "one of several it depends on", "info", "one of several it depends on"),
}
START = Badge("●", "what is asked about", "info", "what is asked about")


def marks_of(
    words: Words,
    start: Sequence[str],
    found: Mapping[Way, Sequence[Reached]],
    verdicts: Mapping[str, Verdict],
    needed: frozenset[str],
) -> Mapping[str, Sequence[Badge]]:
    """The marks of what is reached, with the chain."""
    marks: dict[str, list[Badge]] = {one: [START] for one in start}
    for way, listed in found.items():
        held = {one.thing: one for one in listed}
        for one in listed:
            badge = GLYPHS[result(one, way, verdicts, needed)]
            marks.setdefault(one.thing, []).append(
                replace(badge, text=f"{badge.text}: {describe(words, one, held, way, verdicts, start)}")
            )
    return marks


def thing_called(held: Needs, name: str) -> str:
    """The thing that is meant, of whatever kind. Raises :class:`AnalyticsError`: there is none, or several."""
    if name in held.names:
        return name
    kinds = ("applications", "servers", "systems", "networks", "zones", "regions", "datacenters", "providers")
    mine = {key: said for key, said in held.names.items() if key.partition("/")[0] in kinds}
    by_id = sorted(key for key in mine if key.partition("/")[2] == name)
    by_name = sorted(key for key, said in mine.items() if said == name)
    for found in (by_id, by_name):
        if len(found) == 1:
            return found[0]
        if found:
            raise AnalyticsError(f"several are called {name!r}; name one of {', '.join(found)}")
    return asking.resolve({f"things/{key}": said for key, said in mine.items()}, "things", "thing", name)


def fatal(held: Needs, start: Sequence[str]) -> frozenset[str]:
    """What alone brings down one of ``start``."""
    return frozenset(thing for thing, brought in single_failures(held.needs).items() if brought & set(start))


def result(one: Reached, way: Way, verdicts: Mapping[str, Verdict], needed: frozenset[str]) -> str:
    """What the way means: what becomes of a dependant, or whether something is needed."""
    if way == "down":
        return "needed" if one.thing in needed else "not alone"
    verdict = verdicts.get(one.thing)
    return {"down": "falls", "degraded": "degraded", "cannot-tell": "not known"}[verdict.state] if verdict else "holds"


def lines(
    words: Words,
    start: Sequence[str],
    found: Mapping[Way, Sequence[Reached]],
    verdicts: Mapping[str, Verdict],
    needed: frozenset[str],
) -> list[str]:
    """The answer in words."""
    names = ", ".join(words.name(one) for one in start)
    said = []
    for way, listed in found.items():
        held = {one.thing: one for one in listed}
        count = many(len(listed), "thing")
        said.append(
            f"{count} depend on {names}. If it fails, each:"
            if way == "up"
            else f"{names} depends on {count}. Without each:"
        )
        if not listed:
            said[-1] = (
                f"Nothing that is recorded depends on {names}."
                if way == "up"
                else f"{names} depends on nothing that is recorded."
            )
        said += [
            f"  {result(one, way, verdicts, needed).upper():<10} {describe(words, one, held, way, verdicts, start)}"
            for kind in LISTED
            for one in listed
            if one.thing.startswith(f"{kind}/")
        ]
    systems = {one.thing for one in found.get("up", ()) if one.thing.startswith("systems/")}
    if clients := words.clients_of(systems | {one for one in start if one.startswith("systems/")}):
        said.append("Clients:")
        said += words.call(clients)
    return [*said, *words.assumed(), *words.share()]


def describe(
    words: Words,
    one: Reached,
    held: dict[str, Reached],
    way: Way,
    verdicts: Mapping[str, Verdict],
    start: Sequence[str],
) -> str:
    """A thing that is reached, how far it is, and why it falls, or else the chain to it."""
    steps = chain_to(held, one.thing)
    chain = " ← ".join(words.name(step) for step in steps) if way == "up" else " → ".join(map(words.name, steps))
    if way == "up" and one.thing in verdicts:
        chain = words.chain(verdicts[one.thing], verdicts, start)
    kind = "" if one.thing.startswith("applications/") else f"{one.thing.partition('/')[0].removesuffix('s')} "
    return f"{kind}{words.titled(one.thing)} ({many(one.hops, 'hop')}): {chain}"


def document(
    words: Words,
    start: Sequence[str],
    found: Mapping[Way, Sequence[Reached]],
    verdicts: Mapping[str, Verdict],
    needed: frozenset[str],
) -> dict[str, object]:
    """The answer as JSON."""
    things = []
    for way, listed in found.items():
        held = {one.thing: one for one in listed}
        things += [
            {
                "thing": one.thing,
                "name": words.name(one.thing),
                "way": way,
                "hops": one.hops,
                "result": result(one, way, verdicts, needed),
                "chain": list(chain_to(held, one.thing)),
                "need": {**asdict(one.need), "said": SAID.get(one.need.kind, one.need.kind)},
            }
            for one in listed
        ]
    systems = {one.thing for one in found.get("up", ()) if one.thing.startswith("systems/")}
    clients = [asdict(one) for one in words.clients_of(systems)]
    return {"question": "impact", "of": list(start), "things": things, "clients": clients, **basis(words)}
