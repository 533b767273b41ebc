"""``fail``: what is down, degraded or cannot be told when servers, applications, zones or providers fail."""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from difflib import get_close_matches
from typing import Any

from ..answers.failure import Verdict, failure
from ..answers.needs import Needs, needs_of
from ..documents.entities import Application, Datacenter, Server
from ..errors import AnalyticsError
from ..inventory.owned import OwnedInventory
from ..pipeline.registry import load_configured
from ..settings import read
from . import inputs
from .terminal import inert

#: What can fail, by its option.
KINDS = {
    "app": "applications",
    "server": "servers",
    "zone": "zones",
    "datacenter": "datacenters",
    "provider": "providers",
}
ASSUMED = "Assumed: one host, one target and one zone are enough; every call is needed (nobody stated otherwise)."
WORDS = {"down": "DOWN", "degraded": "DEGRADED", "cannot-tell": "NOT KNOWN"}


def add(subparsers: Any) -> None:
    """Describe the command."""
    command = subparsers.add_parser("fail", help="say what follows when things fail", description=__doc__)
    inputs.add(command)
    for option in KINDS:
        command.add_argument(
            f"--{option}", action="append", default=[], metavar="NAME", help=f"a {option} that fails, by name or id"
        )
    command.add_argument("--owner", help="whose inventory; not needed where there is one owner")
    command.add_argument("--format", choices=("text", "json"), default="text", help="of the answer (default: text)")
    command.add_argument(
        "--fail-on",
        choices=("down", "degraded", "never"),
        default="never",
        help="exit status 1 where an application, other than those named, is that or worse (default: never)",
    )
    command.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Print the answer; 2 where nothing was named or the arguments do not fit."""
    settings = read()
    registry = load_configured(settings)
    wrong = inputs.problem(args, registry)
    if not wrong and not any(getattr(args, option) for option in KINDS):
        wrong = f"say what fails: {', '.join(f'--{option}' for option in KINDS)}"
    if wrong:
        print(f"analytics: {wrong}", file=sys.stderr)
        return 2
    with inputs.open_given(args, settings, registry) as given:
        given.tell(quiet=True)
        owners = given.source.owners()
        owner = args.owner or (owners[0] if len(owners) == 1 else "")
        if not owner:
            print("analytics: the inventory has several owners, name one with --owner", file=sys.stderr)
            return 2
        owned = OwnedInventory(given.source, owner)
        held = needs_of(owned.find(Application), owned.find(Server), owned.find(Datacenter))
    failed = [resolve(held, option, name) for option in KINDS for name in getattr(args, option)]
    verdicts = failure(held, failed)
    if args.format == "json":
        print(json.dumps(document(held, failed, verdicts), indent=2, ensure_ascii=False))
    else:
        for line in lines(held, failed, verdicts):
            print(inert(line))
    bad = {"down": {"down"}, "degraded": {"down", "degraded"}, "never": set()}[args.fail_on]
    return int(any(one.state in bad and one.thing not in failed for one in told(verdicts)))


def resolve(held: Needs, option: str, name: str) -> str:
    """The thing that is meant. Raises :class:`AnalyticsError` where there is none, or more than one."""
    kind = KINDS[option] + "/"
    mine = {key: said for key, said in held.names.items() if key.startswith(kind)}
    if kind + name in mine:
        return kind + name
    found = sorted(key for key, said in mine.items() if said == name)
    if len(found) == 1:
        return found[0]
    if found:
        choices = ", ".join(key.removeprefix(kind) for key in found)
        raise AnalyticsError(f"several have the name {name!r}; name one by its id: {choices}")
    near = get_close_matches(name, mine.values(), 1)
    raise AnalyticsError(f"no {option} is called {name!r}" + (f"; did you mean {near[0]!r}?" if near else ""))


def told(verdicts: Mapping[str, Verdict]) -> list[Verdict]:
    """The verdicts on applications, worst first."""
    order = list(WORDS)
    mine = [one for one in verdicts.values() if one.thing.startswith("applications/")]
    return sorted(mine, key=lambda one: (order.index(one.state), one.thing))


def lines(held: Needs, failed: Sequence[str], verdicts: Mapping[str, Verdict]) -> list[str]:
    """The answer in words."""

    def name(thing: str) -> str:
        return held.names.get(thing) or f"{thing} (not recorded)"

    def chain(verdict: Verdict) -> str:
        """The first chain of what is lost, down to what failed."""
        words: list[str] = []
        seen: set[str] = set()
        at: Verdict | None = verdict
        while at is not None and at.because is not None and at.thing not in seen:
            seen.add(at.thing)
            need = at.because
            said = need.kind.replace("-", " ")
            count = f" ({len(at.lost)} of {len(need.of)} affected)" if len(need.of) > 1 else ""
            words.append(f"{said} {name(at.lost[0]) if at.lost else 'a place that is not recorded'}{count}")
            at = verdicts.get(at.lost[0]) if at.lost else None
        if words:
            return ", which ".join(words)
        return "failed itself" if verdict.thing in failed else "where it stands is not fully recorded"

    mine = told(verdicts)
    count = Counter(one.state for one in mine)
    up = held.applications - sum(count.values())
    said = [
        f"{', '.join(name(one) for one in failed)} fails. {count['down']} of {held.applications} applications down, "
        f"{count['degraded']} degraded, {count['cannot-tell']} cannot be told, {up} up."
    ]
    said += [f"{WORDS[one.state]:<10} {name(one.thing)}: {chain(one)}" for one in mine]
    return [*said, ASSUMED, share(held)]


def share(held: Needs) -> str:
    """How much of the inventory the answer rests on."""
    return f"Recorded: {held.joined} of {held.applications} applications call or are called."


def document(held: Needs, failed: Sequence[str], verdicts: Mapping[str, Verdict]) -> dict[str, object]:
    """The answer as JSON: every verdict, places and servers among them, with the need that decides it."""
    return {
        "failed": list(failed),
        "verdicts": [{**asdict(verdicts[thing]), "name": held.names.get(thing, "")} for thing in sorted(verdicts)],
        "assumptions": [ASSUMED],
        "not_recorded": sorted(held.ghosts),
        "recorded": {"applications": held.applications, "with_calls": held.joined},
    }
