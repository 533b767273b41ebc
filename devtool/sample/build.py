"""Write ``inventory.json``: the estate of Fernhollow Goods, an outdoor outfitter that does not exist.

    python3 devtool/sample/build.py

Six systems on four platforms. On purpose it has what real estates have: a
cycle, a system that names no entry, a call to something nobody wrote down,
servers found by subnet, by interface or only by address, a rule open to the
world, volumes that hang on nothing. The same bytes each time.
"""

from __future__ import annotations

import hashlib
import ipaddress
import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

Document = dict[str, Any]

AS_OF = "2026-03-02T06:00:00Z"


def oid(kind: str, name: str) -> str:
    """The 24-hex id of a thing, the same each time."""
    return hashlib.sha256(f"fernhollow {kind} {name}".encode()).hexdigest()[:24]


def short(prefix: str, name: str, digits: int = 17) -> str:
    """An id as providers make them: ``i-0f3a…``."""
    return f"{prefix}-{hashlib.sha256(name.encode()).hexdigest()[:digits]}"


OWNER = oid("owner", "Fernhollow Goods")
ROLES = [{"_id": OWNER, "refs": "teams", "role": 7, "name": "Fernhollow Goods"}]


def document(kind: str, name: str, **fields: Any) -> Document:
    """A document with what all have."""
    return {"_id": oid(kind, name), "name": name, **fields, "active": True, "updated_at": AS_OF, "roles": ROLES}


# --- where things run -------------------------------------------------------------------

DATACENTERS: dict[str, Document] = {
    "aws": {
        "name": "AWS Ireland",
        "provider": "AWS",
        "regions": ["eu-west-1"],
        "zones": ["eu-west-1a", "eu-west-1b", "eu-west-1c"],
    },
    "azure": {
        "name": "Azure Netherlands",
        "provider": "Azure",
        "regions": ["westeurope"],
        "zones": ["westeurope-1", "westeurope-2"],
    },
    "openstack": {
        "name": "Moorside Cloud",
        "provider": "OpenStack",
        "regions": ["RegionOne"],
        "zones": ["moor-a", "moor-b"],
    },
    "premise": {
        "name": "Harrowgate Depot",
        "provider": "On premises",
        "regions": ["Harrowgate"],
        "zones": ["Hall 1", "Hall 2"],
    },
}

CLIENTS = {
    "Shoppers": "care@fernhollow.example",
    "Franchise Stores": "franchise@fernhollow.example",
    "Depot Staff": "depot@fernhollow.example",
}

#: name → (entries, clients)
SYSTEMS: dict[str, tuple[list[str], list[str]]] = {
    "Web Shop": (["Storefront CDN"], ["Shoppers"]),
    "Order Fulfilment": (["Partner Gateway"], ["Shoppers", "Franchise Stores"]),
    "Customer Care": (["Care Portal"], ["Shoppers", "Franchise Stores"]),
    "Data Platform": (["Event Collector", "Reporting"], ["Franchise Stores"]),
    "Depot Control": ([], ["Depot Staff"]),
    "Corporate IT": (["Identity Provider", "Build Server"], ["Depot Staff"]),
}

