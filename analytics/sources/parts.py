"""What readers are given: parsed files, with the place of everything in them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ..inventory.yamltext import Path, Place


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of texts under a header; ``rows`` hold as many cells as ``header``, and ``lines`` where each stands."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    lines: tuple[int, ...]
    sheet: str = ""


def nowhere(_path: Path) -> Place:
    """The place of a value whose file has no lines."""
    return (0, 0)


@dataclass(frozen=True, slots=True)
class Part:
    """One parsed document of a file.

    ``file`` is the path as people wrote it, ``folders`` and ``name`` what it is called below
    the folder that was given. ``value`` is a JSON or YAML value, or a :class:`Table`.
    ``number`` counts the documents of a YAML stream and lines of JSON, from 0, and
    ``line`` is where the document begins (from 1; 0: not told). ``tags`` are YAML tags
    that were passed over (``!Ref``). ``locate`` gives line and column of a path into the value.
    """

    file: str
    value: Any
    folders: tuple[str, ...] = ()
    name: str = ""
    number: int = 0
    line: int = 0
    tags: frozenset[str] = frozenset()
    locate: Callable[[Path], Place] = field(default=nowhere, compare=False)

    @property
    def object(self) -> Mapping[str, Any]:
        """The value where it is an object, else an empty one."""
        return self.value if isinstance(self.value, dict) else {}


def mappings(value: object) -> Sequence[Mapping[str, Any]]:
    """The objects of a list; nothing for what is no list.

    >>> mappings([{"a": 1}, "b"]), mappings({"a": 1})
    ([{'a': 1}], [])
    """
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def mapping(value: object, *names: str) -> Mapping[str, Any]:
    """The object under ``names`` one after the other; an empty one where any is missing.

    >>> mapping({"spec": {"template": {"a": 1}}}, "spec", "template")
    {'a': 1}
    """
    for name in names:
        value = value.get(name) if isinstance(value, dict) else None
    return value if isinstance(value, dict) else {}


def listed(value: object, *names: str) -> Sequence[Any]:
    """The list under ``names``; nothing where there is none."""
    held = mapping(value, *names[:-1]).get(names[-1]) if names else value
    return held if isinstance(held, list) else []
