"""What the three graphs show of files in other people's formats."""

from analytics.model.artifacts import Drawing
from analytics.sources import Estate
from analytics.sources.opening import contents_of
from analytics.testing import draw
from analytics.testing.sources import estate_of
from tests.sources.test_compose import SHOP
from tests.sources.test_kubernetes import FILES


def drawn(estate: Estate, kind: str) -> tuple[dict[str, str], list[tuple[str, str, str]], dict[str, str]]:
    """Nodes by name with the names of their boxes, lines by name with their kind, boxes with their kinds."""
    contents = contents_of(estate)
    result = draw({name: list(held.values()) for name, held in contents.collections.items()}, kind)
    drawing = result.artifact(Drawing)
    assert drawing is not None, result.outcome.message
    graph = drawing.graph
    boxes = {box.id: box.name for box in graph.containers}
    names = {node.id: node.name for node in graph.nodes} | boxes
    return (
        {node.name: boxes.get(node.parent, "") for node in graph.nodes},
        sorted((names[edge.source], names[edge.target], edge.kind) for edge in graph.edges),
        {box.name: box.kind for box in graph.containers},
    )


def test_a_business_graph_stands_in_namespaces_and_networks() -> None:
    nodes, lines, boxes = drawn(estate_of({"compose.yaml": SHOP}), "business")
    assert nodes == {"front": "edge", "api": "shop", "db": "inside", "queue": "inside"}
    assert boxes == {"shop": "namespace", "edge": "network", "inside": "network"}
    assert len(lines) == 3


def test_a_network_graph_of_compose_shows_what_is_published_on_all_interfaces() -> None:
    nodes, lines, _ = drawn(estate_of({"compose.yaml": SHOP}), "network")
    assert [line for line in lines if line[2] == "ingress"] == [
        ("Internet", "db", "ingress"),
        ("Internet", "front", "ingress"),
    ]
    assert nodes["api"] == "edge"
    assert ("api", "inside", "route") in lines


def test_a_network_graph_of_a_cluster_shows_ways_in_and_policies() -> None:
    _, lines, boxes = drawn(estate_of(FILES), "network")
    assert lines == [("Internet", "web", "ingress")]
    assert boxes["shop"] == "namespace"


def test_an_infra_graph_of_a_cluster_has_no_lines_within_a_namespace() -> None:
    nodes, lines, _ = drawn(estate_of(FILES), "infra")
    assert set(nodes.values()) == {"shop"}
    assert lines == []


def test_boxes_that_most_lines_leave_are_not_drawn() -> None:
    applications = [
        {"_id": f"{n}", "name": f"a{n}", "namespace": f"n{n % 4}", "deps": [f"{(n + k) % 40}" for k in (1, 2, 3)]}
        for n in range(40)
    ]
    result = draw({"applications": applications}, "business")
    drawing = result.artifact(Drawing)
    assert drawing is not None
    assert not drawing.graph.containers
    assert [finding.code for finding in drawing.graph.findings if finding.code == "boxes"] == ["boxes"]
