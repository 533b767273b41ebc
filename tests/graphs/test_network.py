"""The network graph: address space and reachability; one test a trap, and exposure in all its states."""

from __future__ import annotations

from typing import Any

import pytest

from analytics.graphs.network.exposure import GLYPHS
from analytics.lettering.type_metrics import _tables
from tests.estate_runs import Drawn, drawn, marks, rollup, row
from tests.estates import (
    allow,
    application,
    at,
    datacenter,
    document,
    group,
    network,
    oid,
    peering,
    routes,
    server,
    subnet,
    system,
    vpc,
)

WORLD = "0.0.0.0/0"
#: The characters of Arial and its likes, by their widths.
ADVANCES = _tables()[0]


def exposure(picture: Drawn, name: str) -> str:
    return row(picture.node(name), "internet exposure")


# --- where things stand ---------------------------------------------------------------


def test_boxes_are_datacenter_region_network_zone_and_subnet() -> None:
    nets = [vpc(100, "vpc-a", "10.0.0.0/16"), subnet(101, "subnet-a", "vpc-a", "10.0.1.0/24")]
    picture = drawn({"servers": [server(1, **at(subnet_id="subnet-a"))], "networks": nets}, "network")
    assert picture.path(picture.node("host-1")) == [
        "datacenter East",
        "region us-east-1",
        "network vpc-a",
        "zone us-east-1a",
        "subnet subnet-a",
    ]
    assert rollup(picture.box("vpc-a"), "range") == "10.0.0.0/16"
    assert rollup(picture.box("subnet-a"), "servers") == "1"


NETS = [
    vpc(100, "vpc-a", "10.0.0.0/16"),
    subnet(101, "subnet-a", "vpc-a", "10.0.1.0/24"),
    subnet(102, "subnet-wide", "vpc-a", "10.0.0.0/20"),
    network(103, "NetworkInterface", unique_id="eni-1", subnet_id="subnet-a", attachment={"InstanceId": "i-1"}),
    network(104, "NetworkInterfaces", unique_id="eni-2", subnet_id="subnet-a"),
]


@pytest.mark.parametrize(
    ("fields", "box", "how"),
    [
        (at(subnet_id="subnet-a"), "subnet subnet-a", "by its own subnet"),
        (at(instance_id="i-1"), "subnet subnet-a", "by its network interface"),
        (at(network_interface=[{"id": "eni-2"}]), "subnet subnet-a", "by its network interface"),
        ({**at(), "ipv4_private": "10.0.1.9"}, "subnet subnet-a", "by its address (inferred)"),
        ({**at(), "ipv4_private": "10.0.2.9"}, "subnet subnet-wide", "by its address (inferred)"),
        (at(vpc_id="vpc-a"), "zone us-east-1a", "by its network, subnet unknown"),
        ({**at(), "ipv4_private": "10.0.99.9"}, "zone us-east-1a", "by its address, subnet unknown (inferred)"),
        ({**at(), "ipv4_private": "172.16.0.1"}, "zone us-east-1a", "by its datacenter"),
    ],
)
def test_a_server_is_placed_by_five_steps_and_how_is_kept(fields: Any, box: Any, how: Any) -> None:
    picture = drawn({"servers": [server(1, **fields)], "networks": NETS}, "network")
    assert picture.path(picture.node("host-1"))[-1] == box
    assert row(picture.node("host-1"), "placed") == how
    assert ("network vpc-a" in picture.path(picture.node("host-1"))) is (how != "by its datacenter")


def test_the_earlier_step_wins() -> None:
    told = server(1, ipv4_private="10.0.2.9", **at(subnet_id="subnet-a", vpc_id="vpc-a"))
    picture = drawn({"servers": [told], "networks": NETS}, "network")
    assert row(picture.node("host-1"), "placed") == "by its own subnet"


def test_an_address_is_looked_for_in_its_own_datacenter_only() -> None:
    west = server(1, ipv4_private="10.0.1.9", **at(_id=oid(901), name="West"))
    picture = drawn({"servers": [west], "networks": NETS}, "network")
    assert row(picture.node("host-1"), "placed") == "by its datacenter"


def test_openstack_spells_it_ports_cidr_and_network_id() -> None:
    nets = [
        network(100, "Network", unique_id="net-1", name="inner", subnet_ids=["sub-1"]),
        network(101, "Subnet", unique_id="sub-1", name="inner-a", cidr="192.168.1.0/24"),
        network(102, "Ports", unique_id="port-1", device_id="vm-1", fixed_ips=[{"subnet_id": "sub-1"}]),
    ]
    picture = drawn({"servers": [server(1, unique_id="vm-1")], "networks": nets}, "network")
    assert picture.path(picture.node("host-1"))[2::2] == ["network inner", "subnet inner-a"]
    assert rollup(picture.box("inner-a"), "range") == "192.168.1.0/24"


