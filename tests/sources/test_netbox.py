"""NetBox: dumps and answers of the API give the same, over the versions that moved fields about."""

import json
from typing import Any

from analytics.testing.sources import account, estate_of, named, remarks


def row(kind: str, key: int, /, **fields: Any) -> dict[str, Any]:
    """One row of a dump."""
    return {"model": kind, "pk": key, "fields": fields}


NIC, VNIC, SITE = ["dcim", "interface"], ["virtualization", "vminterface"], ["dcim", "site"]
DUMP = [
    row("dcim.region", 1, name="Europe", slug="europe", parent=None),
    row("dcim.region", 2, name="Spain", slug="spain", parent=1),
    row("dcim.site", 1, name="MAD1", slug="mad1", region=2, status="active"),
    row("dcim.rack", 1, name="R12", site=1),
    row("dcim.manufacturer", 1, name="Acme", slug="acme"),
    row("dcim.devicetype", 1, manufacturer=1, model="SW-48"),
    row("dcim.devicerole", 1, name="Access Switch", slug="access"),
    row("dcim.device", 1, name="sw1", device_type=1, device_role=1, site=1, rack=1, position=4, status="active"),
    row("dcim.device", 2, name=None, device_type=1, role=1, site=1, rack=1, position=5, status="active"),
    row("dcim.interface", 1, device=1, name="ge-0", mac_address="aa:bb"),
    row("dcim.interface", 2, device=2, name="ge-0"),
    row("dcim.cable", 1, termination_a_type=NIC, termination_a_id=1, termination_b_type=NIC, termination_b_id=2),
    row("virtualization.clustertype", 1, name="vSphere", slug="vsphere"),
    row("virtualization.cluster", 1, name="esx", type=1, scope_type=SITE, scope_id=1),
    row("virtualization.virtualmachine", 1, name="vm1", cluster=1, vcpus="2.00", memory=4096, disk=20480),
    row("virtualization.vminterface", 1, virtual_machine=1, name="eth0"),
    row("ipam.ipaddress", 1, address="10.1.0.5/24", assigned_object_type=VNIC, assigned_object_id=1),
    row("ipam.ipaddress", 2, address="10.1.0.9/24", assigned_object_type=None, assigned_object_id=None),
    row("ipam.prefix", 1, prefix="10.1.0.0/16", status="container", vrf=None),
    row("ipam.prefix", 2, prefix="10.1.0.0/24", status="active", vrf=None, scope_type=SITE, scope_id=1),
    row("ipam.prefix", 3, prefix="not a range", status="active"),
    row("users.token", 1, key="hunter2"),
]  # fmt: skip


def test_a_dump() -> None:
    estate = estate_of({"dump.json": json.dumps(DUMP)})
    servers = named(estate, "servers")
    assert sorted(servers) == ["SW-48 R12 U5", "sw1", "vm1"]
    assert servers["sw1"]["datacenters"] == {"_id": "site/1", "name": "MAD1", "region": "Europe › Spain"}
    assert (servers["sw1"]["kind"], servers["sw1"]["rack"], servers["sw1"]["role"]) == (
        "Access Switch",
        "R12",
        "Switch",
    )
    assert [one["_id"] for one in servers["SW-48 R12 U5"].get("cables", servers["sw1"].get("cables", []))] == [
        "device/2"
    ]
    machine = servers["vm1"]
    assert (machine["cpu"], machine["memory"], machine["storage"]) == (2, 4, [{"name": "disk", "size": 20}])
    assert machine["ipv4_private"] == ["10.1.0.5"]
    assert machine["datacenters"]["name"] == "MAD1"
    networks = {one["cidr_block"]: one for one in estate.documents["networks"]}
    assert networks["10.1.0.0/24"]["vpc_id"] == "prefix/1"
    assert (networks["10.1.0.0/16"]["family"], networks["10.1.0.0/24"]["family"]) == ("Network", "Subnet")
    assert [code for _, _, code, _ in remarks(estate)] == ["range"]
    assert account(estate)["ipam.ipaddress"] == 2
    assert account(estate)["users"] == 1
    assert "hunter2" not in json.dumps({name: list(held) for name, held in estate.documents.items()})


def page(path: str, *results: dict[str, Any], following: str | None = None) -> str:
    """A page of the API."""
    held = [{"url": f"https://netbox.example/api/{path}/{one['id']}/", **one} for one in results]
    return json.dumps({"count": len(held), "next": following, "previous": None, "results": held})


def test_the_api_nests_what_the_dump_refers_to() -> None:
    site = {"id": 1, "name": "MAD1", "url": "https://netbox.example/api/dcim/sites/1/"}
    router = {"id": 7, "name": "r1", "role": {"id": 3, "name": "Router"}, "site": site, "status": {"value": "offline"}}
    router |= {"primary_ip4": {"id": 1, "address": "203.0.113.9/32"}}
    files = {
        "sites.json": page("dcim/sites", {"id": 1, "name": "MAD1", "status": {"value": "active", "label": "Active"}}),
        "devices.json": page(
            "dcim/devices",
            router,
            following="https://netbox.example/api/dcim/devices/?offset=50",
        ),
    }  # fmt: skip
    estate = estate_of(files)
    found = named(estate, "servers")["r1"]
    assert (found["kind"], found["status"]) == ("Router", "offline")
    assert found["datacenters"] == {"_id": "site/1", "name": "MAD1"}
    assert found["ipv4_private"] == ["203.0.113.9"]  # a range for documentation, and none of the Internet's
    assert [code for _, _, code, _ in remarks(estate)] == ["incomplete"]
