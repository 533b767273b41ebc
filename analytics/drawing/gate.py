"""The gate: every finished document is read once more, and refused unless all of it is known.

Two readings. lxml parses the bytes (no tree, no network, no entities): the
document is well-formed, and holds no comment, instruction or document type.
Then every tag is held, as it is written, against the grammar below: which
elements there are, which attributes each may have, and the form of each value.
Each ``<`` of a well-formed document opens a tag, or something that the grammar
does not know, so nothing escapes the second reading; and since it reads the very text that is
sent, no other spelling of an attribute, quote or entity can slip past it.
Beyond that the style sheet is ours to the letter, ids are unique and every
reference stays inside.

Tags that come again (most do) are looked up instead of read again.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Any, NoReturn

from lxml import etree

from ..errors import DrawingRefused
from ..text import escape
from .theme import THEMES, style_sheet

#: Forms of values, as regular expressions over what is written between the quotes.
_NUMBER = r"-?\d{1,8}(?:\.\d{1,4})?"
_NUMBERS = r"[-0-9., ]+"
_PATH = r"M[-0-9.,MLHVQAZCSTmlhvqazcst ]*"
_ID = r"[A-Za-z0-9_-]{1,80}"
_CLASS = r"[A-Za-z0-9_ -]{1,160}"
_COLOUR = r"(?:none|currentColor|#[0-9a-f]{6})"
_MARKER = rf"url\(#{_ID}\)"
_WORD = r"[A-Za-z0-9_-]{0,80}"
_TRANSFORM = r"(?:(?:matrix|translate|scale|rotate)\([-0-9., ]+\) ?)+"
#: Text without escapes, the usual case, is tried first: it is matched as one run.
_TEXT = r"(?:[^<>&\"']{0,2000}|(?:[^<>&\"']|&(?:amp|lt|gt|quot|#39);){0,2000})"
_REFERENCE = rf"#{_ID}"

_PAINT = {
    "class": _CLASS,
    "id": _ID,
    "fill": _COLOUR,
    "fill-opacity": _NUMBER,
    "stroke": _COLOUR,
    "stroke-width": _NUMBER,
    "stroke-opacity": _NUMBER,
    "stroke-dasharray": _NUMBERS,
    "stroke-linejoin": "(?:round|miter|bevel)",
    "stroke-linecap": "(?:round|butt|square)",
    "transform": _TRANSFORM,
}
_BOX = {"x": _NUMBER, "y": _NUMBER, "width": _NUMBER, "height": _NUMBER}
_SPOKEN = {"role": "img", "aria-label": _TEXT}
_DATA = {f"data-{name}": _WORD for name in ("id", "kind", "family", "provider", "source", "target", "line", "header")}

#: What may stand in a drawing: elements, their attributes, and the form of each value.
ALLOWED: dict[str, dict[str, str]] = {
    "svg": {
        "xmlns": r"http://www\.w3\.org/2000/svg",
        "xmlns:xlink": r"http://www\.w3\.org/1999/xlink",
        "version": r"1\.1",
        "id": "graph",
        "class": _CLASS,
        "width": _NUMBER,
        "height": _NUMBER,
        "viewBox": _NUMBERS,
        "role": "graphics-document",
        "aria-labelledby": rf"{_ID} {_ID}",
    },
    "title": {"id": _ID},
    "desc": {"id": _ID},
    "metadata": {"id": _ID},
    "style": {"type": "text/css"},
    "defs": {"aria-hidden": "true"},
    "symbol": {"id": _ID, "overflow": "visible"},
    "marker": {
        "id": _ID,
        "markerUnits": "userSpaceOnUse",
        "orient": "auto",
        "overflow": "visible",
        **dict.fromkeys(("refX", "refY", "markerWidth", "markerHeight"), _NUMBER),
    },
    "g": {**_PAINT, **_DATA},
    "path": {**_PAINT, **_SPOKEN, "data-line": _WORD, "d": _PATH, "marker-end": _MARKER, "pointer-events": "stroke"},
    "polygon": {**_PAINT, "points": _NUMBERS},
    "rect": {**_PAINT, **_BOX, "rx": _NUMBER, "ry": _NUMBER},
    "use": {**_PAINT, "xlink:href": _REFERENCE},
    "text": {**_PAINT, "x": _NUMBER, "y": _NUMBER, "font-size": _NUMBER, "display": "none"},
    "tspan": {"class": _CLASS},
}


@cache
def _grammar() -> re.Pattern[str]:
    """One expression for every tag that may stand in a drawing, without its brackets.

    Attributes come in the order of the alphabet, as they are written: each is tried once.
    """
    opening = []
    for element, forms in ALLOWED.items():
        often = "" if element == "svg" else "?"  # the root has all of its attributes, an id among them: it stands once
        attributes = "".join(f'(?: {name}="{form}"){often}' for name, form in sorted(forms.items()))
        opening.append(f"{element}{attributes}/?")
    closing = "/(?:" + "|".join(ALLOWED) + ")"
    return re.compile("|".join((closing, *opening)))


_tags_of = re.compile("<([^>]*)").findall


#: Tags of definitions that are the same in every drawing, read once per process.
_constant_tags: set[str] = set()


def remember(markup: str) -> str:
    """``markup`` itself, a constant part of drawings: its tags are read now and not again."""
    _constant_tags.update(_tags(markup))
    return markup


def _tags(markup: str) -> set[str]:
    """The tags of ``markup``, each once; all of them are known to the grammar."""
    tags = set(_tags_of(markup))
    known = _grammar().fullmatch
    for tag in tags - _constant_tags:
        if known(tag) is None:
            raise DrawingRefused(f"this may not stand in a drawing: <{tag[:200]}>")
    return tags


class _Reader:
    """lxml's parser target: it only listens for what must not be there."""

    def comment(self, text: str) -> NoReturn:
        raise DrawingRefused("a drawing holds no comments")

    def pi(self, target: str, data: str | None = None) -> NoReturn:
        raise DrawingRefused("a drawing holds no processing instructions")

    def doctype(self, *_: Any) -> NoReturn:
        raise DrawingRefused("a drawing has no document type")

    def close(self) -> None:
        """Nothing is built."""


