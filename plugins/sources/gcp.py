"""Google Cloud: the asset inventory with resources. Tags of firewalls become membership of groups while reading."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from analytics import hookimpl
from analytics.sources import Draft, Part, Reader, Recognition, listed, mapping, mappings

COLLECT = "gcloud asset list --project=<project> --content-type=resource --format=json"
#: Families of managed services by their asset type.
FAMILIES = {
    "sqladmin.googleapis.com/Instance": "Database", "spanner.googleapis.com/Instance": "Database",
    "bigtableadmin.googleapis.com/Instance": "Database", "redis.googleapis.com/Instance": "Cache",
    "storage.googleapis.com/Bucket": "ObjectStorage", "pubsub.googleapis.com/Topic": "Broker",
    "run.googleapis.com/Service": "Serverless", "cloudfunctions.googleapis.com/CloudFunction": "Serverless",
    "cloudfunctions.googleapis.com/Function": "Serverless", "appengine.googleapis.com/Application": "Application",
    "container.googleapis.com/Cluster": "ContainerOrchestration", "file.googleapis.com/Instance": "NAS",
    "dns.googleapis.com/ManagedZone": "DNS", "compute.googleapis.com/InstanceGroupManager": "AutoScaling",
    "artifactregistry.googleapis.com/Repository": "Repository",
}  # fmt: skip
FOLDED = {
    "compute.googleapis.com/TargetHttpProxy": "the balancer", "compute.googleapis.com/TargetHttpsProxy": "the balancer",
    "compute.googleapis.com/TargetPool": "the balancer", "compute.googleapis.com/UrlMap": "the balancer",
    "compute.googleapis.com/BackendService": "the balancer", "compute.googleapis.com/InstanceGroup": "the balancer",
    "cloudresourcemanager.googleapis.com/Project": "the box of what is in it",
    "cloudresourcemanager.googleapis.com/Folder": "the box of what is in it",
    "cloudresourcemanager.googleapis.com/Organization": "the box of what is in it",
    "compute.googleapis.com/Project": "the box of what is in it", "pubsub.googleapis.com/Subscription": "its topic",
}  # fmt: skip
ANY = ("0.0.0.0/0", "::/0")
#: The priorities of firewalls: small first; what nobody said is in the middle.
USUAL = 1000


@dataclass(frozen=True)
class Asset:
    """One asset: its type, its name from the project on, and its resource."""

    part: Part
    path: tuple[str | int, ...]
    kind: str
    key: str
    data: Mapping[str, Any]

    @property
    def name(self) -> str:
        """What it is called."""
        return text(self.data.get("name")).rpartition("/")[2] or self.key.rpartition("/")[2]


@dataclass
class Cloud:
    """All assets by name, and projects by number and id."""

    assets: dict[str, Asset] = field(default_factory=dict)
    projects: dict[str, str] = field(default_factory=dict)
    instances: list[Asset] = field(default_factory=list)

    def of(self, *kinds: str) -> list[Asset]:
        """The assets of some types, by name."""
        return [self.assets[key] for key in sorted(self.assets) if self.assets[key].kind in kinds]

    def follow(self, link: object) -> Asset | None:
        """The asset that a link means."""
        return self.assets.get(short(link))


def text(value: object) -> str:
    """A value as text."""
    return str(value).strip() if isinstance(value, (str, int, float)) and not isinstance(value, bool) else ""


def either(value: Mapping[str, Any], *names: str) -> Any:
    """The first field there is: keys are written in camel case, or with underscores."""
    return next((value[name] for name in names if name in value), None)


def short(link: object) -> str:
    """A link from the project on, whatever API it was written for.

    >>> short("https://www.googleapis.com/compute/v1/projects/p/zones/z/instances/i")
    'projects/p/zones/z/instances/i'
    """
    found = re.search(r"projects/.*", text(link))
    return found[0] if found else text(link).rpartition("//")[2]


def is_asset(value: Any) -> bool:
    """Whether a value is an asset: a type of an API and a name that begins with ``//``."""
    if not isinstance(value, dict):
        return False
    return "googleapis.com/" in text(either(value, "assetType", "asset_type")) and text(value.get("name")).startswith(
        "//"
    )


def recognise(part: Part) -> Recognition:
    """A list of assets, or one of a file of lines; names without resources are refused with the command."""
    rows = part.value if isinstance(part.value, list) else [part.value]
    held = [one for one in rows if is_asset(one)]
    if not held:
        return False
    if not any(mapping(one, "resource").get("data") for one in held):
        return f"assets without their resources: draw the output of {COLLECT}"
    return True


