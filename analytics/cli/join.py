"""``import``: read inventories of any format and write them as one, in this service's own documents."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from ..errors import AnalyticsError
from ..pipeline.registry import load_configured
from ..settings import read
from ..sources.writing import as_json, as_yaml
from . import inputs


def add(subparsers: Any) -> None:
    """Describe the command."""
    command = subparsers.add_parser("import", help="write inventories of any format as one", description=__doc__)
    inputs.add(command)
    command.add_argument("-o", "--out", type=Path, required=True, help="file to write: .yaml or .json")
    command.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Write the joined inventory; 0 written, 1 nothing could be read, 2 wrong usage."""
    registry = load_configured(read())
    if problem := inputs.problem(args, registry):
        print(f"analytics import: {problem}", file=sys.stderr)
        return 2
    if args.out.suffix.lower() not in (".yaml", ".yml", ".json"):
        print(f"analytics import: cannot write {args.out.suffix or args.out.name}: .yaml or .json", file=sys.stderr)
        return 2
    estate = inputs.estate_of(args, registry)
    for line in inputs.account_of(estate):
        print(line, file=sys.stderr)
    write = as_json if args.out.suffix.lower() == ".json" else as_yaml
    try:
        args.out.write_text(write(estate.documents), encoding="utf-8")
    except OSError as exc:
        raise AnalyticsError(f"cannot write {args.out}: {exc.strerror}") from None
    return 0
