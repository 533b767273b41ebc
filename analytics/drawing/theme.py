"""Colours, line styles and the style sheet: light and dark.

Colour never stands alone: a provider is also written on its tiles, a kind of
edge has its own dashes, a finding its own glyph. Red, amber and green belong to
findings.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from ..catalog.providers import HUES, NEUTRAL, Provider, providers

FONTS = "Arial,'Liberation Sans',Helvetica,sans-serif"


@dataclass(frozen=True, slots=True, eq=False)  # there are two, told apart by identity: templates are kept by theme
class Theme:
    """One set of colours. ``prefix`` begins every id and class of ours, so that two themes may share a page."""

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
    badge_ink: str
    edges: tuple[tuple[str, str], ...]


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
    bad="#b3261e",
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
        ("back", "#d0a2f2"),
    ),
)
THEMES = {theme.name: theme for theme in (LIGHT, DARK)}


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
    "back": "8 5",
    "inferred": "1.5 4.5",
    "indirect": "10 4 1.5 4",
}


def style_sheet(theme: Theme) -> str:
    """The style sheet, the same in every drawing: only classes with our prefix, no selectors into symbols."""
    return _style_sheet(theme, providers())


@cache
def _style_sheet(theme: Theme, known: tuple[Provider, ...]) -> str:
    p = theme.prefix
    rules = [
        f".{p}t{{font-family:{FONTS};fill:{theme.ink}}}",
        f".{p}l{{font-size:13px}}",
        f".{p}ls{{font-size:12px}}",
        f".{p}s{{font-size:12px;fill:{theme.muted}}}",
        f".{p}q{{font-size:13px;font-weight:bold}}",
        f".{p}e{{font-size:12px}}",
        f".{p}m{{fill:{theme.muted}}}",
        f".{p}b{{font-weight:bold}}",
        f".{p}i{{font-style:italic}}",
        f".{p}mid{{text-anchor:middle}}",
        f".{p}end{{text-anchor:end}}",
    ]
    rules += [f".{p}p-{provider.key}{{color:{provider.colour}}}" for provider in (*known, NEUTRAL)]
    rules += [f".{p}p-hue{number}{{color:{colour}}}" for number, colour in enumerate(HUES)]
    rules += [
        f".{p}{tone}{{fill:{colour}}}"
        for tone, colour in (("info", theme.info), ("good", theme.good), ("warn", theme.warn), ("bad", theme.bad))
    ]
    rules += [
        f".{p}ghost{{fill-opacity:.45}}",
        f".{p}bg{{font-size:12px;font-weight:bold;fill:{theme.badge_ink}}}",
        f".{p}o{{stroke:{theme.tile_edge};stroke-width:1px}}",
        f".{p}oe{{stroke:{theme.entry_edge};stroke-width:2px}}",
        f".{p}og{{stroke:{theme.muted};stroke-width:1.4px;stroke-dasharray:6 4}}",
        f".{p}h1{{font-size:26px;font-weight:bold}}",
        f".{p}h2{{font-size:15px;font-weight:bold}}",
        f".{p}f{{font-size:14px}}",
        f".{p}c{{fill:{theme.chip_ink}}}",
    ]
    rules.append(
        f"@supports (paint-order:stroke){{.{p}e{{paint-order:stroke;stroke:{theme.plate};stroke-width:3px;"
        "stroke-linejoin:round}}"
    )
    return "".join(rules)
