"""What is written on lines: how, for how many, and once where all say the same."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache

from ..model.graph import Edge
from ..text import clean_text
from .type_metrics import fit, text_width

LABEL_LIMIT = 60
#: Longest words on a line, in sizes of their type.
LONGEST = 16.0


def edge_text(edge: Edge) -> str:
    """What the line says: how, and for how many relations it stands; empty when there is nothing to say.

    >>> edge_text(Edge("a", "b", label="rest", count=3)), edge_text(Edge("a", "b"))
    ('rest ×3', '')
    """
    return said(edge.label, edge.count)


@lru_cache(maxsize=4_096)
def said(label: str, count: int) -> str:
    """A label and a count as words."""
    times = f"×{count}" if count > 1 else ""
    return f"{clean_text(label, LABEL_LIMIT)} {times}".strip()


def way_text(edges: Sequence[Edge]) -> str:
    """What stands on the one line of several edges: there and back, or of several kinds.

    >>> way_text([Edge("a", "b", label="calls", count=3), Edge("b", "a", label="calls", count=2)])
    'calls ×3 / ×2'
    >>> way_text([Edge("a", "b", label="rest"), Edge("b", "a", label="amqp")])
    'rest / amqp'
    """
    texts = list(dict.fromkeys(edge_text(edge) for edge in edges if edge.label)) or [edge_text(edges[0])]
    labels = {edge.label for edge in edges}
    if len(texts) > 1 and len(labels) == 1:
        counts = [f"×{edge.count}" for edge in edges]
        return f"{clean_text(edges[0].label, LABEL_LIMIT)} {' / '.join(dict.fromkeys(counts))}"
    return " / ".join(texts)


def trunk_text(edges: Sequence[Edge]) -> str:
    """What stands once on a trunk whose edges all say the same, whatever their counts; empty where they differ.

    >>> trunk_text([Edge("a", "c", label="rest", count=2), Edge("b", "c", label="rest")])
    'rest ×3'
    """
    labels = {edge.label for edge in edges}
    if len(labels) != 1:
        return ""
    if all(edge.count <= 1 for edge in edges):  # how many lines they are stands at their head
        return said(labels.pop(), 1)
    return said(labels.pop(), sum(max(1, edge.count) for edge in edges))


def common_word(texts: Iterable[str]) -> str:
    """The word that every one of more than two lines says; it is written once, in the legend.

    >>> common_word(["rest", "rest", "rest"]), common_word(["rest", "rest"]), common_word(["rest", "", "rest"])
    ('rest', '', '')
    """
    listed = list(texts)
    return listed[0] if len(listed) > 2 and len(set(listed)) == 1 else ""


def shown(text: str, size: float) -> str:
    """``text`` as it is drawn in type of ``size``: whole, or with its middle left out where it is very long."""
    return fit(text, size, LONGEST * size)


def words_width(text: str, size: float) -> float:
    """The room of words on a line, with the plate under them, in pixels."""
    return text_width(shown(text, size), size) + 9.0
