"""Draw an inventory given as documents, in this process, by the stages the workers run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from analytics.documents.ports import Where
from analytics.documents.values import Document
from analytics.inventory.owned import OwnedInventory
from analytics.model.artifacts import GraphRequest
from analytics.pipeline.local import Result, run_steps
from analytics.pipeline.registry import load
from analytics.settings import ROOT
from analytics.testing import context
from tests.estates import OWNER

REGISTRY = load(ROOT / "plugins")
TYPES = ("business", "infra", "network")


@dataclass
class Held:
    """A source over documents in memory that filters nothing but by collection: the stages must stand it."""

    inventory: dict[str, list[dict[str, Any]]]

    def documents(self, collection: str, owner: str, where: Where) -> list[Document]:
        """All of them; where clauses by id are honoured."""
        wanted = where.get("_id")
        return [one for one in self.inventory.get(collection, []) if wanted is None or one["_id"] in wanted]

    def reachable(self, owner: str, roots: object) -> list[Document]:
        """Everything is reachable."""
        return list(self.inventory.get("applications", []))

    def owners(self) -> list[str]:
        """One."""
        return [OWNER]

    def close(self) -> None:
        """Nothing to close."""


def draw(inventory: dict[str, list[dict[str, Any]]], graph_type: str, detail: Any = "standard") -> Result:
    """Run a graph type's steps over an inventory."""
    owned = OwnedInventory(Held(inventory), OWNER)
    request = GraphRequest("0" * 24, OWNER, graph_type, detail=detail, effort="fast")
    ctx = context(owned)
    return run_steps(REGISTRY.plans[graph_type], request, ctx, lambda *_: None)
