"""Azure: rows become documents that the network graph and its exposure understand."""

import json
from pathlib import Path

import pytest

from analytics.errors import InventoryError
from analytics.testing.sources import account, estate_of, named, remarks
from tests.sources.test_graphs_of_sources import drawn

SAMPLE = Path(__file__).parent / "samples" / "azure.json"
ROWS = json.loads(SAMPLE.read_text(encoding="utf-8"))


def test_rows() -> None:
    estate = estate_of({"a.json": json.dumps({"total_records": len(ROWS) + 5, "data": ROWS})})
    machine = named(estate, "servers")["vm1"]
    assert (machine["ipv4_private"], machine["ipv4_public"]) == (["10.0.1.5"], ["20.1.2.3"])
    assert machine["datacenters"]["instance"] == "Standard_B2s"
    assert named(estate)["lb"]["targets"] == [{"_id": machine["_id"]}]
    assert named(estate)["lb"]["scheme"] == "internet-facing"
    assert named(estate)["db"]["system"] == [{"_id": "system/Orders", "name": "Orders"}]
    assert account(estate) == {"microsoft.insights/components": 1}
    assert [code for _, _, code, _ in remarks(estate)] == ["incomplete"]
    assert "hunter2" not in json.dumps({name: list(held) for name, held in estate.documents.items()})


def test_the_network_graph_knows_what_the_world_reaches() -> None:
    nodes, lines, boxes = drawn(estate_of({"a.json": json.dumps(ROWS)}), "network")
    assert nodes["vm1"] == "web"
    assert boxes["vnet"] == "network"
    assert ("Internet", "vm1", "ingress") in lines
    assert ("lb", "vm1", "lb") in lines


def test_a_template_is_refused() -> None:
    schema = "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#"
    with pytest.raises(InventoryError, match="az graph query"):
        estate_of({"a.json": json.dumps({"$schema": schema, "resources": []})})
