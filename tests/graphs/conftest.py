"""What tests of several graphs share."""

from __future__ import annotations

import pytest

from analytics.graphs import folding
from analytics.graphs.infra import build as infra
from analytics.graphs.network import build as network
from analytics.model.graph import Graph


@pytest.fixture
def crowded(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if every picture held more than a person can read: what is known to be equal folds, however little it is."""

    def fold(graph: Graph, detail: str) -> Graph:
        return graph if detail == "full" else folding.fold_equal(graph)

    monkeypatch.setattr(infra, "fold", fold)
    monkeypatch.setattr(network, "fold", fold)
