"""``fail``: what is down, degraded or cannot be told when servers, applications, zones or providers fail."""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, replace
from typing import Any

from ..answers.failure import Verdict, failure
from ..answers.wording import STATES, Words
from ..errors import UsageError
from ..model.graph import Badge, Finding
from ..text import many, named
from . import asking, marked

#: What can fail, by its option: the collection of its things.
KINDS = {
    "app": "applications",
    "server": "servers",
    "network": "networks",
    "zone": "zones",
    "region": "regions",
    "datacenter": "datacenters",
    "provider": "providers",
}


def add(subparsers: Any) -> None:
    """Describe the command."""
    command = subparsers.add_parser("fail", help="say what follows when things fail", description=__doc__)
    asking.add(command)
    for option in KINDS:
        command.add_argument(
            f"--{option}",
            action="append",
            default=[],
            metavar="NAME",
            help=f"{'an' if option == 'app' else 'a'} {option} that fails, by name or id; repeatable",
        )
    asking.add_needs(command)
    marked.add(command)
    command.add_argument(
        "--fail-on",
        choices=("down", "degraded", "never"),
        default="never",
        help="exit status 1 where an application, other than those named, is that or worse (default: never)",
    )
    command.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Print the answer; 1 for what ``--fail-on`` says, 2 where nothing was named or the arguments do not fit."""
    if not any(getattr(args, option) for option in KINDS):
        raise UsageError(f"say what fails: {', '.join(f'--{option}' for option in KINDS)}")
    whole = asking.whole(args)
    held = asking.needs(args, whole)
    words = Words(whole, held)
    named = {option: getattr(args, option) for option in KINDS}
    failed = [asking.resolve(held.names, KINDS[key], key, name) for key, names in named.items() for name in names]
    verdicts = failure(held, failed)
    if args.json:
        asking.show_json(document(words, failed, verdicts))
    else:
        asking.show(lines(words, failed, verdicts))
    marked.draw(args, whole, marks_of(words, failed, verdicts), [finding_of(words, failed, verdicts)], "What fails")
    bad = {"down": {"down"}, "degraded": {"down", "degraded"}, "never": set()}[args.fail_on]
    return int(any(one.state in bad and one.thing not in failed for one in of_kind(verdicts.values(), "applications")))


#: How each state is marked in a picture.
GLYPHS = {
    "down": Badge("✕", "down", "bad", "down"),
    "degraded": Badge("~", "degraded", "warn", "degraded"),
    "cannot-tell": Badge("?", "cannot be told", "info", "cannot be told whether it is down"),
}


def marks_of(words: Words, failed: Sequence[str], verdicts: Mapping[str, Verdict]) -> Mapping[str, Sequence[Badge]]:
    """The mark of every thing that does not stay up, with the reason."""
    return {
        thing: [replace(GLYPHS[one.state], text=f"{GLYPHS[one.state].text}: {words.chain(one, verdicts, failed)}")]
        for thing, one in verdicts.items()
    }


def finding_of(words: Words, failed: Sequence[str], verdicts: Mapping[str, Verdict]) -> Finding:
    """What the picture says of the whole answer."""
    names = ", ".join(words.name(one) for one in failed)
    applications = counted(of_kind(verdicts.values(), "applications"), words.held.applications)
    return Finding("failure", f"If {names} fails: {applications}. {len(words.held.assumptions)} assumptions.", "warn")


def of_kind(verdicts: Iterable[Verdict], kind: str) -> list[Verdict]:
    """The verdicts on things of one collection, worst first."""
    order = list(STATES)
    mine = [one for one in verdicts if one.thing.startswith(f"{kind}/")]
    return sorted(mine, key=lambda one: (order.index(one.state), one.thing))


def counted(verdicts: Sequence[Verdict], total: int) -> str:
    """How many things are in each state."""
    count = Counter(one.state for one in verdicts)
    return (
        f"{count['down']} of {total} down, {count['degraded']} degraded, {count['cannot-tell']} cannot be told, "
        f"{total - sum(count.values())} up"
    )


def lines(words: Words, failed: Sequence[str], verdicts: Mapping[str, Verdict]) -> list[str]:
    """The answer in words."""
    applications, systems = of_kind(verdicts.values(), "applications"), of_kind(verdicts.values(), "systems")
    servers = sum(1 for one in of_kind(verdicts.values(), "servers") if one.state == "down" and one.thing not in failed)
    fails = f"{', '.join(words.name(one) for one in failed)} {'fails' if len(failed) == 1 else 'fail'}"
    said = [fails + (f", and with it {many(servers, 'server')}." if servers else ".")]
    said.append(f"Applications: {counted(applications, words.held.applications)}.")
    if words.whole.systems:
        said.append(f"Systems: {counted(systems, len(words.whole.systems))}.")
    for verdict in (*systems, *applications):
        kind = "system " if verdict.thing.startswith("systems/") else ""
        left = words.capacity(verdict.thing, verdicts) if verdict.state == "degraded" else ""
        chain = words.chain(verdict, verdicts, failed)
        name = words.titled(verdict.thing)
        said.append(f"{STATES[verdict.state]:<10} {kind}{name}: {chain}{f'; {left}' if left else ''}")
    for state in STATES:
        feeling = words.clients_of({one.thing for one in systems if one.state == state})
        if feeling:
            said.append(f"Clients of systems that are {state.replace('cannot-tell', 'not known')}:")
            said += words.call(feeling)
    unknown = [one for one in of_kind(verdicts.values(), "servers") if one.state == "cannot-tell"]
    if unknown:
        names = named(words.name(one.thing) for one in unknown)
        said.append(f"Not recorded whether they are affected: {many(len(unknown), 'server')} ({names}).")
    return [*said, *words.assumed(), *words.share()]


def document(words: Words, failed: Sequence[str], verdicts: Mapping[str, Verdict]) -> dict[str, object]:
    """The answer as JSON: every verdict, places and servers among them, with the need that decides it."""

    def verdict_of(verdict: Verdict) -> dict[str, object]:
        left, total = words.servers_left(verdict.thing, verdicts)
        capacity = {
            "servers": [len(left), len(total)],
            "vcpu": [sum(one.cpu for one in left), sum(one.cpu for one in total)],
            "gb": [sum(one.memory for one in left), sum(one.memory for one in total)],
        }
        return {**asdict(verdict), "name": words.name(verdict.thing)} | ({"left": capacity} if total else {})

    systems = of_kind(verdicts.values(), "systems")
    return {
        "question": "fail",
        "failed": list(failed),
        "verdicts": [verdict_of(verdicts[thing]) for thing in sorted(verdicts)],
        "clients": [asdict(one) for one in words.clients_of({one.thing for one in systems})],
        **basis(words),
    }


def basis(words: Words) -> dict[str, object]:
    """What an answer rests on, as JSON."""
    return {
        "assumptions": list(words.held.assumptions),
        "not_recorded": sorted(words.held.ghosts),
        "recorded": {"applications": words.held.applications, "with_calls": words.held.joined},
    }
