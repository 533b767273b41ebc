"""What changed between two drawn versions of a graph: no more and no less."""

from dataclasses import replace

from analytics.answers.drawn import drawn_difference
from analytics.model.graph import Attribute, Badge, Container, Edge, Graph, Node

NODES = (
    Node("a", "Web", source="applications/a", parent="z1", attributes=(Attribute("env", "Production"),)),
    Node("b", "DB", source="applications/b", parent="z1"),
    Node("f", "node-*", members=("m1", "m2"), parent="z2", count=2),
)
BOXES = (Container("dc", "East", "datacenter"), Container("z1", "a", "zone", "dc"), Container("z2", "b", "zone", "dc"))
GRAPH = Graph("infra", "", NODES, (Edge("a", "b", label="rest"),), BOXES)


def told(old: Graph, new: Graph) -> list[tuple[str, str, str, str, str]]:
    return [(one.verb, one.thing, one.field, one.before, one.after) for one in drawn_difference(old, new).changes]


def test_the_same_is_the_same() -> None:
    found = drawn_difference(GRAPH, GRAPH)
    assert (found.changes, found.same) == ((), 4)
    assert found.summary == "Nothing changed; 4 the same"


def test_every_kind_of_change_is_told_once() -> None:
    web, db, fold = NODES
    nodes = (
        replace(web, name="Shop", attributes=(Attribute("env", "Staging"),), badges=(Badge("!", "open", "bad"),)),
        replace(db, parent="z2"),
        replace(fold, id="g", members=("m2", "m3")),
        Node("c", "Cache", source="applications/c", parent="z1"),
    )
    after = replace(GRAPH, nodes=nodes, edges=(Edge("a", "b", label="grpc"), Edge("a", "c", label="tcp")))
    assert told(GRAPH, after) == [
        ("added", "applications/c", "", "", ""),
        ("moved", "applications/b", "place", "East / a", "East / b"),
        ("changed", "applications/a", "env", "Production", "Staging"),
        ("changed", "applications/a", "marks", "", "open"),
        ("renamed", "applications/a", "name", "Web", "Shop"),
        ("rewired", "applications/a", "lines", "rest", "grpc"),
        ("removed", "m1", "", "", ""),
        ("added", "m3", "", "", ""),
    ]
    found = drawn_difference(GRAPH, after)
    assert found.same == 1
    assert "~ Shop: calls DB by grpc, before by rest" in [found.words(one) for one in found.changes]
    assert "→ DB: moved from East / a to East / b" in [found.words(one) for one in found.changes]


def test_backwards_it_is_the_mirror() -> None:
    after = replace(GRAPH, nodes=NODES[:2], edges=())
    there = [(verb, thing) for verb, thing, *_ in told(GRAPH, after)]
    back = [(verb, thing) for verb, thing, *_ in told(after, GRAPH)]
    mirror = {"removed": "added"}
    assert sorted((mirror.get(verb, verb), thing) for verb, thing in there) == sorted(back)
    assert ("rewired", "applications/a") in there
