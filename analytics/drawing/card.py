"""A node seen from above: a card with its symbol, its name, a line of facts and the provider's edge.

Pixels from the card's upper left corner. Badges stand in the lower right corner,
beside the line of facts.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache, lru_cache

from ..lettering.cards import FACTS_SIZE, TEXT_LEFT, TEXT_RIGHT, card_name
from ..lettering.names import LEADING
from ..lettering.type_metrics import text_width
from ..text import escape
from .library import mark_id, symbol_bounds, symbol_id
from .looks import Look
from .projection import decimal
from .templates import Template, compile_template, factory, serialise
from .theme import Theme

#: Radius of the corners, and how wide the provider's edge is.
CORNER, EDGE = 7.0, 6.5
#: The symbol's zone: its middle, and the room in it.
SYMBOL_AT, SYMBOL_ROOM = 30.5, (41.0, 46.0)
#: Where the mark of a technology begins, over the symbol's lower right.
MARK_AT = 36.0
#: So many providers share the edge.
MOST_PROVIDERS = 5
BADGE = 14.0
BADGE_PITCH = 16.0
#: What badges keep free of the card's border.
BADGE_INSET = 3.0
#: The least type of the line of facts.
LEAST_FACTS = 10.0


def outline(width: float, depth: float) -> str:
    """The border of a card, half a pixel inside so that its line stays inside as well."""
    w, d, r = decimal(width - 0.5), decimal(depth - 0.5), decimal(CORNER)
    inner_w, inner_d = decimal(width - CORNER), decimal(depth - CORNER)
    return (
        f"M{r},0.5L{inner_w},0.5Q{w},0.5,{w},{r}L{w},{inner_d}Q{w},{d},{inner_w},{d}"
        f"L{r},{d}Q0.5,{d},0.5,{inner_d}L0.5,{r}Q0.5,0.5,{r},0.5Z"
    )


def _edge(top: float, bottom: float, depth: float) -> str:
    """The provider's edge from ``top`` to ``bottom`` along the left border."""
    r = CORNER
    start = f"M{EDGE},{decimal(top)}" if top > 0.5 else f"M{EDGE},0.5"
    upper = f"L0.5,{decimal(top)}" if top > 0.5 else f"L{r},0.5Q0.5,0.5,0.5,{r}"
    lower = f"L0.5,{decimal(bottom)}L{EDGE},{decimal(bottom)}Z"
    if bottom > depth - 1:
        low = decimal(depth - 0.5)
        lower = f"L0.5,{decimal(depth - r)}Q0.5,{low},{r},{low}L{EDGE},{low}Z"
    return start + upper + lower


@cache
def _templates(theme: Theme) -> dict[str, Template]:
    p = theme.prefix
    draw = factory()
    face = draw.path("M1.5,2.5Z", class_="zface").fill("#123456")
    edge = draw.path("M1.5,2.5Z", class_="zclass").fill("currentColor")
    symbol = draw.use("#zref", class_="zclass", transform="translate(900001.5,900002.5)")
    name = draw.text("ztext", insert=(900001.5, 900002.5), class_="zclass", font_size=900003.5)
    badge = draw.g(transform="translate(900001.5,900002.5)")
    badge.add(draw.rect((0, 0), (BADGE, BADGE), rx=3, class_="zclass"))
    badge.add(draw.text("ztext", insert=(BADGE / 2, BADGE - 3), class_=f"{p}bg {p}mid"))
    return {
        "face": compile_template(serialise(face), "zface", "M1.5,2.5Z", "#123456"),
        "edge": compile_template(serialise(edge), "zclass", "M1.5,2.5Z"),
        "symbol": compile_template(serialise(symbol), "zref", "translate(900001.5,900002.5)", "zclass"),
        "text": compile_template(serialise(name), "zclass", "900003.5", "900001.5", "900002.5", "ztext"),
        "badge": compile_template(serialise(badge), "900001.5", "900002.5", "zclass", "ztext"),
    }


