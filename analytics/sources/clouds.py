"""What the readers of clouds share: names of resources, places, and the labels that are read."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from .parts import Part, mappings
from .reader import Draft

#: The labels that are read, in lower case; of others nothing is.
SYSTEM = ("awsapplication", "application", "app", "system", "service", "project", "aws:cloudformation:stack-name")
ENVIRONMENT = ("environment", "env", "stage")
TEAM = ("team", "owner")
NAME = ("name",)
READ = frozenset(
    (*SYSTEM, *ENVIRONMENT, *TEAM, *NAME, "cluster", "role", "tier", "component", "aws:autoscaling:groupname")
)
_ZONE = re.compile(r"((?:us|eu|ap|sa|ca|me|af|il|mx|cn)(?:-[a-z]+)+-\d+)[a-z]").fullmatch
_GOOGLE_ZONE = re.compile(r"([a-z]+-[a-z]+\d+)-[a-z]").fullmatch
#: The most letters of a label's value that are kept.
LONGEST = 200


@dataclass(frozen=True, slots=True)
class Arn:
    """The parts of an Amazon resource name; ``region`` and ``account`` may be empty."""

    service: str = ""
    region: str = ""
    account: str = ""
    resource: str = ""

    @classmethod
    def read(cls, value: object) -> Arn:
        """``arn:partition:service:region:account:resource``; anything else has no parts.

        >>> Arn.read("arn:aws:rds:eu-west-1:123456789012:db:shop").resource, Arn.read("shop")
        ('db:shop', Arn(service='', region='', account='', resource=''))
        """
        if not isinstance(value, str) or not value.startswith("arn:"):
            return UNNAMED
        words = value.split(":", 5)
        return cls(*words[2:]) if len(words) == 6 else UNNAMED


#: The parts of what is no such name.
UNNAMED = Arn()


@cache
def region_of(zone: str) -> str:
    """The region of a zone; nothing where it does not tell (local zones).

    >>> region_of("eu-west-1a"), region_of("europe-west1-b"), region_of("us-west-2-lax-1a"), region_of("Regional")
    ('eu-west-1', 'europe-west1', '', '')
    """
    if found := _ZONE(zone):
        return found[1] if found[1].count("-") == 2 or found[1].startswith("us-gov-") else ""
    google = _GOOGLE_ZONE(zone)
    return google[1] if google else ""


def labels(value: object) -> dict[str, str]:
    """The labels that are read of a thing: a map, or a list of ``{Key, Value}``; keys in lower case.

    >>> labels([{"Key": "Name", "Value": "web"}, {"Key": "Secret", "Value": "x"}]), labels({"env": "prod"})
    ({'name': 'web'}, {'env': 'prod'})
    """
    if not value:
        return {}
    pairs: Iterable[tuple[Any, Any]] = ()
    if isinstance(value, dict):
        pairs = value.items()
    elif isinstance(value, list):
        pairs = (
            (one.get("Key") or one.get("key"), one.get("Value") if "Value" in one else one.get("value"))
            for one in mappings(value)
        )
    return {
        key.lower(): word.strip()[:LONGEST]
        for key, word in pairs
        if isinstance(key, str) and isinstance(word, str) and key.lower() in READ and word.strip()
    }


def label(known: Mapping[str, str], names: Iterable[str]) -> str:
    """The first of some labels."""
    return next((known[name] for name in names if name in known), "") if known else ""


def tags(known: Mapping[str, str]) -> list[dict[str, str]]:
    """Labels as documents keep them."""
    return [{"key": key, "value": word} for key, word in sorted(known.items()) if key not in NAME] if known else []


def place(
    draft: Draft, part: Part, provider: str, account: str = "", region: str = "", zone: str = "", **more: Any
) -> dict[str, Any]:
    """Where a thing runs, as documents say it; the account's own document is made, or learns the region and the zone.

    ``more`` are further fields of a place; what is empty is left out.
    """
    said: dict[str, Any] = {"provider": provider}
    if account:
        key = f"{provider.lower()}/{account}"
        held = draft.get("datacenters", key)
        if held is None:
            held = draft.add("datacenters", key, part, how="inferred", why="its things name it", name=account,
                             provider=provider, aliases=[account])  # fmt: skip
        for name, word in (("regions", region), ("zones", zone)):
            if word and word not in (known := held.setdefault(name, [])):
                known.append(word)
                known.sort()
        said |= {"_id": key, "name": account}
    said |= {"region": region, "zone": zone, **more}
    return {name: word for name, word in said.items() if word not in ("", None, [], {})}
