"""The hooks a plugin file may implement: each yields frozen records. The core's own come through the same hooks."""

from __future__ import annotations

from collections.abc import Iterable

import pluggy

from ..catalog.providers import Provider
from ..drawing.solids import Symbol
from ..export.formats import Format, PictureFormat
from ..inventory.kinds import SourceKind
from ..model.rules import OwnRule, RulePack
from ..sources.reader import Reader
from .stage import GraphType, Insertion, Stage

hookspec = pluggy.HookspecMarker("analytics")


@hookspec
def analytics_stages() -> Iterable[Stage]:  # type: ignore[empty-body]
    """Yield the stages this file adds.

    Called once, when a process starts, before any graph type is known. Any
    plugin may answer; a name that two plugins give stops the start.

    Example::

        @hookimpl
        def analytics_stages():
            yield Stage("entry", find_entries, timeout=30)
    """


@hookspec
def analytics_graph_types() -> Iterable[GraphType]:  # type: ignore[empty-body]
    """Yield the graph types this file adds.

    Called once, when a process starts, after every stage is known. The stages
    a graph type names may come from other files.

    Example::

        @hookimpl
        def analytics_graph_types():
            yield GraphType("inventory", {"entry": (), "draw": ("entry",)})
    """


@hookspec
def analytics_insertions() -> Iterable[Insertion]:  # type: ignore[empty-body]
    """Yield stages to put into graph types that exist already, those of other files too.

    Called once, when a process starts. Such a stage gives
    :class:`~analytics.model.Additions`: numbers, rows, marks, links and
    findings beside what is there.

    Example::

        @hookimpl
        def analytics_insertions():
            yield Insertion(Stage("costs", add_costs), after="enrichment", types=("business",))
    """


@hookspec
def analytics_symbols() -> Iterable[Symbol]:  # type: ignore[empty-body]
    """Yield symbols: the key of each is the family it stands for, as inventories write it.

    Called once, when a process starts. A family that two plugins draw stops the start.

    Example::

        @hookimpl
        def analytics_symbols():
            yield Symbol("Quantum", "Quantum computer", (cylinder(17, 15, 0, 30, 16),))
    """


@hookspec
def analytics_providers() -> Iterable[Provider]:  # type: ignore[empty-body]
    """Yield providers: their names, how inventories spell them, and their colours.

    Called once, when a process starts. A key or spelling that two providers share stops the start.

    Example::

        @hookimpl
        def analytics_providers():
            yield Provider("hetzner", "Hetz", "Hetzner", "#b0232a", ("hetzner cloud",))
    """


@hookspec
def analytics_formats() -> Iterable[Format | PictureFormat]:  # type: ignore[empty-body]
    """Yield export formats: the ending of their files, their media type, and who writes them.

    A :class:`Format` is written from the graph, a :class:`PictureFormat` from the SVG.
    Called once, when a process starts. Each is offered by address, by the
    command and in the viewer; an ending that two plugins give stops the start.

    Example::

        @hookimpl
        def analytics_formats():
            yield Format("tgf", "text/plain", "Trivial Graph Format", to_tgf)
    """


@hookspec
def analytics_sources() -> Iterable[SourceKind | Reader]:  # type: ignore[empty-body]
    """Yield kinds of inventories, by the schemes of their addresses, and readers of the formats that files come in.

    Called once, when a process starts. A scheme, or a reader's name, that two plugins give stops the start.

    Example::

        @hookimpl
        def analytics_sources():
            yield SourceKind("cmdb", "our CMDB", ("cmdb",), open_cmdb)
    """


@hookspec
def analytics_rules() -> Iterable[RulePack | OwnRule]:  # type: ignore[empty-body]
    """Yield packs of rules, in YAML as a rules file has them, and rules that only code can check.

    Called once, when a process starts. A name that two plugins give stops the start.

    Example::

        @hookimpl
        def analytics_rules():
            yield RulePack("house", "Our house rules", HOUSE_RULES)
            yield OwnRule("named-well", "Names follow our scheme", check_names)
    """
