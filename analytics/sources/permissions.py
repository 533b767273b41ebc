"""Rules of security groups one source at a time, so that one that is told twice counts once. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from .attributes import texts, word


def atoms_of(values: Mapping[str, Any], own: str) -> Iterator[tuple[str, ...]]:
    """Protocol, ports and one source each of a rule: ``(tcp, 22, 22, CidrIp, 10.0.0.0/8)``."""
    protocol = word(values, "protocol", "ip_protocol").lower()
    protocol = "-1" if protocol in ("all", "") else protocol
    low, high = values.get("from_port"), values.get("to_port")
    ports = ("", "") if protocol == "-1" or not is_port(low) or not is_port(high) else (str(low), str(high))
    sources = [("CidrIp", one) for one in texts(values, "cidr_blocks", "cidr_ipv4")]
    sources += [("CidrIpv6", one) for one in texts(values, "ipv6_cidr_blocks", "cidr_ipv6")]
    sources += [("PrefixListId", one) for one in texts(values, "prefix_list_ids", "prefix_list_id")]
    groups = texts(values, "security_groups", "source_security_group_id", "referenced_security_group_id")
    sources += [("GroupId", one.rpartition("/")[2]) for one in groups]
    if values.get("self") is True:
        sources.append(("GroupId", own))
    for kind, one in sources:
        yield (protocol, *ports, kind, one)


def is_port(value: object) -> bool:
    """Whether a value is a port, or the -1 that stands for all kinds of ICMP."""
    return isinstance(value, int) and not isinstance(value, bool) and -1 <= value <= 65_535


def permissions_of(atoms: Iterable[tuple[str, ...]]) -> Iterator[dict[str, Any]]:
    """Rules as AWS answers them: one for all sources of the same ports."""
    held: dict[tuple[str, ...], dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for protocol, low, high, kind, source in sorted(atoms):
        held[protocol, low, high][kind].append(source)
    for (protocol, low, high), sources in held.items():
        ports = {"FromPort": int(low), "ToPort": int(high)} if low else {}
        yield {
            "IpProtocol": protocol, **ports,
            "IpRanges": [{"CidrIp": one} for one in sources["CidrIp"]],
            "Ipv6Ranges": [{"CidrIpv6": one} for one in sources["CidrIpv6"]],
            "PrefixListIds": [{"PrefixListId": one} for one in sources["PrefixListId"]],
            "UserIdGroupPairs": [{"GroupId": one} for one in sources["GroupId"]],
        }  # fmt: skip
