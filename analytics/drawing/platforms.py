"""Containers: slightly raised platforms, nested, each with a header that tells what it is and what is in it.

A container that shares the box of another is written into its header: one
platform says "AWS Ireland › eu-west-1" and means both.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from ..catalog.providers import NEUTRAL, provider_of
from ..lettering import UNIT
from ..lettering.titles import LEAST_SHARE, PAD, TITLE_SHARE, box_title
from ..lettering.type_metrics import fit, text_width
from ..model.graph import Attribute, Container
from ..model.grid import Area, Grid
from ..text import clean_text, escape, safe_id, safe_word
from .projection import Projection, matrix, path_through
from .templates import Template, compile_template, factory, serialise
from .theme import Theme

#: Thickness of a platform in ground units. What rises is set back by as much, so it covers only its own ground.
LIP = 0.03
#: Border of each kind: width, dashes.
BORDERS = {
    "provider": (2.6, ""),
    "datacenter": (2.2, ""),
    "region": (1.4, ""),
    "network": (2.0, "10 3"),
    "zone": (1.2, "6 4"),
    "subnet": (1.2, "2 4"),
    "cluster": (1.2, "8 3 2 3"),
    "system": (1.6, "12 4"),
}
OTHER_BORDER = (1.0, "4 4")
#: Kinds whose front edges show their provider's colour: these a reader looks for first.
PROVIDED = frozenset({"provider", "datacenter"})
#: Kinds as people call them, where the model's word is not theirs; no word where the name says it all.
WORDS = {"ghost-network": "network not in the inventory", "outside": "", "unplaced": "", "part": ""}
#: The kind and the figures beside the name, as a share of its size.
FIGURE_SHARE = 0.58
#: Down to this size, in pixels, a name makes room for its kind and its figures.
COMPANY = 20.0
#: On ground wider than this many tiles the name grows, up to this share of the strip.
WIDE, WIDEST_SHARE = 4.0, 0.7
#: No name is larger, in pixels.
LARGEST = 32.0


@dataclass(frozen=True, slots=True)
class Platform:
    """A box as it is drawn: its area, its outermost container, and those that share it, outermost first."""

    area: Area
    containers: tuple[Container, ...]

    @property
    def outer(self) -> Container:
        """The container the box belongs to."""
        return self.containers[0]

    @property
    def name(self) -> str:
        """The names of all that share the box."""
        return box_title([container.name for container in self.containers])

    @property
    def kind(self) -> str:
        """The kind as people call it; several that share a box are known by their names."""
        if len(self.containers) > 1:
            return ""
        kind = self.outer.kind
        return WORDS.get(kind, clean_text(kind, 24))

    @property
    def figures(self) -> tuple[str, ...]:
        """The roll-ups of the innermost container that has any."""
        for container in reversed(self.containers):
            if found := tuple(clean_text(figure(row), 40) for row in container.rollups if row.value):
                return found
        return ()


def platforms_of(grid: Grid) -> list[Platform]:
    """The boxes of a grid in the order of their outermost containers."""
    sharing: dict[str, list[tuple[int, Container]]] = {}
    areas = {area.container: area for area in grid.areas}
    parents = {container.id: container.parent for container in grid.graph.containers}

    def depth(container: str) -> int:
        steps = 0
        while container:
            container, steps = parents.get(container, ""), steps + 1
        return steps

    for area, container in zip(grid.areas, grid.graph.containers, strict=True):
        sharing.setdefault(area.shares or container.id, []).append((depth(container.id), container))
    return [
        Platform(areas[box], tuple(container for _, container in sorted(own, key=lambda item: item[0])))
        for box, own in sharing.items()
        if box in areas
    ]


@cache
def _template(theme: Theme, kind: str, level: int, provided: bool) -> Template:
    p = theme.prefix
    draw = factory()
    width, dashes = BORDERS.get(kind, OTHER_BORDER)
    group = draw.g(class_=f"{p}a")
    lip = draw.path("M1.5,1.5Z", class_="zclass" if provided else f"zclass {p}c-lip")
    group.add(lip.fill("currentColor" if provided else theme.platform_lip))
    top = draw.path("M2.5,2.5Z", class_=f"{p}c-ground{level} {p}c-border").fill(theme.platforms[level])
    top.stroke(theme.platform_edge, width, linejoin="round")
    if dashes:
        top.dasharray([int(part) for part in dashes.split()])
    group.add(top)
    text = serialise(group, {"data-id": "zident", "data-kind": "zkind"}, content="ztitle")
    return compile_template(text, "zident", "zkind", "ztitle", "zclass", "M1.5,1.5Z", "M2.5,2.5Z")


@cache
def _laid_flat(theme: Theme) -> Template:
    """A group on the ground, of the box whose header it is."""
    flat = factory().g(class_=f"{theme.prefix}t", transform="translate(900001.5,900002.5)")
    text = serialise(flat, {"data-header": "zident"}, content="zheader")
    return compile_template(text, "zident", "translate(900001.5,900002.5)", "zheader")


@cache
def _writing(theme: Theme) -> tuple[Template, Template]:
    """A piece of header text, and a chip behind one."""
    draw = factory()
    text = draw.text("ztext", insert=(900001.5, 900002.5), class_="zclass", font_size=900003.5)
    chip = draw.rect((900001.5, 900002.5), (900003.5, 900004.5), rx=4, class_="zclass").fill("#123456")
    return (
        compile_template(serialise(text), "900001.5", "900002.5", "900003.5", "zclass", "ztext"),
        compile_template(serialise(chip), "900001.5", "900002.5", "900003.5", "900004.5", "zclass", "#123456"),
    )


def draw_platform(platform: Platform, origin: tuple[float, float], theme: Theme, projection: Projection) -> str:
    """One box's ground and border."""
    area, container = platform.area, platform.outer
    x, y, width, depth = area.x, area.y, area.width, area.depth

    def corner(dx: float, dy: float) -> tuple[float, float]:
        sx, sy = projection.point(x + dx, y + dy)
        return sx + origin[0], sy + origin[1]

    low = [corner(0, 0), corner(width - LIP, 0), corner(width, LIP), corner(width, depth), corner(LIP, depth)]
    low.append(corner(0, depth - LIP))
    top = [corner(0.01, 0.01), corner(width - LIP, 0.01), corner(width - LIP, depth - LIP), corner(0.01, depth - LIP)]
    provider = next((c.provider for c in platform.containers if c.kind in PROVIDED and c.provider), "")
    shown = provider_of(provider) if provider else NEUTRAL
    kind = container.kind if container.kind in BORDERS else ""
    return _template(theme, kind, area.level % len(theme.platforms), shown is not NEUTRAL)(
        safe_id(container.id),
        safe_word(container.kind),
        f"<title>{escape(clean_text(' · '.join(_said(platform)), 1_000))}</title>",
        f"{theme.prefix}p-{shown.key}",
        path_through(low, closed=True),
        path_through(top, closed=True),
    )


