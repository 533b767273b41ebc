"""The sample inventory: made by its script, small, and rich enough to show what the graphs can show."""

from __future__ import annotations

import ipaddress
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from analytics.documents.entities import Application, Client, Datacenter, Server, System, Volume
from analytics.inventory import KeptSource, OwnedInventory, open_file

FOLDER = Path(__file__).resolve().parent.parent.parent / "devtool" / "sample"


@pytest.fixture(scope="module")
def source() -> KeptSource:
    return open_file(FOLDER / "inventory.json")


@pytest.fixture(scope="module")
def inventory(source: Any) -> OwnedInventory:
    (owner,) = source.owners()
    return OwnedInventory(source, owner)


def test_it_is_what_its_script_writes(tmp_path: Path) -> None:
    script = shutil.copy(FOLDER / "build.py", tmp_path)
    subprocess.run([sys.executable, str(script)], check=True)
    assert (tmp_path / "inventory.json").read_bytes() == (FOLDER / "inventory.json").read_bytes()


def test_it_is_small_and_its_ids_are_those_of_the_data_app() -> None:
    text = (FOLDER / "inventory.json").read_text()
    assert len(text.encode()) < 200_000
    for documents in json.loads(text).values():
        assert all(re.fullmatch("[0-9a-f]{24}", document["_id"]) for document in documents)


def test_it_has_the_size_of_a_real_estate(inventory: Any) -> None:
    counts = {entity: len(inventory.find(entity)) for entity in (Application, Server, System, Client, Datacenter)}
    assert counts[Application] >= 40
    assert counts[Server] >= 80
    assert (counts[System], counts[Client], counts[Datacenter]) == (6, 3, 4)
    assert {center.provider for center in inventory.find(Datacenter)} == {"AWS", "Azure", "OpenStack", "On premises"}


def test_one_system_names_no_entry_and_the_others_do(inventory: Any) -> None:
    without = [system.name for system in inventory.find(System) if not system.entry]
    assert without == ["Depot Control"]


def test_calls_go_in_a_circle_and_one_to_nothing(inventory: Any) -> None:
    applications = {one.id: one for one in inventory.find(Application)}
    dangling = [dep.name for one in applications.values() for dep in one.deps if dep.id not in applications]
    assert dangling == ["Acquirer Link"]
    by_name = {one.name: one for one in applications.values()}
    assert by_name["Pricing Service"].id in {dep.id for dep in by_name["Promotions"].deps}
    assert by_name["Promotions"].id in {dep.id for dep in by_name["Pricing Service"].deps}


def test_servers_are_many_where_many_are_needed(inventory: Any) -> None:
    storefront = next(one for one in inventory.find(Application) if one.name == "Storefront")
    balancer = next(one for one in inventory.find(Application) if one.family == "Loadbalance")
    servers = inventory.find(Server, {"applications._id": [storefront.id]})
    assert len(servers) == 12
    assert {ref.id for ref in balancer.targets} == {server.id for server in servers}


def test_the_network_is_whole(source: Any, inventory: Any) -> None:
    networks = source.documents("networks", inventory.owner, {})
    families = {network["family"] for network in networks}
    assert families >= {
        "Vpc",
        "Subnet",
        "SecurityGroup",
        "RouteTable",
        "NatGateway",
        "VpcPeering",
        "VpnGateway",
        "VpcEndpoint",
        "NetworkAcl",
        "NetworkInterfaces",
        "VirtualNetwork",
        "Network",
        "Ports",
    }
    subnets = {one["unique_id"]: one["cidr_block"] for one in networks if one["family"] == "Subnet"}
    for server in inventory.find(Server):
        if server.location.subnet_id:
            block = ipaddress.ip_network(subnets[server.location.subnet_id])
            assert ipaddress.ip_address(server.ipv4_private[0]) in block
    assert any("name" not in one for one in networks), "some are known by their unique_id alone"
    assert any(one.get("map_public_ip_on_launch") for one in networks)
    gateways = [route.get("GatewayId", "") for one in networks for route in one.get("routes", [])]
    assert any(gateway.startswith("igw-") for gateway in gateways)


def test_some_volumes_hang_on_nothing(inventory: Any) -> None:
    volumes = inventory.find(Volume)
    servers = {server.id for server in inventory.find(Server)}
    assert {volume.server for volume in volumes if volume.server} <= servers
    assert len([volume for volume in volumes if not volume.server]) == 3
