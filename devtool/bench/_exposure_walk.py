"""One packet at a time through an estate's documents: 2 it passes, 1 it may, 0 not.

It shares no code with the product.
The estate is cut into cells at every border that any document names; one packet of each
cell is walked. Slow and plain on purpose: it is what the product's sets are held against.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

Doc = dict[str, Any]
Net = ipaddress.IPv4Network | ipaddress.IPv6Network
SPECIAL = [
    "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24",
    "192.168.0.0/16", "198.18.0.0/15", "224.0.0.0/3",
]  # fmt: skip
NUMBERS = {"tcp": 6, "udp": 17, "icmp": 1, "6": 6, "17": 17, "1": 1, "47": 47}


@dataclass(frozen=True)
class Packet:
    """A source address and what it asks for."""

    version: int
    source: int
    protocol: int
    port: int


@cache
def net(word: str) -> Net:
    """A range."""
    return ipaddress.ip_network(word, strict=False)


@cache
def ends(word: str) -> tuple[int, int, int]:
    """Family, first and last address of a range."""
    found = net(word)
    return found.version, int(found[0]), int(found.broadcast_address)


def inside(packet: Packet, word: str) -> bool:
    """Whether a packet comes from a range."""
    version, low, high = ends(word)
    return version == packet.version and low <= packet.source <= high


def fits(packet: Packet, protocol: Any, low: Any, high: Any) -> bool:
    """Whether a packet asks for a protocol and ports."""
    word = "-1" if protocol in (None, "*", "-1") else str(protocol).lower()
    if word == "-1":
        return True
    if NUMBERS[word] != packet.protocol:
        return False
    return packet.protocol not in (6, 17) or low is None or int(low) <= packet.port <= int(high)


class World:
    """The documents of one estate."""

    def __init__(self, provider: str, documents: dict[str, list[Doc]]) -> None:
        self.provider = provider
        self.networks = documents["networks"]
        self.by_id = {doc["unique_id"]: doc for doc in self.networks}
        self.packets = list(self.cells())

    def of(self, family: str) -> list[Doc]:
        """The documents of a family."""
        return [doc for doc in self.networks if doc["family"] == family]

    # --- filters

    def group(self, key: str, packet: Packet) -> int:
        """One AWS or OpenStack group."""
        doc = self.by_id.get(key)
        if doc is None:
            return 1
        best = 0
        for rule in doc.get("ip_permissions") or doc.get("security_group_rules") or []:
            if "direction" in rule:
                if rule["direction"] == "egress" or rule.get("remote_group_id"):
                    continue
                six = (rule.get("ethertype") or rule.get("ether_type")) == "IPv6"
                source = rule["remote_ip_prefix"] or ("::/0" if six else "0.0.0.0/0")
                if inside(packet, source) and fits(
                    packet, rule["protocol"], rule["port_range_min"], rule["port_range_max"]
                ):
                    best = 2
                continue
            if not fits(packet, rule["IpProtocol"], rule.get("FromPort"), rule.get("ToPort")):
                continue
            words = [one["CidrIp"] for one in rule["IpRanges"]] + [one["CidrIpv6"] for one in rule["Ipv6Ranges"]]
            for one in rule.get("PrefixListIds", []):
                held = self.by_id.get(one["PrefixListId"])
                if held is None:
                    best = max(best, 1)
                else:
                    words += [entry["Cidr"] for entry in held["entries"]]
            if any(inside(packet, word) for word in words):
                best = 2
        return best

    def acl(self, subnet: str, packet: Packet) -> int:
        """The network ACL of a subnet: in, and the answer out to some port of the client's."""
        doc = next((one for one in self.of("NetworkAcl") if one["associations"][0]["SubnetId"] == subnet), None)
        if doc is None:
            return 2
        entries = sorted(doc["entries"], key=lambda one: one["RuleNumber"])

        def first(out: bool, asked: Packet) -> bool:
            for one in entries:
                span = one.get("PortRange", {})
                word = one.get("CidrBlock") or one.get("Ipv6CidrBlock")
                if (
                    one["Egress"] is out
                    and inside(asked, word)
                    and fits(asked, one["Protocol"], span.get("From"), span.get("To"))
                ):
                    return bool(one["RuleAction"] == "allow")
            return False

        if not first(False, packet):
            return 0
        edges = {0, 65535} | {
            edge
            for one in entries
            for edge in (one.get("PortRange", {}).get("From", 0), one.get("PortRange", {}).get("To", -1) + 1)
        }
        return (
            2
            if any(
                first(True, Packet(packet.version, packet.source, packet.protocol, port))
                for port in edges
                if port < 65536
            )
            else 0
        )

    def route(self, subnet: str, packet: Packet) -> int:
        """Where the answer goes."""
        tables = self.of("RouteTable")
        own = [one for one in tables if any(a.get("SubnetId") == subnet for a in one["associations"])]
        own = own or [one for one in tables if any(a["Main"] for a in one["associations"])]
        if not own:
            return 2
        best, value = -1, 0
        for route in own[0]["routes"]:
            word = route.get("DestinationCidrBlock") or route.get("DestinationIpv6CidrBlock")
            if inside(packet, word) and net(word).prefixlen > best:
                best = net(word).prefixlen
                value = (
                    2
                    if str(route.get("GatewayId", "")).startswith("igw-")
                    else 1
                    if "NetworkInterfaceId" in route
                    else 0
                )
                value = 0 if route.get("State") == "blackhole" else value
        return value

    def nsg(self, key: str, packet: Packet, private: str) -> int:
        """One Azure group: the first rule that matches; one that may match leaves both ways open."""
        outcomes = set()
        for rule in sorted(self.by_id[key]["security_rules"], key=lambda one: one["priority"]):
            if rule["direction"] != "Inbound":
                continue
            low, _, high = rule["destination_port_range"].partition("-")
            if not fits(packet, rule["protocol"], None if low == "*" else low, None if low == "*" else high or low):
                continue
            target, source = rule["destination_address_prefix"], rule["source_address_prefix"]
            if target != "*" and ipaddress.ip_address(private) not in net(target):
                continue
            value = 2 if rule["access"] == "Allow" else 0
            if source in ("VirtualNetwork", "AzureLoadBalancer"):
                continue
            if source == "Storage":
                outcomes.add(value)
                continue
            if source in ("*", "Internet") or inside(packet, source):
                outcomes.add(value)
                break
        else:
            outcomes.add(0)
        return outcomes.pop() if len(outcomes) == 1 else 1

    # --- things

    def server(self, doc: Doc, packet: Packet) -> int:
        """A packet to a server over any of its interfaces."""
        return int(
            getattr(self, {"AWS": "aws", "Azure": "azure", "OpenStack": "openstack"}.get(self.provider, "ocean"))(
                doc, packet
            )
        )

    def addressed(self, words: list[str], packet: Packet) -> bool:
        """Whether one of the addresses is of the packet's family."""
        return any(ipaddress.ip_address(word).version == packet.version for word in words)

    def aws(self, doc: Doc, packet: Packet) -> int:
        """An AWS instance."""
        where = doc["datacenters"]
        enis = [one for one in self.of("NetworkInterface") if one["attachment"]["InstanceId"] == doc["_id"]]
        if not enis:
            if not self.addressed([doc["ipv4_public"]] if "ipv4_public" in doc else [], packet):
                return 0
            told = where.get("security_groups") or doc.get("metas", {}).get("security_groups") or []
            guard = max((self.group(one["GroupId"], packet) for one in told), default=1)
            return min(guard, self.acl(where["subnet_id"], packet), self.route(where["subnet_id"], packet))
        best = 0
        for eni in enis:
            words = [one["Association"]["PublicIp"] for one in eni.get("private_ip_addresses", [])]
            words += [eni["association"]["PublicIp"]] if "association" in eni else []
            words += [one["Ipv6Address"] for one in eni.get("ipv6_addresses", [])]
            words += [
                one["public_ip"] for one in self.of("ElasticIp") if one["network_interface_id"] == eni["unique_id"]
            ]
            if self.addressed(words, packet):
                guard = max(self.group(one["GroupId"], packet) for one in eni["groups"])
                best = max(best, min(guard, self.acl(eni["subnet_id"], packet), self.route(eni["subnet_id"], packet)))
        return best

    def azure(self, doc: Doc, packet: Packet) -> int:
        """An Azure machine."""
        number = doc["_id"].removeprefix("vm-")
        nic, pip = self.by_id[f"nic-{number}"], self.by_id.get(f"pip-{number}")
        words = [*doc.get("ipv4_public", []), *([pip["ip_address"]] if pip else [])]
        if not self.addressed(words, packet):
            return 0
        keys = [one["unique_id"] for one in self.of("NetworkSecurityGroup") if one.get("subnets")]
        keys += [nic["network_security_group"]["id"]] if "network_security_group" in nic else []
        if keys:
            return min(self.nsg(key, packet, doc["ipv4_private"]) for key in keys)
        sku = str(pip.get("sku", "")).lower() if pip else ""
        return 0 if "standard" in sku else 2 if "basic" in sku else 1

    def openstack(self, doc: Doc, packet: Packet) -> int:
        """An OpenStack machine."""
        port = self.by_id[f"port-{doc['_id'].removeprefix('vm-')}"]
        fips = self.of("FloatingIp")
        words = [*doc.get("ipv4_public", []), *([doc["ipv6"]] if "ipv6" in doc else [])]
        words += [
            one["addr"] for one in doc.get("metas", {}).get("addresses", {}).get("net", []) if one["addr"][:3] != "192"
        ]
        words += [one["floating_ip_address"] for one in fips if one["port_id"] == port["unique_id"]]
        address = 2 if self.addressed(words, packet) else 0
        untold = "ipv4_public" not in doc and "metas" not in doc and not fips
        if not address and untold and packet.version == 4:
            address = 1
        if port.get("port_security_enabled") is False:
            return address
        groups = port.get("security_group_ids") or port.get("security_groups") or []
        return min(address, max((self.group(key, packet) for key in groups), default=0))

    def ocean(self, doc: Doc, packet: Packet) -> int:
        """A droplet: try every way the untold tags may be, and see whether it makes a difference."""
        words = [doc[name] for name in ("ipv4_public", "ipv6") if name in doc]
        if not self.addressed(words, packet):
            return 0
        sure, unsure = [], []
        for one in self.of("Firewall"):
            tags = one.get("tags")
            if int(doc["unique_id"]) in one["droplet_ids"] or (set(tags or ()) & set(doc.get("tags", ()))):
                sure.append(one)
            elif tags is None or (tags and "tags" not in doc):
                unsure.append(one)
        found = set()
        for mask in range(2 ** len(unsure)):
            on = sure + [one for number, one in enumerate(unsure) if mask >> number & 1]
            found.add(2 if not on or any(self.allowed(one, packet) for one in on) else 0)
        return found.pop() if len(found) == 1 else 1

    def allowed(self, firewall: Doc, packet: Packet) -> bool:
        """Whether a firewall lets a packet in."""
        for rule in firewall["inbound_rules"]:
            low, _, high = ("0-65535" if rule["ports"] in ("all", "0") else rule["ports"]).partition("-")
            words = rule["sources"]["addresses"]
            if fits(packet, rule["protocol"], low, high or low) and any(inside(packet, word) for word in words):
                return True
        return False

    def application(self, doc: Doc, packet: Packet) -> int:
        """A packet to a balancer or a database."""
        if packet.version == 6:
            return 0
        role, where = doc["role"], doc["datacenters"]
        if doc["family"] == "Database":
            address = {True: 2, False: 0, None: 1}[role.get("publicly_accessible")]
            subnets = [one["SubnetIdentifier"] for one in role["subnet_group"]["Subnets"]]
            groups = role["vpc_security"]
        else:
            scheme = role.get("scheme", "")
            address = 0 if scheme == "internal" else 2 if scheme or role["type"] != "network" else 1
            subnets, groups = [one["SubnetId"] for one in where["subnet_zones"]], where["security_groups"]
            if "listeners" in role and (packet.protocol, packet.port) not in [
                (6, one["Port"]) for one in role["listeners"]
            ]:
                return 0
        guard = max((self.group(key, packet) for key in groups), default=2)
        return max(min(address, guard, self.acl(one, packet), self.route(one, packet)) for one in subnets)

    # --- cells

    def cells(self) -> Iterator[tuple[Packet, int]]:
        """A packet of each cell, and how many addresses its cell holds."""
        words, ports = set(SPECIAL) | {"2000::/3"}, {0, 1, 65535}
        for word in everything(self.networks):
            if isinstance(word, str) and "/" in word:
                try:
                    words.add(str(net(word)))
                except ValueError:
                    continue
            elif isinstance(word, int) and 0 <= word < 65536:
                ports |= {word, min(word + 1, 65535)}
            span = word.split("-") if isinstance(word, str) else []
            if span and all(one.isdigit() and int(one) < 65536 for one in span):
                ports |= {int(span[0]), int(span[-1]), min(int(span[-1]) + 1, 65535)}
        ports |= {80, 81, 443, 444}
        services = (
            [(6, port) for port in sorted(ports)] + [(17, port) for port in sorted(ports)] + [(1, 0), (47, 0), (132, 0)]
        )
        for version in (4, 6):
            nets = [one for word in words if (one := net(word)).version == version]
            edges = sorted({int(one[0]) for one in nets} | {int(one.broadcast_address) + 1 for one in nets} | {0})
            for low, high in zip(edges, [*edges[1:], 2 ** (32 if version == 4 else 128)], strict=True):
                if high <= low:
                    continue
                asked = [Packet(version, low, protocol, port) for protocol, port in services]
                public = (
                    inside(asked[0], "2000::/3") if version == 6 else not any(inside(asked[0], one) for one in SPECIAL)
                )
                if public:
                    yield from ((packet, high - low) for packet in asked)


def everything(value: Any) -> Iterator[Any]:
    """Every single value of documents."""
    if isinstance(value, dict):
        for one in value.values():
            yield from everything(one)
    elif isinstance(value, list):
        for one in value:
            yield from everything(one)
    else:
        yield value
