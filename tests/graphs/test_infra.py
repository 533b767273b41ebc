"""The infra graph: what runs where, how big, how redundant; one test a trap."""

from __future__ import annotations

from typing import Any

import pytest

from tests.estate_runs import drawn, kept, marks, rollup, row, run
from tests.estates import OTHER, application, at, datacenter, document, oid, server, system


def test_boxes_are_provider_datacenter_region_zone_and_cluster() -> None:
    tagged = server(1, 10, tags=[{"key": "cluster", "value": "blue"}])
    picture = drawn({"servers": [tagged], "applications": [application(10)], "datacenters": [datacenter()]}, "infra")
    assert picture.path(picture.node("host-1")) == [
        "provider AWS",
        "datacenter East",
        "region us-east-1",
        "zone us-east-1a",
        "cluster blue",
    ]


def test_a_missing_level_is_skipped_and_without_a_datacenter_a_server_is_unplaced() -> None:
    placed = server(1, **at(zone=None, region=""))
    picture = drawn({"servers": [placed, server(2, datacenters=None)]}, "infra")
    assert picture.path(picture.node("host-1")) == ["provider AWS", "datacenter East"]
    assert picture.path(picture.node("host-2")) == ["unplaced Unplaced"]


def test_a_thing_in_several_zones_sits_on_the_region_and_says_so() -> None:
    db = application(10, family="Database", **at(["us-east-1a", "us-east-1b"]))
    picture = drawn({"applications": [db], "servers": [server(1, **at(["us-east-1a", "us-east-1b"]))]}, "infra")
    for name in ("App 10", "host-1"):
        assert picture.path(picture.node(name))[-1] == "region us-east-1"
        assert "spans 2 zones" in marks(picture.node(name))


def test_one_region_in_two_spellings_is_one_box() -> None:
    picture = drawn({"servers": [server(1), server(2, **at(region="us-east-1 (N. Virginia)"))]}, "infra")
    assert [box.name for box in picture.graph.containers if box.kind == "region"] == ["us-east-1 (N. Virginia)"]


def test_a_datacenter_that_no_document_holds_is_marked_as_missing() -> None:
    picture = drawn({"servers": [server(1, **at(_id=oid(99), name="Gone"))], "datacenters": [datacenter()]}, "infra")
    assert row(picture.box("Gone"), "note") == "not in the inventory"


def test_a_tile_says_what_a_server_is() -> None:
    told = server(
        1,
        10,
        os={"dist": "Debian", "version": "12"},
        ipv4_private="10.0.0.1",
        ipv4_public="54.1.2.3",
        environment="Production",
        status="Active",
        **at(instance="m5.large"),
    )
    node = drawn({"servers": [told], "applications": [application(10)]}, "infra").node("host-1")
    said = {row.name: row.value for row in node.attributes}
    assert said["instance"] == "m5.large"
    assert said["cpu / memory"] == "2 vCPU / 4 GB"
    assert (said["os"], said["private ip"], said["public ip"]) == ("Debian 12", "10.0.0.1", "54.1.2.3")
    assert (said["env"], said["status"], said["applications"]) == ("Production", "Active", "App 10")
    assert "public address" in marks(node)


@pytest.mark.usefixtures("crowded")
def test_equal_servers_stack_with_their_exact_count_and_unequal_ones_do_not() -> None:
    servers = [server(n, 10, role="Web") for n in range(1, 5)]
    servers += [server(5, 10, role="Web", environment="Staging"), server(6, 11, role="Web")]
    servers += [server(7, 10, role="Web", **at("us-east-1b")), server(8, 10, role="Web", **at(instance="m5.large"))]
    inventory = {"servers": servers, "applications": [application(10), application(11)]}
    picture = drawn(inventory, "infra")
    assert sorted(node.count for node in picture.graph.nodes) == [1, 1, 1, 1, 4]
    (stack,) = [node for node in picture.graph.nodes if node.count == 4]
    assert (stack.kind, stack.quantity) == ("server-group", 4)
    assert set(stack.members) == {oid(n) for n in range(1, 5)}
    assert (picture.tally.found, picture.tally.drawn, picture.tally.folded) == (10, 4, 6)
    assert (picture.left_out("folded", "servers"), picture.left_out("counted", "applications")) == (4, 2)
    assert len(drawn(inventory, "infra", detail="full").graph.nodes) == 8