@pytest.mark.parametrize(
    ("usual", "spellings"),
    [
        ("Vpc", ["vpc", "VPC", "VirtualNetwork", "VirtualNetworks", "Network", "Networks"]),
        ("Subnet", ["subnet", "Subnets"]),
        ("NetworkInterface", ["NetworkInterfaces", "networkinterface", "Ports", "Port"]),
        ("RouteTable", ["RouteTables", "routetable"]),
        ("NatGateway", ["NatGateways"]),
        ("VpnGateway", ["VpnGateways"]),
        ("VpcEndpoint", ["VpcEndpoints"]),
        ("VpcPeering", ["VpcPeerings"]),
        ("SecurityGroup", ["SecurityGroups", "Firewall", "Firewalls"]),
    ],
)
def test_every_spelling_of_a_family_means_the_same(usual: Any, spellings: Any) -> None:
    def picture(spelling: Any) -> Any:
        nets = [
            *NETS,
            vpc(110, "vpc-b", "10.2.0.0/16"),
            routes(123, "vpc-a", (WORLD, "nat-1"), ("192.168.0.0/16", "vgw-1")),
            group(124, "sg-web", "vpc-a", allow(443, WORLD)),
            peering(125, "vpc-a", "vpc-b"),
            network(120, "NatGateway", unique_id="nat-1", subnet_id="subnet-a", vpc_id="vpc-a"),
            network(121, "VpnGateway", unique_id="vgw-1", vpc_attachments=[{"VpcId": "vpc-a"}]),
            network(122, "VpcEndpoint", unique_id="vpce-1", vpc_id="vpc-a", service_name="com.amazonaws.us-east-1.s3"),
        ]
        spelled = [net | {"family": spelling} if net["family"] == usual else net for net in nets]
        place = at(instance_id="i-1", security_groups=["sg-web"])
        return drawn({"servers": [server(1, ipv4_public="54.1.1.1", **place)], "networks": spelled}, "network")

    expected = picture(usual)
    assert expected.path(expected.node("host-1"))[-1] == "subnet subnet-a"
    for spelling in spellings:
        assert picture(spelling).graph == expected.graph, spelling


def test_azure_writes_subnets_into_their_network_and_calls_them_all_default() -> None:
    nets = [
        network(
            number,
            "VirtualNetwork",
            unique_id=f"vnet-{number}",
            name=f"vnet-{number}",
            address_space={"address_prefixes": [f"10.{number}.0.0/16"]},
            subnets=[{"name": "default", "address_prefix": f"10.{number}.1.0/24"}],
        )
        for number in (100, 101)
    ]
    servers = [server(1, ipv4_private="10.100.1.5"), server(2, **at(vpc_id="vnet-101", subnet_id="default"))]
    picture = drawn({"servers": servers, "networks": nets}, "network")
    assert picture.path(picture.node("host-1"))[2::2] == ["network vnet-100", "subnet default"]
    assert picture.path(picture.node("host-2"))[2::2] == ["network vnet-101", "subnet default"]
    assert rollup(picture.box("vnet-100"), "range") == "10.100.0.0/16"


def test_a_network_keeps_its_range_in_image_id_or_in_its_associations() -> None:
    told = network(100, "Vpc", unique_id="vpc-a", cidr_block_association_set=[{"CidrBlock": "10.8.0.0/16"}])
    picture = drawn({"servers": [server(1, ipv4_private="10.8.1.1")], "networks": [told]}, "network")
    assert picture.path(picture.node("host-1"))[-2] == "network vpc-a"


def test_a_subnet_without_a_name_is_called_by_its_unique_id_and_a_network_without_one_by_its_own() -> None:
    nets = [network(100, "Vpc", image_id="10.0.0.0/16"), subnet(101, "subnet-a", oid(100), "10.0.1.0/24")]
    picture = drawn({"servers": [server(1, **at(subnet_id="subnet-a"))], "networks": nets}, "network")
    assert picture.path(picture.node("host-1"))[-3:] == [f"network {oid(100)}", "zone us-east-1a", "subnet subnet-a"]


def test_a_network_that_is_only_named_is_drawn_as_missing_and_a_lost_subnet_is_marked() -> None:
    nets = [subnet(101, "subnet-a", "vpc-gone", "10.0.1.0/24")]
    servers = [server(1, **at(subnet_id="subnet-a")), server(2, **at(vpc_id="vpc-away", subnet_id="subnet-gone"))]
    picture = drawn({"servers": servers, "networks": nets}, "network")
    assert picture.box("vpc-gone").kind == picture.box("vpc-away").kind == "ghost-network"
    assert "its subnet is not in the inventory" in marks(picture.node("host-2"))
    assert picture.finding("lost-subnet").endswith(": host-2")
    assert picture.finding("lost-network").endswith(": vpc-away, vpc-gone")


