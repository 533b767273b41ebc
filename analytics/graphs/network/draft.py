"""A network graph while it is drawn up: boxes, leaves, and the lines between them.

Lines of a kind between the same two things are one that counts them. A line
between a box and what stands in it is not drawn: it becomes a note on the inner one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from ...documents.entities import Application, Server
from ...documents.networks import Rule
from ...model.graph import Attribute, Badge, Container, Edge, Node
from ...model.kinds import EdgeKind, Provenance
from ..boxes import Boxes, Map
from ..node_ids import NodeIds
from ..references import References
from .address_space import Terrain
from .exposure import Exposure, ports_in_words
from .placement import Spot

OUTSIDE, INTERNET, PREMISES = "lane:outside", "outside:internet", "outside:on-premises"
#: Lines that are drawn between single things; what would draw more draws them between boxes.
MOST_LINES = 4
#: Words a line spells out before it counts.
SPELLED = 2


@dataclass(frozen=True)
class Leaf:
    """One thing with an address: where it stands, which groups guard it, how it stands to the world.

    ``lost_subnet`` is the subnet it names and no document holds, ``further`` are the
    boxes of the other subnets that its interfaces stand in.
    """

    id: str
    thing: Server | Application
    box: str
    spot: Spot
    groups: tuple[str, ...]
    exposure: Exposure
    lost_subnet: str = ""
    further: tuple[str, ...] = ()


@dataclass
class Line:
    """What one line stands for, until its label is made."""

    rules: list[Rule] = field(default_factory=list)
    words: set[str] = field(default_factory=set)
    count: int = 0
    doubts: set[Provenance] = field(default_factory=set)

    def label(self) -> str:
        """Ports, or the words, the many counted."""
        if self.rules:
            return ports_in_words(self.rules)
        more = f" (+{len(self.words) - SPELLED})" if len(self.words) > SPELLED else ""
        return ", ".join(sorted(self.words)[:SPELLED]) + more


@dataclass
class Picture:
    """The graph while it is drawn up.

    ``stands_for`` says which node a leaf is drawn as, folded or not; ``services``
    which service an endpoint leads to, and ``route_names`` by which name routes
    know a gateway, each by the id of its node.
    """

    terrain: Terrain
    places: Map
    references: References
    boxes: Boxes = field(default_factory=Boxes)
    ids: NodeIds = field(default_factory=NodeIds)
    leaves: dict[str, Leaf] = field(default_factory=dict)
    nodes: dict[str, Node] = field(default_factory=dict)
    stands_for: dict[str, str] = field(default_factory=dict)
    services: dict[str, str] = field(default_factory=dict)
    route_names: dict[str, str] = field(default_factory=dict)
    lines: dict[tuple[str, str, EdgeKind], Line] = field(default_factory=dict)

    def around(self, key: str) -> str:
        """The box around a node or a box."""
        if key in self.nodes:
            return self.nodes[key].parent
        container = self.boxes.containers.get(key)
        return container.parent if container else ""

    def holds(self, box: str, key: str) -> bool:
        """Whether ``key`` is ``box`` or stands in it."""
        while key and key != box:
            key = self.around(key)
        return bool(key)


def outside(
    picture: Picture, key: str, name: str, kind: Literal["internet", "external"] = "external", note: str = ""
) -> str:
    """A node of the outside lane; made when the first line needs it."""
    if key not in picture.nodes:
        family = {"internet": "Internet", "external": "External"}[kind]
        rows = attributes({"note": note})
        picture.nodes[key] = Node(id=key, name=name, kind=kind, family=family, parent=OUTSIDE, attributes=rows)
    return key


def internet(picture: Picture) -> str:
    """The one node for everybody."""
    return outside(picture, INTERNET, "Internet", "internet", "0.0.0.0/0 and ::/0")


def peer_node(picture: Picture, network: str, text: str, account: str) -> str:
    """A network at the other end of a peering that is not in this inventory, or not the owner's."""
    note = ", ".join(word for word in (text, f"account {account}" if account else "") if word)
    return outside(picture, f"outside:peer {network}", network, note=note)


