"""Small inventories made for one test each, in the documents of the Data App."""

from __future__ import annotations

from typing import Any

OWNER, OTHER = "0" * 23 + "1", "0" * 23 + "2"

Documents = dict[str, list[dict[str, Any]]]


def oid(number: int) -> str:
    """A 24-hex id."""
    return f"{number:024x}"


def document(number: int, owner: str = OWNER, **fields: Any) -> dict[str, Any]:
    """An active document of ``owner``."""
    return {"_id": oid(number), "roles": [{"_id": owner, "role": 7}], "active": True, **fields}


def application(number: int, *deps: int, owner: str = OWNER, **fields: Any) -> dict[str, Any]:
    """An application that calls others over ``rest``."""
    calls = [{"_id": oid(dep), "name": f"App {dep}", "endpoint": "rest", "family": "Application"} for dep in deps]
    return document(number, owner, **{"name": f"App {number}", "family": "Application", "deps": calls, **fields})


def server(number: int, *apps: int, owner: str = OWNER, **fields: Any) -> dict[str, Any]:
    """A server that carries applications."""
    carried = [{"_id": oid(app), "name": f"App {app}"} for app in apps]
    place = {"_id": oid(900), "name": "East", "provider": "AWS", "region": "us-east-1", "zone": "us-east-1a"}
    base = {"hostname": f"host-{number}", "cpu": 2, "memory": 4, "applications": carried, "datacenters": place}
    return document(number, owner, **{**base, **fields})


def system(number: int, *entry: int, owner: str = OWNER, **fields: Any) -> dict[str, Any]:
    """A system and its entry applications."""
    entries = [{"_id": oid(app), "name": f"App {app}"} for app in entry]
    return document(number, owner, **{"name": f"System {number}", "entry": entries, **fields})


def network(number: int, family: str, owner: str = OWNER, **fields: Any) -> dict[str, Any]:
    """A document of the networks' collection, in the datacenter of the servers."""
    place = {"_id": oid(900), "name": "East", "provider": "AWS", "region": "us-east-1", "zone": ["us-east-1a"]}
    return document(number, owner, **{"family": family, "datacenters": place, **fields})


def vpc(number: int, name: str, cidr: str, **fields: Any) -> dict[str, Any]:
    """An AWS network; its range stands where AWS puts it."""
    return network(number, "Vpc", **{"name": name, "unique_id": name, "image_id": cidr, **fields})


def subnet(number: int, name: str, vpc: str, cidr: str, **fields: Any) -> dict[str, Any]:
    """An AWS subnet."""
    base = {"unique_id": name, "vpc_id": vpc, "cidr_block": cidr, "availability_zone": "us-east-1a"}
    return network(number, "Subnet", **{**base, **fields})


def group(number: int, name: str, vpc: str, *rules: dict[str, Any], **fields: Any) -> dict[str, Any]:
    """An AWS security group."""
    base = {"unique_id": name, "name": name, "vpc_id": vpc, "ip_permissions": list(rules)}
    return network(number, "SecurityGroup", **{**base, **fields})


def allow(port: int, *sources: str) -> dict[str, Any]:
    """An AWS rule: tcp to a port, from ranges and from groups (``sg-…``)."""
    groups = [{"GroupId": source} for source in sources if source.startswith("sg-")]
    ranges = [{"CidrIp": source} for source in sources if not source.startswith("sg-")]
    ports = {"IpProtocol": "tcp", "FromPort": port, "ToPort": port}
    return {**ports, "IpRanges": ranges, "UserIdGroupPairs": groups}


def routes(number: int, vpc: str, *hops: tuple[str, str], **fields: Any) -> dict[str, Any]:
    """An AWS route table: destinations and the gateways they go to."""
    listed = [{"DestinationCidrBlock": destination, "GatewayId": gateway} for destination, gateway in hops]
    base = {"unique_id": f"rtb-{number}", "vpc_id": vpc, "routes": listed, "associations": [{"Main": True}]}
    return network(number, "RouteTable", **{**base, **fields})


def peering(number: int, one: str, two: str, cidr: str = "10.2.0.0/16", **fields: Any) -> dict[str, Any]:
    """An AWS peering; ``cidr`` is the range of the second end."""
    ends = {
        "requester_vpc_info": {"VpcId": one},
        "accepter_vpc_info": {"VpcId": two, "CidrBlock": cidr, "OwnerId": "77"},
    }
    return network(number, "VpcPeering", **{"unique_id": f"pcx-{number}", "name": f"pcx-{number}", **ends, **fields})


def at(zone: Any = "us-east-1a", **fields: Any) -> dict[str, Any]:
    """The ``datacenters`` object of a server."""
    place = {"_id": oid(900), "name": "East", "provider": "AWS", "region": "us-east-1", "zone": zone}
    return {"datacenters": {**place, **fields}}


def datacenter(number: int = 900, **fields: Any) -> dict[str, Any]:
    """A datacenter's document."""
    base = {"name": "East", "provider": "AWS", "regions": ["us-east-1"], "zones": ["us-east-1a", "us-east-1b"]}
    return document(number, **{**base, **fields})


def shop() -> Documents:
    """Three applications in a row behind one system with one client, two servers."""
    return {
        "applications": [
            application(1, 2, family="Loadbalance", name="Front door", system=[{"_id": oid(50), "name": "Shop"}]),
            application(2, 3, name="Shop"),
            application(3, family="Database", name="Orders"),
        ],
        "systems": [system(50, 1, name="Shop", clients=[{"_id": oid(60), "name": "Ada"}])],
        "clients": [document(60, name="Ada")],
        "servers": [server(70, 2), server(71, 2, 3)],
    }