def test_every_header_carries_its_rollups() -> None:
    servers = [
        server(1, 10, environment="Production", storage=[{"name": "sda", "size": 100}]),
        server(2, 10, 11, environment="Staging", storage=[{"unique_id": "vol-1"}, {"unique_id": "vol-1"}]),
    ]
    inventory = {
        "servers": servers,
        "applications": [application(10), application(11)],
        "volumes": [document(80, name="data", unique_id="vol-1", size=50)],
    }
    picture = drawn(inventory, "infra")
    for name in ("AWS", "East", "us-east-1", "us-east-1a"):
        box = picture.box(name)
        assert [rollup(box, what) for what in ("servers", "vCPU", "GB memory", "GB disk", "applications")] == [
            "2",
            "4",
            "8",
            "150",
            "2",
        ]
        assert rollup(box, "environments") == "Production, Staging"


def test_a_volume_on_two_servers_counts_once_in_a_header() -> None:
    shared = [server(n, storage=[{"unique_id": "vol-1"}]) for n in (1, 2)]
    picture = drawn({"servers": shared, "volumes": [document(80, name="d", unique_id="vol-1", size=50)]}, "infra")
    assert rollup(picture.box("East"), "GB disk") == "50"


def test_volumes_are_tiles_at_storage_detail_only_and_loose_ones_stand_in_a_lane() -> None:
    inventory = {
        "servers": [server(1, storage=[{"unique_id": "vol-1"}])],
        "volumes": [document(80, name="data", unique_id="vol-1", size=50), document(81, name="lost", size=7)],
    }
    full = drawn(inventory, "infra", detail="full")
    assert full.edge("host-1", "data").kind == "volume"
    assert full.node("data").provider == "AWS", "whoever provides the server"
    assert "has the volume (1)" in full.svg
    assert full.path(full.node("lost")) == ["unplaced Unattached volumes"]
    plain = drawn(inventory, "infra")
    assert not [node for node in plain.graph.nodes if node.kind == "volume"]
    assert plain.left_out("counted", "volumes") == 2
    assert plain.tally.found == full.tally.found == 3
    assert row(plain.box("East"), "volumes") == "1"
    assert "1 volume (7 GB)" in plain.finding("unattached")


def test_volumes_of_one_name_are_not_mistaken_for_each_other() -> None:
    disks = [document(80, name="root", size=1), document(81, name="root", size=2)]
    picture = drawn({"servers": [server(1, storage=[{"name": "root"}])], "volumes": disks}, "infra")
    assert "2 volumes" in picture.finding("unattached")


def test_a_managed_application_stands_in_its_place() -> None:
    db = application(10, family="Database", **at())
    picture = drawn({"applications": [db]}, "infra")
    assert picture.path(picture.node("App 10"))[-1] == "zone us-east-1a"
    assert rollup(picture.box("East"), "applications") == "1"


def test_an_application_with_neither_server_nor_datacenter_is_listed_and_not_lost() -> None:
    picture = drawn({"applications": [application(10), application(11, **at())]}, "infra")
    assert (picture.tally.found, picture.tally.omitted) == (2, 1)
    assert "App 10" in picture.finding("no-place")


def test_a_system_of_nothing_but_such_applications_is_a_warning_that_names_them() -> None:
    source = kept({"applications": [application(10)], "systems": [system(50, 10)]})
    outcome = run(source, "infra", "systems", oid(50)).outcome
    reason = "Nothing to draw: 1 application, they have neither server nor datacenter: App 10"
    assert (outcome.level, outcome.message) == ("warning", reason)


def test_a_load_balancer_points_at_its_targets() -> None:
    balancer = application(10, family="Loadbalance", targets=[{"_id": oid(1)}], **at())
    picture = drawn({"applications": [balancer, application(11)], "servers": [server(1, 11)]}, "infra")
    assert picture.lines("lb") == {("App 10", "host-1", "")}


