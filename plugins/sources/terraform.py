"""Terraform and OpenTofu: a state of version 4, and what ``show -json`` makes of a state or a plan.

A resource is called by its address. Machines, networks, rules and balancers become what
the documents of their provider look like; ``dependencies`` fill gaps and are marked as
inferred. Only attributes that are named here are read: states hold passwords in clear.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from analytics import hookimpl
from analytics.catalog.resources import NETWORKS, kind_of_resource, no_thing
from analytics.sources import Draft, Part, Reader, Recognition, family_of_image, tag_of
from analytics.sources.attributes import blocks, link, number, texts, word
from analytics.sources.clouds import ENVIRONMENT, SYSTEM, TEAM, Arn, label, labels, place, region_of, tags
from analytics.sources.permissions import atoms_of, permissions_of
from analytics.sources.tfstate import KEYS, Resource, State, identities, resources_of

SHOW = "terraform show -json"
OLDER = "open it with Terraform 0.12 or newer, which writes it anew, then draw the output of: terraform state pull"
EVERYBODY = ("0.0.0.0/0", "::/0")
#: Attributes by which the parts of a balancer name each other and what is behind them.
LINKS = (
    "load_balancer_arn", "listener_arn", "target_group_arn", "lb_target_group_arn", "alb_target_group_arn", "target_id",
    "elb", "instance", "instances", "loadbalancer_id", "load_balancer_id", "listener_id", "pool_id", "default_pool_id",
    "network_interface_id", "backend_address_pool_id", "autoscaling_group_name", "backend_service", "default_service",
    "url_map", "target", "group", "instance_group", "server_id", "server_ids", "lb_id", "backend_id", "nodebalancer_id",
    "instance_id",
)  # fmt: skip
BLOCKS = ("default_action", "action", "forward", "target_group", "backend", "member")
PORTS = {"postgres": "5432", "mysql": "3306", "mariadb": "3306", "aurora": "3306", "sqlserver": "1433"}


# --- recognition ------------------------------------------------------------------------


def recognise(part: Part) -> Recognition:
    """A state: an integer ``version`` with Terraform's words, or what ``show -json`` writes of one."""
    value = part.object
    version = value.get("version")
    if isinstance(version, int) and not isinstance(version, bool) and "terraform_version" in value:
        if version < 4:
            return f"a Terraform state of version {version}: {OLDER}"
        if version > 4:
            return f"a Terraform state of version {version}, newer than this reader: draw the output of {SHOW}"
        if not isinstance(value.get("resources"), list):
            return "a Terraform state without `resources`: draw the output of terraform state pull"
        return bool(value["resources"]) or "an empty Terraform state: nothing was created yet; draw a plan's " + SHOW
    if "format_version" in value and "planned_values" not in value:
        if isinstance(value.get("values"), dict):
            return True
        if "provider_schemas" in value:
            return f"schemas of Terraform's providers, no inventory: draw the output of {SHOW}"
        if "terraform_version" in value or set(value) <= {"format_version", "values"}:
            return f"an empty Terraform state: nothing was created yet; draw a plan's {SHOW} PLANFILE"
    return misplaced(value)


def recognise_plan(part: Part) -> Recognition:
    """What ``show -json`` writes of a plan."""
    value = part.object
    return "format_version" in value and isinstance(value.get("planned_values"), dict)


def misplaced(value: Mapping[str, Any]) -> Recognition:
    """Files of the same tools that are no state, by name."""
    if "@level" in value and "@message" in value:
        return f"messages of terraform plan -json: save the plan (plan -out=FILE) and draw the output of {SHOW} FILE"
    if value and all(isinstance(one, dict) and {"sensitive", "type", "value"} <= one.keys() for one in value.values()):
        return f"the output of terraform output -json, which holds no resources: draw the output of {SHOW}"
    resources = value.get("resource")
    if isinstance(resources, dict) and set(value) <= {
        "resource", "provider", "variable", "output", "locals", "terraform", "module", "data", "//",
    }:  # fmt: skip
        return f"a Terraform configuration in JSON, not what was made of it: draw the output of {SHOW}"
    if isinstance(value.get("deployment"), dict) and "manifest" in value["deployment"]:
        return "a Pulumi stack, which no reader knows: write down what it made, or collect it from the cloud"
    if "AWSTemplateFormatVersion" in value:
        return "a CloudFormation template, not what was made of it: collect the answers of aws … describe-*"
    return False


# --- reading ----------------------------------------------------------------------------


def read(parts: Sequence[Part], draft: Draft) -> None:
    """All resources of the parts; those of other states may have the same address."""
    state = State()
    held: dict[str, Resource] = {}
    unpacked = [one for part in parts for one in resources_of(part, draft)]
    borne: dict[str, set[str]] = defaultdict(set)
    for one in unpacked:
        borne[one.address].add(word(one.values, "id"))
    for one in unpacked:
        if len(borne[one.address]) > 1:
            one.address = f"{'/'.join((*one.part.folders[1:], one.part.name))}:{one.address}"
        if one.address in held:
            draft.skip(one.type, "a second copy of the same resource")
            continue
        held[one.address] = one
        state.add(one)
    note_ports(state)
    note_attachments(state, draft)
    for one in state.resources:
        if one.kind == "server":
            add_server(state, draft, one)
        elif one.kind in NETWORKS:
            add_network(state, draft, one)
        elif one.kind == "volume":
            add_volume(draft, one)
        elif one.kind in ("", "workload"):
            add_workload(draft, one) if one.kind else refuse(draft, one)
        elif one.kind not in FOLDED:
            add_application(state, draft, one)
    add_rules(state, draft)
    add_routes(state, draft)
    add_guarding(state, draft)
    add_links(state, draft)
    add_google_firewalls(state)
    add_balancing(state, draft)
    add_systems(state, draft)
    add_depends(state)


def add_depends(state: State) -> None:
    """What each machine and service was built with: all instances of what its ``dependencies`` name."""
    for one in state.resources:
        if one.document is None or one.kind in NETWORKS or one.kind == "volume":
            continue
        found = [each.address for each in state.behind(one) if each.document is not None and each is not one]
        if found:
            one.document["depends"] = [{"_id": key} for key in dict.fromkeys(found)]


