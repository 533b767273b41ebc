"""What plugins say of rules: packs of them, and rules that only code can say."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Literal

from ..documents.ports import Inventory

#: How much a rule matters.
RuleLevel = Literal["error", "warning", "note"]
#: What may be said of a thing: it breaks the rule, or it cannot be told whether it does.
RuleState = Literal["broken", "cannot-tell"]


@dataclass(frozen=True, slots=True)
class RulePack:
    """Rules in YAML, as a rules file has them, under a name that `packs:` and `--pack` take."""

    name: str
    title: str
    rules: str


@dataclass(frozen=True, slots=True)
class Broken:
    """A thing (``collection/id``) that breaks a rule, and why; or of which it cannot be told."""

    thing: str
    text: str
    state: RuleState = "broken"


@dataclass(frozen=True, slots=True)
class OwnRule:
    """A rule that a plugin checks itself.

    ``check`` is handed the owner's inventory and answers how many things it
    looked at, and what it found.
    """

    id: str
    title: str
    check: Callable[[Inventory], tuple[int, Iterable[Broken]]]
    level: RuleLevel = "error"
