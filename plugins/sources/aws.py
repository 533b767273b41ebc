"""AWS: answers of ``aws … describe-*`` in files and folders, CloudMapper's among them, and snapshots of AWS Config.

Answers are known by their keys, items by their ids. Config keeps the same facts in another
spelling, which is turned back first. Fields are named one by one: environments, user data,
policies, keys and user names are never read.
"""

from __future__ import annotations

import ipaddress
import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from analytics import hookimpl
from analytics.catalog.answers import CONFIG_LISTS, IDS
from analytics.sources import Draft, Part, Reader, Recognition, listed, mapping, mappings, tag_of
from analytics.sources.attributes import blocks, number, plain, texts, word
from analytics.sources.awsanswers import ARNS, Item, identity_of, is_answer, is_results, key_of, settle_places, unpacked
from analytics.sources.clouds import ENVIRONMENT, SYSTEM, TEAM, label, labels, place, region_of, tags

COLLECT = "aws ec2 describe-instances > instances.json, and so on: a file a command, a folder an account and region"
WORLD = frozenset({"0.0.0.0/0", "::/0"})


@dataclass
class Cloud:
    """All things of a reading, by what they are and by their ids."""

    draft: Draft
    items: list[Item] = field(default_factory=list)
    by_key: dict[str, list[Item]] = field(default_factory=lambda: defaultdict(list))
    by_id: dict[tuple[str, str], Item] = field(default_factory=dict)

    def of(self, *keys: str) -> list[Item]:
        """The things of some keys."""
        return [one for key in keys for one in self.by_key.get(key, ())]

    def find(self, key: str, name: str) -> Item | None:
        """A thing by its key and id."""
        return self.by_id.get((key, name))


# --- recognition ------------------------------------------------------------------------


def recognise(part: Part) -> Recognition:
    """An object with a key of AWS's whose items carry that service's ids; snapshots and answers of Config."""
    value = part.value
    if isinstance(value, list):
        first = next((one for one in value if isinstance(one, dict)), {})
        named = [
            ids[0] for key, ids in IDS.items() if ids and ids[0] in first and key not in ("Buckets", "HostedZones")
        ]
        clear = {"ReservationId", "InstanceId", "VpcId", "SubnetId", "GroupId", "LoadBalancerArn", "FunctionArn"}
        if clear & set(named):
            return "a list that --query cut out of an answer of AWS: draw the whole answer (leave out --query)"
        return False
    if not isinstance(value, dict):
        return False
    if any(isinstance(value.get(name), list) for name in CONFIG_LISTS):
        return True
    if is_results(value):
        return True
    if isinstance(value.get("Records"), list) and any("eventSource" in one for one in mappings(value["Records"])):
        return f"events of CloudTrail, which tell what was done and not what there is: {COLLECT}"
    if "ResourceTagMappingList" in value:
        return f"an answer about tags, which holds only ids: {COLLECT}"
    if "apiVersion" in value or isinstance(value.get("services"), dict):
        return False
    return any(is_answer(key_of(name), held) for name, held in value.items() if isinstance(name, str))


# --- reading ----------------------------------------------------------------------------


def read(parts: Sequence[Part], draft: Draft) -> None:
    """All answers as one estate."""
    cloud = Cloud(draft)
    raw = [one for part in parts for one in unpacked(part, draft)]
    settle_places(raw)
    newest: dict[tuple[str, str], Item] = {}
    for one in raw:
        one.id = one.id or identity_of(one)
        if not one.id:
            draft.remark(one.part, one.path, "error", "id", f"{one.key}: an item without {' or '.join(IDS[one.key])}")
            draft.skip(one.key, "not readable")
            continue
        known = newest.get((one.key, one.id))
        if known is None or one.as_of > known.as_of:
            newest[one.key, one.id] = one
        if known is not None:
            draft.skip(one.key, "a second copy of the same thing")
    for one in newest.values():
        cloud.items.append(one)
        cloud.by_key[one.key].append(one)
        cloud.by_id[one.key, one.id] = one
    for one in cloud.items:
        make = MAKE.get(one.key)
        if make:
            make(cloud, one)
    for finish in FINISH:
        finish(cloud)
    add_systems(cloud)


# --- documents --------------------------------------------------------------------------


def add(cloud: Cloud, collection: str, one: Item, **fields: Any) -> dict[str, Any]:
    """The document of a thing, with what every one of them has."""
    values = one.values
    known = dict(one.labels)
    for field_name in ("Tags", "TagSet", "TagList"):
        if values.get(field_name):
            known |= labels(values[field_name])
    name = known.get("name") or fields.pop("name", "") or one.id
    fields.pop("name", None)
    aliases = [each for each in dict.fromkeys(fields.pop("aliases", ())) if each and each != one.id]
    one.document = cloud.draft.add(
        collection, one.id, one.part, one.path, name=name, aliases=aliases, tags=tags(known),
        environment=label(known, ENVIRONMENT), team=label(known, TEAM), as_of=one.as_of, **fields,
    )  # fmt: skip
    if system := label(known, SYSTEM):
        one.document["x-system"] = system
    return one.document


def where(cloud: Cloud, one: Item, zone: str = "", **more: Any) -> dict[str, Any]:
    """Where a thing runs."""
    return place(cloud.draft, one.part, "AWS", one.account, one.region, zone, **more)


def copied(value: Mapping[str, Any], names: Sequence[str]) -> dict[str, Any]:
    """Single values of some names."""
    return {name: value[name] for name in names if isinstance(value.get(name), bool) or plain(value.get(name))}


def groups_in(value: Mapping[str, Any], *names: str) -> list[str]:
    """Ids of security groups: texts, or objects; their names may be stale and do not count."""
    found = texts(value, *names)
    for name in names:
        found += [
            key for one in blocks(value, name) if (key := word(one, "GroupId", "VpcSecurityGroupId", "SecurityGroupId"))
        ]
    return list(dict.fromkeys(found))


