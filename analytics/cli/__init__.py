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
from pathlib import Path
from typing import Any, TextIO, cast

from .. import __version__
from ..errors import AnalyticsError, PluginError, SettingsError, UsageError
from . import defaults
from .terminal import InertStream, inert

#: Each command's module, and its line of help. ``add(subparsers)`` of the module describes it and names its function.
COMMANDS = {
    "draw": (".draw", "draw a graph of an inventory"),
    "import": (".join", "write inventories of any format as one"),
    "impact": (".impact", "say what depends on things, and what they depend on"),
    "fail": (".fail", "say what follows when things fail"),
    "weak-points": (".weak", "list what brings down others by failing alone"),
    "diff": (".diff", "say what changed between two inventories"),
    "check": (".check", "hold an inventory against rules"),
    "report": (".report", "write pages about an inventory, or a database"),
    "verify": (".verify", "say whether a picture is what an inventory gives"),
    "ci": (".ci", "validate, compare, check and draw a change"),
    "validate": (".validate", "say what is wrong in an inventory"),
    "sources": (".sources", "list the formats that can be read"),
    "schema": (".schema", "write the JSON Schema of an inventory or a graph"),
    "serve": (".serve", "start web and workers in this terminal"),
    "submit": (".submit", "ask a running service for a graph"),
    "link": (".link", "print the signed address of a graph"),
    "open": (".browse", "open a graph's page in the browser"),
    "plugins": (".plugins", "list what plugin files offer"),
    "plan": (".plan", "show the steps of a graph type"),
    "settings": (".settings", "print the settings in force"),
    "secrets": (".secrets", "make the secrets of a deployment"),
    "symbols": (".symbols", "draw a contact sheet of all symbols"),
    "new-graph-type": (".new", "write the file of a graph type, and its test"),
    "new-stage": (".new", "write the file of a stage, and its test"),
    "new-source": (".new", "write the file of a reader of a format, and its test"),
    "completion": (".completion", "write a shell's completion"),
}


def modules() -> Iterator[Any]:
    """The modules of all commands."""
    for module in dict.fromkeys(module for module, _ in COMMANDS.values()):
        yield import_module(module, __name__)


def parser_of_all() -> argparse.ArgumentParser:
    """The parser with all commands described."""
    parser, subparsers = empty_parser()
    for module in modules():
        module.add(subparsers)
    return parser


def empty_parser() -> tuple[argparse.ArgumentParser, Any]:
    """The parser, and where its commands are added."""
    parser = argparse.ArgumentParser(prog="python -m analytics", description=__doc__.split("\n\n")[0])
    parser.add_argument("--version", action="version", version=f"Analytics Maestro {__version__}")
    return parser, parser.add_subparsers(dest="command", metavar="command", required=True)


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit status."""
    parser, subparsers = empty_parser()
    words = sys.argv[1:] if argv is None else list(argv)
    for command, (module, said) in COMMANDS.items():
        if command in subparsers.choices:
            continue
        if command in words[:1]:
            import_module(module, __name__).add(subparsers)
        else:
            subparsers.add_parser(command, help=said)
    try:
        if words[:1] and words[0] in COMMANDS:
            defaults.apply(subparsers.choices[words[0]], words, tuple(COMMANDS), Path.cwd())
    except UsageError as exc:
        print(f"analytics: {inert(str(exc))}", file=sys.stderr)
        return 2
    args = parser.parse_args(words)
    with contextlib.ExitStack() as inside:
        inside.enter_context(contextlib.redirect_stderr(cast(TextIO, InertStream(sys.stderr))))
        if sys.stdout.isatty():  # what a pipe or a file takes is data, to the byte
            inside.enter_context(contextlib.redirect_stdout(cast(TextIO, InertStream(sys.stdout))))
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
