"""NetBox: answers of its API, or what ``manage.py dumpdata`` writes, of every version since 3.2.

Devices and machines become servers, sites places, prefixes subnets, cables lines. What
makes and types there are is folded into the things that have them.
"""

from __future__ import annotations

import ipaddress
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from analytics import hookimpl
from analytics.sources import Draft, Part, Reader, Recognition, mapping, mappings

COLLECT = (
    "curl '<netbox>/api/dcim/devices/?limit=0' and the other lists, "
    "or manage.py dumpdata dcim ipam virtualization tenancy circuits"
)
APPS = ("dcim.", "ipam.", "virtualization.", "tenancy.", "circuits.")
#: The model behind the address of an API's list, where it is not the list's name without its `s`.
LISTS = {
    "dcim/device-roles": "dcim.devicerole", "dcim/device-types": "dcim.devicetype", "virtualization/virtual-machines":
    "virtualization.virtualmachine", "virtualization/interfaces": "virtualization.vminterface", "ipam/ip-addresses":
    "ipam.ipaddress", "ipam/prefixes": "ipam.prefix", "virtualization/cluster-types": "virtualization.clustertype",
    "dcim/mac-addresses": "dcim.macaddress", "dcim/cable-terminations": "dcim.cabletermination", "dcim/site-groups":
    "dcim.sitegroup", "dcim/front-ports": "dcim.frontport", "dcim/rear-ports": "dcim.rearport",
    "dcim/virtual-chassis": "dcim.virtualchassis", "virtualization/cluster-groups": "virtualization.clustergroup",
}  # fmt: skip
#: Models that are a part of other things.
FOLDED = {
    "dcim.devicetype": "the devices of it",
    "dcim.manufacturer": "the devices of it",
    "dcim.devicerole": "the devices of it",
    "dcim.platform": "the machines on it",
    "virtualization.clustertype": "the clusters of it",
    "dcim.region": "the sites in it",
    "dcim.sitegroup": "the sites in it",
    "dcim.location": "the racks in it",
    "dcim.rack": "the devices in it",
    "tenancy.tenant": "what it holds",
    "tenancy.tenantgroup": "what it holds",
    "dcim.interface": "its device",
    "virtualization.vminterface": "its machine",
    "virtualization.cluster": "its machines",
    "dcim.macaddress": "its interface",
    "ipam.vrf": "its prefixes",
    "ipam.role": "its prefixes",
    "dcim.frontport": "the line through it",
    "dcim.rearport": "the line through it",
    "dcim.cabletermination": "its cable",
    "virtualization.clustergroup": "its clusters",
    "dcim.virtualchassis": "its devices",
}
READ = frozenset(
    {
        "dcim.device",
        "virtualization.virtualmachine",
        "dcim.site",
        "ipam.prefix",
        "ipam.ipaddress",
        "dcim.cable",
        "ipam.vlan",
    }
)
#: Families of devices by a word of their role.
ROLES = {
    "switch": "Switch",
    "router": "Router",
    "firewall": "Firewall",
    "balancer": "Loadbalance",
    "storage": "NAS",
    "pdu": "PDU",
}
PROVIDERS = {
    "amazon": "AWS",
    "aws": "AWS",
    "azure": "Azure",
    "google": "GCP",
    "gcp": "GCP",
    "digital": "Digital Ocean",
    "openstack": "OpenStack",
}


@dataclass(frozen=True)
class Row:
    """One object of NetBox, its references not resolved."""

    part: Part
    path: tuple[str | int, ...]
    model: str
    key: str
    fields: Mapping[str, Any]


@dataclass
class Netbox:
    """All objects by model and key, and the keys that natural keys mean."""

    rows: dict[tuple[str, str], Row] = field(default_factory=dict)
    names: dict[tuple[str, str], str] = field(default_factory=dict)

    def of(self, model: str) -> Sequence[Row]:
        """The objects of a model, in the order of their keys."""
        return [
            row
            for (kind, _), row in sorted(self.rows.items(), key=lambda pair: (pair[0][0], pair[0][1].zfill(12)))
            if kind == model
        ]

    def follow(self, model: str, value: object) -> Row | None:
        """The object that a reference means: a number, an object of the API, or a natural key."""
        return self.rows.get((model, key_of(value))) or self.rows.get(
            (model, self.names.get((model, natural(value)), ""))
        )

    def name(self, model: str, value: object) -> str:
        """What a reference is called, known or not."""
        row = self.follow(model, value)
        said = row.fields if row else value if isinstance(value, dict) else {}
        return text(said.get("name")) or text(said.get("model")) or text(said.get("display"))