#: name | family | system | platform | servers | machine | language
TABLE = """
Storefront CDN    | CDN              | Web Shop         | aws       |    |                 |
Shop Balancer     | Loadbalance      | Web Shop         | aws       |    |                 |
Storefront        | Application      | Web Shop         | aws       | 12 | m6i.large       | TypeScript
Catalog API       | Application      | Web Shop         | aws       | 4  | m6i.xlarge      | Java
Basket API        | Application      | Web Shop         | aws       | 3  | m6i.large       | Go
Checkout API      | Application      | Web Shop         | aws       | 4  | m6i.xlarge      | Java
Pricing Service   | Application      | Web Shop         | aws       | 2  | c6i.large       | Kotlin
Promotions        | Serverless       | Web Shop         | aws       |    |                 | Python
Product Search    | Application      | Web Shop         | aws       | 3  | r6i.large       | Java
Session Cache     | Cache            | Web Shop         | aws       |    |                 |
Catalog DB        | Database         | Web Shop         | aws       |    |                 |
Product Images    | ObjectStorage    | Web Shop         | aws       |    |                 |
Partner Gateway   | ApiGateway       | Order Fulfilment | aws       |    |                 |
Orders API        | Application      | Order Fulfilment | aws       | 3  | m6i.xlarge      | Java
Orders DB         | Database         | Order Fulfilment | aws       |    |                 |
Order Events      | Broker           | Order Fulfilment | aws       | 3  | m6i.large       |
Payment Hub       | Application      | Order Fulfilment | aws       | 2  | m6i.large       | Java
Payments DB       | Database         | Order Fulfilment | aws       |    |                 |
Invoice Renderer  | Serverless       | Order Fulfilment | aws       |    |                 | Python
Shipping Planner  | Application      | Order Fulfilment | aws       | 2  | c6i.large       | Go
Care Portal       | Application      | Customer Care    | azure     | 2  | Standard_D2s_v5 | C#
Care API          | Application      | Customer Care    | azure     | 3  | Standard_D4s_v5 | C#
Tickets DB        | Database         | Customer Care    | azure     |    |                 |
Chat Assistant    | MachineLearning  | Customer Care    | azure     |    |                 | Python
Knowledge Search  | Application      | Customer Care    | azure     | 2  | Standard_E2s_v5 | Java
Mail Relay        | SMTP             | Customer Care    | azure     | 1  | Standard_B2s    |
Event Collector   | Application      | Data Platform    | openstack | 3  | m1.medium       | Go
Stream Log        | Broker           | Data Platform    | openstack | 3  | m1.large        |
Stream Processor  | Application      | Data Platform    | openstack | 4  | m1.large        | Scala
Analytics Store   | Database         | Data Platform    | openstack | 4  | m1.xlarge       |
Reporting         | Application      | Data Platform    | openstack | 2  | m1.medium       | Python
Forecasting       | MachineLearning  | Data Platform    | openstack | 2  | m1.xlarge       | Python
Report Archive    | NAS              | Data Platform    | openstack | 1  | m1.medium       |
Scanner Gateway   | ApiGateway       | Depot Control    | premise   | 2  |                 |
Depot Control     | Application      | Depot Control    | premise   | 4  |                 | C++
Stock DB          | Database         | Depot Control    | premise   | 2  |                 |
Label Printing    | Application      | Depot Control    | premise   | 1  |                 | Java
Stock Sync        | Application      | Depot Control    | premise   | 1  |                 | Go
Identity Provider | Auth             | Corporate IT     | premise   | 2  |                 | Java
Staff Directory   | ServiceDiscovery | Corporate IT     | premise   | 2  |                 |
Build Server      | CI/CD            | Corporate IT     | premise   | 2  |                 |
Central Logs      | Logs             | Corporate IT     | premise   | 2  |                 |
Monitoring        | Monitor          | Corporate IT     | premise   | 1  |                 | Go
Site VPN          | VPN              | Corporate IT     | premise   | 1  |                 |
"""

