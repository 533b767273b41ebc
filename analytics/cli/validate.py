"""``validate``: what is wrong in an inventory's file, each with line, column and what to mend."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from ..errors import AnalyticsError
from ..inventory.check import SEVERITIES, Remark, check_file, summary
from ..text import clean_text
from .terminal import inert

#: Characters of a remark in a line.
LONGEST = 1_000


def add(subparsers: Any) -> None:
    """Describe the command."""
    command = subparsers.add_parser("validate", help="say what is wrong in an inventory's file", description=__doc__)
    command.add_argument("file", type=Path, help="a JSON or YAML file")
    command.add_argument("--format", choices=("text", "json"), default="text", help="of what is said (default: text)")
    command.add_argument(
        "--fail-on",
        choices=(*SEVERITIES, "never"),
        default="error",
        help="exit status 1 where something of this weight, or above, is found (default: error)",
    )
    command.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Print the remarks; 1 where one weighs as much as ``--fail-on`` says."""
    remarks = remarks_of(args.file)
    if args.format == "json":
        print(json.dumps([{"file": str(args.file), **asdict(one)} for one in remarks], indent=2, ensure_ascii=False))
    else:
        for one in remarks:
            print(line_of(args.file, one))
        print(f"{args.file}: {summary(remarks)}", file=sys.stderr)
    weighing = SEVERITIES[: SEVERITIES.index(args.fail_on) + 1] if args.fail_on != "never" else ()
    return 1 if any(one.severity in weighing for one in remarks) else 0


def remarks_of(file: Path) -> Sequence[Remark]:
    """Everything that is wrong in a file. Raises :class:`AnalyticsError` where it cannot be read."""
    try:
        return check_file(file)
    except OSError as exc:
        raise AnalyticsError(f"cannot read {file}: {exc.strerror}") from None


def line_of(file: Path, remark: Remark) -> str:
    """A remark as compilers write theirs, so that editors can jump to it; nothing in it is active."""
    where = f" ({remark.where})" if remark.where else ""
    return inert(clean_text(f"{file}:{remark.line}:{remark.column}: {remark.severity}: {remark.text}{where}", LONGEST))
