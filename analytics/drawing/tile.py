"""A node on the isometric ground: a plate, the symbol on its back half, the name upright on its front half.

The plate's front edges show a lip in the provider's colour. Facts stand upright
in the left and the right corner, badges along the back right edge.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from ..lettering import UNIT
from ..lettering.cards import HALF_ACROSS, HALF_DOWN, NAME_TOP, tile_name
from ..lettering.names import LEADING
from ..lettering.type_metrics import text_width
from ..text import escape
from .library import mark_id, symbol_bounds, symbol_id
from .looks import Look
from .projection import decimal, to_screen
from .templates import Template, compile_template, factory, serialise
from .theme import Theme

#: Thickness of the plate, and its top's side.
LIP = 4.5
TOP = UNIT - LIP
#: The symbol stands with its lowest point here, in a zone of this width and height.
SYMBOL_BOTTOM, SYMBOL_ROOM = 73.0, (84.0, 66.0)
FACT_SIZE = 13.0
#: The mark of a technology, over the symbol's lower right.
MARK_AT = "translate(20,50) scale(0.9)"
#: Facts begin this far from the left and the right corner.
FACT_INSET = 24.0
BADGE = 16.0
#: Screen pixels from the back corner to the first badge, and from one to the next.
BADGE_FIRST, BADGE_STEP = (46.0, 34.0), (20.0, 11.5)


def ground_path(*points: tuple[float, float]) -> str:
    """A closed path through ground pixels of a tile, on the screen."""
    spots = [to_screen(x / UNIT, y / UNIT) for x, y in points]
    return "M" + "L".join(f"{decimal(x)},{decimal(y)}" for x, y in spots) + "Z"


#: What the plate covers, drawn a pixel inside so that its line stays inside as well.
OUTLINE = ground_path((1, 1), (TOP, 1), (UNIT - 1, LIP + 1), (UNIT - 1, UNIT - 1), (LIP + 1, UNIT - 1), (1, TOP))
_TOP_FACE = ground_path((0, 0), (TOP, 0), (TOP, TOP), (0, TOP))
_LEFT_LIP = ground_path((0, TOP), (TOP, TOP), (UNIT, UNIT), (LIP, UNIT))
_RIGHT_LIP = ground_path((TOP, 0), (UNIT, LIP), (UNIT, UNIT), (TOP, TOP))


@dataclass(frozen=True, slots=True)
class TileDefinitions:
    """The plates an isometric drawing may use, as text for ``<defs>``."""

    plate: str
    ghost: str
    second_lip: str


@cache
def tile_definitions(theme: Theme) -> TileDefinitions:
    """Plate, the plate of a thing that is not there, and the lip of a second provider."""
    p = theme.prefix
    draw = factory()
    plate = draw.symbol(id=f"{p}tile", overflow="visible")
    plate.add(draw.path(_TOP_FACE, class_=f"{p}c-tile").fill(theme.tile))
    plate.add(draw.path(_LEFT_LIP).fill("currentColor"))
    plate.add(draw.path(_RIGHT_LIP).fill("currentColor"))
    plate.add(draw.path(_RIGHT_LIP).fill("#000000", opacity=0.3))
    ghost = draw.symbol(id=f"{p}tile-ghost", overflow="visible")
    ghost.add(draw.path(OUTLINE, class_=f"{p}c-canvas").fill(theme.canvas))
    second = draw.symbol(id=f"{p}lip", overflow="visible")
    second.add(draw.path(_RIGHT_LIP).fill("currentColor"))
    return TileDefinitions(serialise(plate), serialise(ghost), serialise(second))


@cache
def _templates(theme: Theme) -> dict[str, Template]:
    p = theme.prefix
    draw = factory()
    use = draw.use("#zref", class_="zclass")
    symbol = draw.use("#zref", class_="zclass", transform="translate(900001.5,900002.5)")
    name = draw.text("ztext", insert=(900001.5, 900002.5), class_="zclass", font_size=900003.5)
    badge = draw.g(transform="translate(900001.5,900002.5)")
    badge.add(draw.rect((0, 0), (BADGE, BADGE), rx=3, class_="zclass"))
    badge.add(draw.text("ztext", insert=(BADGE / 2, BADGE - 4), class_=f"{p}bg {p}mid"))
    entry = draw.path("M-8,139.5L8,139.5L0,147Z", class_=f"{p}c-entry").fill(theme.entry_edge)
    return {
        "use": compile_template(serialise(use), "zref", "zclass"),
        "symbol": compile_template(serialise(symbol), "zref", "translate(900001.5,900002.5)", "zclass"),
        "text": compile_template(serialise(name), "zclass", "900003.5", "900001.5", "900002.5", "ztext"),
        "badge": compile_template(serialise(badge), "translate(900001.5,900002.5)", "zclass", "ztext"),
        "entry": compile_template(serialise(entry) + "zz", "zz"),
    }


@lru_cache(maxsize=2_048)
def _ground(theme: Theme, look: Look) -> str:
    """Plate and symbol; most nodes share theirs with others."""
    p = theme.prefix
    templates = _templates(theme)
    classes = f"{p}p-{look.providers[0].key}"
    if look.dashed:
        plate = templates["use"](f"{p}tile-ghost", f"{p}p-neutral")
        classes += f" {p}ghost"
    else:
        plate = templates["use"](f"{p}tile", classes)
    if len(look.providers) > 1:
        plate += templates["use"](f"{p}lip", f"{p}p-{look.providers[1].key}")
    body = plate + templates["symbol"](symbol_id(theme, look.symbol), _symbol_transform(look.symbol), classes)
    if look.technology:
        body += templates["symbol"](mark_id(theme, look.technology), MARK_AT, f"{p}mark")
    return body


@lru_cache(maxsize=512)
def _symbol_transform(key: str) -> str:
    """Stands a symbol on the middle of the tile, as large as the back half allows."""
    left, top, right, bottom = symbol_bounds(key)
    scale = min(SYMBOL_ROOM[0] / (right - left), SYMBOL_ROOM[1] / (bottom - top))
    x, y = -(left + right) / 2 * scale, SYMBOL_BOTTOM - bottom * scale
    return f"translate({decimal(x)},{decimal(y)}) scale({scale:.3g})"


def tile_body(
    theme: Theme,
    look: Look,
    name: str,
    facts: Sequence[str],
    marks: Sequence[tuple[str, str]],
    *,
    root: bool,
) -> str:
    """Everything on a tile but its outline."""
    p = theme.prefix
    templates = _templates(theme)
    written = tile_name(name)
    style = f"{p}l {p}mid {p}i" if look.dashed else f"{p}l {p}mid"
    drop = 6.0 if len(written.lines) == 1 else 1.5
    base = NAME_TOP + drop + written.size * 0.86
    leading = written.size * LEADING
    texts = [
        templates["text"](style, f"{written.size:g}", "0", decimal(base + number * leading), escape(line))
        for number, line in enumerate(written.lines)
    ]
    texts += _corner_facts(theme, facts, templates["text"])
    for number, (glyph, tone) in enumerate(marks):
        x, y = (first + number * step for first, step in zip(BADGE_FIRST, BADGE_STEP, strict=True))
        texts.append(templates["badge"](f"translate({decimal(x)},{decimal(y)})", f"{p}{tone}", escape(glyph)))
    entry = templates["entry"]("") if root else ""
    return f'{_ground(theme, look)}<g class="{p}t">{"".join(texts)}{entry}</g>'


def _corner_facts(theme: Theme, facts: Sequence[str], text: Template) -> list[str]:
    """The first fact in the left corner, the last in the right one, others where there is room."""
    p = theme.prefix
    room = HALF_ACROSS - SYMBOL_ROOM[0] / 2 - FACT_INSET
    if not facts:
        return []
    right = facts[-1] if len(facts) > 1 else ""
    left = " ".join(facts[:-1] if right else facts)
    written = []
    base = decimal(HALF_DOWN - 1.0)
    for said, at, end in ((left, FACT_INSET - HALF_ACROSS, ""), (right, HALF_ACROSS - FACT_INSET, f" {p}end")):
        if said and text_width(said, FACT_SIZE) <= room:
            written.append(text(f"{p}s{end}", f"{FACT_SIZE:g}", decimal(at), base, escape(said)))
    return written
