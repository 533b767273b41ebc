"""``--anchor``: the earlier picture, or earlier inventory, whose places a new picture keeps."""

from __future__ import annotations

import argparse
from pathlib import Path

from ..bounded import LARGEST, read_text
from ..errors import AnalyticsError, UsageError
from ..export.earlier import anchor_in, is_picture
from ..layout.anchored.keeping import fits
from ..model.anchor import Anchor, anchor_of
from ..model.artifacts import Drawing, GraphRequest
from ..model.kinds import Projection
from ..pipeline.registry import Registry
from ..settings import Settings, scheme_of
from ..sources.opening import FILES
from . import asking, inputs
from .running import drawn


def add(command: argparse.ArgumentParser, said: str) -> None:
    """The argument; ``said`` is its help."""
    command.add_argument("--anchor", metavar="OLD", help=said)


def anchor_for(
    args: argparse.Namespace, request: GraphRequest, registry: Registry, settings: Settings
) -> Anchor | None:
    """The places that a request's picture keeps; nothing where no earlier picture is named.

    Raises :class:`UsageError` for one of another type or projection, :class:`AnalyticsError` where it cannot be read.
    """
    if not args.anchor:
        return None
    if scheme_of(args.anchor) not in FILES:
        raise UsageError("--anchor takes a picture or an inventory in a file")
    path = Path(args.anchor)
    if not path.exists():
        raise UsageError(f"{path}: there is no such file")
    found = _in_picture(path) or _of_inventory(args, request, registry, settings)
    projection: Projection = request.projection or registry.graph_types[request.graph_type].projection
    if not fits(found, request.graph_type, projection):
        raise UsageError(
            f"{path} is a picture of type {found.type}, {found.projection}; "
            f"this one is {request.graph_type}, {projection}: places cannot be kept"
        )
    return found


def _in_picture(path: Path) -> Anchor | None:
    """The places in a picture; nothing where the file is none."""
    if path.is_dir():
        return None
    try:
        text = read_text(path, LARGEST)
    except UnicodeDecodeError:
        return None
    except OSError as exc:
        raise UsageError(f"{path}: cannot be read: {exc.strerror}") from None
    if not is_picture(text):
        return None
    try:
        return anchor_in(text)
    except ValueError as exc:
        raise AnalyticsError(f"{path}: {exc}") from None


def _of_inventory(args: argparse.Namespace, request: GraphRequest, registry: Registry, settings: Settings) -> Anchor:
    """The places in the picture that the request gives of an earlier inventory."""
    named = argparse.Namespace(inventory=[args.anchor], reader=args.reader)
    with inputs.open_given(named, settings, registry) as given:
        result = drawn(asking.owned(given.source, request.owner_id), request, registry, settings)
    drawing = result.artifact(Drawing)
    if drawing is None:
        raise AnalyticsError(f"{args.anchor}: {result.outcome.message}: there are no places to keep")
    return anchor_of(drawing.grid)
