"""Every field of an inventory that is read: one table for the reference page, the JSON Schema and the check.

``where``, ``role`` and ``deps`` are no collections but parts of documents: the
place of a thing, the role of an application, one of its calls.
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
}
#: Fields of the Data App that mean something to every reader, or to its own pages, and nothing to one graph.
KEPT = frozenset({"roles", "owner", "active", "created_at", "id"})


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


FIELDS: tuple[Field, ...] = (
    *_of(
        "applications",
        _field("_id", "id", "Id. A name serves where it is missing.", example="web"),
        _field("name", "text", "What people call it.", example="Web shop"),
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
        _field("environment", "text", "`Production`, `Staging` …", example="Production"),
        _field("language", "text", "What it is written in."),
        _field("cluster", "text", "The cluster it runs in."),
        _field("provider", "text", "Whose service it is, where no server or datacenter says so.", example="AWS"),
        _field("size", "text", "A size class, where no server gives one.", example="large"),
        _field("status", "text", "Its state in words; what is stopped or retired is marked.", example="Active"),
        _field("replicas", "number", "How many of it run, where no servers say so.", example="6"),
        _field("description", "text", "What it is for, in a sentence."),
        _field("namespace", "text", "The namespace it runs in.", example="shop"),
        _field("lifecycle", "text", "`production`, `experimental` …; what is retired or deprecated is marked."),
        _field("links", "any", "Pages about it: addresses, or a list of `{title, url}`."),
        _field(
            "datacenters",
            "place",
            "Where it runs; see [where a thing runs](#where-a-thing-runs).",
            target="datacenters",
        ),
        _field("tags", "objects", "Labels: a list of `{key, value}`.", example="[{key: team, value: shop}]"),
        _field(
            "updated_at", "date", "When it was last written; the newest is the drawing's date.", example="2026-03-02"
        ),
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
    ),
    *_of(
        "systems",
        _field("_id", "id", "Id. A name serves where it is missing.", example="web"),
        _field("name", "text", "What people call it.", example="Web shop"),
        _field("entry", "references", "The applications people come in by.", target="applications", example="[web]"),
        _field("clients", "references", "Whom it serves.", target="clients"),
        _field(
            "updated_at", "date", "When it was last written; the newest is the drawing's date.", example="2026-03-02"
        ),
    ),
    *_of(
        "clients",
        _field("_id", "id", "Id. A name serves where it is missing.", example="web"),
        _field("name", "text", "What people call it.", example="Web shop"),
    ),
    *_of(
        "servers",
        _field("_id", "id", "Id. A name serves where it is missing.", example="web"),
        _field("name", "text", "What people call it.", example="Web shop"),
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
        _field("environment", "text", "`Production`, `Staging` …", example="Production"),
        _field("status", "text", "Its state in words.", example="Active"),
        _field(
            "datacenters",
            "place",
            "Where it runs; see [where a thing runs](#where-a-thing-runs).",
            target="datacenters",
        ),
        _field("tags", "objects", "Labels: a list of `{key, value}`.", example="[{key: team, value: shop}]"),
        _field(
            "updated_at", "date", "When it was last written; the newest is the drawing's date.", example="2026-03-02"
        ),
    ),
    *_of(
        "datacenters",
        _field("_id", "id", "Id. A name serves where it is missing.", example="web"),
        _field("name", "text", "What people call it.", example="Web shop"),
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
        _field("_id", "id", "Id. A name serves where it is missing.", example="web"),
        _field("name", "text", "What people call it.", example="Web shop"),
        _field("unique_id", "text", "The provider's id of the disk.", example="i-0a1b"),
        _field("size", "size", "Size in GB.", unit="GB", example="100"),
        _field("status", "text", "Its state in words.", example="Active"),
        _field("server", "reference", "The server it is attached to.", target="servers"),
        _field(
            "datacenters",
            "place",
            "Where it runs; see [where a thing runs](#where-a-thing-runs).",
            target="datacenters",
        ),
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
        _field("_id", "id", "Id. A name serves where it is missing.", example="web"),
        _field("name", "text", "What people call it.", example="Web shop"),
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
        _field(
            "datacenters",
            "place",
            "Where it runs; see [where a thing runs](#where-a-thing-runs).",
            target="datacenters",
        ),
        _field(
            "updated_at", "date", "When it was last written; the newest is the drawing's date.", example="2026-03-02"
        ),
    ),
)


@cache
def fields_of(collection: str) -> dict[str, Field]:
    """The fields of one collection, or of one part of a document, by name.

    >>> fields_of("servers")["memory"].unit
    'GB'
    """
    return {field.name: field for field in FIELDS if field.collection == collection}