def test_a_network_lies_in_one_region_though_its_zones_are_a_list_and_its_region_has_a_gloss() -> None:
    place = {
        "_id": oid(900),
        "name": "East",
        "provider": "AWS",
        "region": "us-east-1 (N. Virginia)",
        "zone": ["a", "b"],
    }
    nets = [vpc(100, "vpc-a", "10.0.0.0/16", datacenters=place)]
    picture = drawn({"servers": [server(1, **at(vpc_id="vpc-a"))], "networks": nets}, "network")
    assert [box.name for box in picture.graph.containers if box.kind == "region"] == ["us-east-1 (N. Virginia)"]


def test_without_network_documents_boxes_go_down_to_zones_and_it_says_so() -> None:
    picture = drawn({"servers": [server(1, ipv4_public="54.0.0.1", **at(vpc_id="vpc-a"))]}, "network")
    assert picture.path(picture.node("host-1")) == ["datacenter East", "region us-east-1", "zone us-east-1a"]
    assert exposure(picture, "host-1") == "unknown: no network documents"
    assert "no network documents" in picture.finding("no-networks")


def test_empty_boxes_are_left_out_and_counted() -> None:
    nets = [*NETS, vpc(110, "vpc-b", "10.9.0.0/16")]
    picture = drawn({"servers": [server(1, **at(subnet_id="subnet-a"))], "networks": nets}, "network")
    assert (picture.left_out("empty", "networks"), picture.left_out("empty", "subnets")) == (1, 1)


def test_a_datacenter_as_entry_shows_every_network_there_without_any_server() -> None:
    inventory = {"datacenters": [datacenter()], "networks": [vpc(100, "vpc-a", "10.0.0.0/16")]}
    assert drawn(inventory, "network", "datacenters", oid(900)).box("vpc-a").kind == "network"


def test_an_entry_shows_its_servers_their_subnets_and_nothing_beside_them() -> None:
    nets = [*NETS, vpc(110, "vpc-b", "10.9.0.0/16")]
    inventory = {
        "servers": [server(1, 10, **at(subnet_id="subnet-a")), server(2, 11, **at(vpc_id="vpc-b"))],
        "applications": [application(10), application(11)],
        "systems": [system(50, 10, clients=[{"_id": oid(60)}])],
        "clients": [document(60, name="Ada")],
        "networks": nets,
    }
    for entry, key in (("apps", 10), ("systems", 50), ("clients", 60), ("servers", 1)):
        picture = drawn(inventory, "network", entry, oid(key))
        assert [node.name for node in picture.graph.nodes] == ["host-1"]
        assert [box.name for box in picture.graph.containers if box.kind == "network"] == ["vpc-a"]


# --- managed things ---------------------------------------------------------------------


def test_balancers_and_managed_services_are_leaves_by_the_network_they_name() -> None:
    apps = [
        application(10, family="Loadbalance", role={"endpoint": "x.elb", "vpc_id": "vpc-a"}, **at()),
        application(11, family="Database", role={"vpc_id": "vpc-a", "subnet_group": "db"}, **at()),
        application(12, family="Cache", **at(subnet_zones=["subnet-a"])),
        application(13, family="Serverless", **at()),
    ]
    picture = drawn({"applications": apps, "networks": NETS}, "network")
    assert picture.path(picture.node("App 11"))[-2] == "network vpc-a"
    assert picture.path(picture.node("App 12"))[-1] == "subnet subnet-a"
    assert (picture.tally.found, picture.tally.drawn, picture.tally.omitted) == (4, 3, 1)


def test_a_balancer_with_an_internal_endpoint_is_private_and_one_without_any_is_unknown() -> None:
    apps = [
        application(number, family="Loadbalance", role={"endpoint": endpoint, "vpc_security": ["sg-web"]}, **at())
        for number, endpoint in ((10, "https://internal-x.elb"), (11, "https://x.elb"), (12, ""))
    ]
    picture = drawn({"applications": apps, "networks": [group(105, "sg-web", "vpc-a", allow(443, WORLD))]}, "network")
    assert [exposure(picture, f"App {n}") for n in (10, 11, 12)] == [
        "private address only",
        "exposed, open to the world: tcp 443",
        "unknown: whether it has a public address is not told",
    ]
    assert picture.lines("ingress") == {("Internet", "App 11", "tcp 443")}


