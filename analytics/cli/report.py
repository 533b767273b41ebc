"""``report``: a site of pages, one of each system, client and datacenter, with pictures; or a database of SQLite."""

from __future__ import annotations

import argparse
import sqlite3
import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from ..answers.proof import digests_of, with_proof
from ..answers.report.blocks import Heading, Line, Page, Words, html, markdown
from ..answers.report.pages import Report, pages_of
from ..answers.report.tables import write_database
from ..answers.rules.facts import Facts
from ..answers.rules.forms import Estate, check
from ..answers.rules.selecting import Chooser
from ..answers.rules.settling import settle
from ..answers.whole import Whole
from ..documents.entities import Ref
from ..errors import AnalyticsError, EmptyGraph, UsageError
from ..export.spots import spots_of
from ..inventory import KeptSource
from ..inventory.owned import OwnedInventory
from ..model.artifacts import GraphRequest
from ..pipeline.registry import Registry, load_configured
from ..settings import Settings, read
from ..text import safe_id
from . import asking, marked
from .check import asked, day
from .verify import origin_of, redrawn

#: What a folder of ours is known by: only what it lists is ever replaced by "gone".
LIST = "pages.txt"


def add(subparsers: Any) -> None:
    """Describe the command."""
    command = subparsers.add_parser("report", help="write pages about an inventory, or a database", description=__doc__)
    asking.add(command)
    command.add_argument("-o", "--out", type=Path, required=True, help="a folder, or a file that ends with .sqlite")
    command.add_argument(
        "--rules", type=Path, action="append", default=[], metavar="FILE", help="rules in YAML; repeatable"
    )
    command.add_argument("--pack", action="append", default=[], metavar="NAME", help="a pack of rules; repeatable")
    command.add_argument("--today", type=day, help="the day on which exceptions are looked at (default: today, UTC)")
    command.add_argument("--no-pictures", action="store_true", help="pages without pictures")
    command.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Write it, and say how many pages there are."""
    settings = read()
    registry = load_configured(settings)
    whole = asking.whole(args, settings, registry)
    facts = Facts(whole)
    rules, exceptions = asked(args, registry, facts) if args.rules or args.pack else ([], [])
    today = args.today or datetime.now(UTC).date()
    estate = Estate(Chooser(facts, today))
    settled = settle([check(estate, one) for one in rules], exceptions, (), facts.held.names, today)
    if args.out.suffix in (".sqlite", ".db"):
        try:
            write_database(Report(facts, settled), args.out)
        except (OSError, sqlite3.Error) as exc:
            raise AnalyticsError(f"cannot write {args.out}: {exc}") from None
        print(f"written: {args.out}", file=sys.stderr)
        return 0
    if args.out.exists() and not args.out.is_dir():
        raise UsageError(f"{args.out} is a file; name a folder, or a file that ends with .sqlite")
    files = {} if args.no_pictures else pictures(args, whole, registry, settings)
    verify = f"Pictures: analytics verify PICTURE {Path(args.inventory[0]).name}." if files else ""
    spots = {path: spots_of(svg) for path, svg in files.items()}
    report = Report(facts, settled, digests_of(whole.documents).inventory, verify, spots)
    pages = pages_of(report)
    for page in (*pages, *gone(args.out, pages)):
        files[f"{page.path}.html"], files[f"{page.path}.md"] = html(page), markdown(page)
    files[LIST] = "".join(f"{page.path}\t{' '.join(page.title.split())}\n" for page in listed(args.out, pages))
    changed = written(args.out, files)
    print(f"{len(pages)} pages, {changed} of {len(files)} files written to {args.out}", file=sys.stderr)
    return 0


def pictures(args: argparse.Namespace, whole: Whole, registry: Registry, settings: Settings) -> dict[str, str]:
    """A picture of each page, by its path; of what has nothing to show there is none."""
    owner = args.owner or marked.owner_of(whole)
    held = marked.contents(whole.documents, owner)
    owned = OwnedInventory(KeptSource(lambda: held), owner)
    found: dict[str, str] = {}

    def request(kind: str, entry: str = "all", key: str = "", name: str = "") -> GraphRequest:
        refs = (Ref(key, name),) if key else ()
        projection = registry.graph_types[kind].projection
        return GraphRequest("drawn", owner, kind, entry, refs, projection=projection, title=name)  # type: ignore[arg-type]

    wanted = {"pictures/index.svg": request("business")}
    for system in whole.systems:
        wanted[f"pictures/{safe_id(f'systems/{system.id}')}.svg"] = request(
            "business", "systems", system.id, system.name
        )
    for client in whole.clients:
        wanted[f"pictures/{safe_id(f'clients/{client.id}')}.svg"] = request(
            "business", "clients", client.id, client.name
        )
    for center in whole.datacenters:
        wanted[f"pictures/{safe_id(f'datacenters/{center.id}')}.svg"] = request(
            "infra", "datacenters", center.id, center.name
        )
    base = origin_of(owned, wanted["pictures/index.svg"], settings)
    for path, one in wanted.items():
        try:
            svg = redrawn(owned, one, registry, settings, json=False)
        except EmptyGraph:
            continue
        if svg:
            found[path] = with_proof(svg, replace(base, request=one))
    return found


def before(folder: Path) -> dict[str, str]:
    """The pages that an earlier run listed, with their titles."""
    try:
        said = (folder / LIST).read_text(encoding="utf-8").splitlines()
    except OSError:
        return {}
    found = dict(line.split("\t", 1) for line in said if "\t" in line)
    return {path: title for path, title in found.items() if ".." not in path and not path.startswith("/")}


def gone(folder: Path, pages: list[Page]) -> list[Page]:
    """Pages of things that are there no more: links that lead to them say so."""
    now = {page.path for page in pages}
    words = "This is not in the inventory any more."
    return [
        Page(path, title, (Heading("Gone"), Line((Words(words),))))
        for path, title in sorted(before(folder).items())
        if path not in now
    ]


def listed(folder: Path, pages: list[Page]) -> list[Page]:
    """All pages that there are or were."""
    return sorted([*pages, *gone(folder, pages)], key=lambda page: page.path)


def written(folder: Path, files: dict[str, str]) -> int:
    """Write what differs from what is there. Raises :class:`AnalyticsError`."""
    changed = 0
    for name, text in files.items():
        path = folder / name
        raw = text.encode()
        try:
            if path.is_file() and not path.is_symlink() and path.read_bytes() == raw:
                continue
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(raw)
        except OSError as exc:
            raise AnalyticsError(f"cannot write {path}: {exc.strerror}") from None
        changed += 1
    return changed
