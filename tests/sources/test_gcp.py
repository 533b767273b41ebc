"""Google Cloud: assets in both spellings, firewalls by tag, balancers through all that stands between."""

import json
from pathlib import Path

import pytest

from analytics.errors import InventoryError
from analytics.testing.sources import account, estate_of, named, remarks
from tests.sources.test_graphs_of_sources import drawn

SAMPLE = Path(__file__).parent / "samples" / "gcp.json"
ASSETS = json.loads(SAMPLE.read_text(encoding="utf-8"))


@pytest.mark.parametrize("lines", [False, True])
def test_assets(lines: bool) -> None:
    text = "\n".join(json.dumps(one) for one in ASSETS) if lines else json.dumps(ASSETS)
    estate = estate_of({"assets.json": text})
    machine = named(estate, "servers")["web1"]
    assert (machine["ipv4_private"], machine["ipv4_public"]) == (["10.0.1.5"], ["34.1.2.3"])
    assert machine["datacenters"]["security_groups"] == ["projects/p1/global/firewalls/web"]
    assert named(estate)["front"]["targets"] == [{"_id": machine["_id"]}]
    assert account(estate)["Firewall"] == 1
    assert account(estate)["compute.googleapis.com/Image"] == 1
    assert "hunter2" not in json.dumps({name: list(held) for name, held in estate.documents.items()})


def test_the_network_graph_shows_whom_a_firewall_lets_in() -> None:
    nodes, lines, _ = drawn(estate_of({"assets.json": json.dumps(ASSETS)}), "network")
    assert nodes["web1"] == "web"
    assert ("Internet", "web1", "ingress") in lines
    assert ("Internet", "db1", "ingress") not in lines


def test_a_firewall_that_denies_is_told() -> None:
    rule = {"name": "no", "network": "projects/p1/global/networks/main", "denied": [{"IPProtocol": "tcp"}]}
    deny = {
        "name": "//compute.googleapis.com/projects/p1/global/firewalls/no",
        "asset_type": "compute.googleapis.com/Firewall",
        "resource": {"data": rule},
    }
    assert [code for _, _, code, _ in remarks(estate_of({"a.json": json.dumps([*ASSETS, deny])}))] == ["deny"]


def test_names_without_resources_are_refused() -> None:
    bare = [{"name": "//compute.googleapis.com/projects/p/x", "assetType": "compute.googleapis.com/Instance"}]
    with pytest.raises(InventoryError, match="--content-type=resource"):
        estate_of({"a.json": json.dumps(bare)})
