"""``completion``: what a shell needs to complete commands, options and files.

For bash: ``eval "$(analytics completion bash)"`` in ~/.bashrc; for zsh the same in ~/.zshrc; for tcsh likewise.
"""

from __future__ import annotations

import argparse
from typing import Any

SHELLS = ("bash", "zsh", "tcsh")


def add(subparsers: Any) -> None:
    """Describe the command."""
    command = subparsers.add_parser("completion", help="write a shell's completion", description=__doc__)
    command.add_argument("shell", choices=SHELLS)
    command.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Print the script."""
    import shtab

    from . import parser_of_all

    parser = parser_of_all()
    parser.prog = "analytics"
    with_files(parser)
    print(shtab.complete(parser, args.shell))
    return 0


def with_files(parser: argparse.ArgumentParser) -> None:
    """Let arguments that take files complete files."""
    import shtab

    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for inner in action.choices.values():
                with_files(inner)
        elif action.dest in ("inventory", "inventories", "out", "folder", "old", "new", "files"):
            action.complete = shtab.FILE  # type: ignore[attr-defined]