#: Kinds that become a part of another document.
FOLDED = frozenset(
    {"rule", "guarding", "route", "acl rule", "attachment", "address", "address link", "disk link", "balancer part"}
)


def refuse(draft: Draft, one: Resource) -> None:
    """Count a resource that is no thing, or of a type that nobody maps."""
    draft.skip(one.type, no_thing(one.type) or "no place in the model")


# --- documents --------------------------------------------------------------------------


def add(draft: Draft, collection: str, one: Resource, **fields: Any) -> dict[str, Any]:
    """The document of a resource, with what every one of them has."""
    values = one.values
    known: dict[str, str] = {}
    for field_name in ("tags_all", "tags", "labels"):
        if values.get(field_name):
            known |= labels(values[field_name])
    named = known.get("name") or word(values, "name", "identifier", "cluster_identifier", "bucket", "function_name")
    native = identities(one)
    status = fields.pop("status", "")
    if one.change:
        status = f"planned: {one.change}"
    state = "tainted" if one.status == "tainted" else status
    document = draft.add(
        collection, one.address, one.part, one.path, name=named or own_name(one), address=one.address,
        aliases=[name for name in native if name != one.address], status=state, change=one.change, tags=tags(known),
        environment=label(known, ENVIRONMENT), team=label(known, TEAM), namespace="/".join(one.module), **fields,
    )  # fmt: skip
    one.document = document
    if system := label(known, SYSTEM):
        document["x-system"] = system
    return document


def own_name(one: Resource) -> str:
    """A resource's address without its type and the word ``module``: ``ec2_bastion this[0]``."""
    words = KEYS.sub(lambda found: found[0].replace(".", "\0"), one.address).split(".")
    said = [each.replace("\0", ".") for each in words if each not in ("module", one.type)] or words
    return (
        " ".join(said[-2:]) if len(said) > 1 and said[-1].partition("[")[0] in ("this", "main", "default") else said[-1]
    )


def where(draft: Draft, one: Resource, **more: Any) -> dict[str, Any]:
    """Where a resource is: account and region from its ARN, zone or link, never from the provider's alias."""
    values = one.values
    arn = Arn.read(word(values, "arn"))
    zone = word(values, "availability_zone", "zone").rpartition("/")[2]
    region = arn.region or word(values, "region").rpartition("/")[2] or region_of(zone) or word(values, "location")
    account = arn.account or word(values, "owner_id", "project")
    if (found := re.match(r"/subscriptions/([^/]+)/", word(values, "id"))) or (
        found := re.match(r"projects/([^/]+)/", link(word(values, "self_link", "id")))
    ):
        account = found[1]
    return place(draft, one.part, one.provider, account, region, zone, **more)


def network_of(state: State, one: Resource, stated: str) -> str:
    """The network a resource is in, by the id its document has; where none is stated, the one it depends on."""
    kinds = ("Vpc", "VirtualNetwork", "Network")
    if stated:
        held = state.find(stated, *kinds) or state.called(stated, *kinds)  # Google names networks
        return held.id if held else stated
    held_by = state.behind(one, *kinds)
    if len(held_by) == 1:
        return held_by[0].id
    names = [name for name in one.depends if kind_of_resource(type_in(name)) in kinds]
    return names[0] if len(names) == 1 and not held_by else ""


def type_in(address: str) -> str:
    """The type in an address: ``module.vpc.aws_vpc.this`` is of ``aws_vpc``."""
    words = KEYS.sub("", address).split(".")
    return words[-2] if len(words) > 1 else ""


def subnet_of(state: State, one: Resource, stated: str) -> str:
    """The subnet a resource is in."""
    if stated:
        held = state.find(stated, "Subnet")
        return held.id if held else link(stated)
    held_by = state.behind(one, "Subnet")
    return held_by[0].id if len(held_by) == 1 else ""


def groups_of(state: State, one: Resource, stated: Sequence[str]) -> list[str]:
    """The groups that guard a resource, by the ids their documents have; where none are stated, those it depends on."""
    found = []
    for key in stated:
        held = state.find(key, "SecurityGroup") or state.called(key, "SecurityGroup")  # OpenStack's machines name them
        found.append(held.id if held else key)
    if not stated:
        found = [each.id for each in state.behind(one, "SecurityGroup")]
    return list(dict.fromkeys(found))


#: Attributes that name a machine's type, and its interfaces.
SIZES = ("instance_type", "size", "vm_size", "machine_type", "flavor_name", "server_type", "type", "plan")
CARDS = ("network_interface_ids", "primary_network_interface_id")
#: Attributes that name where a service answers.
ENDPOINTS = ("address", "dns_name", "domain_name", "fqdn", "endpoint", "invoke_url", "vip_address", "ip_address")
GROUPS = ("vpc_security_group_ids", "security_groups", "security_group_ids")
SUBNETS = ("subnets", "subnet_ids", "vpc_zone_identifier", "subnet_id", "vip_subnet_id")


def add_server(state: State, draft: Draft, one: Resource) -> None:
    """A machine."""
    values = one.values
    cards = blocks(values, "network_interface") if one.type.startswith("google_") else []
    networks = [*cards, *blocks(values, "network")]
    private = texts(
        values, "private_ip", "private_ip_address", "private_ips", "access_ip_v4", "ipv4_address_private", "internal_ip"
    )
    public = texts(values, "public_ip", "public_ip_address", "ipv4_address", "public_ips")
    private += [ip for card in networks for ip in texts(card, "network_ip", "fixed_ip_v4", "ip")]
    public += [ip for card in cards for way in blocks(card, "access_config") for ip in texts(way, "nat_ip")]
    stated = texts(values, "vpc_security_group_ids", "security_groups", "security_group_ids")
    first = cards[0] if cards else {}
    network = network_of(state, one, word(values, "vpc_id", "vpc_uuid") or word(first, "network"))
    subnet = subnet_of(state, one, word(values, "subnet_id") or word(first, "subnetwork"))
    groups = groups_of(state, one, stated)
    memory = number(values, "memory", "memory_mb", "ram")
    cpu = number(values, "num_cpus", "vcpus", "cores", "cpu_core_count")
    add(
        draft, "servers", one,
        unique_id=one.id, ipv4_private=list(dict.fromkeys(private)), ipv4_public=list(dict.fromkeys(public)),
        ipv6=texts(values, "ipv6_addresses", "ipv6_address"), cpu=cpu,
        memory=memory / 1024 if memory else None,
        status=word(values, "instance_state", "status", "power_state", "current_status"),
        names=[name for name in (word(values, "name", "computer_name", "hostname"),) if name],
        datacenters=where(
            draft, one, vpc_id=network, subnet_id=subnet, instance_id=word(values, "id"),
            instance=word(values, *SIZES).rpartition("/")[2], security_groups=groups,
            network_interface=[{"id": key} for key in texts(values, *CARDS)],
        ),
    )  # fmt: skip