def make_instance(cloud: Cloud, one: Item) -> None:
    """A machine with all its interfaces."""
    values = one.values
    state = word(mapping(values, "State"), "Name")
    if state in ("terminated", "shutting-down"):
        cloud.draft.skip("Instances", f"it is {state}")
        return
    cards = mappings(values.get("NetworkInterfaces"))
    private = [
        ip
        for card in cards
        for way in mappings(card.get("PrivateIpAddresses"))
        for ip in texts(way, "PrivateIpAddress")
    ]
    public = [
        ip
        for card in cards
        for way in mappings(card.get("PrivateIpAddresses"))
        for ip in texts(mapping(way, "Association"), "PublicIp")
    ]
    public += [ip for card in cards for ip in texts(mapping(card, "Association"), "PublicIp")]
    six = [ip for card in cards for way in mappings(card.get("Ipv6Addresses")) for ip in texts(way, "Ipv6Address")]
    disks = [
        {"name": word(each, "DeviceName"), "unique_id": word(mapping(each, "Ebs"), "VolumeId")}
        for each in mappings(values.get("BlockDeviceMappings"))
        if word(mapping(each, "Ebs"), "VolumeId")
    ]
    groups = groups_in(values, "SecurityGroups") or [key for card in cards for key in groups_in(card, "Groups")]
    zone = word(mapping(values, "Placement"), "AvailabilityZone") or word(values, "AvailabilityZone")
    host = word(values, "PrivateDnsName")
    document = add(
        cloud,
        "servers",
        one,
        unique_id=one.id,
        status=state,
        ipv4_private=list(dict.fromkeys([*texts(values, "PrivateIpAddress"), *private])),
        ipv4_public=list(dict.fromkeys([*texts(values, "PublicIpAddress"), *public])),
        ipv6=six,
        storage=disks,
        names=[host] if host else [],
        os={"base": word(values, "PlatformDetails", "Platform")}
        if word(values, "PlatformDetails", "Platform")
        else None,
        cpu=cores_of(mapping(values, "CpuOptions")),
        aliases=[
            f"aws:///{zone}/{one.id}",
            f"arn:aws:ec2:{one.region}:{one.account}:instance/{one.id}" if one.account else "",
        ],
        datacenters=where(
            cloud,
            one,
            zone,
            vpc_id=word(values, "VpcId"),
            subnet_id=word(values, "SubnetId"),
            instance_id=one.id,
            instance=word(values, "InstanceType"),
            security_groups=groups,
        ),
    )
    if not cloud.by_key.get("Volumes"):
        cloud.draft.fold("volume", "the machine it is attached to", len(disks))
    for card in cards:
        add_card(cloud, one, card, document)


def cores_of(options: Mapping[str, Any]) -> float | None:
    """Processors of a machine, where its options tell."""
    count, threads = number(options, "CoreCount"), number(options, "ThreadsPerCore")
    return count * (threads or 1) if count else None


def add_card(cloud: Cloud, one: Item, card: Mapping[str, Any], document: Mapping[str, Any]) -> None:
    """An interface that stands in its machine; two machines that state the same id have one each."""
    key = word(card, "NetworkInterfaceId")
    if not key:
        return
    held = cloud.find("NetworkInterfaces", key)
    owner = word(mapping(held.values, "Attachment"), "InstanceId") if held else ""
    if owner == one.id:
        return  # its own answer says more
    known = cloud.draft.get("networks", key)
    if held is not None or (known is not None and mapping(known, "attachment").get("InstanceId") != one.id):
        key = f"{key}@{one.id}"
    path = (*one.path, "NetworkInterfaces")
    said = interface_fields(card) | {"attachment": {"InstanceId": one.id}}
    cloud.draft.add(
        "networks",
        key,
        one.part,
        path,
        unique_id=key,
        family="NetworkInterface",
        **said,
        name=f"{document['name']} {word(card, 'Description')}".strip(),
        datacenters=where(cloud, one),
    )


def interface_fields(card: Mapping[str, Any]) -> dict[str, Any]:
    """Subnet, groups and addresses of an interface."""
    ways = [
        copied(way, ("PrivateIpAddress",))
        | {
            "ip_address": word(way, "PrivateIpAddress"),
            "Association": copied(mapping(way, "Association"), ("PublicIp",)),
        }
        for way in mappings(card.get("PrivateIpAddresses"))
    ]
    said = {
        "vpc_id": word(card, "VpcId"),
        "subnet_id": word(card, "SubnetId"),
        "groups": [{"GroupId": key} for key in groups_in(card, "Groups")],
        "association": copied(mapping(card, "Association"), ("PublicIp",)),
        "private_ip_addresses": ways,
        "ipv6_addresses": texts(
            {"ips": [word(way, "Ipv6Address") for way in mappings(card.get("Ipv6Addresses"))]}, "ips"
        ),
    }
    return {name: one for name, one in said.items() if one or (name == "groups" and "Groups" in card)}


def make_network(cloud: Cloud, one: Item) -> None:
    """A VPC or a subnet, with all its ranges."""
    values, subnet = one.values, one.key == "Subnets"
    sets = [copied(each, ("CidrBlock",)) for each in mappings(values.get("CidrBlockAssociationSet"))
            if word(mapping(each, "CidrBlockState"), "State") in ("", "associated")]  # fmt: skip
    six = [word(each, "Ipv6CidrBlock") for each in mappings(values.get("Ipv6CidrBlockAssociationSet"))]
    zone = word(values, "AvailabilityZone")
    public = values.get("MapPublicIpOnLaunch")
    add(
        cloud,
        "networks",
        one,
        unique_id=one.id,
        family="Subnet" if subnet else "Vpc",
        cidr_block=word(values, "CidrBlock"),
        cidr_block_association_set=sets,
        ipv6_cidr_block=[key for key in six if key],
        vpc_id=word(values, "VpcId") if subnet else "",
        availability_zone=zone if subnet else "",
        map_public_ip_on_launch=public if isinstance(public, bool) else None,
        datacenters=where(cloud, one, zone),
    )


ROUTE = (
    "DestinationCidrBlock", "DestinationIpv6CidrBlock", "DestinationPrefixListId", "GatewayId", "NatGatewayId",
    "VpcPeeringConnectionId", "TransitGatewayId", "EgressOnlyInternetGatewayId", "LocalGatewayId", "CarrierGatewayId",
    "VpcEndpointId", "NetworkInterfaceId", "InstanceId", "State",
)  # fmt: skip