def wired() -> dict[str, list[dict[str, Any]]]:
    """Two switches with two cables, a machine on one of them, built with a database and with the switch."""
    database = application(10, family="Database", **at())
    one, two = server(1, cables=[{"_id": oid(2)}]), server(2, cables=[{"_id": oid(1)}, {"_id": oid(1)}])
    depends = [{"_id": oid(10)}, {"_id": oid(1)}, {"_id": "nobody"}]
    machine = server(3, cables=[{"_id": oid(1)}, {"_id": oid(9)}], depends=depends)
    return {"applications": [database], "servers": [one, two, machine]}


def test_a_cable_is_one_line_whichever_end_names_it() -> None:
    for kind in ("infra", "network"):
        assert drawn(wired(), kind).lines("cable") == {("host-1", "host-2", ""), ("host-1", "host-3", "")}


def test_with_what_a_thing_was_built_is_a_line_in_full_detail_where_no_other_line_joins_them() -> None:
    assert not drawn(wired(), "infra").lines("built")
    assert drawn(wired(), "infra", detail="full").lines("built") == {("host-3", "App 10", "")}
    applications = [
        application(1, 2, depends=[{"_id": oid(2)}, {"_id": oid(3)}]),
        application(2),
        application(3, depends=[{"_id": oid(3)}]),
    ]
    business = drawn({"applications": applications}, "business", detail="full")
    assert business.lines("built") == {("App 1", "App 3", "")}
    assert business.lines("dep") == {("App 1", "App 2", "rest")}


def test_a_load_balancer_that_runs_on_servers_points_from_there() -> None:
    balancer = application(10, family="Loadbalance", targets=[{"_id": oid(2)}])
    inventory = {"applications": [balancer, application(11)], "servers": [server(1, 10), server(2, 11)]}
    assert drawn(inventory, "infra").lines("lb") == {("host-1", "host-2", "")}


def test_targets_and_members_are_found_by_instance_id() -> None:
    apps = [
        application(10, family="Loadbalance", instances=[{"InstanceId": "i-1"}], **at()),
        application(11, family="AutoScaling", instances=[{"InstanceId": "i-1"}], **at()),
    ]
    picture = drawn({"applications": apps, "servers": [server(1, **at(instance_id="i-1"))]}, "infra", "apps", oid(10))
    assert picture.lines("lb") == {("App 10", "host-1", "")}
    group = drawn({"applications": apps, "servers": [server(1, unique_id="i-1")]}, "infra", "apps", oid(11))
    assert [node.name for node in group.graph.nodes] == ["host-1"]
    assert row(group.node("host-1"), "applications") == "App 11", "a server says what it carries, whoever names whom"
    assert "no application" not in marks(group.node("host-1"))
    assert (group.finding("no-application"), rollup(group.box("East"), "applications")) == ("", "1")


@pytest.mark.usefixtures("crowded")
def test_servers_are_unequal_when_only_one_of_them_is_named_by_an_application() -> None:
    servers = [server(n, 10, role="Web") for n in (1, 2, 3)]
    inventory = {"servers": servers, "applications": [application(10), application(11, servers=[{"_id": oid(3)}])]}
    for kind in ("infra", "network"):
        assert sorted(node.count for node in drawn(inventory, kind).graph.nodes) == [1, 2]


@pytest.mark.parametrize("tags", [None, [], "absent"])
def test_tags_may_be_absent(tags: Any) -> None:
    held = {"tags": tags} if tags != "absent" else {}
    inventory = {"servers": [server(1, 10, **held)], "applications": [application(10, **held)]}
    picture = drawn(inventory, "infra")
    assert picture.path(picture.node("host-1"))[-1] == "zone us-east-1a"


def test_a_target_that_nobody_holds_becomes_a_ghost() -> None:
    balancer = application(10, family="Loadbalance", targets=[{"_id": oid(77), "name": "gone"}], **at())
    picture = drawn({"applications": [balancer]}, "infra")
    assert picture.lines("lb") == {("App 10", "gone", "")}
    assert picture.node("gone").kind == "ghost"
    assert (picture.tally.found, picture.tally.ghosts) == (1, 1)
    assert "gone" in picture.finding("dangling")