def add_volume(draft: Draft, one: Resource) -> None:
    """A disk."""
    values = one.values
    add(
        draft, "volumes", one, unique_id=one.id, size=number(values, "size", "disk_size_gb", "size_in_gb"),
        datacenters=where(draft, one),
    )  # fmt: skip


def add_application(state: State, draft: Draft, one: Resource) -> None:
    """A managed service, or a balancer."""
    values = one.values
    inner = next(iter((*blocks(values, "vpc_config"), *blocks(values, "network_configuration"))), {})
    groups = groups_of(state, one, texts(values, *GROUPS) or texts(inner, *GROUPS))
    stated = texts(values, *SUBNETS) or texts(inner, *SUBNETS)
    subnets = [subnet_of(state, one, key) for key in stated]
    subnets += [subnet_of(state, one, word(each, "subnet_id")) for each in blocks(values, "subnet_mapping")]
    network = network_of(state, one, word(values, "vpc_id", "network") or word(inner, "vpc_id"))
    internal = values.get("internal")
    scheme = word(values, "load_balancing_scheme", "scheme").lower()
    if isinstance(internal, bool):
        scheme = "internal" if internal else "internet-facing"
    listeners = [
        {"port": port, "protocol": word(each, "lb_protocol", "protocol", "entry_protocol")}
        for each in (*blocks(values, "listener"), *blocks(values, "forwarding_rule"))
        if (port := word(each, "lb_port", "listen_port", "entry_port"))
    ]
    port = word(values, "port") or PORTS.get(word(values, "engine").partition("-")[0], "")
    public = values.get("publicly_accessible", values.get("public_network_access_enabled"))
    role = {
        "endpoint": word(values, *ENDPOINTS),
        "ports": [port] if port else [], "vpc_id": network, "vpc_security": groups,
        "subnet_group": word(values, "db_subnet_group_name", "subnet_group_name"), "scheme": scheme,
        "type": word(values, "load_balancer_type") if one.kind == "Loadbalance" else "", "listeners": listeners,
        "publicly_accessible": public if isinstance(public, bool) else None,
    }  # fmt: skip
    replicas = number(values, "desired_count", "desired_capacity", "node_count", "size")
    document = add(
        draft, "applications", one, family=one.kind, unique_id=one.id, kind=one.type,
        provider=one.provider, version=word(values, "engine_version", "version", "kubernetes_version"),
        replicas=int(replicas) if replicas else None, language=word(values, "runtime"),
        role={name: said for name, said in role.items() if said not in ("", [], None)},
        datacenters=where(
            draft, one, vpc_id=network, subnet_zones=[key for key in dict.fromkeys(subnets) if key],
            instance=word(values, "instance_class", "node_type"), security_groups=groups,
        ),
    )  # fmt: skip
    if one.kind == "Loadbalance":
        document["targets"] = [
            each.address for key in texts(values, "instances", "droplet_ids") if (each := state.find(key, "server"))
        ]
        document["targets"] = [{"_id": key} for key in document["targets"]]
    if one.type == "aws_cloudfront_distribution":
        add_origins(state, draft, one, document)


def add_origins(state: State, draft: Draft, one: Resource, document: dict[str, Any]) -> None:
    """A content network calls its origins."""
    hosts = {
        word(each.values, name).lower(): each
        for each in state.resources
        if each.kind in ("Loadbalance", "ObjectStorage", "ApiGateway")
        for name in ("dns_name", "bucket_regional_domain_name", "bucket_domain_name", "website_endpoint")
        if word(each.values, name)
    }
    for origin in blocks(one.values, "origin"):
        if (target := hosts.get(word(origin, "domain_name").lower())) is not None:
            draft.call(document, target.address, endpoint="https", why="its origin")


def add_workload(draft: Draft, one: Resource) -> None:
    """What a configuration runs in a cluster or a Docker host."""
    values = one.values
    meta = next(iter(blocks(values, "metadata")), {})
    name = word(meta, "name") or word(values, "name")
    space = word(meta, "namespace") or word(values, "namespace")
    spec = next(iter(blocks(values, "spec")), {})
    template = next(iter(blocks(spec, "template")), {})
    pod = next(iter(blocks(template, "spec")), spec)
    containers = [*blocks(pod, "container")]
    image = word(containers[0] if containers else values, "image")
    one.values = {"name": name}
    document = add(
        draft, "applications", one, family=family_of_image(image) or "Application", kind=one.type, image=image,
        version=tag_of(image), replicas=int(number(spec, "replicas") or 0) or None,
        names=[name] if name else [], datacenters={"name": "Docker host" if one.type[0] == "d" else "Kubernetes"},
    )  # fmt: skip
    if space:
        document["namespace"] = space
    document["aliases"] = [f"{space}/{name}"] if space and name else []


