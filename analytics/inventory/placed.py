"""JSON with the line and column of everything in it: for what is said to a person about a file."""

from __future__ import annotations

import json
import re
from bisect import bisect_right

from .yamltext import Parsed, Path, Place

_MARK = re.compile(r'\s*([{}\[\],:]|"(?:[^"\\]|\\.)*"|[^\s{}\[\],:"]+)')


def parse_plain_json(raw: bytes) -> tuple[Parsed, list[tuple[Path, Place, Place]]]:
    """The same without places, ten times as fast; that some key stands twice is told once, without its path.

    >>> parse_plain_json(b'{"a": 1, "a": 2}')[1]
    [(('a',), (1, 1), (1, 1))]
    """
    twice: list[tuple[Path, Place, Place]] = []

    def joined(pairs: list[tuple[str, object]]) -> dict[str, object]:
        found = dict(pairs)
        if len(found) < len(pairs):
            again = next(key for number, (key, _) in enumerate(pairs) if key in dict(pairs[:number]))
            twice.append(((again,), (1, 1), (1, 1)))
        return found

    try:
        value = json.loads(raw.decode("utf-8-sig", "replace"), object_pairs_hook=joined)
    except json.JSONDecodeError as exc:
        raise ValueError(f"line {exc.lineno}, column {exc.colno}: not JSON: {exc.msg}") from None
    except RecursionError:
        raise ValueError("nested too deeply") from None
    return Parsed(value, {}), twice


def parse_placed_json(raw: bytes) -> tuple[Parsed, list[tuple[Path, Place, Place]]]:
    """The value and its places, and every key that stands twice: its path, and both places.

    Raises :class:`ValueError` with line and column.

    >>> parsed, twice = parse_placed_json(b'{"a": 1,\\n "a": 2}')
    >>> parsed.value, twice
    ({'a': 2}, [(('a',), (1, 2), (2, 2))])
    """
    body = raw.decode("utf-8-sig", "replace")
    try:
        value = json.loads(body)
    except json.JSONDecodeError as exc:
        raise ValueError(f"line {exc.lineno}, column {exc.colno}: not JSON: {exc.msg}") from None
    except RecursionError:
        raise ValueError("nested too deeply") from None
    starts = [0, *(found.end() for found in re.finditer("\n", body))]

    def place(at: int) -> Place:
        row = bisect_right(starts, at)
        return row, at - starts[row - 1] + 1

    places: dict[Path, Place] = {}
    twice: list[tuple[Path, Place, Place]] = []
    path: list[str | int] = []
    wants_key = False
    for found in _MARK.finditer(body):
        mark, at = found[1], found.start(1)
        if path and isinstance(path[-1], int) and mark not in "]},:":
            places.setdefault(tuple(path), place(at))
        if mark in "{[":
            path.append("" if mark == "{" else 0)
            wants_key = mark == "{"
        elif mark in "}]":
            path.pop()
            wants_key = False
        elif mark == ",":
            if path and isinstance(path[-1], int):
                path[-1] += 1
            else:
                wants_key = True
        elif wants_key:
            path[-1] = json.loads(mark)
            key, here = tuple(path), place(at)
            if key in places:
                twice.append((key, places[key], here))
            places[key] = here
            wants_key = False
    return Parsed(value, places), twice
