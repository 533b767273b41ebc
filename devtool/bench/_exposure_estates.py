"""Random small estates of AWS, Azure, OpenStack and Digital Ocean for the exposure benchmark: documents only."""

from __future__ import annotations

from random import Random
from typing import Any

Documents = dict[str, list[dict[str, Any]]]
PROVIDERS = ("AWS", "Azure", "OpenStack", "Digital Ocean")
RANGES = (
    "0.0.0.0/0", "0.0.0.0/0", "0.0.0.0/1", "128.0.0.0/1", "203.0.113.0/24", "198.51.100.7/32", "10.0.0.0/8",
    "52.0.0.0/7", "172.16.0.0/12", "96.0.0.0/3", "::/0", "2000::/3", "2001:db8::/32", "fd00::/8",
)  # fmt: skip
PORTS = ((22, 22), (80, 80), (443, 443), (5432, 5432), (8000, 8100), (0, 65535), (1, 1023), (3389, 3389))


def estate(seed: int) -> tuple[str, Documents]:
    """One estate: its provider and its documents."""
    rng = Random(seed)
    provider = PROVIDERS[seed % len(PROVIDERS)]
    documents: Documents = {"servers": [], "applications": [], "networks": []}
    {"AWS": aws, "Azure": azure, "OpenStack": openstack, "Digital Ocean": ocean}[provider](rng, documents)
    return provider, documents


def place(provider: str, **more: Any) -> dict[str, Any]:
    """The ``datacenters`` object."""
    return {"name": "prod", "provider": provider, "region": "r1", "zone": "r1a", **more}


def add(documents: Documents, provider: str, family: str, key: str, **fields: Any) -> None:
    """A document of the networks."""
    documents["networks"].append(
        {"_id": f"doc-{key}", "unique_id": key, "name": key, "family": family, "datacenters": place(provider), **fields}
    )


def permission(rng: Random) -> dict[str, Any]:
    """An AWS rule."""
    low, high = rng.choice(PORTS)
    protocol = rng.choice(["tcp", "tcp", "tcp", "6", "udp", "17", "-1", "icmp", "47"])
    rule: dict[str, Any] = {"IpProtocol": protocol, "IpRanges": [], "Ipv6Ranges": []}
    if protocol not in ("-1", "47"):
        rule |= {"FromPort": 8, "ToPort": 0} if protocol == "icmp" else {"FromPort": low, "ToPort": high}
    for one in rng.sample(RANGES, rng.choice([0, 1, 1, 1, 2, 3])):
        if ":" in one:
            rule["Ipv6Ranges"].append({"CidrIpv6": one})
        else:
            rule["IpRanges"].append({"CidrIp": one})
    if rng.random() < 0.1:
        rule["PrefixListIds"] = [{"PrefixListId": rng.choice(["pl-known", "pl-lost"])}]
    if rng.random() < 0.2:
        rule["UserIdGroupPairs"] = [{"GroupId": "sg-0"}]
    return rule


def entry(rng: Random, number: int, egress: bool) -> dict[str, Any]:
    """An entry of a network ACL."""
    word = rng.choice(RANGES)
    protocol = rng.choice(["-1", "-1", "6", "17"])
    found: dict[str, Any] = {
        "RuleNumber": number,
        "RuleAction": rng.choice(["allow", "allow", "deny"]),
        "Protocol": protocol,
        "Egress": egress,
        "Ipv6CidrBlock" if ":" in word else "CidrBlock": word,
    }
    if protocol != "-1":
        low, high = rng.choice([*PORTS, (1024, 65535)])
        found["PortRange"] = {"From": low, "To": high}
    return found


