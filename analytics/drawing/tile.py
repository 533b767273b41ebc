"""The tile a node stands on, and where on it everything lies.

Ground pixels: ``UNIT`` to a side, ``x`` along the front right edge's direction, ``y``
along the front left's. The tile is a plate whose front edges show a lip in the
provider's colour. From back to front: a strip along the left for size and
quantity, the symbol's zone, a strip along the right for badges and the
provider, and in front the strip for the name.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from .projection import UNIT, decimal, to_screen
from .templates import Template, compile_template, factory, serialise
from .theme import Theme

#: Thickness of the plate, and its top's side.
LIP = 4.5
TOP = UNIT - LIP

#: The strip for the name: where its lines begin, how much room they have, their baselines.
NAME_LEFT = 7.0
NAME_ROOM = TOP - 2 * NAME_LEFT
NAME_BASELINES = (119, 136)
NAME_SIZE = 13.0
#: Of a name that is too long for that: no text of a drawing is smaller.
SMALL_NAME = 12.0

#: The symbol's zone in ground pixels: nothing of a symbol is seen outside of it.
ZONE = (20.0, 3.0, 126.0, 104.0)

#: Where the point (19, 17.5, 0) of a symbol, the middle of its footprint, stands in the tile (hundredths).
ANCHOR = (0.65, 0.515)
FOOT = (19.0, 17.5)

#: The strips beside the zone: baselines of their writing, which runs up along y from ``STRIP_END``.
LEFT_BASELINE = 17
RIGHT_BASELINE = 141
STRIP_END = 102
BADGE = 18
BADGE_LEFT = 127
BADGE_TOP = 4
BADGE_PITCH = 21


def ground_path(*points: tuple[float, float]) -> str:
    """A closed path through ground pixels of a tile, on the screen."""
    spots = [to_screen(x / UNIT, y / UNIT) for x, y in points]
    return "M" + "L".join(f"{decimal(x)},{decimal(y)}" for x, y in spots) + "Z"


#: What the plate covers, drawn a pixel inside so that its line stays inside as well.
OUTLINE = ground_path((1, 1), (TOP, 1), (UNIT - 1, LIP + 1), (UNIT - 1, UNIT - 1), (LIP + 1, UNIT - 1), (1, TOP))
_TOP_FACE = ground_path((0, 0), (TOP, 0), (TOP, TOP), (0, TOP))
_LEFT_LIP = ground_path((0, TOP), (TOP, TOP), (UNIT, UNIT), (LIP, UNIT))
_RIGHT_LIP = ground_path((TOP, 0), (UNIT, LIP), (UNIT, UNIT), (TOP, TOP))


def symbol_transform(scale: float) -> str:
    """Puts a symbol of hundredths into the tile, its footprint's middle at the anchor."""
    x, y = to_screen(*ANCHOR)
    size = UNIT / 100 * scale
    foot_x, foot_y = to_screen(FOOT[0] / 100, FOOT[1] / 100)
    return f"translate({decimal(x - foot_x * scale)},{decimal(y - foot_y * scale)}) scale({size:.3g})"


@dataclass(frozen=True, slots=True)
class TileDefinitions:
    """The plates every drawing may use, as text for ``<defs>``, by id."""

    plate: str
    ghost: str
    second_lip: str


@cache
def tile_definitions(theme: Theme) -> TileDefinitions:
    """Plate, the plate of a thing that is not there, and the lip of a second provider."""
    draw = factory()
    plate = draw.symbol(id=f"{theme.prefix}tile", overflow="visible")
    plate.add(draw.path(_TOP_FACE).fill(theme.tile))
    plate.add(draw.path(_LEFT_LIP).fill("currentColor"))
    plate.add(draw.path(_RIGHT_LIP).fill("currentColor"))
    plate.add(draw.path(_RIGHT_LIP).fill("#000000", opacity=0.3))
    ghost = draw.symbol(id=f"{theme.prefix}tile-ghost", overflow="visible")
    ghost.add(draw.path(OUTLINE).fill(theme.canvas))
    second = draw.symbol(id=f"{theme.prefix}lip", overflow="visible")
    second.add(draw.path(_RIGHT_LIP).fill("currentColor"))
    return TileDefinitions(serialise(plate), serialise(ghost), serialise(second))


@dataclass(frozen=True, slots=True)
class NodeTemplates:
    """Everything a node is drawn with."""

    node: Template
    title: Template
    use: Template
    symbol: Template
    flat: Template
    line: Template
    along: Template
    badge: Template
    entry: str


@cache
def node_templates(theme: Theme) -> NodeTemplates:
    """The prototypes of a node's elements, built once per theme."""
    p = theme.prefix
    draw = factory()

    hit = draw.path(OUTLINE, class_="boundaries zstyle", id="zident").fill("#ffffff", opacity=0)
    boundaries = serialise(hit, {"role": "img", "aria-label": "zlabel"}, content="ztitle")
    group = draw.g(class_=f"{p}n", transform="translate(900001.5,900002.5)")
    facts = {"data-id": "zident", "data-kind": "zkind", "data-family": "zfamily", "data-provider": "zprovider"}
    text = serialise(group, facts, content=f"zbody{boundaries}")
    node = compile_template(
        text,
        *("900001.5", "900002.5", "zident", "zkind", "zfamily", "zprovider", "zbody", "zstyle", "zlabel", "ztitle"),
    )

    use = draw.use("#zref", class_="zclass")
    symbol = draw.use("#zref", class_="zclass", transform="translate(900001.5,900002.5)")
    flat = draw.g(class_=f"{p}t", transform="matrix(0.866,0.5,-0.866,0.5,0,0)")
    line = draw.text("ztext", insert=(NAME_LEFT, 900002.5), class_="zclass")
    along = draw.text("ztext", class_="zclass", transform="translate(900001.5,900002.5) rotate(-90)")
    badge = draw.g()
    badge.add(draw.rect((BADGE_LEFT, 900002.5), (BADGE, BADGE), rx=3, class_="zclass"))
    badge.add(draw.text("ztext", insert=(BADGE_LEFT + BADGE / 2, 900003.5), class_="zmark"))
    entry = draw.path("M6,5L18,14L6,23Z").fill(theme.entry_edge)
    return NodeTemplates(
        node=node,
        title=compile_template("<title>ztext</title>", "ztext"),
        use=compile_template(serialise(use), "zref", "zclass"),
        symbol=compile_template(serialise(symbol), "zref", "translate(900001.5,900002.5)", "zclass"),
        flat=compile_template(serialise(flat, content="zbody"), "zbody"),
        line=compile_template(serialise(line), "900002.5", "zclass", "ztext"),
        along=compile_template(serialise(along), "900001.5", "900002.5", "zclass", "ztext"),
        badge=compile_template(serialise(badge), "900002.5", "900003.5", "zclass", "zmark", "ztext"),
        entry=serialise(entry),
    )
