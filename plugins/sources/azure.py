"""Azure: rows of the Resource Graph. Machines are servers, networks and groups documents of the network graph.

Ids and types are compared without case, as Azure does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from analytics import hookimpl
from analytics.sources import Draft, Part, Reader, Recognition, listed, mapping, mappings

COLLECT = 'az graph query -q "Resources | order by id asc" --first 1000 (and --skip-token for the next page)'
PREFIX = "/subscriptions/"
#: Families of managed services by their type.
FAMILIES = {
    "microsoft.sql/servers/databases": "Database", "microsoft.sql/servers": "Database",
    "microsoft.dbforpostgresql/flexibleservers": "Database", "microsoft.dbforpostgresql/servers": "Database",
    "microsoft.dbformysql/flexibleservers": "Database", "microsoft.dbformysql/servers": "Database",
    "microsoft.documentdb/databaseaccounts": "Database", "microsoft.cache/redis": "Cache",
    "microsoft.storage/storageaccounts": "ObjectStorage", "microsoft.servicebus/namespaces": "Broker",
    "microsoft.eventhub/namespaces": "Broker", "microsoft.containerservice/managedclusters": "ContainerOrchestration",
    "microsoft.compute/virtualmachinescalesets": "AutoScaling", "microsoft.keyvault/vaults": "Auth",
    "microsoft.network/loadbalancers": "Loadbalance", "microsoft.network/applicationgateways": "Loadbalance",
    "microsoft.cdn/profiles": "CDN", "microsoft.network/frontdoors": "CDN",
    "microsoft.apimanagement/service": "ApiGateway",
    "microsoft.network/dnszones": "DNS", "microsoft.network/privatednszones": "DNS",
    "microsoft.containerregistry/registries": "Repository", "microsoft.web/sites": "Application",
    "microsoft.network/azurefirewalls": "Firewall", "microsoft.app/containerapps": "Application",
}  # fmt: skip
#: Types that are a part of another thing.
FOLDED = {
    "microsoft.compute/virtualmachines/extensions": "its machine", "microsoft.web/serverfarms": "the sites on it",
    "microsoft.network/networkwatchers": "its region", "microsoft.compute/availabilitysets": "its machines",
    "microsoft.network/privatednszones/virtualnetworklinks": "its zone",
}  # fmt: skip
CONTAINERS = {
    "microsoft.resources/subscriptions": "subscription",
    "microsoft.resources/subscriptions/resourcegroups": "group",
}


@dataclass(frozen=True)
class Row:
    """One resource."""

    part: Part
    path: tuple[str | int, ...]
    key: str
    type: str
    value: Mapping[str, Any]

    @property
    def properties(self) -> Mapping[str, Any]:
        """What is said of it."""
        return mapping(self.value, "properties")

    @property
    def name(self) -> str:
        """What it is called."""
        return str(self.value.get("name") or self.key.rpartition("/")[2])


@dataclass
class Azure:
    """All resources by id, and the names of subscriptions."""

    rows: dict[str, Row] = field(default_factory=dict)
    subscriptions: dict[str, str] = field(default_factory=dict)

    def of(self, kind: str) -> list[Row]:
        """The resources of a type, by id."""
        return [self.rows[key] for key in sorted(self.rows) if self.rows[key].type == kind]

    def follow(self, reference: object) -> Row | None:
        """The resource that a reference means."""
        return self.rows.get(id_in(reference))


def id_in(value: object) -> str:
    """The id of a reference, in lower case."""
    found = value.get("id") if isinstance(value, dict) else value
    return found.lower() if isinstance(found, str) else ""


def linked(value: object) -> dict[str, str] | None:
    """A reference as documents write it; nothing for none."""
    return {"id": key} if (key := id_in(value)) else None


def rows_in(value: Any) -> Sequence[Any]:
    """The rows of an answer, or of the bare list."""
    return listed(value, "data") if isinstance(value, dict) else value if isinstance(value, list) else []


def is_row(value: Any) -> bool:
    """Whether a value is a resource of Azure."""
    return (
        isinstance(value, dict)
        and str(value.get("id", "")).lower().startswith(PREFIX)
        and str(value.get("type", "")).lower().startswith("microsoft.")
    )


def recognise(part: Part) -> Recognition:
    """Rows with ids of Azure; a template is refused, since nothing in it exists yet."""
    value = part.value
    if isinstance(value, dict) and "deploymentTemplate.json" in str(value.get("$schema", "")):
        return f"a template, which says what will be: draw the output of {COLLECT}"
    rows = rows_in(value)
    return any(is_row(one) for one in rows) or (isinstance(value, dict) and is_row(value))


def read(parts: Sequence[Part], draft: Draft) -> None:
    """Every row by its type; what nobody maps is counted."""
    azure = Azure()
    for part in parts:
        total = part.object.get("total_records")
        rows = rows_in(part.value) if not is_row(part.value) else [part.value]
        base = ("data",) if isinstance(part.value, dict) and not is_row(part.value) else ()
        if isinstance(total, int) and total > len(rows):
            draft.remark(
                part,
                ("total_records",),
                "warning",
                "incomplete",
                f"{len(rows)} of {total} rows: collect the other pages",
            )
        for place, one in enumerate(rows):
            if not is_row(one):
                draft.skip("row", "no resource of Azure")
                continue
            key = str(one["id"]).lower()
            if key in azure.rows:
                draft.skip("row", "a second copy of the same resource")
                continue
            azure.rows[key] = Row(part, (*base, place), key, str(one["type"]).lower(), one)
    for row in azure.rows.values():
        if row.type == "microsoft.resources/subscriptions":
            azure.subscriptions[row.key.split("/")[2]] = row.name
    for row in azure.rows.values():
        if (reader := READERS.get(row.type)) is not None:
            reader(azure, draft, row)
        elif row.type in FAMILIES:
            add_service(azure, draft, row)
        elif row.type in FOLDED:
            draft.fold(row.type, FOLDED[row.type])
        elif row.type in CONTAINERS:
            draft.fold(row.type, "the box of what is in it")
        else:
            draft.skip(row.type, "nothing of the picture")
    add_systems(draft)


def place_of(azure: Azure, row: Row) -> dict[str, Any]:
    """Where a resource runs: subscription, region, zone."""
    subscription = row.key.split("/")[2] if row.key.count("/") > 1 else ""
    zones = [str(one) for one in listed(row.value, "zones")]
    place = {
        "_id": subscription, "name": azure.subscriptions.get(subscription, subscription), "provider": "Azure",
        "region": str(row.value.get("location") or ""), "zones": zones,
    }  # fmt: skip
    return {name: word for name, word in place.items() if word}


def tags_of(row: Row) -> list[dict[str, str]]:
    """Tags as documents write them."""
    return [{"key": key, "value": str(value)} for key, value in sorted(mapping(row.value, "tags").items())]


def system_of(row: Row) -> list[dict[str, str]]:
    """The system a resource belongs to: by tag, else its resource group."""
    tags = {key.lower(): str(value) for key, value in mapping(row.value, "tags").items()}
    parts = row.key.split("/")
    group = parts[4] if len(parts) > 4 and parts[3] == "resourcegroups" else ""
    name = (
        tags.get("application")
        or tags.get("system")
        or tags.get("service")
        or str(row.value.get("resourceGroup") or group)
    )
    return [{"_id": f"system/{name}", "name": name}] if name else []


# --- machines ---------------------------------------------------------------------------


def add_machine(azure: Azure, draft: Draft, row: Row) -> None:
    """A virtual machine with the addresses of its interfaces."""
    place, private, public = place_of(azure, row), [], []
    interfaces: list[dict[str, Any]] = []
    for one in mappings(mapping(row.properties, "networkProfile").get("networkInterfaces")):
        card = azure.follow(one)
        if card is None:
            draft.remark(
                row.part,
                row.path,
                "warning",
                "reference",
                f"{row.name}: its interface {id_in(one)} is not in these files",
            )
            continue
        interfaces.append({"id": card.key})
        for each in configurations(card):
            private += [word for word in (text(each.get("privateIPAddress")),) if word]
            address = azure.follow(each.get("publicIPAddress"))
            public += [
                word for word in (text(mapping(address.properties if address else {}).get("ipAddress")),) if word
            ]
            place.setdefault("subnet_id", id_in(each.get("subnet")))
            place.setdefault("vpc_id", id_in(each.get("subnet")).partition("/subnets/")[0])
    size = text(mapping(row.properties, "hardwareProfile").get("vmSize"))
    image = mapping(row.properties, "storageProfile", "imageReference")
    dist = " ".join(word for word in (text(image.get("offer")), text(image.get("sku"))) if word)
    state = text(mapping(row.properties, "extended", "instanceView", "powerState").get("code")).rpartition("/")[2]
    draft.add(
        "servers", row.key, row.part, row.path, names=[row.name], hostname=row.name, unique_id=row.key,
        ipv4_private=private, ipv4_public=public, os={"dist": dist} if dist else None, tags=tags_of(row), status=state,
        network_interface=interfaces,
        datacenters=place | {"instance": size} if size else place, aliases=[text(row.properties.get("vmId"))],
    )  # fmt: skip


def text(value: object) -> str:
    """A value as text."""
    return str(value).strip() if isinstance(value, (str, int, float)) and not isinstance(value, bool) else ""


def configurations(card: Row) -> list[Mapping[str, Any]]:
    """The address configurations of an interface, what is nested taken out."""
    return [mapping(one, "properties") or one for one in mappings(card.properties.get("ipConfigurations"))]


# --- networks ---------------------------------------------------------------------------


def add_network(azure: Azure, draft: Draft, row: Row) -> None:
    """A virtual network with its subnets, and its peerings."""
    draft.add(
        "networks", row.key, row.part, row.path, family="VirtualNetwork", name=row.name, unique_id=row.key,
        address_space={"address_prefixes": [str(one) for one in listed(row.properties, "addressSpace",
        "addressPrefixes")]},
        datacenters=place_of(azure, row), tags=tags_of(row),
    )  # fmt: skip
    for one in mappings(row.properties.get("subnets")):
        inner = mapping(one, "properties")
        ranges = [text(inner.get("addressPrefix")), *(str(word) for word in listed(inner, "addressPrefixes"))]
        key = id_in(one) or f"{row.key}/subnets/{text(one.get('name')).lower()}"
        draft.add(
            "networks", key, row.part, row.path, family="Subnet", name=text(one.get("name")), unique_id=key,
            vpc_id=row.key,
            cidr_block=next((word for word in ranges if word), ""), address_prefixes=[word for word in ranges if word],

                       networkSecurityGroup=linked(inner.get("networkSecurityGroup")),
            datacenters=place_of(azure, row),
        )  # fmt: skip
    for one in mappings(row.properties.get("virtualNetworkPeerings")):
        inner = mapping(one, "properties")
        other = id_in(inner.get("remoteVirtualNetwork"))
        ends = sorted((row.key, other))
        state = text(inner.get("peeringState"))
        if other and state in ("", "Connected"):
            draft.add(
                "networks", "/peering/".join(ends), row.part, row.path, family="VpcPeering", name=text(one.get("name")),
                requester_vpc_info={"VpcId": ends[0]}, accepter_vpc_info={"VpcId": ends[1]},
                datacenters=place_of(azure, row),
            )  # fmt: skip
        else:
            draft.skip("peering", f"it is {state.lower() or 'without an end'}")


def add_group(azure: Azure, draft: Draft, row: Row) -> None:
    """A network security group with its rules; who it guards is written on it and on those it guards."""
    rules = [*mappings(row.properties.get("securityRules"))]
    defaults = [*mappings(row.properties.get("defaultSecurityRules"))]
    draft.add(
        "networks", row.key, row.part, row.path, family="SecurityGroup", name=row.name, unique_id=row.key,
        securityRules=[flat(one) for one in rules], defaultSecurityRules=[flat(one) for one in defaults],
        subnets=[{"id": id_in(one)} for one in mappings(row.properties.get("subnets"))],
        network_interfaces=[{"id": id_in(one)} for one in mappings(row.properties.get("networkInterfaces"))],
        datacenters=place_of(azure, row), tags=tags_of(row),
    )  # fmt: skip


def flat(value: Mapping[str, Any]) -> dict[str, Any]:
    """A rule with what is nested taken out."""
    return (
        {"name": text(value.get("name")), **mapping(value, "properties")}
        if mapping(value, "properties")
        else dict(value)
    )


def add_interface(azure: Azure, draft: Draft, row: Row) -> None:
    """A network interface: whose it is, its addresses and its group."""
    group = id_in(row.properties.get("networkSecurityGroup"))
    held = configurations(row)
    draft.add(
        "networks", row.key, row.part, row.path, family="NetworkInterface", name=row.name, unique_id=row.key,

               virtual_machine=linked(row.properties.get("virtualMachine")),
        ip_configurations=[
            {
                "private_ip_address": text(one.get("privateIPAddress")), "subnet": {"id": id_in(one.get("subnet"))},
                "public_ip_address": linked(one.get("publicIPAddress")),
            }
            for one in held
        ],
        network_security_group={"id": group} if group else None, datacenters=place_of(azure, row),
    )  # fmt: skip


def add_address(azure: Azure, draft: Draft, row: Row) -> None:
    """A public address, with its kind and what it is bound to."""
    draft.add(
        "networks", row.key, row.part, row.path, family="PublicIpAddress", name=row.name, unique_id=row.key,
        ip_address=text(row.properties.get("ipAddress")), sku={"name": text(mapping(row.value, "sku").get("name"))},

               ip_configuration=linked(row.properties.get("ipConfiguration")),
        datacenters=place_of(azure, row),
    )  # fmt: skip


def add_routes(azure: Azure, draft: Draft, row: Row) -> None:
    """A route table with the subnets it is for."""
    draft.add(
        "networks", row.key, row.part, row.path, family="RouteTable", name=row.name, unique_id=row.key,
        routes=[flat(one) for one in mappings(row.properties.get("routes"))],
        subnets=[{"id": id_in(one)} for one in mappings(row.properties.get("subnets"))],
        datacenters=place_of(azure, row),
    )  # fmt: skip


def add_disk(azure: Azure, draft: Draft, row: Row) -> None:
    """A disk and the machine it is attached to."""
    owner = id_in(row.value.get("managedBy") or row.properties.get("managedBy"))
    draft.add(
        "volumes", row.key, row.part, row.path, name=row.name, unique_id=row.key,
        size=row.properties.get("diskSizeGB"), status=text(row.properties.get("diskState")),
        server={"_id": owner} if owner else None, datacenters=place_of(azure, row),
    )  # fmt: skip


# --- managed services -------------------------------------------------------------------


def add_service(azure: Azure, draft: Draft, row: Row) -> None:
    """A managed service of a known family; a balancer with what stands behind it."""
    kind = text(row.value.get("kind")).lower()
    said = row.properties
    endpoint = text(said.get("fullyQualifiedDomainName")) or text(said.get("defaultHostName"))
    family = "Serverless" if row.type == "microsoft.web/sites" and "functionapp" in kind else FAMILIES[row.type]
    document = draft.add(
        "applications", row.key, row.part, row.path, names=[row.name], name=row.name, family=family,
        kind=row.type.rpartition("/")[2], unique_id=row.key, provider="Azure", tags=tags_of(row), system=system_of(row),

               role={"endpoint": endpoint},
        datacenters=place_of(azure, row),
    )  # fmt: skip
    for one in mappings(row.properties.get("frontendIPConfigurations")):
        inner = mapping(one, "properties") or one
        if inner.get("publicIPAddress"):
            document["scheme"] = "internet-facing"
        document["datacenters"].setdefault("subnet_id", id_in(inner.get("subnet")))
    document["datacenters"] = {name: word for name, word in document["datacenters"].items() if word}
    if family == "Loadbalance":
        document.setdefault("scheme", "internal")
        pools = {id_in(one) for one in mappings(row.properties.get("backendAddressPools"))}
        document["targets"] = [{"_id": key} for key in machines_behind(azure, pools)]


def machines_behind(azure: Azure, pools: set[str]) -> list[str]:
    """The machines whose interfaces are in one of the pools."""
    found = []
    for card in azure.of("microsoft.network/networkinterfaces"):
        for one in configurations(card):
            members = [*mappings(one.get("loadBalancerBackendAddressPools"))]
            members += [*mappings(one.get("applicationGatewayBackendAddressPools"))]
            if pools & {id_in(pool) for pool in members} and (owner := id_in(card.properties.get("virtualMachine"))):
                found.append(owner)
    return sorted(dict.fromkeys(found))


def add_private_endpoint(azure: Azure, draft: Draft, row: Row) -> None:
    """A private endpoint: an address inside a network for a service."""
    links = mappings(row.properties.get("privateLinkServiceConnections"))
    service = next((id_in(mapping(one, "properties").get("privateLinkServiceId")) for one in links), "")
    subnet = id_in(row.properties.get("subnet"))
    draft.add(
        "networks", row.key, row.part, row.path, family="VpcEndpoint", name=row.name, unique_id=row.key,
        vpc_id=subnet.partition("/subnets/")[0], subnet_ids=[subnet] if subnet else [],
        service_name=service.rpartition("/")[2], datacenters=place_of(azure, row),
    )  # fmt: skip


def add_nat(azure: Azure, draft: Draft, row: Row) -> None:
    """A NAT gateway in its first subnet."""
    subnet = next((id_in(one) for one in mappings(row.properties.get("subnets"))), "")
    draft.add(
        "networks", row.key, row.part, row.path, family="NatGateway", name=row.name, unique_id=row.key,
        subnet_id=subnet,
        vpc_id=subnet.partition("/subnets/")[0], datacenters=place_of(azure, row),
    )  # fmt: skip


def add_systems(draft: Draft) -> None:
    """Systems of the managed services; entered by public front ends, else by what nobody calls."""
    applications = draft.documents.get("applications", {})
    members: dict[tuple[str, str], list[str]] = {}
    for key, one in applications.items():
        for system in one.get("system", ()):
            members.setdefault((system["_id"], system["name"]), []).append(key)
    for (system, name), keys in sorted(members.items()):
        doors = [key for key in keys if applications[key].get("scheme") == "internet-facing"] or keys
        source = applications[keys[0]]["source"][0]
        document = draft.documents.setdefault("systems", {}).setdefault(system, {"_id": system, "source": [source]})
        document.update(name=name, entry=[{"_id": key} for key in doors])


READERS: dict[str, Callable[[Azure, Draft, Row], None]] = {
    "microsoft.compute/virtualmachines": add_machine,
    "microsoft.compute/disks": add_disk,
    "microsoft.network/virtualnetworks": add_network,
    "microsoft.network/networksecuritygroups": add_group,
    "microsoft.network/networkinterfaces": add_interface,
    "microsoft.network/publicipaddresses": add_address,
    "microsoft.network/routetables": add_routes,
    "microsoft.network/privateendpoints": add_private_endpoint,
    "microsoft.network/natgateways": add_nat,
}


@hookimpl
def analytics_sources() -> Iterator[Reader]:
    yield Reader("azure", "Azure's Resource Graph", recognise, read, COLLECT, type="network", rank=60)