def read(parts: Sequence[Part], draft: Draft) -> None:
    """Every asset by its type; what nobody maps is counted."""
    cloud = Cloud()
    for part in parts:
        whole = isinstance(part.value, list)
        for place, one in enumerate(part.value if whole else [part.value]):
            if not is_asset(one):
                draft.skip("row", "no asset")
                continue
            kind, data = text(either(one, "assetType", "asset_type")), mapping(one, "resource", "data")
            asset = Asset(part, (place,) if whole else (), kind, short(one["name"]), data)
            cloud.assets.setdefault(asset.key, asset)
    for asset in cloud.of("cloudresourcemanager.googleapis.com/Project"):
        name = text(asset.data.get("projectId"))
        for key in (text(asset.data.get("projectNumber")), name):
            cloud.projects[key] = name or key
    cloud.instances = cloud.of("compute.googleapis.com/Instance")
    for asset in cloud.assets.values():
        if (reader := READERS.get(asset.kind)) is not None:
            reader(cloud, draft, asset)
        elif asset.kind in FAMILIES:
            add_service(cloud, draft, asset)
        elif asset.kind in FOLDED:
            draft.fold(asset.kind.partition("/")[2], FOLDED[asset.kind])
        else:
            draft.skip(asset.kind, "nothing of the picture")


def project_of(cloud: Cloud, asset: Asset) -> str:
    """The project of an asset, by its id."""
    found = re.search(r"projects/([^/]+)", asset.key)
    return cloud.projects.get(found[1], found[1]) if found else ""


def place_of(cloud: Cloud, asset: Asset) -> dict[str, Any]:
    """Where an asset runs: project, region, zone."""
    project = project_of(cloud, asset)
    zone = text(asset.data.get("zone")).rpartition("/")[2]
    said = text(either(asset.data, "region", "location", "locationId")).rpartition("/")[2]
    region = said or (zone.rpartition("-")[0] if zone else "")
    place = {"_id": project, "name": project, "provider": "GCP", "region": region.lower(), "zone": zone}
    return {name: word for name, word in place.items() if word}


def system_of(cloud: Cloud, asset: Asset) -> list[dict[str, str]]:
    """The system an asset belongs to: by its label, else its project."""
    name = text(mapping(asset.data, "labels").get("app")) or project_of(cloud, asset)
    return [{"_id": f"system/{name}", "name": name}] if name else []


# --- machines and networks --------------------------------------------------------------


def interfaces_of(asset: Asset) -> Sequence[Mapping[str, Any]]:
    """The interfaces of an instance, in either spelling."""
    return mappings(either(asset.data, "networkInterfaces", "networkInterface", "network_interfaces"))


def add_instance(cloud: Cloud, draft: Draft, asset: Asset) -> None:
    """A machine with its addresses; the firewalls that are for it are its groups."""
    private, public = [], []
    place = place_of(cloud, asset)
    for one in interfaces_of(asset):
        private += [word for word in (text(either(one, "networkIP", "ipAddress", "networkIp")),) if word]
        for access in mappings(either(one, "accessConfigs", "accessConfig")):
            public += [word for word in (text(either(access, "natIP", "externalIp", "natIp")),) if word]
        place.setdefault("vpc_id", short(one.get("network")))
        place.setdefault("subnet_id", short(one.get("subnetwork")))
    place["security_groups"] = [rule.key for rule in firewalls_for(cloud, asset)]
    place["instance"] = text(asset.data.get("machineType")).rpartition("/")[2]
    draft.add(
        "servers", asset.key, asset.part, asset.path, names=[asset.name], hostname=asset.name,
        unique_id=text(asset.data.get("id")),
        aliases=[asset.key], ipv4_private=private, ipv4_public=public, status=text(asset.data.get("status")).lower(),
        tags=[{"key": key, "value": text(word)} for key, word in sorted(mapping(asset.data, "labels").items())],
        updated_at=text(asset.data.get("creationTimestamp")), datacenters={name: word for name,
        word in place.items() if word},
    )  # fmt: skip


def lets_in(rule: Asset) -> bool:
    """Whether a firewall is in force, about what comes in, and allows."""
    inward = text(rule.data.get("direction") or "INGRESS").upper() == "INGRESS"
    return inward and rule.data.get("disabled") is not True and not rule.data.get("denied")


