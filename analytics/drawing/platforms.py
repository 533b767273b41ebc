"""Containers: slightly raised platforms, nested, each with a header that tells what it is and what is in it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from ..catalog.providers import NEUTRAL, provider_of
from ..model.graph import Attribute, Container
from ..model.grid import Area
from ..text import clean_text, escape, safe_id, safe_word
from .projection import FLAT, UNIT, matrix, path_through, to_screen
from .templates import Template, compile_template, factory, serialise
from .theme import Theme
from .type_metrics import fit, text_width

#: Thickness of a platform in ground units. What rises is set back by as much, so it covers only its own ground.
LIP = 0.04
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
WORDS = {"ghost-network": "network not in the inventory", "outside": "", "unplaced": ""}
NAME_LIMIT = 200
#: Type in a header: no smaller than 12 px, no larger than 24, except on ground that is
#: wider than this many tiles, which is looked at from further away.
SMALLEST, LARGEST, WIDE = 12.0, 24.0, 7.0
#: How much larger type may get on wide ground: the name, and the figures beside it.
NAME_GROWTH, FIGURE_GROWTH = 1.9, 1.6
#: A strip as deep as this holds the figures on a line of their own, where one line is too short for all.
TWO_LINES = 60.0
_PAD = 9.0


@cache
def _template(theme: Theme, kind: str, level: int, provided: bool) -> Template:
    p = theme.prefix
    draw = factory()
    width, dashes = BORDERS.get(kind, OTHER_BORDER)
    group = draw.g(class_=f"{p}a")
    lip = draw.path("M1.5,1.5Z", class_="zclass")
    group.add(lip.fill("currentColor" if provided else theme.platform_lip))
    top = draw.path("M2.5,2.5Z").fill(theme.platforms[level % len(theme.platforms)])
    top.stroke(theme.platform_edge, width, linejoin="round")
    if dashes:
        top.dasharray([int(part) for part in dashes.split()])
    group.add(top)
    text = serialise(group, {"data-id": "zident", "data-kind": "zkind"}, content="ztitle")
    return compile_template(text, "zident", "zkind", "ztitle", "zclass", "M1.5,1.5Z", "M2.5,2.5Z")


@cache
def _laid_flat(theme: Theme) -> Template:
    """A group on the ground."""
    flat = factory().g(class_=f"{theme.prefix}t", transform="translate(900001.5,900002.5)")
    return compile_template(serialise(flat, content="zheader"), "translate(900001.5,900002.5)", "zheader")


@cache
def _writing(theme: Theme) -> tuple[Template, Template]:
    """A piece of header text, and a chip behind one."""
    draw = factory()
    text = draw.text("ztext", insert=(900001.5, 900002.5), class_="zclass", font_size=900003.5)
    chip = draw.rect((900001.5, 900002.5), (900003.5, 900004.5), rx=4).fill("#123456")
    return (
        compile_template(serialise(text), "900001.5", "900002.5", "900003.5", "zclass", "ztext"),
        compile_template(serialise(chip), "900001.5", "900002.5", "900003.5", "900004.5", "#123456"),
    )


def draw_platform(container: Container, area: Area, origin: tuple[float, float], theme: Theme) -> str:
    """One container's ground and border."""
    x, y, width, depth = area.x, area.y, area.width, area.depth

    def corner(dx: float, dy: float) -> tuple[float, float]:
        sx, sy = to_screen(x + dx, y + dy)
        return sx + origin[0], sy + origin[1]

    low = [corner(0, 0), corner(width - LIP, 0), corner(width, LIP), corner(width, depth), corner(LIP, depth)]
    low.append(corner(0, depth - LIP))
    top = [corner(0.01, 0.01), corner(width - LIP, 0.01), corner(width - LIP, depth - LIP), corner(0.01, depth - LIP)]
    tones = {"good": 0, "info": 1, "warn": 2, "bad": 3}
    said = [f"{container.name} ({container.kind})"]
    said += [f"{row.name}: {row.value}" for row in (*container.rollups, *container.attributes) if row.value]
    said += [badge.text for badge in sorted(container.badges, key=lambda badge: -tones.get(badge.tone, 1))]
    provider = provider_of(container.provider) if container.kind in PROVIDED and container.provider else NEUTRAL
    kind = container.kind if container.kind in BORDERS else ""
    return _template(theme, kind, area.level % len(theme.platforms), provider is not NEUTRAL)(
        safe_id(container.id),
        safe_word(container.kind),
        f"<title>{escape(clean_text(' · '.join(said), 1_000))}</title>",
        f"{theme.prefix}p-{provider.key}",
        path_through(low, closed=True),
        path_through(top, closed=True),
    )