def aws(rng: Random, documents: Documents) -> None:
    """An AWS account: subnets, tables, lists, groups, machines with one or two interfaces, balancers, a database."""
    add(documents, "AWS", "Vpc", "vpc", cidr_block="10.0.0.0/16")
    if rng.random() < 0.7:
        add(documents, "AWS", "PrefixList", "pl-known", entries=[{"Cidr": rng.choice(RANGES[:8])}])
    subnets = [f"subnet-{n}" for n in range(rng.randint(1, 3))]
    for number, subnet in enumerate(subnets):
        add(documents, "AWS", "Subnet", subnet, vpc_id="vpc", cidr_block=f"10.0.{number}.0/24")
        if rng.random() < 0.4:
            acl_of(rng, documents, subnet)
        if rng.random() < 0.6:
            table_of(rng, documents, subnet, [{"SubnetId": subnet, "Main": False}])
    if rng.random() < 0.7:
        table_of(rng, documents, "main", [{"Main": True}])
    if rng.random() < 0.3:
        table_of(rng, documents, "unused", [])
    groups = [f"sg-{n}" for n in range(rng.randint(1, 4))]
    for group in groups:
        rules = [permission(rng) for _ in range(rng.randint(0, 3))]
        add(documents, "AWS", "SecurityGroup", group, vpc_id="vpc", ip_permissions=rules)
    for number in range(rng.randint(1, 4)):
        machine(rng, documents, number, subnets, groups)
    for number in range(rng.randint(0, 2)):
        kind, scheme = (
            rng.choice(["application", "network", "classic"]),
            rng.choice(["internal", "internet-facing", ""]),
        )
        role: dict[str, Any] = {"type": kind, "vpc_id": "vpc", "endpoint": f"lb-{number}.elb.example"}
        role |= {"scheme": scheme} if scheme else {}
        if kind != "network" and scheme == "internal":
            role["endpoint"] = "internal-" + role["endpoint"]
        if rng.random() < 0.5:
            role["listeners"] = [{"Port": rng.choice([80, 443]), "Protocol": "HTTP"}]
        where = place("AWS", subnet_zones=[{"SubnetId": one} for one in subnets])
        guarded = [] if kind == "network" and rng.random() < 0.4 else rng.sample(groups, 1)
        where["security_groups"] = guarded
        documents["applications"].append(
            {"_id": f"lb-{number}", "name": f"lb-{number}", "family": "Loadbalance", "role": role, "datacenters": where}
        )
    if rng.random() < 0.4:
        role = {"vpc_id": "vpc", "vpc_security": rng.sample(groups, 1)}
        role["subnet_group"] = {"Subnets": [{"SubnetIdentifier": one} for one in subnets]}
        if rng.random() < 0.7:
            role["publicly_accessible"] = rng.random() < 0.5
        documents["applications"].append(
            {"_id": "db", "name": "db", "family": "Database", "role": role, "datacenters": place("AWS")}
        )


def acl_of(rng: Random, documents: Documents, subnet: str) -> None:
    """A network ACL of a subnet."""
    entries = [entry(rng, number, False) for number in rng.sample(range(10, 90), rng.randint(1, 3))]
    entries += [entry(rng, number, True) for number in rng.sample(range(10, 90), rng.randint(0, 2))]
    for egress in (False, True):
        if rng.random() < 0.8:
            for number, key, word in ((100, "CidrBlock", "0.0.0.0/0"), (101, "Ipv6CidrBlock", "::/0")):
                entries.append(
                    {"RuleNumber": number, "RuleAction": "allow", "Protocol": "-1", "Egress": egress, key: word}
                )
        entries.append(
            {"RuleNumber": 32767, "RuleAction": "deny", "Protocol": "-1", "Egress": egress, "CidrBlock": "0.0.0.0/0"}
        )
    rng.shuffle(entries)
    add(
        documents,
        "AWS",
        "NetworkAcl",
        f"acl-{subnet}",
        vpc_id="vpc",
        associations=[{"SubnetId": subnet}],
        entries=entries,
    )