def test_a_balancer_points_at_its_targets_and_at_ghosts() -> None:
    balancer = application(
        10, family="Loadbalance", targets=[{"_id": oid(1)}, {"_id": oid(77), "name": "gone"}], **at()
    )
    picture = drawn({"applications": [balancer], "servers": [server(1)], "networks": NETS}, "network")
    assert picture.lines("lb") == {("App 10", "host-1", ""), ("App 10", "gone", "")}
    assert picture.path(picture.node("gone")) == ["unplaced Not in the inventory"]


# --- gateways ---------------------------------------------------------------------------


def test_an_internet_gateway_is_inferred_from_a_route_and_makes_a_subnet_public() -> None:
    nets = [*NETS[:2], routes(120, "vpc-a", (WORLD, "igw-1"), ("10.0.0.0/16", "local"))]
    picture = drawn({"servers": [server(1, **at(subnet_id="subnet-a"))], "networks": nets}, "network")
    gateway = picture.node("igw-1")
    assert picture.path(gateway)[-1] == "network vpc-a"
    assert row(gateway, "note") == "inferred from a route"
    assert rollup(picture.box("subnet-a"), "internet exposure") == "public"
    assert {("subnet-a", gateway.name, WORLD), (gateway.name, "Internet", WORLD)} == picture.lines("route")
    assert picture.tally.found == 1, "what no document holds is not counted as found"


def test_a_subnet_is_public_by_its_routes_and_not_by_what_it_gives_to_new_machines() -> None:
    nets = [
        vpc(100, "vpc-a", "10.0.0.0/16"),
        subnet(101, "by-route", "vpc-a", "10.0.1.0/24", map_public_ip_on_launch=True),
        subnet(102, "by-gift", "vpc-a", "10.0.2.0/24", map_public_ip_on_launch=True),
        subnet(103, "by-none", "vpc-a", "10.0.3.0/24"),
        routes(120, "vpc-a", (WORLD, "nat-1"), associations=[{"SubnetId": "by-route"}]),
    ]
    servers = [server(n, **at(subnet_id=name)) for n, name in enumerate(("by-route", "by-gift", "by-none"), 1)]
    picture = drawn({"servers": servers, "networks": nets}, "network")
    said = {name: rollup(picture.box(name), "internet exposure") for name in ("by-route", "by-gift", "by-none")}
    assert said == {"by-route": "private", "by-gift": "unknown", "by-none": "unknown"}


def test_nat_vpn_and_endpoints_stand_in_their_network_and_lead_on() -> None:
    nets = [
        *NETS[:2],
        network(120, "NatGateway", unique_id="nat-1", subnet_id="subnet-a", vpc_id="vpc-a"),
        network(121, "VpnGateways", unique_id="vgw-1", vpc_attachments=[{"VpcId": "vpc-a"}]),
        network(122, "VpcEndpoint", unique_id="vpce-1", vpc_id="vpc-a", service_name="com.amazonaws.us-east-1.s3"),
        routes(123, "vpc-a", (WORLD, "nat-1"), ("192.168.0.0/16", "vgw-1")),
    ]
    picture = drawn({"servers": [server(1, **at(subnet_id="subnet-a"))], "networks": nets}, "network")
    assert picture.path(picture.node("nat-1"))[-1] == "subnet subnet-a"
    assert picture.path(picture.node("vgw-1"))[-1] == "network vpc-a"
    assert ("vgw-1", "On premises", "vpn") in picture.lines("vpn")
    assert ("vpce-1", "s3", "s3") in picture.lines("endpoint")
    assert ("nat-1", "Internet", WORLD) in picture.lines("route")
    assert ("subnet-a", "vgw-1", "192.168.0.0/16") in picture.lines("route")
    assert picture.tally.found == 4
    assert "route from subnet-a: 0.0.0.0/0" in marks(picture.node("nat-1")), "no line from a box to what is in it"


def test_a_gateway_that_only_a_route_names_is_a_ghost() -> None:
    nets = [*NETS[:2], routes(120, "vpc-a", (WORLD, "nat-9"), ("10.9.0.0/16", "tgw-9"))]
    picture = drawn({"servers": [server(1, **at(subnet_id="subnet-a"))], "networks": nets}, "network")
    assert picture.node("nat-9").kind == picture.node("tgw-9").kind == "ghost"
    assert picture.tally.ghosts == 2


