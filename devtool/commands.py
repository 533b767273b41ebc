"""The commands and their arguments."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from . import check, environment, pinning
from .places import ROOT
from .signals import Interrupted
from .terminal import Stop, complain
from .up import up

#: Commands that read their own arguments.
PASSED_ON = ("test", "requirements", "docs", "pictures", "bench", "soak", "mutate", "attacks", "audit")


def parser() -> argparse.ArgumentParser:
    """What ``--help`` shows."""
    top = argparse.ArgumentParser(
        prog="python3 -m devtool",
        description="Set up, run, test and measure Analytics Maestro. Everything it makes is in .venv and .maestro.",
    )
    commands = top.add_subparsers(dest="command", required=True, metavar="command")
    start = commands.add_parser("up", help="start Redis, web and workers, and draw the sample inventory")
    start.add_argument("--once", action="store_true", help="draw, write the files and stop")
    start.add_argument("--out", type=Path, default=ROOT / "out", metavar="DIR", help="where --once writes (out/)")
    start.add_argument("--owner", default="", metavar="ID", help="whose inventory to draw (the file's first owner)")
    commands.add_parser("test", help="run the tests on a private Redis; arguments go to pytest", add_help=False)
    commands.add_parser("check", help="lint, format and types")
    commands.add_parser("requirements", help="write the locked requirement files; --upgrade for newer", add_help=False)
    commands.add_parser("docs", help="bring the documentation up to date and build its site", add_help=False)
    commands.add_parser("pictures", help="draw the pictures of the documentation", add_help=False)
    commands.add_parser("bench", help="run a benchmark by name, or list them", add_help=False)
    commands.add_parser("soak", help="draw many graphs while things are killed and fail", add_help=False)
    commands.add_parser("mutate", help="take out each guard, and see a test fail", add_help=False)
    commands.add_parser(
        "attacks", help="try every attack and fault of the list, and note what came out", add_help=False
    )
    commands.add_parser("sbom", help="write the bill of materials of a deployment, CycloneDX as JSON")
    commands.add_parser("audit", help="ask a database for weaknesses of what is locked", add_help=False)
    return top


def main(arguments: Sequence[str]) -> int:
    """Run a command; returns the exit status."""
    options, rest = parser().parse_known_args(arguments)
    if rest and options.command not in PASSED_ON:
        parser().error(f"unknown arguments: {' '.join(rest)}")
    try:
        match options.command:
            case "up":
                return up(once=options.once, out=options.out.absolute(), owner=options.owner)
            case "test":
                return check.test(arguments[1:])
            case "requirements":
                return pinning.pin(environment.prepare(), arguments[1:])
            case "docs":
                return check.module("devtool.docs", arguments[1:])
            case "pictures":
                return check.module("devtool.docs.pictures", arguments[1:])
            case "bench":
                return check.module("devtool.bench", arguments[1:])
            case "attacks":
                return check.module("devtool.attacks", arguments[1:])
            case "sbom" | "audit":
                return check.module("devtool.supply", arguments)
            case "soak" | "mutate":
                return check.prove(options.command, arguments[1:])
        return check.check()
    except Stop as stop:
        complain(stop)
        return 1
    except (Interrupted, KeyboardInterrupt):
        return 130