def table_of(rng: Random, documents: Documents, key: str, associations: list[dict[str, Any]]) -> None:
    """A route table."""
    routes: list[dict[str, Any]] = [{"DestinationCidrBlock": "10.0.0.0/16", "GatewayId": "local", "State": "active"}]
    shape = rng.choice(["igw", "igw", "igw", "nat", "none", "halves", "narrow", "dead", "appliance"])
    if shape in ("igw", "dead"):
        routes.append({"DestinationCidrBlock": "0.0.0.0/0", "GatewayId": "igw-1"})
        routes[-1]["State"] = "blackhole" if shape == "dead" else "active"
    if shape in ("nat", "narrow"):
        routes.append({"DestinationCidrBlock": "0.0.0.0/0", "NatGatewayId": "nat-1"})
    if shape == "narrow":
        routes.append({"DestinationCidrBlock": "203.0.113.0/24", "GatewayId": "igw-1"})
    if shape == "halves":
        routes += [{"DestinationCidrBlock": one, "GatewayId": "igw-1"} for one in ("0.0.0.0/1", "128.0.0.0/1")]
    if shape == "appliance":
        routes.append({"DestinationCidrBlock": "0.0.0.0/0", "NetworkInterfaceId": "eni-wall"})
    six = rng.choice(["", "igw-1", "eigw-1"])
    if six:
        name = "GatewayId" if six == "igw-1" else "EgressOnlyInternetGatewayId"
        routes.append({"DestinationIpv6CidrBlock": "::/0", name: six})
    add(documents, "AWS", "RouteTable", f"rtb-{key}", vpc_id="vpc", associations=associations, routes=routes)


def machine(rng: Random, documents: Documents, number: int, subnets: list[str], groups: list[str]) -> None:
    """An AWS instance."""
    key, public = f"i-{number}", f"54.1.1.{number}"
    mine = rng.sample([*groups, "sg-lost"] if rng.random() < 0.1 else groups, 1)
    where = place("AWS", instance_id=key, subnet_id=rng.choice(subnets), vpc_id="vpc")
    server: dict[str, Any] = {"_id": key, "unique_id": key, "hostname": key, "ipv4_private": f"10.0.0.{number + 4}"}
    holder = rng.choice(["place", "metas", "interfaces"])
    if holder == "place":
        where["security_groups"] = [{"GroupId": one} for one in mine]
    elif holder == "metas":
        server["metas"] = {"security_groups": [{"GroupId": one} for one in mine]}
    if holder != "interfaces":
        if rng.random() < 0.6:
            server["ipv4_public"] = public
    else:
        for index in range(rng.randint(1, 2)):
            eni: dict[str, Any] = {"attachment": {"InstanceId": key}, "subnet_id": rng.choice(subnets), "vpc_id": "vpc"}
            eni["groups"] = [{"GroupId": one} for one in rng.sample(groups, 1)]
            address = f"54.1.{index + 2}.{number}"
            form = rng.choice(["", "association", "secondary", "eip", "both"])
            if form in ("association", "both"):
                eni["association"] = {"PublicIp": address}
            if form == "both":
                server["ipv4_public"] = address
            if form == "secondary":
                eni["private_ip_addresses"] = [{"PrivateIpAddress": "10.0.0.9", "Association": {"PublicIp": address}}]
            if form == "eip":
                add(documents, "AWS", "ElasticIp", f"eip-{number}-{index}", public_ip=address,
                    network_interface_id=f"eni-{number}-{index}")  # fmt: skip
            if rng.random() < 0.3:
                eni["ipv6_addresses"] = [{"Ipv6Address": f"2001:db8::{number}:{index}"}]
            add(documents, "AWS", "NetworkInterface", f"eni-{number}-{index}", **eni)
    documents["servers"].append({**server, "datacenters": where})