def firewalls_for(cloud: Cloud, instance: Asset) -> list[Asset]:
    """The firewalls of an instance: of its networks, for everybody there, its tags or its accounts."""
    networks = {short(one.get("network")) for one in interfaces_of(instance)}
    tags = {text(one) for one in listed(instance.data, "tags", "items")}
    accounts = {text(one.get("email")) for one in mappings(instance.data.get("serviceAccounts"))}
    found = []
    for rule in cloud.of("compute.googleapis.com/Firewall"):
        if not lets_in(rule):
            continue
        wanted_tags = {text(one) for one in listed(rule.data, "targetTags")}
        wanted_accounts = {text(one) for one in listed(rule.data, "targetServiceAccounts")}
        everybody = not wanted_tags and not wanted_accounts
        if short(rule.data.get("network")) in networks and (
            everybody or wanted_tags & tags or wanted_accounts & accounts
        ):
            found.append(rule)
    return found


def add_firewall(cloud: Cloud, draft: Draft, asset: Asset) -> None:
    """A firewall as a group of its own: what it lets in; what denies is told, since groups only allow.

    Sources by tag or account are the instances that have them, by their addresses.
    """
    if asset.data.get("disabled") is True:
        draft.skip("Firewall", "it is disabled")
        return
    if text(asset.data.get("direction") or "INGRESS").upper() != "INGRESS":
        draft.skip("Firewall", "it is about what goes out")
        return
    denied = mappings(either(asset.data, "denied"))
    if denied:
        draft.remark(
            asset.part, asset.path, "warning", "deny", f"{asset.name} denies; what others allow is shown as allowed"
        )
        draft.skip("Firewall", "it denies, and groups only allow")
        return
    ranges = [text(one) for one in listed(asset.data, "sourceRanges") or listed(asset.data, "sourceRange")]
    ranges += addresses_of(cloud, asset)
    named = listed(asset.data, "sourceTags") or listed(asset.data, "sourceServiceAccounts")
    permissions = []
    for one in mappings(either(asset.data, "allowed")):
        protocol = text(either(one, "IPProtocol", "ipProtocol")) or "all"
        for port in [text(word) for word in listed(one, "ports")] or [""]:
            low, _, high = port.partition("-")
            permission: dict[str, Any] = {"IpProtocol": "-1" if protocol == "all" else protocol}
            if low:
                permission |= {"FromPort": int(low), "ToPort": int(high or low)} if (high or low).isdigit() else {}
            sources = ranges or ([] if named else list(ANY))
            permission["IpRanges"] = [{"CidrIp": word} for word in sources if ":" not in word]
            permission["Ipv6Ranges"] = [{"CidrIpv6": word} for word in sources if ":" in word]
            permissions.append(permission)
    draft.add(
        "networks", asset.key, asset.part, asset.path, family="SecurityGroup", name=asset.name, unique_id=asset.key,
        vpc_id=short(asset.data.get("network")), ip_permissions=permissions, datacenters=place_of(cloud, asset),
        target_tags=[text(one) for one in listed(asset.data, "targetTags")], priority=asset.data.get("priority", USUAL),
    )  # fmt: skip


def addresses_of(cloud: Cloud, rule: Asset) -> list[str]:
    """The addresses of the instances that a firewall names as sources by tag or account."""
    tags = {text(one) for one in listed(rule.data, "sourceTags")}
    accounts = {text(one) for one in listed(rule.data, "sourceServiceAccounts")}
    found = []
    for instance in cloud.instances:
        mine = {text(one) for one in listed(instance.data, "tags", "items")}
        emails = {text(one.get("email")) for one in mappings(instance.data.get("serviceAccounts"))}
        if tags & mine or accounts & emails:
            addresses = [text(either(one, "networkIP", "ipAddress", "networkIp")) for one in interfaces_of(instance)]
            found += [f"{word}/32" for word in addresses if word]
    return found


def add_network(cloud: Cloud, draft: Draft, asset: Asset) -> None:
    """A network, and its peerings that are up."""
    draft.add(
        "networks", asset.key, asset.part, asset.path, family="Network", name=asset.name, unique_id=asset.key,
        datacenters=place_of(cloud, asset), aliases=[asset.key],
    )  # fmt: skip
    for one in mappings(asset.data.get("peerings")):
        ends = sorted((asset.key, short(one.get("network"))))
        if text(one.get("state") or "ACTIVE") == "ACTIVE":
            draft.add(
                "networks", "/peering/".join(ends), asset.part, asset.path, family="VpcPeering",
                name=text(one.get("name")),
                requester_vpc_info={"VpcId": ends[0]}, accepter_vpc_info={"VpcId": ends[1]},
                datacenters=place_of(cloud, asset),
            )  # fmt: skip


