"""The line in which each document of a JSON or YAML inventory stands. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from ...documents.values import items, text
from ...inventory.placed import parse_placed_json
from ...inventory.yamltext import Parsed, parse_placed_yaml


def lines_of(raw: bytes, *, yaml: bool) -> Mapping[str, int]:
    """The line of every document, by ``collection/id``; nothing for what is no inventory of our own."""
    try:
        parsed: Parsed = parse_placed_yaml(raw) if yaml else parse_placed_json(raw)[0]
    except ValueError:
        return {}
    found: dict[str, int] = {}
    if isinstance(parsed.value, Mapping):
        for name, listed in parsed.value.items():
            for number, one in enumerate(items(listed)):
                if isinstance(one, Mapping):
                    key = text(one.get("_id")) or text(one.get("id")) or text(one.get("name"))
                    line, _ = parsed.places.get((str(name), number), (0, 0))
                    if key and line:
                        found[f"{name}/{key}"] = line
    return found
