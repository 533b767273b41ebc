"""``draw``: draw a graph of an inventory to a file, with the stages the workers run, in this process."""

from __future__ import annotations

import argparse
import sys
import traceback
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from time import perf_counter
from typing import Any

from ..documents.entities import Application, Client, Datacenter, Ref, Server, System
from ..documents.ports import Inventory, Source
from ..errors import AnalyticsError, StageTimeout
from ..inventory.owned import OwnedInventory
from ..model.anchor import Anchor, kept_places
from ..model.artifacts import Drawing, GraphRequest
from ..model.grid import Grid
from ..model.kinds import DETAILS, EFFORTS, LEGENDS, PROJECTIONS, THEMES, Direction, Entry
from ..pipeline.attempt import sentence
from ..pipeline.registry import load_configured
from ..pipeline.stage import GraphType
from ..settings import read, scheme_of
from ..sources.opening import FILES
from ..text import many
from . import anchored, inputs, outputs, verbose, watch
from .following import Following
from .progress import Progress, Unseen, progress
from .running import drawn
from .verify import origin_of

#: Each option that names where the graph starts: the request's field and the kind of thing.
ENTRIES: tuple[tuple[str, Entry, type[Any]], ...] = (
    ("client", "clients", Client),
    ("system", "systems", System),
    ("app", "apps", Application),
    ("datacenter", "datacenters", Datacenter),
    ("server", "servers", Server),
)

#: Which way calls are followed, and how the help says it.
WAYS: dict[Direction, str] = {
    "down": "draw what the things named depend on (default)",
    "up": "draw what depends on the things named",
    "both": "draw both",
}

#: The findings that a terminal is told too: what belongs to the sum.
SAID = frozenset({"callers", "anchor"})


