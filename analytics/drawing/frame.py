"""The frame around the ground: title, scope, as-of, completeness, findings and what was left out.

A block is a piece of the frame with its own origin and a known extent; where
blocks stand is for :mod:`.canvas` to say.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache

from ..lettering.type_metrics import fit, text_width
from ..model.details import total_rows
from ..model.graph import Finding, Graph, Omission, tally
from ..text import and_more, clean_text, escape, safe_id
from .templates import Template, compile_template, factory, serialise
from .theme import Theme

#: Findings and omissions listed in the picture; of more than these the number is said.
MOST_LISTED = 12
TITLE_LIMIT = 200
LINE_HEIGHT = 19
HEADER_ROOM = 720.0


@dataclass(frozen=True, slots=True)
class Block:
    """Part of the frame: its markup from an origin at its upper left, how high and how wide it is."""

    markup: str
    height: float
    width: float = 0.0


@cache
def frame_text(theme: Theme) -> Template:
    """A line of text of the frame: x, baseline, classes, text."""
    text = factory().text("ztext", insert=(900001.5, 900002.5), class_="zclass")
    return compile_template(serialise(text), "900001.5", "900002.5", "zclass", "ztext")


@cache
def _placed(theme: Theme) -> Template:
    group = factory().g(class_=f"{theme.prefix}t", transform="translate(900001.5,900002.5) scale(1.5)")
    return compile_template(serialise(group, content="zbody"), "translate(900001.5,900002.5) scale(1.5)", "zbody")


def put(block: Block, x: float, y: float, scale: float, theme: Theme) -> str:
    """``block`` with its origin at (``x``, ``y``)."""
    if not block.markup:
        return ""
    return _placed(theme)(f"translate({x:.1f},{y:.1f}) scale({scale:.3g})", block.markup)


def paragraph(text: str, size: float, room: float, most: int = 4) -> list[str]:
    """``text`` broken into at most ``most`` lines no wider than ``room``; the last is shortened in the middle."""
    words = text.split(" ")
    lines: list[str] = []
    line = ""
    for number, word in enumerate(words):
        longer = f"{line} {word}" if line else word
        if text_width(longer, size) <= room:
            line = longer
            continue
        if len(lines) == most - 1:
            line = " ".join(filter(None, (line, *words[number:])))
            break
        if line:
            lines.append(line)
        line = word
    lines.append(line)
    return [fit(line, size, room) for line in lines if line]


def counts_sentence(graph: Graph) -> str:
    """Completeness in one line: found = drawn + folded + omitted, and what stands beside it.

    >>> counts_sentence(Graph("business", "", found=0))
    '0 found = 0 drawn + 0 folded + 0 omitted'
    """
    counts = tally(graph)
    parts = [f"{counts.found} found = {counts.drawn} drawn + {counts.folded} folded + {counts.omitted} omitted"]
    if counts.ghosts:
        parts.append(f"{counts.ghosts} referred to, not in the inventory")
    if not counts.complete:
        parts.append("these numbers do not add up")
    return " · ".join(parts)


def seen_sentence(graph: Graph) -> str:
    """When the things of a graph were seen: the newest, and the oldest where it is another.

    >>> seen_sentence(Graph("business", "", as_of="2026-03-02", oldest="2026-01-05"))
    'as of 2026-03-02, the oldest of 2026-01-05'
    """
    newest, oldest = clean_text(graph.as_of, 60), clean_text(graph.oldest, 60)
    words = f"as of {newest}" if newest else ""
    return f"{words}, the oldest of {oldest}" if words and oldest and oldest != newest else words


def header(graph: Graph, room: float, theme: Theme, title: str = "", unsaid: int = 0) -> Block:
    """Title, scope and as-of, completeness; narrow, since it stands in a corner of the picture.

    ``title`` is the graph's own name where it has one; ``unsaid`` lines have words that found no room.
    """
    room = min(room, HEADER_ROOM)
    p = theme.prefix
    text = frame_text(theme)
    title = clean_text(title or graph.title, TITLE_LIMIT) or "Untitled"
    parts: list[str] = []
    y = 24
    width = 0.0
    for line in paragraph(title, 26 * 1.08, room, most=2):
        parts.append(text("0", str(y), f"{p}h1", escape(line)))
        width = max(width, text_width(line, 26, bold=True))
        y += 31
    kind = clean_text(graph.type, 40)
    named = not kind or f"{kind} graph".casefold() in title.casefold()
    about = ["" if named else f"{kind} graph", clean_text(graph.scope, 400)]
    about.append(seen_sentence(graph))
    y -= 4
    counts = counts_sentence(graph)
    if unsaid:
        counts += f" · the words of {unsaid} {'line' if unsaid == 1 else 'lines'} only in the lines' hints"
    for sentence in (" · ".join(filter(None, about)), counts, *(clean_text(said, 400) for said in graph.summary)):
        for line in paragraph(sentence, 14, room):
            parts.append(text("0", str(y), f"{p}f {p}m", escape(line)))
            width = max(width, text_width(line, 14))
            y += LINE_HEIGHT
    return Block("".join(parts), y - 14, width)


@cache
def _finding_mark(theme: Theme) -> Template:
    group = factory().g(transform="translate(900001.5,900002.5)")
    group.add(factory().rect((0, 0), (18, 18), rx=3, class_="zclass"))
    group.add(factory().text("!", insert=(9, 13.5), class_=f"{theme.prefix}bg {theme.prefix}mid"))
    return compile_template(serialise(group), "translate(900001.5,900002.5)", "zclass")


def findings(found: tuple[Finding, ...], room: float, theme: Theme) -> Block:
    """What an operator should know, the bad before the warnings, each with its mark."""
    if not found:
        return Block("", 0)
    p = theme.prefix
    text = frame_text(theme)
    ordered = sorted(found, key=lambda finding: finding.tone != "bad")
    parts = [text("0", "13", f"{p}h2", f"Findings ({len(found)})")]
    y = 36
    width = text_width(f"Findings ({len(found)})", 14, bold=True)
    for finding in ordered[:MOST_LISTED]:
        tone = "bad" if finding.tone == "bad" else "warn"
        about = f" ({len(finding.nodes)})" if len(finding.nodes) > 1 else ""
        parts.append(_finding_mark(theme)(f"translate(0,{y - 14})", f"{p}{tone}"))
        for line in paragraph(f"{clean_text(finding.text, 300)}{about}", 14, room - 26, most=5):
            parts.append(text("26", str(y), f"{p}f", escape(line)))
            width = max(width, 26 + text_width(line, 14))
            y += LINE_HEIGHT
        y += 3
    if len(found) > MOST_LISTED:
        parts.append(text("26", str(y), f"{p}f {p}m", f"and {len(found) - MOST_LISTED} more"))
        y += LINE_HEIGHT
    return Block("".join(parts), y - 14, width)


def totals(graph: Graph, room: float, theme: Theme) -> Block:
    """The sums of the graph's numbers."""
    rows = total_rows(graph)
    if not rows:
        return Block("", 0)
    p = theme.prefix
    text = frame_text(theme)
    parts = [text("0", "13", f"{p}h2", "Totals")]
    y, width = 36, text_width("Totals", 14, bold=True)
    for name, value in rows[:MOST_LISTED]:
        for line in paragraph(f"{clean_text(name, 120)}: {clean_text(value, 60)}", 14, room):
            parts.append(text("0", str(y), f"{p}f", escape(line)))
            width = max(width, text_width(line, 14))
            y += LINE_HEIGHT
    if len(rows) > MOST_LISTED:
        parts.append(text("0", str(y), f"{p}f {p}m", and_more(len(rows) - MOST_LISTED).strip()))
        y += LINE_HEIGHT
    return Block("".join(parts), y - 14, width)