@lru_cache(maxsize=2_048)
def _ground(theme: Theme, look: Look, width: float, depth: float) -> str:
    """Face, provider's edge and symbol; most nodes share theirs with others."""
    p = theme.prefix
    templates = _templates(theme)
    shape = outline(width, depth)
    if look.dashed:
        parts = [templates["face"](f"{p}c-canvas", shape, theme.canvas)]
    else:
        parts = [templates["face"](f"{p}c-tile", shape, theme.tile)]
        shown = look.providers[:MOST_PROVIDERS]
        share = (depth - 1) / len(shown)
        for number, provider in enumerate(shown):
            top = 0.5 + number * share
            parts.append(templates["edge"](f"{p}p-{provider.key}", _edge(top, top + share, depth)))
    classes = f"{p}p-{look.providers[0].key}" + (f" {p}ghost" if look.dashed else "")
    parts.append(templates["symbol"](symbol_id(theme, look.symbol), _symbol_transform(look.symbol, depth), classes))
    if look.technology:
        at = f"translate({decimal(MARK_AT)},{decimal(depth - 24)}) scale(0.7)"
        parts.append(templates["symbol"](mark_id(theme, look.technology), at, f"{p}mark"))
    return "".join(parts)


@lru_cache(maxsize=512)
def _symbol_transform(key: str, depth: float) -> str:
    """Puts a symbol into the middle of its zone, as large as that allows."""
    left, top, right, bottom = symbol_bounds(key)
    scale = min(SYMBOL_ROOM[0] / (right - left), SYMBOL_ROOM[1] / (bottom - top))
    x = SYMBOL_AT - (left + right) / 2 * scale
    y = depth / 2 - (top + bottom) / 2 * scale
    return f"translate({decimal(x)},{decimal(y)}) scale({scale:.3g})"


def card_body(
    theme: Theme,
    look: Look,
    name: str,
    facts: Sequence[str],
    marks: Sequence[tuple[str, str]],
    size: tuple[float, float],
) -> str:
    """Everything on a card of ``size`` (width and depth in pixels) but its outline."""
    width, depth = size
    p = theme.prefix
    templates = _templates(theme)
    written = card_name(name, width)
    said, small = _facts_line(facts, width - TEXT_LEFT - TEXT_RIGHT - BADGE_PITCH * len(marks))
    leading = written.size * LEADING
    height = leading * len(written.lines) + (FACTS_SIZE + 2 if said or marks else 0)
    base = (depth - height) / 2 + written.size * 0.8
    style = f"{p}l {p}i" if look.dashed else f"{p}l"
    left = decimal(TEXT_LEFT)
    texts = [
        templates["text"](style, f"{written.size:g}", left, decimal(base + number * leading), escape(line))
        for number, line in enumerate(written.lines)
    ]
    if said:
        at = base + (len(written.lines) - 1) * leading + FACTS_SIZE + 2
        texts.append(templates["text"](f"{p}s", f"{small:g}", left, decimal(at), escape(said)))
    for number, (glyph, tone) in enumerate(marks):
        x = width - BADGE_PITCH * (len(marks) - number) - BADGE_INSET + 2
        texts.append(templates["badge"](decimal(x), decimal(depth - BADGE - BADGE_INSET), f"{p}{tone}", escape(glyph)))
    return f'{_ground(theme, look, width, depth)}<g class="{p}t">{"".join(texts)}</g>'


def _facts_line(facts: Sequence[str], room: float) -> tuple[str, float]:
    """The facts as they stand below the name, and the size of their type; the last give way where room is short."""
    while facts:
        said = " · ".join(facts)
        wide = text_width(said, FACTS_SIZE)
        if wide <= room:
            return said, FACTS_SIZE
        if wide * LEAST_FACTS <= room * FACTS_SIZE:
            return said, int(room / wide * FACTS_SIZE * 2) / 2
        facts = facts[:-1]
    return "", FACTS_SIZE
