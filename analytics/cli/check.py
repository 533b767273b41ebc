"""``check``: hold an inventory against rules: holds, broken, cannot be told; exceptions end, a baseline shrinks."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from ..answers.rules import writing
from ..answers.rules.facts import Facts
from ..answers.rules.forms import Estate, check
from ..answers.rules.places import lines_of
from ..answers.rules.reading import Excepted, read_rules
from ..answers.rules.records import Found, Result, Rule
from ..answers.rules.selecting import Chooser
from ..answers.rules.settling import Settled, read_baseline, reasons, settle, written_baseline
from ..answers.rules.writing import Ground, sentence
from ..answers.whole import Whole
from ..bounded import LARGEST, read_bytes, read_text
from ..documents.ports import Inventory
from ..errors import AnalyticsError, UsageError
from ..inventory import KeptSource
from ..inventory.owned import OwnedInventory
from ..model.graph import Badge, Finding
from ..model.kinds import Tone
from ..model.rules import RuleLevel, RuleState
from ..pipeline.registry import Registry, load_configured
from ..settings import read
from ..text import many, named
from . import asking, marked

FORMATS = ("words", "json", "sarif", "junit", "markdown")
MARKS: Mapping[RuleState, Badge] = {
    "broken": Badge("✕", "breaks a rule", "bad", "breaks a rule"),
    "cannot-tell": Badge("?", "cannot be told", "info", "cannot be told whether it breaks a rule"),
}
#: How grave a broken rule is, and how many of its things a finding names.
TONES: Mapping[RuleLevel, Tone] = {"error": "bad", "warning": "warn", "note": "info"}
NAMED = 3


def add(subparsers: Any) -> None:
    """Describe the command."""
    command = subparsers.add_parser("check", help="hold an inventory against rules", description=__doc__)
    asking.add(command)
    command.add_argument(
        "--rules", type=Path, action="append", default=[], metavar="FILE", help="rules in YAML; repeatable"
    )
    command.add_argument(
        "--pack", action="append", default=[], metavar="NAME", help="a pack of rules; `plugins` lists them"
    )
    command.add_argument("--format", choices=FORMATS, default="words", help="of the answer (default: words)")
    command.add_argument(
        "--strict", action="store_true", help="fail on warnings, on what cannot be told and on checked 0 too"
    )
    command.add_argument("--today", type=day, help="the day on which exceptions are looked at (default: today, UTC)")
    command.add_argument("--baseline", type=Path, metavar="FILE", help="findings that are known and do not fail")
    command.add_argument(
        "--update-baseline", action="store_true", help="take out of the baseline what is broken no more; never puts in"
    )
    command.add_argument(
        "--accept-new", default="", metavar="REASON", help="put what is broken now into the baseline, for this reason"
    )
    command.add_argument("--sarif-suppressed", action="store_true", help="SARIF with what is excepted, as suppressed")
    command.add_argument(
        "--file",
        default="",
        metavar="PATH",
        help="what SARIF calls the inventory's file (default: as it is named here)",
    )
    marked.add(command)
    command.set_defaults(run=run)


def day(said: str) -> date:
    """A day as it is written. Raises :class:`argparse.ArgumentTypeError`."""
    try:
        return date.fromisoformat(said)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{said!r} is no day: write 2027-01-31") from None


def run(args: argparse.Namespace) -> int:
    """Print the answer; 1 where a rule is broken, 2 where a rule cannot be read or the arguments do not fit."""
    if (args.update_baseline or args.accept_new) and not args.baseline:
        raise UsageError("--baseline FILE says which baseline is meant")
    if (args.update_baseline or args.accept_new) and os.environ.get("CI"):
        raise UsageError("a baseline is not written in CI: write it where a person looks at it, and commit it")
    registry = load_configured(read())
    whole = asking.whole(args, registry=registry)
    facts = Facts(whole)
    today = args.today or datetime.now(UTC).date()
    rules, exceptions = asked(args, registry, facts)
    estate = Estate(Chooser(facts, today))
    results = [check(estate, one) for one in rules] + own_results(args, registry, whole)
    known = baseline_of(args.baseline)
    settled = settle(results, exceptions, known, facts.held.names, today)
    keep_baseline(args, settled, known, results)
    ground = Ground(facts.held.names, file_of(args), lines_in(args))
    say(args, settled, ground)
    for line in [*settled.remarks, *warnings(settled), *size_of(known, settled)]:
        print(f"check: {line}", file=sys.stderr)
    marked.draw(args, whole, marks_of(settled), findings_of(settled, ground), "Rules")
    return int(failed(settled, strict=args.strict))


def asked(args: argparse.Namespace, registry: Registry, facts: Facts) -> tuple[list[Rule], list[Excepted]]:
    """The rules and exceptions of the files and packs that are named. Raises :class:`UsageError`."""
    if not args.rules and not args.pack and not registry.rules:
        raise UsageError(f"name rules: --rules FILE, or --pack {' '.join(sorted(registry.packs))}")
    rules: list[Rule] = []
    exceptions: list[Excepted] = []
    packs = list(args.pack)
    for path in args.rules:
        try:
            raw = read_bytes(path)
        except OSError as exc:
            raise UsageError(f"{path}: cannot be read: {exc.strerror}") from None
        found = read_rules(raw, str(path), facts)
        rules += found.rules
        exceptions += found.exceptions
        packs += found.packs
    for name in dict.fromkeys(packs):
        if name not in registry.packs:
            near = get_close_matches(name, registry.packs, 1)
            hint = f"; did you mean {near[0]!r}?" if near else f"; there are {', '.join(sorted(registry.packs))}"
            raise UsageError(f"no pack of rules is called {name!r}{hint}")
        rules += read_rules(registry.packs[name].rules.encode(), f"pack {name}", facts).rules
    ids = [one.id for one in rules]
    if twice := next((key for number, key in enumerate(ids) if key in ids[:number]), ""):
        raise UsageError(f"two rules have the id {twice!r}")
    for one in exceptions:
        if one.rule not in ids and one.rule not in registry.rules:
            near = get_close_matches(one.rule, ids, 1)
            raise UsageError(
                f"an exception (line {one.line}) is from the rule {one.rule!r}, which is not there"
                + (f"; did you mean {near[0]!r}?" if near else "")
            )
    return rules, exceptions


def own_results(args: argparse.Namespace, registry: Registry, whole: Whole) -> list[Result]:
    """How the rules of plugins went. Raises :class:`AnalyticsError` naming the plugin of one that fails."""
    if not registry.rules:
        return []
    owner = args.owner or marked.owner_of(whole)
    held = marked.contents(whole.documents, owner)
    inventory: Inventory = OwnedInventory(KeptSource(lambda: held), owner)
    results = []
    for key in sorted(registry.rules):
        one = registry.rules[key]
        source = registry.sources[f"rule {key!r}"]
        try:
            checked, broken = one.check(inventory)
            found = tuple(Found(key, (each.thing,), each.state, each.text, one.level) for each in broken)
        except Exception as exc:
            raise AnalyticsError(f"rule {key!r} of {source} failed: {type(exc).__name__}: {exc}") from exc
        results.append(Result(Rule(key, "own", one.level, one.title, file=source), checked, found))
    return results


def baseline_of(path: Path | None) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """What a baseline knows; one that is not there yet knows nothing."""
    if path is None or not path.exists():
        return ()
    try:
        return read_baseline(read_text(path), str(path))
    except (OSError, UnicodeDecodeError) as exc:
        raise UsageError(f"{path}: cannot be read: {getattr(exc, 'strerror', None) or exc}") from None


def keep_baseline(
    args: argparse.Namespace, settled: Settled, known: Sequence[tuple[str, tuple[str, ...]]], results: Sequence[Result]
) -> None:
    """Write the baseline where that is asked for."""
    if not (args.update_baseline or args.accept_new):
        return
    before = reasons(read_text(args.baseline)) if args.baseline.exists() else {}
    broken = {one.key for result in results for one in result.found if one.state == "broken"}
    kept = {key: before.get(key, "") for key in known if key in broken}
    if args.accept_new:
        kept |= {
            one.key: args.accept_new for result in settled.results for one in result.found if one.state == "broken"
        }
    try:
        args.baseline.write_text(written_baseline(kept.items()), encoding="utf-8")
    except OSError as exc:
        raise AnalyticsError(f"cannot write {args.baseline}: {exc.strerror}") from None
    print(f"check: {args.baseline}: {len(known)} findings before, {len(kept)} now", file=sys.stderr)


def size_of(known: Sequence[object], settled: Settled) -> list[str]:
    """How large the baseline is, every time, and what of it could go."""
    if not known:
        return []
    gone = len(known) - len(settled.known)
    more = f"; {gone} of them are broken no more (--update-baseline takes them out)" if gone else ""
    return [f"the baseline knows {many(len(known), 'finding')}{more}."]


def file_of(args: argparse.Namespace) -> str:
    """The inventory's file as a host knows it: relative, with slashes."""
    if args.file:
        return str(args.file)
    path = Path(args.inventory[0])
    try:
        return path.resolve().relative_to(Path.cwd()).as_posix()
    except ValueError:
        return path.name


