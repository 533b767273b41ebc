"""What the front door's page asks for, as records."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

from msgspec import Meta

from .answers import Seconds, State


@dataclass(frozen=True, slots=True)
class Owners:
    """The ids of the owners that are known."""

    owners: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ListedGraph:
    """One graph of an owner: how far it is, and the signed address of its page."""

    id: str
    type: str
    about: Annotated[str, Meta(description="its title, else what it starts from")]
    state: State
    message: str
    created: Seconds
    ended: Seconds | None
    done: int
    stages: int
    view: str


@dataclass(frozen=True, slots=True)
class OwnGraphs:
    """An owner's graphs, newest first, and how many there are in all."""

    graphs: tuple[ListedGraph, ...]
    count: int


@dataclass(frozen=True, slots=True)
class Choice:
    """A thing of the inventory that a graph can start from."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class ChoiceOfType:
    """A graph type, and the fields it starts from."""

    name: str
    title: str
    entries: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Choices:
    """What the form offers, and what in the inventory could not be read as meant.

    ``asks``: whether graphs can be asked for here; beside a Data App their documents are the Server App's to make.
    """

    asks: bool
    types: tuple[ChoiceOfType, ...]
    things: Mapping[str, tuple[Choice, ...]]
    remarks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """A graph that was accepted, and the signed address of its page."""

    id: str
    view: str