def make_routes(cloud: Cloud, one: Item) -> None:
    """A route table; what leads to something that is gone is no way."""
    values = one.values
    document = add(cloud, "networks", one, unique_id=one.id, family="RouteTable", vpc_id=word(values, "VpcId"),
                   datacenters=where(cloud, one))  # fmt: skip
    document["routes"] = [
        copied(each, ROUTE) for each in mappings(values.get("Routes")) if word(each, "State") != "blackhole"
    ]
    document["associations"] = [
        copied(each, ("SubnetId", "Main", "GatewayId")) for each in mappings(values.get("Associations"))
    ]


GATEWAYS = {
    "InternetGateways": "InternetGateway", "EgressOnlyInternetGateways": "InternetGateway", "NatGateways": "NatGateway",
    "VpnGateways": "VpnGateway", "TransitGateways": "TransitGateway", "PrefixLists": "PrefixList",
}  # fmt: skip


def make_gateway(cloud: Cloud, one: Item) -> None:
    """A gateway with the network it is attached to."""
    values = one.values
    if word(values, "State") in ("deleted", "deleting", "failed"):
        cloud.draft.skip(one.key, f"it is {word(values, 'State')}")
        return
    attached = [
        key
        for each in (*mappings(values.get("Attachments")), *mappings(values.get("VpcAttachments")))
        if (key := word(each, "VpcId"))
    ]
    subnet = word(values, "SubnetId")
    document = add(
        cloud, "networks", one, unique_id=one.id, family=GATEWAYS[one.key], name=word(values, "PrefixListName"),
        vpc_id=word(values, "VpcId") or next(iter(attached), ""), subnet_id=subnet, status=word(values, "State"),
        datacenters=where(cloud, one),
    )  # fmt: skip
    if one.key == "NatGateways":
        document["public_ip"] = next(
            (ip for each in mappings(values.get("NatGatewayAddresses")) if (ip := word(each, "PublicIp"))), ""
        )
    if one.key == "PrefixLists" and texts(values, "Cidrs"):
        document["entries"] = [{"Cidr": key} for key in texts(values, "Cidrs")]


def make_peering(cloud: Cloud, one: Item) -> None:
    """A peering that both sides agreed to; the others join nothing."""
    values = one.values
    state = word(mapping(values, "Status"), "Code")
    if state not in ("", "active"):
        cloud.draft.skip(one.key, f"it is {state}")
        return
    ends = {
        name: copied(mapping(values, key), ("VpcId", "CidrBlock", "Region", "OwnerId"))
        for name, key in (("requester_vpc_info", "RequesterVpcInfo"), ("accepter_vpc_info", "AccepterVpcInfo"))
    }
    add(
        cloud,
        "networks",
        one,
        unique_id=one.id,
        family="VpcPeering",
        status=state,
        datacenters=where(cloud, one),
        **ends,
    )


def make_endpoint(cloud: Cloud, one: Item) -> None:
    """An endpoint: of a gateway by its route tables, of interfaces by its subnets and groups."""
    values = one.values
    service = word(values, "ServiceName")
    add(
        cloud, "networks", one, unique_id=one.id, family="VpcEndpoint", name=service.rpartition(".")[2],
        vpc_id=word(values, "VpcId"), service_name=service, subnet_ids=texts(values, "SubnetIds"),
        groups=[{"GroupId": key} for key in groups_in(values, "Groups")], status=word(values, "State"),
        datacenters=where(cloud, one),
    )  # fmt: skip


def make_acl(cloud: Cloud, one: Item) -> None:
    """A network ACL."""
    values = one.values
    document = add(cloud, "networks", one, unique_id=one.id, family="NetworkAcl", vpc_id=word(values, "VpcId"),
                   is_default=values.get("IsDefault") is True or None, datacenters=where(cloud, one))  # fmt: skip
    names = ("RuleNumber", "RuleAction", "Protocol", "Egress", "CidrBlock", "Ipv6CidrBlock")
    document["entries"] = [
        copied(each, names) | {"PortRange": copied(mapping(each, "PortRange"), ("From", "To")),
                               "IcmpTypeCode": copied(mapping(each, "IcmpTypeCode"), ("Type", "Code"))}
        for each in mappings(values.get("Entries"))
    ]  # fmt: skip
    document["associations"] = [copied(each, ("SubnetId",)) for each in mappings(values.get("Associations"))]


def make_group(cloud: Cloud, one: Item) -> None:
    """A security group with its rules, both ways."""
    values = one.values
    document = add(
        cloud, "networks", one, unique_id=one.id, family="SecurityGroup", name=word(values, "GroupName"),
        vpc_id=word(values, "VpcId"), datacenters=where(cloud, one),
    )  # fmt: skip
    for name, key in (("ip_permissions", "IpPermissions"), ("ip_permissions_egress", "IpPermissionsEgress")):
        if isinstance(values.get(key), list):
            document[name] = [permission(each) for each in mappings(values[key])]
    for at, each in enumerate(document.get("ip_permissions", ())):
        for text in (one["CidrIp"] for one in each["IpRanges"]):
            if has_host_bits(text):
                path = (*one.path, "IpPermissions", at)
                words = (
                    f"{word(values, 'GroupName') or one.id}: the range {text} names a host and means its whole network"
                )
                cloud.draft.remark(one.part, path, "note", "host-bits", words)


def told(value: Mapping[str, Any], name: str, field: str) -> list[str]:
    """What a list says: texts, or objects with a field; Config writes both."""
    held = value.get(name)
    found = [plain(one.get(field) if isinstance(one, dict) else one) for one in held] if isinstance(held, list) else []
    return [one for one in found if one]


def permission(value: Mapping[str, Any]) -> dict[str, Any]:
    """A permission as describe answers write it."""
    ranges = [*told(value, "IpRanges", "CidrIp"), *told(value, "Ipv4Ranges", "CidrIp")]
    pairs = mappings(value.get("UserIdGroupPairs"))
    return copied(value, ("IpProtocol", "FromPort", "ToPort")) | {
        "IpRanges": [{"CidrIp": key} for key in dict.fromkeys(ranges)],
        "Ipv6Ranges": [{"CidrIpv6": key} for key in dict.fromkeys(told(value, "Ipv6Ranges", "CidrIpv6"))],
        "PrefixListIds": [{"PrefixListId": key} for key in dict.fromkeys(told(value, "PrefixListIds", "PrefixListId"))],
        "UserIdGroupPairs": [copied(each, ("GroupId", "UserId", "VpcId")) for each in pairs],
    }