def add_network(state: State, draft: Draft, one: Resource) -> None:
    """A document of ``networks``, in the words of its provider."""
    values = one.values
    document = add(draft, "networks", one, family=one.kind, unique_id=one.id, datacenters=where(draft, one))
    ranges = texts(
        values, "cidr_block", "ip_cidr_range", "cidr", "ip_range", "address_space", "address_prefixes", "address_prefix"
    )
    if ranges:
        document["cidr_block"] = ranges if len(ranges) > 1 else ranges[0]
    if six := texts(values, "ipv6_cidr_block"):
        document["ipv6_cidr_block"] = six
    if one.kind not in ("Vpc", "VirtualNetwork", "Network", "Firewall", "VpcPeering"):
        stated = word(values, "vpc_id", "network_id", "network", "virtual_network_id")
        if one.type == "azurerm_subnet" and not stated:
            stated = word(values, "id").rpartition("/subnets/")[0]
        if network := network_of(state, one, stated):
            document["vpc_id"] = network
    zone = word(values, "availability_zone", "zone")
    if one.kind == "Subnet" and zone:
        document["availability_zone"] = zone
    if isinstance(values.get("map_public_ip_on_launch"), bool):
        document["map_public_ip_on_launch"] = values["map_public_ip_on_launch"]
    if make := MAKE.get(one.kind):
        make(state, draft, one, document)


def make_peering(state: State, draft: Draft, one: Resource, document: dict[str, Any]) -> None:
    """The two ends of a peering."""
    values = one.values
    mine = word(values, "vpc_id", "network") or word(values, "id").partition("/virtualNetworkPeerings")[0]
    other = word(values, "peer_vpc_id", "remote_virtual_network_id", "peer_network")
    ends = [network_of(state, one, mine) if mine else "", network_of(state, one, other) if other else ""]
    behind = [each.id for each in state.behind(one, "Vpc", "VirtualNetwork", "Network")]
    ends = [end or next((key for key in behind if key not in ends), "") for end in ends]
    for name, key, account in (
        ("requester_vpc_info", ends[0], ""),
        ("accepter_vpc_info", ends[1], word(values, "peer_owner_id")),
    ):
        if key:
            document[name] = {"VpcId": key} | ({"OwnerId": account} if account else {})


def make_port(state: State, draft: Draft, one: Resource, document: dict[str, Any]) -> None:
    """A port or an interface: addresses, groups, and the machine it belongs to."""
    values = one.values
    stated = texts(values, "security_group_ids", "security_groups", "all_security_group_ids")
    groups = groups_of(state, one, stated)
    if groups or any(name in values for name in ("security_group_ids", "security_groups")):
        document["security_groups"] = groups
    if key := subnet_of(state, one, word(values, "subnet_id")):
        document["subnet_id"] = key
    fixed = [
        {"subnet_id": subnet_of(state, one, word(each, "subnet_id")), "ip_address": word(each, "ip_address")}
        for each in blocks(values, "fixed_ip")
    ]
    private = [{"ip_address": ip} for ip in texts(values, "private_ip", "private_ips")]
    if fixed or private:
        document["fixed_ips" if fixed else "private_ip_addresses"] = fixed or private
    if isinstance(values.get("port_security_enabled"), bool):
        document["port_security_enabled"] = values["port_security_enabled"]
    held = []
    for each in blocks(values, "ip_configuration"):
        address = state.find(word(each, "public_ip_address_id"), "address")
        said = {
            "subnet": {"id": subnet_of(state, one, word(each, "subnet_id"))},
            "private_ip_address": word(each, "private_ip_address"),
        }
        held.append(
            said | ({"public_ip_address": {"ip_address": word(address.values, "ip_address")}} if address else {})
        )
    if held:
        document["ip_configurations"] = held
    machine = state.find(word(values, "device_id"), "server")
    for each in blocks(values, "attachment"):
        machine = machine or state.find(word(each, "instance"), "server")
    machines = [machine] if machine else state.of_port.get(one.address, [])
    if len(machines) == 1:
        document["device_id"] = machines[0].id


def note_ports(state: State) -> None:
    """Which machines have which ports: they name them, an attachment joins them, or they depend on them."""
    inferred: dict[str, list[Resource]] = defaultdict(list)
    for one in state.resources:
        if one.kind == "server":
            for key in named_ports(one.values):
                if port := state.find(key, "Port", "NetworkInterface"):
                    state.of_port[port.address].append(one)
            for port in state.behind(one, "Port", "NetworkInterface"):
                inferred[port.address].append(one)
    for address, machines in inferred.items():
        if len(machines) == 1:
            state.of_port.setdefault(address, machines)


def named_ports(values: Mapping[str, Any]) -> list[str]:
    """The interfaces that a machine names."""
    inner = [
        key
        for each in (*blocks(values, "network"), *blocks(values, "network_interface"))
        for key in texts(each, "port", "network_interface_id")
    ]
    return [*texts(values, *CARDS), *inner]


def make_nat(state: State, draft: Draft, one: Resource, document: dict[str, Any]) -> None:
    """The subnet a gateway stands in, and its public address."""
    if key := subnet_of(state, one, word(one.values, "subnet_id")):
        document["subnet_id"] = key
    if address := word(one.values, "public_ip"):
        document["public_ip"] = address


def make_endpoint(state: State, draft: Draft, one: Resource, document: dict[str, Any]) -> None:
    """The service behind an endpoint, its subnets and groups."""
    values = one.values
    document |= {name: said for name, said in (
        ("service_name", word(values, "service_name")),
        ("subnet_ids", [subnet_of(state, one, key) for key in texts(values, "subnet_ids", "subnet_id")]),
        ("security_groups", groups_of(state, one, texts(values, "security_group_ids"))),
    ) if said}  # fmt: skip


def make_acl(state: State, draft: Draft, one: Resource, document: dict[str, Any]) -> None:
    """The entries of an ACL and the subnets it guards."""
    values = one.values
    document["associations"] = [{"SubnetId": subnet_of(state, one, key)} for key in texts(values, "subnet_ids")]
    entries = [acl_entry(each, way == "egress") for way in ("ingress", "egress") for each in blocks(values, way)]
    if entries:
        document["entries"] = entries


def acl_entry(values: Mapping[str, Any], egress: bool) -> dict[str, Any]:
    """One entry as AWS writes it."""
    said = {
        "RuleNumber": values.get("rule_no", values.get("rule_number")),
        "RuleAction": word(values, "action", "rule_action"),
        "Protocol": word(values, "protocol"), "Egress": egress, "CidrBlock": word(values, "cidr_block"),
        "Ipv6CidrBlock": word(values, "ipv6_cidr_block"),
        "PortRange": {"From": values.get("from_port"), "To": values.get("to_port")},
    }  # fmt: skip
    return {name: one for name, one in said.items() if one not in (None, "")}


