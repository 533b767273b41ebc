"""Phase: which pairs of things are joined, by which edges, in which trunks, and what their lines say.

Before: a graph. After: one record that every later phase reads, in canonical
order: what arrives in another order gives the same.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ..lettering import UNIT
from ..lettering.words import common_word, shown, trunk_text, way_text, words_width
from ..model.graph import Edge, Graph
from .acyclic import orient
from .records import TILE, Digraph, Measures
from .trunks import Membership, find_trunks


@dataclass(frozen=True, slots=True)
class Net:
    """Connected pairs and what runs between them.

    ``arcs`` say for each pair whether an edge leads from its first end to its
    second, and whether one leads back. ``trunks`` has the membership of pairs in
    trunks, ``texts`` what each pair's line says, and ``common`` what all of them say, if it is one thing.
    """

    pairs: tuple[tuple[str, str], ...]
    arcs: tuple[tuple[bool, bool], ...]
    trunks: Mapping[int, Membership]
    texts: Mapping[int, str]
    common: str

    def words(self, measures: Measures) -> dict[int, tuple[str, int]]:
        """What each pair's line says and how long that is on the ground; nothing where all say the same."""
        size = measures.type_size
        return {
            number: (text, round(words_width(text, size) / UNIT * TILE))
            for number, text in self.texts.items()
            if text and not self.common
        }


def join(edges: Sequence[Edge], boxes: Mapping[str, str], loose: frozenset[int] = frozenset()) -> Net:
    """The net of ``edges``; ends at containers in ``boxes`` are those of the box they share.

    Pairs in ``loose`` run in no trunk.
    """
    directed: dict[tuple[str, str], list[Edge]] = defaultdict(list)
    for edge in edges:
        source, target = boxes.get(edge.source, edge.source), boxes.get(edge.target, edge.target)
        if source != target:
            directed[source, target].append(edge)
    pairs = tuple(sorted({(min(pair), max(pair)) for pair in directed}))
    arcs = tuple((pair in directed, pair[::-1] in directed) for pair in pairs)
    trunks = {key: member for key, member in find_trunks(pairs, directed).items() if key not in loose}
    texts = {}
    for number, (one, other) in enumerate(pairs):
        texts[number] = way_text([*directed.get((one, other), ()), *directed.get((other, one), ())])
    members: dict[str, list[int]] = defaultdict(list)
    for number, membership in trunks.items():
        members[membership.trunk].append(number)
    for numbers in members.values():
        own = [
            edge for number in numbers for way in (pairs[number], pairs[number][::-1]) for edge in directed.get(way, ())
        ]
        if text := trunk_text(own):
            texts.update(dict.fromkeys(numbers, text))
    return Net(pairs, arcs, trunks, texts, common_word(texts.values()))


def cycle_closers(graph: Graph) -> frozenset[tuple[str, str]]:
    """The ways (source, target) between nodes that close a cycle of the graph, whatever the picture looks like.

    Containers call nothing: what is merged between them makes cycles that are none.
    """
    nodes = sorted(node.id for node in graph.nodes)
    number = {node: index for index, node in enumerate(nodes)}
    arcs = {
        (number[edge.source], number[edge.target])
        for edge in graph.edges
        if edge.source in number and edge.target in number and edge.source != edge.target
    }
    entries = frozenset(number[node.id] for node in graph.nodes if node.root)
    along = set(orient(Digraph(len(nodes), tuple(sorted(arcs)), entries)))
    return frozenset((nodes[tail], nodes[head]) for tail, head in arcs if (tail, head) not in along)


def shown_words(text: str, measures: Measures) -> str:
    """``text`` as it is drawn on the ground of a projection."""
    return shown(text, measures.type_size)
