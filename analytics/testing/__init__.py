"""Fakes for tests of plugins: an inventory of documents, neighbours that remember what they were told, and a run.

    from analytics.testing import draw

    def test_costs_are_drawn():
        drawn = draw({"applications": [{"name": "Web"}]}, "business", plugins=["costs.py"])
        assert drawn.outcome.level == "finished"

Nothing here connects to anything; stages run in this process, as the command runs them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ..documents.entities import Ref
from ..documents.ports import Inventory
from ..inventory import KeptSource, OwnedInventory, contents
from ..inventory.handwritten import LOCAL
from ..model.artifacts import GraphKey, GraphRequest
from ..model.kinds import Detail, Entry
from ..pipeline.context import Context, NoGuard
from ..pipeline.local import Result, run_steps
from ..pipeline.registry import Registry, adopt, built_in, load

__all__ = ["FakeFront", "FakeNotifier", "FakeStatus", "context", "draw", "inventory", "plugins_with"]

#: Documents by collection, as an inventory file holds them.
Documents = Mapping[str, Sequence[Mapping[str, Any]]]


@dataclass
class FakeFront:
    """An Analytics Front that takes every drawing; ``sent`` holds them by the graph's id."""

    sent: dict[str, str] = field(default_factory=dict)

    def send(self, graph: GraphKey, svg: str, nodes: int) -> str:
        """Keep the drawing."""
        self.sent[graph.graph_id] = svg
        return "front"


@dataclass
class FakeStatus:
    """The graph documents of a Data App; ``written`` holds every write in order, with the graph's id as ``_id``."""

    written: list[dict[str, object]] = field(default_factory=list)

    def write(self, graph: GraphKey, fields: Mapping[str, object]) -> None:
        """Keep what is written."""
        self.written.append({"_id": graph.graph_id, **fields})


@dataclass
class FakeNotifier:
    """A websocket server; ``told`` holds title and level of every word to the browsers."""

    told: list[tuple[str, str]] = field(default_factory=list)

    def notify(self, graph: GraphKey, title: str, level: str) -> str:
        """Keep the word."""
        self.told.append((title, level))
        return "told"


def inventory(documents: Documents, owner: str = LOCAL) -> OwnedInventory:
    """An inventory of ``documents``, as one owner sees it; they are copied, and read as those of a file are.

    Raises :class:`~analytics.errors.InventoryError` for documents that cannot be used.

    >>> from analytics.documents import Application
    >>> [app.name for app in inventory({"applications": [{"name": "Web"}]}).find(Application)]
    ['Web']
    """
    held = contents({name: [dict(one) for one in deepcopy(list(listed))] for name, listed in documents.items()})
    return OwnedInventory(KeptSource(lambda: held), owner)


def context(held: Inventory | None = None) -> Context:
    """A world for one stage: an inventory (:func:`inventory`; without one nothing is found), and fakes to be told."""
    return Context("test", held or inventory({}), FakeFront(), FakeStatus(), FakeNotifier(), NoGuard())


def plugins_with(files: Iterable[str | Path] = ()) -> Registry:
    """The plugins of this service and those in ``files``, adopted by this process.

    Raises :class:`~analytics.errors.PluginError` naming the file that does not fit.
    """
    registry = load(built_in(), *map(Path, files), entry_points=False)
    adopt(registry)
    return registry


def draw(
    documents: Documents,
    graph_type: str = "business",
    *ids: str,
    entry: Entry = "all",
    owner: str = LOCAL,
    detail: Detail = "standard",
    plugins: Iterable[str | Path] = (),
    world: Context | None = None,
) -> Result:
    """Run every stage of a graph type over ``documents``; how it ended and what its stages gave.

    ``ids`` name where the graph starts, in the field ``entry`` of the request.
    ``plugins`` are files to load beside the service's own; ``world`` a context
    whose fakes are looked at afterwards, instead of one of ``documents``.

    >>> drawn = draw({"applications": [{"name": "Web"}], "systems": [{"name": "Shop", "entry": ["Web"]}]})
    >>> drawn.outcome.level
    'finished'
    """
    registry = plugins_with(plugins)
    request = GraphRequest("drawn", owner, graph_type, entry, tuple(Ref(key) for key in ids), detail, "fast")
    return run_steps(
        registry.plans[graph_type], request, world or context(inventory(documents, owner)), lambda *_: None
    )