def add(subparsers: Any) -> None:
    """Describe the command."""
    command = subparsers.add_parser("draw", help="draw a graph of an inventory", description=__doc__)
    inputs.add(command)
    command.add_argument("--type", default="", help="graph type (default: what fits the inventory's format)")
    for option, _, _ in ENTRIES:
        command.add_argument(
            f"--{option}",
            action="append",
            default=[],
            metavar="ID_OR_NAME",
            help=f"start from this {option}; repeatable",
        )
    command.add_argument(
        "--around",
        action="append",
        default=[],
        metavar="ID_OR_NAME",
        help="what calls this application and what it calls, both ways; as --app with --both, and --hops 1 unless said",
    )
    ways = command.add_mutually_exclusive_group()
    for way, said in WAYS.items():
        ways.add_argument(f"--{way}", dest="direction", action="store_const", const=way, help=said)
    ways.add_argument(
        "--between", nargs=2, metavar=("A", "B"), help="draw the ways of calls from one application to another"
    )
    command.add_argument(
        "--inside",
        default="",
        metavar="PART",
        help="open a part of the overview, by its name or one of its members; a part of it as 'PART › PART'",
    )
    command.add_argument("--hops", type=int, default=0, metavar="N", help="follow at most N calls (default: all)")
    command.add_argument(
        "--numbers", action="store_true", help="write on lines what was measured of them: rate, errors, latency"
    )
    command.add_argument("--owner", help="whose inventory; not needed where there is one owner")
    command.add_argument(
        "--detail",
        choices=DETAILS,
        default="standard",
        help="how far equal things are shown as one (default: standard)",
    )
    command.add_argument("--effort", choices=EFFORTS, default="standard", help="of the layout (default: standard)")
    command.add_argument("--projection", choices=PROJECTIONS, help="how the ground is looked at (default: the type's)")
    command.add_argument("--theme", choices=THEMES, default="light", help="colours of the picture (default: light)")
    command.add_argument("--legend", choices=LEGENDS, default="auto", help="where it stands (default: auto)")
    command.add_argument("--title", default="", help="what the picture is called (default: its type)")
    command.add_argument(
        "--strict", action="store_true", help="fail on ghosts, on anything left out and on what cannot be read as meant"
    )
    anchored.add(command, "an earlier picture (SVG or JSON) or inventory: what is still there keeps its place")
    outputs.add(command)
    command.add_argument("--watch", action="store_true", help="draw again whenever a file changes, until Ctrl-C")
    command.add_argument("--view", action="store_true", help="with --watch: a page that follows, on this machine only")
    telling = command.add_mutually_exclusive_group()
    telling.add_argument("-q", "--quiet", action="store_true", help="say nothing but what is wrong")
    telling.add_argument(
        "-v", "--verbose", action="store_true", help="say every remark, what was asked and what it took"
    )
    command.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Draw; 0 drawn, 1 nothing to draw or an error, 2 wrong usage."""
    if not args.watch:
        return usage("--view goes with --watch") if args.view else draw(args)
    if not args.view:
        return watch.again(lambda: draw(args), args.inventory)
    page = Following()
    page.tell()
    try:
        return watch.again(lambda: draw(args, page.show), args.inventory)
    finally:
        page.close()


def draw(args: argparse.Namespace, show: Callable[[Grid], None] | None = None) -> int:
    """Draw once; ``show`` is given what was drawn."""
    # A picture that goes to the same terminal has it for itself.
    shared = any(str(path) == outputs.STANDARD for path in args.out) and sys.stdout.isatty()
    began = perf_counter()
    with progress(wanted=not args.quiet and not shared) as bar:
        status = draw_with(args, bar, show)
    for line in verbose.spent(perf_counter() - began) if args.verbose else ():
        print(line, file=sys.stderr)
    return status


def draw_with(args: argparse.Namespace, bar: Progress | Unseen, show: Callable[[Grid], None] | None) -> int:
    """Draw once, and tell ``bar`` at what it is."""
    if args.around:
        args.app, args.direction, args.hops = [*args.app, *args.around], args.direction or "both", args.hops or 1
        args.around = []
    if args.between:
        args.app, args.direction, args.between = [*args.app, *args.between], "between", None
    settings = replace(read(), data_uri=args.inventory[0], front_uri="", websocket_uri="")
    registry = load_configured(settings)
    if args.type and args.type not in registry.graph_types:
        return usage(f"no graph type {args.type!r}; there are {', '.join(sorted(registry.graph_types))}")
    targets, problem = outputs.outputs_of(args.out, registry, args.format, outputs.size_of(args))
    named = {field: getattr(args, option) for option, field, _ in ENTRIES if getattr(args, option)}
    if problem := problem or inputs.problem(args, registry):
        return usage(problem)
    bar.at("reading")
    with inputs.open_given(args, settings, registry) as given:
        source = given.source
        graph_type = registry.graph_types[args.type or given.type]
        if problem := misfit(named, graph_type) or misguided(args, graph_type):
            return usage(problem)
        given.tell(quiet=args.quiet, all_of_it=args.verbose)
        bar.total = 1 + len(registry.plans[graph_type.name]) + len(targets)
        owner = args.owner or only_owner(source)
        if not owner:
            return usage(f"the inventory has several owners, name one with --owner: {', '.join(source.owners())}")
        owned = OwnedInventory(source, owner)
        entry: Entry = next(iter(named), "all")
        refs = find(owned, entry, named[entry]) if named else ()
        request = GraphRequest(
            "drawn",
            owner,
            graph_type.name,
            entry,
            refs,
            args.detail,
            args.effort,
            args.projection or (graph_type.projection if settings.projection == "own" else settings.projection),
            args.theme,
            args.legend,
            args.title,
            args.direction or "down",
            args.hops,
            args.numbers,
            settings.stale_days,
            args.inside,
        )
        if args.verbose:
            print(verbose.asked(request), file=sys.stderr)
        anchor = anchored.anchor_for(args, request, registry, settings)
        result = drawn(owned, request, registry, settings, quiet if args.quiet else report, anchor, bar.at)
        # Of an address all would be asked for once more, only for its digest.
        origin = origin_of(owned, request, settings, anchor) if scheme_of(args.inventory[0]) in FILES else None
    if not args.quiet or result.outcome.level != "finished":
        print(f"{result.outcome.level}: {result.outcome.message}", file=sys.stderr)
    drawing = result.artifact(Drawing)
    if drawing is None or result.outcome.level != "finished":
        return 1
    if args.verbose:
        print(verbose.came(drawing), file=sys.stderr)
    for target in targets:
        bar.at(f"writing {target.shown}")
        began = perf_counter()
        size = outputs.write(drawing, target, registry, outputs.size_of(args), origin)
        if args.verbose:
            print(verbose.wrote(target.shown, size, perf_counter() - began), file=sys.stderr)
    if show is not None:
        show(drawing.grid)
    if not args.quiet:
        tell(drawing, ", ".join(one.shown for one in targets), anchor)
    wrong = failures(drawing) if args.strict else []
    if args.strict and given.wrong:
        wrong.append(f"{many(given.wrong, 'thing')} in the inventory could not be read as meant")
    for problem in wrong:
        print(f"strict: {problem}", file=sys.stderr)
    return 1 if wrong else 0


def misguided(args: argparse.Namespace, graph_type: GraphType) -> str:
    """What is wrong with the way calls are to be followed, if anything."""
    if (args.direction or args.hops or args.inside) and not graph_type.follows:
        name = graph_type.name
        ways = "--up, --down, --both, --between, --inside and --hops"
        return f"the graph type {name} follows no calls: {ways} say nothing to it"
    if args.direction == "between" and len(args.app) != 2:
        return "--between takes two applications, and no --app beside them"
    return "--hops is at least 1" if args.hops < 0 else ""


def usage(problem: str) -> int:
    """Say what is wrong with the call."""
    print(f"analytics draw: {problem}", file=sys.stderr)
    return 2


def misfit(named: Mapping[Entry, Sequence[str]], graph_type: GraphType) -> str:
    """What is wrong with the entries named, if anything."""
    if len(named) > 1:
        return f"a graph starts from one kind of thing; you named {' and '.join(named)}"
    if wrong := [field for field in named if field not in graph_type.entries]:
        return f"a {graph_type.name} graph starts from {', '.join(graph_type.entries)} or nothing, not from {wrong[0]}"
    return ""


def only_owner(source: Source) -> str:
    """The inventory's owner where there is one."""
    owners = source.owners()
    return owners[0] if len(owners) == 1 else ""


