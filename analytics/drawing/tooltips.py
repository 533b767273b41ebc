"""Tooltips: for each node a group in ``<defs>`` that the page turns into rows."""

from __future__ import annotations

from functools import cache, lru_cache

from ..lettering.sanitise import clean_text, escape, safe_id, safe_word
from ..model import Node
from .templates import Template, compile_template, factory, serialise
from .theme import providers_of

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
VALUE_LIMIT = 400


#: Beginnings of classes that the page or our own style sheet acts on; a row must not be taken for one of them.
_TAKEN = ("am-", "amd-", "boundaries", "conector", "conn-", "glow")


def row_class(name: str) -> str:
    """The class a row's label becomes.

    >>> row_class("Cluster"), row_class("public IP"), row_class("conn-5")
    ('Cluster', 'public-IP', 'x-conn-5')
    """
    word = safe_word(name)
    return f"x-{word}" if word.startswith(_TAKEN) else word


@cache
def _templates() -> tuple[Template, Template]:
    draw = factory()
    group = draw.g(id="tool-zident")
    row = draw.tspan("zvalue", class_="zkey")
    text = draw.text("")
    group.add(text)
    text.add(row)
    row_markup = serialise(row)
    whole = serialise(group).replace(row_markup, "zrows")
    return compile_template(whole, "zident", "zrows"), compile_template(row_markup, "zkey", "zvalue")


def tooltip_rows(node: Node) -> list[tuple[str, str]]:
    """Label and value of each row, as they are; the name comes first, empty values are left out.

    >>> tooltip_rows(Node("a", "Shop", provider="AWS", quantity=2))
    [('name', 'Shop'), ('family', 'Application'), ('provider', 'AWS'), ('servers', '2')]
    """
    rows = {"name": node.name}
    given: dict[str, str] = {}
    for attribute in node.attributes:
        key = _SPELLINGS.get(attribute.name.casefold(), attribute.name)
        if attribute.value and key not in given:
            given[key] = attribute.value
    given.setdefault("family", node.family)
    given.setdefault(
        "provider", " + ".join(provider.name for provider in providers_of(node.provider)) if node.provider else ""
    )
    given.setdefault("servers", str(node.quantity) if node.quantity else "")
    for key in FIRST_ROWS[1:]:
        rows[key] = given.pop(key, "")
    given.pop("name", None)
    rows.update(given)
    if node.kind != "application":
        rows.setdefault("kind", node.kind)
    rows.setdefault("size", node.size)
    if node.count > 1:
        rows.setdefault("things", str(node.count))
    if node.badges:
        rows.setdefault("notes", "; ".join(badge.text for badge in node.badges if badge.text))
    rows.setdefault("as-of", node.as_of)
    return [(key, value) for key, value in rows.items() if value]


@lru_cache(maxsize=16_384)
def _row(key: str, value: str) -> str:
    """One row; most say the same on many nodes."""
    return _templates()[1](row_class(key), escape(clean_text(value, VALUE_LIMIT)))


def draw_tooltip(node: Node) -> str:
    """The rows of one node, for ``<defs>``."""
    rows = "".join([_row(key, value) for key, value in tooltip_rows(node)])
    return _templates()[0](safe_id(node.id), rows)
