"""A YAML file of several documents, as the tools of other formats write them, within a budget.

Words are read as :mod:`analytics.inventory.yamltext` reads them (YAML 1.2);
tags of other programs (``!Ref``) are passed over and told.
"""

from __future__ import annotations

import gc
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache, partial
from typing import Any

import yaml

from ..inventory.yamltext import YAML_ALIASED, YAML_BYTES, Path, Place, line, scalar

_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
#: How deep other programs' files may be nested, and the largest of them in bytes.
DEPTH = 200
_INDENT = re.compile(rb"(?m)^[ ?-]*")
_NO_BRACKETS = bytes(byte for byte in range(256) if byte not in b"[]{}")
LARGEST = 4 * YAML_BYTES
_PLAIN = "tag:yaml.org,2002:"


@dataclass
class Streamed:
    """One document: its value, the line it begins on, the tags that were passed over."""

    value: Any
    line: int
    tags: set[str] = field(default_factory=set)


def parse_stream(raw: bytes) -> list[Streamed]:
    """Every document of ``raw`` that is not empty. Raises :class:`ValueError` that says what is wrong and where."""
    if len(raw) > LARGEST:
        raise ValueError(f"larger than {LARGEST >> 20} MB, which is much for YAML; write it as JSON")
    found = []
    # Many objects and no garbage: collecting meanwhile doubles the time.
    collecting = gc.isenabled()
    gc.disable()
    try:
        check_depth(raw)
        nodes: Iterator[Any] = yaml.compose_all(raw, Loader=_Loader)
        for node in nodes:
            if node is None:
                continue
            streamed = Streamed(None, node.start_mark.line + 1)
            streamed.value = _Building(streamed).value(node)
            if streamed.value is not None:
                found.append(streamed)
    except yaml.MarkedYAMLError as exc:
        raise ValueError(f"{line(exc.problem_mark)}not YAML: {exc.problem or exc.context}") from None
    except (yaml.YAMLError, RecursionError):
        raise ValueError("not YAML") from None
    finally:
        if collecting:
            gc.enable()
    return found


def check_depth(raw: bytes) -> None:
    """Refuse nesting that the library's reader would not survive. Raises :class:`ValueError`."""
    if deepest(raw) <= DEPTH:
        return
    depth = 0
    for event in yaml.parse(raw, Loader=_Loader):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > DEPTH:
                raise ValueError(f"{line(event.start_mark)}nested more than {DEPTH} deep")
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1


def deepest(raw: bytes) -> int:
    """No less than the depth of nesting, found without parsing: what files that are not deep need to be asked.

    >>> deepest(b"a: {b: [1, {c: 2}]}")
    5
    """
    block = max(map(len, _INDENT.findall(raw)), default=0)
    marks = raw.translate(None, _NO_BRACKETS)
    flow = 0
    while flow <= DEPTH and (less := marks.replace(b"[]", b"").replace(b"{}", b"")) != marks:
        marks, flow = less, flow + 2  # one pass takes away a pair of each kind
    return block + flow + marks.count(b"[") + marks.count(b"{") + 1


class _Building:
    """One document on its way from the library's nodes to plain values."""

    def __init__(self, streamed: Streamed) -> None:
        self.streamed = streamed
        self.built: dict[int, Any] = {}
        self.open: set[int] = set()
        self.aliased = 0

    def value(self, node: Any) -> Any:
        """What a node says; what aliases stand for is one object. Raises :class:`ValueError`."""
        key = id(node)
        if key in self.built:
            self.aliased += 1 + len(node.value)
            if self.aliased > YAML_ALIASED:
                raise ValueError(f"{line(node.start_mark)}aliases (*name) stand for more than {YAML_ALIASED} values")
            return self.built[key]
        if isinstance(node, yaml.ScalarNode):
            if not node.tag.startswith(_PLAIN):
                self.streamed.tags.add(node.tag)
                return node.value
            if node.tag == _PLAIN + "binary":
                return node.value
            return scalar(node)
        if key in self.open:
            raise ValueError(f"{line(node.start_mark)}aliases (*name) that stand for what holds them")
        self.open.add(key)
        if not node.tag.startswith(_PLAIN):
            self.streamed.tags.add(node.tag)
        if isinstance(node, yaml.MappingNode):
            self.built[key] = self.mapping(node)
        else:
            self.built[key] = [self.value(item) for item in node.value]
        self.open.discard(key)
        return self.built[key]

    def mapping(self, node: Any) -> dict[str, Any]:
        """An object; ``<<`` takes in others, a key that stands twice is refused."""
        found: dict[str, Any] = {}
        taken: dict[str, Any] = {}
        for key, item in node.value:
            if not isinstance(key, yaml.ScalarNode):
                raise ValueError(f"{line(key.start_mark)}a key that is no text")
            name = str(key.value)
            if name == "<<" and not key.style:
                merged = self.value(item)
                for one in reversed(merged if isinstance(merged, list) else [merged]):
                    if not isinstance(one, dict):
                        raise ValueError(f"{line(key.start_mark)}<< takes objects")
                    taken |= one
                continue
            if name in found:
                first = next(self.marks(node, name))
                raise ValueError(
                    f"line {key.start_mark.line + 1}: the key {name!r} stands twice, here and on line {first}"
                )
            found[name] = self.value(item)
        return taken | found if taken else found

    def marks(self, node: Any, name: str) -> Iterator[int]:
        """The lines on which a key stands."""
        return (key.start_mark.line + 1 for key, _ in node.value if key.value == name)


def locators(raw: Callable[[], bytes]) -> Callable[[int], Callable[[Path], Place]]:
    """Line and column of a path into a document, by its number (those that are empty not counted).

    The file is read again, once, when somebody asks: most files are never asked about.
    """

    @cache
    def roots() -> list[Any]:
        nodes = [node for node in yaml.compose_all(raw(), Loader=_Loader) if node is not None]
        return [node for node in nodes if not (isinstance(node, yaml.ScalarNode) and scalar(node) is None)]

    members: dict[int, dict[str, tuple[Any, Any]]] = {}

    def inside(node: Any) -> dict[str, tuple[Any, Any]]:
        """The members of an object by their keys: looked through once, however many places in it are asked for."""
        if id(node) not in members:
            members[id(node)] = {str(key.value): (key, item) for key, item in reversed(node.value)}
        return members[id(node)]

    return lambda number: partial(place_in_node, roots, inside, number)


def place_in_node(
    roots: Callable[[], list[Any]],
    inside: Callable[[Any], dict[str, tuple[Any, Any]]],
    number: int,
    path: Path,
) -> Place:
    """The line and column of a path into one of the documents; the nearest there is."""
    if number < len(roots()):
        node = roots()[number]
        mark = node.start_mark
        for step in path:
            if isinstance(node, yaml.MappingNode):
                pair = inside(node).get(str(step))
                if pair is None:
                    break
                mark, node = pair[0].start_mark, pair[1]
            elif isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
                node = node.value[step]
                mark = node.start_mark
            else:
                break
        return mark.line + 1, mark.column + 1
    return (0, 0)
