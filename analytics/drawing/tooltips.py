"""Tooltips: for each node a group in ``<defs>`` that the page turns into rows."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache, lru_cache

from ..model.details import node_rows
from ..model.graph import Node, Quantity
from ..text import clean_text, escape, safe_id, safe_word
from .templates import Template, compile_template, factory, serialise

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


@lru_cache(maxsize=16_384)
def _row(key: str, value: str) -> str:
    """One row; most say the same on many nodes."""
    return _templates()[1](row_class(key), escape(clean_text(value, VALUE_LIMIT)))


def draw_tooltip(node: Node, quantities: Sequence[Quantity] = ()) -> str:
    """The rows of one node, for ``<defs>``."""
    rows = "".join([_row(key, value) for key, value in node_rows(node, quantities)])
    return _templates()[0](safe_id(node.id), rows)
