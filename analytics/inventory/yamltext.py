"""YAML from people, read so that it can neither explode nor run anything."""

from __future__ import annotations

from typing import Any

import yaml

#: How deep a YAML file may be nested, and how large it may be in bytes: its reader is slow and recursive.
YAML_DEPTH = 100
YAML_BYTES = 32 * 1024 * 1024


class _Plain(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """The safe loader, with dates left as the text they are."""


_Plain.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def parse_yaml(raw: bytes) -> Any:
    """``raw`` as a YAML document without aliases: a few lines of them can stand for billions of values.

    Raises :class:`ValueError` that says what is wrong and where.
    """
    if len(raw) > YAML_BYTES:
        raise ValueError(f"larger than {YAML_BYTES >> 20} MB, which is much for YAML; write it as JSON")
    depth = 0
    try:
        for event in yaml.parse(raw, Loader=_Plain):
            if isinstance(event, yaml.AliasEvent):
                raise ValueError(f"{line(event.start_mark)}aliases (*name) are not accepted")
            depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
            if depth > YAML_DEPTH:
                raise ValueError(f"{line(event.start_mark)}nested more than {YAML_DEPTH} deep")
        return yaml.load(raw, Loader=_Plain)  # noqa: S506 - a subclass of the safe loader
    except yaml.MarkedYAMLError as exc:
        raise ValueError(f"{line(exc.problem_mark)}not YAML") from None
    except yaml.YAMLError:
        raise ValueError("not YAML") from None


def line(mark: Any) -> str:
    """Where in a YAML file, as the beginning of a sentence."""
    return f"line {mark.line + 1}: " if mark is not None else ""