#: who > whom : how. What is called need not exist.
CALLS = """
Storefront CDN    > Shop Balancer     : https
Storefront CDN    > Product Images    : https
Shop Balancer     > Storefront        : http
Storefront        > Catalog API       : rest
Storefront        > Basket API        : rest
Storefront        > Checkout API      : rest
Storefront        > Session Cache     : tcp 6379
Storefront        > Identity Provider : oidc
Catalog API       > Catalog DB        : tcp 5432
Catalog API       > Product Search    : rest
Catalog API       > Pricing Service   : grpc
Basket API        > Session Cache     : tcp 6379
Basket API        > Pricing Service   : grpc
Checkout API      > Orders API        : rest
Checkout API      > Payment Hub       : rest
Checkout API      > Pricing Service   : grpc
Checkout API      > Order Events      : amqp
Pricing Service   > Catalog DB        : tcp 5432
Pricing Service   > Promotions        : rest
Promotions        > Pricing Service   : grpc
Promotions        > Session Cache     : tcp 6379
Partner Gateway   > Orders API        : rest
Partner Gateway   > Identity Provider : oidc
Orders API        > Orders DB         : tcp 5432
Orders API        > Order Events      : amqp
Orders API        > Shipping Planner  : rest
Payment Hub       > Payments DB       : tcp 5432
Payment Hub       > Acquirer Link     : tcp 8583
Invoice Renderer  > Order Events      : amqp
Invoice Renderer  > Mail Relay        : smtp
Shipping Planner  > Orders API        : rest
Shipping Planner  > Depot Control     : rest
Shipping Planner  > Order Events      : amqp
Care Portal       > Care API          : rest
Care Portal       > Identity Provider : oidc
Care API          > Tickets DB        : tcp 1433
Care API          > Orders API        : rest
Care API          > Knowledge Search  : rest
Care API          > Mail Relay        : smtp
Chat Assistant    > Care API          : rest
Chat Assistant    > Knowledge Search  : rest
Event Collector   > Stream Log        : kafka
Stream Processor  > Stream Log        : kafka
Stream Processor  > Analytics Store   : tcp 9000
Reporting         > Analytics Store   : tcp 9000
Reporting         > Identity Provider : oidc
Reporting         > Report Archive    : nfs
Forecasting       > Analytics Store   : tcp 9000
Forecasting       > Stock DB          : tcp 5432
Scanner Gateway   > Depot Control     : rest
Depot Control     > Stock DB          : tcp 5432
Depot Control     > Label Printing    : ipp
Depot Control     > Order Events      : amqp
Stock Sync        > Stock DB          : tcp 5432
Stock Sync        > Orders API        : rest
Identity Provider > Staff Directory   : ldap
Build Server      > Identity Provider : oidc
Build Server      > Central Logs      : syslog
Monitoring        > Mail Relay        : smtp
"""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of :data:`TABLE` with its calls: (whom, how)."""

    family: str
    system: str
    platform: str
    servers: int
    machine: str
    language: str
    calls: tuple[tuple[str, str], ...]


def rows() -> dict[str, Row]:
    """Both tables by application."""
    calls: dict[str, list[tuple[str, str]]] = {}
    for line in CALLS.strip().splitlines():
        who, whom, how = (word.strip() for word in re.split("[>:]", line, maxsplit=2))
        calls.setdefault(who, []).append((whom, how))
    made = {}
    for line in TABLE.strip().splitlines():
        name, family, system, platform, servers, machine, language = (word.strip() for word in line.split("|"))
        made[name] = Row(family, system, platform, int(servers or 0), machine, language, tuple(calls.get(name, ())))
    return made


APPLICATIONS = rows()

#: Machines of nobody's application.
SPARE = (("bastion", "aws", "t3.small"), ("old-intranet", "premise", ""))

#: cores, GB memory
MACHINES = {
    "m6i.large": (2, 8),
    "m6i.xlarge": (4, 16),
    "c6i.large": (2, 4),
    "r6i.large": (2, 16),
    "t3.small": (2, 2),
    "Standard_D2s_v5": (2, 8),
    "Standard_D4s_v5": (4, 16),
    "Standard_E2s_v5": (2, 16),
    "Standard_B2s": (2, 4),
    "m1.medium": (2, 4),
    "m1.large": (4, 8),
    "m1.xlarge": (8, 32),
    "": (16, 64),
}

# --- the network ------------------------------------------------------------------------

SHOP, ORDERS = short("vpc", "shop"), short("vpc", "orders")
ZONES = ("eu-west-1a", "eu-west-1b", "eu-west-1c")

#: subnet name: (vpc, range, zone, public)
SUBNETS: dict[str, tuple[str, str, str, bool]] = {
    "shop-public-a": (SHOP, "10.20.0.0/24", ZONES[0], True),
    "shop-public-b": (SHOP, "10.20.1.0/24", ZONES[1], True),
    "shop-app-a": (SHOP, "10.20.16.0/22", ZONES[0], False),
    "shop-app-b": (SHOP, "10.20.20.0/22", ZONES[1], False),
    "shop-app-c": (SHOP, "10.20.24.0/22", ZONES[2], False),
    "shop-data-a": (SHOP, "10.20.32.0/24", ZONES[0], False),
    "shop-data-b": (SHOP, "10.20.33.0/24", ZONES[1], False),
    "orders-app-a": (ORDERS, "10.21.16.0/22", ZONES[0], False),
    "orders-app-b": (ORDERS, "10.21.20.0/22", ZONES[1], False),
    "orders-data-a": (ORDERS, "10.21.32.0/24", ZONES[0], False),
}
SUBNET_ID = {name: short("subnet", name) for name in SUBNETS}

ANYWHERE = {"IpRanges": [{"CidrIp": "0.0.0.0/0"}], "Ipv6Ranges": [{"CidrIpv6": "::/0"}]}
GROUP = {name: short("sg", name) for name in ("edge", "web", "app", "data", "orders", "orders-data", "bastion")}


def rule(low: int, high: int | None = None, *, group: str = "", cidr: str = "", anywhere: bool = False) -> Document:
    """One inbound rule as AWS writes it."""
    sources = ANYWHERE if anywhere else {"IpRanges": [{"CidrIp": cidr}] if cidr else [], "Ipv6Ranges": []}
    pairs = [{"GroupId": GROUP[group]}] if group else []
    return {"FromPort": low, "ToPort": high or low, "IpProtocol": "tcp", **sources, "UserIdGroupPairs": pairs}


RULES: dict[str, tuple[str, list[Document]]] = {
    "edge": (SHOP, [rule(80, anywhere=True), rule(443, anywhere=True)]),
    "web": (SHOP, [rule(8080, group="edge"), rule(22, group="bastion")]),
    "app": (SHOP, [rule(8443, group="web"), rule(8443, group="app"), rule(22, group="bastion")]),
    "data": (SHOP, [rule(5432, group="app"), rule(6379, group="web"), rule(6379, group="app")]),
    "orders": (ORDERS, [rule(8443, cidr="10.20.0.0/16"), rule(5671, group="orders"), rule(443, cidr="172.16.0.0/20")]),
    "orders-data": (ORDERS, [rule(5432, group="orders")]),
    "bastion": (SHOP, [rule(22, anywhere=True)]),
}

#: application: (security group, subnets its servers or endpoints stand in)
PLACED: dict[str, tuple[str, list[str]]] = {
    "Shop Balancer": ("edge", ["shop-public-a", "shop-public-b"]),
    "Storefront": ("web", ["shop-app-a", "shop-app-b", "shop-app-c"]),
    "Session Cache": ("data", ["shop-data-a", "shop-data-b"]),
    "Catalog DB": ("data", ["shop-data-a", "shop-data-b"]),
    "Product Search": ("app", ["shop-data-a", "shop-data-b"]),
    "Orders DB": ("orders-data", ["orders-data-a"]),
    "Payments DB": ("orders-data", ["orders-data-a"]),
    "bastion": ("bastion", ["shop-public-a"]),
}


def placement(application: str) -> tuple[str, list[str]]:
    """Where an application's servers stand on AWS, unless it is said above."""
    if application in PLACED:
        return PLACED[application]
    if APPLICATIONS[application].system == "Order Fulfilment":
        return "orders", ["orders-app-a", "orders-app-b"]
    return "app", ["shop-app-a", "shop-app-b", "shop-app-c"]