def text(value: object) -> str:
    """A value as text; a choice of the API is an object with a value."""
    if isinstance(value, dict):
        value = value.get("value")
    return str(value).strip() if isinstance(value, (str, int, float)) and not isinstance(value, bool) else ""


def key_of(value: object) -> str:
    """The key in a reference."""
    return text(value.get("id")) if isinstance(value, dict) else text(value) if isinstance(value, (int, str)) else ""


def natural(value: object) -> str:
    """A natural key as text."""
    return "/".join(str(one) for one in value) if isinstance(value, list) else text(value)


def recognise(part: Part) -> Recognition:
    """A dump's list of models, or a page of the API."""
    value = part.value
    if isinstance(value, list):
        held = [str(one.get("model", "")) for one in value if isinstance(one, dict) and "fields" in one and "pk" in one]
        return any(model.startswith(APPS[:3]) for model in held)
    if isinstance(value, dict) and isinstance(value.get("results"), list) and "count" in value:
        return any(model_of(one) for one in mappings(value["results"]))
    return False


def model_of(value: Mapping[str, Any]) -> str:
    """The model of an object of the API, by its own address."""
    found = re.search(r"/api/(dcim|ipam|virtualization|tenancy|circuits)/([a-z-]+)/", text(value.get("url")))
    if found is None:
        return ""
    listed = f"{found[1]}/{found[2]}"
    return LISTS.get(listed, f"{found[1]}.{found[2].removesuffix('s').replace('-', '')}")


def read(parts: Sequence[Part], draft: Draft) -> None:
    """All objects of the models that say something of an estate; others are counted."""
    netbox = Netbox()
    for part in parts:
        for row in rows_of(part, draft):
            netbox.rows.setdefault((row.model, row.key), row)
            if word := text(row.fields.get("name")) or text(row.fields.get("slug")):
                netbox.names.setdefault((row.model, word), row.key)
            if slug := text(row.fields.get("slug")):
                netbox.names.setdefault((row.model, slug), row.key)
    for model, _ in netbox.rows:
        if model in FOLDED:
            draft.fold(model, FOLDED[model])
        elif model not in READ:
            draft.skip(model, "nothing of the picture")
    add_sites(netbox, draft)
    interfaces = interfaces_of(netbox)
    add_devices(netbox, draft, interfaces)
    add_machines(netbox, draft, interfaces)
    add_prefixes(netbox, draft)
    add_cables(netbox, draft)


def rows_of(part: Part, draft: Draft) -> Iterator[Row]:
    """The objects of a part; a page that is not the last is a finding."""
    value = part.value
    if isinstance(value, list):
        for place, one in enumerate(value):
            model = str(one.get("model", "")) if isinstance(one, dict) else ""
            if model.startswith(APPS) and isinstance(one.get("fields"), dict):
                yield Row(part, (place,), model, text(one.get("pk")) or str(place), one["fields"])
            elif model:
                draft.skip(model.partition(".")[0], "nothing of the picture")
            else:
                draft.remark(part, (place,), "warning", "shape", "a row without model and fields")
        return
    if value.get("next"):
        words = "this is one page of several: collect with ?limit=0"
        draft.remark(part, ("next",), "warning", "incomplete", words)
    for place, one in enumerate(mappings(value["results"])):
        yield Row(part, ("results", place), model_of(one), text(one.get("id")), one)


# --- places -----------------------------------------------------------------------------


def add_sites(netbox: Netbox, draft: Draft) -> None:
    """Sites as datacenters, in the regions that hold them."""
    for row in netbox.of("dcim.site"):
        region = netbox.follow("dcim.region", row.fields.get("region"))
        draft.add(
            "datacenters", f"site/{row.key}", row.part, row.path, name=text(row.fields.get("name")),
            provider="On premises",
            regions=[path] if (path := " › ".join(region_path(netbox, region))) else [],
            kind="site", status=text(row.fields.get("status")), description=text(row.fields.get("description")),
        )  # fmt: skip


