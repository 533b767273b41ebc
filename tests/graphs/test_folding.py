"""Folding: exact counts whatever the inventory, and nothing lost on the way."""

from __future__ import annotations

from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analytics.graphs.folding import READABLE_NODES, fold, fold_equal
from analytics.model.graph import Badge, Edge, Finding, Graph, Node, tally
from tests.estate_runs import Drawn, drawn
from tests.estates import OTHER, allow, application, at, document, group, oid, peering, routes, server, subnet, vpc

ZONES = st.sampled_from(["us-east-1a", "us-east-1b", ["us-east-1a", "us-east-1b"], None])
SUBNETS = st.sampled_from(["subnet-a", "subnet-b", "subnet-gone", ""])
GROUPS = st.lists(st.sampled_from(["sg-a", "sg-b", "sg-gone"]), max_size=2)
APPS = st.lists(st.integers(100, 106), max_size=3)


@st.composite
def inventories(draw: Any) -> Any:
    """Servers, applications, volumes and networks that refer to each other, to nothing, and to somebody else's."""
    servers = [
        server(
            number,
            *draw(APPS),
            owner=draw(st.sampled_from([None, None, None, OTHER])) or "0" * 23 + "1",
            role=draw(st.sampled_from(["Web", "Db", ""])),
            ipv4_private=draw(st.sampled_from(["10.0.1.5", "10.0.2.5", "10.9.0.1", ""])),
            ipv4_public=draw(st.sampled_from(["54.0.0.1", ""])),
            storage=[{"unique_id": key} for key in draw(st.lists(st.sampled_from(["v-1", "v-2"]), max_size=2))],
            **at(draw(ZONES), subnet_id=draw(SUBNETS), security_groups=draw(GROUPS)),
        )
        for number in range(1, draw(st.integers(1, 12)))
    ]
    applications = [
        application(
            number,
            *draw(APPS),
            owner=draw(st.sampled_from([None, None, None, OTHER])) or "0" * 23 + "1",
            family=draw(st.sampled_from(["Application", "Loadbalance", "Database"])),
            targets=[{"_id": oid(key)} for key in draw(st.lists(st.integers(1, 14), max_size=3))],
            role={"vpc_id": draw(st.sampled_from(["vpc-a", "vpc-gone", ""]))},
            **draw(st.sampled_from([{}, at()])),
        )
        for number in range(100, 100 + draw(st.integers(0, 6)))
    ]
    return {
        "servers": [*servers, server(50)],
        "applications": applications,
        "volumes": [document(900 + n, name=f"disk {n}", unique_id=f"v-{n}", size=n) for n in range(1, 4)],
        "networks": [
            vpc(200, "vpc-a", "10.0.0.0/16"),
            subnet(201, "subnet-a", "vpc-a", "10.0.1.0/24"),
            subnet(202, "subnet-b", "vpc-b", "10.0.2.0/24"),
            routes(203, "vpc-a", ("0.0.0.0/0", "igw-1"), ("10.9.0.0/16", "pcx-204")),
            peering(204, "vpc-a", "vpc-b", cidr="10.9.0.0/16"),
            group(205, "sg-a", "vpc-a", allow(22, "0.0.0.0/0"), allow(80, "sg-b"), allow(81, "10.9.1.0/24")),
            group(206, "sg-b", "vpc-a", allow(443, "10.0.0.0/8"), allow(5432, "sg-a", "sg-b")),
        ],
    }


