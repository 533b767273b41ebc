"""How a node looks, whatever the projection: its symbol, its providers, and the facts beside its name."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from ..catalog.providers import NEUTRAL, Provider, providers_of
from ..model.details import amount
from ..model.graph import Badge, Graph, Node, Quantity
from ..text import clean_text, escape
from .scales import Scale, scale_of
from .symbols import SYMBOLS, symbol_for
from .symbols.sizes import size_code
from .symbols.technologies import TELLING_ROWS, technology_named

#: Kinds that nobody provides: they are drawn in a neutral colour.
UNPROVIDED = frozenset({"ghost", "internet", "hidden", "outside"})
#: Kinds whose tile is dashed, and why.
MISSING, BESIDE = "not in the inventory", "outside of the part"
DASHED = {"ghost": MISSING, "external": MISSING, "hidden": MISSING, "outside": BESIDE}
#: Marks of a difference whose tile is dashed too, so that it is not told by colour alone, and why.
MARKED = {"removed": "removed since", "moved": "moved since"}
#: Attributes that tell things of one name apart, the best first.
TELLING = ("env", "dc", "zone", "subnet", "private IP", "instance", "system", "systems", "Cluster")
#: Longest fact that is written.
FACT_LIMIT = 28
#: Badges on one node; the last slot says how many more there are.
MOST_BADGES = 4


@dataclass(frozen=True, slots=True, eq=False)  # nodes that look alike share one: it is counted by identity
class Look:
    """What of a node is seen as a class: symbol, providers, why it is dashed, technology. The legend counts these."""

    symbol: str
    providers: tuple[Provider, ...]
    dashed: str
    technology: str = ""


def look_of(node: Node) -> Look:
    """How ``node`` is shown."""
    rows = [row.value for row in node.attributes if row.name in TELLING_ROWS]
    marked = next((MARKED[one.meaning] for one in node.badges if one.meaning in MARKED and one.borne == one.among), "")
    return _look(node.kind, node.family, node.provider, technology_named((node.name, *rows)), marked)


@lru_cache(maxsize=4096)
def _look(kind: str, family: str, provider: str, technology: str, marked: str) -> Look:
    unprovided = kind in UNPROVIDED or (kind == "external" and not provider)
    providers = (NEUTRAL,) if unprovided else providers_of(provider)
    return Look(symbol_for(kind, family), providers, DASHED.get(kind, marked), technology)


@dataclass(frozen=True, slots=True)
class Telling:
    """What the nodes of one graph need not say, and what some have to.

    ``silent`` are the nodes whose provider the picture says already: all share it, or a box around them names
    it. ``apart`` is the fact that tells a node from others of its name. ``labels``
    are the numbers that stand on tiles, ``scale`` the one that colours them.
    """

    silent: frozenset[str] = frozenset()
    apart: Mapping[str, str] = field(default_factory=dict)
    labels: tuple[Quantity, ...] = ()
    scale: Scale | None = None


def telling_of(graph: Graph, *, codes: bool = False) -> Telling:
    """What need not be said on the tiles of ``graph``; ``codes`` has every provider written, colour or not."""
    named: dict[str, list[Node]] = defaultdict(list)
    for node in graph.nodes:
        named[node.name].append(node)
    boxes = {box.id: box.name for box in graph.containers}
    apart: dict[str, str] = {}
    for nodes in named.values():
        if len(nodes) > 1:
            apart.update(_told_apart(nodes, boxes))
    labels = tuple(quantity for quantity in graph.quantities if quantity.label)
    return Telling(frozenset() if codes else _silent(graph), apart, labels, scale_of(graph))


def _silent(graph: Graph) -> frozenset[str]:
    """The nodes whose provider is that of all others, or of a box they stand in."""
    shown = {look_of(node).providers for node in graph.nodes if look_of(node).providers[0].code}
    if len(shown) == 1:
        return frozenset(node.id for node in graph.nodes)
    parents = {box.id: box.parent for box in graph.containers}
    named = {box.id: providers_of(box.provider) for box in graph.containers if box.provider}
    silent = set()
    for node in graph.nodes:
        box, steps = node.parent, 0
        while box and steps < len(parents):
            if named.get(box) == look_of(node).providers:
                silent.add(node.id)
                break
            box, steps = parents.get(box, ""), steps + 1
    return frozenset(silent)


def _told_apart(nodes: list[Node], boxes: Mapping[str, str]) -> dict[str, str]:
    """For each of several nodes of one name the fact that none of the others shares, or as few as can be."""
    rows = [{row.name: row.value for row in node.attributes} for node in nodes]
    best: tuple[int, list[str]] | None = None
    for name in TELLING:
        values = [row.get(name, "") for row in rows]
        told = len(set(values))
        if told > 1 and (best is None or told > best[0]):
            best = told, values
    if best is None or best[0] < len(nodes):
        places = [boxes.get(node.parent, "") for node in nodes]
        if len(set(places)) > (best[0] if best else 1):
            best = len(set(places)), places
    if best is None:
        best = len(nodes), [node.id[-6:] for node in nodes]
    return {node.id: clean_text(value, FACT_LIMIT) for node, value in zip(nodes, best[1], strict=True)}


def quantity_text(node: Node) -> str:
    """The exact count that stands on the tile: of servers, or of the things folded into one.

    >>> quantity_text(Node("a", "A", quantity=37)), quantity_text(Node("a", "A", kind="server", quantity=1))
    ('×37', '')
    >>> quantity_text(Node("a", "A", kind="server-group", family="", count=12))
    '×12'
    """
    if node.quantity > (1 if node.kind == "server" else 0):
        return f"×{node.quantity}"
    return f"×{node.count}" if node.count > 1 and node.count != node.quantity else ""


def provider_code(look: Look) -> str:
    """The first provider's code, and how many more there are."""
    more = f" +{len(look.providers) - 1}" if len(look.providers) > 1 else ""
    return clean_text(look.providers[0].code + more, 12)


