"""What all formats say in the same words."""

from __future__ import annotations

from collections.abc import Iterator

from ..lettering.sanitise import clean_text, safe_id
from ..model import Container, Edge, Graph, Node, tally

#: Longest text taken over.
LIMIT = 300

#: What a line says of how it is known; what is stated needs no word.
PROVENANCE = {"inferred": "inferred", "indirect": "indirect"}


def plain(text: str) -> str:
    """Untrusted text as one line without controls; nothing is escaped yet."""
    return clean_text(text, LIMIT)


def node_id(key: str) -> str:
    """An id of letters, digits and ``_`` that starts with a letter, the same one for the same thing in every format.

    >>> node_id("5c000000000000000000000e")
    'n5c000000000000000000000e'
    """
    return f"n{safe_id(key)}"


def caption(node: Node) -> str:
    """A node's name, and how many servers or things it stands for.

    >>> caption(Node("a", "Web", quantity=3))
    'Web ×3'
    """
    count = node.quantity if node.quantity > 1 else node.count
    return f"{plain(node.name)} ×{count}" if count > 1 else plain(node.name)


def line_caption(edge: Edge) -> str:
    """What a line says: how, how often, and how sure that is.

    >>> line_caption(Edge("a", "b", label="rest", count=2, provenance="inferred"))
    'rest ×2 (inferred)'
    """
    words = [plain(edge.label or ("" if edge.kind == "dep" else edge.kind))]
    if edge.count > 1:
        words.append(f"×{edge.count}")
    if edge.provenance in PROVENANCE:
        words.append(f"({PROVENANCE[edge.provenance]})")
    return " ".join(word for word in words if word)


def rows_of(thing: Node | Container) -> list[tuple[str, str]]:
    """What is said of a thing: a box's figures, the rows of its tooltip, its marks; each once, empty ones left out."""
    figures = thing.rollups if isinstance(thing, Container) else ()
    rows = [(plain(row.name), plain(row.value)) for row in (*figures, *thing.attributes) if row.value]
    return list(dict.fromkeys([*rows, *[("mark", plain(badge.text)) for badge in thing.badges]]))


def sort_of(thing: Node | Container) -> str:
    """What a thing is, in a word: an application's family, else its kind."""
    return plain(thing.family) if isinstance(thing, Node) and thing.kind == "application" else thing.kind


def completeness(graph: Graph) -> str:
    """The sum that accounts for everything found.

    >>> completeness(Graph("business", "", nodes=(Node("a", "A"),), found=1))
    '1 found = 1 drawn + 0 folded + 0 omitted'
    """
    sums = tally(graph)
    return f"{sums.found} found = {sums.drawn} drawn + {sums.folded} folded + {sums.omitted} omitted"


def nested(graph: Graph) -> Iterator[tuple[int, Container | Node | None]]:
    """Boxes and what stands in them, with the depth; ``None`` where a box ends.

    A loop and no recursion: boxes may nest as deep as an inventory likes.

    >>> graph = Graph("t", "", nodes=(Node("a", "A", parent="b"),), containers=(Container("b", "B", "zone"),))
    >>> [(depth, thing.name if thing else "end") for depth, thing in nested(graph)]
    [(0, 'B'), (1, 'A'), (0, 'end')]
    """
    known = {box.id for box in graph.containers}
    inside: dict[str, list[Container | Node]] = {}
    things: tuple[Container | Node, ...] = (*graph.containers, *graph.nodes)
    for thing in things:
        inside.setdefault(thing.parent if thing.parent in known else "", []).append(thing)
    waiting: list[tuple[int, Container | Node | None]] = [(0, thing) for thing in reversed(inside.get("", []))]
    while waiting:
        depth, found = waiting.pop()
        yield depth, found
        if isinstance(found, Container):
            waiting.append((depth, None))
            waiting += [(depth + 1, inner) for inner in reversed(inside.get(found.id, []))]