def draw_platform_header(container: Container, area: Area, origin: tuple[float, float], theme: Theme) -> str:
    """Kind, name and roll-ups in the strip along the back; nothing is written where there is no strip.

    It is painted after the lines, on plates of the ground's colour: a line that
    enters by the back passes under it and not through the words.
    """
    strip = area.header * UNIT
    if strip < SMALLEST + 4:
        return ""
    kind = WORDS.get(container.kind, clean_text(container.kind, 24))
    name = clean_text(container.name, NAME_LIMIT) or "(no name)"
    figures = [clean_text(figure(row), 40) for row in container.rollups if row.value]
    room = (area.width - LIP) * UNIT - 2 * _PAD
    size, small = _type_sizes(area.width, strip)
    two_lines = strip >= TWO_LINES and _taken(kind, name, size, small) + _chips_width(figures, small) > room
    if two_lines:
        size, small = min(size, LARGEST), SMALLEST
    elif _taken(kind, name, size, small) > room:
        size = max(SMALLEST, min(LARGEST, size) * 0.8)
    if _taken(kind, name, size, small) > room:
        kind = ""
    shown = fit(name, size, room - _taken(kind, "", size, small), bold=True)
    base = round(strip * 0.4 if two_lines else strip / 2 + size * 0.36)
    text, chip = _writing(theme)
    p = theme.prefix
    taken = _taken(kind, shown, size, small)
    ground = theme.platforms[area.level % len(theme.platforms)]
    parts = [chip(str(round(_PAD - 4)), str(round(base - size)), str(round(taken + 8)), str(round(size * 1.3)), ground)]
    if kind:
        parts.append(text(str(round(_PAD)), str(base), f"{small:.3g}", f"{p}m", escape(kind)))
    parts.append(
        text(str(round(_PAD + _taken(kind, "", size, small))), str(base), f"{size:.3g}", f"{p}b", escape(shown))
    )
    left, base = (_PAD, round(strip * 0.82)) if two_lines else (_PAD + taken + 12, base)
    for words in figures:
        width = text_width(words, small) + small
        if left + width > _PAD + room:
            break
        top, high = round(base - small * 1.08), round(small * 1.5)
        parts.append(chip(str(round(left)), str(top), str(round(width)), str(high), theme.chip))
        parts.append(text(str(round(left + small / 2)), str(base), f"{small:.3g}", f"{p}c", escape(words)))
        left += width + small / 2
    x, y = to_screen(area.x, area.y)
    return _laid_flat(theme)(matrix(FLAT, x + origin[0], y + origin[1]), "".join(parts))


def _type_sizes(width: float, strip: float) -> tuple[float, float]:
    """Sizes of the name and of what stands beside it; ``width`` of the ground in tiles, ``strip`` in pixels."""
    growth = max(1.0, width / WIDE)
    name = max(SMALLEST, min(LARGEST * min(growth, NAME_GROWTH), strip * min(0.62, 0.42 * growth)))
    return name, SMALLEST * min(growth, FIGURE_GROWTH, name / SMALLEST)


def _taken(kind: str, name: str, size: float, small: float) -> float:
    """The room of a kind and a name behind it."""
    return (text_width(kind, small) + 8 if kind else 0.0) + text_width(name, size, bold=True)


def _chips_width(figures: Sequence[str], small: float) -> float:
    """The room of figures on one line, behind a name."""
    return 12 + sum(text_width(words, small) + 1.5 * small for words in figures) if figures else 0.0


def figure(row: Attribute) -> str:
    """A figure with what it counts, a word by itself; what is not known says of what.

    >>> figure(Attribute("servers", "12")), figure(Attribute("range", "::/0")), figure(Attribute("exposure", "unknown"))
    ('12 servers', '::/0', 'exposure unknown')
    """
    if row.value == "unknown":
        return f"{row.name} unknown"
    name = row.name.removesuffix("s") if row.value == "1" else row.name
    return f"{row.value} {name}" if row.value.replace(".", "", 1).isdigit() else row.value