def facts_of(node: Node, look: Look, telling: Telling) -> tuple[str, ...]:
    """What stands beside the name: its numbers, how many, how large, whose, and what tells it apart."""
    code = provider_code(look)
    values = {measure.quantity: measure.value for measure in node.measures}
    facts = (
        *(amount(values[one.key], one.unit) for one in telling.labels if one.key in values),
        telling.apart.get(node.id, ""),
        quantity_text(node),
        size_code(clean_text(node.size, 12)),
        "" if node.id in telling.silent else code,
        *(clean_text(note, FACT_LIMIT) for note in node.notes),
    )
    return tuple(fact for fact in facts if fact)


def symbol_of(node: Node) -> tuple[str, str]:
    """The key of the symbol that stands for a node, and what the legend calls it.

    >>> symbol_of(Node("a", "A", family="Loadbalance"))[0]
    'Loadbalance'
    """
    key = look_of(node).symbol
    return key, SYMBOLS[key].title


def spoken(node: Node) -> str:
    """What a screen reader says after the name."""
    words = [node.family or node.kind]
    if node.kind in DASHED:
        words.append(DASHED[node.kind])
    if node.root:
        words.append("entry")
    if node.quantity:
        words.append(f"{node.quantity} servers")
    words += [badge.words for badge in node.badges]
    return escape(clean_text(", ".join(words), 300))


def tone_of(badge: Badge) -> str:
    """A badge's tone, one of those that have a colour."""
    return badge.tone if badge.tone in ("info", "good", "warn", "bad") else "info"


def marks_of(badges: tuple[Badge, ...], most: int = MOST_BADGES, step: int = 0) -> list[tuple[str, str]]:
    """Glyph and tone of as many badges as there is room for; the last one says how many more there are.

    ``step``: the first is a mark without a glyph, in the colour of that step of the picture's scale.
    """
    if step:
        return [("", f"q{step}"), *marks_of(badges, most - 1)]
    shown = badges if len(badges) <= most else badges[: most - 1]
    marks = [(clean_text(badge.glyph, 2) or "!", tone_of(badge)) for badge in shown]
    if len(shown) < len(badges):
        marks.append((f"+{min(99, len(badges) - len(shown))}", "info"))
    return marks


def count_looks(graph: Graph) -> Counter[Look]:
    """The looks of a graph's nodes and how often."""
    return Counter([look_of(node) for node in graph.nodes])
