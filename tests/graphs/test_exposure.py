"""Who gets in: random estates held against packets walked one at a time, and the small cases by name."""

from __future__ import annotations

from typing import Any

import pytest

from devtool.bench.exposure import measure
from tests.estate_runs import Drawn, drawn, rollup, row
from tests.estates import allow, at, group, network, peering, routes, server, subnet, vpc

WORLD = "0.0.0.0/0"
NETS = [vpc(100, "vpc-a", "10.0.0.0/16"), subnet(101, "subnet-a", "vpc-a", "10.0.1.0/24")]


def said(picture: Drawn, name: str = "host-1") -> str:
    return row(picture.node(name), "internet exposure")


def machine(*nets: Any, **fields: Any) -> Drawn:
    """One machine with a public address in a group, beside ``nets``."""
    mine = server(1, ipv4_public="203.0.113.9", **{**at(subnet_id="subnet-a", security_groups=["sg-web"]), **fields})
    return drawn({"servers": [mine], "networks": [*NETS, *nets]}, "network")


@pytest.mark.parametrize("seed", [3, 8])
def test_nothing_is_said_closed_where_packets_pass_or_may_pass(seed: int) -> None:
    score = measure(60, seed)
    assert score.seen["things"] > 100
    assert score.good, "\n".join([*map(repr, score.rows()), *score.wrong])


def test_an_own_route_table_without_a_way_out_closes_and_makes_the_subnet_private() -> None:
    table = routes(120, "vpc-a", ("10.0.0.0/16", "local"), associations=[{"SubnetId": "subnet-a"}])
    picture = machine(group(105, "sg-web", "vpc-a", allow(22, WORLD)), table)
    assert said(picture) == "public address, no way in: subnet has no route to an Internet gateway (rtb-120)"
    assert rollup(picture.box("subnet-a"), "internet exposure") == "private"
    assert picture.lines("ingress") == set()


def test_a_prefix_list_that_is_not_held_is_a_line_a_finding_and_unknown() -> None:
    rule = {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "PrefixListIds": [{"PrefixListId": "pl-1"}]}
    picture = machine(group(105, "sg-web", "vpc-a", rule))
    assert said(picture) == "unknown: rule 1 of sg-web: pl-1, not in the inventory"
    assert picture.lines("ingress") == {("pl-1", "host-1", "tcp 443")}
    assert picture.finding("lost-prefix-list").endswith(": pl-1")
    held = network(106, "PrefixList", unique_id="pl-1", entries=[{"Cidr": "198.51.100.0/24"}])
    assert said(machine(group(105, "sg-web", "vpc-a", rule), held)) == "open to 198.51.100.0/24: tcp 443"


def test_a_public_bastion_and_a_private_database_stay_two_tiles() -> None:
    servers = [server(1, ipv4_public="203.0.113.5", ipv4_private="10.0.0.5"), server(2, ipv4_private="10.0.1.6")]
    picture = drawn({"servers": servers}, "network")
    assert {node.name for node in picture.graph.nodes} == {"host-1", "host-2"}


def test_a_rule_counts_once_where_the_id_is_the_clouds() -> None:
    sg = group(105, "sg-web", "vpc-a", allow(443, WORLD), allow(8443, "10.0.1.0/24")) | {"_id": "sg-web"}
    picture = machine(sg)
    assert said(picture) == "exposed, open to the world: tcp 443"
    assert picture.edge("Internet", "host-1").count == 1


def test_a_group_of_a_peered_network_is_one_line() -> None:
    nets = [*NETS, vpc(110, "vpc-b", "10.1.0.0/16"), subnet(111, "subnet-b", "vpc-b", "10.1.1.0/24")]
    nets += [group(105, "sg-a", "vpc-a", allow(5432, "sg-b")), group(106, "sg-b", "vpc-b")]
    nets += [peering(130, "vpc-a", "vpc-b")]
    servers = [
        server(n, ipv4_private=f"10.{n - 1}.1.5", **at(subnet_id=f"subnet-{c}", security_groups=[f"sg-{c}"]))
        for n, c in ((1, "a"), (2, "b"))
    ]
    picture = drawn({"servers": servers, "networks": nets}, "network")
    assert picture.lines("ingress") == {("host-2", "host-1", "tcp 5432")}
    assert not any(edge.back for edge in picture.graph.edges)


def test_a_machine_in_two_subnets_is_joined_to_both() -> None:
    nets = [*NETS, subnet(102, "subnet-b", "vpc-a", "10.0.2.0/24")]
    nets += [
        network(
            110 + n, "NetworkInterface", unique_id=f"eni-{n}", subnet_id=f"subnet-{c}", attachment={"InstanceId": "i-1"}
        )
        for n, c in enumerate("ab")
    ]
    picture = drawn(
        {"servers": [server(1, ipv4_private="10.0.1.5", **at(instance_id="i-1"))], "networks": nets}, "network"
    )
    assert picture.path(picture.node("host-1"))[-1] == "subnet subnet-a"
    assert picture.lines("route") == {("host-1", "subnet-b", "interface")}


def test_an_open_group_on_the_private_interface_does_not_open_the_public_one() -> None:
    nets = [
        network(110, "NetworkInterface", unique_id="eni-0", subnet_id="subnet-a", groups=[{"GroupId": "sg-shut"}],
                attachment={"InstanceId": "i-1"}, association={"PublicIp": "203.0.113.9"}),
        network(111, "NetworkInterface", unique_id="eni-1", subnet_id="subnet-a", groups=[{"GroupId": "sg-open"}],
                attachment={"InstanceId": "i-1"}),
        group(105, "sg-open", "vpc-a", allow(22, WORLD)),
        group(106, "sg-shut", "vpc-a"),
    ]  # fmt: skip
    picture = machine(*nets, **at(instance_id="i-1"))
    assert said(picture) == "public address, no way in: no rule lets anybody in"


@pytest.mark.parametrize(
    ("rule", "word"),
    [
        (allow(22, WORLD) | {"FromPort": "ssh", "ToPort": "ssh"}, "ports 'ssh' to 'ssh'"),
        (allow(22, "everybody"), "source 'everybody'"),
        ({"IpProtocol": "quick", "IpRanges": [{"CidrIp": WORLD}]}, "protocol 'quick'"),
        ({"allow": "all"}, "a rule with allow"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_unknown_and_named(rule: Any, word: str) -> None:
    sentence = said(machine(group(105, "sg-web", "vpc-a", rule)))
    assert sentence.startswith("unknown: rule 1 of sg-web: ")
    assert word in sentence


def test_ping_alone_is_no_open_port_and_halves_of_the_world_are_the_world() -> None:
    ping = {"IpProtocol": "icmp", "FromPort": 8, "ToPort": 0, "IpRanges": [{"CidrIp": WORLD}]}
    assert said(machine(group(105, "sg-web", "vpc-a", ping))) == "answers ping, no port open"
    halves = allow(22, "0.0.0.0/1", "128.0.0.0/1")
    assert said(machine(group(105, "sg-web", "vpc-a", halves))) == "exposed, open to the world: tcp 22"
    six = {"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "Ipv6Ranges": [{"CidrIpv6": "::/0"}]}
    assert said(machine(group(105, "sg-web", "vpc-a", six))).startswith("public address, no way in")