def test_networks_that_only_routes_name_are_one_ghost_a_place_that_counts_them_and_their_lines() -> None:
    nets = [
        *(routes(120 + n, f"vpc-{n}", (WORLD, f"igw-{n}"), ("10.9.0.0/16", f"pcx-{n}")) for n in range(1, 4)),
        routes(130, "vpc-a", (WORLD, "igw-a")),
    ]
    inventory = {"servers": [server(1, **at(vpc_id="vpc-a"))], "networks": nets}
    picture = drawn(inventory, "network")
    assert picture.box("vpc-a").kind == "ghost-network", "a server stands in it"
    ghost = picture.node("vpc-*")
    assert (ghost.kind, ghost.count, picture.tally.ghosts) == ("ghost", 3, 3)
    assert [picture.edge("vpc-*", name).count for name in ("Internet", "Unknown peers")] == [3, 3]
    assert picture.left_out("folded", "networks not in the inventory") == 3
    assert picture.left_out("empty") == 0
    whole = drawn(inventory, "network", detail="full")
    assert ("vpc-2", "Internet", WORLD) in whole.lines("route")
    assert row(whole.node("vpc-2"), "gateways") == "igw-2"


def test_a_route_through_a_machine_leads_to_it() -> None:
    table = routes(120, "vpc-a", routes=[{"DestinationCidrBlock": WORLD, "NetworkInterfaceId": "eni-1"}])
    servers = [server(1, **at(instance_id="i-1")), server(2, 10, **at(subnet_id="subnet-wide"))]
    inventory = {"servers": servers, "networks": [*NETS, table], "applications": [application(10)]}
    assert ("subnet-wide", "host-1", WORLD) in drawn(inventory, "network").lines("route")


def test_denials_of_an_acl_are_noted_on_the_subnet_but_not_the_rule_at_its_end() -> None:
    entries = [
        {"RuleNumber": 90, "RuleAction": "deny", "Protocol": "6", "CidrBlock": "1.2.3.0/24", "Egress": False},
        {"RuleNumber": 32767, "RuleAction": "deny", "Protocol": "-1", "CidrBlock": WORLD, "Egress": False},
    ]
    acl = network(130, "NetworkAcl", associations=[{"SubnetId": "subnet-a"}], entries=entries)
    inventory = {"servers": [server(1, **at(subnet_id="subnet-a"))], "networks": [*NETS, acl]}
    picture = drawn(inventory, "network")
    assert [one.value for one in picture.box("subnet-a").attributes if one.name == "denies"] == ["tcp from 1.2.3.0/24"]


# --- peerings ---------------------------------------------------------------------------

PEERED = [
    vpc(100, "vpc-a", "10.1.0.0/16"),
    subnet(101, "subnet-a", "vpc-a", "10.1.1.0/24"),
    vpc(110, "vpc-b", "10.2.0.0/16"),
    peering(130, "vpc-a", "vpc-b"),
]
GUARDED = server(1, **at(subnet_id="subnet-a", security_groups=["sg-db"]))


def test_a_peering_is_a_line_between_two_networks() -> None:
    picture = drawn({"servers": [server(1, **at(subnet_id="subnet-a"))], "networks": PEERED}, "network")
    assert picture.lines("peering") == {("vpc-a", "vpc-b", "pcx-130")}


def test_a_peer_in_another_account_stands_outside() -> None:
    nets = [*PEERED[:2], peering(130, "vpc-a", "vpc-far", cidr="10.7.0.0/16")]
    picture = drawn({"servers": [server(1, **at(subnet_id="subnet-a"))], "networks": nets}, "network")
    assert picture.lines("peering") == {("vpc-a", "vpc-far", "pcx-130")}
    assert picture.path(picture.node("vpc-far")) == ["outside Outside"]
    assert row(picture.node("vpc-far"), "note") == "10.7.0.0/16, account 77"


def test_a_rule_that_reaches_over_a_peering_comes_from_the_peers_network() -> None:
    nets = [*PEERED, group(105, "sg-db", "vpc-a", allow(5432, "10.2.3.0/24"))]
    picture = drawn({"servers": [GUARDED], "networks": nets}, "network")
    edge = next(edge for edge in picture.graph.edges if edge.kind == "ingress")
    assert (picture.name(edge.source), picture.name(edge.target)) == ("vpc-b", "host-1")
    assert (edge.label, edge.provenance) == ("tcp 5432", "indirect")


def test_a_rule_that_reaches_over_a_peering_to_another_account_comes_from_outside() -> None:
    far = peering(130, "vpc-a", "vpc-far", cidr="10.7.0.0/16")
    nets = [*PEERED[:2], far, group(105, "sg-db", "vpc-a", allow(5432, "10.7.3.0/24"))]
    picture = drawn({"servers": [GUARDED], "networks": nets}, "network")
    assert picture.lines("ingress") == {("vpc-far", "host-1", "tcp 5432")}