@cache
def has_host_bits(text: str) -> bool:
    """Whether a range names an address within its network: ``2.2.2.2/28``."""
    try:
        ipaddress.ip_network(text)
    except ValueError as exc:
        return "host bits" in str(exc)
    return False


def make_interface(cloud: Cloud, one: Item) -> None:
    """An interface: of a machine, or of a service by its kind and description."""
    values = one.values
    machine = word(mapping(values, "Attachment"), "InstanceId")
    add(
        cloud,
        "networks",
        one,
        unique_id=one.id,
        family="NetworkInterface",
        name=word(values, "Description"),
        attachment={"InstanceId": machine} if machine else None,
        datacenters=where(cloud, one, word(values, "AvailabilityZone")),
        **interface_fields(values),
    )


def make_volume(cloud: Cloud, one: Item) -> None:
    """A disk."""
    values = one.values
    machine = next((key for each in mappings(values.get("Attachments")) if (key := word(each, "InstanceId"))), "")
    add(
        cloud, "volumes", one, unique_id=one.id, size=number(values, "Size"), status=word(values, "State"),
        server={"_id": machine} if machine else None, datacenters=where(cloud, one, word(values, "AvailabilityZone")),
    )  # fmt: skip


# --- managed things ---------------------------------------------------------------------


def managed(
    cloud: Cloud, one: Item, family: str, name: str, *, vpc: str = "", subnets: Sequence[str] = (),
    groups: Sequence[str] | None = None, endpoint: str = "", port: str = "", zone: str = "", instance: str = "",
    role: Mapping[str, Any] | None = None, **fields: Any,
) -> dict[str, Any]:  # fmt: skip
    """A managed service as an application."""
    inner = {"vpc_id": vpc, "endpoint": endpoint, "ports": [port] if port else []} | dict(role or {})
    said = {key: value for key, value in inner.items() if value not in ("", [], None)}
    if groups is not None:
        said["vpc_security"] = [{"VpcSecurityGroupId": key} for key in groups]
    networks = {word(held.values, "VpcId") for key in subnets if (held := cloud.find("Subnets", key))} - {""}
    if "vpc_id" not in said and len(networks) == 1:
        said["vpc_id"] = networks.pop()
    return add(
        cloud,
        "applications",
        one,
        name=name,
        family=family,
        provider="AWS",
        role=said,
        datacenters=where(
            cloud, one, zone, vpc_id=said.get("vpc_id", ""), subnet_zones=list(subnets), instance=instance
        ),
        **fields,
    )


def make_classic(cloud: Cloud, one: Item) -> None:
    """A classic balancer with its machines."""
    values = one.values
    listeners = [
        copied(mapping(each, "Listener"), ("LoadBalancerPort", "Protocol"))
        for each in mappings(values.get("ListenerDescriptions"))
    ]
    document = managed(
        cloud,
        one,
        "Loadbalance",
        word(values, "LoadBalancerName"),
        vpc=word(values, "VPCId", "VpcId", "Vpcid"),
        subnets=texts(values, "Subnets"),
        groups=groups_in(values, "SecurityGroups") if "SecurityGroups" in values else None,
        endpoint=word(values, "DNSName", "DnsName"),
        role={"scheme": word(values, "Scheme"), "type": "classic"},
    )
    if "ListenerDescriptions" in values:
        document["role"]["listeners"] = listeners
    add_targets(document, [key for each in mappings(values.get("Instances")) if (key := word(each, "InstanceId"))])


def make_balancer(cloud: Cloud, one: Item) -> None:
    """A balancer; whether its groups are told decides what lets clients in."""
    values = one.values
    zones = [mapping(each) for each in mappings(values.get("AvailabilityZones"))]
    managed(
        cloud, one, "Loadbalance", word(values, "LoadBalancerName"), vpc=word(values, "VpcId"),
        subnets=[key for each in zones if (key := word(each, "SubnetId"))],
        groups=groups_in(values, "SecurityGroups") if "SecurityGroups" in values else None,
        endpoint=word(values, "DNSName"), status=word(mapping(values, "State"), "Code"),
        role={"scheme": word(values, "Scheme"), "type": word(values, "Type")},
    )  # fmt: skip


def add_targets(document: dict[str, Any], keys: Sequence[str]) -> None:
    """Machines behind a balancer."""
    known = document.setdefault("targets", [])
    known += [one for key in dict.fromkeys(keys) if (one := {"_id": key}) not in known]
    if not known:
        del document["targets"]


def zone_of(cloud: Cloud, one: Item, zone: str, subnets: Sequence[str]) -> str:
    """A zone, if it is one of the region's that the subnets are in; one that is not is a finding."""
    zones = {
        word(cloud.by_id["Subnets", key].values, "AvailabilityZone")
        for key in subnets
        if ("Subnets", key) in cloud.by_id
    }
    regions = {region_of(each) for each in zones} - {""}
    if zone and regions and region_of(zone) not in regions:
        name, home = one.id.rpartition(":")[2], ", ".join(sorted(regions))
        words = f"{name}: its zone {zone} is not in the region of its subnets ({home})"
        cloud.draft.remark(one.part, (*one.path, "AvailabilityZone"), "warning", "zone", words)
        return ""
    return zone


def make_database(cloud: Cloud, one: Item) -> None:
    """A database, or a cluster of them; the members of a cluster are its replicas."""
    values = one.values
    cluster = word(values, "DBClusterIdentifier")
    if one.key == "DBInstances" and any(
        word(each.values, "DBClusterIdentifier") == cluster for each in cloud.of("DBClusters") if cluster
    ):
        cloud.draft.fold("DBInstances", "its cluster")
        return
    group = mapping(values, "DBSubnetGroup")
    subnets = [key for each in mappings(group.get("Subnets")) if (key := word(each, "SubnetIdentifier"))]
    if not subnets and (held := cloud.find("DBSubnetGroups", word(values, "DBSubnetGroup"))):
        subnets = [key for each in mappings(held.values.get("Subnets")) if (key := word(each, "SubnetIdentifier"))]
    public = values.get("PubliclyAccessible")
    point = mapping(values, "Endpoint")
    managed(
        cloud,
        one,
        "Database",
        word(values, "DBInstanceIdentifier", "DBClusterIdentifier"),
        vpc=word(group, "VpcId"),
        subnets=subnets,
        groups=groups_in(values, "VpcSecurityGroups"),
        endpoint=word(point, "Address") or word(values, "Endpoint"),
        port=word(point, "Port") or word(values, "Port"),
        zone=zone_of(cloud, one, word(values, "AvailabilityZone"), subnets),
        instance=word(values, "DBInstanceClass"),
        version=word(values, "EngineVersion"),
        kind=word(values, "Engine"),
        status=word(values, "DBInstanceStatus", "Status"),
        replicas=len(mappings(values.get("DBClusterMembers"))) or None,
        role={
            "publicly_accessible": public if isinstance(public, bool) else None,
            "subnet_group": word(group, "DBSubnetGroupName"),
        },
    )


