"""Every field of an inventory that is read: one table for the reference page, the JSON Schema and the check.

``where``, ``role``, ``deps`` and ``interfaces`` are no collections but parts of
documents: the place of a thing, the role of an application, one of its calls,
one interface of a server.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from typing import Literal

#: What stands in a field. One thing stands for a list of one; ``any`` is the provider's own form.
FieldKind = Literal[
    "id",
    "text",
    "texts",
    "number",
    "size",
    "share",
    "family",
    "date",
    "addresses",
    "range",
    "reference",
    "references",
    "place",
    "object",
    "objects",
    "any",
]
#: What kinds are called on the reference page.
CALLED: dict[FieldKind, str] = {
    "id": "id",
    "text": "text",
    "texts": "text, or a list",
    "number": "number",
    "size": "number",
    "share": "number from 0 to 1, or text with `%`",
    "family": "family",
    "date": "date",
    "addresses": "address, or a list",
    "range": "address range",
    "reference": "id or name",
    "references": "list of ids or names",
    "place": "object, id or name",
    "object": "object",
    "objects": "list of objects",
    "any": "as the provider writes it",
}
#: The graphs that show something of each collection.
ALL = ("business", "infra", "network")
GRAPHS: dict[str, tuple[str, ...]] = {
    "applications": ALL,
    "systems": ALL,
    "clients": ALL,
    "servers": ALL,
    "datacenters": ("infra", "network"),
    "volumes": ("infra",),
    "networks": ("network",),
    "where": ALL,
    "role": ("business", "network"),
    "deps": ("business", "infra"),
    "interfaces": ("infra", "network"),
}
#: Fields of the Data App that mean something to every reader, or to its own pages, and nothing to one graph.
KEPT = frozenset(
    {
        *("roles", "owner", "active", "created_at", "id", "private_ip_address"),
        # What readers of other formats note: for joining, for review, and for graphs to come.
        *("aliases", "same_as", "absent", "source", "allowed_to", "configs", "secrets", "claims", "requests", "scale"),
        *("external_hosts", "applications", "change", "account", "address", "calls", "window"),
        *("namespace", "team", "environment", "ip_permissions_egress", "ipv6_cidr_block"),
    }
)


@dataclass(frozen=True, slots=True)
class Field:
    """One field: where it stands, what it holds, and who uses it.

    ``target`` is the collection a reference means, ``unit`` the unit of a
    number, ``example`` a value as a person writes it in YAML, ``graphs`` the
    graph types that show something of it.
    """

    collection: str
    name: str
    kind: FieldKind
    meaning: str
    target: str = ""
    unit: str = ""
    example: str = ""
    graphs: tuple[str, ...] = ()


def _field(name: str, kind: FieldKind, meaning: str, *, target: str = "", unit: str = "", example: str = "") -> Field:
    return Field("", name, kind, meaning, target, unit, example)


def _of(collection: str, *fields: Field) -> Iterator[Field]:
    return (replace(field, collection=collection, graphs=GRAPHS[collection]) for field in fields)


#: Fields that several collections have, and that mean the same in each.
_NAMED = (
    _field("_id", "id", "Id. A name serves where it is missing.", example="web"),
    _field("name", "text", "What people call it.", example="Web shop"),
)
_PLACE = _field(
    "datacenters",
    "place",
    "Where it runs; see [where a thing runs](#where-a-thing-runs).",
    target="datacenters",
)
_TAGS = _field("tags", "objects", "Labels: a list of `{key, value}`.", example="[{key: team, value: shop}]")
_ENVIRONMENT = _field("environment", "text", "`Production`, `Staging` …", example="Production")
_STATUS = _field("status", "text", "Its state in words; what is stopped or retired is marked.", example="Active")
_SEEN = (
    _field(
        "updated_at",
        "date",
        "When it was last written. The frame says the oldest and the newest.",
        example="2026-03-02",
    ),
    _field("as_of", "date", "When it was last seen, where that is not when it was written.", example="2026-03-02"),
)
#: What people write about a thing.
_ABOUT = (
    _field("description", "text", "What it is for, in a sentence.", example="Takes orders and payments"),
    _field("team", "text", "Who looks after it. `owner` says whose inventory it stands in.", example="payments"),
    _field("lifecycle", "text", "`production`, `experimental` …; what is retired or deprecated is marked."),
    _field("links", "any", "Pages about it: addresses, or a list of `{title, url}`."),
    _field("data_class", "texts", "What data it holds: `public`, `personal`, `confidential` …", example="personal"),
    _field("namespace", "text", "The namespace or module it stands in; `a/b` stands in `a`.", example="shop"),
    _field("cluster", "text", "The cluster it runs in, or is a member of.", example="prod-eu"),
    _field("image", "text", "The image it is started from.", example="shop/web"),
    _field("version", "text", "Its version.", example="2.4.1"),
    _field("depends", "any", "Ids of what it was built with, as Terraform states it; lines at detail `full`."),
)
_SOURCE = _field("source", "objects", "Where it is from: `{format, file, place, how, why}`; readers write it.")
#: How a machine or a service meets the network.
_FACED = (
    _field("ipv6", "addresses", "IPv6 addresses.", example="2001:db8::1"),
    _field("ipv6_addresses", "any", "The same, as a provider writes them."),
    _field("ipv6_private", "addresses", "IPv6 addresses inside its networks."),
    _field("ipv6_public", "addresses", "IPv6 addresses that the internet routes."),
    _field("network_interface", "objects", "Its interfaces, with their addresses and groups."),
    _field("networks", "any", "Its networks: references, or with addresses as Digital Ocean writes them."),
    _field("metas", "any", "What the discovery service kept of the provider's own answer."),
    _field("scheme", "text", "Of a balancer: `internal` or `internet-facing`."),
    _field("listeners", "any", "Of a balancer: the ports it listens on."),
    _field("type", "text", "Of a balancer: its kind, as the provider names it."),
)

FIELDS: tuple[Field, ...] = (
    *_of(
        "applications",
        *_NAMED,
        _field(
            "family",
            "family",
            "What it is (`Application`, `Database`, `Cache`, `Broker`, `Loadbalance` …): decides its symbol.",
            example="Database",
        ),
        _field("deps", "references", "What it calls; see [deps](#deps).", target="applications", example="[db]"),
        _field("system", "references", "The systems it belongs to.", target="systems", example="[shop]"),
        _field("servers", "references", "The servers it runs on; a server may say so instead.", target="servers"),
        _field("targets", "references", "The servers behind a load balancer.", target="servers"),
        _field("instances", "objects", "The machines of a group: a list of `{InstanceId}`."),
        _field("role", "object", "Ports, endpoint and network of a managed service; see [role](#role)."),
        _ENVIRONMENT,
        _field("language", "text", "What it is written in."),
        _field("provider", "text", "Whose service it is, where no server or datacenter says so.", example="AWS"),
        _field("size", "text", "A size class, where no server gives one.", example="large"),
        _STATUS,
        _field("replicas", "number", "How many of it run, where no servers say so.", example="6"),
        _field(
            "needs",
            "any",
            "How many servers are enough, or which calls stand in for one another: see [Answers](answers.md).",
            example="{servers: majority}",
        ),
        *_ABOUT,
        _PLACE,
        _TAGS,
        *_SEEN,
        _field("ipv4_private", "addresses", "Addresses inside its networks.", example="10.0.1.5"),
        _field("ipv4_public", "addresses", "Addresses that the internet routes.", example="198.51.100.7"),
        *_FACED,
        _field("kind", "text", "What runs it: `Deployment`, `service` …; readers write it."),
        _field("exposure", "objects", "Ways in from outside: `{how, host, port, protocol, internal, ranges}`."),
        _field("isolated", "object", "`{in, out}`: whether only what policies name gets in, or out."),
        _field("allowed_from", "objects", "Whom policies let in: `{ref, range, everybody, ports}`."),
        _SOURCE,
    ),
    *_of(
        "deps",
        _field("_id", "id", "The application that is called, by id or name.", example="web"),
        _field("name", "text", "Its name, shown where the inventory does not hold it.", example="Web shop"),
        _field("family", "family", "Its family, likewise.", example="Database"),
        _field(
            "endpoint",
            "any",
            "How it is called: text such as `rest` or `tcp 5432`, or an object with a type and a port.",
            example="tcp 5432",
        ),
        _field("rate", "number", "Calls a second, where somebody measured them.", unit="1/s", example="120"),
        _field("errors", "share", "The share of calls that fail: from 0 to 1, or as `0.5 %`.", example="0.005"),
        _field("latency", "number", "How long a call takes, in milliseconds.", unit="ms", example="35"),
        _field("data_class", "texts", "What data goes along: `personal`, `confidential` …", example="personal"),
        _field("provenance", "text", "How it is known: an `inferred` line is dotted. Nothing means that it is stated."),
        _field("evidence", "text", "From what it follows, in a sentence."),
        _field("optional", "any", "`true`: the caller can do without it.", example="true"),
    ),
    *_of(
        "systems",
        *_NAMED,
        _field("entry", "references", "The applications people come in by.", target="applications", example="[web]"),
        _field("clients", "references", "Whom it serves.", target="clients"),
        *_SEEN,
    ),
    *_of(
        "clients",
        *_NAMED,
        _field(
            "contacts",
            "objects",
            "Whom to tell when something fails: a list of `{channel, value}`.",
            example="[{channel: Email, value: care@shop.example}]",
        ),
    ),
    *_of(
        "servers",
        *_NAMED,
        _field("hostname", "text", "Shown instead of the name.", example="web-01"),
        _field("unique_id", "text", "The provider's id of the machine.", example="i-0a1b"),
        _field("applications", "references", "What runs on it.", target="applications"),
        _field("cpu", "number", "Number of processors.", example="4"),
        _field("memory", "size", "Memory in GB.", unit="GB", example="16"),
        _field("storage", "objects", "Its disks: a list of `{name, mount, size, unique_id}`, sizes in GB."),
        _field("os", "object", "Operating system: `{base, dist, version}`."),
        _field("ipv4_private", "addresses", "Private addresses, one or a list.", example="10.0.1.5"),
        _field("ipv4_public", "addresses", "Public addresses, one or a list.", example="203.0.113.9"),
        _field("role", "text", "What it is for; equal servers may be shown as a group."),
        _field("kind", "text", "What it is where it is no ordinary server: `switch`, `firewall`, `hypervisor` …"),
        _field("host", "text", "The hypervisor or machine it runs on, by name or id.", example="esx-07"),
        _field("rack", "text", "The rack it stands in.", example="R12"),
        _field(
            "cables", "references", "The machines at the other ends of its cables.", target="servers", example="[sw1]"
        ),
        _field("interfaces", "objects", "Its network interfaces; see [interfaces](#interfaces)."),
        *_ABOUT,
        _ENVIRONMENT,
        _STATUS,
        _PLACE,
        _TAGS,
        *_SEEN,
        *_FACED,
        _SOURCE,
    ),
    *_of(
        "interfaces",
        _field("name", "text", "What the machine calls it.", example="eth0"),
        _field("id", "text", "The provider's id of it.", example="eni-0a1b"),
        _field("mac", "text", "Its hardware address.", example="00:16:3e:5e:6c:00"),
        _field("ipv4", "addresses", "Its IPv4 addresses, private ones and public ones.", example="10.0.1.5"),
        _field("ipv6", "addresses", "Its IPv6 addresses.", example="2001:db8::1"),
        _field("subnet_id", "text", "The subnet it stands in.", example="subnet-1"),
        _field("security_groups", "texts", "The security groups that guard it.", example="[sg-web]"),
    ),
    *_of(
        "datacenters",
        *_NAMED,
        _field(
            "provider",
            "text",
            "The provider; `On premises` is a building of one's own, nothing means that it is not known.",
            example="AWS",
        ),
        _field("regions", "texts", "Its regions, one or a list."),
        _field("zones", "texts", "Its zones, one or a list."),
    ),
    *_of(
        "volumes",
        *_NAMED,
        _field("unique_id", "text", "The provider's id of the disk.", example="i-0a1b"),
        _field("size", "size", "Size in GB.", unit="GB", example="100"),
        _STATUS,
        _field("server", "reference", "The server it is attached to.", target="servers"),
        _field("data_class", "texts", "What data it holds: `public`, `personal`, `confidential` …", example="personal"),
        *_SEEN,
        _PLACE,
    ),
    *_of(
        "where",
        _field("_id", "id", "The datacenter, by id or name.", example="web"),
        _field("name", "text", "Its name.", example="Web shop"),
        _field("provider", "text", "Its provider.", example="AWS"),
        _field("region", "text", "The region.", example="eu-west-1"),
        _field("zone", "texts", "The zone, or a list of them.", example="eu-west-1a"),
        _field("zones", "texts", "The same for things that span zones."),
        _field("type", "text", "What kind of thing the provider calls it."),
        _field("instance", "text", "The machine type."),
        _field("instance_id", "text", "The provider's id of the machine."),
        _field("vpc_id", "text", "The network it is in.", example="vpc-1"),
        _field("subnet_id", "text", "The subnet it is in.", example="subnet-1"),
        _field("subnet_zones", "texts", "The subnets of a managed service."),
        _field("security_groups", "any", "The security groups that guard it."),
        _field("network_interface", "objects", "Its interfaces: a list of `{id}`."),
    ),
    *_of(
        "role",
        _field("role", "text", "What the service does."),
        _field("ports", "texts", "The ports it listens on."),
        _field(
            "endpoint",
            "text",
            "Its address; one that begins with `internal-` is an internal load balancer.",
            example="db.example.org",
        ),
        _field("path", "text", "A path at that address."),
        _field("port", "texts", "The same as `ports`, as the discovery service writes it."),
        _field("vpc_id", "text", "The network it is in.", example="vpc-1"),
        _field("subnet_group", "text", "The provider's name for its subnets."),
        _field("vpc_security", "any", "The security groups that guard it."),
    ),
    *_of(
        "networks",
        *_NAMED,
        _field("family", "text", "What it is; the families are listed below.", example="Subnet"),
        _field("unique_id", "text", "The provider's id.", example="i-0a1b"),
        _field("id", "text", "The same, where `unique_id` is missing."),
        _field("group_name", "text", "The name of a security group without a `name`."),
        _field("vpc_id", "text", "The network it belongs to.", example="vpc-1"),
        _field("network_id", "text", "The same, as OpenStack writes it."),
        _field("vpc_attachments", "any", "The networks of a VPN gateway."),
        _field("subnet_id", "text", "The subnet it is in.", example="subnet-1"),
        _field("subnet_ids", "any", "Its subnets."),
        _field("subnets", "any", "Subnets written into their network (Azure), or those a group guards."),
        _field("associations", "any", "The subnets of a route table or an ACL."),
        _field("fixed_ips", "any", "Addresses and subnets of an OpenStack port."),
        _field("ip_configurations", "any", "Addresses and subnets of an Azure interface."),
        _field("cidr_block", "range", "Address range.", example="10.0.1.0/24"),
        _field("cidr", "range", "The same."),
        _field("cidr_block_association_set", "any", "Further address ranges of an AWS VPC."),
        _field("address_space", "any", "Address ranges of an Azure network."),
        _field("address_prefix", "range", "Address range of an Azure subnet."),
        _field("address_prefixes", "texts", "The same as a list."),
        _field("image_id", "text", "Address range of an AWS VPC, in older documents."),
        _field("availability_zone", "text", "The zone of a subnet."),
        _field("map_public_ip_on_launch", "any", "Whether machines in the subnet get public addresses."),
        _field("ip_permissions", "any", "Rules of an AWS security group."),
        _field("security_group_rules", "any", "Rules of an OpenStack security group."),
        _field("rules", "any", "The same."),
        _field("direction", "text", "Of an OpenStack rule that is a document by itself."),
        _field("inbound_rules", "any", "Rules of a Digital Ocean firewall."),
        _field("security_rules", "any", "Rules of an Azure security group."),
        _field("securityRules", "any", "The same."),
        _field("routes", "any", "The lines of a route table."),
        _field("requester_vpc_info", "any", "The end of a peering that asked."),
        _field("accepter_vpc_info", "any", "The end that agreed."),
        _field("attachment", "any", "The machine of an AWS interface."),
        _field("device_id", "text", "The machine of an OpenStack port."),
        _field("virtual_machine", "any", "The machine of an Azure interface."),
        _field("droplets_ids", "any", "The machines of a Digital Ocean firewall."),
        _field("droplet_ids", "any", "The same."),
        _field("network_interfaces", "any", "The interfaces an Azure security group guards."),
        _field("groups", "any", "The security groups of an interface."),
        _field("security_groups", "any", "The same."),
        _field("network_security_group", "any", "The same, as Azure writes it."),
        _field("security_group_id", "text", "The group of a rule that is a document by itself."),
        _field("entries", "any", "The rules of a network ACL."),
        _field("service_name", "text", "The service behind an endpoint."),
        _field("association", "any", "The public address of an interface."),
        _PLACE,
        *_SEEN,
        _field("InstanceId", "any", "Of an address: the machine it belongs to (AWS)."),
        _field("NetworkInterfaceId", "any", "Of an address: the interface it belongs to (AWS)."),
        _field("PublicIp", "any", "Of an address: the address (AWS)."),
        _field("defaultSecurityRules", "any", "Rules every Azure group has."),
        _field("default_security_rules", "any", "The same, in lower case."),
        _field("droplet", "any", "The machine of a floating address (Digital Ocean)."),
        _field("droplet_id", "any", "The id of that machine."),
        _field("external_gateway_info", "any", "Whether an OpenStack router leads outside."),
        _field("floating_ip_address", "any", "A floating address (OpenStack)."),
        _field("instance_id", "any", "The machine an address belongs to."),
        _field("ip_address", "any", "An address."),
        _field("ip_configuration", "any", "What an Azure address belongs to."),
        _field("ipv6", "any", "IPv6 addresses."),
        _field("ipv6_addresses", "any", "The same, as a provider writes them."),
        _field("is_default", "any", "Whether it is the default of its network."),
        _field("networkSecurityGroup", "any", "The group that guards a subnet or an interface (Azure)."),
        _field("network_interface_id", "any", "The interface an address belongs to."),
        _field("port_id", "any", "The port a floating address belongs to (OpenStack)."),
        _field("port_security_enabled", "any", "Whether groups guard an OpenStack port at all."),
        _field("private_ip_addresses", "any", "Its private addresses, with the public ones that lead there."),
        _field("public_ip", "any", "A public address."),
        _field("public_ip_address", "any", "The same."),
        _field("security_group_ids", "any", "The groups that guard it."),
        _field("sku", "any", "Of an Azure address: `Basic` or `Standard`."),
        _field("tags", "any", "Labels, which rules may mean things by."),
    ),
)


@cache
def fields_of(collection: str) -> dict[str, Field]:
    """The fields of one collection, or of one part of a document, by name.

    >>> fields_of("servers")["memory"].unit
    'GB'
    """
    return {field.name: field for field in FIELDS if field.collection == collection}
