"""From the bytes of a file to parts: JSON, lines of JSON, YAML, tables; packed or not, by content and not by name."""

from __future__ import annotations

import gc
import gzip
import io
import json
import re
from collections.abc import Callable, Sequence
from functools import cache, partial
from pathlib import Path as FilePath
from typing import Any

from .. import bounded
from ..bounded import LARGEST
from ..inventory.yamltext import Path, Place
from ..transport import parse_json
from .finding import Finder
from .parts import Part, Table
from .tables import is_workbook, parse_csv, parse_workbook
from .yamlstream import locators, parse_stream

#: How deep JSON may be nested.
DEPTH = 200
#: Lines of JSON in one file, each a document.
MOST_LINES = 1_000_000
#: Bytes of JSON whose depth is looked at; a larger file is bounded by the parser, which stops at 1,024.
DEEP = 1024 * 1024


def read_bytes(file: FilePath) -> bytes:
    """A file's bytes, unpacked where it is packed by gzip. Raises :class:`OSError` and :class:`ValueError`."""
    raw = bounded.read_bytes(file, LARGEST)
    if raw.startswith(b"\x1f\x8b"):
        try:
            with gzip.open(io.BytesIO(raw)) as packed:
                raw = packed.read(LARGEST + 1)
        except (OSError, EOFError) as exc:
            raise ValueError(f"packed, and cannot be unpacked: {exc}") from None
    if len(raw) > LARGEST:
        raise ValueError(f"larger than {LARGEST >> 20} MB")
    return raw


def parse_parts(file: FilePath, shown: str, folders: tuple[str, ...] = (), raw: bytes | None = None) -> list[Part]:
    """The documents of a file; none where it is empty. Raises :class:`OSError`; :class:`ValueError` with the place."""
    raw = read_bytes(file) if raw is None else raw
    again = partial(read_bytes, file)

    def part(
        value: Any, number: int = 0, line: int = 0, locate: Callable[[Path], Place] | None = None, **more: Any
    ) -> Part:
        return Part(shown, value, folders, file.name, number, line, locate=locate or json_locator(again), **more)

    if is_workbook(raw):
        return [part(table, number, locate=row_locator(table)) for number, table in enumerate(parse_workbook(raw))]
    refuse_binary(raw)
    body = raw.removeprefix(b"\xef\xbb\xbf").lstrip()
    if not body:
        return []
    if body[:1] in b"{[":
        try:
            value = parsed_json(raw.removeprefix(b"\xef\xbb\xbf"))
        except ValueError as exc:
            rows = json_lines(raw)
            if rows is not None:
                return [part(value, number, line, line_locator(line)) for number, (line, value) in enumerate(rows)]
            if file.suffix.lower() not in (".yaml", ".yml"):
                raise ValueError(told_json(raw, exc)) from None
        else:
            if len(raw) <= DEEP:
                refuse_depth(value)
            return [part(value)]
    text, lossy = decoded(raw)
    table = parse_csv(text) if looks_tabular(text) else None
    if table is not None:
        tags = frozenset({"not UTF-8"} if lossy else ())
        return [part(table, locate=row_locator(table), tags=tags)]
    if lossy:
        line = text[: text.find("\ufffd")].count("\n") + 1 if "\ufffd" in text else 1
        raise ValueError(f"line {line}: not UTF-8: save it as UTF-8")
    streamed = parse_stream(raw.removeprefix(b"\xef\xbb\xbf"))
    located = locators(again)
    return [
        part(one.value, number, one.line, located(number), tags=frozenset(one.tags))
        for number, one in enumerate(streamed)
    ]