def make_cluster(cloud: Cloud, one: Item) -> None:
    """A Redshift cluster; one of EMR."""
    values = one.values
    if "ClusterIdentifier" not in values:
        managed(
            cloud,
            one,
            "Application",
            word(values, "Name", "ClusterName"),
            kind="EMR cluster" if "Id" in values else "cluster",
            status=word(mapping(values, "Status"), "State"),
        )
        return
    group = cloud.find("ClusterSubnetGroups", word(values, "ClusterSubnetGroupName"))
    subnets = (
        [key for each in mappings(group.values.get("Subnets")) if (key := word(each, "SubnetIdentifier"))]
        if group
        else []
    )
    nodes = mappings(values.get("ClusterNodes"))
    public = values.get("PubliclyAccessible")
    point = mapping(values, "Endpoint")
    managed(
        cloud, one, "Database", word(values, "ClusterIdentifier"), vpc=word(values, "VpcId"), subnets=subnets,
        groups=groups_in(values, "VpcSecurityGroups"), endpoint=word(point, "Address"), port=word(point, "Port"),
        zone=zone_of(cloud, one, word(values, "AvailabilityZone"), subnets), instance=word(values, "NodeType"),
        kind="redshift", version=word(values, "ClusterVersion"), status=word(values, "ClusterStatus"),
        ipv4_public=[ip for each in nodes for ip in texts(each, "PublicIPAddress")],
        ipv4_private=[ip for each in nodes for ip in texts(each, "PrivateIPAddress")],
        role={"publicly_accessible": public if isinstance(public, bool) else None},
    )  # fmt: skip


def make_cache(cloud: Cloud, one: Item) -> None:
    """A cache; the members of a replication group are its replicas."""
    values = one.values
    group = word(values, "ReplicationGroupId")
    if one.key == "CacheClusters" and any(
        word(each.values, "ReplicationGroupId") == group for each in cloud.of("ReplicationGroups") if group
    ):
        cloud.draft.fold("CacheClusters", "its replication group")
        return
    held = cloud.find("CacheSubnetGroups", word(values, "CacheSubnetGroupName"))
    subnets = (
        [key for each in mappings(held.values.get("Subnets")) if (key := word(each, "SubnetIdentifier"))]
        if held
        else []
    )
    point = mapping(values, "ConfigurationEndpoint") or mapping(
        next(iter(mappings(values.get("NodeGroups"))), {}), "PrimaryEndpoint"
    )
    managed(
        cloud, one, "Cache", word(values, "ReplicationGroupId" if one.key == "ReplicationGroups" else "CacheClusterId"),
        subnets=subnets, groups=groups_in(values, "SecurityGroups") if "SecurityGroups" in values else None,
        endpoint=word(point, "Address"), port=word(point, "Port"), zone=word(values, "PreferredAvailabilityZone"),
        instance=word(values, "CacheNodeType"), kind=word(values, "Engine"), version=word(values, "EngineVersion"),
        replicas=len(texts(values, "MemberClusters")) or None, status=word(values, "CacheClusterStatus", "Status"),
    )  # fmt: skip


def make_function(cloud: Cloud, one: Item) -> None:
    """A function; its environment stays closed."""
    values = one.values
    inner = mapping(values, "VpcConfig")
    managed(
        cloud,
        one,
        "Serverless",
        word(values, "FunctionName"),
        vpc=word(inner, "VpcId"),
        subnets=texts(inner, "SubnetIds"),
        groups=groups_in(inner, "SecurityGroupIds") if texts(inner, "SubnetIds") else None,
        language=word(values, "Runtime"),
        status=word(values, "State"),
        role={"publicly_accessible": False if texts(inner, "SubnetIds") else None},
    )


def make_group_of_machines(cloud: Cloud, one: Item) -> None:
    """A group that scales, and the machines in it."""
    values = one.values
    managed(
        cloud,
        one,
        "AutoScaling",
        word(values, "AutoScalingGroupName"),
        subnets=[key for key in word(values, "VPCZoneIdentifier").split(",") if key],
        replicas=int(number(values, "DesiredCapacity") or 0) or None,
        aliases=[word(values, "AutoScalingGroupARN")],
        instances=[
            {"InstanceId": key} for each in mappings(values.get("Instances")) if (key := word(each, "InstanceId"))
        ],
    )


def make_ecs_cluster(cloud: Cloud, one: Item) -> None:
    """A cluster of containers, by its ARN alone or in full."""
    key = word(one.values, "ClusterArn") or word(one.values, "Name")
    if one.key == "ClusterArns" and any(each.id == key for each in cloud.of("EcsClusters")):
        cloud.draft.fold("ClusterArns", "the cluster itself")
        return
    managed(
        cloud,
        one,
        "ContainerOrchestration",
        word(one.values, "ClusterName") or key.rpartition("/")[2],
        kind="ECS cluster",
        status=word(one.values, "Status"),
    )


def make_eks(cloud: Cloud, one: Item) -> None:
    """A Kubernetes cluster."""
    values = one.values
    inner = mapping(values, "ResourcesVpcConfig")
    managed(
        cloud, one, "ContainerOrchestration", word(values, "Name"), kind="EKS cluster", version=word(values, "Version"),
        vpc=word(inner, "VpcId"), subnets=texts(inner, "SubnetIds"), status=word(values, "Status"),
        groups=[*groups_in(inner, "SecurityGroupIds"), *texts(inner, "ClusterSecurityGroupId")],
    )  # fmt: skip


