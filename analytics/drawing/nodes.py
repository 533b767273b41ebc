"""Nodes: what is on a card or a tile, in a group with the hover target over it."""

from __future__ import annotations

from functools import cache

from ..lettering import UNIT
from ..lettering.cards import card_name, tile_name
from ..lettering.names import NAME_LIMIT
from ..model.graph import Node
from ..model.grid import Place
from ..text import clean_text, escape, safe_id, safe_word
from .card import card_body, outline
from .looks import MOST_BADGES, Telling, facts_of, look_of, marks_of, spoken
from .projection import Projection, decimal
from .templates import Template, compile_template, factory, serialise
from .theme import Theme
from .tile import OUTLINE, tile_body


@cache
def _template(theme: Theme) -> Template:
    """A node's group: what is seen, then the outline that the pointer meets."""
    draw = factory()
    hit = draw.path("M1.5,2.5Z", class_="boundaries zstyle", id="zident").fill("#ffffff", opacity=0)
    boundaries = serialise(hit, {"role": "img", "aria-label": "zlabel"}, content="ztitle")
    group = draw.g(class_=f"{theme.prefix}n", transform="translate(900001.5,900002.5)")
    facts = {"data-id": "zident", "data-kind": "zkind", "data-family": "zfamily", "data-provider": "zprovider"}
    return compile_template(
        serialise(group, facts, content=f"zbody{boundaries}"),
        *("900001.5", "900002.5", "zident", "zkind", "zfamily", "zprovider", "zbody", "zstyle", "M1.5,2.5Z"),
        *("zlabel", "ztitle"),
    )


def draw_node(
    node: Node,
    place: Place,
    origin: tuple[float, float],
    theme: Theme,
    projection: Projection,
    telling: Telling,
    *,
    loops: bool,
) -> str:
    """One node at its place. ``loops``: a badge's room is left to an edge from the node to itself."""
    look = look_of(node)
    facts = facts_of(node, look, telling)
    step = telling.scale.steps.get(node.id, 0) if telling.scale else 0
    marks = marks_of(node.badges, MOST_BADGES - loops, step)
    full_name = escape(clean_text(node.name, NAME_LIMIT))
    if projection.flat:
        size = round(place.width * UNIT, 1), round(place.depth * UNIT, 1)
        body, shape = card_body(theme, look, node.name, facts, marks, size), outline(*size)
        cut = card_name(node.name, size[0]).cut
    else:
        body, shape = tile_body(theme, look, node.name, facts, marks, root=node.root), OUTLINE
        cut = tile_name(node.name).cut
    x, y = projection.point(place.x, place.y)
    return _template(theme)(
        decimal(x + origin[0]),
        decimal(y + origin[1]),
        safe_id(node.id),
        safe_word(node.kind),
        safe_word(node.family) if node.family else "",
        look.providers[0].key,
        body,
        _outline(theme, look.dashed, node.root),
        shape,
        f"{full_name}, {spoken(node)}",
        f"<title>{full_name}</title>" if cut else "",
    )


def _outline(theme: Theme, dashed: str, root: bool) -> str:
    return f"{theme.prefix}og" if dashed else f"{theme.prefix}oe" if root else f"{theme.prefix}o"
