"""Colours, line styles and the style sheet: light, dark, as the reader has it, and grey for print.

Colour never stands alone: a provider is also written on its tiles or in the legend, a kind of
edge has its own dashes, a finding its own glyph. Red, amber and green belong to
findings; their red leans to orange, so that it is no provider's.

What a theme paints stands as an attribute of each element, and its role as a class beside it:
the one theme that follows the reader overrides the attributes by these classes.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cache

from ..catalog.providers import HUES, NEUTRAL, Provider, providers

FONTS = "Arial,'Liberation Sans',Helvetica,sans-serif"


@dataclass(frozen=True, slots=True, eq=False)  # there are few, told apart by identity: templates are kept by theme
class Theme:
    """One set of colours. ``prefix`` begins every id and class of ours, so that two themes may share a page.

    ``night`` is the theme whose colours count where the reader's screen is dark;
    ``grey`` draws providers in greys, so that their codes have to be written.
    """

    name: str
    prefix: str
    canvas: str
    ink: str
    muted: str
    tile: str
    tile_edge: str
    entry_edge: str
    chip: str
    chip_ink: str
    platforms: tuple[str, ...]
    platform_lip: str
    platform_edge: str
    plate: str
    info: str
    good: str
    warn: str
    bad: str
    scale: tuple[str, ...]
    badge_ink: str
    edges: tuple[tuple[str, str], ...]
    night: Theme | None = None
    grey: bool = False


LIGHT = Theme(
    name="light",
    prefix="am-",
    canvas="#f7f8fa",
    ink="#1b2430",
    muted="#4d5866",
    tile="#ffffff",
    tile_edge="#b9c2cd",
    entry_edge="#1b2430",
    chip="#cbd5e0",
    chip_ink="#1b2430",
    platforms=("#e9edf2", "#dfe5ec", "#eef1f5", "#e2e8ef"),
    platform_lip="#b3bdc9",
    platform_edge="#7d8998",
    plate="#ffffff",
    info="#2b5c9e",
    good="#1d7a3e",
    warn="#8f5a00",
    bad="#c94106",
    scale=("#d9e6f2", "#a9c7e3", "#74a3d0", "#3f7ab5", "#1d4f86"),
    badge_ink="#ffffff",
    edges=(
        ("dep", "#4a5666"),
        ("lb", "#0f6b76"),
        ("ingress", "#1f5fae"),
        ("route", "#6d5a45"),
        ("peering", "#6a3fa3"),
        ("vpn", "#9c2f73"),
        ("endpoint", "#37507a"),
        ("volume", "#5b6a2f"),
        ("cable", "#2f6a4f"),
        ("built", "#7a6a6a"),
        ("back", "#7b3aa8"),
    ),
)

DARK = Theme(
    name="dark",
    prefix="amd-",
    canvas="#12171e",
    ink="#eef2f6",
    muted="#aab6c4",
    tile="#303b4a",
    tile_edge="#465364",
    entry_edge="#eef2f6",
    chip="#3a4656",
    chip_ink="#eef2f6",
    platforms=("#1a212b", "#202935", "#1c242f", "#232d3a"),
    platform_lip="#0c1015",
    platform_edge="#6f7e90",
    plate="#1b222c",
    info="#8ab8f5",
    good="#7fd49b",
    warn="#f0bd62",
    bad="#ff9d94",
    scale=("#23405f", "#2f5f8f", "#4480bb", "#74a6d6", "#b3d1ec"),
    badge_ink="#12171e",
    edges=(
        ("dep", "#b4c0ce"),
        ("lb", "#62c3cf"),
        ("ingress", "#83b4f3"),
        ("route", "#cdb497"),
        ("peering", "#c0a0ee"),
        ("vpn", "#eb9bcc"),
        ("endpoint", "#a4b8dc"),
        ("volume", "#b9c98a"),
        ("cable", "#86c9a6"),
        ("built", "#bfb0b0"),
        ("back", "#d0a2f2"),
    ),
)

#: Light, and dark where the reader's screen is.
AUTO = replace(LIGHT, name="auto", prefix="ama-", night=DARK)

#: Greys on white. What colour says elsewhere is said by codes on the tiles, by dashes and by glyphs.
PRINT = Theme(
    name="print",
    prefix="amp-",
    canvas="#ffffff",
    ink="#000000",
    muted="#3c3c3c",
    tile="#ffffff",
    tile_edge="#9a9a9a",
    entry_edge="#000000",
    chip="#e4e4e4",
    chip_ink="#000000",
    platforms=("#f4f4f4", "#ebebeb", "#f7f7f7", "#eeeeee"),
    platform_lip="#b4b4b4",
    platform_edge="#6e6e6e",
    plate="#ffffff",
    info="#5c5c5c",
    good="#707070",
    warn="#3d3d3d",
    bad="#000000",
    scale=("#e6e6e6", "#bdbdbd", "#969696", "#636363", "#252525"),
    badge_ink="#ffffff",
    edges=tuple((kind, "#333333" if kind in ("dep", "ingress") else "#555555") for kind, _ in LIGHT.edges),
    grey=True,
)

THEMES = {theme.name: theme for theme in (LIGHT, DARK, AUTO, PRINT)}


# --- the style sheet -------------------------------------------------------------------

#: Dashes in pixels. No two kinds share theirs.
DASHES = {
    "dep": "",
    "lb": "14 3",
    "ingress": "9 4",
    "route": "3 4",
    "peering": "12 4 3 4",
    "vpn": "6 3 2 3 2 3",
    "endpoint": "5 5",
    "volume": "2 3",
    "cable": "16 2",
    "built": "4 2 1 2",
    "back": "8 5",
    "inferred": "1.5 4.5",
    "indirect": "10 4 1.5 4",
}


def style_sheet(theme: Theme) -> str:
    """The style sheet, the same in every drawing: only classes with our prefix, no selectors into symbols.

    Type that is as large as its room allows carries its size as an attribute, which no rule here overrides.
    """
    return _style_sheet(theme, providers())


@cache
def _style_sheet(theme: Theme, known: tuple[Provider, ...]) -> str:
    p = theme.prefix
    rules = [f".{p}t{{font-family:{FONTS};fill:{theme.ink}}}", *_inks(theme, p)]
    rules += [
        f".{p}b{{font-weight:bold}}",
        f".{p}i{{font-style:italic}}",
        f".{p}mid{{text-anchor:middle}}",
        f".{p}end{{text-anchor:end}}",
    ]
    rules += [f".{p}p-{provider.key}{{color:{_paint(theme, provider.colour)}}}" for provider in (*known, NEUTRAL)]
    rules += [f".{p}p-hue{number}{{color:{_paint(theme, colour)}}}" for number, colour in enumerate(HUES)]
    rules += [
        f".{p}ghost{{fill-opacity:.45}}",
        f".{p}bg{{font-size:12px;font-weight:bold}}",
        f".{p}o{{stroke-width:1px}}",
        f".{p}oe{{stroke-width:2.4px}}",
        f".{p}og{{stroke-width:1.4px;stroke-dasharray:6 4}}",
        f".{p}h1{{font-size:26px;font-weight:bold}}",
        f".{p}h2{{font-size:14px;font-weight:bold}}",
        f".{p}f{{font-size:14px}}",
    ]
    halo = "paint-order:stroke;stroke-width:3px;stroke-linejoin:round"
    rules.append(f"@supports (paint-order:stroke){{.{p}e{{{halo};stroke:{theme.plate}}}}}")
    if theme.night is not None:
        rules.append(f"@media (prefers-color-scheme:dark){{{_overrides(theme.night, p)}}}")
    return "".join(rules)


def night_sheet(theme: Theme = LIGHT, night: Theme = DARK) -> str:
    """Rules for a page that holds a drawing in ``theme``, with which it is seen in the colours of ``night``.

    Each names its class twice: so it counts more than the drawing's own style sheet, wherever that stands.
    """
    return re.sub(r"(\.[\w-]+)\{", r"\1\1{", _overrides(night, theme.prefix))


def _overrides(night: Theme, p: str) -> str:
    """What paints a drawing whose classes begin with ``p`` in the colours of another theme."""
    rules = [f".{p}t{{fill:{night.ink}}}", *_inks(night, p), *_roles(night, p)]
    rules.append(f"@supports (paint-order:stroke){{.{p}e{{stroke:{night.plate}}}}}")
    return "".join(rules)


def _inks(theme: Theme, p: str) -> list[str]:
    """Rules for what is coloured by its class alone: text, outlines, badges."""
    rules = [f".{p}s{{fill:{theme.muted}}}", f".{p}m{{fill:{theme.muted}}}", f".{p}c{{fill:{theme.chip_ink}}}"]
    rules += [
        f".{p}{tone}{{fill:{colour}}}"
        for tone, colour in (("info", theme.info), ("good", theme.good), ("warn", theme.warn), ("bad", theme.bad))
    ]
    rules += [f".{p}q{step}{{fill:{colour}}}" for step, colour in enumerate(theme.scale, 1)]
    rules += [
        f".{p}bg{{fill:{theme.badge_ink}}}",
        f".{p}o{{stroke:{theme.tile_edge}}}",
        f".{p}oe{{stroke:{theme.entry_edge}}}",
        f".{p}og{{stroke:{theme.muted}}}",
    ]
    return rules


def _roles(theme: Theme, p: str) -> list[str]:
    """Rules that override the attributes of what is painted by its role."""
    fills = {"canvas": theme.canvas, "tile": theme.tile, "entry": theme.entry_edge, "plate": theme.plate}
    fills |= {"mark": theme.ink, "chip": theme.chip, "lip": theme.platform_lip}
    fills |= {f"ground{number}": colour for number, colour in enumerate(theme.platforms)}
    rules = [f".{p}c-{role}{{fill:{colour}}}" for role, colour in fills.items()]
    rules.append(f".{p}c-border{{stroke:{theme.platform_edge}}}")
    for kind, colour in theme.edges:
        rules += [f".{p}k-{kind}{{stroke:{colour}}}", f".{p}h-{kind}{{fill:{colour}}}"]
    rules.append(f".{p}h-back{{fill:{theme.plate};stroke:{dict(theme.edges)['back']}}}")
    return rules


def _paint(theme: Theme, colour: str) -> str:
    """A provider's colour, or the grey it prints as: neither so dark nor so pale that a symbol loses its faces."""
    if not theme.grey:
        return colour
    red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    level = min(168, max(96, round(0.3 * red + 0.59 * green + 0.11 * blue)))
    return f"#{level:02x}{level:02x}{level:02x}"