def make_ecs_service(cloud: Cloud, one: Item) -> None:
    """A service of containers: how many run, of what image, and in which subnets."""
    values = one.values
    inner = mapping(values, "NetworkConfiguration", "AwsvpcConfiguration")
    definition = cloud.find("TaskDefinition", word(values, "TaskDefinition"))
    images = (
        [word(each, "Image") for each in mappings(definition.values.get("ContainerDefinitions"))] if definition else []
    )
    count = number(values, "DesiredCount")
    document = managed(
        cloud,
        one,
        "Application",
        word(values, "ServiceName"),
        kind="ECS service",
        image=", ".join(key for key in images if key),
        version=tag_of(images[0]) if images else "",
        cluster=word(values, "ClusterArn").rpartition("/")[2],
        replicas=int(count) if count is not None else None,
        subnets=texts(inner, "Subnets"),
        groups=groups_in(inner, "SecurityGroups") if texts(inner, "Subnets") else None,
        status=word(values, "Status"),
    )
    if count == 0:
        document["status"] = "scaled to 0"


def make_simple(cloud: Cloud, one: Item) -> None:
    """A managed service of which its answer tells little more than the name."""
    values = one.values
    family, kind = SIMPLE[one.key]
    if one.key == "TableNames" and cloud.find("Table", one.id):
        cloud.draft.fold("TableNames", "the table itself")
        return
    name = word(values, "Name", "TableName", "DomainName", "ClusterName", "TopicArn", "Id")
    inner = mapping(values, "VPCOptions")
    managed(
        cloud, one, family, name.rstrip(".").rpartition(":")[2].rpartition("/")[2], kind=kind, vpc=word(inner, "VPCId"),
        subnets=texts(inner, "SubnetIds"), groups=groups_in(inner, "SecurityGroupIds") if inner else None,
        endpoint=word(values, "ApiEndpoint", "Endpoint", "DNSName"), aliases=[word(values, *ARNS[:-1])],
    )  # fmt: skip


SIMPLE = {
    "QueueUrls": ("Broker", "SQS queue"),
    "Topics": ("Broker", "SNS topic"),
    "TableNames": ("Database", "DynamoDB table"),
    "Table": ("Database", "DynamoDB table"),
    "Buckets": ("ObjectStorage", "bucket"),
    "FileSystems": ("NAS", "EFS"),
    "DomainStatusList": ("Database", "OpenSearch"),
    "ClusterInfoList": ("Broker", "MSK cluster"),
    "HostedZones": ("DNS", "hosted zone"),
    "Items": ("ApiGateway", "API"),
}


def make_distribution(cloud: Cloud, one: Item) -> None:
    """A content network; its origins are found when everything is known."""
    values = one.values
    names = texts(mapping(values, "Aliases"), "Items")
    managed(cloud, one, "CDN", names[0] if names else word(values, "DomainName"), endpoint=word(values, "DomainName"),
            status=word(values, "Status"))  # fmt: skip


MAKE: dict[str, Callable[[Cloud, Item], None]] = {
    "Instances": make_instance, "Vpcs": make_network, "Subnets": make_network, "RouteTables": make_routes,
    **dict.fromkeys(GATEWAYS, make_gateway), "VpcPeeringConnections": make_peering, "VpcEndpoints": make_endpoint,
    "NetworkAcls": make_acl, "SecurityGroups": make_group, "NetworkInterfaces": make_interface, "Volumes": make_volume,
    "LoadBalancerDescriptions": make_classic, "LoadBalancers": make_balancer, "DBInstances": make_database,
    "DBClusters": make_database, "Clusters": make_cluster, "CacheClusters": make_cache, "ReplicationGroups": make_cache,
    "Functions": make_function, "AutoScalingGroups": make_group_of_machines, "ClusterArns": make_ecs_cluster,
    "EcsClusters": make_ecs_cluster, "Cluster": make_eks, "Services": make_ecs_service,
    "DistributionList": make_distribution, **dict.fromkeys(SIMPLE, make_simple),
}  # fmt: skip


# --- what joins two things --------------------------------------------------------------


def join_balancers(cloud: Cloud) -> None:
    """Listeners, groups and the health of targets lead from balancers to what is behind them."""
    behind: dict[str, list[str]] = defaultdict(list)
    for one in cloud.of("TargetGroups"):
        for key in texts(one.values, "LoadBalancerArns"):
            behind[one.id].append(key)
    for one in cloud.of("Listeners"):
        balancer = cloud.find("LoadBalancers", word(one.values, "LoadBalancerArn"))
        if balancer is None or balancer.document is None:
            cloud.draft.skip("Listeners", "its balancer is not in the files")
            continue
        known = balancer.document.setdefault("role", {}).setdefault("listeners", [])
        known.append(copied(one.values, ("Port", "Protocol")))
        for action in mappings(one.values.get("DefaultActions")):
            keys = texts(action, "TargetGroupArn")
            keys += [
                key
                for each in mappings(mapping(action, "ForwardConfig").get("TargetGroups"))
                for key in texts(each, "TargetGroupArn")
            ]
            for key in keys:
                if balancer.id not in behind[key]:
                    behind[key].append(balancer.id)
        cloud.draft.fold("Listeners", "its balancer")
    for one in cloud.of("TargetGroups"):
        if any(cloud.find("LoadBalancers", key) for key in behind[one.id]):
            cloud.draft.fold("TargetGroups", "its balancer")
        else:
            cloud.draft.skip("TargetGroups", "no balancer of these files uses it")
    machines = {
        ip: one.id for one in cloud.of("Instances") if one.document for ip in one.document.get("ipv4_private", ())
    }
    for one in cloud.of("TargetHealthDescriptions"):
        target = word(mapping(one.values, "Target"), "Id")
        balancers = [
            held.document for key in behind[one.about] if (held := cloud.find("LoadBalancers", key)) and held.document
        ]
        for document in balancers:
            if target.startswith("i-"):
                add_targets(document, [target])
            elif target in machines:
                add_targets(document, [machines[target]])
            elif cloud.find("Functions", target) or cloud.find("LoadBalancers", target):
                cloud.draft.call(document, target, why="a target of its group")
        if balancers:
            cloud.draft.fold("TargetHealthDescriptions", "its balancer")
        else:
            words = (
                "the target group stands only in the name of CloudMapper's files"
                if not one.about
                else "its balancer is not in the files"
            )
            cloud.draft.skip("TargetHealthDescriptions", words)
    for one in cloud.of("Services"):
        for each in mappings(one.values.get("LoadBalancers")):
            names = behind[word(each, "TargetGroupArn")]
            for balancer in (cloud.find("LoadBalancers", key) for key in names):
                if balancer is not None and balancer.document is not None:
                    port = word(each, "ContainerPort")
                    cloud.draft.call(
                        balancer.document, one.id, why="behind its target group", endpoint=f"tcp {port}" if port else ""
                    )