#: platform: (ranges of its subnets, names of them)
ELSEWHERE = {
    "azure": {"care-front": "10.40.0.0/24", "care-back": "10.40.1.0/24"},
    "openstack": {"ingest": "192.168.10.0/24", "store": "192.168.20.0/24"},
    "premise": {"hall-1": "172.16.1.0/24", "hall-2": "172.16.2.0/24"},
}


class Addresses:
    """Hands out the addresses of each range, one after the other."""

    def __init__(self) -> None:
        self._next: dict[str, int] = {}

    def take(self, cidr: str) -> str:
        """The next free address; the first ones belong to the platform."""
        number = self._next[cidr] = self._next.get(cidr, 9) + 1
        return str(ipaddress.ip_network(cidr)[number])


# --- the documents ----------------------------------------------------------------------


def location(platform: str, **more: Any) -> Document:
    """The ``datacenters`` object of a thing."""
    center = DATACENTERS[platform]
    held = {"_id": oid("datacenter", center["name"]), "name": center["name"]}
    if "provider" in center:
        held["provider"] = center["provider"]
    return {**held, "region": center["regions"][0], **more}


def reference(kind: str, name: str) -> Document:
    """``{_id, name}`` of a thing."""
    return {"_id": oid(kind, name), "name": name}


def dependency(whom: str, how: str) -> Document:
    """One of ``deps``."""
    family = APPLICATIONS[whom].family if whom in APPLICATIONS else "Application"
    return {**reference("application", whom), "family": family, "endpoint": how}


