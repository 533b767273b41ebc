"""An answer in the picture: the inventory drawn as ``draw`` does, with the marks of the answer on it."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from ..answers.marking import Marks, with_marks
from ..answers.whole import Whole
from ..documents.values import Document
from ..drawing import render
from ..errors import AnalyticsError, UsageError
from ..export.formats import Size
from ..inventory import KeptSource
from ..inventory.handwritten import Contents
from ..inventory.owned import OwnedInventory
from ..inventory.visible import owners
from ..model.artifacts import Drawing, GraphRequest
from ..model.graph import Finding
from ..outbound.nobody import KeptFront, NoNotifier, NoStatus
from ..pipeline.context import Context, NoGuard
from ..pipeline.local import run_steps
from ..pipeline.registry import load_configured
from ..settings import read
from . import outputs
from .draw import quiet


def add(command: argparse.ArgumentParser) -> None:
    """The arguments that ask for a picture of the answer."""
    command.add_argument(
        "-o", "--out", type=Path, action="append", default=[], help="draw the answer too: svg, or what `plugins` lists"
    )
    command.add_argument("--type", default="business", help="graph type of the picture (default: business)")


def draw(
    args: argparse.Namespace, whole: Whole, marks: Marks, findings: Sequence[Finding] = (), title: str = ""
) -> None:
    """Draw the inventory with the marks, where ``-o`` asks for it.

    Raises :class:`UsageError` for what cannot be written, :class:`AnalyticsError` where nothing could be drawn.
    """
    if not args.out:
        return
    settings = replace(read(), front_uri="", websocket_uri="")
    registry = load_configured(settings)
    if args.type not in registry.graph_types:
        raise UsageError(f"no graph type {args.type!r}; there are {', '.join(sorted(registry.graph_types))}")
    targets, problem = outputs.outputs_of(args.out, registry, "", Size())
    if problem:
        raise UsageError(problem)
    graph_type = registry.graph_types[args.type]
    owner = args.owner or owner_of(whole)
    request = GraphRequest("drawn", owner, graph_type.name, projection=graph_type.projection, title=title)
    held = contents(whole.documents, owner)
    source = KeptSource(lambda: held)
    ctx = Context("drawn", OwnedInventory(source, owner), KeptFront(), NoStatus(), NoNotifier(), NoGuard())
    result = run_steps(registry.plans[graph_type.name], request, ctx, quiet, limit=settings.job_timeout)
    drawing = result.artifact(Drawing)
    if drawing is None or result.outcome.level != "finished":
        raise AnalyticsError(result.outcome.message)
    grid = replace(drawing.grid, graph=with_marks(drawing.graph, marks, findings))
    svg = render(grid, theme=request.theme, title=request.title, legend=request.legend)
    for target in targets:
        outputs.write(replace(drawing, svg=svg, grid=grid), target, registry, Size())
    print(f"drawn: {', '.join(one.shown for one in targets)}", file=sys.stderr)


def owner_of(whole: Whole) -> str:
    """The owner that all documents have."""
    found = [owners(one) for one in whole.documents.values()]
    common = frozenset.intersection(*found) if found else frozenset()
    return min(common, default="")


def contents(documents: Mapping[str, Document], owner: str) -> Contents:
    """Documents by ``collection/id`` as a source keeps them."""
    held: dict[str, dict[str, Document]] = {}
    for key, document in documents.items():
        collection, _, name = key.partition("/")
        held.setdefault(collection, {})[name] = document
    return Contents({name: dict(sorted(mine.items())) for name, mine in held.items()}, (owner,))  # type: ignore[arg-type]