def parsed_json(raw: bytes) -> Any:
    """One JSON value; collecting meanwhile would double the time."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        return parse_json(raw)
    finally:
        if collecting:
            gc.enable()


def refuse_binary(raw: bytes) -> None:
    """Raise for what is no text."""
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise ValueError("not UTF-8: save it as UTF-8")
    if raw.startswith(b"PK\x03\x04"):
        raise ValueError(
            "an archive (zip): unpack it first; of a Terraform plan draw the output of: terraform show -json"
        )
    if b"\0" in raw[:4096]:
        raise ValueError("not text")


def refuse_depth(value: Any) -> None:
    """Raise where a value is nested too deeply; readers walk it."""
    level: list[Any] = [value]
    depth = 0
    while level:
        depth += 1
        if depth > DEPTH:
            raise ValueError(f"nested more than {DEPTH} deep")
        deeper: list[Any] = []
        for one in level:
            for item in one.values() if isinstance(one, dict) else one if isinstance(one, list) else ():
                if isinstance(item, (dict, list)) and item:
                    deeper.append(item)  # noqa: PERF401 - a comprehension of three conditions reads worse
        level = deeper


def told_json(raw: bytes, problem: ValueError) -> str:
    """Why something is no JSON, with its place."""
    try:
        json.loads(raw.decode("utf-8-sig", "replace"))
    except json.JSONDecodeError as exc:
        return f"line {exc.lineno}, column {exc.colno}: not JSON: {exc.msg}"
    except RecursionError:
        return "nested too deeply"
    return f"not JSON: {problem}"


def json_lines(raw: bytes) -> list[tuple[int, Any]] | None:
    """Lines of JSON, each with its number; nothing where the first two are none."""
    found: list[tuple[int, Any]] = []
    for number, row in enumerate(io.BytesIO(raw), 1):  # one at a time: empty lines are many times as large in a list
        if not row.strip():
            continue
        if len(found) >= MOST_LINES:
            raise ValueError(f"line {number}: more than {MOST_LINES} lines of JSON; split it")
        try:
            found.append((number, parse_json(row)))
        except ValueError:
            if len(found) < 2:
                return None
            raise ValueError(f"line {number}: not JSON") from None
        refuse_depth(found[-1][1])
    return found if len(found) > 1 else None


def decoded(raw: bytes) -> tuple[str, bool]:
    """The text, and whether it was not UTF-8 (then it is read as Windows writes it)."""
    try:
        return raw.decode("utf-8-sig"), False
    except UnicodeDecodeError:
        return raw.decode("cp1252", "replace"), True


def looks_tabular(text: str) -> bool:
    """Whether the first two lines have the same delimiter, and nothing that YAML or code has."""
    lines = [line for line in text.lstrip().split("\n", 3)[:3] if line.strip()]
    if lines and lines[0].lower().startswith("sep="):
        return True
    if len(lines) < 2 or re.match(r"\s*(---|#|[\w.-]+:(\s|$)|[{\[<])", lines[0]):
        return False
    mark = max(",;\t|", key=lines[0].count)
    return lines[0].count(mark) > 0 and lines[1].count(mark) > 0


def json_locator(again: Callable[[], bytes]) -> Callable[[Path], Place]:
    """Line and column of a path into a JSON file, which is read again when somebody asks."""

    @cache
    def finder() -> Finder:
        try:
            return Finder(again().decode("utf-8-sig", "replace"))
        except (OSError, ValueError):
            return Finder("")

    return lambda path: finder().place(path)


def line_locator(line: int) -> Callable[[Path], Place]:
    """The place of everything in one line."""
    return lambda _path: (line, 1)


def row_locator(table: Table) -> Callable[[Path], Place]:
    """Line and column (counted in cells) of ``(row, column)`` in a table."""

    def locate(path: Path) -> Place:
        row = path[0] if path and isinstance(path[0], int) else -1
        column = path[1] if len(path) > 1 and isinstance(path[1], int) else 0
        return (table.lines[row], column + 1) if 0 <= row < len(table.lines) else (1, 1)

    return locate


def places_of(parts: Sequence[Part]) -> list[str]:
    """The files of parts, each once, in their order."""
    return list(dict.fromkeys(part.file for part in parts))