def make_prefixes(state: State, draft: Draft, one: Resource, document: dict[str, Any]) -> None:
    """The ranges of a prefix list."""
    document["entries"] = [{"Cidr": word(each, "cidr")} for each in blocks(one.values, "entry") if word(each, "cidr")]


def make_router(state: State, draft: Draft, one: Resource, document: dict[str, Any]) -> None:
    """Whether a router of OpenStack leads outside."""
    outer = word(one.values, "external_network_id")
    document["external_gateway_info"] = {"network_id": outer} if outer else None


def make_azure_group(state: State, draft: Draft, one: Resource, document: dict[str, Any]) -> None:
    """The rules of an Azure group that stand in it."""
    if isinstance(one.values.get("security_rule"), list):
        document["security_rules"] = [azure_rule(each) for each in blocks(one.values, "security_rule")]


AZURE_RULE = (
    "name", "priority", "direction", "access", "protocol", "source_address_prefix", "source_address_prefixes",
    "destination_address_prefix", "destination_address_prefixes", "destination_port_range", "destination_port_ranges",
    "source_port_range", "source_port_ranges",
)  # fmt: skip


def azure_rule(values: Mapping[str, Any]) -> dict[str, Any]:
    """One rule of an Azure group, field by field."""
    plain = {name: texts(values, name) if name.endswith("es") else word(values, name) for name in AZURE_RULE}
    return {name: one for name, one in plain.items() if one}


def make_firewall(state: State, draft: Draft, one: Resource, document: dict[str, Any]) -> None:
    """Firewalls of Digital Ocean and Hetzner: rules, and the machines they are for."""
    if one.type.startswith("google_"):
        return
    rules = []
    for each in (*blocks(one.values, "inbound_rule"), *blocks(one.values, "rule")):
        if word(each, "direction") in ("", "in"):
            sources = {
                "addresses": texts(each, "source_addresses", "source_ips"),
                "droplet_ids": texts(each, "source_droplet_ids"),
            }
            rules.append(
                {
                    "protocol": word(each, "protocol"),
                    "ports": word(each, "port_range", "port") or "all",
                    "sources": sources,
                }
            )
    document["inbound_rules"] = rules
    machines = texts(one.values, "droplet_ids") + [
        key for each in blocks(one.values, "apply_to") for key in texts(each, "server")
    ]
    if one.type == "hcloud_firewall":
        machines += [
            each.id
            for each in state.resources
            if each.kind == "server" and one.id in texts(each.values, "firewall_ids")
        ]
    document["droplet_ids"] = list(dict.fromkeys(machines))


MAKE = {
    "VpcPeering": make_peering, "Port": make_port, "NetworkInterface": make_port, "NatGateway": make_nat,
    "VpcEndpoint": make_endpoint, "NetworkAcl": make_acl, "ManagedPrefixList": make_prefixes, "Router": make_router,
    "NetworkSecurityGroup": make_azure_group, "Firewall": make_firewall,
}  # fmt: skip


# --- rules ------------------------------------------------------------------------------


def add_rules(state: State, draft: Draft) -> None:
    """Rules, those that stand in their group and those that are resources: one that both say is one."""
    loose: dict[str, list[Resource]] = defaultdict(list)
    lost: list[Resource] = []
    for one in state.resources:
        if one.kind == "rule":
            group = group_of(state, one)
            (loose[group.address] if group else lost).append(one)
    for one in state.resources:
        if one.kind == "SecurityGroup":
            rules = loose.get(one.address, [])
            if "secgroup" in one.type:
                neutron_rules(draft, one, rules, state)
            else:
                amazon_rules(draft, one, rules, state)
        elif one.kind == "NetworkSecurityGroup":
            for rule in loose.get(one.address, []):
                if one.document is not None:
                    one.document.setdefault("security_rules", []).append(azure_rule(rule.values))
                draft.fold(rule.type, "its group")
    for one in lost:
        draft.skip(one.type, "the group it is for is not in the state")
        key = word(one.values, "security_group_id") or "a group that is not told"
        draft.remark(
            one.part, one.path, "note", "lost-group", f"{one.address} is a rule of {key}, which is not in the state"
        )


def group_of(state: State, one: Resource) -> Resource | None:
    """The group a rule is for; where it does not say, the only one it depends on and does not let in."""
    stated = word(one.values, "security_group_id")
    if stated:
        return state.find(stated, "SecurityGroup")
    if name := word(one.values, "network_security_group_name"):
        return state.called(name, "NetworkSecurityGroup")
    remote = word(one.values, "remote_group_id", "source_security_group_id", "referenced_security_group_id")
    behind = [each for each in state.behind(one, "SecurityGroup") if each.id != remote]
    return behind[0] if len(behind) == 1 else None


def amazon_rules(draft: Draft, group: Resource, rules: Sequence[Resource], state: State) -> None:
    """The permissions of an AWS group. A rule without direction or ports repeats one, or leaves the group unknown."""
    values, document = group.values, group.document
    if document is None:
        return
    atoms: dict[str, dict[tuple[str, ...], None]] = {"ingress": {}, "egress": {}}
    told = {way for way in atoms if isinstance(values.get(way), list)}
    for way in told:
        for each in blocks(values, way):
            atoms[way].update(dict.fromkeys(atoms_of(each, group.id)))
    unsaid = []
    inline = bool(atoms["ingress"] or atoms["egress"])
    for one in rules:
        said = one.values
        way = (
            word(said, "type")
            if "type" in said
            else "egress"
            if "egress_rule" in one.type
            else "ingress"
            if "ingress_rule" in one.type
            else ""
        )
        found = list(atoms_of(said, group.id))
        if way not in atoms or not found or not word(said, "protocol", "ip_protocol"):
            if not inline:
                unsaid.append(one.address)
        else:
            told.add(way)
            atoms[way].update(dict.fromkeys(found))
        draft.fold(one.type, "its group")
    if told or unsaid:
        permissions = list(permissions_of(atoms["ingress"]))
        permissions += [{"incomplete": f"{address} tells neither direction nor ports"} for address in unsaid]
        document["ip_permissions"] = permissions
        if atoms["egress"] or "egress" in told:
            document["ip_permissions_egress"] = list(permissions_of(atoms["egress"]))
    if unsaid:
        draft.remark(
            group.part,
            group.path,
            "note",
            "incomplete",
            f"{group.address}: rules without direction or ports, what it lets in is unknown",
        )


