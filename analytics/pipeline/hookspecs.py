"""The two hooks a plugin file may implement.

There is no third before a second user of it exists.
"""

from __future__ import annotations

from collections.abc import Iterable

import pluggy

from .stage import GraphType, Stage

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