def lines_in(args: argparse.Namespace) -> Mapping[str, int]:
    """The lines of the documents, where the inventory is one file of our own."""
    path = Path(args.inventory[0])
    if not (args.json or args.format in ("json", "sarif")) or len(args.inventory) != 1 or not path.is_file():
        return {}
    return lines_of(read_bytes(path, LARGEST), yaml=path.suffix.lower() in (".yaml", ".yml"))


def say(args: argparse.Namespace, settled: Settled, ground: Ground) -> None:
    """Print the answer in its form."""
    match "json" if args.json else args.format:
        case "json":
            asking.show_json(writing.document(settled, ground))
        case "sarif":
            sys.stdout.write(writing.sarif(settled, ground, suppressed=args.sarif_suppressed))
        case "junit":
            sys.stdout.write(writing.junit(settled, ground))
        case "markdown":
            sys.stdout.write(writing.markdown(settled, ground))
        case _:
            asking.show(lines(settled, ground))


def lines(settled: Settled, ground: Ground) -> list[str]:
    """The answer in words."""
    said = []
    for result in settled.results:
        rule = result.rule
        over = f", over {', '.join(rule.over)}" if rule.form == "never reaches" else ""
        title = f": {rule.title}" if rule.title else ""
        said.append(
            f"{rule.id} ({rule.level}{over}){title}: checked {result.checked}, broken {result.count('broken')}, "
            f"cannot tell {result.count('cannot-tell')}"
        )
        for one in result.found:
            word = "BROKEN" if one.state == "broken" else "NOT KNOWN"
            said.append(f"  {word:<9} {sentence(one, ground)}")
    said += [
        f"  excepted  {one.rule}: {ground.name(one.things[0])}, until {why.until}: {why.reason}"
        for one, why in settled.excepted
    ]
    broken = sum(one.count("broken") for one in settled.results)
    open_ones = sum(one.count("cannot-tell") for one in settled.results)
    said.append(
        f"{many(len(settled.results), 'rule')}: {broken} broken, {open_ones} cannot be told, "
        f"{len(settled.excepted)} excepted, {len(settled.known)} in the baseline."
    )
    return said