def slug(name: str) -> str:
    """A name as host names have it."""
    return name.lower().replace(" ", "-")


def servers_of(name: str, platform: str, count: int, machine: str, addresses: Addresses) -> list[Document]:
    """The servers of one application (or a spare one)."""
    made = []
    known = name in APPLICATIONS
    cores, memory = MACHINES[machine]
    for number in range(count):
        host = f"{slug(name)}-{number + 1:02}"
        unique = short("i", host) if platform in ("aws", "openstack") else f"{platform}/{host}"
        fields: Document = {"type": "instance", "instance_id": unique}
        if machine:
            fields["instance"] = machine
        public = ""
        if platform == "aws":
            group, subnets = placement(name)
            subnet = subnets[number % len(subnets)]
            vpc, cidr, zone, _ = SUBNETS[subnet]
            fields |= {"zone": zone, "vpc_id": vpc, "security_groups": [{"GroupId": GROUP[group]}]}
            # Checkout's servers are known by their interfaces only, the search's by their addresses.
            if name not in ("Checkout API", "Product Search"):
                fields["subnet_id"] = SUBNET_ID[subnet]
            public = "203.0.113.20" if name == "bastion" else ""
        else:
            nets = list(ELSEWHERE[platform])
            zones = DATACENTERS[platform]["zones"]
            back = known and APPLICATIONS[name].family in ("Database", "Broker", "NAS", "SMTP")
            cidr = ELSEWHERE[platform][nets[number % 2 if platform == "premise" else int(back)]]
            fields["zone"] = zones[number % len(zones)]
            public = {"Care Portal": f"198.51.100.{10 + number}", "Site VPN": "192.0.2.4"}.get(name, "")
        storage = [{"name": "root", "mount": "/", "size": 40, "unique_id": short("vol", host)}]
        if known and APPLICATIONS[name].family in ("Database", "Broker", "NAS"):
            storage.append(
                {"name": "data", "mount": "/var/lib", "size": 500, "unique_id": short("vol", f"{host} data")}
            )
        windows = name in ("Care Portal", "Staff Directory")
        made.append(
            document(
                "server",
                host,
                hostname=host,
                unique_id=unique,
                ipv4_private=addresses.take(cidr),
                **({"ipv4_public": public} if public else {}),
                os={"base": "Windows", "dist": "Windows Server", "version": "2022"}
                if windows
                else {"base": "Linux", "dist": "Debian", "version": "12"},
                cpu=cores,
                memory=memory,
                storage=storage,
                role="Database" if known and APPLICATIONS[name].family == "Database" else "Application",
                environment="Production" if known else "Staging",
                status="Active",
                applications=[{**reference("application", name), "family": APPLICATIONS[name].family}] if known else [],
                datacenters=location(platform, **fields),
            )
        )
    return made