def test_the_same_private_range_in_a_network_far_away_is_not_meant() -> None:
    """10.1.0.0/16 is used twice; the rule of the first network means its own subnet."""
    nets = [
        vpc(90, "vpc-0", "10.1.0.0/16"),
        subnet(91, "subnet-0", "vpc-0", "10.1.2.0/24"),
        *PEERED[:2],
        subnet(102, "subnet-b", "vpc-a", "10.1.2.0/24"),
        group(105, "sg-db", "vpc-a", allow(5432, "10.1.2.0/24")),
    ]
    servers = [GUARDED, server(2, **at(subnet_id="subnet-0")), server(3, 10, **at(subnet_id="subnet-b"))]
    picture = drawn({"servers": servers, "networks": nets, "applications": [application(10)]}, "network")
    assert picture.lines("ingress") == {("subnet-b", "host-1", "tcp 5432")}


# --- rules ------------------------------------------------------------------------------


def guarded(*rules: Any, servers: Any = (), extra: Any = ()) -> Drawn:
    """One server in a group with ``rules``, beside others."""
    nets = [*NETS, group(105, "sg-db", "vpc-a", *rules), *extra]
    mine = server(1, ipv4_private="10.0.1.4", **at(subnet_id="subnet-a", security_groups=["sg-db"]))
    return drawn({"servers": [mine, *servers], "networks": nets}, "network")


def test_rules_of_one_way_are_one_line_with_its_ports_counted() -> None:
    ports = [allow(port, "203.0.113.0/24") for port in (443, 22, 80, 8080, 8443, 9000)]
    picture = guarded(*ports)
    assert picture.lines("ingress") == {("203.0.113.0/24", "host-1", "tcp 22, 80, 443 (+3)")}
    assert picture.edge("203.0.113.0/24", "host-1").count == 6


def test_a_source_may_be_a_group_an_address_or_a_range_inside_the_inventory_or_outside() -> None:
    other = server(2, 10, ipv4_private="10.0.2.9", **at(subnet_id="subnet-wide", security_groups=["sg-web"]))
    picture = guarded(
        allow(1, "sg-web"),
        allow(2, "10.0.2.9/32"),
        allow(3, "10.0.0.0/20"),
        allow(4, "198.51.100.7/32"),
        allow(5, "sg-away"),
        servers=[other],
        extra=[group(106, "sg-web", "vpc-a")],
    )
    assert picture.lines("ingress") == {
        ("host-2", "host-1", "tcp 1, 2"),
        ("subnet-wide", "host-1", "tcp 3"),
        ("198.51.100.7/32", "host-1", "tcp 4"),
        ("sg-away", "host-1", "tcp 5"),
    }


def test_a_group_that_lets_itself_in_is_a_badge_and_no_line() -> None:
    picture = guarded(allow(5432, "sg-db"))
    assert picture.lines("ingress") == set()
    assert "its own group may reach it" in marks(picture.node("host-1"))


def test_what_a_box_lets_into_its_own_content_is_a_badge_and_no_line() -> None:
    picture = guarded(allow(5432, "10.0.1.0/24"), allow(6379, "10.0.0.0/16"))
    assert picture.lines("ingress") == set()
    (said,) = [text for text in marks(picture.node("host-1")) if "may reach it" in text]
    assert said == "vpc-a may reach it: tcp 6379; subnet-a may reach it: tcp 5432"


def test_both_families_of_the_world_are_one_node() -> None:
    rule = {**allow(443, WORLD), "Ipv6Ranges": [{"CidrIpv6": "::/0"}]}
    mine = server(1, ipv4_public="54.0.0.1", **at(subnet_id="subnet-a", security_groups=["sg-db"]))
    picture = drawn({"servers": [mine], "networks": [*NETS, group(105, "sg-db", "vpc-a", rule)]}, "network")
    assert picture.lines("ingress") == {("Internet", "host-1", "tcp 443")}
    assert picture.edge("Internet", "host-1").count == 1


def test_many_ranges_of_one_rule_are_one_node_that_counts_them() -> None:
    picture = guarded(allow(443, *(f"203.0.{n}.0/24" for n in range(9))))
    assert picture.lines("ingress") == {("9 address ranges", "host-1", "tcp 443")}


def test_what_is_no_address_range_is_drawn_and_named() -> None:
    picture = guarded(allow(443, "10.55.0.0/16/32"))
    assert ("10.55.0.0/16/32", "host-1", "tcp 443") in picture.lines("ingress")
    assert "10.55.0.0/16/32" in picture.finding("bad-range")


def test_many_lines_of_one_rule_become_lines_between_boxes() -> None:
    many = [
        server(n, n, **at(subnet_id="subnet-wide", security_groups=["sg-web"]), role=f"r{n}") for n in range(10, 16)
    ]
    picture = guarded(allow(80, "sg-web"), servers=many, extra=[group(106, "sg-web", "vpc-a")])
    assert picture.lines("ingress") == {("subnet-wide", "subnet-a", "tcp 80")}