def neutron_rules(draft: Draft, group: Resource, rules: Sequence[Resource], state: State) -> None:
    """The rules of an OpenStack group; its older kind holds them itself."""
    document = group.document
    found = []
    names = (
        "direction",
        "ethertype",
        "protocol",
        "port_range_min",
        "port_range_max",
        "remote_ip_prefix",
        "remote_group_id",
    )
    for one in rules:
        said = {
            name: one.values[name]
            for name in names
            if one.values.get(name) not in (None, "") and isinstance(one.values[name], (str, int))
        }
        if said.get("port_range_min") == 0 and said.get("port_range_max") == 0:
            said = {name: value for name, value in said.items() if not name.startswith("port_range")}
        if said not in found:
            found.append(said)
        draft.fold(one.type, "its group")
    for each in blocks(group.values, "rule"):
        said = {"direction": "ingress", "protocol": word(each, "ip_protocol"), "port_range_min": each.get("from_port"),
                "port_range_max": each.get("to_port"), "remote_ip_prefix": word(each, "cidr"),
                "remote_group_id": group.id if each.get("self") is True else word(each, "from_group_id")}  # fmt: skip
        found.append(
            {name: value for name, value in said.items() if value not in (None, "") and isinstance(value, (str, int))}
        )
    if document is not None and found:
        document["security_group_rules"] = found


# --- what joins two documents -----------------------------------------------------------


def add_routes(state: State, draft: Draft) -> None:
    """Routes and associations become parts of their tables; ACL rules of their ACLs."""
    for one in state.resources:
        values, document = one.values, one.document
        if one.kind == "RouteTable" and document is not None:
            document["routes"] = [route_of(each) for each in blocks(values, "route") if route_of(each)]
            document["associations"] = [
                {"SubnetId": subnet_of(state, one, key)} for key in texts(values, "subnet_ids", "subnets")
            ]
            if one.type == "aws_default_route_table":
                document["associations"].append({"Main": True})
    for one in state.resources:
        if one.kind not in ("route", "acl rule"):
            continue
        values = one.values
        kind = "RouteTable" if one.kind == "route" else "NetworkAcl"
        table = state.find(word(values, "route_table_id", "network_acl_id"), kind) or state.called(
            word(values, "route_table_name"), kind
        )
        table = table or next(iter(state.behind(one, kind)), None)
        if table is None or table.document is None:
            draft.skip(one.type, "its table is not in the state")
            continue
        draft.fold(one.type, "its table")
        if one.kind == "acl rule":
            table.document.setdefault("entries", []).append(acl_entry(values, values.get("egress") is True))
        elif "association" in one.type:
            main = {"Main": True} if one.type == "aws_main_route_table_association" else {}
            key = subnet_of(state, one, word(values, "subnet_id"))
            table.document["associations"].append(main | ({"SubnetId": key} if key else {}))
        elif (said := route_of(values)) and said not in table.document["routes"]:
            table.document["routes"].append(said)


ROUTE = {
    "gateway_id": "GatewayId", "nat_gateway_id": "NatGatewayId", "vpc_peering_connection_id": "VpcPeeringConnectionId",
    "transit_gateway_id": "TransitGatewayId", "egress_only_gateway_id": "EgressOnlyInternetGatewayId",
    "vpc_endpoint_id": "VpcEndpointId", "network_interface_id": "NetworkInterfaceId", "instance_id": "InstanceId",
    "next_hop_type": "next_hop_type",
}  # fmt: skip
DESTINATION = {
    "cidr_block": "DestinationCidrBlock", "destination_cidr_block": "DestinationCidrBlock",
    "ipv6_cidr_block": "DestinationIpv6CidrBlock", "destination_ipv6_cidr_block": "DestinationIpv6CidrBlock",
    "destination_prefix_list_id": "DestinationPrefixListId", "address_prefix": "address_prefix",
}  # fmt: skip


def route_of(values: Mapping[str, Any]) -> dict[str, str]:
    """A route as AWS answers it; nothing where it names no destination."""
    goes = {name: said for key, name in DESTINATION.items() if (said := word(values, key))}
    return goes | {name: said for key, name in ROUTE.items() if (said := word(values, key))} if goes else {}


def add_guarding(state: State, draft: Draft) -> None:
    """Which subnets, interfaces and machines a group guards, where a resource of its own says so."""
    for one in state.resources:
        if one.kind != "guarding":
            continue
        values = one.values
        group = state.find(word(values, "network_security_group_id", "firewall_id", "security_group_id"))
        if group is None or group.document is None:
            draft.skip(one.type, "the group it names is not in the state")
            continue
        draft.fold(one.type, "its group")
        if key := word(values, "subnet_id"):
            group.document.setdefault("subnets", []).append({"id": subnet_of(state, one, key)})
        if key := word(values, "network_interface_id"):
            held = state.find(key, "NetworkInterface")
            if group.kind == "NetworkSecurityGroup":
                group.document.setdefault("network_interfaces", []).append({"id": held.id if held else key})
            elif held is not None and held.document is not None:
                held.document.setdefault("security_groups", []).append(group.id)
        group.document.setdefault("droplet_ids", []).extend(texts(values, "server_ids"))


