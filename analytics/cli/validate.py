"""``validate``: what is wrong in an inventory, each with file, line, column and what to mend."""

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
from ..pipeline.registry import load_configured
from ..settings import read
from ..sources import Located, NothingRead, read_estate
from ..sources.opening import is_own
from ..text import clean_text
from .terminal import inert

#: Characters of a remark in a line.
LONGEST = 1_000


def add(subparsers: Any) -> None:
    """Describe the command."""
    command = subparsers.add_parser("validate", help="say what is wrong in an inventory", description=__doc__)
    command.add_argument("file", type=Path, nargs="+", help="files or folders in any format that `sources` lists")
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
    found = found_in(args.file)
    remarks = [one.remark for one in found]
    if args.format == "json":
        print(json.dumps([{"file": one.file, **asdict(one.remark)} for one in found], indent=2, ensure_ascii=False))
    else:
        for one in found:
            print(line_of(Path(one.file), one.remark))
        print(f"{', '.join(map(str, args.file))}: {summary(remarks)}", file=sys.stderr)
    weighing = SEVERITIES[: SEVERITIES.index(args.fail_on) + 1] if args.fail_on != "never" else ()
    return 1 if any(one.severity in weighing for one in remarks) else 0


def found_in(paths: Sequence[Path]) -> Sequence[Located]:
    """Everything that is wrong in files of any format. Raises :class:`AnalyticsError` where one cannot be read."""
    readers = load_configured(read()).readers
    if len(paths) == 1 and not paths[0].is_dir() and is_own(paths[0], readers):
        return [Located(str(paths[0]), one) for one in remarks_of(paths[0])]
    try:
        return read_estate(paths, readers).remarks
    except NothingRead as exc:
        return exc.remarks


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