def warnings(settled: Settled) -> list[str]:
    """Rules that looked at nothing: misspelt, more often than not."""
    return [
        f"warning: rule {one.rule.id!r} checked 0 things: nothing is what it chooses"
        for one in settled.results
        if not one.checked
    ]


def failed(settled: Settled, *, strict: bool) -> bool:
    """Whether the answer is a failure."""
    found = [one for result in settled.results for one in result.found]
    if strict:
        return bool(warnings(settled)) or any(one.level != "note" for one in found)
    return any(one.state == "broken" and one.level == "error" for one in found)


def marks_of(settled: Settled) -> Mapping[str, Sequence[Badge]]:
    """The marks of what is broken or not known, one of each, with the rules and their words."""
    said: dict[str, dict[RuleState, list[str]]] = {}
    for result in settled.results:
        for one in result.found:
            said.setdefault(one.things[0], {}).setdefault(one.state, []).append(f"{one.rule}: {one.text}")
    return {
        thing: [replace(MARKS[state], text="; ".join(states[state])) for state in MARKS if state in states]
        for thing, states in said.items()
    }


def findings_of(settled: Settled, ground: Ground) -> list[Finding]:
    """What the picture says of each rule that does not hold: the things by name, the gravest rules first."""
    found = []
    for result in settled.results:
        broken, unknown = (
            [one.things[0] for one in result.found if one.state == state] for state in ("broken", "cannot-tell")
        )
        parts = [
            f"{many(len(things), 'thing')} {words}: {named(map(ground.name, things), NAMED)}"
            for things, words in ((broken, "broken"), (unknown, "cannot be told"))
            if things
        ]
        if parts:
            title = f"{result.rule.title.rstrip('.')}. " if result.rule.title else ""
            tone = TONES[result.rule.level] if broken else "info"
            found.append(Finding("rule", f"{result.rule.id}: {title}{'; '.join(parts)}", tone, (*broken, *unknown)))
    order: list[Tone] = ["bad", "warn", "info"]
    return sorted(found, key=lambda one: order.index(one.tone))