def azure(rng: Random, documents: Documents) -> None:
    """An Azure network: groups on subnets and interfaces, addresses with and without a SKU."""
    count = rng.randint(1, 3)
    for number in range(count):
        rules = []
        for priority in rng.sample(range(100, 400, 10), rng.randint(0, 4)):
            low, high = rng.choice(PORTS)
            source = rng.choice(["*", "Internet", "VirtualNetwork", "AzureLoadBalancer", "Storage", *RANGES])
            span = rng.choice(["*", f"{low}-{high}", str(low)])
            rule = {
                "name": f"r{priority}",
                "priority": priority,
                "direction": rng.choice(["Inbound"] * 4 + ["Outbound"]),
            }
            rule |= {
                "access": rng.choice(["Allow", "Allow", "Deny"]),
                "protocol": rng.choice(["Tcp", "Udp", "*", "Icmp"]),
            }
            rule |= {"source_address_prefix": source, "destination_port_range": span, "source_port_range": "*"}
            rule["destination_address_prefix"] = rng.choice(["*", "*", "*", "10.1.0.4/32", "10.9.0.0/16"])
            rules.append(rule)
        add(documents, "Azure", "NetworkSecurityGroup", f"nsg-{number}", security_rules=rules)
    guarded = rng.random() < 0.5
    if guarded:
        documents["networks"][0]["subnets"] = [{"id": "vnet/a"}]
    part = {"id": "vnet/a", "name": "a", "address_prefix": "10.1.0.0/24"}
    add(
        documents,
        "Azure",
        "VirtualNetwork",
        "vnet",
        address_space={"address_prefixes": ["10.1.0.0/16"]},
        subnets=[part],
    )
    for number in range(rng.randint(1, 4)):
        nic: dict[str, Any] = {"virtual_machine": {"id": f"vm-{number}"}}
        configuration: dict[str, Any] = {"properties": {"subnet": {"id": "vnet/a"}}}
        server: dict[str, Any] = {"_id": f"vm-{number}", "unique_id": f"vm-{number}", "hostname": f"vm-{number}"}
        server["ipv4_private"] = f"10.1.0.{number + 4}"
        if rng.random() < 0.6:
            nic["network_security_group"] = {"id": f"nsg-{rng.randrange(count)}"}
        address = f"52.1.1.{number}"
        form = rng.choice(["", "server", "document", "document"])
        if form == "server":
            server["ipv4_public"] = [address]
        elif form == "document":
            sku: dict[str, Any] = rng.choice([{}, {"sku": {"name": "Standard"}}, {"sku": "Basic"}])
            bound = {"id": f"/subscriptions/s/networkInterfaces/nic-{number}/ipConfigurations/one"}
            add(
                documents,
                "Azure",
                "PublicIpAddress",
                f"pip-{number}",
                ip_address=address,
                ip_configuration=bound,
                **sku,
            )
        add(documents, "Azure", "NetworkInterface", f"nic-{number}", ip_configurations=[configuration], **nic)
        documents["servers"].append({**server, "datacenters": place("Azure")})


