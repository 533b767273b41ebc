"""Rules as they were read, and what is found. Frozen records."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from ...model.rules import RuleLevel, RuleState
from .selecting import Selector

Form = Literal["must", "never calls", "never reaches", "survives", "layers", "no cycle between", "count", "same", "own"]
#: All applications.
EVERYTHING = Selector()
#: What a path may lead over: calls, a balancer's targets, and servers that carry applications.
Way = Literal["dep", "lb", "ingress"]
WAYS: tuple[Way, ...] = ("dep", "lb", "ingress")
LEVELS: tuple[RuleLevel, ...] = ("error", "warning", "note")


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule. Which fields count depends on the form; ``file`` and ``line`` are where it stands."""

    id: str
    form: Form
    level: RuleLevel = "error"
    title: str = ""
    each: Selector = EVERYTHING
    body: Selector = EVERYTHING
    through: Selector | None = None
    over: tuple[Way, ...] = ("dep", "lb")
    layers: tuple[Selector, ...] = ()
    group: str = ""
    survives: str = ""
    field: str = ""
    least: int = -1
    most: int = -1
    file: str = ""
    line: int = 0


@dataclass(frozen=True, slots=True)
class Found:
    """What is found: the things it is about (``collection/id``, the first bears it), why, and the path, if any."""

    rule: str
    things: tuple[str, ...]
    state: RuleState
    text: str
    level: RuleLevel = "error"
    path: tuple[str, ...] = ()

    @property
    def key(self) -> tuple[str, tuple[str, ...]]:
        """What tells it from others, whatever it says and wherever it stands."""
        return self.rule, tuple(sorted(self.things))


@dataclass(frozen=True, slots=True)
class Result:
    """A rule and how it went: how many things were looked at, and what was found."""

    rule: Rule
    checked: int
    found: tuple[Found, ...]

    def count(self, state: RuleState) -> int:
        """How many are in one state."""
        return sum(1 for one in self.found if one.state == state)