def test_applications_and_servers_that_nobody_holds_become_ghosts_with_who_names_them() -> None:
    inventory = {
        "applications": [application(10, servers=[{"_id": oid(78), "name": "lost-host"}]), application(11, 79)],
        "servers": [server(1, 11, 76)],
    }
    picture = drawn(inventory, "infra")
    assert {node.name for node in picture.graph.nodes if node.kind == "ghost"} == {"lost-host", "App 79", "App 76"}
    assert row(picture.node("App 76"), "named by") == "host-1"
    assert ("App 10", "lost-host", "runs on") in picture.lines()
    assert ("AWS", "Not in the inventory", "calls") in picture.lines("dep")


def test_what_belongs_to_others_is_a_ghost_under_the_words_of_who_refers_to_it() -> None:
    inventory = {
        "applications": [
            application(10, 30, family="Loadbalance", targets=[{"_id": oid(2), "name": "as I call it"}], **at()),
            application(30, owner=OTHER, name="their secret"),
            application(31, owner=OTHER, name="their secret"),
        ],
        "servers": [server(1, 31), server(2, owner=OTHER, hostname="their host")],
    }
    for kind in ("infra", "network"):
        picture = drawn(inventory, kind)
        assert "their secret" not in picture.svg
        assert "their host" not in picture.svg
        assert (picture.tally.hidden, picture.tally.ghosts) == (0, 3)
        assert "as I call it" in {node.name for node in picture.graph.nodes if node.kind == "ghost"}


ZONES = [server(1, 10), server(2, 11, **at("us-east-1b"))]
WEST = at("w1", _id=oid(901), name="West")
ELSEWHERE = at("z", _id=oid(902), name="Blue", provider="Azure", region="eu")


@pytest.mark.parametrize(
    ("other", "ends", "crossing"),
    [
        (at("us-east-1b"), ("us-east-1a", "us-east-1b"), "zone"),
        (WEST, ("East", "West"), "datacenter"),
        (ELSEWHERE, ("AWS", "Azure"), "provider"),
    ],
)
def test_calls_between_boxes_are_one_line_that_names_the_border_it_crosses(
    other: Any, ends: Any, crossing: Any
) -> None:
    inventory = {
        "applications": [application(10, 12), application(11, 12, 13), application(12), application(13)],
        "servers": [server(1, 10, 11), server(2, 12, 13, **other)],
    }
    edge = drawn(inventory, "infra").edge(*ends)
    assert (edge.count, edge.crossing, edge.kind) == (3, crossing, "dep")


def test_calls_within_a_box_are_no_line_but_are_counted() -> None:
    picture = drawn({"applications": [application(10, 11), application(11)], "servers": [server(1, 10, 11)]}, "infra")
    assert picture.lines() == set()
    assert picture.left_out("unresolved", "calls") == 1


def test_all_servers_in_one_zone_or_on_one_host_is_a_finding() -> None:
    inventory = {
        "applications": [application(10), application(11), application(12)],
        "servers": [server(1, 10), server(2, 11), server(3, 11), server(4, 12), server(5, 12, **at("us-east-1b"))],
    }
    picture = drawn(inventory, "infra")
    assert picture.finding("single-host").endswith(": App 10")
    assert picture.finding("single-zone").endswith(": App 11")
    part = drawn(inventory, "infra", "servers", oid(4))
    assert part.finding("single-host") == "", "the application's other host stands outside the part"


@pytest.mark.usefixtures("crowded")
def test_what_a_finding_is_about_is_marked() -> None:
    servers = [server(1, 10), *(server(n, 11, role="Web") for n in (2, 3)), server(4), server(5, 12)]
    servers += [server(6, 12, **at("us-east-1b")), server(7, 13, 12, **at("us-east-1x"))]
    inventory = {
        "servers": servers,
        "applications": [application(n) for n in (10, 11, 12, 13)],
        "datacenters": [datacenter()],
        "volumes": [document(81, name="lost", size=7)],
    }
    picture = drawn(inventory, "infra", detail="full")
    said = {name: marks(picture.node(name)) for name in ("host-1", "host-2", "host-4", "host-5", "host-7", "lost")}
    assert said == {
        "host-1": ["the only host of an application"],
        "host-2": ["all servers of an application stand in this zone"],
        "host-4": ["no application"],
        "host-5": [],
        "host-7": ["the only host of an application", "its zone is missing from the datacenter's document"],
        "lost": ["attached to no server"],
    }
    (stack,) = [node for node in drawn(inventory, "infra").graph.nodes if node.count == 2]
    assert marks(stack) == ["all servers of an application stand in this zone"]