def join_addresses(cloud: Cloud) -> None:
    """Addresses go to what holds them, entries to their prefix lists, groups of subnets to what uses them."""
    draft = cloud.draft
    for one in cloud.of("Addresses"):
        ip, machine, card = (
            word(one.values, "PublicIp"),
            word(one.values, "InstanceId"),
            word(one.values, "NetworkInterfaceId"),
        )
        server = cloud.find("Instances", machine)
        if server is not None and server.document is not None:
            known = server.document.setdefault("ipv4_public", [])
            known += [ip] if ip and ip not in known else []
            draft.fold("Addresses", "the machine that holds it")
        elif card:
            draft.add(
                "networks",
                one.id,
                one.part,
                one.path,
                name=ip,
                unique_id=one.id,
                family="ElasticIp",
                PublicIp=ip,
                NetworkInterfaceId=card,
                datacenters=where(cloud, one),
            )
        else:
            draft.skip("Addresses", "an address that nothing holds")
    for one in cloud.of("Entries"):
        held = cloud.find("PrefixLists", one.about)
        if held is None or held.document is None:
            draft.skip("Entries", "its prefix list is not in the files")
            continue
        held.document.setdefault("entries", []).append({"Cidr": word(one.values, "Cidr")})
        draft.fold("Entries", "its prefix list")
    for key in ("DBSubnetGroups", "ClusterSubnetGroups", "CacheSubnetGroups"):
        draft.fold(key, "what uses it", len(cloud.of(key)))


def join_calls(cloud: Cloud) -> None:
    """Messages, subscriptions and origins are calls."""
    draft = cloud.draft
    by_arn: dict[str, Item] = {}
    for one in cloud.items:
        if one.document is not None:
            for key in (one.id, *one.document.get("aliases", ())):
                by_arn[key] = one
            if one.key == "QueueUrls":
                by_arn[f"arn:aws:sqs:{one.region}:{one.account}:{one.document['name']}"] = one
    for one in cloud.of("EventSourceMappings"):
        source = by_arn.get(word(one.values, "EventSourceArn"))
        target = cloud.find("Functions", word(one.values, "FunctionArn"))
        if source is not None and target is not None and source.document is not None:
            draft.call(source.document, target.id, endpoint="messages")
            draft.fold("EventSourceMappings", "the call it is")
        else:
            draft.skip("EventSourceMappings", "an end of it is not in the files")
    for one in cloud.of("Subscriptions"):
        source, far = by_arn.get(word(one.values, "TopicArn")), by_arn.get(word(one.values, "Endpoint"))
        if source is not None and far is not None and source.document is not None:
            draft.call(source.document, far.id, endpoint="messages")
            draft.fold("Subscriptions", "the call it is")
        else:
            draft.skip("Subscriptions", "an end of it is not in the files")
    hosts = {
        host.lower(): one
        for one in cloud.items
        if one.document
        for host in texts(mapping(one.document, "role"), "endpoint")
    }
    hosts |= {f"{one.document['name']}.s3.amazonaws.com": one for one in cloud.of("Buckets") if one.document}
    for one in cloud.of("DistributionList"):
        for each in mappings(mapping(one.values, "Origins").get("Items")):
            host = re.sub(r"\.s3[.-][a-z0-9-]+\.amazonaws\.com$", ".s3.amazonaws.com", word(each, "DomainName").lower())
            if (target := hosts.get(host)) is not None and one.document is not None:
                draft.call(one.document, target.id, endpoint="https", why="its origin")
    for one in cloud.of("ResourceRecordSets"):
        alias = word(mapping(one.values, "AliasTarget"), "DNSName").rstrip(".").lower().removeprefix("dualstack.")
        zone = next(
            (each for each in cloud.of("HostedZones") if one.about and one.about.rpartition("/")[2] in each.id), None
        )
        if (target := hosts.get(alias)) is not None and zone is not None and zone.document is not None:
            draft.call(zone.document, target.id, endpoint="alias", why="an alias of the zone")
            draft.fold("ResourceRecordSets", "the call it is")
        else:
            draft.skip("ResourceRecordSets", "a record that names nothing of these files")


def join_containers(cloud: Cloud) -> None:
    """What is only listed is folded into the thing itself; tasks into their services, gateways' attachments away."""
    draft = cloud.draft
    for key, into in (
        ("TaskArns", "the cluster it runs in"), ("ServiceArns", "the service itself"), ("Tasks", "its service"),
        ("TaskDefinitionArns", "the services that use it"), ("TaskDefinition", "the services that use it"),
        ("TransitGatewayAttachments", "its gateway"), ("TransitGatewayVpcAttachments", "its gateway"),
        ("VpnConnections", "its gateway"), ("Nodegroup", "its cluster"), ("Nodegroups", "its cluster"),
    ):  # fmt: skip
        draft.fold(key, into, len(cloud.of(key)))
    draft.skip("CustomerGateways", "it stands on premises", len(cloud.of("CustomerGateways")))


#: Interfaces that belong to a service, by the beginning of what describes them, and the keys of that service.
OWNERS = (
    (r"ELB (app|net|gwy)/([^/]+)/", ("LoadBalancers",)),
    (r"ELB ()(\S+)$", ("LoadBalancerDescriptions",)),
    (r"Interface for NAT Gateway ()(\S+)", ("NatGateways",)),
    (r"VPC Endpoint Interface ()(\S+)", ("VpcEndpoints",)),
    (r"AWS Lambda VPC ENI-()(.+?)(-[0-9a-f-]{36})?$", ("Functions",)),
    (r"RDSNetworkInterface()()", ("DBInstances", "DBClusters")),
    (
        r"(RedshiftNetworkInterface|ElastiCache|Amazon EKS)()",
        ("Clusters", "CacheClusters", "ReplicationGroups", "Cluster"),
    ),
)