def held(graph: Graph) -> list[str]:
    """Everything a graph stands for: members of folds, and what stands for itself."""
    return sorted(key for node in graph.nodes for key in node.members or (node.id,))


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(inventories(), st.sampled_from(["infra", "network"]))
def test_found_is_drawn_and_folded_and_omitted_whatever_the_inventory(inventory: Any, kind: str) -> None:
    pictures: dict[str, Drawn] = {
        detail: drawn(inventory, kind, detail=detail) for detail in ("overview", "standard", "full")
    }
    mine = [one["_id"] for one in inventory["servers"] if one["roles"][0]["_id"] != OTHER]
    documents = len(mine) + sum(one["roles"][0]["_id"] != OTHER for one in inventory["applications"])
    documents += len(inventory["volumes"]) if kind == "infra" else 0
    for detail, picture in pictures.items():
        members = held(picture.graph)
        assert len(members) == len(set(members)), "nothing stands twice"
        assert set(mine) <= set(members), "every server is drawn or folded"
        folds = sum(n.count for n in picture.graph.nodes if n.count > 1 and n.kind != "ghost")
        assert picture.tally.folded == folds + picture.left_out("counted")
        listed = picture.left_out("folded") - sum(
            picture.left_out("folded", f"{what} not in the inventory") for what in ("things", "networks")
        )
        assert listed == folds, "every fold is listed with its reason"
        assert picture.tally.found == documents, "each document of the owner's, once, whatever the detail"
        assert all(len(node.members) == node.count for node in picture.graph.nodes if node.members)
        assert detail != "full" or folds == 0
        ends = {node.id for node in picture.graph.nodes} | {box.id for box in picture.graph.containers}
        assert {key for finding in picture.graph.findings for key in finding.nodes} <= ends
    counts = [len(pictures[detail].graph.nodes) for detail in ("overview", "standard", "full")]
    assert counts == sorted(counts)


def twins(count: int, alike: str = "same", **fields: Any) -> tuple[Node, ...]:
    return tuple(Node(f"{alike}-{n:03}", f"web-{n}", kind="server", alike=alike, **fields) for n in range(count))


def test_edges_of_folded_nodes_become_one_that_counts_them() -> None:
    nodes = (*twins(3), Node("db", "db"))
    folded = fold_equal(Graph("infra", "", nodes, tuple(Edge(node.id, "db") for node in nodes[:3]), found=4))
    (edge,) = folded.edges
    assert (edge.target, edge.count) == ("db", 3)


def test_lines_that_cross_a_border_do_not_merge_with_those_that_do_not() -> None:
    nodes = (*twins(2), Node("db", "db"))
    edges = (Edge(nodes[0].id, "db"), Edge(nodes[1].id, "db", crossing="zone"))
    assert len(fold_equal(Graph("infra", "", nodes, edges, found=3)).edges) == 2


def test_entries_stay_and_findings_point_at_the_fold() -> None:
    nodes = (*twins(3), Node("root", "root", kind="server", alike="same", root=True))
    graph = Graph("infra", "", nodes, findings=(Finding("x", "", nodes=(nodes[0].id, nodes[1].id, "root")),), found=4)
    folded = fold_equal(graph)
    (stack,) = [node for node in folded.nodes if node.count == 3]
    assert folded.findings[0].nodes == (stack.id, "root")


def test_what_is_too_large_to_read_folds_further_by_itself() -> None:
    nodes = tuple(
        Node(f"n-{n:04}", f"host {n}", kind="server", family=f"role {n % 90}", parent=f"box {n % 2}", alike=f"a {n}")
        for n in range(READABLE_NODES * 4)
    )
    folded = fold(Graph("infra", "", nodes, found=len(nodes)), "standard")
    assert len(folded.nodes) <= READABLE_NODES
    assert tally(folded).folded == len(nodes)
    assert len(fold(Graph("infra", "", nodes, found=len(nodes)), "full").nodes) == len(nodes)


def test_ghosts_that_fold_are_still_ghosts_and_are_not_counted_as_found() -> None:
    ghosts = tuple(Node(f"g-{n}", f"gone {n}", kind="ghost", family="Server", alike="ghost") for n in range(4))
    counted = tally(fold(Graph("infra", "", ghosts, found=0), "standard"))
    assert (counted.ghosts, counted.folded, counted.complete) == (4, 0, True)


def test_the_public_and_the_private_never_fold_into_one() -> None:
    public = (Badge("IP", "public address", "info"),)
    nodes = twins(200, "bastion", badges=public) + twins(200, "database")
    folded = fold(Graph("infra", "", nodes, found=400), "overview")
    assert sorted(node.count for node in folded.nodes) == [200, 200]