def applications(servers: list[Document]) -> list[Document]:
    """Every application; the managed ones say which network they are in."""
    ports = {"Database": 5432, "Cache": 6379, "Broker": 5671, "Loadbalance": 443}
    made = []
    for name, row in APPLICATIONS.items():
        family, platform = row.family, row.platform
        role: Document = {"role": family, "endpoint": f"{slug(name)}.fernhollow.example"}
        if family in ports:
            role["ports"] = ports[family]
        where = location(platform)
        if platform == "aws" and not row.servers and name in PLACED:
            group, subnets = PLACED[name]
            vpc = SUBNETS[subnets[0]][0]
            role |= {"vpc_id": vpc, "vpc_security": [{"VpcSecurityGroupId": GROUP[group], "Status": "active"}]}
            role["subnet_group"] = f"{slug(name)}-subnets"
            where["subnet_zones"] = [SUBNET_ID[subnet] for subnet in subnets]
            where["zones"] = [SUBNETS[subnet][2] for subnet in subnets]
        fields: Document = {}
        if row.language:
            fields["language"] = row.language
        if name == "Shop Balancer":
            hosts = [server for server in servers if server["name"].startswith("storefront-")]
            fields["targets"] = [{"_id": server["_id"], "name": server["name"]} for server in hosts]
        if name in ("Storefront", "Checkout API"):
            fields["cluster"] = "autoscaling"
        made.append(
            document(
                "application",
                name,
                family=family,
                environment="Production",
                **fields,
                **({"provider": DATACENTERS[platform]["provider"]} if "provider" in DATACENTERS[platform] else {}),
                role=role,
                system=[reference("system", row.system)],
                deps=[dependency(whom, how) for whom, how in row.calls],
                datacenters=where,
                tags=[{"key": "team", "value": slug(row.system)}],
                status="Active",
            )
        )
    return made


