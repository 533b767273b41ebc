"""YAML from people, read so that it can neither explode nor run anything, and so that words stay words.

The library finds what a file is made of; what a plain word means is decided
here, as YAML 1.2 does: ``no``, ``on`` and ``22:22`` are text, and so are dates
and numbers that begin with a zero, which are ids more often than not.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

import yaml

#: How deep a YAML file may be nested, and how large it may be in bytes: its reader is slow and recursive.
YAML_DEPTH = 100
YAML_BYTES = 32 * 1024 * 1024
#: How many values aliases (``*name``) may stand for, beside those that are written.
YAML_ALIASED = 20_000

_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_NULL = frozenset({"", "~", "null", "Null", "NULL"})
_TRUTH = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
_WHOLE = re.compile(r"[-+]?(0|[1-9][0-9]{0,17})").fullmatch
_FRACTION = re.compile(r"[-+]?(0|[1-9][0-9]*)?\.[0-9]+([eE][-+]?[0-9]+)?|[-+]?(0|[1-9][0-9]*)[eE][-+]?[0-9]+").fullmatch

Path = tuple[str | int, ...]
Place = tuple[int, int]


@dataclass
class Parsed:
    """A parsed file: its value, and the line and column of every key and item of a list, by the path to it."""

    value: Any = None
    places: dict[Path, Place] = field(default_factory=dict)


def parse_yaml(raw: bytes) -> Any:
    """``raw`` as a YAML document. Raises :class:`ValueError` that says what is wrong and where."""
    return parse_placed_yaml(raw).value


def parse_placed_yaml(raw: bytes) -> Parsed:
    """``raw`` as a YAML document, with the places of what is in it. Raises :class:`ValueError`."""
    if len(raw) > YAML_BYTES:
        raise ValueError(f"larger than {YAML_BYTES >> 20} MB, which is much for YAML; write it as JSON")
    depth = documents = 0
    try:
        for event in yaml.parse(raw, Loader=_Loader):
            depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
            documents += isinstance(event, yaml.DocumentStartEvent)
            if depth > YAML_DEPTH:
                raise ValueError(f"{line(event.start_mark)}nested more than {YAML_DEPTH} deep")
            if documents > 1 and isinstance(event, yaml.DocumentStartEvent):
                raise ValueError(f"{line(event.start_mark)}a second document begins here; an inventory is one")
        node = yaml.compose(raw, Loader=_Loader)
    except yaml.MarkedYAMLError as exc:
        raise ValueError(f"{line(exc.problem_mark)}not YAML: {exc.problem or exc.context}") from None
    except yaml.YAMLError:
        raise ValueError("not YAML") from None
    return _Reading().read(node)


class _Reading:
    """One file on its way from the library's nodes to plain values."""

    def __init__(self) -> None:
        self.parsed = Parsed()
        self.seen: set[int] = set()
        self.open: set[int] = set()
        self.aliased = 0

    def read(self, node: Any) -> Parsed:
        """The whole file."""
        self.parsed.value = self.value(node, ()) if node is not None else None
        return self.parsed

    def value(self, node: Any, path: Path) -> Any:
        """What a node says. Raises :class:`ValueError`."""
        if id(node) in self.open:
            raise ValueError(f"{line(node.start_mark)}aliases (*name) that stand for what holds them")
        if id(node) in self.seen:
            self.aliased += 1
        again = id(node) in self.seen
        self.seen.add(id(node))
        if isinstance(node, yaml.ScalarNode):
            return scalar(node)
        self.open.add(id(node))
        size = len(node.value)
        self.aliased += size if again else 0
        if self.aliased > YAML_ALIASED:
            raise ValueError(f"{line(node.start_mark)}aliases (*name) stand for more than {YAML_ALIASED} values")
        found: Any = self.mapping(node, path) if isinstance(node, yaml.MappingNode) else self.sequence(node, path)
        self.open.discard(id(node))
        return found

    def sequence(self, node: Any, path: Path) -> list[Any]:
        """A list."""
        plain(node, "tag:yaml.org,2002:seq")
        found = []
        for number, item in enumerate(node.value):
            self.parsed.places[(*path, number)] = place_of(item)
            found.append(self.value(item, (*path, number)))
        return found

    def mapping(self, node: Any, path: Path) -> dict[str, Any]:
        """An object; ``<<`` takes in others, and a key that stands twice is refused."""
        plain(node, "tag:yaml.org,2002:map")
        found: dict[str, Any] = {}
        taken: dict[str, Any] = {}
        lines: dict[str, int] = {}
        for key, item in node.value:
            if not isinstance(key, yaml.ScalarNode):
                raise ValueError(f"{line(key.start_mark)}a key that is no text")
            name = str(key.value)
            where = key.start_mark.line + 1
            if name in lines:
                raise ValueError(f"line {where}: the key {name!r} stands twice, here and on line {lines[name]}")
            lines[name] = where
            if name == "<<" and not key.style:
                merged = self.value(item, (*path, name))
                for one in reversed(merged if isinstance(merged, list) else [merged]):
                    if not isinstance(one, dict):
                        raise ValueError(f"line {where}: << takes objects")
                    taken |= one
                continue
            self.parsed.places[(*path, name)] = place_of(key)
            found[name] = self.value(item, (*path, name))
        return taken | found


def scalar(node: Any) -> Any:
    """A plain word as null, a truth, a number or the text it is; a quoted one as text."""
    if not node.tag.startswith("tag:yaml.org,2002:"):
        plain(node, "")
    if node.style or (node.tag.endswith(":str") and not _FRACTION(node.value)):
        return node.value
    word = node.value
    if word in _NULL:
        return None
    if word in _TRUTH:
        return _TRUTH[word]
    if _WHOLE(word):
        return int(word)
    return float(word) if _FRACTION(word) else word


def plain(node: Any, tag: str) -> None:
    """Refuse a tag that would make something of its own of a node."""
    if node.tag != tag:
        raise ValueError(f"{line(node.start_mark)}not YAML of plain values: {node.tag}")


def place_of(node: Any) -> Place:
    """Line and column, from 1."""
    return node.start_mark.line + 1, node.start_mark.column + 1


def line(mark: Any) -> str:
    """Where in a YAML file, as the beginning of a sentence."""
    return f"line {mark.line + 1}: " if mark is not None else ""
