"""``new-graph-type``, ``new-stage``, ``new-source``: write a plugin file that works, and its test.

The file does something small as it is: run its test, then change both. A folder
of such files is given to the service, and to every command, in MAESTRO_PLUGINS_DIR.
"""

from __future__ import annotations

import argparse
import re
import sys
from functools import partial
from importlib.resources import files
from pathlib import Path
from string import Template
from typing import Any

from ..errors import AnalyticsError, UsageError

WHAT = {"graph_type": "a graph type", "stage": "a stage", "source": "a reader of a format"}
KINDS = {"new-graph-type": "graph_type", "new-stage": "stage", "new-source": "source"}


def add(subparsers: Any) -> None:
    """Describe the commands."""
    for command, kind in KINDS.items():
        if command in subparsers.choices:
            continue
        words = f"write the file of a {kind.replace('_', ' ')}, and its test".replace(
            "a source", "a reader of a format"
        )
        described = subparsers.add_parser(command, help=words, description=__doc__)
        described.add_argument("name", help="what it is called: lower-case letters, digits and _, letter first")
        described.add_argument("folder", nargs="?", type=Path, default=Path("."), help="where (default: here)")
        described.set_defaults(run=partial(run, kind))


def run(kind: str, args: argparse.Namespace) -> int:
    """Write both files; one that is there is left alone."""
    name: str = args.name
    if not re.fullmatch(r"[a-z][a-z0-9_]{0,39}", name):
        raise UsageError(f"{name!r}: a name is lower-case letters, digits and _, at most 40, letter first")
    if not args.folder.is_dir():
        raise UsageError(f"there is no folder {args.folder}")
    words = {"name": name, "title": name.replace("_", " ").capitalize()}
    written = []
    for path, template in ((f"{name}.py", kind), (f"test_{name}.py", f"test_{kind}")):
        source = files("analytics.cli").joinpath("templates", f"{template}.txt").read_text(encoding="utf-8")
        target = args.folder / path
        try:
            with target.open("x", encoding="utf-8") as file:
                file.write(Template(source).substitute(words))
        except FileExistsError:
            raise AnalyticsError(f"{target} is there already; choose another name") from None
        except OSError as exc:
            raise AnalyticsError(f"cannot write {target}: {exc.strerror}") from None
        written.append(target)
    print(f"written: {', '.join(map(str, written))}", file=sys.stderr)
    print(f"its test: python -m pytest {written[1]}", file=sys.stderr)
    print(f"its folder for the service and the commands: MAESTRO_PLUGINS_DIR={args.folder.resolve()}", file=sys.stderr)
    return 0