def add_subnetwork(cloud: Cloud, draft: Draft, asset: Asset) -> None:
    """A subnet."""
    draft.add(
        "networks", asset.key, asset.part, asset.path, family="Subnet", name=asset.name, unique_id=asset.key,
        vpc_id=short(asset.data.get("network")), cidr_block=text(asset.data.get("ipCidrRange")),
        datacenters=place_of(cloud, asset),
    )  # fmt: skip


def add_disk(cloud: Cloud, draft: Draft, asset: Asset) -> None:
    """A disk and the first machine that uses it."""
    users = [short(one) for one in listed(asset.data, "users")]
    draft.add(
        "volumes", asset.key, asset.part, asset.path, name=asset.name, unique_id=text(asset.data.get("id")),
        size=text(asset.data.get("sizeGb")), status=text(asset.data.get("status")).lower(),
        server={"_id": users[0]} if users else None, datacenters=place_of(cloud, asset),
    )  # fmt: skip


# --- managed services -------------------------------------------------------------------


def add_service(cloud: Cloud, draft: Draft, asset: Asset) -> None:
    """A managed service of a known family."""
    kind = asset.kind.partition("/")[2]
    draft.add(
        "applications", asset.key, asset.part, asset.path, names=[asset.name], name=asset.name,
        family=FAMILIES[asset.kind],
        kind=kind, unique_id=asset.key, provider="GCP", datacenters=place_of(cloud, asset),
        system=system_of(cloud, asset),
        tags=[{"key": key, "value": text(word)} for key, word in sorted(mapping(asset.data, "labels").items())],
    )  # fmt: skip


def add_forwarding(cloud: Cloud, draft: Draft, asset: Asset) -> None:
    """A forwarding rule as a balancer, with the machines behind its proxies, maps, services and groups."""
    scheme = text(asset.data.get("loadBalancingScheme") or "EXTERNAL").upper()
    draft.add(
        "applications", asset.key, asset.part, asset.path, names=[asset.name], name=asset.name, family="Loadbalance",
        provider="GCP", unique_id=asset.key, scheme="internet-facing" if scheme.startswith("EXTERNAL") else "internal",
        role={"endpoint": text(either(asset.data, "IPAddress", "ipAddress")),
        "ports": [text(asset.data.get("portRange"))]},
        targets=[{"_id": key} for key in behind(cloud, asset)], datacenters=place_of(cloud, asset),
        system=system_of(cloud, asset),
    )  # fmt: skip


def behind(cloud: Cloud, asset: Asset) -> list[str]:
    """The instances that links lead to from a forwarding rule on."""
    found: list[str] = []
    waiting, seen = [asset], {asset.key}
    while waiting:
        one = waiting.pop()
        if one.kind == "compute.googleapis.com/Instance":
            found.append(one.key)
            continue
        links = [one.data.get(name) for name in ("target", "urlMap", "defaultService", "backendService", "service")]
        links += [backend.get("group") for backend in mappings(one.data.get("backends"))]
        links += [*listed(one.data, "instances")]
        for matcher in mappings(one.data.get("pathMatchers")):
            links += [
                matcher.get("defaultService"),
                *(rule.get("service") for rule in mappings(matcher.get("pathRules"))),
            ]
        for link in links:
            other = cloud.follow(link.get("instance") if isinstance(link, dict) else link)
            if other is not None and other.key not in seen:
                seen.add(other.key)
                waiting.append(other)
    return sorted(found)


READERS: dict[str, Callable[[Cloud, Draft, Asset], None]] = {
    "compute.googleapis.com/Instance": add_instance,
    "compute.googleapis.com/Network": add_network,
    "compute.googleapis.com/Subnetwork": add_subnetwork,
    "compute.googleapis.com/Firewall": add_firewall,
    "compute.googleapis.com/Disk": add_disk,
    "compute.googleapis.com/ForwardingRule": add_forwarding,
    "compute.googleapis.com/GlobalForwardingRule": add_forwarding,
}


@hookimpl
def analytics_sources() -> Iterator[Reader]:
    yield Reader("gcp", "Google Cloud's asset inventory", recognise, read, COLLECT, type="infra", rank=60)