def find_strays(cloud: Cloud) -> None:
    """Interfaces of no machine and of no service that is known: a finding with address, ports and account."""
    attached = {word(each, "Value") for one in cloud.of("Tasks") for task in mappings(one.values.get("Attachments"))
                for each in mappings(task.get("Details")) if word(each, "Name") == "networkInterfaceId"}  # fmt: skip
    attached |= {key for one in cloud.of("VpcEndpoints") for key in texts(one.values, "NetworkInterfaceIds")}
    for one in cloud.of("NetworkInterfaces"):
        values, machine = one.values, word(mapping(one.values, "Attachment"), "InstanceId")
        if (
            one.id in attached
            or (machine and cloud.find("Instances", machine))
            or owned(cloud, word(values, "Description"))
        ):
            continue
        ip = word(mapping(values, "Association"), "PublicIp")
        if machine:
            what = f"an interface of {machine}, which is not in the files"
        elif ":attachment/" in word(values, "Description"):
            what = "a task's interface"
        else:
            what = "an interface of nothing that is known"
        facts = [f"{one.id}: {what}"]
        ports = open_ports(cloud, groups_in(values, "Groups"))
        facts += [f"with the public address {ip}"] if ip else []
        facts += [f"open to the world on {', '.join(ports)}"] if ip and ports else []
        accounts = {
            each.account
            for each in cloud.of("Vpcs", "Subnets", "SecurityGroups")
            if each.part.folders == one.part.folders
        }
        facts += (
            [f"of another account ({one.account})"] if one.account and accounts and one.account not in accounts else []
        )
        if outside_network(cloud, values):
            facts.append(f"outside of the range of {word(values, 'VpcId')}")
        if ip or len(facts) > 1:
            cloud.draft.remark(one.part, one.path, "warning", "stray-interface", ", ".join(facts))


def owned(cloud: Cloud, description: str) -> bool:
    """Whether what describes an interface names a service that is in the files."""
    for pattern, keys in OWNERS:
        if found := re.match(pattern, description):
            held = cloud.of(*keys)
            return any(not found[2] or found[2] in (one.id, (one.document or {}).get("name")) for one in held)
    return False


def open_ports(cloud: Cloud, groups: Sequence[str]) -> list[str]:
    """What groups let in from everywhere, in words."""
    found = []
    for key in groups:
        group = cloud.find("SecurityGroups", key)
        for each in listed(group.document, "ip_permissions") if group else ():
            if WORLD & {
                *texts(
                    {"r": [word(one, "CidrIp", "CidrIpv6") for one in (*each["IpRanges"], *each["Ipv6Ranges"])]}, "r"
                )
            }:
                low, high = plain(each.get("FromPort")), plain(each.get("ToPort"))
                protocol = "all traffic" if plain(each.get("IpProtocol")) == "-1" else plain(each.get("IpProtocol"))
                found.append(f"{protocol} {low if low == high else f'{low}-{high}'}".strip() if low else protocol)
    return list(dict.fromkeys(found))


def outside_network(cloud: Cloud, values: Mapping[str, Any]) -> bool:
    """Whether an interface's private address lies in none of the ranges of its network."""
    network = cloud.find("Vpcs", word(values, "VpcId"))
    if network is None or network.document is None:
        return False
    ranges = [
        word(network.document, "cidr_block"),
        *(word(each, "CidrBlock") for each in listed(network.document, "cidr_block_association_set")),
    ]
    try:
        ip = ipaddress.ip_address(word(values, "PrivateIpAddress"))
        held = [ipaddress.ip_network(each, strict=False) for each in ranges if each]
    except ValueError:
        return False
    return bool(held) and not any(ip in each for each in held)


def find_deaf_balancers(cloud: Cloud) -> None:
    """Public balancers that listen on no port that their groups let the world in on."""
    for one in cloud.of("LoadBalancers", "LoadBalancerDescriptions"):
        role = mapping(one.document, "role")
        groups = [word(each, "VpcSecurityGroupId") for each in mappings(role.get("vpc_security"))]
        listening = {word(each, "Port", "LoadBalancerPort") for each in mappings(role.get("listeners"))} - {""}
        open_on = open_ports(cloud, groups)
        if role.get("scheme") != "internet-facing" or not listening or not open_on:
            continue
        if not any(reaches(words, port) for words in open_on for port in listening):
            ports = ", ".join(sorted(listening, key=int_of))
            words = f"{(one.document or {}).get('name')} listens on {ports}, and its groups let the world in on "
            cloud.draft.remark(one.part, one.path, "warning", "deaf-balancer", f"{words}{', '.join(open_on)} only")


def int_of(port: str) -> int:
    """A port to sort by."""
    return int(port) if port.isdigit() and len(port) < 7 else 0


def reaches(words: str, port: str) -> bool:
    """Whether an open span (``tcp 443``, ``tcp 8000-8010``, ``all traffic``) holds a port.

    >>> reaches("tcp 8000-8010", "8001"), reaches("tcp 443", "80"), reaches("all traffic", "80")
    (True, False, True)
    """
    low, _, high = words.rpartition(" ")[2].partition("-")
    return not low.isdigit() or int_of(low) <= int_of(port) <= int_of(high or low)


FINISH: tuple[Callable[[Cloud], None], ...] = (
    join_balancers, join_addresses, join_calls, join_containers, find_strays, find_deaf_balancers,
)  # fmt: skip
#: Families by which people come in.
DOORS = frozenset({"CDN", "ApiGateway"})


def add_systems(cloud: Cloud) -> None:
    """What belongs together: what a label says, else the account; entered by what the Internet may reach."""
    members: dict[str, list[Item]] = defaultdict(list)
    for one in cloud.items:
        document = one.document
        if document is None:
            continue
        name = document.pop("x-system", "") or one.account
        if name and cloud.draft.get("applications", one.id) is document:
            members[name].append(one)
            document["system"] = [{"_id": f"system/{name}", "name": name}]
    for name, held in sorted(members.items()):
        doors = [
            {"_id": one.id}
            for one in held
            if one.document
            and (one.document["family"] in DOORS or mapping(one.document, "role").get("scheme") == "internet-facing")
        ]
        why = "a label, or the account"
        cloud.draft.add(
            "systems", f"system/{name}", held[0].part, held[0].path, how="inferred", why=why, name=name, entry=doors
        )


@hookimpl
def analytics_sources() -> Iterator[Reader]:
    title = "AWS: answers of describe commands, snapshots of Config"
    yield Reader("aws", title, recognise, read, COLLECT, type="network", rank=60)
