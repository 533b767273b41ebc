"""The legend: only what is in the picture and tells something, each with how often."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache

from ..catalog.providers import Provider
from ..lettering.type_metrics import fit, text_width
from ..model.graph import Badge, Graph
from ..model.grid import Grid
from ..text import clean_text, escape
from .connections import LineStyle, colour, count_styles, marker_id
from .frame import Block, frame_text
from .library import mark_id, symbol_bounds, symbol_id
from .looks import Look, count_looks, tone_of
from .platforms import BORDERS, OTHER_BORDER, WORDS
from .projection import decimal
from .scales import scale_of
from .symbols import SYMBOLS
from .symbols.technologies import technologies
from .templates import Template, compile_template, factory, serialise
from .theme import Theme

#: An entry's height, where its words begin, the type of the words, and the room between two entries.
ENTRY_HEIGHT, ICON, TYPE, BETWEEN = 25, 30, 14, 14
#: The heading over a section's entries, and the room between sections on a shelf.
HEADING, APART = 22, 26
#: What a symbol takes of its icon.
ICON_SIDE = 24.0
MOST_ENTRIES = 40
#: Longest words of an entry, in pixels.
LONGEST = 330.0

LINE_NAMES = {
    "dep": "depends on",
    "lb": "balances to",
    "ingress": "allowed inbound",
    "route": "routes to",
    "peering": "peers with",
    "vpn": "VPN",
    "endpoint": "endpoint",
    "volume": "has the volume",
    "cable": "cable to",
    "built": "built with",
}
CONTAINER_NAMES = {"outside": "outside the estate", "unplaced": "beside the estate", "part": "part of the map"}


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the legend: an icon, drawn around (13, 12), and its words."""

    icon: str
    words: str
    width: float


