"""What is said of a thing in rows of words: the same rows in tooltips, in the viewer and in every format."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ..catalog.providers import providers_of
from .graph import Container, Edge, Graph, Measure, Node, Quantity

#: The rows every reader knows, in their order; further ones follow in the node's own order.
FIRST_ROWS = ("name", "dc", "env", "family", "provider", "Language", "Cluster", "servers")
#: Spellings under which attributes are given for those rows.
_SPELLINGS = {
    "datacenter": "dc",
    "datacenters": "dc",
    "environment": "env",
    "language": "Language",
    "cluster": "Cluster",
}
#: What may be measured of calls: how many a second, the share that fails, how long one takes.
TRAFFIC = (Quantity("rate", "rate", "/s"), Quantity("errors", "errors", "%"), Quantity("latency", "latency", "ms"))


def amount(value: float, unit: str = "") -> str:
    """A number as people read it, with its unit.

    >>> amount(1234567, "€"), amount(0.25), amount(12.50, "req/s")
    ('1,234,567 €', '0.25', '12.5 req/s')
    """
    digits = 0 if abs(value) >= 1000 or value == int(value) else 1 if abs(value) >= 100 else 2
    words = f"{value:,.{digits}f}"
    if "." in words:
        words = words.rstrip("0").rstrip(".")
    return f"{words} {unit}".strip()


def measured(measures: Iterable[Measure], quantities: Sequence[Quantity]) -> list[tuple[str, str]]:
    """The numbers of a thing as rows, in the order in which their quantities are declared.

    >>> measured([Measure("cost", 12)], [Quantity("cost", "Monthly cost", "€")])
    [('Monthly cost', '12 €')]
    """
    values = {measure.quantity: measure.value for measure in measures}
    return [
        (quantity.title, amount(values[quantity.key], quantity.unit))
        for quantity in quantities
        if quantity.row and quantity.key in values
    ]


def node_rows(node: Node, quantities: Sequence[Quantity] = ()) -> list[tuple[str, str]]:
    """Label and value of each row, as they are; the name comes first, empty values are left out.

    >>> node_rows(Node("a", "Shop", provider="AWS", quantity=2))
    [('name', 'Shop'), ('family', 'Application'), ('provider', 'AWS'), ('servers', '2')]
    """
    rows = {"name": node.name}
    given: dict[str, str] = {}
    for attribute in node.attributes:
        key = _SPELLINGS.get(attribute.name.casefold(), attribute.name)
        if attribute.value and key not in given:
            given[key] = attribute.value
    if node.datacenters:
        given["dc"] = ", ".join(node.datacenters)
    given.setdefault("family", node.family)
    given.setdefault(
        "provider", " + ".join(provider.name for provider in providers_of(node.provider)) if node.provider else ""
    )
    given.setdefault("servers", str(node.quantity) if node.quantity and "replicas" not in given else "")
    for key in FIRST_ROWS[1:]:
        rows[key] = given.pop(key, "")
    given.pop("name", None)
    rows.update(given)
    rows.update(measured(node.measures, quantities))
    rows.update({link.text: link.url for link in node.links})
    if node.kind != "application":
        rows.setdefault("kind", node.kind)
    rows.setdefault("size", node.size)
    if node.count > 1:
        rows.setdefault("things", str(node.count))
    if node.badges:
        rows.setdefault("notes", "; ".join(badge.words for badge in node.badges if badge.text))
    rows.setdefault("as-of", node.as_of)
    return [(key, value) for key, value in rows.items() if value]


def container_rows(box: Container, quantities: Sequence[Quantity] = ()) -> list[tuple[str, str]]:
    """A box's figures, what is said of it, its sums and its marks; each row once, empty ones left out."""
    rows = [(row.name, row.value) for row in (*box.rollups, *box.attributes) if row.value]
    rows += measured(box.measures, quantities)
    rows += [("notes", "; ".join(badge.words for badge in box.badges))] if box.badges else []
    return list(dict.fromkeys(rows))


def traffic_rows(edge: Edge) -> list[tuple[str, str]]:
    """What was measured of a line, as rows; a share is said in percent.

    >>> traffic_rows(Edge("a", "b", measures=(Measure("rate", 120), Measure("errors", 0.005))))
    [('rate', '120 /s'), ('errors', '0.5 %')]
    """
    percent = (Measure("errors", one.value * 100) if one.quantity == "errors" else one for one in edge.measures)
    return measured(percent, TRAFFIC)


def edge_rows(edge: Edge) -> list[tuple[str, str]]:
    """What was measured of a line, and what else is said of it."""
    return traffic_rows(edge) + [(row.name, row.value) for row in edge.attributes if row.value]


def edge_words(edge: Edge) -> str:
    """The rows of a line in a sentence, without what its label says already.

    >>> edge_words(Edge("a", "b", measures=(Measure("rate", 120), Measure("latency", 35))))
    'rate 120 /s, latency 35 ms'
    """
    return ", ".join(f"{name} {value}" for name, value in edge_rows(edge) if value not in edge.label)


def total_rows(graph: Graph) -> list[tuple[str, str]]:
    """The sums of a graph's quantities, as the frame and every format show them.

    >>> from .graph import Total
    >>> cost = Quantity("cost", "Monthly cost", "€")
    >>> total_rows(Graph("t", "", quantities=(cost,), totals=(Total("cost", "Shop", 30, 2), Total("cost", "", 40, 3))))
    [('Monthly cost, Shop', '30 €'), ('Monthly cost, all', '40 €')]
    """
    by_key = {quantity.key: quantity for quantity in graph.quantities}
    return [
        (f"{by_key[total.quantity].title}, {total.system or 'all'}", amount(total.value, by_key[total.quantity].unit))
        for total in graph.totals
        if total.quantity in by_key
    ]