def networks(servers: list[Document]) -> list[Document]:
    """Every network thing, in each platform's own spelling."""
    made: list[Document] = []

    def add(family: str, name: str, platform: str, unnamed: bool = False, **fields: Any) -> None:
        one = document("network", f"{family} {name}", family=family, datacenters=location(platform), **fields)
        one["name"] = name
        if unnamed:
            del one["name"]
        made.append(one)

    for vpc, name, cidr in ((SHOP, "shop", "10.20.0.0/16"), (ORDERS, "orders", "10.21.0.0/16")):
        blocks = [{"CidrBlock": cidr, "CidrBlockState": {"State": "associated"}}]
        add("Vpc", name, "aws", unique_id=vpc, image_id=cidr, cidr_block_association_set=blocks)
        add(
            "NetworkAcl",
            f"{name}-acl",
            "aws",
            unique_id=short("acl", name),
            vpc_id=vpc,
            entries=[
                {
                    "RuleNumber": 90,
                    "Protocol": "6",
                    "RuleAction": "deny",
                    "Egress": False,
                    "CidrBlock": "198.18.0.0/15",
                },
                {"RuleNumber": 100, "Protocol": "-1", "RuleAction": "allow", "Egress": False, "CidrBlock": "0.0.0.0/0"},
            ],
            associations=[{"SubnetId": SUBNET_ID[subnet]} for subnet, held in SUBNETS.items() if held[0] == vpc][:2],
        )
    for name, (vpc, cidr, zone, public) in SUBNETS.items():
        add(
            "Subnet",
            name,
            "aws",
            unnamed=name == "orders-data-a",
            unique_id=SUBNET_ID[name],
            vpc_id=vpc,
            cidr_block=cidr,
            availability_zone=zone,
            map_public_ip_on_launch=public,
        )
    for name, (vpc, rules) in RULES.items():
        add("SecurityGroup", name, "aws", unique_id=GROUP[name], group_name=name, vpc_id=vpc, ip_permissions=rules)

    def table(name: str, vpc: str, routes: list[Document], subnets: list[str]) -> None:
        add(
            "RouteTable",
            name,
            "aws",
            unnamed=True,
            unique_id=short("rtb", name),
            vpc_id=vpc,
            routes=[{"DestinationCidrBlock": "10.20.0.0/15", "GatewayId": "local", "State": "active"}, *routes],
            associations=[{"SubnetId": SUBNET_ID[subnet], "RouteTableId": short("rtb", name)} for subnet in subnets],
        )

    peering, nat, vpn = short("pcx", "shop-orders"), short("nat", "shop"), short("vgw", "orders")
    everywhere = "0.0.0.0/0"
    table(
        "shop-public",
        SHOP,
        [{"DestinationCidrBlock": everywhere, "GatewayId": short("igw", "shop"), "State": "active"}],
        ["shop-public-a", "shop-public-b"],
    )
    table(
        "shop-private",
        SHOP,
        [
            {"DestinationCidrBlock": everywhere, "NatGatewayId": nat, "State": "active"},
            {"DestinationCidrBlock": "10.21.0.0/16", "VpcPeeringConnectionId": peering, "State": "active"},
        ],
        [name for name in SUBNETS if name.startswith(("shop-app", "shop-data"))],
    )
    table(
        "orders-private",
        ORDERS,
        [
            {"DestinationCidrBlock": "10.20.0.0/16", "VpcPeeringConnectionId": peering, "State": "active"},
            {"DestinationCidrBlock": "172.16.0.0/20", "GatewayId": vpn, "State": "active"},
        ],
        [name for name in SUBNETS if name.startswith("orders")],
    )
    add("NatGateway", "shop-nat", "aws", unnamed=True, unique_id=nat, vpc_id=SHOP, subnet_id=SUBNET_ID["shop-public-a"])
    add(
        "VpcPeering",
        "shop to orders",
        "aws",
        unique_id=peering,
        requester_vpc_info={"VpcId": SHOP, "CidrBlock": "10.20.0.0/16", "Region": "eu-west-1"},
        accepter_vpc_info={"VpcId": ORDERS, "CidrBlock": "10.21.0.0/16", "Region": "eu-west-1"},
    )
    add(
        "VpnGateway",
        "depot link",
        "aws",
        unique_id=vpn,
        vpc_id=ORDERS,
        vpc_attachments=[{"VpcId": ORDERS, "State": "attached"}],
    )
    add(
        "VpcEndpoint",
        "images",
        "aws",
        unique_id=short("vpce", "images"),
        vpc_id=SHOP,
        service_name="com.amazonaws.eu-west-1.s3",
    )
    for number, server in enumerate(one for one in servers if one["name"].startswith("checkout-api")):
        subnet = placement("Checkout API")[1][number % 3]
        add(
            "NetworkInterfaces",
            f"eni {server['name']}",
            "aws",
            unique_id=short("eni", server["name"]),
            vpc_id=SHOP,
            subnet_id=SUBNET_ID[subnet],
            private_ip_address=server["ipv4_private"],
            attachment={"InstanceId": server["unique_id"], "Status": "attached"},
            groups=[{"GroupId": GROUP["app"]}],
        )

    ranges = ELSEWHERE["azure"]
    add(
        "VirtualNetwork",
        "care",
        "azure",
        unique_id="vnet-care",
        address_space={"address_prefixes": ["10.40.0.0/16"]},
        subnets=[{"id": f"vnet-care/{name}", "name": name, "address_prefix": cidr} for name, cidr in ranges.items()],
    )
    for number, (name, cidr) in enumerate(ELSEWHERE["openstack"].items()):
        unique = short("net", name, 12)
        add("Network", name, "openstack", unique_id=unique, subnet_ids=[f"{unique}-subnet"])
        add("Subnet", f"{name}-subnet", "openstack", unique_id=f"{unique}-subnet", network_id=unique, cidr_block=cidr)
        add(
            "SecurityGroup",
            f"{name}-rules",
            "openstack",
            unique_id=short("secgroup", name, 12),
            security_group_rules=[
                {
                    "direction": "ingress",
                    "protocol": "tcp",
                    "port_range_min": 443 if number == 0 else 9000,
                    "port_range_max": 443 if number == 0 else 9092,
                    "remote_ip_prefix": "0.0.0.0/0" if number == 0 else "192.168.10.0/24",
                },
            ],
        )
    for server in (one for one in servers if one["name"].startswith("event-collector")):
        network = short("net", "ingest", 12)
        add(
            "Ports",
            f"port {server['name']}",
            "openstack",
            unique_id=short("port", server["name"], 12),
            device_id=server["unique_id"],
            network_id=network,
            fixed_ips=[{"subnet_id": f"{network}-subnet", "ip_address": server["ipv4_private"]}],
        )
    add("Network", "depot", "premise", unique_id="depot", cidr_block="172.16.0.0/20")
    for name, cidr in ELSEWHERE["premise"].items():
        add("Subnet", name, "premise", unique_id=f"depot-{name}", network_id="depot", cidr_block=cidr)
    return made


