"""``python -m analytics``: the same stages for a terminal, without Redis.

One command, one file, imported when it is asked for. Exit status: 0 drawn, 1 nothing to draw or an error, 2
wrong usage.
"""

from __future__ import annotations

import argparse
import contextlib
import sys
from collections.abc import Iterator, Sequence
from importlib import import_module
from typing import Any, TextIO, cast

from .. import __version__
from ..errors import AnalyticsError, PluginError, SettingsError, UsageError
from .terminal import InertStream

#: Each command's module, and its line of help. ``add(subparsers)`` of the module describes it and names its function.
COMMANDS = {
    "draw": (".draw", "draw a graph of an inventory"),
    "import": (".join", "write inventories of any format as one"),
    "impact": (".impact", "say what depends on things, and what they depend on"),
    "fail": (".fail", "say what follows when things fail"),
    "weak-points": (".weak", "list what brings down others by failing alone"),
    "diff": (".diff", "say what changed between two inventories"),
    "validate": (".validate", "say what is wrong in an inventory"),
    "sources": (".sources", "list the formats that can be read"),
    "schema": (".schema", "write the JSON Schema of an inventory"),
    "plugins": (".plugins", "list what plugin files offer"),
    "plan": (".plan", "show the steps of a graph type"),
    "settings": (".settings", "print the settings in force"),
    "secrets": (".secrets", "make the secrets of a deployment"),
    "symbols": (".symbols", "draw a contact sheet of all symbols"),
}


def modules() -> Iterator[Any]:
    """The modules of all commands."""
    for module, _ in COMMANDS.values():
        yield import_module(module, __name__)


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m analytics", description=__doc__.split("\n\n")[0])
    parser.add_argument("--version", action="version", version=f"Analytics Maestro {__version__}")
    subparsers = parser.add_subparsers(dest="command", metavar="command", required=True)
    words = sys.argv[1:] if argv is None else list(argv)
    for command, (module, said) in COMMANDS.items():
        if command in words[:1]:
            import_module(module, __name__).add(subparsers)
        else:
            subparsers.add_parser(command, help=said)
    args = parser.parse_args(words)
    with contextlib.redirect_stderr(cast(TextIO, InertStream(sys.stderr))):
        return answer(args)


def answer(args: argparse.Namespace) -> int:
    """Run the command that was named; what it raises becomes a sentence and an exit status."""
    try:
        return int(args.run(args))
    except (SettingsError, PluginError, UsageError) as exc:
        print(f"analytics: {exc}", file=sys.stderr)
        return 2
    except AnalyticsError as exc:
        print(f"analytics: {exc}", file=sys.stderr)
        return 1
    except BrokenPipeError:
        return 1
    except KeyboardInterrupt:
        return 130
