"""Which fields of an inventory's documents are read, found out by reading a document that notes what it is asked.

What each means is written here; a test fails where a field is read that is not described, or described and not read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from analytics.documents.entities import (
    Application,
    Client,
    Datacenter,
    Dependency,
    Location,
    Role,
    Server,
    System,
    Volume,
)
from analytics.documents.networks import NetworkItem

#: Each kind of document or part of one, and who reads it.
READERS: dict[str, Callable[[Any], object]] = {
    "applications": Application.read,
    "systems": System.read,
    "clients": Client.read,
    "servers": Server.read,
    "datacenters": Datacenter.read,
    "volumes": Volume.read,
    "networks": NetworkItem.read,
    "where": Location.read,
    "role": Role.read,
    "deps": Dependency.read,
}
NAMED = {"_id": "Id. A name serves where it is missing.", "name": "What people call it."}
DATED = {"updated_at": "When it was last written; the newest is the drawing's date."}
TAGGED = {"tags": "Labels: a list of `{key, value}`."}
PLACED = {"datacenters": "Where it runs; see [where a thing runs](#where-a-thing-runs)."}
MEANINGS: dict[str, dict[str, str]] = {
    "applications": {
        **NAMED,
        "family": "What it is (`Application`, `Database`, `Cache`, `Broker`, `Loadbalance` …): decides its symbol.",
        "deps": "What it calls; see [deps](#deps).",
        "system": "The systems it belongs to.",
        "servers": "The servers it runs on; a server may say so instead.",
        "targets": "The servers behind a load balancer.",
        "instances": "The machines of a group: a list of `{InstanceId}`.",
        "role": "Ports, endpoint and network of a managed service; see [role](#role).",
        "environment": "`Production`, `Staging` …",
        "language": "What it is written in.",
        "cluster": "The cluster it runs in.",
        "provider": "Whose service it is, where no server or datacenter says so.",
        "size": "A size class, where no server gives one.",
        "status": "Its state in words.",
        **PLACED,
        **TAGGED,
        **DATED,
    },
    "deps": {
        "_id": "The application that is called, by id or name.",
        "name": "Its name, shown where the inventory does not hold it.",
        "family": "Its family, likewise.",
        "endpoint": "How it is called: text such as `rest` or `tcp 5432`, or an object with a type and a port.",
    },
    "systems": {
        **NAMED,
        "entry": "The applications people come in by.",
        "clients": "Whom it serves.",
        **DATED,
    },
    "clients": NAMED,
    "servers": {
        **NAMED,
        "hostname": "Shown instead of the name.",
        "unique_id": "The provider's id of the machine.",
        "applications": "What runs on it.",
        "cpu": "Number of processors.",
        "memory": "Memory in GB.",
        "storage": "Its disks: a list of `{name, mount, size, unique_id}`, sizes in GB.",
        "os": "Operating system: `{base, dist, version}`.",
        "ipv4_private": "Private addresses, one or a list.",
        "ipv4_public": "Public addresses, one or a list.",
        "role": "What it is for; equal servers may be shown as a group.",
        "environment": "`Production`, `Staging` …",
        "status": "Its state in words.",
        **PLACED,
        **TAGGED,
        **DATED,
    },
    "datacenters": {
        **NAMED,
        "provider": "The provider; empty means a building of one's own.",
        "regions": "Its regions, one or a list.",
        "zones": "Its zones, one or a list.",
    },
    "volumes": {
        **NAMED,
        "unique_id": "The provider's id of the disk.",
        "size": "Size in GB.",
        "status": "Its state in words.",
        "server": "The server it is attached to.",
        **PLACED,
    },
    "where": {
        "_id": "The datacenter, by id or name.",
        "name": "Its name.",
        "provider": "Its provider.",
        "region": "The region.",
        "zone": "The zone, or a list of them.",
        "zones": "The same for things that span zones.",
        "type": "What kind of thing the provider calls it.",
        "instance": "The machine type.",
        "instance_id": "The provider's id of the machine.",
        "vpc_id": "The network it is in.",
        "subnet_id": "The subnet it is in.",
        "subnet_zones": "The subnets of a managed service.",
        "security_groups": "The security groups that guard it.",
        "network_interface": "Its interfaces: a list of `{id}`.",
    },
    "role": {
        "role": "What the service does.",
        "ports": "The ports it listens on.",
        "endpoint": "Its address; one that begins with `internal-` is an internal load balancer.",
        "path": "A path at that address.",
        "vpc_id": "The network it is in.",
        "subnet_group": "The provider's name for its subnets.",
        "vpc_security": "The security groups that guard it.",
    },
    "networks": {
        **NAMED,
        "family": "What it is; the families are listed below.",
        "unique_id": "The provider's id.",
        "id": "The same, where `unique_id` is missing.",
        "group_name": "The name of a security group without a `name`.",
        "vpc_id": "The network it belongs to.",
        "network_id": "The same, as OpenStack writes it.",
        "vpc_attachments": "The networks of a VPN gateway.",
        "subnet_id": "The subnet it is in.",
        "subnet_ids": "Its subnets.",
        "subnets": "Subnets written into their network (Azure), or those a group guards.",
        "associations": "The subnets of a route table or an ACL.",
        "fixed_ips": "Addresses and subnets of an OpenStack port.",
        "ip_configurations": "Addresses and subnets of an Azure interface.",
        "cidr_block": "Address range.",
        "cidr": "The same.",
        "cidr_block_association_set": "Further address ranges of an AWS VPC.",
        "address_space": "Address ranges of an Azure network.",
        "address_prefix": "Address range of an Azure subnet.",
        "address_prefixes": "The same as a list.",
        "image_id": "Address range of an AWS VPC, in older documents.",
        "availability_zone": "The zone of a subnet.",
        "map_public_ip_on_launch": "Whether machines in the subnet get public addresses.",
        "ip_permissions": "Rules of an AWS security group.",
        "security_group_rules": "Rules of an OpenStack security group.",
        "rules": "The same.",
        "direction": "Of an OpenStack rule that is a document by itself.",
        "inbound_rules": "Rules of a Digital Ocean firewall.",
        "security_rules": "Rules of an Azure security group.",
        "securityRules": "The same.",
        "routes": "The lines of a route table.",
        "requester_vpc_info": "The end of a peering that asked.",
        "accepter_vpc_info": "The end that agreed.",
        "attachment": "The machine of an AWS interface.",
        "device_id": "The machine of an OpenStack port.",
        "virtual_machine": "The machine of an Azure interface.",
        "droplets_ids": "The machines of a Digital Ocean firewall.",
        "droplet_ids": "The same.",
        "network_interfaces": "The interfaces an Azure security group guards.",
        "groups": "The security groups of an interface.",
        "security_groups": "The same.",
        "network_security_group": "The same, as Azure writes it.",
        "security_group_id": "The group of a rule that is a document by itself.",
        "entries": "The rules of a network ACL.",
        "service_name": "The service behind an endpoint.",
        "association": "The public address of an interface.",
        **PLACED,
        **DATED,
    },
}


class Noting(dict[str, Any]):
    """A document that notes which fields are asked for."""

    def __init__(self, **held: str) -> None:
        super().__init__(held)
        self.asked: dict[str, None] = {}

    def get(self, key: str, default: Any = None) -> Any:
        """The value; the key is noted."""
        self.asked[key] = None
        return super().get(key, default)


def asked(kind: str) -> frozenset[str]:
    """The fields that the reader of ``kind`` asks for, whatever the family of the document."""
    found: set[str] = set()
    for family in ("", "Vpc", "SecurityGroup", "Subnet"):
        document = Noting(_id="x", **({"family": family} if family else {}))
        READERS[kind](document)
        found |= document.asked.keys()
    return frozenset(found)


def described(kind: str) -> Iterator[tuple[str, str]]:
    """Every field of ``kind`` and what it means. Raises :class:`LookupError` where code and words differ."""
    read, said = asked(kind), MEANINGS[kind]
    if differing := read ^ said.keys():
        raise LookupError(f"{kind}: read but not described, or described but not read: {', '.join(sorted(differing))}")
    return iter(said.items())
