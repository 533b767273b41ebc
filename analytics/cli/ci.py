"""``ci``: everything about a change in one run: validate, difference to a base, rules, pictures, and one comment."""

from __future__ import annotations

import argparse
import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from ..answers.changing import Telling
from ..answers.comment import comment
from ..answers.difference import difference
from ..answers.rules import writing
from ..answers.rules.facts import Facts
from ..answers.rules.forms import Estate
from ..answers.rules.forms import check as checked
from ..answers.rules.places import lines_of
from ..answers.rules.selecting import Chooser
from ..answers.rules.settling import Settled, settle
from ..answers.rules.writing import Ground, sentence
from ..answers.union import finding_of, marks_of, union
from ..answers.whole import Whole
from ..bounded import LARGEST, read_bytes
from ..errors import AnalyticsError, UsageError
from ..pipeline.registry import load_configured
from ..settings import read
from . import asking, check, inputs, marked
from .revision import at_revision, merge_base
from .validate import line_of

#: What a run leaves in its folder.
FILES = ("comment.md", "difference.json", "rules.sarif", "rules.xml", "picture.svg", "difference.svg")


def add(subparsers: Any) -> None:
    """Describe the command."""
    command = subparsers.add_parser("ci", help="validate, compare, check and draw a change", description=__doc__)
    asking.add(command)
    command.add_argument("--base", default="", metavar="REV", help="compare with where this branch left REV")
    command.add_argument(
        "--rules", type=Path, action="append", default=[], metavar="FILE", help="rules in YAML; repeatable"
    )
    command.add_argument("--pack", action="append", default=[], metavar="NAME", help="a pack of rules; repeatable")
    command.add_argument(
        "--baseline", type=Path, metavar="FILE", help="findings that are known and do not fail; only read"
    )
    command.add_argument("--strict", action="store_true", help="fail on warnings and on what cannot be told too")
    command.add_argument(
        "--today", type=check.day, help="the day on which exceptions are looked at (default: today, UTC)"
    )
    command.add_argument("--type", default="business", help="graph type of the pictures (default: business)")
    command.add_argument("--title", default="Inventory", help="heading of the comment (default: Inventory)")
    command.add_argument(
        "-o", "--out", type=Path, required=True, metavar="FOLDER", help="folder for all that is written"
    )
    command.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Do all of it; 0 good, 1 a rule is broken or a file cannot be read as meant, 2 wrong usage."""
    if len(args.inventory) != 1:
        raise UsageError("name one file or folder")
    settings = read()
    registry = load_configured(settings)
    with inputs.open_given(args, settings, registry) as given:
        remarks = [line_of(Path(one.file), one.remark) for one in given.remarks if one.remark.severity != "note"]
        errors = sum(1 for one in given.remarks if one.remark.severity == "error")
    whole = asking.whole(args, settings, registry)
    telling = against(args, whole)
    settled, ground = ruled(args, whole)
    args.out.mkdir(parents=True, exist_ok=True)
    parts = [("Reading", said_of_reading(remarks, errors), remarks)]
    if telling is not None:
        parts.append(("Difference", telling.summary(), [telling.line(one) for one in telling.found.changes]))
        put(args.out / "difference.json", json.dumps(telling.document(), indent=2, ensure_ascii=False) + "\n")
    found = [one for result in settled.results for one in result.found]
    broken = [f"{one.rule} ({one.level}): {sentence(one, ground)}" for one in found if one.state == "broken"]
    unknown = [f"{one.rule}: {sentence(one, ground)}" for one in found if one.state == "cannot-tell"]
    if settled.results:
        aside = f"{len(settled.excepted)} excepted, {len(settled.known)} in the baseline"
        summary = f"{len(settled.results)} rules, {len(broken)} broken, {len(unknown)} cannot be told; {aside}"
        parts += [
            ("Rules", summary, [*broken, *settled.remarks]),
            ("Cannot be told", f"{len(unknown)} of them", unknown),
        ]
        put(args.out / "rules.sarif", writing.sarif(settled, ground))
        put(args.out / "rules.xml", writing.junit(settled, ground))
    put(args.out / "comment.md", comment(args.title, parts, "in the files of this run"))
    pictures(args, whole, telling)
    for name, summary, lines in parts:
        asking.show([f"{name}: {summary}", *(f"  {line}" for line in lines[:20])])
    unread = errors or (args.strict and bool(remarks))
    return int(bool(unread) or check.failed(settled, strict=args.strict and bool(settled.results)))


def said_of_reading(remarks: list[str], errors: int) -> str:
    """How the reading went."""
    return f"{errors} errors, {len(remarks) - errors} warnings" if remarks else "read as meant"


def against(args: argparse.Namespace, whole: Whole) -> Telling | None:
    """The difference to the base, where one is named."""
    if not args.base:
        return None
    path = Path(args.inventory[0])
    with at_revision(merge_base(args.base, path), path) as before:
        if before is None:
            old = Whole()
        else:
            named = argparse.Namespace(inventory=[str(before)], reader=args.reader, owner=args.owner)
            old = asking.whole(named)
    return Telling(old, whole, difference(old, whole))


def ruled(args: argparse.Namespace, whole: Whole) -> tuple[Settled, Ground]:
    """How the rules went; without any, nothing."""
    registry = load_configured(read())
    facts = Facts(whole)
    path = Path(args.inventory[0])
    names = facts.held.names
    if not (args.rules or args.pack or registry.rules):
        return Settled(()), Ground(names)
    today = args.today or datetime.now(UTC).date()
    rules, exceptions = check.asked(args, registry, facts)
    estate = Estate(Chooser(facts, today))
    results = [checked(estate, one) for one in rules] + check.own_results(args, registry, whole)
    settled = settle(results, exceptions, check.baseline_of(args.baseline), names, today)
    lines = lines_of(read_bytes(path, LARGEST), yaml=path.suffix.lower() in (".yaml", ".yml")) if path.is_file() else {}
    return settled, Ground(names, check.file_of(argparse.Namespace(file="", inventory=args.inventory)), lines)


def pictures(args: argparse.Namespace, whole: Whole, telling: Telling | None) -> None:
    """The inventory as it is now, and both versions as one."""
    now = argparse.Namespace(out=[args.out / "picture.svg"], type=args.type, owner=args.owner)
    try:
        marked.draw(now, whole, {})
        if telling is not None and telling.found.changes:
            both = argparse.Namespace(out=[args.out / "difference.svg"], type=args.type, owner=args.owner)
            marked.draw(both, union(telling), marks_of(telling), [finding_of(telling)], "Difference")
    except UsageError:
        raise
    except AnalyticsError as exc:
        print(f"no picture: {exc}", file=sys.stderr)


def put(path: Path, text: str) -> None:
    """Write a file. Raises :class:`AnalyticsError`."""
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as exc:
        raise AnalyticsError(f"cannot write {path}: {exc.strerror}") from None
