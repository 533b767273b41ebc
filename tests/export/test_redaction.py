"""Nothing that says how a thing is reached is left in a redacted picture, and everything else is."""

import pytest

from analytics.drawing import render
from analytics.export.redaction import ADDRESS, HOST, redacted
from analytics.layout import lay_out
from analytics.model.graph import Attribute, Badge, Container, Edge, Finding, Graph, Link, Node

SECRETS = ("10.20.30.40", "10.20.0.0/16", "2001:db8::17", "db-7.corp.internal", "shop.example.com", "web-01")


def graph() -> Graph:
    rows = tuple(Attribute(f"row {number}", text) for number, text in enumerate(SECRETS))
    nodes = (
        Node("web-01", "web-01", "server", attributes=rows, badges=(Badge("!", "open to 10.20.30.40"),)),
        Node("b", "Orders on web-01", attributes=(Attribute("endpoint", "https://shop.example.com:8443/x"),)),
        Node("c", "Node.js 18.2.1", notes=("2001:db8::17",), links=(Link("wiki", "https://shop.example.com"),)),
    )
    findings = (Finding("x", "db-7.corp.internal listens on 10.20.30.40:22", nodes=("web-01",)),)
    return Graph(
        "infra",
        "t",
        nodes,
        (Edge("web-01", "b", label="tcp to 10.20.30.40"), Edge("b", "c")),
        (Container("z", "10.20.0.0/16 (eu-west-1a)", "zone"),),
        findings=findings,
        found=3,
    )


def test_no_address_and_no_host_name_is_in_the_picture() -> None:
    grid = lay_out(graph(), "fast", "flat")
    before = render(grid)
    assert all(secret in before for secret in SECRETS)
    after = render(redacted(grid))
    assert not [secret for secret in SECRETS if secret in after]
    assert "wiki" not in after


def test_everything_else_stays() -> None:
    grid = lay_out(graph(), "fast", "flat")
    hidden = redacted(grid)
    assert hidden.places == grid.places
    assert [node.id for node in hidden.graph.nodes] == [node.id for node in grid.graph.nodes]
    assert hidden.graph.findings[0].nodes == ("web-01",)
    assert {node.name for node in hidden.graph.nodes} == {"Server 1", "Orders on Server 1", "Node.js 18.2.1"}
    assert [box.name for box in hidden.graph.containers] == [f"{ADDRESS} (eu-west-1a)"]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("192.168.0.1:443", f"{ADDRESS}:443"),
        ("version 1.2.3.4567", "version 1.2.3.4567"),
        ("1.2.3", "1.2.3"),
        ("fe80::1", ADDRESS),
        ("10:15:00", "10:15:00"),
        ("a.b.svc.cluster.local", HOST),
        ("intranet.local", HOST),
        ("README.md", "README.md"),
        ("e.g. this", "e.g. this"),
    ],
)
def test_what_is_taken_for_an_address(text: str, shown: str) -> None:
    node = Node("a", text)
    assert redacted(lay_out(Graph("t", "t", (node,), found=1), "fast")).graph.nodes[0].name == shown