def volumes(servers: list[Document]) -> list[Document]:
    """The disks of the databases and brokers, and some that hang on nothing."""
    made = [
        document(
            "volume",
            f"{server['name']} data",
            unique_id=disk["unique_id"],
            size=disk["size"],
            status="in-use",
            server=reference("server", server["name"]),
            datacenters=server["datacenters"] | {"type": "volume"},
        )
        for server in servers
        for disk in server["storage"][1:]
    ]
    for name, size in (("catalog before migration", 200), ("search index 2024", 120), ("orders restore test", 500)):
        made.append(
            document(
                "volume",
                name,
                unique_id=short("vol", name),
                size=size,
                status="available",
                datacenters=location("aws", zone=ZONES[0]),
            )
        )
    return made


def inventory() -> dict[str, list[Document]]:
    """All collections."""
    addresses = Addresses()
    servers = [
        server
        for name, row in APPLICATIONS.items()
        for server in servers_of(name, row.platform, row.servers, row.machine, addresses)
    ]
    servers += [
        server for name, platform, machine in SPARE for server in servers_of(name, platform, 1, machine, addresses)
    ]
    names = (("catalog-nightly", 200), ("orders-nightly", 500), ("payments-nightly", 250))
    return {
        "systems": [
            document(
                "system",
                name,
                **(
                    {
                        "entry": [
                            {**reference("application", one), "family": APPLICATIONS[one].family} for one in entries
                        ]
                    }
                    if entries
                    else {}
                ),
                clients=[reference("client", one) for one in clients],
            )
            for name, (entries, clients) in SYSTEMS.items()
        ],
        "applications": applications(servers),
        "servers": servers,
        "clients": [
            document("client", name, contacts=[{"channel": "Email", "value": mail}]) for name, mail in CLIENTS.items()
        ],
        "datacenters": [{**document("datacenter", center["name"]), **center} for center in DATACENTERS.values()],
        "networks": networks(servers),
        "volumes": volumes(servers),
        "snapshots": [
            document(
                "snapshot",
                name,
                snapshot_id=short("snap", name),
                volume_size=size,
                status="completed",
                datacenters=location("aws"),
            )
            for name, size in names
        ],
        "images": [
            document(
                "image",
                name,
                image_id=short("ami", name),
                image_type="machine",
                status="available",
                datacenters=location("aws"),
            )
            for name in ("debian-12-base", "debian-12-java-21")
        ],
    }


def main() -> None:
    """Write the file: a line for each document, so that a change shows as one."""
    collections = []
    for name, documents in inventory().items():
        lines = ",\n".join(json.dumps(one, ensure_ascii=False, separators=(",", ":")) for one in documents)
        collections.append(f'"{name}": [\n{lines}\n]')
    Path(__file__).with_name("inventory.json").write_text("{\n" + ",\n".join(collections) + "\n}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