def note_attachments(state: State, draft: Draft) -> None:
    """Ports that a resource of its own joins to a machine. What it states wins over what it depends on.

    Two that state the same pair cannot both be right: the one whose dependencies agree is believed.
    """
    seen: dict[tuple[str, str], Resource] = {}
    found = [one for one in state.resources if one.kind == "attachment"]

    def meant(one: Resource) -> tuple[Resource | None, Resource | None]:
        behind = state.behind(one, "server"), state.behind(one, "Port", "NetworkInterface")
        return tuple(each[0] if len(each) == 1 else None for each in behind)  # type: ignore[return-value]

    def said(one: Resource) -> tuple[Resource | None, Resource | None]:
        first, _, last = word(one.values, "id").partition("/")
        machine = state.find(word(one.values, "instance_id") or first, "server")
        port = state.find(word(one.values, "port_id", "network_interface_id") or last, "Port", "NetworkInterface")
        return machine, port

    for one in sorted(found, key=lambda one: (meant(one) != said(one), one.address)):
        pair, guess = said(one), meant(one)
        machine, port = pair[0] or guess[0], pair[1] or guess[1]
        key = (machine.address if machine else "", port.address if port else "")
        if all(key) and key in seen:
            words = f"{one.address} states the same machine and port as {seen[key].address}"
            if all(guess) and guess != (machine, port):
                words += "; it is drawn where its dependencies lead"
                machine, port = guess
            draft.remark(one.part, one.path, "warning", "contradiction", words)
        elif all(guess) and all(pair) and guess != pair:
            words = f"{one.address}: what it states and what it depends on are different things; the statement is drawn"
            draft.remark(one.part, one.path, "warning", "contradiction", words)
        seen.setdefault(key, one)
        if machine is not None and port is not None:
            state.of_port[port.address] = [machine]
            draft.fold(one.type, "the port it attaches")
        else:
            draft.skip(one.type, "the machine or the port it names is not in the state")


def add_links(state: State, draft: Draft) -> None:
    """Addresses and disks go to the machines that hold them; an address that nothing holds is no thing."""
    linked: dict[str, Resource] = {}
    for one in state.resources:
        if one.kind == "address link":
            address = state.find(
                word(one.values, "allocation_id", "floating_ip_id", "ip_address", "floating_ip"), "address"
            )
            if address is not None:
                linked[address.address] = one
            draft.fold(one.type, "the address it is about") if address else draft.skip(
                one.type, "its address is not in the state"
            )
        elif one.kind == "disk link":
            disk = state.find(word(one.values, "volume_id", "managed_disk_id", "disk"), "volume") or next(
                iter(state.behind(one, "volume")), None
            )
            machine = state.find(
                word(one.values, "instance_id", "virtual_machine_id", "instance", "droplet_id", "server_id"), "server"
            )
            machine = machine or next(iter(state.behind(one, "server")), None)
            if disk is None or disk.document is None or machine is None:
                draft.skip(one.type, "the disk or the machine it names is not in the state")
                continue
            disk.document["server"] = {"_id": machine.address}
            draft.fold(one.type, "the disk it attaches")
    for one in state.resources:
        if one.kind == "address":
            add_address(state, draft, one, linked.get(one.address))
        elif one.kind == "volume" and one.document is not None and "server" not in one.document:
            machine = state.find(word(one.values, "server_id", "instance_id"), "server")
            if machine is not None:
                one.document["server"] = {"_id": machine.address}


HOLDERS = (
    "instance",
    "instance_id",
    "droplet_id",
    "server_id",
    "network_interface",
    "network_interface_id",
    "port_id",
    "assignee_id",
    "fixed_ip",
)


def add_address(state: State, draft: Draft, one: Resource, by: Resource | None) -> None:
    """A public address: of the machine or port that holds it, else of a gateway that depends on it."""
    words = [key for each in (one, by) if each is not None for key in texts(each.values, *HOLDERS)]
    holder = next((held for key in words if (held := state.find(key)) is not None), None)
    address = word(one.values, "public_ip", "ip_address", "address")
    if holder is not None and holder.kind == "server" and holder.document is not None:
        known = holder.document.setdefault("ipv4_public", [])
        known += [ip for ip in (address,) if ip and ip not in known]
        draft.fold(one.type, "the machine that holds it")
    elif holder is not None and holder.document is not None:
        document = add(draft, "networks", one, family="PublicAddress", unique_id=one.id, datacenters=where(draft, one))
        document |= {"family": "PublicIpAddress", "network_interface_id": holder.id} | (
            {"ip_address": address} if address else {}
        )
    elif any(
        one in state.behind(each, "address") or word(each.values, "allocation_id") == one.id
        for each in state.by_kind("NatGateway")
    ):
        draft.fold(one.type, "the gateway that holds it")
    elif any(
        one.id.casefold()
        in (word(way, "public_ip_address_id").casefold() for way in blocks(each.values, "ip_configuration"))
        for each in state.by_kind("NetworkInterface")
    ):
        draft.fold(one.type, "the interface that holds it")
    elif any(
        one.id.casefold()
        in (word(way, "public_ip_address_id").casefold() for way in blocks(each.values, "frontend_ip_configuration"))
        for each in state.by_kind("Loadbalance")
    ):
        draft.fold(one.type, "the balancer that holds it")
    else:
        draft.skip(one.type, "an address that nothing of the state holds")


def add_google_firewalls(state: State) -> None:
    """Google's firewalls mean machines by tags and accounts: they become groups that the machines are in."""
    machines = [
        (one, network_names(one), set(tags_of(one)), set(accounts_of(one)))
        for one in state.by_kind("server")
        if one.type.startswith("google_")
    ]
    for wall in state.by_kind("Firewall"):
        values, document = wall.values, wall.document
        if (
            document is None
            or not wall.type.startswith("google_")
            or word(values, "direction").upper() == "EGRESS"
            or values.get("disabled") is True
        ):
            continue
        network = word(values, "network").rpartition("/")[2]
        inside = [each for each in machines if not network or network in each[1] or not each[1]]
        wanted, accounts = set(texts(values, "target_tags")), set(texts(values, "target_service_accounts"))
        for one, _, held, mine in inside:
            if one.document is not None and (not (wanted or accounts) or wanted & held or accounts & mine):
                one.document.setdefault("datacenters", {}).setdefault("security_groups", []).append(wall.id)
        senders, owners = set(texts(values, "source_tags")), set(texts(values, "source_service_accounts"))
        ranges = texts(values, "source_ranges") or ([] if senders or owners else list(EVERYBODY[:1]))
        groups = [one.id for one, _, held, mine in inside if senders & held or owners & mine]
        document["ip_permissions"] = [
            {
                "IpProtocol": "-1" if word(each, "protocol") == "all" else word(each, "protocol"),
                **({"FromPort": low, "ToPort": high} if low is not None else {}),
                "IpRanges": [{"CidrIp": one} for one in ranges if ":" not in one],
                "Ipv6Ranges": [{"CidrIpv6": one} for one in ranges if ":" in one],
                "UserIdGroupPairs": [{"GroupId": one} for one in groups],
            }
            for each in blocks(values, "allow")
            for low, high in spans(texts(each, "ports"))
        ]  # fmt: skip
        if blocks(values, "deny"):
            document["ip_permissions"].append({"incomplete": f"{wall.address} keeps out, and comes by its priority"})


