"""What pages are made of, written as Markdown and as HTML. Nothing in an inventory is markup in either. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ...export.spots import Spot
from ...text import clean_text, escape
from ..rules.writing import plain

#: The longest text of a cell or a line.
LONGEST = 400


@dataclass(frozen=True, slots=True)
class Words:
    """A text, and the page it leads to; ``to`` is relative to the site and has no ending."""

    text: str
    to: str = ""


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading within a page."""

    text: str


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence."""

    parts: tuple[Words, ...]


@dataclass(frozen=True, slots=True)
class Points:
    """A list of sentences."""

    items: tuple[tuple[Words, ...], ...]


@dataclass(frozen=True, slots=True)
class Table:
    """Columns and rows."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Words, ...], ...]


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture of the site, by its path, and what it shows.

    ``size`` is its width and height in pixels, ``links`` are where on it other pages are to be had.
    """

    path: str
    says: str
    size: tuple[float, float] = (0.0, 0.0)
    links: tuple[tuple[Spot, Words], ...] = ()


Block = Heading | Line | Points | Table | Picture


@dataclass(frozen=True, slots=True)
class Page:
    """One page: its path without an ending, its title, and what is on it."""

    path: str
    title: str
    blocks: tuple[Block, ...] = ()


STYLE = (
    "body{font:16px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:70rem;padding:0 1rem;color:#1f2933}"
    "table{border-collapse:collapse;display:block;overflow-x:auto}td,th{border:1px solid #cbd2d9;padding:.25rem .6rem;"
    "text-align:left;vertical-align:top}img{max-width:100%;height:auto;outline:1px solid #cbd2d9;display:block}"
    "a{color:#1d4ed8}"
    "figure{position:relative;margin:1rem 0;width:fit-content;max-width:100%}figure svg{position:absolute;inset:0;"
    "width:100%;height:100%;pointer-events:none}path{fill:transparent;pointer-events:all}"
    "a:hover path,a:focus path{stroke:#1d4ed8;stroke-width:4}"
    "@media(prefers-color-scheme:dark){body{background:#12161c;color:#e4e7eb}a{color:#93c5fd}img{background:#fff}}"
)


def relative(page: Page, to: str) -> str:
    """A path of the site as seen from a page."""
    return "../" * page.path.count("/") + to


def html(page: Page) -> str:
    """A page as HTML: no script, nothing from elsewhere."""

    def words(parts: Sequence[Words]) -> str:
        return "".join(
            f'<a href="{escape(relative(page, one.to))}.html">{text(one.text)}</a>' if one.to else text(one.text)
            for one in parts
        )

    body = []
    for block in page.blocks:
        match block:
            case Heading():
                body.append(f"<h2>{text(block.text)}</h2>")
            case Line():
                body.append(f"<p>{words(block.parts)}</p>")
            case Points():
                body.append("<ul>" + "".join(f"<li>{words(one)}</li>" for one in block.items) + "</ul>")
            case Table():
                head = "".join(f"<th>{text(one)}</th>" for one in block.columns)
                rows = "".join(
                    "<tr>" + "".join(f"<td>{words([one])}</td>" for one in row) + "</tr>" for row in block.rows
                )
                body.append(f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>")
            case Picture():
                path = escape(relative(page, block.path))
                img = f'<img src="{path}" alt="{text(block.says)}">'
                body.append(f'<figure><a href="{path}">{img}</a>{overlay(page, block)}</figure>')
    title = text(page.title)
    home = "" if page.path == "index" else f'<p><a href="{relative(page, "index")}.html">Index</a></p>'
    return (
        f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>{title}</title>'
        f'<meta name="viewport" content="width=device-width,initial-scale=1"><style>{STYLE}</style></head>\n'
        f"<body>{home}<h1>{title}</h1>\n" + "\n".join(body) + "\n</body></html>\n"
    )


def overlay(page: Page, picture: Picture) -> str:
    """Links over a picture, which stays what it is: each over the thing it leads from, at every size of the page."""
    if not picture.links:
        return ""
    width, height = picture.size
    areas = "".join(
        f'<a href="{escape(relative(page, to.to))}.html"><title>{text(to.text)}</title>'
        f'<path transform="translate({x:g},{y:g})" d="{outline}"/></a>'
        for (x, y, outline), to in picture.links
    )
    return f'<svg viewBox="0 0 {width:g} {height:g}">{areas}</svg>'


def text(value: str) -> str:
    """Text of an inventory for HTML."""
    return escape(spaced(value, clean_text(value, LONGEST)))


def spaced(value: str, cleaned: str) -> str:
    """A cleaned text with the spaces that part it from its neighbours."""
    return f"{' ' * value.startswith(' ')}{cleaned}{' ' * value.endswith(' ')}"


def markdown(page: Page) -> str:
    """A page as Markdown."""

    def words(parts: Sequence[Words]) -> str:
        return "".join(
            f"[{plain(clean_text(one.text, LONGEST))}]({relative(page, one.to)}.md)"
            if one.to
            else spaced(one.text, plain(clean_text(one.text, LONGEST)))
            for one in parts
        )

    lines = [f"# {plain(clean_text(page.title, LONGEST))}"]
    if page.path != "index":
        lines += ["", f"[Index]({relative(page, 'index')}.md)"]
    for block in page.blocks:
        lines.append("")
        match block:
            case Heading():
                lines.append(f"## {plain(block.text)}")
            case Line():
                lines.append(words(block.parts))
            case Points():
                lines += [f"- {words(one)}" for one in block.items]
            case Table():
                lines.append("| " + " | ".join(plain(one) for one in block.columns) + " |")
                lines.append("|" + " --- |" * len(block.columns))
                lines += ["| " + " | ".join(words([one]) for one in row) + " |" for row in block.rows]
            case Picture():
                lines.append(f"![{plain(block.says)}]({relative(page, block.path)})")
    return "\n".join(lines) + "\n"