@cache
def _known_styles() -> tuple[str, ...]:
    return tuple(f'<style type="text/css">{escape(style_sheet(theme))}</style>' for theme in THEMES.values())


def check_drawing(svg: str) -> str:
    """``svg`` itself, when everything in it is known.

    Raises :class:`~analytics.errors.DrawingRefused` otherwise. What stands between
    the tags is text, which cannot hold markup in a document that parses.
    """
    parser = etree.XMLParser(
        target=_Reader(), resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, collect_ids=False
    )
    try:
        etree.fromstring(svg, parser)
    except (etree.XMLSyntaxError, ValueError) as error:  # the latter for text that UTF-8 cannot hold
        raise DrawingRefused(f"not well-formed: {error}") from error
    if svg.count("<style") != 1 or not any(style in svg for style in _known_styles()):
        raise DrawingRefused("the style sheet is not ours")
    tags = _tags(svg)
    ids = [_after(' id="', tag) for tag in tags if ' id="' in tag]
    if svg.count(' id="') != len(set(ids)):
        raise DrawingRefused("an id stands twice")
    used = {_after('href="#', tag) for tag in tags if 'href="#' in tag}
    used |= {_after('"url(#', tag, ")") for tag in tags if '"url(#' in tag}
    missing = used.difference(ids)
    if missing:
        raise DrawingRefused(f"a reference leads nowhere: {min(missing)!r}")
    return svg


def _after(before: str, tag: str, end: str = '"') -> str:
    """What stands after ``before``, up to ``end``; the grammar gives a tag at most one attribute of a name."""
    start = tag.index(before) + len(before)
    return tag[start : tag.index(end, start)]