def spans(ports: Sequence[str]) -> Iterator[tuple[int | None, int | None]]:
    """Ports of a Google rule (``80``, ``8000-8010``); none are all of them."""
    if not ports:
        yield None, None
    for one in ports:
        low, _, high = one.partition("-")
        if low.isdigit() and (high or low).isdigit():
            yield int(low[:6]), int((high or low)[:6])


def network_names(one: Resource) -> set[str]:
    """The names of the networks a machine of Google's has interfaces in."""
    return {word(each, "network").rpartition("/")[2] for each in blocks(one.values, "network_interface")} - {""}


def tags_of(one: Resource) -> list[str]:
    """The tags by which firewalls mean a machine of Google's; they are compared and not kept."""
    return texts(one.values, "tags")


def accounts_of(one: Resource) -> list[str]:
    """The accounts by which firewalls mean a machine of Google's; they are compared and not kept."""
    return [word(each, "email") for each in blocks(one.values, "service_account") if word(each, "email")]


# --- balancers --------------------------------------------------------------------------


def add_balancing(state: State, draft: Draft) -> None:
    """From each balancer over its parts to the machines: the parts name each other by ids, or depend on each other."""
    parts = state.by_kind("balancer part")
    ahead: dict[str, list[Resource]] = {}
    referrers: dict[str, list[Resource]] = defaultdict(list)
    for one in [*parts, *state.by_kind("Loadbalance")]:
        ahead[one.address] = linked_to(state, one)
        for other in ahead[one.address]:
            referrers[other.address].append(one)
    reached: set[str] = set()
    for balancer in state.by_kind("Loadbalance"):
        waiting, seen = [balancer], {balancer.address}
        while waiting:
            one = waiting.pop()
            listener = "listener" in one.type or one is balancer
            behind = [each for each in referrers[one.address] if listener or "listener" not in each.type]
            for other in [*ahead.get(one.address, ()), *behind]:
                if other.kind == "server":
                    add_target(balancer, other.address)
                elif other.kind == "balancer part" and other.address not in seen:
                    seen.add(other.address)
                    waiting.append(other)
                elif other.kind == "NetworkInterface":
                    for machine in state.of_port.get(other.address, ()):
                        add_target(balancer, machine.address)
                elif (
                    other.kind in ("AutoScaling", "Serverless", "ContainerOrchestration")
                    and balancer.document is not None
                ):
                    draft.call(balancer.document, other.address, how="inferred", why="behind the balancer")
            if balancer.document is not None and "listener" in one.type and word(one.values, "port", "protocol_port"):
                said = {"port": word(one.values, "port", "protocol_port"), "protocol": word(one.values, "protocol")}
                known = balancer.document.setdefault("role", {}).setdefault("listeners", [])
                known += [each for each in (said,) if each not in known]
        reached |= seen
    for one in parts:
        draft.fold(one.type, "its balancer") if one.address in reached else draft.skip(
            one.type, "its balancer is not in the state"
        )


def add_target(balancer: Resource, key: str) -> None:
    """A machine behind a balancer."""
    if balancer.document is not None:
        known = balancer.document.setdefault("targets", [])
        known += [each for each in ({"_id": key},) if each not in known]


def linked_to(state: State, one: Resource) -> list[Resource]:
    """What a part of a balancer names; what it states of machines and parts wins over what it depends on."""
    words = texts(one.values, *LINKS)
    for name in BLOCKS:
        for each in blocks(one.values, name):
            words += texts(each, *LINKS, "arn")
            words += [
                key
                for inner in ("forward", "target_group")
                for deeper in blocks(each, inner)
                for key in texts(deeper, *LINKS, "arn")
            ]
            words += [
                key
                for way in blocks(each, "forward")
                for deeper in blocks(way, "target_group")
                for key in texts(deeper, "arn")
            ]
    found = [held for key in dict.fromkeys(words) if (held := state.find(key)) is not None and held is not one]
    if one.kind == "balancer part":
        if not any(each.kind == "server" for each in found):
            address = word(one.values, "address")
            found += [state.by_address[address]] if address in state.by_address else []
        kinds = {each.kind for each in found}
        found += [
            each
            for kind in ("balancer part", "Loadbalance", "server")
            if kind not in kinds
            for each in state.behind(one, kind)
        ]
    return [each for each in dict.fromkeys(found) if each is not one]


# --- systems ----------------------------------------------------------------------------


def add_systems(state: State, draft: Draft) -> None:
    """What belongs together: what a label says, else the outermost module."""
    for one in state.resources:
        document = one.document
        if document is None:
            continue
        name = document.pop("x-system", "")
        why = "its label" if name else "the module it is in"
        name = name or (one.module[0] if one.module else "")
        if name and draft.get("applications", one.address) is document:
            draft.add("systems", f"system/{name}", one.part, one.path, how="inferred", why=why, name=name)
            document["system"] = [{"_id": f"system/{name}", "name": name}]


@hookimpl
def analytics_sources() -> Iterator[Reader]:
    states = f"{SHOW}, or terraform state pull"
    yield Reader("terraform", "Terraform and OpenTofu: states", recognise, read, states, type="infra", rank=50)
    plans = f"terraform plan -out=FILE, then {SHOW} FILE"
    yield Reader("terraform-plan", "Terraform and OpenTofu: plans", recognise_plan, read, plans, type="infra", rank=40)
