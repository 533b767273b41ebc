"""Marks of technologies: which one an inventory names, and its path data (Simple Icons, CC0; see technologies.txt)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

#: Rows of a thing in which a technology may be named, beside its name.
TELLING_ROWS = frozenset({"engine", "services", "software", "image", "technology"})


@dataclass(frozen=True, slots=True)
class Technology:
    """A technology's mark: path data in a square of 24, and the words an inventory names it by."""

    key: str
    title: str
    words: tuple[str, ...]
    path: str


@cache
def technologies() -> dict[str, Technology]:
    """Every technology that has a mark, by its key."""
    text = files("analytics.drawing.symbols").joinpath("technologies.txt").read_text("utf-8")
    rows = [line.split("\t") for line in text.splitlines() if line and not line.startswith("#")]
    return {key: Technology(key, title, tuple(words.split()), path) for key, title, words, path in rows}


@cache
def _by_word() -> dict[str, str]:
    return {word: one.key for one in technologies().values() for word in one.words}


def technology_named(texts: Iterable[str]) -> str:
    """The key of the first technology that one of ``texts`` names as a word of its own, or nothing.

    >>> technology_named(["DB - MongoDB"]), technology_named(["mongoose"]), technology_named(["nginx 1.25"])
    ('mongodb', '', 'nginx')
    """
    known = _by_word()
    for text in texts:
        for word in re.split(r"[^a-z0-9]+", text.casefold()):
            if word in known:
                return known[word]
    return ""