OPEN: dict[str, Any] = {
    "direction": "ingress",
    "protocol": "tcp",
    "port_range_min": 22,
    "port_range_max": 22,
    "remote_ip_prefix": WORLD,
}
AZURE = {"direction": "Inbound", "access": "Allow", "protocol": "Tcp", "destination_port_range": "22"}
SPELLINGS = {
    "openstack, in the group": [network(105, "SecurityGroup", unique_id="sg", security_group_rules=[OPEN])],
    "openstack, nothing named is everybody": [
        network(105, "SecurityGroup", unique_id="sg", rules=[OPEN | {"remote_ip_prefix": None}])
    ],
    "openstack, the group itself": [network(105, "SecurityGroup", unique_id="sg", **OPEN)],
    "openstack, a document each": [
        network(105, "SecurityGroup", unique_id="sg"),
        network(106, "SecurityGroupRule", security_group_id="sg", **OPEN),
    ],
    "digital ocean": [
        network(
            105,
            "Firewall",
            unique_id="fw",
            droplets_ids=[42],
            inbound_rules=[{"protocol": "tcp", "ports": "22", "sources": {"addresses": [WORLD, "::/0"]}}],
        )
    ],
    "azure, flat": [
        network(105, "NetworkSecurityGroup", unique_id="sg", security_rules=[AZURE | {"source_address_prefix": "*"}])
    ],
    "azure, in properties": [
        network(
            105,
            "NetworkSecurityGroup",
            unique_id="nsg",
            network_interfaces=[{"id": "eni-2"}],
            securityRules=[
                {
                    "properties": {
                        "direction": "Inbound",
                        "access": "Allow",
                        "protocol": "TCP",
                        "destinationPortRanges": ["22"],
                        "sourceAddressPrefix": "Internet",
                    }
                }
            ],
        )
    ],
    "azure, on the subnet": [
        network(
            105,
            "NetworkSecurityGroup",
            unique_id="nsg",
            subnets=[{"id": "subnet-a"}],
            security_rules=[AZURE | {"source_address_prefix": "Internet"}],
        )
    ],
}


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_every_spelling_of_an_open_port_is_read(spelling: Any) -> None:
    place = at(subnet_id="subnet-a", security_groups=["sg"], network_interface=[{"id": "eni-2"}])
    mine = server(
        1, unique_id="42", ipv4_public="54.0.0.1", **(at(subnet_id="subnet-a") if spelling[0] == "d" else place)
    )
    if "eni" in str(SPELLINGS[spelling]) or "subnets" in str(SPELLINGS[spelling]):
        mine["datacenters"].pop("security_groups")
    picture = drawn({"servers": [mine], "networks": [*NETS, *SPELLINGS[spelling]]}, "network")
    assert exposure(picture, "host-1") == "exposed, open to the world: tcp 22"


def test_azures_denial_in_front_of_an_allowance_counts() -> None:
    deny = AZURE | {"access": "Deny", "priority": 100, "source_address_prefix": "*", "destination_port_range": "*"}
    rules = [AZURE | {"priority": 200, "source_address_prefix": "*"}, deny]
    nets = [*NETS, network(105, "NetworkSecurityGroup", unique_id="sg", security_rules=rules)]
    mine = server(1, ipv4_public="54.0.0.1", **at(security_groups=["sg"]))
    assert (
        exposure(drawn({"servers": [mine], "networks": nets}, "network"), "host-1")
        == "public address, no way in: sg lets nobody in"
    )


def test_a_droplet_may_be_a_source() -> None:
    wall = network(
        105,
        "Firewall",
        unique_id="fw",
        droplets_ids=[42],
        inbound_rules=[{"protocol": "tcp", "ports": "5432", "sources": {"droplet_ids": [43]}}],
    )
    servers = [server(1, unique_id="42"), server(2, 10, unique_id="43")]
    assert drawn({"servers": servers, "networks": [wall]}, "network").lines("ingress") == {
        ("host-2", "host-1", "tcp 5432")
    }


# --- exposure ---------------------------------------------------------------------------


def test_the_states_have_glyphs_of_their_own_that_every_font_holds() -> None:
    glyphs = [glyph for glyph, _ in GLYPHS.values()]
    assert len(set(glyphs)) == len(GLYPHS) == 6
    assert all(character in ADVANCES for glyph in glyphs for character in glyph)


