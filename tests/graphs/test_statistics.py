"""What the graph document is told of an infra or network graph: the fields every graph type fills."""

from __future__ import annotations

from typing import Any

import pytest

from analytics.inventory import OwnedInventory
from analytics.model.artifacts import Drawing, Estate, GraphRequest, Networks, Statistics, Storage
from analytics.model.grid import Grid
from analytics.pipeline.codec import dumps, loads
from analytics.pipeline.local import run_steps
from analytics.testing import FakeStatus, context
from tests.estate_runs import kept, registry, run
from tests.estates import OWNER, application, at, document, oid, server, subnet, system, vpc
from tests.sure import sure

INVENTORY = {
    "servers": [
        server(1, 10, role="Web", **at(subnet_id="subnet-a")),
        server(2, 10, role="Web", **at(subnet_id="subnet-a")),
        server(3, 11, **at("us-east-1b", subnet_id="subnet-b")),
    ],
    "applications": [
        application(10, 11, system=[{"_id": oid(50), "name": "Shop"}]),
        application(11, 77, family="Database"),
    ],
    "systems": [system(50, 10, name="Shop", clients=[{"_id": oid(60)}])],
    "clients": [document(60, name="Ada")],
    "networks": [
        vpc(100, "vpc-a", "10.0.0.0/16"),
        subnet(101, "subnet-a", "vpc-a", "10.0.1.0/24"),
        subnet(102, "subnet-b", "vpc-a", "10.0.2.0/24"),
    ],
}


def told_of(documents: Any, kind: str) -> Any:
    """The fields written to the graph document."""
    ctx = context(OwnedInventory(kept(documents), OWNER))
    run_steps(registry().plans[kind], GraphRequest("drawn", OWNER, kind), ctx, lambda *_: None)
    assert isinstance(ctx.status, FakeStatus)
    return ctx.status.written[-1]


@pytest.mark.parametrize(
    ("kind", "histogram"),
    [("infra", {"us-east-1a": 2, "us-east-1b": 1}), ("network", {"subnet-a": 2, "subnet-b": 1})],
)
def test_the_graph_document_gets_the_same_fields_as_for_any_type(kind: str, histogram: Any) -> None:
    told = told_of(INVENTORY, kind)
    assert (told["status"], told["msg"]) == ("finished", "Finish")
    assert told["info"]["histograms"] == histogram
    assert set(told["info"]) == {"histograms", "density", "conections"}
    assert told["isystems"] == {"items": [{"_id": oid(50), "name": "Shop"}], "total": 1}
    assert told["ifamilies"] == {"items": {"Application": 1, "Database": 1}, "total": 2}
    assert told["iservers"] == {"total": 3}
    assert told["iclients"] == {"items": [{"_id": oid(60), "name": "Ada"}], "total": 1}


@pytest.mark.parametrize("kind", ["business", "infra"])
def test_no_key_of_the_graph_document_is_one_that_a_mongodb_refuses(kind: str) -> None:
    odd = [application(10, family="Node.js"), application(11, family="$where"), application(12, family="a\0b")]
    told = told_of({"applications": odd, "systems": [system(50, 10, 11, 12)], "servers": [server(1, 10, 11, 12)]}, kind)
    assert told["ifamilies"]["items"] == {"Node．js": 1, "＄where": 1, "ab": 1}


def test_ghosts_and_the_outside_are_in_no_column() -> None:
    counts = sure(run(kept(INVENTORY), "infra").artifact(Statistics)).histogram
    assert sum(count.count for count in counts) == 3


@pytest.mark.parametrize("kind", ["infra", "network"])
def test_what_one_worker_leaves_another_can_read(kind: str) -> None:
    result = run(kept(INVENTORY), kind)
    for artifact in (Estate, Grid, Drawing, Statistics, Storage if kind == "infra" else Networks):
        assert loads(artifact, dumps(result.artifact(artifact))) == result.artifact(artifact)
