"""A drawing without addresses and host names: for readers who may see what there is, and not how to reach it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import fields, is_dataclass, replace
from typing import Any, TypeVar

from ..model.graph import Graph, Node
from ..model.grid import Grid
from ..text import safe_id

T = TypeVar("T")

ADDRESS, HOST = "[address]", "[host]"
#: Last words of names that machines have.
_ENDINGS = (
    "com|net|org|info|io|dev|app|cloud|internal|local|lan|corp|home|arpa|example|test"
    "|at|au|be|br|ca|ch|cn|co|cz|de|dk|es|eu|fi|fr|ie|in|it|jp|nl|no|nz|pl|pt|ru|se|uk|us"
)
_LABEL = r"[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?"
_HIDDEN = re.compile(
    r"(?P<address>(?<![\w.])\d{1,3}(?:\.\d{1,3}){3}(?:/\d{1,2})?(?![\w.])"
    # IPv6: shortened, or in full; a time of day has two colons.
    r"|(?<![\w:.])(?=[0-9a-f:]*::|(?:[0-9a-f]+:){7})(?:[0-9a-f]{0,4}:){2,7}[0-9a-f]{0,4}(?:/\d{1,3})?(?![\w:.]))"
    rf"|(?P<host>(?<![\w.@-])(?:{_LABEL}\.){{2,}}[a-z][a-z0-9-]+(?![\w.-])"
    rf"|(?<![\w.@-]){_LABEL}\.(?:{_ENDINGS})(?![\w.-]))",
    re.IGNORECASE,
)
#: Kinds of things that are called by the name of a host.
HOSTS = frozenset({"server", "server-group", "volume"})
#: Fields whose text is a word of ours, or joins things: they stay as they are.
KEPT = frozenset(
    {
        *("id", "parent", "source", "target", "nodes", "key"),
        *("kind", "family", "provider", "tone", "code", "quantity", "unit", "type"),
    }
)
#: Fields that hold ids of the inventory: their digests say the same and tell nothing.
IDS = frozenset({"members", "ids"})


def redacted(grid: Grid) -> Grid:
    """``grid`` without addresses and host names in any text; machines are numbered, links left out.

    Places, lines and sums stay, so it is the same picture.
    """
    graph = grid.graph
    machines = [node for node in graph.nodes if node.kind in HOSTS and node.name]
    aliases = {node.id: f"{node.kind.capitalize()} {number}" for number, node in enumerate(machines, 1)}
    names = {node.name: aliases[node.id] for node in machines if len(node.name) > 2}
    spelled = re.compile("|".join(map(re.escape, sorted(names, key=len, reverse=True)))) if names else None

    def hide(text: str) -> str:
        text = spelled.sub(lambda found: names[found[0]], text) if spelled else text
        return _HIDDEN.sub(lambda found: ADDRESS if found["address"] else HOST, text)

    shown: Graph = _through(graph, hide)
    nodes = tuple(_node(node, aliases.get(old.id), hide) for node, old in zip(shown.nodes, graph.nodes, strict=True))
    routes = tuple(replace(route, words=hide(route.words)) for route in grid.routes)
    return replace(grid, graph=replace(shown, nodes=nodes), routes=routes, common_word=hide(grid.common_word))


def _node(node: Node, alias: str | None, hide: Callable[[str], str]) -> Node:
    return replace(node, name=alias or hide(node.name), source="", links=())


def _through(value: T, hide: Callable[[str], str], name: str = "") -> T:
    """A record with every text that people wrote passed through ``hide``."""
    found: Any = value
    if isinstance(value, str):
        return found if name in KEPT else safe_id(value) if name in IDS else hide(value)  # type: ignore[return-value]
    if isinstance(value, tuple):
        return tuple(_through(one, hide, name) for one in value)  # type: ignore[return-value]
    if is_dataclass(value):
        changed = {one.name: _through(getattr(value, one.name), hide, one.name) for one in fields(value)}
        return replace(found, **changed)  # type: ignore[no-any-return]
    return value