def region_path(netbox: Netbox, region: Row | None) -> list[str]:
    """A region within those that hold it, from the outside in."""
    found: list[str] = []
    seen: set[str] = set()
    while region is not None and region.key not in seen:
        seen.add(region.key)
        found.append(text(region.fields.get("name")))
        region = netbox.follow("dcim.region", region.fields.get("parent"))
    return found[::-1]


def scope_of(netbox: Netbox, fields: Mapping[str, Any]) -> object:
    """The site of a thing: by itself, or (since 4.2) as its scope."""
    if fields.get("site"):
        return fields["site"]
    kind = fields.get("scope_type")
    words = natural(kind) if isinstance(kind, list) else text(kind)
    if words.replace("/", ".").endswith("dcim.site"):
        return fields.get("scope") or fields.get("scope_id")
    return None


def place_of(netbox: Netbox, site: object, cluster: Row | None = None) -> dict[str, str]:
    """Where a machine stands: its site, else its cluster's; a cluster type that names a provider gives that."""
    row = netbox.follow("dcim.site", site) or (
        netbox.follow("dcim.site", scope_of(netbox, cluster.fields)) if cluster is not None else None
    )
    if row is not None:
        region = region_path(netbox, netbox.follow("dcim.region", row.fields.get("region")))
        place = {"_id": f"site/{row.key}", "name": text(row.fields.get("name"))}
        return place | ({"region": " › ".join(region)} if region else {})
    kind = netbox.name("virtualization.clustertype", cluster.fields.get("type")) if cluster is not None else ""
    provider = next(
        (name for word, name in PROVIDERS.items() if word in kind.lower().split() or word == kind.lower()), ""
    )
    if provider:
        return {"provider": provider}
    name = site.get("name") if isinstance(site, dict) else ""
    return {"name": text(name)} if name else {}


# --- machines ---------------------------------------------------------------------------


def interfaces_of(netbox: Netbox) -> dict[tuple[str, str], dict[str, dict[str, Any]]]:
    """The interfaces of devices and machines by their owner, each with its addresses."""
    found: dict[tuple[str, str], dict[str, dict[str, Any]]] = {}
    for model, owner, field_name in (
        ("dcim.interface", "dcim.device", "device"),
        ("virtualization.vminterface", "virtualization.virtualmachine", "virtual_machine"),
    ):
        for row in netbox.of(model):
            holder = netbox.follow(owner, row.fields.get(field_name))
            key = holder.key if holder else key_of(row.fields.get(field_name))
            held = {"name": text(row.fields.get("name")), "mac": text(row.fields.get("mac_address"))}
            found.setdefault((owner, key), {})[f"{model}/{row.key}"] = {
                name: word for name, word in held.items() if word
            }
    by_id = {name: interface for held in found.values() for name, interface in held.items()}
    for row in netbox.of("ipam.ipaddress"):
        kind = natural(row.fields.get("assigned_object_type")).replace("/", ".")
        interface = by_id.get(f"{kind}/{key_of(row.fields.get('assigned_object_id'))}")
        address = text(row.fields.get("address")).partition("/")[0]
        if interface is not None and address:
            family = "ipv6" if ":" in address else "ipv4"
            interface.setdefault(family, []).append(address)
    return found


def add_devices(netbox: Netbox, draft: Draft, interfaces: Mapping[tuple[str, str], Mapping[str, Any]]) -> None:
    """Devices as servers of a kind."""
    for row in netbox.of("dcim.device"):
        fields = row.fields
        role = netbox.name("dcim.devicerole", fields.get("role") or fields.get("device_role"))
        model = netbox.name("dcim.devicetype", fields.get("device_type"))
        rack = netbox.name("dcim.rack", fields.get("rack"))
        position = text(fields.get("position"))
        where = f"{rack} U{position}" if rack and position else rack
        unnamed = " ".join(word for word in (model, where) if word) or f"device {row.key}"
        add_server(
            netbox, draft, row, f"device/{row.key}", interfaces.get((row.model, row.key), {}),
            hostname=text(fields.get("name")) or unnamed, kind=role, role=family_of(role), rack=rack, position=position,
            description=model, serial=text(fields.get("serial")), datacenters=place_of(netbox, fields.get("site")),
        )  # fmt: skip


