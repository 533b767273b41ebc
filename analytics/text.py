"""Untrusted text on its way into a document: one line, legal in XML, without tricks, capped.

Every text and id of the inventory passes one of these functions before it
reaches markup. What they give is safe by its alphabet, not by what was looked
for in it.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

_SPACE = re.compile(r"\s+")
_OBJECT_ID = re.compile(r"[0-9a-f]{24}").fullmatch

#: C0 and C1 controls, surrogates, bidi and annotation controls, non-characters of every plane.
_ILLEGAL = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff"
    "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ufff9-\ufffb"
    + "".join(f"{chr((plane << 16) | 0xFFFE)}{chr((plane << 16) | 0xFFFF)}" for plane in range(1, 17))
    + "]"
)
_MARKUP = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;"})
_NEEDS_ESCAPE = re.compile("[&<>\"']").search
_UNSAFE_WORD = re.compile(r"[^A-Za-z0-9_-]+")

#: How many marks may stand on one character; more would climb over the lines above.
MARKS_ON_A_CHARACTER = 3


@lru_cache(maxsize=32_768)
def safe_id(text: str) -> str:
    """An id that is safe in an attribute, a selector and a file: 24 hex digits.

    An object id stays what it is; everything else becomes a digest, the same
    one in every place.

    >>> safe_id("5c000000000000000000000e")
    '5c000000000000000000000e'
    >>> safe_id("web/1") == safe_id("web/1") != safe_id("web-1")
    True
    """
    if _OBJECT_ID(text):
        return text
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=12).hexdigest()


def clean_text(text: str, limit: int) -> str:
    """Free text as one line of at most ``limit`` characters, shortened in the middle.

    White space collapses; what XML forbids, and what would reorder or hide the
    text around it, becomes U+FFFD. Nothing is escaped here.

    >>> clean_text("  two\\n lines ", 80), clean_text("abcdefghij", 5)
    ('two lines', 'ab…ij')
    """
    if text.isascii() and text.isprintable() and len(text) <= limit and "  " not in text:
        return text.strip()
    if len(text) > 4 * limit:  # the middle of a very long text is never shown: do not read it
        text = text[: 2 * limit] + text[-2 * limit :]
    text = _SPACE.sub(" ", text).strip()
    if not text.isascii():
        text = _tame_marks(_ILLEGAL.sub("\ufffd", text))
    elif not text.isprintable():
        text = _ILLEGAL.sub("\ufffd", text)
    return shorten(text, limit)


def shorten(text: str, limit: int) -> str:
    """``text`` with its middle left out, so that it has at most ``limit`` characters."""
    if len(text) <= limit:
        return text
    head = limit // 2
    tail = limit - head - 1
    return f"{text[:head].rstrip()}…{text[len(text) - tail :].lstrip()}"


def _tame_marks(text: str) -> str:
    """At most a few combining marks on each character."""
    if not any(unicodedata.combining(character) for character in text):
        return text
    kept: list[str] = []
    marks = 0
    for character in text:
        marks = marks + 1 if unicodedata.combining(character) else 0
        if marks <= MARKS_ON_A_CHARACTER:
            kept.append(character)
    return "".join(kept)


def escape(text: str) -> str:
    """``text`` for an element or a quoted attribute.

    >>> escape("R&D <1>")
    'R&amp;D &lt;1&gt;'
    """
    return text.translate(_MARKUP) if _NEEDS_ESCAPE(text) else text


@lru_cache(maxsize=1024)
def safe_word(text: str) -> str:
    """A word for a class or a ``data-`` attribute: letters, digits, ``_`` and ``-``, at most 40.

    >>> safe_word("CI/CD"), safe_word("<b>"), safe_word("数据")
    ('CI-CD', 'b', 'x')
    """
    return _UNSAFE_WORD.sub("-", text[:200]).strip("-")[:40] or "x"


def many(count: int, thing: str) -> str:
    """A number of things.

    >>> many(1, "server"), many(2, "server"), many(3, "dependency")
    ('1 server', '2 servers', '3 dependencies')
    """
    if count == 1:
        return f"1 {thing}"
    return f"{count} {thing[:-1]}ies" if thing.endswith("y") and thing[-2] not in "aeiou" else f"{count} {thing}s"


def named(names: Iterable[str], most: int = 6) -> str:
    """Names in order, ``most`` of them spelled out and the others counted.

    >>> named(["b", "a"]), named(["a", "b", "c"], most=1)
    ('a, b', 'a and 2 more')
    """
    ordered = sorted(names)
    return ", ".join(ordered[:most]) + and_more(len(ordered) - most)


def and_more(count: int) -> str:
    """What follows a list that was cut short by ``count``; nothing where it was not.

    >>> and_more(3), and_more(0)
    (' and 3 more', '')
    """
    return f" and {count} more" if count > 0 else ""
