"""``symbols``: a contact sheet of every symbol, size and mark, as SVG."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from ..drawing import contact_sheet
from ..model.kinds import PROJECTIONS, THEMES


def add(subparsers: Any) -> None:
    """Describe the command."""
    command = subparsers.add_parser("symbols", help="draw a contact sheet of all symbols", description=__doc__)
    command.add_argument("-o", "--out", type=Path, help="file to write; standard output without it")
    command.add_argument("--theme", choices=THEMES, default="light", help="colours (default: light)")
    command.add_argument("--projection", choices=PROJECTIONS, default="isometric", help="of the ground")
    command.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Write the sheet."""
    sheet = contact_sheet(args.theme, args.projection)
    if args.out is None:
        sys.stdout.write(sheet)
    else:
        args.out.write_text(sheet, encoding="utf-8")
    return 0