def test_servers_without_application_and_zones_nobody_documented_are_findings() -> None:
    inventory = {"servers": [server(1), server(2, 10, **at("us-east-1z"))], "datacenters": [datacenter()]}
    picture = drawn(inventory | {"applications": [application(10)]}, "infra")
    assert picture.finding("no-application").endswith(": host-1")
    assert "us-east-1z of East" in picture.finding("strange-zone")
    assert "no application" in marks(picture.node("host-1"))


def test_each_entry_brings_its_part() -> None:
    inventory = {
        "applications": [application(10, 11), application(11), application(12, **at())],
        "servers": [server(1, 10), server(2, 11), server(3, 10, **WEST)],
        "systems": [system(50, 10, clients=[{"_id": oid(60)}])],
        "clients": [document(60, name="Ada")],
        "datacenters": [datacenter(), datacenter(901, name="West")],
    }

    def names(entry: str, *keys: Any) -> Any:
        return {node.name for node in drawn(inventory, "infra", entry, *keys).graph.nodes}

    assert names("apps", oid(10)) == names("systems", oid(50)) == names("clients", oid(60)) == {"host-1", "host-3"}
    assert names("datacenters", oid(900)) == {"host-1", "host-2", "App 12"}
    assert names("servers", oid(2), oid(3)) == {"host-2", "host-3"}
    assert names("all") == {"host-1", "host-2", "host-3", "App 12"}


def test_an_application_whose_servers_stand_elsewhere_is_listed() -> None:
    inventory = {
        "applications": [application(10, **at()), application(11, **at())],
        "servers": [server(1, 10, **WEST)],
        "datacenters": [datacenter(), datacenter(901, name="West")],
    }
    picture = drawn(inventory, "infra", "datacenters", oid(900))
    assert (picture.tally.found, picture.tally.omitted) == (2, 1)
    assert [(left.names, left.ids) for left in picture.graph.omissions if left.kind == "omitted"] == [
        (("App 10",), (oid(10),))
    ]


def test_an_entry_that_is_not_there_is_a_warning_and_one_of_two_is_said() -> None:
    assert run(kept({"servers": [server(1)]}), "infra", "servers", oid(9)).outcome.level == "warning"
    assert run(kept({"systems": []}), "infra").outcome.message == "Empty infrastructure"
    picture = drawn({"servers": [server(1)]}, "infra", "servers", oid(1), oid(9))
    assert picture.graph.scope == "Servers: host-1 (1 not found)"


def test_one_id_in_two_collections_is_two_nodes() -> None:
    inventory: dict[str, list[dict[str, Any]]] = {
        "servers": [{"_id": "web", "datacenters": {"name": "Home"}}, {"_id": "zone:x"}],
        "applications": [{"_id": "web", "datacenters": {"name": "Home"}, "deps": ["lane:unplaced"]}],
        "volumes": [{"_id": "web"}, {"_id": "lane:unattached"}],
    }
    for kind in ("infra", "network"):
        assert drawn(inventory, kind, owner="local", detail="full").tally.found >= 2


def test_the_order_of_the_documents_changes_no_byte() -> None:
    inventory = {
        "applications": [application(n, n + 1, **({} if n % 3 else at())) for n in range(10, 20)],
        "servers": [server(n, 10 + n % 10, **at(["us-east-1a", "us-east-1b"][n % 2])) for n in range(1, 9)],
    }
    turned = {name: held[::-1] for name, held in reversed(inventory.items())}
    assert drawn(inventory, "infra").svg == drawn(turned, "infra").svg
