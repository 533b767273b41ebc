"""Nodes: tile, symbol, name, quantity, badges and the hover target."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from ..catalog.families import SHOWN_AS_SERVERS
from ..catalog.providers import NEUTRAL, Provider, providers_of
from ..model.graph import Badge, Node
from ..model.grid import Place
from ..text import clean_text, escape, safe_id, safe_word
from .library import symbol_id
from .projection import decimal, to_screen
from .symbols import symbol_for
from .symbols.racks import MOST_RACKS
from .symbols.sizes import size_code, size_scale
from .theme import Theme
from .tile import (
    BADGE,
    BADGE_PITCH,
    BADGE_TOP,
    LEFT_BASELINE,
    NAME_BASELINES,
    NAME_ROOM,
    NAME_SIZE,
    RIGHT_BASELINE,
    SMALL_NAME,
    STRIP_END,
    NodeTemplates,
    node_templates,
    symbol_transform,
)
from .type_metrics import ELLIPSIS, text_width, wrap

#: Kinds that nobody provides: they are drawn in a neutral colour.
UNPROVIDED = frozenset({"ghost", "internet", "hidden"})
#: Kinds whose tile is dashed: the inventory does not hold them.
DASHED = frozenset({"ghost", "external", "hidden"})
#: Longest name that is read; the tooltip shows it whole.
NAME_LIMIT = 160
STRIP_SIZE = 12.0
_BASELINES = tuple(str(baseline) for baseline in NAME_BASELINES)


@dataclass(frozen=True, slots=True, eq=False)  # nodes that look alike share one: it is counted by identity
class Look:
    """What of a node is seen as a class: its symbol, its providers, whether it is dashed. The legend counts these."""

    symbol: str
    providers: tuple[Provider, ...]
    dashed: bool


def look_of(node: Node) -> Look:
    """How ``node`` is shown."""
    return _look(node.kind, node.family, node.provider, node.quantity)


@lru_cache(maxsize=4096)
def _look(kind: str, family: str, provider: str, quantity: int) -> Look:
    unprovided = kind in UNPROVIDED or (kind == "external" and not provider)
    return Look(
        symbol_for(kind, family, quantity), (NEUTRAL,) if unprovided else providers_of(provider), kind in DASHED
    )


def quantity_text(node: Node) -> str:
    """The exact count that stands on the tile: servers beyond those drawn, or things folded into one.

    >>> quantity_text(Node("a", "A", quantity=37)), quantity_text(Node("a", "A", quantity=3))
    ('×37', '')
    >>> quantity_text(Node("a", "A", kind="server-group", family="", count=12))
    '×12'
    """
    one_by_one = node.family in SHOWN_AS_SERVERS and node.kind == "application"
    shown = MOST_RACKS if one_by_one else 1 if node.kind == "server" else 0
    if node.quantity > shown:
        return f"×{node.quantity}"
    return f"×{node.count}" if node.count > 1 and node.count != node.quantity else ""


def name_lines(name: str) -> tuple[str, ...]:
    """The name as it stands on the tile, on at most two lines."""
    return written_name(name)[0]


@lru_cache(maxsize=4096)
def written_name(name: str) -> tuple[tuple[str, ...], float]:
    """The lines of a name and the size of their type: a long one is written smaller before it is shortened."""
    text = clean_text(name, NAME_LIMIT) or "(no name)"
    lines = wrap(text, NAME_SIZE, NAME_ROOM)
    if ELLIPSIS not in lines[-1] or ELLIPSIS in text:
        return lines, NAME_SIZE
    return wrap(text, SMALL_NAME, NAME_ROOM), SMALL_NAME


def badge_slots(provider_code: str) -> int:
    """How many badges stand on the right strip above the provider's code."""
    taken = text_width(provider_code, STRIP_SIZE) + 4 if provider_code else 0.0
    return int((STRIP_END - taken - BADGE_TOP) // BADGE_PITCH)


def badge_top(slot: int) -> int:
    """Where, in ground pixels, a badge's back edge lies."""
    return BADGE_TOP + slot * BADGE_PITCH


def draw_node(node: Node, place: Place, origin: tuple[float, float], theme: Theme, *, loops: bool) -> str:
    """One node at its place. ``loops``: the first badge slot is left to an edge from the node to itself."""
    templates = node_templates(theme)
    look = look_of(node)
    lines, size = written_name(node.name)
    full_name = escape(clean_text(node.name, NAME_LIMIT))
    shortened = ELLIPSIS in "".join(lines) and ELLIPSIS not in node.name
    style = f"{theme.prefix}l" if size == NAME_SIZE else f"{theme.prefix}ls"
    style += f" {theme.prefix}i" if look.dashed else ""
    flat = [templates.line(base, style, escape(line)) for base, line in zip(_BASELINES, lines, strict=False)]
    flat.append(_strips(theme, look, node.size, quantity_text(node), node.root))
    if node.badges:
        flat += _badges(node.badges, badge_slots(provider_code(look)), 1 if loops else 0, theme, templates)
    x, y = to_screen(place.x, place.y)
    return templates.node(
        decimal(x + origin[0]),
        decimal(y + origin[1]),
        safe_id(node.id),
        safe_word(node.kind),
        safe_word(node.family) if node.family else "",
        look.providers[0].key,
        _body(theme, look, node.size) + templates.flat("".join(flat)),
        _outline(theme, look.dashed, node.root),
        f"{full_name}, {_spoken(node)}",
        templates.title(full_name) if shortened else "",
    )


def _spoken(node: Node) -> str:
    """What a screen reader says after the name."""
    words = [node.family or node.kind]
    if node.kind in DASHED:
        words.append("not in the inventory")
    if node.root:
        words.append("entry")
    if node.quantity:
        words.append(f"{node.quantity} servers")
    words += [badge.words for badge in node.badges]
    return escape(clean_text(", ".join(words), 300))


def _outline(theme: Theme, dashed: bool, root: bool) -> str:
    return f"{theme.prefix}og" if dashed else f"{theme.prefix}oe" if root else f"{theme.prefix}o"


@lru_cache(maxsize=2_048)
def _body(theme: Theme, look: Look, size: str) -> str:
    """Plate and symbol; most nodes share theirs with others."""
    p = theme.prefix
    templates = node_templates(theme)
    classes = f"{p}p-{look.providers[0].key}"
    if look.dashed:
        plate = templates.use(f"{p}tile-ghost", f"{p}p-neutral")
        classes += f" {p}ghost"
    else:
        plate = templates.use(f"{p}tile", classes)
    if len(look.providers) > 1:
        plate += templates.use(f"{p}lip", f"{p}p-{look.providers[1].key}")
    return plate + templates.symbol(symbol_id(theme, look.symbol), symbol_transform(size_scale(size)), classes)


def provider_code(look: Look) -> str:
    """What stands on the right strip: the first provider's code, and how many more there are."""
    more = f" +{len(look.providers) - 1}" if len(look.providers) > 1 else ""
    return clean_text(look.providers[0].code + more, 12)


@lru_cache(maxsize=4_096)
def _strips(theme: Theme, look: Look, size: str, quantity: str, root: bool) -> str:
    """The writing on both strips, and the mark of an entry."""
    p = theme.prefix
    templates = node_templates(theme)
    parts: list[str] = []
    end = STRIP_END
    if quantity:
        parts.append(templates.along(str(LEFT_BASELINE), str(end), f"{p}q", quantity))
        end -= int(text_width(quantity, 13.0, bold=True)) + 7
    code = size_code(clean_text(size, 12))
    if code:
        parts.append(templates.along(str(LEFT_BASELINE), str(end), f"{p}s", escape(code)))
    provider = provider_code(look)
    if provider:
        parts.append(templates.along(str(RIGHT_BASELINE), str(STRIP_END), f"{p}s", escape(provider)))
    if root:
        parts.append(templates.entry)
    return "".join(parts)


def _badges(badges: tuple[Badge, ...], slots: int, first: int, theme: Theme, templates: NodeTemplates) -> list[str]:
    """As many badges as there is room for; the last slot says how many more there are."""
    p = theme.prefix
    room = max(1, slots - first)
    shown = badges if len(badges) <= room else badges[: room - 1]
    marks = [(clean_text(badge.glyph, 2) or "!", tone_of(badge)) for badge in shown]
    if len(shown) < len(badges):
        marks.append((f"+{min(99, len(badges) - len(shown))}", "info"))
    return [
        templates.badge(
            str(badge_top(first + slot)),
            str(badge_top(first + slot) + BADGE - 5),
            f"{p}{tone}",
            f"{p}bg {p}mid",
            escape(glyph),
        )
        for slot, (glyph, tone) in enumerate(marks)
    ]


def tone_of(badge: Badge) -> str:
    """A badge's tone, one of those that have a colour."""
    return badge.tone if badge.tone in ("info", "good", "warn", "bad") else "info"
