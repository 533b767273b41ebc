"""What options are without being given: ``analytics.toml``, or ``[tool.analytics]`` of a ``pyproject.toml``.

The nearest one is read, from the working folder up to the root of its git
checkout; outside of one, the working folder's. A table for each command, with the long names of its options::

    [draw]
    type = "infra"
    theme = "dark"
    out = ["estate.svg", "estate.md"]
"""

from __future__ import annotations

import argparse
import re
import tomllib
from collections.abc import Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from ..bounded import read_text
from ..errors import UsageError

FILE, SHARED = "analytics.toml", "pyproject.toml"


def find(start: Path) -> tuple[Path, dict[str, Any]] | None:
    """The nearest file that says something, and its tables. Raises :class:`UsageError` for one that is no TOML."""
    for folder in folders(start):
        for name in (FILE, SHARED):
            path = folder / name
            if path.is_file():
                tables = read(path)
                if name == SHARED:
                    tables = tables.get("tool", {}).get("analytics")
                if tables is not None:
                    return path, tables
    return None


def folders(start: Path) -> list[Path]:
    """Where a file may stand: what lies above a checkout is somebody else's."""
    above = [start, *start.parents]
    root = next((place for place, folder in enumerate(above) if (folder / ".git").exists()), 0)
    return above[: root + 1]


def read(path: Path) -> dict[str, Any]:
    """The tables of a file. Raises :class:`UsageError`."""
    try:
        return tomllib.loads(read_text(path))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as exc:
        raise UsageError(f"{path}: {exc}") from None
    except OSError as exc:
        raise UsageError(f"{path}: {exc.strerror}") from None


def apply(parser: argparse.ArgumentParser, words: Sequence[str], known: tuple[str, ...], start: Path) -> None:
    """Set what a command's options are without being given; ``words`` are the command and what was given.

    Raises :class:`UsageError`, with the line, for what is unknown.
    """
    found = find(start)
    if found is None:
        return
    path, tables = found
    for name, table in tables.items():
        if name not in known or not isinstance(table, dict):
            raise UsageError(f"{place(path, name)}: there is no command {name}{near(name, known)}")
    options = {option: action for action in parser._actions for option in action.option_strings}
    command = words[0]
    for key, value in tables.get(command, {}).items():
        action = options.get(f"--{key}")
        if action is None:
            names = tuple(option.removeprefix("--") for option in options if option.startswith("--"))
            raise UsageError(f"{place(path, key)}: {command} has no option {key}{near(key, names)}")
        default = meant(action, key, value, path)
        if not given(action, words[1:]):  # argparse would add what is given to the default of a repeatable option
            action.default, action.required = default, False


def given(action: argparse.Action, words: Sequence[str]) -> bool:
    """Whether an option stands on the command line.

    >>> option = argparse.ArgumentParser().add_argument("-o", "--out")
    >>> given(option, ["--out=a"]), given(option, ["-oa"]), given(option, ["--outer"])
    (True, True, False)
    """
    return any(
        word.partition("=")[0] == option if option.startswith("--") else word.startswith(option)
        for option in action.option_strings
        for word in words
    )


def meant(action: argparse.Action, key: str, value: Any, path: Path) -> Any:
    """A value as the option takes it. Raises :class:`UsageError`."""
    if action.nargs == 0:
        if not isinstance(value, bool):
            raise UsageError(f"{place(path, key)}: {key} is true or false")
        return action.const if value else action.default
    repeatable = isinstance(action, argparse._AppendAction)
    values = value if isinstance(value, list) else [value]
    if len(values) != 1 and not repeatable:
        raise UsageError(f"{place(path, key)}: {key} takes one value")
    convert: Any = action.type or str
    taken = []
    for one in values:
        if not isinstance(one, str | int | float) or isinstance(one, bool):
            raise UsageError(f"{place(path, key)}: {key} takes text or numbers")
        try:
            taken.append(convert(str(one)))
        except (ValueError, argparse.ArgumentTypeError):
            raise UsageError(f"{place(path, key)}: {key} does not take {one!r}") from None
        if action.choices is not None and taken[-1] not in action.choices:
            raise UsageError(f"{place(path, key)}: {key} is one of {', '.join(map(str, action.choices))}")
    return taken if repeatable else taken[0]


def near(name: str, known: tuple[str, ...]) -> str:
    """A hint at what may be meant."""
    close = get_close_matches(name, known, 1, 0.6)
    return f": did you mean {close[0]}?" if close else f"; there are {', '.join(sorted(known))}"


def place(path: Path, key: str) -> str:
    """The file and the line on which a key stands."""
    pattern = re.compile(rf"\s*\[?\[?(?:tool\.analytics\.)?[\"']?{re.escape(key)}[\"']?\s*(?:=|\]|\.)")
    for number, line in enumerate(read_text(path).splitlines(), 1):
        if pattern.match(line):
            return f"{path}:{number}"
    return str(path)