def omissions(left_out: tuple[Omission, ...], room: float, theme: Theme) -> Block:
    """What is not drawn as itself, how many, and why."""
    if not left_out:
        return Block("", 0)
    p = theme.prefix
    text = frame_text(theme)
    parts = [text("0", "13", f"{p}h2", "Grouped or left out")]
    y = 36
    width = text_width("Grouped or left out", 14, bold=True)
    for omission in left_out[:MOST_LISTED]:
        what = clean_text(omission.what, 120)
        what = what.removesuffix("s") if omission.count == 1 and " " not in what else what
        sentence = f"{omission.count} {what} {clean_text(omission.kind, 20)}"
        reason = clean_text(omission.reason, 300)
        for line in paragraph(f"{sentence}: {reason}" if reason else sentence, 14, room, most=5):
            parts.append(text("0", str(y), f"{p}f", escape(line)))
            width = max(width, text_width(line, 14))
            y += LINE_HEIGHT
    if len(left_out) > MOST_LISTED:
        rest = left_out[MOST_LISTED:]
        more = f"and {len(rest)} more such lines, {sum(omission.count for omission in rest)} things"
        parts.append(text("0", str(y), f"{p}f {p}m", more))
        y += LINE_HEIGHT
    return Block("".join(parts), y - 14, width)


def description(graph: Graph, projection: str) -> str:
    """The drawing in a sentence or two, for those who do not see it."""
    kinds = f"{len(graph.nodes)} nodes, {len(graph.edges)} connections"
    boxes = f", {len(graph.containers)} containers" if graph.containers else ""
    said = ". ".join((counts_sentence(graph), *graph.summary))
    return f"{projection.capitalize()} {clean_text(graph.type, 40)} diagram: {kinds}{boxes}. {said}."


def metadata(graph: Graph) -> str:
    """Completeness as JSON, for programs: the sum, its reasons, and the ids of what is not drawn as itself."""
    counts = tally(graph)
    return json.dumps(
        {
            "type": clean_text(graph.type, 40),
            "as_of": clean_text(graph.as_of, 60),
            "oldest": clean_text(graph.oldest, 60),
            **{name: getattr(counts, name) for name in ("found", "drawn", "folded", "omitted", "hidden", "ghosts")},
            "complete": counts.complete,
            "summary": [clean_text(said, 400) for said in graph.summary],
            "omissions": [
                {
                    "kind": clean_text(omission.kind, 20),
                    "what": clean_text(omission.what, 120),
                    "count": omission.count,
                    "reason": clean_text(omission.reason, 300),
                }
                for omission in graph.omissions[:500]
            ],
            "folds": {safe_id(node.id): list(map(safe_id, node.members)) for node in graph.nodes if node.members},
            "left_out": [safe_id(key) for omission in graph.omissions for key in omission.ids],
        },
        ensure_ascii=False,
        sort_keys=True,
    )
