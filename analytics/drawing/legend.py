"""The legend: only what is in the picture, each with how often."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from ..catalog.providers import Provider
from ..catalog.sizes import size_rank
from ..model.graph import Badge, Graph
from ..text import clean_text, escape
from .connections import LineStyle, colour, count_styles, marker_id
from .frame import Block, frame_text
from .library import symbol_id
from .nodes import Look, look_of, tone_of
from .platforms import BORDERS, OTHER_BORDER, WORDS
from .projection import decimal
from .symbols import SYMBOLS
from .symbols.sizes import size_scale
from .templates import Template, compile_template, factory, serialise
from .theme import Theme
from .tile import node_templates
from .type_metrics import fit

ENTRY_WIDTH, ENTRY_HEIGHT, ICON = 264, 40, 46
#: What a symbol takes of its icon.
ICON_SIDE = 33.0
MOST_ENTRIES = 40
LINE_NAMES = {
    "dep": "depends on",
    "lb": "balances to",
    "ingress": "allowed inbound",
    "route": "routes to",
    "peering": "peers with",
    "vpn": "VPN",
    "endpoint": "endpoint",
    "volume": "has the volume",
}
CONTAINER_NAMES = {"outside": "outside the estate", "unplaced": "beside the estate"}


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the legend: an icon, drawn around (20, 20), and its words."""

    icon: str
    words: str
    count: int


@dataclass(frozen=True, slots=True)
class Section:
    """Entries under a heading; ``span`` columns for each."""

    title: str
    entries: tuple[Entry, ...]
    span: int = 1


def symbols_used(graph: Graph) -> tuple[str, ...]:
    """The symbols a drawing of ``graph`` needs, its legend's included, in a stable order."""
    used = {look.symbol for look in {look_of(node) for node in graph.nodes}}
    used |= {_legend_symbol(key) for key in used}
    if any(node.size for node in graph.nodes):
        used.add("server")
    return tuple(key for key in SYMBOLS if key in used)


def _legend_symbol(key: str) -> str:
    """Servers shown one by one stand in the legend under their family."""
    family, _, count = key.rpartition("-")
    return family if count.isdigit() else key


