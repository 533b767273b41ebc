"""Titles of boxes: how they read where several containers share one, and what room they need."""

from __future__ import annotations

from collections.abc import Sequence

from ..text import clean_text
from .type_metrics import text_width

TITLE_LIMIT = 200
#: Type of a title as a share of its strip, and what it shrinks to before it is shortened.
TITLE_SHARE, LEAST_SHARE = 0.56, 0.36
#: What a title keeps free at both ends of its strip, in pixels.
PAD = 8.0


def box_title(names: Sequence[str]) -> str:
    """The names of all containers that share a box, outermost first, each once; one that the next repeats is left out.

    >>> box_title(["AWS", "AWS Ireland", "eu-west-1"]), box_title([""])
    ('AWS Ireland › eu-west-1', '(no name)')
    """
    cleaned = [clean_text(name, TITLE_LIMIT) for name in names]
    kept: list[str] = []
    for number, name in enumerate(cleaned):
        following = cleaned[number + 1] if number + 1 < len(cleaned) else ""
        if name and name not in kept and not (following.startswith(name) and following != name):
            kept.append(name)
    return clean_text(" › ".join(kept), TITLE_LIMIT) or "(no name)"


def least_title_width(title: str, strip: float) -> float:
    """The width a box needs for its title whole, in its smallest type, under a strip of this depth; in pixels."""
    return text_width(title, strip * LEAST_SHARE, bold=True) + 2 * PAD + 6
