"""``python -m analytics``: the same stages for a terminal, without Redis.

One command, one file. Exit status: 0 drawn, 1 nothing to draw or an error, 2
wrong usage.
"""

from __future__ import annotations

import argparse
import contextlib
import sys
from collections.abc import Sequence
from typing import TextIO, cast

from .. import __version__
from ..errors import AnalyticsError, PluginError, SettingsError
from . import draw, join, plan, plugins, schema, secrets, settings, sources, symbols, validate
from .terminal import InertStream

#: Each command's module: ``add(subparsers)`` describes it and names its function.
COMMANDS = (draw, join, validate, sources, schema, plugins, plan, settings, secrets, symbols)


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m analytics", description=__doc__.split("\n\n")[0])
    parser.add_argument("--version", action="version", version=f"Analytics Maestro {__version__}")
    subparsers = parser.add_subparsers(dest="command", metavar="command", required=True)
    for command in COMMANDS:
        command.add(subparsers)
    args = parser.parse_args(argv)
    with contextlib.redirect_stderr(cast(TextIO, InertStream(sys.stderr))):
        return answer(args)


def answer(args: argparse.Namespace) -> int:
    """Run the command that was named; what it raises becomes a sentence and an exit status."""
    try:
        return int(args.run(args))
    except (SettingsError, PluginError) as exc:
        print(f"analytics: {exc}", file=sys.stderr)
        return 2
    except AnalyticsError as exc:
        print(f"analytics: {exc}", file=sys.stderr)
        return 1
    except BrokenPipeError:
        return 1
    except KeyboardInterrupt:
        return 130