def legend(graph: Graph, room: float, theme: Theme) -> Block:
    """Symbols, providers, sizes, lines, containers and marks of ``graph``, in columns."""
    looks = Counter([look_of(node) for node in graph.nodes])
    sections = [
        _symbols(looks, theme),
        _providers(looks, theme),
        _sizes(graph, theme),
        _lines(graph, theme),
        _containers(graph, theme),
        _marks(graph, looks, theme),
    ]
    columns = max(1, int(room // ENTRY_WIDTH))
    text = frame_text(theme)
    parts: list[str] = []
    y = shelf = first = 0  # sections stand side by side on shelves; a shelf is as high as its highest
    for section in sections:
        if not section.entries:
            continue
        span = min(section.span, columns)
        fitting = columns // span
        across = min(fitting, max(2, len(section.entries)))
        if first and first + across * span > columns:
            y, shelf, first = y + shelf, 0, 0
        parts.append(text(str(first * ENTRY_WIDTH), str(y + 16), f"{theme.prefix}h2", section.title))
        for number, entry in enumerate(section.entries):
            row, column = divmod(number, across)
            x = (first + column * span) * ENTRY_WIDTH
            parts.append(_entry(entry, x, y + 26 + row * ENTRY_HEIGHT, span * ENTRY_WIDTH, theme))
        shelf = max(shelf, 36 - (-len(section.entries) // across) * ENTRY_HEIGHT)
        first += across * span
    return Block("".join(parts), y + shelf)


@cache
def _placed(theme: Theme) -> Template:
    group = factory().g(transform="translate(900001.5,900002.5)")
    return compile_template(serialise(group, content="zbody"), "900001.5", "900002.5", "zbody")


def _entry(entry: Entry, x: float, y: float, width: float, theme: Theme) -> str:
    count = f" ({entry.count})" if entry.count else ""
    room = width - ICON - 12
    words = fit(f"{clean_text(entry.words, 80)}{count}", 14, room)
    body = entry.icon + frame_text(theme)(str(ICON), "25", f"{theme.prefix}f", escape(words))
    return _placed(theme)(str(round(x)), str(round(y)), body)


def _limited(
    counted: Counter[str], entry: Callable[[str, int], Entry], order: Callable[[str], object] | None = None
) -> tuple[Entry, ...]:
    """An entry for each key; the rarest are left to one line when there are too many."""
    keys = sorted(counted, key=order) if order else sorted(counted, key=lambda key: (-counted[key], key))  # type: ignore[arg-type]
    entries = [entry(key, counted[key]) for key in keys[:MOST_ENTRIES]]
    if len(keys) > MOST_ENTRIES:
        rest = sum(counted[key] for key in keys[MOST_ENTRIES:])
        entries.append(Entry("", f"and {len(keys) - MOST_ENTRIES} others", rest))
    return tuple(entries)


@cache
def _fitted(key: str) -> str:
    """Puts a symbol into the middle of an icon, whatever its build."""
    across, down = zip(*SYMBOLS[key].outline(), strict=True)
    width, height = max(across) - min(across), max(down) - min(down)
    scale = min(ICON_SIDE / width, ICON_SIDE / height)
    x, y = 20 - (min(across) + width / 2) * scale, 20 - (min(down) + height / 2) * scale
    return f"translate({decimal(x)},{decimal(y)}) scale({scale:.3g})"


def _symbols(looks: Counter[Look], theme: Theme) -> Section:
    counted: Counter[str] = Counter()
    for look, count in looks.items():
        counted[_legend_symbol(look.symbol)] += count
    use = node_templates(theme).symbol

    def entry(key: str, count: int) -> Entry:
        return Entry(use(symbol_id(theme, key), _fitted(key), f"{theme.prefix}p-neutral"), SYMBOLS[key].title, count)

    return Section("Symbols", _limited(counted, entry))


@cache
def _swatch(theme: Theme) -> Template:
    swatch = factory().rect((4, 8), (32, 24), rx=4, class_="zclass").fill("currentColor")
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
        return Entry(_swatch(theme)(f"{theme.prefix}p-{provider.key}"), words, count)

    return Section("Providers: colour of symbol and front edge", _limited(counted, entry))


def _sizes(graph: Graph, theme: Theme) -> Section:
    counted: Counter[str] = Counter()
    for size, nodes in Counter([node.size for node in graph.nodes if node.size]).items():
        counted[clean_text(size, 20)] += nodes
    use = node_templates(theme).symbol

    def entry(size: str, count: int) -> Entry:
        scale = 0.62 * size_scale(size)
        icon = use(
            symbol_id(theme, "server"),
            f"translate(19,{30 - 31 * scale:.1f}) scale({scale:.3g})",
            f"{theme.prefix}p-neutral",
        )
        return Entry(icon, size, count)

    def rank(size: str) -> object:
        return size_rank(size), size

    return Section("Sizes", _limited(counted, entry, rank))


@cache
def _line_icon(theme: Theme, style: LineStyle) -> str:
    line = factory().path("M3,9L32,25.7").fill("none")
    line.stroke(colour(theme, style.colour_key), 3.6 if style.crossing else 2)
    if style.dash:
        line.dasharray([float(part) if "." in part else int(part) for part in style.dash.split()])
    line["marker-end"] = f"url(#{marker_id(theme, style, 'x')})"
    return serialise(line)


def _lines(graph: Graph, theme: Theme) -> Section:
    entries: list[Entry] = []
    for style, count in count_styles(graph.edges).items():
        words = LINE_NAMES[style.kind]
        words += f", {style.provenance}" if style.provenance != "stated" else ""
        words += ", closes a cycle" if style.back else ""
        words += ", crosses a border" if style.crossing else ""
        entries.append(Entry(_line_icon(theme, style), words, count))
    return Section("Lines", tuple(entries), span=2)


@cache
def _platform_icon(theme: Theme, kind: str) -> str:
    width, dashes = BORDERS.get(kind, OTHER_BORDER)
    ground = factory().path("M20,7L38,18L20,29L2,18Z").fill(theme.platforms[0])
    ground.stroke(theme.platform_edge, width, linejoin="round")
    if dashes:
        ground.dasharray([int(part) for part in dashes.split()])
    return serialise(ground)


def _containers(graph: Graph, theme: Theme) -> Section:
    counted = Counter(clean_text(container.kind, 40) for container in graph.containers)

    def entry(kind: str, count: int) -> Entry:
        return Entry(_platform_icon(theme, kind), CONTAINER_NAMES.get(kind) or WORDS.get(kind, kind), count)

    return Section("Containers", _limited(counted, entry))


@cache
def _badge_icon(theme: Theme) -> Template:
    group = factory().g()
    group.add(factory().rect((11, 11), (18, 18), rx=3, class_="zclass"))
    group.add(factory().text("ztext", insert=(20, 24.5), class_=f"{theme.prefix}bg {theme.prefix}mid"))
    return compile_template(serialise(group), "zclass", "ztext")


def meaning_of(badge: Badge) -> str:
    """What a badge's glyph says wherever it stands.

    >>> meaning_of(Badge("!", "no application", borne=3, among=4)), meaning_of(Badge("E", "tcp 22", meaning="exposed"))
    ('no application', 'exposed')
    """
    return badge.meaning or badge.text


def _marks(graph: Graph, looks: Counter[Look], theme: Theme) -> Section:
    """Entries, things that are not there, and badges."""
    entries: list[Entry] = []
    roots = sum(node.root for node in graph.nodes)
    if roots:
        icon = factory().path("M12,10L29,20L12,30Z").fill(theme.entry_edge)
        entries.append(Entry(serialise(icon), "entry of the graph", roots))
    dashed = sum(nodes for look, nodes in looks.items() if look.dashed)
    if dashed:
        icon = factory().path("M20,7L38,18L20,29L2,18Z").fill(theme.canvas).stroke(theme.muted, 1.4).dasharray([6, 4])
        entries.append(Entry(serialise(icon), "not in the inventory", dashed))
    counted: Counter[tuple[str, str]] = Counter()
    said: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    for node in graph.nodes:
        for badge in node.badges:
            key = clean_text(badge.glyph, 2) or "!", tone_of(badge)
            counted[key] += 1
            said[key].add(meaning_of(badge) or tone_of(badge))
    for (glyph, tone), words in sorted(said.items()):
        icon = _badge_icon(theme)(f"{theme.prefix}{tone}", escape(glyph))
        entries.append(Entry(icon, " / ".join(sorted(words)), counted[glyph, tone]))
    return Section("Marks", tuple(entries[:MOST_ENTRIES]), span=2)