def family_of(role: str) -> str:
    """A family by a device's role.

    >>> family_of("Access Switch"), family_of("Hypervisor")
    ('Switch', '')
    """
    words = re.split(r"[\s_-]+", role.lower())
    return next((family for word, family in ROLES.items() if any(one.startswith(word) for one in words)), "")


def add_machines(netbox: Netbox, draft: Draft, interfaces: Mapping[tuple[str, str], Mapping[str, Any]]) -> None:
    """Virtual machines as servers in their clusters; disks in MB since 4.1, GB before."""
    rows = netbox.of("virtualization.virtualmachine")
    megabytes = any("scope_type" in row.fields or "virtual_disks" in row.fields for row in netbox.rows.values()) or any(
        (number(row.fields.get("disk")) or 0) > 65_536 for row in rows
    )
    for row in rows:
        fields = row.fields
        cluster = netbox.follow("virtualization.cluster", fields.get("cluster"))
        name = (
            text(cluster.fields.get("name"))
            if cluster
            else netbox.name("virtualization.cluster", fields.get("cluster"))
        )
        disk = number(fields.get("disk"))
        size = disk / 1024 if disk and megabytes else disk
        memory = number(fields.get("memory"))
        add_server(
            netbox, draft, row, f"vm/{row.key}", interfaces.get((row.model, row.key), {}),
            hostname=text(fields.get("name")), kind="virtual machine", cluster=name,
            cpu=number(fields.get("vcpus")), memory=round(memory / 1024, 3) if memory else None,
            storage=[{"name": "disk", "size": size}] if size else [],
            host=netbox.name("dcim.device", fields.get("device")),
            role=netbox.name("dcim.devicerole", fields.get("role")),
            datacenters=place_of(netbox, scope_of(netbox, fields), cluster),
        )  # fmt: skip


def number(value: object) -> float | None:
    """A number that may be text, else nothing."""
    try:
        return float(text(value)) if text(value) else None
    except ValueError:
        return None


def add_server(netbox: Netbox, draft: Draft, row: Row, key: str, interfaces: Mapping[str, Any], **fields: Any) -> None:
    """A machine with what all of them have."""
    held = list(interfaces.values())
    addresses = [address for one in held for address in one.get("ipv4", ())]
    primary = netbox.follow("ipam.ipaddress", row.fields.get("primary_ip4"))
    said = row.fields.get("primary_ip4")
    first = (
        text(primary.fields.get("address")) if primary else text(said.get("address")) if isinstance(said, dict) else ""
    )
    addresses = list(dict.fromkeys([word for word in (first.partition("/")[0], *addresses) if word]))
    platform = netbox.name("dcim.platform", row.fields.get("platform"))
    name = fields.get("hostname", "")
    draft.add(
        "servers",
        key,
        row.part,
        row.path,
        names=[name] if name else [],
        team=netbox.name("tenancy.tenant", row.fields.get("tenant")),
        status=text(row.fields.get("status")),
        os={"dist": platform} if platform else None,
        ipv4_private=[word for word in addresses if is_private(word)],
        ipv4_public=[word for word in addresses if not is_private(word)],
        interfaces=held,
        updated_at=text(row.fields.get("last_updated")),
        **fields,
    )


def is_private(address: str) -> bool:
    """Whether an address is not one of the Internet's."""
    try:
        return not ipaddress.ip_address(address).is_global
    except ValueError:
        return True


# --- networks ---------------------------------------------------------------------------


