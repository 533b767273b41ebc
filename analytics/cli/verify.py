"""``verify``: whether a picture is what an inventory gives: the same bytes, what differs, or another version's."""

from __future__ import annotations

import argparse
import hashlib
import platform
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from ..about import VERSION
from ..answers.proof import Origin, carried, differing, digest_of_anchor, digests_of, edited, request_of, with_proof
from ..answers.whole import documents_of
from ..bounded import LARGEST, read_text
from ..errors import UsageError
from ..inventory.owned import OwnedInventory
from ..model.anchor import Anchor
from ..model.artifacts import Drawing, GraphRequest
from ..pipeline.registry import Registry, built_in, candidates, load_configured
from ..settings import Settings, read
from . import anchored, asking, inputs
from .running import drawn

#: The exit status where it cannot be told.
CANNOT_TELL = 3


def add(subparsers: Any) -> None:
    """Describe the command."""
    command = subparsers.add_parser(
        "verify", help="say whether a picture is what an inventory gives", description=__doc__
    )
    command.add_argument("picture", type=Path, help="an SVG or JSON that `draw` wrote")
    inputs.add(command)
    anchored.add(command, "the earlier picture or inventory that it was anchored to")
    command.add_argument("--json", action="store_true", help="the answer as JSON (default: words)")
    command.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Say it; 0 the same bytes, 1 it differs, 2 wrong usage, 3 it cannot be told."""
    try:
        text = read_text(args.picture, LARGEST)
    except OSError as exc:
        raise UsageError(f"{args.picture}: cannot be read: {exc.strerror}") from None
    except UnicodeDecodeError:
        return say(args, 1, ["the picture was edited: it is no text"])
    record = carried(text)
    if record is None:
        return say(
            args, CANNOT_TELL, ["the picture carries no record: it was not drawn by `draw` from files, or edited"]
        )
    if problem := edited(text, record):
        return say(args, 1, [problem])
    settings = replace(read(), data_uri=args.inventory[0], front_uri="", websocket_uri="")
    registry = load_configured(settings)
    if problem := inputs.problem(args, registry):
        raise UsageError(problem)
    try:
        request = request_of(record)
    except ValueError as exc:
        return say(args, CANNOT_TELL, [str(exc)])
    with inputs.open_given(args, settings, registry) as given:
        if (owners := given.source.owners()) and request.owner_id not in owners:
            return say(args, 1, ["the inventory differs: it has nothing of the picture's owner"])
        owned = asking.owned(given.source, request.owner_id)
        anchor = anchored.anchor_for(args, request, registry, settings)
        now = origin_of(owned, request, settings, anchor)
        found = differing(record, now)
        if record.get("version") != VERSION or record.get("python") != now.python:
            by = f"Analytics Maestro {record.get('version')} on Python {record.get('python')}"
            found.append(f"it was drawn by {by}, this is {VERSION} on Python {now.python}: it cannot be told")
            return say(args, CANNOT_TELL, found)
        if found:
            return say(args, 1, found)
        if record.get("anchor") and anchor is None:
            return say(args, CANNOT_TELL, ["it was anchored to an earlier picture: name that with --anchor"])
        again = redrawn(owned, request, registry, settings, json=text.startswith("{"), anchor=anchor)
    if with_proof(again, now) != text:
        return say(args, 1, ["inventory, request, plugins and version are the same, and the picture is not"])
    return say(args, 0, [])


def say(args: argparse.Namespace, status: int, found: list[str]) -> int:
    """Say the answer; returns the exit status."""
    word = {0: "same", 1: "differs", CANNOT_TELL: "cannot-tell"}[status]
    if args.json:
        asking.show_json({"question": "verify", "answer": word, "because": found})
    else:
        asking.show(found or ["the same bytes: the picture is what this inventory gives"])
    return status


def redrawn(
    owned: OwnedInventory,
    request: GraphRequest,
    registry: Registry,
    settings: Settings,
    *,
    json: bool,
    anchor: Anchor | None = None,
) -> str:
    """What the request gives now. Raises :class:`AnalyticsError` where it gives nothing."""
    result = drawn(owned, request, registry, settings, anchor=anchor)
    drawing = result.artifact(Drawing)
    if drawing is None:
        print(f"{result.outcome.level}: {result.outcome.message}", file=sys.stderr)
        return ""
    return str(registry.formats["json"].write(drawing.grid)) if json else drawing.svg  # type: ignore[union-attr]


def origin_of(owned: OwnedInventory, request: GraphRequest, settings: Settings, anchor: Anchor | None = None) -> Origin:
    """What a picture of this inventory and request is drawn from, here and now."""
    documents = documents_of(owned)
    python = ".".join(platform.python_version_tuple()[:2])
    plugins, digests = plugins_of(settings), digests_of(documents)
    return Origin(documents, request, VERSION, python, plugins, digests, digest_of_anchor(anchor))


def plugins_of(settings: Settings) -> Mapping[str, str]:
    """The digest of each plugin's file, and one of all that are built in."""
    own = hashlib.sha256()
    found: dict[str, str] = {}
    folder = built_in()
    drop_ins = [Path(settings.plugins_dir).expanduser()] if settings.plugins_dir else []
    for one in candidates([folder, *drop_ins], entry_points=True):
        if one.name in settings.blocked_plugins:
            continue
        path = one.source if isinstance(one.source, Path) else module_file(one.source.module)
        raw = path.read_bytes() if path else b""
        if path and path.is_relative_to(folder):
            own.update(one.name.encode() + b"\0" + raw + b"\0")
        else:
            found[one.name] = hashlib.sha256(raw).hexdigest()[:16]
    return {"built-in": own.hexdigest()[:16], **found}


def module_file(module: str) -> Path | None:
    """The file of an installed plugin, which is loaded."""
    file = getattr(sys.modules.get(module), "__file__", None)
    return Path(file) if file else None
