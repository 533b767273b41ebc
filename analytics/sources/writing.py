"""An estate as text that people review and keep under version control: one order, whatever the order of the files."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import yaml

from ..documents.fields import fields_of
from ..inventory.handwritten import COLLECTIONS


def ordered(documents: Mapping[str, Sequence[dict[str, Any]]]) -> dict[str, list[dict[str, Any]]]:
    """Collections and documents in one order, fields as the reference lists them, those it does not know last."""
    result = {}
    for collection in COLLECTIONS:
        held = documents.get(collection)
        if not held:
            continue
        places = {name: number for number, name in enumerate(fields_of(collection))}
        result[collection] = [
            dict(sorted(one.items(), key=lambda pair: (places.get(pair[0], len(places)), pair[0])))
            for one in sorted(held, key=lambda one: str(one["_id"]))
        ]
    return result


def as_json(documents: Mapping[str, Sequence[dict[str, Any]]]) -> str:
    """As JSON, a field a line."""
    return json.dumps(ordered(documents), indent=2, ensure_ascii=False) + "\n"


class _Dumper(yaml.SafeDumper):
    """A writer without anchors: each value stands where it is."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def as_yaml(documents: Mapping[str, Sequence[dict[str, Any]]]) -> str:
    """As YAML; words that some readers take for something else are quoted."""
    return yaml.dump(ordered(documents), Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=120)