def test_exposure_has_states_each_with_glyph_word_and_ports() -> None:
    nets = [
        *NETS,
        group(105, "sg-open", "vpc-a", allow(443, WORLD), allow(22, WORLD), allow(5432, "10.0.0.0/16")),
        group(106, "sg-shut", "vpc-a", allow(443, "10.0.0.0/16")),
    ]
    place = {name: at(subnet_id="subnet-a", security_groups=[name]) for name in ("sg-open", "sg-shut", "sg-gone")}
    servers = [
        server(1, ipv4_public="54.0.0.1", **place["sg-open"]),
        server(2, ipv4_public="54.0.0.2", **place["sg-shut"]),
        server(3, ipv4_private="10.0.1.3", **place["sg-open"]),
        server(4, ipv4_public="54.0.0.4", **place["sg-gone"]),
        server(5, ipv4_public="54.0.0.5", **at(subnet_id="subnet-a", security_groups=["sg-shut", "sg-gone"])),
        server(6, ipv4_public="54.0.0.6", **at(subnet_id="subnet-a", security_groups=["sg-open", "sg-gone"])),
    ]
    picture = drawn({"servers": servers, "networks": nets}, "network")
    said = [exposure(picture, f"host-{n}") for n in range(1, 7)]
    gone = "group sg-gone, not in the inventory"
    assert said == [
        "exposed, open to the world: tcp 22, 443",
        "public address, no way in: no rule lets anybody in",
        "private address only",
        f"unknown: {gone}",
        f"unknown: {gone}",  # a group whose rules nobody knows may open what the other one closes
        f"exposed, open to the world: tcp 22, 443; more may be open ({gone})",
    ]
    glyphs = {picture.node(f"host-{n}").badges[0].glyph for n in (1, 2, 3, 4)}
    assert len(glyphs) == 4
    assert picture.finding("open-ports") == "SSH (22) open to the internet on 2 servers"
    assert {edge[1] for edge in picture.lines("ingress") if edge[0] == "Internet"} == {"host-1", "host-6"}
    assert "sg-gone" in picture.finding("lost-group")
    assert rollup(picture.box("subnet-a"), "exposed") == "2"


def test_a_public_address_on_the_interface_counts() -> None:
    eni = network(103, "NetworkInterface", attachment={"InstanceId": "i-1"}, association={"PublicIp": "54.0.0.1"})
    eni["groups"] = [{"GroupId": "sg-web"}]
    nets = [eni, group(105, "sg-web", "vpc-a", allow(80, WORLD))]
    picture = drawn({"servers": [server(1, **at(instance_id="i-1"))], "networks": nets}, "network")
    assert exposure(picture, "host-1") == "exposed, open to the world: tcp 80"


@pytest.mark.usefixtures("crowded")
def test_servers_fold_when_subnet_applications_role_and_groups_agree() -> None:
    place = at(subnet_id="subnet-a", security_groups=["sg-db"])
    servers = [server(n, 10, role="Web", **place) for n in range(1, 6)]
    servers += [server(6, 10, role="Web", **at(subnet_id="subnet-a")), server(7, 10, role="Db", **place)]
    nets = [*NETS, group(105, "sg-db", "vpc-a", allow(22, "203.0.113.0/24"))]
    inventory = {"servers": servers, "networks": nets, "applications": [application(10)]}
    picture = drawn(inventory, "network")
    assert sorted(node.count for node in picture.graph.nodes if node.kind != "external") == [1, 1, 5]
    assert (picture.tally.found, picture.tally.drawn, picture.tally.folded) == (8, 2, 6)
    assert (picture.left_out("folded", "servers"), picture.left_out("counted", "applications")) == (5, 1)
    assert {edge.target for edge in picture.graph.edges} == {
        node.id for node in picture.graph.nodes if node.count == 5 or node.name == "host-7"
    }
    assert drawn(inventory, "network", detail="full").tally.drawn == 7


def test_the_order_of_the_documents_changes_no_byte() -> None:
    place = at(subnet_id="subnet-a", security_groups=["sg-db"])
    inventory = {
        "servers": [server(n, 10 + n % 3, role="ab"[n % 2], ipv4_private=f"10.0.2.{n}", **place) for n in range(1, 9)],
        "applications": [application(n, n + 1) for n in range(10, 13)],
        "networks": [
            *NETS,
            *PEERED[2:],
            routes(120, "vpc-a", (WORLD, "igw-1"), ("10.2.0.0/16", "pcx-9")),
            group(105, "sg-db", "vpc-a", allow(5432, "10.2.0.0/16", "203.0.113.0/24"), allow(22, WORLD)),
        ],
    }
    turned = {name: held[::-1] for name, held in reversed(inventory.items())}
    assert drawn(inventory, "network").svg == drawn(turned, "network").svg