def _said(platform: Platform) -> list[str]:
    """What a box says to a pointer that rests: every container that shares it with its rows, once."""
    tones = {"good": 0, "info": 1, "warn": 2, "bad": 3}
    said = []
    for container in platform.containers:
        said.append(f"{container.name} ({container.kind})")
        said += [f"{row.name}: {row.value}" for row in (*container.rollups, *container.attributes) if row.value]
        said += [badge.text for badge in sorted(container.badges, key=lambda badge: -tones.get(badge.tone, 1))]
    return list(dict.fromkeys(said))


def draw_platform_header(platform: Platform, origin: tuple[float, float], theme: Theme, projection: Projection) -> str:
    """Kind, name and roll-ups in the strip along the back; nothing is written where there is no strip.

    It is painted after the lines, on plates of the ground's colour: a line that
    enters by the back passes under it and not through the words. The name is as
    large as the strip allows, and larger on wide ground; what does not fit beside it is left to the hint.
    """
    area = platform.area
    strip = area.header * UNIT
    if strip < 16:
        return ""
    room = (area.width - LIP) * UNIT - 2 * PAD
    size = min(LARGEST, strip * min(WIDEST_SHARE, TITLE_SHARE * max(1.0, (area.width / WIDE) ** 0.5)))
    name, kind = platform.name, platform.kind
    while size > strip * LEAST_SHARE and text_width(name, size, bold=True) > room:
        size -= 0.5
    smaller = size  # the kind and two figures may take a little of the name's size
    company = "".join(platform.figures[:2])
    while smaller > COMPANY and _titled(kind, name, company, smaller) > room:
        smaller -= 0.5
    size = smaller if _titled(kind, name, company, smaller) <= room else size
    small = size * FIGURE_SHARE
    if kind and text_width(name, size, bold=True) + text_width(kind, small) + 7 > room:
        kind = ""
    shown = fit(name, size, room, bold=True)
    base = strip / 2 + size * 0.36
    text, chip = _writing(theme)
    p = theme.prefix
    before = text_width(kind, small) + 7 if kind else 0.0
    taken = before + text_width(shown, size, bold=True)
    level = area.level % len(theme.platforms)
    plate = (round(PAD - 4), round(base - size), round(taken + 8), round(size * 1.3))
    parts = [chip(*map(str, plate), f"{p}c-ground{level}", theme.platforms[level])]
    if kind:
        parts.append(text(str(round(PAD)), f"{base:.1f}", f"{small:.3g}", f"{p}m", escape(kind)))
    parts.append(text(f"{PAD + before:.1f}", f"{base:.1f}", f"{size:.3g}", f"{p}b", escape(shown)))
    left = PAD + taken + small * 0.8
    for words in platform.figures:
        width = text_width(words, small) + small
        if left + width > PAD + room:
            break
        spot = (round(left), round(base - small * 1.08), round(width), round(small * 1.5))
        parts.append(chip(*map(str, spot), f"{p}c-chip", theme.chip))
        parts.append(text(f"{left + small / 2:.1f}", f"{base:.1f}", f"{small:.3g}", f"{p}c", escape(words)))
        left += width + small / 2
    x, y = projection.point(area.x, area.y)
    plane = matrix(projection.along_x, x + origin[0], y + origin[1])
    return _laid_flat(theme)(safe_id(platform.outer.id), plane, "".join(parts))


def _titled(kind: str, name: str, figure: str, size: float) -> float:
    """The room of a kind, the name behind it and two figures behind that."""
    small = size * FIGURE_SHARE
    company = (text_width(kind, small) + 7 if kind else 0.0) + (
        text_width(figure, small) + 5 * small if figure else 0.0
    )
    return text_width(name, size, bold=True) + company


def figure(row: Attribute) -> str:
    """A figure with what it counts, a word by itself; what is not known says of what.

    >>> figure(Attribute("servers", "12")), figure(Attribute("range", "::/0")), figure(Attribute("exposure", "unknown"))
    ('12 servers', '::/0', 'exposure unknown')
    """
    if row.value == "unknown":
        return f"{row.name} unknown"
    name = row.name.removesuffix("s") if row.value == "1" else row.name
    return f"{row.value} {name}" if row.value.replace(".", "", 1).isdigit() else row.value