def find(owned: Inventory, field: Entry, names: Sequence[str]) -> tuple[Ref, ...]:
    """The things meant by ids or names. Raises :class:`AnalyticsError` for one that is not there."""
    kind = next(kind for _, name, kind in ENTRIES if name == field)
    known: tuple[Any, ...] = owned.find(kind)
    refs = []
    for name in names:
        matches = [thing for thing in known if thing.id == name] or [thing for thing in known if thing.name == name]
        if not matches:
            close = sorted(thing.name for thing in known if name.lower() in thing.name.lower())[:5]
            hint = f"; did you mean {', '.join(close)}?" if close else ""
            raise AnalyticsError(f"{field}: nothing has the id or name {name!r}{hint}")
        refs += [Ref(thing.id, thing.name) for thing in matches]
    return tuple(refs)


def quiet(stage: str, _seconds: float, problem: BaseException | None) -> None:
    """Nothing but problems."""
    if problem is not None:
        report(stage, 0.0, problem)


def report(stage: str, seconds: float, problem: BaseException | None) -> None:
    """A line of progress on standard error; of an error that nobody raised on purpose, where it came from."""
    if problem is not None and not isinstance(problem, (AnalyticsError, StageTimeout)):
        traceback.print_exception(problem)
    print(f"  {stage:18} {sentence(stage, problem) if problem else f'{seconds * 1000:8.1f} ms'}", file=sys.stderr)


def tell(drawing: Drawing, out: str, anchor: Anchor | None = None) -> None:
    """Say what was drawn and what was not."""
    tally = drawing.tally
    words = f"{tally.found} found = {tally.drawn} drawn + {tally.folded} folded + {tally.omitted} omitted"
    print(f"{out}: {drawing.nodes} nodes; {words}; {tally.ghosts} ghosts", file=sys.stderr)
    if anchor is not None:
        stand, stood = kept_places(drawing.grid, anchor)
        print(f"  {stand} of {many(stood, 'node')} of the earlier picture stand where they stood", file=sys.stderr)
    for omission in drawing.omissions:
        print(f"  {omission.kind}: {omission.count} {omission.what}: {omission.reason}", file=sys.stderr)
        if omission.kind == "omitted" and omission.names:
            print(f"    {', '.join(sorted(omission.names))}", file=sys.stderr)
    for finding in drawing.graph.findings:
        if finding.code in SAID:
            print(f"  {finding.text}", file=sys.stderr)


def failures(drawing: Drawing) -> list[str]:
    """What a strict reader does not accept: ghosts, and anything left out."""
    tally = drawing.tally
    return ["something was left out"] * bool(tally.omitted or not tally.complete) + [
        f"{many(tally.ghosts, 'thing')} not in the inventory"
    ] * bool(tally.ghosts)