def add_prefixes(netbox: Netbox, draft: Draft) -> None:
    """Prefixes as subnets, containers as the networks around them; addresses that nobody has are counted."""
    held = [(row, prefix) for row in netbox.of("ipam.prefix") if (prefix := network_of(row, draft)) is not None]
    containers = [(row, prefix) for row, prefix in held if text(row.fields.get("status")) == "container"]
    for row, prefix in held:
        vlan = netbox.follow("ipam.vlan", row.fields.get("vlan"))
        outer = [
            (one.key, other)
            for one, other in containers
            if one.key != row.key and other.version == prefix.version and other.prefixlen < prefix.prefixlen
            and prefix.network_address in other and key_of(one.fields.get("vrf")) == key_of(row.fields.get("vrf"))
        ]  # fmt: skip
        parent = max(outer, key=lambda pair: pair[1].prefixlen)[0] if outer else ""
        container = text(row.fields.get("status")) == "container"
        words = [str(prefix), text(row.fields.get("description"))]
        draft.add(
            "networks", f"prefix/{row.key}", row.part, row.path, family="Network" if container else "Subnet",
            name=" ".join(word for word in words if word), unique_id=f"prefix/{row.key}", cidr_block=str(prefix),
            vpc_id=f"prefix/{parent}" if parent else "", vlan=text(vlan.fields.get("vid")) if vlan else "",
            vrf=netbox.name("ipam.vrf", row.fields.get("vrf")), status=text(row.fields.get("status")),
            team=netbox.name("tenancy.tenant", row.fields.get("tenant")),
            datacenters=place_of(netbox, scope_of(netbox, row.fields)),
        )  # fmt: skip
    used = {key_of(row.fields.get("vlan")) for row, _ in held}
    counts = Counter("folded" if row.key in used else "left" for row in netbox.of("ipam.vlan"))
    draft.fold("ipam.vlan", "the prefixes on it", counts["folded"])
    draft.skip("ipam.vlan", "no prefix is on it", counts["left"])
    for row in netbox.of("ipam.ipaddress"):
        if row.fields.get("assigned_object_id"):
            draft.fold("ipam.ipaddress", "the interface it is on")
        else:
            draft.skip("ipam.ipaddress", "it is not assigned")


def network_of(row: Row, draft: Draft) -> ipaddress.IPv4Network | ipaddress.IPv6Network | None:
    """The range of a prefix; one that is none is a finding."""
    try:
        return ipaddress.ip_network(text(row.fields.get("prefix")), strict=False)
    except ValueError:
        draft.remark(row.part, row.path, "warning", "range", f"prefix {row.key} is no address range")
        draft.skip("ipam.prefix", "it is no address range")
        return None


def add_cables(netbox: Netbox, draft: Draft) -> None:
    """Cables between devices, whichever way their ends are written."""
    ends: dict[str, list[str]] = {row.key: [] for row in netbox.of("dcim.cable")}
    for row in netbox.of("dcim.cable"):
        for side in ("a", "b"):
            for one in mappings(row.fields.get(f"{side}_terminations")):
                device = mapping(one, "object", "device")
                ends[row.key] += [f"device/{key_of(device)}"] if device else []
            if kind := natural(row.fields.get(f"termination_{side}_type")).replace("/", "."):
                ends[row.key] += device_at(netbox, kind, row.fields.get(f"termination_{side}_id"))
    for row in netbox.of("dcim.cabletermination"):
        kind = natural(row.fields.get("termination_type")).replace("/", ".")
        ends.setdefault(key_of(row.fields.get("cable")), []).extend(
            device_at(netbox, kind, row.fields.get("termination_id"))
        )
    for row in netbox.of("dcim.cable"):
        pair = sorted(set(ends[row.key]))
        servers = draft.documents.get("servers", {})
        if len(pair) != 2 or not set(pair) <= servers.keys():
            draft.skip("dcim.cable", "one of its ends is no device of these files")
            continue
        draft.fold("dcim.cable", "its devices")
        cables = servers[pair[0]].setdefault("cables", [])
        cables += [one for one in ({"_id": pair[1]},) if one not in cables]


def device_at(netbox: Netbox, kind: str, key: object) -> list[str]:
    """The device that a cable's end is on."""
    row = netbox.follow(kind, key)
    device = netbox.follow("dcim.device", row.fields.get("device")) if row is not None else None
    return [f"device/{device.key}"] if device is not None else []


@hookimpl
def analytics_sources() -> Iterator[Reader]:
    yield Reader("netbox", "NetBox: API answers and dumps", recognise, read, COLLECT, type="infra", rank=30)