def openstack(rng: Random, documents: Documents) -> None:
    """An OpenStack project: ports, groups in every spelling, floating addresses."""
    add(documents, "OpenStack", "Network", "net", subnet_ids=["sub"])
    add(documents, "OpenStack", "Subnet", "sub", cidr="192.168.0.0/24", network_id="net")
    groups = [f"g-{n}" for n in range(rng.randint(1, 3))]
    for group in groups:
        rules = []
        for _ in range(rng.randint(0, 3)):
            low, high = rng.choice([*PORTS, (None, None)])
            word = rng.choice([None, None, *RANGES])
            kind = rng.choice(["ethertype", "ether_type"])
            six = ":" in (word or "") or (word is None and rng.random() < 0.3)
            rule: dict[str, Any] = {
                "direction": rng.choice(["ingress"] * 4 + ["egress"]),
                kind: "IPv6" if six else "IPv4",
            }
            rule |= {"protocol": rng.choice(["tcp", "tcp", "udp", None, "icmp", "6"]), "remote_ip_prefix": word}
            rule |= {"port_range_min": low, "port_range_max": high}
            if rule["protocol"] is None:
                rule |= {"port_range_min": None, "port_range_max": None}
            if rng.random() < 0.15:
                rule |= {"remote_group_id": groups[0], "remote_ip_prefix": None}
            rules.append(rule)
        field = rng.choice(["ip_permissions", "security_group_rules"])
        add(documents, "OpenStack", "SecurityGroup", group, **{field: rules})
    for number in range(rng.randint(1, 4)):
        private, key = f"192.168.0.{number + 4}", f"vm-{number}"
        server: dict[str, Any] = {"_id": key, "unique_id": key, "hostname": key, "ipv4_private": [private]}
        mine = rng.sample(groups, rng.choice([0, 1, 1]))
        if rng.random() < 0.1:
            mine = ["g-lost"]
        port: dict[str, Any] = {"device_id": key, "fixed_ips": [{"subnet_id": "sub", "ip_address": private}]}
        port[rng.choice(["security_group_ids", "security_groups"])] = mine
        if rng.random() < 0.4:
            port["port_security_enabled"] = rng.random() < 0.5
        address = f"185.1.1.{number}"
        form = rng.choice(["public", "floating", "metas", "none", "untold"])
        if form == "public":
            server["ipv4_public"] = [address]
        elif form == "none":
            server["ipv4_public"] = []
        elif form == "metas":
            listed = [{"addr": private, "OS-EXT-IPS:type": "fixed"}, {"addr": address, "OS-EXT-IPS:type": "floating"}]
            server["metas"] = {"addresses": {"net": listed}}
        elif form == "floating":
            add(
                documents,
                "OpenStack",
                "FloatingIp",
                f"fip-{number}",
                floating_ip_address=address,
                port_id=f"port-{number}",
            )
        if rng.random() < 0.2:
            server["ipv6"] = f"2001:db8::{number}"
        add(documents, "OpenStack", "Ports", f"port-{number}", **port)
        documents["servers"].append({**server, "datacenters": place("OpenStack")})


def ocean(rng: Random, documents: Documents) -> None:
    """Droplets under firewalls by id and by tag, and under none."""
    add(documents, "Digital Ocean", "Vpc", "vpc", cidr="10.2.0.0/16")
    count = rng.randint(1, 4)
    for number in range(rng.randint(0, 3)):
        rules = []
        for _ in range(rng.randint(0, 3)):
            low, high = rng.choice(PORTS)
            ports = rng.choice(["all", "0", f"{low}-{high}" if low else "all", "22"])
            rule = {"protocol": rng.choice(["tcp", "udp", "icmp"]), "ports": ports}
            rules.append({**rule, "sources": {"addresses": rng.sample(RANGES, rng.choice([0, 1, 2]))}})
        firewall: dict[str, Any] = {
            "inbound_rules": rules,
            "droplet_ids": rng.sample(range(count), rng.choice([0, 1, 1])),
        }
        if rng.random() < 0.85:
            firewall["tags"] = rng.sample(["web", "db", "old"], rng.choice([0, 1, 1]))
        add(documents, "Digital Ocean", "Firewall", f"fw-{number}", **firewall)
    for number in range(count):
        server: dict[str, Any] = {"_id": f"d-{number}", "unique_id": str(number), "hostname": f"d-{number}"}
        server |= {"ipv4_private": f"10.2.0.{number + 4}"}
        if rng.random() < 0.85:
            server["ipv4_public"] = f"159.1.1.{number}"
        if rng.random() < 0.3:
            server["ipv6"] = f"2001:db8::{number}"
        if rng.random() < 0.85:
            server["tags"] = rng.sample(["web", "db", "other"], rng.choice([0, 1]))
        documents["servers"].append({**server, "datacenters": place("Digital Ocean")})
