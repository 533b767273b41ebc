"""What all formats say in the same words."""

from __future__ import annotations

from collections.abc import Iterator

from ..model.details import container_rows, measured, node_rows, total_rows
from ..model.graph import Container, Edge, Graph, Node, Omission, tally
from ..text import clean_text, safe_id

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


def caption(node: Node, graph: Graph, *, every_number: bool = False) -> str:
    """A node's name, how many servers or things it stands for, and the numbers that stand on its tile.

    ``every_number``: all numbers, for formats that have no other place for them.

    >>> caption(Node("a", "Web", quantity=3), Graph("t", ""))
    'Web ×3'
    """
    count = node.quantity if node.quantity > 1 else node.count
    shown = [quantity for quantity in graph.quantities if quantity.label or every_number]
    numbers = [f"{title} {words}" for title, words in measured(node.measures, shown)]
    words = f"{plain(node.name)} ×{count}" if count > 1 else plain(node.name)
    return plain(" · ".join((words, *numbers)))


def box_caption(box: Container, graph: Graph) -> str:
    """A box's name, and its sums."""
    sums = [f"{title} {words}" for title, words in measured(box.measures, graph.quantities)]
    return plain(" · ".join((box.name, *sums)))


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


def rows_of(thing: Node | Container, graph: Graph) -> list[tuple[str, str]]:
    """What is said of a thing of ``graph``; its name is the caption and no row."""
    if isinstance(thing, Container):
        said = container_rows(thing, graph.quantities)
    else:
        said = node_rows(thing, graph.quantities)
    return [(plain(name), plain(value)) for name, value in said if name != "name"]


def sort_of(thing: Node | Container) -> str:
    """What a thing is, in a word: an application's family, else its kind."""
    return plain(thing.family) if isinstance(thing, Node) and thing.kind == "application" else thing.kind


def completeness(graph: Graph) -> str:
    """The sum that accounts for everything found, and the sums of the graph's numbers.

    >>> completeness(Graph("business", "", nodes=(Node("a", "A"),), found=1))
    '1 found = 1 drawn + 0 folded + 0 omitted'
    """
    sums = tally(graph)
    words = f"{sums.found} found = {sums.drawn} drawn + {sums.folded} folded + {sums.omitted} omitted"
    return "; ".join((words, *(f"{plain(name)} {plain(value)}" for name, value in total_rows(graph))))


def left_out(omission: Omission) -> str:
    """An omission in words; what it counts stands behind it, by name and id, where it says so.

    >>> left_out(Omission("omitted", "applications", 1, "no place", ("5c",), ("Web",)))
    '1 applications omitted: no place: Web [5c]'
    """
    said = f"{omission.count} {plain(omission.what)} {omission.kind}: {plain(omission.reason)}"
    listed = ", ".join(f"{plain(name)} [{plain(key)}]" for key, name in zip(omission.ids, omission.names, strict=True))
    return f"{said}: {listed}" if listed else said


def stands_for(node: Node) -> str:
    """The ids of those a fold stands for; nothing for what stands for itself."""
    return ", ".join(map(plain, node.members))


def accounted(graph: Graph) -> Iterator[str]:
    """For languages with nothing but comments: each fold with its members, each omission with what it counts.

    Ids are those of :func:`node_id`, so that nothing in them can end a comment.
    """
    for node in graph.nodes:
        if node.members:
            yield f"{node_id(node.id)} stands for {' '.join(map(node_id, node.members))}"
    for omission in graph.omissions:
        if omission.ids:
            yield f"{omission.kind} {' '.join(map(node_id, omission.ids))}"


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


def paths(graph: Graph) -> dict[str, tuple[str, ...]]:
    """For languages in which a thing is named by the boxes around it: the ids from the outermost box to the thing.

    >>> graph = Graph("t", "", nodes=(Node("a", "A", parent="b"),), containers=(Container("b", "B", "zone"),))
    >>> [len(path) for path in paths(graph).values()]
    [1, 2]
    """
    found: dict[str, tuple[str, ...]] = {}
    around: tuple[str, ...] = ()
    for _, thing in nested(graph):
        if thing is None:
            around = around[:-1]
            continue
        found[thing.id] = (*around, node_id(thing.id))
        if isinstance(thing, Container):
            around = found[thing.id]
    return found
