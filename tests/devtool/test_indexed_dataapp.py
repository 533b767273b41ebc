"""A Data App with indexes answers what one without them answers."""

from __future__ import annotations

import json
from typing import Any

import pytest

from devtool.soak.crowd import joined_by, lost_graph, owner_of
from devtool.testkit.neighbours.dataapp import DataApp
from devtool.testkit.neighbours.indexed import IndexedDataApp

OWNER = owner_of(2)
QUERIES: list[dict[str, Any]] = [
    {"roles._id": OWNER, "active": True},
    {"roles._id": [OWNER, owner_of(4)], "status": "process"},
    {"active": True},
    {"_id": lost_graph(3)},
    {"_id": [lost_graph(3), lost_graph(1), "f" * 24], "roles._id": owner_of(1)},
]


@pytest.mark.parametrize("query", QUERIES, ids=str)
def test_every_query_has_the_same_answer(sample: dict[str, Any], query: dict[str, Any]) -> None:
    answers = []
    for kind in (DataApp, IndexedDataApp):
        app = kind(joined_by(sample, 5))
        for collection in ("graphs", "applications"):
            app._page(collection, {"query": json.dumps(query)})
        app.documents["graphs"].append({"_id": "f" * 24, "roles": [{"_id": OWNER}], "active": True})
        app._write({"body": [{"_id": lost_graph(1), "status": "error"}, {"_id": "e" * 24, "status": "error"}]})
        answers.append([app._page(one, {"query": json.dumps(query)}) for one in ("graphs", "applications")])
    assert answers[0] == answers[1]
    assert any(answer["items"] for answer in answers[0])