@dataclass(frozen=True, slots=True)
class Section:
    """Entries under a heading."""

    title: str
    entries: tuple[Entry, ...]

    @property
    def column(self) -> float:
        """The width of a column of its entries."""
        return max(entry.width for entry in self.entries) + ICON + BETWEEN

    def size(self, columns: int) -> tuple[float, float]:
        """Width and height with so many columns."""
        width = max(self.column * columns - BETWEEN, text_width(self.title, TYPE, bold=True))
        return width, HEADING + -(-len(self.entries) // columns) * ENTRY_HEIGHT


def symbols_used(graph: Graph) -> tuple[str, ...]:
    """The symbols a drawing of ``graph`` needs, in a stable order."""
    used = {look.symbol for look in count_looks(graph)}
    return tuple(key for key in SYMBOLS if key in used)


def marks_used(graph: Graph) -> tuple[str, ...]:
    """The marks of technologies a drawing of ``graph`` needs, in a stable order."""
    return tuple(sorted({look.technology for look in count_looks(graph)} - {""}))


def sections_of(grid: Grid, theme: Theme) -> list[Section]:
    """Symbols, providers, lines, containers and marks of a grid; what tells nothing is left out."""
    graph = grid.graph
    looks = count_looks(graph)
    flat = grid.projection == "flat"
    found = [
        _symbols(looks, theme),
        _technologies(looks, theme),
        _providers(looks, theme),
        _lines(grid, theme, flat=flat),
        _containers(grid, theme),
        _marks(graph, looks, theme),
        _scale(graph, theme),
    ]
    return [section for section in found if section.entries]


def legend(sections: list[Section], room: float, theme: Theme) -> Block:
    """``sections`` on shelves within ``room``: each with the number of columns that leaves the whole lowest."""
    if not sections:
        return Block("", 0)
    best: tuple[float, list[tuple[float, float, int]]] | None = None
    for rows in range(1, max(len(section.entries) for section in sections) + 1):
        placed, height = _shelved(sections, rows, room)
        if best is None or height < best[0]:
            best = height, placed
    assert best is not None
    text = frame_text(theme)
    parts: list[str] = []
    width = 0.0
    for section, (left, top, columns) in zip(sections, best[1], strict=True):
        parts.append(text(decimal(left), decimal(top + 13), f"{theme.prefix}h2", section.title))
        rows = -(-len(section.entries) // columns)
        for number, entry in enumerate(section.entries):
            column, row = divmod(number, rows)
            x, y = left + column * section.column, top + HEADING + row * ENTRY_HEIGHT
            parts.append(_entry(entry, x, y, theme))
        width = max(width, left + section.size(columns)[0])
    return Block("".join(parts), best[0], width)


def _shelved(sections: list[Section], rows: int, room: float) -> tuple[list[tuple[float, float, int]], float]:
    """Left, top and columns of each section with at most so many rows, as far as the room allows, and the height."""
    placed = []
    x = y = shelf = 0.0
    for section in sections:
        fitting = max(1, int((room + BETWEEN) // section.column))
        columns = min(fitting, -(-len(section.entries) // rows))
        width, height = section.size(columns)
        if x and x + width > room:
            x, y, shelf = 0.0, y + shelf + 8, 0.0
        placed.append((x, y, columns))
        x += width + APART
        shelf = max(shelf, height)
    return placed, y + shelf


@cache
def _placed(theme: Theme) -> Template:
    group = factory().g(transform="translate(900001.5,900002.5)")
    return compile_template(serialise(group, content="zbody"), "900001.5", "900002.5", "zbody")


def _entry(entry: Entry, x: float, y: float, theme: Theme) -> str:
    body = entry.icon + frame_text(theme)(str(ICON), "17", f"{theme.prefix}f", escape(entry.words))
    return _placed(theme)(decimal(x), decimal(y), body)


def entry_of(icon: str, words: str, count: int = 0) -> Entry:
    """An entry with its words fitted, and how often the thing is there."""
    said = f"{clean_text(words, 80)} ({count})" if count else clean_text(words, 80)
    shown = fit(said, TYPE, LONGEST)
    return Entry(icon, shown, text_width(shown, TYPE))


def _limited(counted: Mapping[str, int], entry: Callable[[str, int], Entry]) -> tuple[Entry, ...]:
    """An entry for each key, the most frequent first; the rarest are left to one line when there are too many."""
    keys = sorted(counted, key=lambda key: (-counted[key], key))
    entries = [entry(key, counted[key]) for key in keys[:MOST_ENTRIES]]
    if len(keys) > MOST_ENTRIES:
        rest = sum(counted[key] for key in keys[MOST_ENTRIES:])
        entries.append(entry_of("", f"and {len(keys) - MOST_ENTRIES} others", rest))
    return tuple(entries)


@cache
def _fitted(key: str) -> str:
    """Puts a symbol into the middle of an icon, whatever its build."""
    left, top, right, bottom = symbol_bounds(key)
    scale = min(ICON_SIDE / (right - left), ICON_SIDE / (bottom - top))
    x, y = 13 - (left + right) / 2 * scale, 12 - (top + bottom) / 2 * scale
    return f"translate({decimal(x)},{decimal(y)}) scale({scale:.3g})"


@cache
def _use(theme: Theme) -> Template:
    symbol = factory().use("#zref", class_="zclass", transform="translate(900001.5,900002.5)")
    del theme
    return compile_template(serialise(symbol), "zref", "translate(900001.5,900002.5)", "zclass")


def _symbols(looks: Counter[Look], theme: Theme) -> Section:
    counted: Counter[str] = Counter()
    for look, count in looks.items():
        counted[look.symbol] += count

    def entry(key: str, count: int) -> Entry:
        icon = _use(theme)(symbol_id(theme, key), _fitted(key), f"{theme.prefix}p-neutral")
        return entry_of(icon, SYMBOLS[key].title, count)

    return Section("Symbols", _limited(counted, entry))


def _technologies(looks: Counter[Look], theme: Theme) -> Section:
    counted: Counter[str] = Counter()
    for look, count in looks.items():
        if look.technology:
            counted[look.technology] += count

    def entry(key: str, count: int) -> Entry:
        icon = _use(theme)(mark_id(theme, key), "translate(4,3) scale(0.75)", f"{theme.prefix}mark")
        return entry_of(icon, technologies()[key].title, count)

    return Section("Technologies", _limited(counted, entry))


@cache
def _swatch(theme: Theme) -> Template:
    swatch = factory().rect((1, 4), (24, 16), rx=3, class_="zclass").fill("currentColor")
    del theme
    return compile_template(serialise(swatch), "zclass")


def _providers(looks: Counter[Look], theme: Theme) -> Section:
    counted: Counter[str] = Counter()
    providers: dict[str, Provider] = {}
    for look, nodes in looks.items():
        for provider in look.providers:
            if provider.name:
                counted[provider.name] += nodes
                providers[provider.name] = provider

    def entry(name: str, count: int) -> Entry:
        provider = providers[name]
        words = name if provider.code in ("", name) else f"{name} [{provider.code}]"
        return entry_of(_swatch(theme)(f"{theme.prefix}p-{provider.key}"), words, count)

    return Section("Providers", _limited(counted, entry))


@cache
def _line_icon(theme: Theme, style: LineStyle, flat: bool) -> str:
    line = factory().path("M0,12L18,12" if flat else "M1,6L17,15.2", class_=f"{theme.prefix}k-{style.colour_key}")
    line.fill("none").stroke(colour(theme, style.colour_key), 2.8 if style.crossing else 2)
    if style.dash:
        line.dasharray([float(part) if "." in part else int(part) for part in style.dash.split()])
    line["marker-end"] = f"url(#{marker_id(theme, style, 'f' if flat else 'x')})"
    return serialise(line)


def _lines(grid: Grid, theme: Theme, *, flat: bool) -> Section:
    styles = count_styles(grid.graph.edges)
    plain = all(style.kind == "dep" for style in styles)
    if len(styles) < 2 and plain and not grid.common_word:  # dependencies alone need no key; other lines do
        return Section("Lines", ())
    entries: list[Entry] = []
    for style, count in styles.items():
        words = LINE_NAMES[style.kind]
        words += f", {style.provenance}" if style.provenance != "stated" else ""
        words += ", closes a cycle" if style.back else ""
        words += ", crosses a border" if style.crossing else ""
        words += f": {grid.common_word}" if grid.common_word else ""
        entries.append(entry_of(_line_icon(theme, style, flat), words, count))
    return Section("Lines", tuple(entries))


@cache
def _platform_icon(theme: Theme, kind: str) -> str:
    width, dashes = BORDERS.get(kind, OTHER_BORDER)
    classes = f"{theme.prefix}c-ground0 {theme.prefix}c-border"
    ground = factory().rect((1, 4), (24, 16), rx=1, class_=classes).fill(theme.platforms[0])
    ground.stroke(theme.platform_edge, width, linejoin="round")
    if dashes:
        ground.dasharray([int(part) for part in dashes.split()])
    return serialise(ground)


def _containers(grid: Grid, theme: Theme) -> Section:
    shared = {area.container for area in grid.areas if area.shares}
    counted = Counter(
        clean_text(container.kind, 40) for container in grid.graph.containers if container.id not in shared
    )

    def entry(kind: str, count: int) -> Entry:
        return entry_of(_platform_icon(theme, kind), CONTAINER_NAMES.get(kind) or WORDS.get(kind, kind), count)

    return Section("Containers", _limited(counted, entry))


@cache
def badge_icon(theme: Theme) -> Template:
    """A badge in the middle of an icon: its tone's class, its glyph."""
    group = factory().g()
    group.add(factory().rect((5, 4), (16, 16), rx=3, class_="zclass"))
    group.add(factory().text("ztext", insert=(13, 16), class_=f"{theme.prefix}bg {theme.prefix}mid"))
    return compile_template(serialise(group), "zclass", "ztext")


def meaning_of(badge: Badge) -> str:
    """What a badge's glyph says wherever it stands.

    >>> meaning_of(Badge("!", "no application", borne=3, among=4)), meaning_of(Badge("E", "tcp 22", meaning="exposed"))
    ('no application', 'exposed')
    """
    return badge.meaning or badge.text


def _scale(graph: Graph, theme: Theme) -> Section:
    """The steps of the number that colours the picture, and how many things are on each."""
    scale = scale_of(graph)
    if scale is None:
        return Section("", ())
    counted = Counter(scale.steps.values())
    return Section(
        clean_text(scale.quantity.title, 40),
        tuple(
            entry_of(badge_icon(theme)(f"{theme.prefix}q{step}", ""), scale.words(step), counted[step])
            for step in sorted(counted)
        ),
    )


def _marks(graph: Graph, looks: Counter[Look], theme: Theme) -> Section:
    """Entries, things that are not there, and badges."""
    p = theme.prefix
    entries: list[Entry] = []
    roots = sum(node.root for node in graph.nodes)
    if roots:
        icon = factory().rect((2, 5), (22, 14), rx=3, class_=f"{p}c-tile {p}oe").fill(theme.tile)
        entries.append(entry_of(serialise(icon), "entry of the graph", roots))
    dashed: Counter[str] = Counter()
    for look, nodes in looks.items():
        dashed[look.dashed] += nodes
    for why in sorted(dashed.keys() - {""}):
        icon = factory().rect((2, 5), (22, 14), rx=3, class_=f"{p}c-canvas {p}og").fill(theme.canvas)
        entries.append(entry_of(serialise(icon), why, dashed[why]))
    counted: Counter[tuple[str, str]] = Counter()
    said: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    for node in graph.nodes:
        for badge in node.badges:
            key = clean_text(badge.glyph, 2) or "!", tone_of(badge)
            counted[key] += 1
            said[key].add(meaning_of(badge) or tone_of(badge))
    for (glyph, tone), words in sorted(said.items()):
        icon_text = badge_icon(theme)(f"{p}{tone}", escape(glyph))
        entries.append(entry_of(icon_text, " / ".join(sorted(words)), counted[glyph, tone]))
    return Section("Marks", tuple(entries[:MOST_ENTRIES]))