def attributes(rows: Mapping[str, str]) -> tuple[Attribute, ...]:
    """Rows of a tooltip; empty ones are left out."""
    return tuple(Attribute(name, value) for name, value in rows.items() if value)


def draw(
    picture: Picture,
    source: str,
    target: str,
    kind: EdgeKind,
    words: str = "",
    rule: Rule | None = None,
    how: Provenance = "stated",
) -> None:
    """Add to the line of a kind between two things."""
    line = picture.lines.setdefault((source, target, kind), Line())
    line.count += 1
    line.doubts.add(how)
    if rule is not None:
        line.rules.append(rule)
    if words:
        line.words.add(words)


#: A line that stands for several relations is as sure as the surest of them.
SURENESS: tuple[Provenance, ...] = ("stated", "indirect", "inferred")
#: Boxes that lines may be drawn between instead; beyond them a line would say nothing.
WIDENED = frozenset({"subnet", "zone", "network", "ghost-network"})


def boxed(picture: Picture, things: Iterable[str]) -> list[str]:
    """The boxes that things stand in, one step wider; the widest and what is outside stand for themselves."""
    return list(dict.fromkeys(wider(picture, key) for key in things))


def wider(picture: Picture, key: str) -> str:
    """The box around a node, or around a box as long as that is a network or a part of one."""
    around = picture.boxes.containers.get(picture.around(key))
    if around is None or (key not in picture.nodes and around.kind not in WIDENED):
        return key
    return around.id


def finish_lines(picture: Picture) -> tuple[Edge, ...]:
    """Every line as an edge; those between a box and its own content as notes on the inner one."""
    edges = []
    notes: dict[str, dict[str, None]] = {}
    for (source, target, kind), line in sorted(picture.lines.items()):
        inner, outer = (target, source) if picture.holds(source, target) else (source, target)
        if not picture.holds(outer, inner):
            doubt = next((how for how in SURENESS if how in line.doubts), SURENESS[0])
            edges.append(Edge(source, target, kind=kind, label=line.label(), provenance=doubt, count=line.count))
            continue
        notes.setdefault(inner, {})[note_of(picture, source, target, kind, line)] = None
    for key, said in notes.items():
        note(picture, key, list(said))
    return tuple(edges)


def note_of(picture: Picture, source: str, target: str, kind: EdgeKind, line: Line) -> str:
    """What a line would have said that is not drawn."""
    box = source if source in picture.boxes.containers else target
    container = picture.boxes.containers.get(box)
    whose = "things like it" if container is None else "things in it" if source == target else container.name
    if kind == "ingress":
        return f"{whose} may reach it: {line.label()}"
    times = f" ×{line.count}" if line.count > 1 else ""
    return f"{kind} {'to' if target == box else 'from'} {whose}: {line.label()}{times}"


def note(picture: Picture, key: str, said: Sequence[str]) -> None:
    """Write notes on a node, with a mark, or on a box."""
    if key in picture.nodes:
        node = picture.nodes[key]
        rows = tuple(Attribute("reach", one) for one in said)
        words = "; ".join(said[:3]) + (f" (+{len(said) - 3})" if len(said) > 3 else "")
        mark = Badge("↕", words, meaning="lines to or from the box it stands in")
        picture.nodes[key] = replace(node, badges=(*node.badges, mark), attributes=(*node.attributes, *rows))
    else:
        box = picture.boxes.containers[key]
        rows = tuple(Attribute("reach", one) for one in said)
        picture.boxes.containers[key] = replace(box, attributes=(*box.attributes, *rows))


def count_in_boxes(picture: Picture, leaves: Iterable[Leaf]) -> Counter[str]:
    """How many of ``leaves`` stand in each box and the boxes within it."""
    return Counter(box for leaf in leaves for box in picture.boxes.path(leaf.box))


def lane(key: str, name: str) -> Container:
    """A box beside the estate."""
    return Container(key, name, "outside")
