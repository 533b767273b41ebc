"""Equal things fold into one node that carries their exact count and lists them. Pure, and nothing is lost.

Which nodes are equal to a reader, the graph type says (``Node.alike``); this
folds those of one parent. ``detail`` decides how far: ``full`` folds nothing,
``standard`` what is known to be equal and only where there is more than a
person can read, ``overview`` everything of one parent, kind, family and
provider. What is still too large folds as for an overview, and then by kind
and provider, without being asked. What the world may reach never folds with
what it may not.
"""

from __future__ import annotations

import os
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import replace
from hashlib import blake2b

from ..documents.values import moment
from ..model.graph import Attribute, Badge, Edge, Graph, Node, Omission
from ..model.kinds import NodeKind
from ..text import named

#: What a person can read: beyond this many nodes or edges equal things fold without being asked.
READABLE_NODES, READABLE_EDGES = 150, 300
#: Why things are folded: they are known to be equal, or there are more than a person can read.
EQUAL = "identical, shown as one group"
SIMILAR = "of one kind and provider, shown as one group"
#: What a fold of a kind is; of everything else it is a ``group``.
GROUPS: dict[NodeKind, NodeKind] = {"server": "server-group", "server-group": "server-group", "ghost": "ghost"}
#: What many of a kind are called.
PLURALS = {"ghost": "things not in the inventory"}
#: Names a fold spells out in its tooltip.
SPELLED = 12


def fold(graph: Graph, detail: str) -> Graph:
    """``graph`` folded as far as ``detail`` says, and as far as it must be to be read.

    >>> from dataclasses import replace
    >>> twins = (Node("a", "web-1", kind="server", alike="web"), Node("b", "web-2", kind="server", alike="web"))
    >>> many = tuple(replace(twins[n % 2], id=f"{n:03}") for n in range(200))
    >>> len(fold(Graph("infra", "", nodes=twins, found=2), "standard").nodes)
    2
    >>> folded = fold(Graph("infra", "", nodes=many, found=200), "standard")
    >>> [(node.kind, node.name, node.count) for node in folded.nodes]
    [('server-group', 'web-*', 200)]
    """
    if detail == "full" or (detail == "standard" and not needs_folding(graph)):
        return graph
    folded = fold_equal(graph)
    if detail == "overview" or needs_folding(folded):
        folded = fold_by(graph, lambda node: (node.kind, node.family, node.provider, reach_of(node)), SIMILAR)
    if needs_folding(folded):
        return fold_by(graph, lambda node: (node.kind, node.provider, reach_of(node)), SIMILAR)
    return folded


def fold_equal(graph: Graph) -> Graph:
    """``graph`` with what is known to be equal folded."""
    return fold_by(graph, lambda node: (node.alike,))


def fold_by(graph: Graph, word: Callable[[Node], tuple[str, ...]], reason: str = EQUAL) -> Graph:
    """``graph`` with the nodes of one parent and ``word`` folded, edges merged, and an omission for each kind.

    Entries of the graph, and nodes that say nothing in ``alike``, stay.
    """
    groups: dict[tuple[str, ...], list[Node]] = defaultdict(list)
    for node in sorted(graph.nodes, key=lambda node: node.id):
        if node.alike and not node.root:
            groups[(node.parent, *word(node))].append(node)
    folds = [members for members in groups.values() if len(members) > 1]
    if not folds:
        return graph
    named = [(group_id(members), members) for members in folds]
    stands_for = {member.id: key for key, members in named for member in members}
    nodes = [node for node in graph.nodes if node.id not in stands_for]
    nodes += [group_of(key, members) for key, members in named]
    counted: Counter[str] = Counter()
    for members in folds:
        for member in members:
            counted[member.kind] += member.count
    omissions = tuple(
        Omission("folded", PLURALS.get(kind, f"{kind}s"), count, reason) for kind, count in sorted(counted.items())
    )
    return replace(
        graph,
        nodes=tuple(nodes),
        edges=merged(graph.edges, stands_for),
        omissions=(*graph.omissions, *omissions),
        findings=tuple(
            replace(finding, nodes=tuple(dict.fromkeys(stands_for.get(key, key) for key in finding.nodes)))
            for finding in graph.findings
        ),
    )


def reach_of(node: Node) -> str:
    """What the first mark of a server says: whether the world reaches it."""
    return node.badges[0].text if node.kind == "server" and node.badges else ""


def needs_folding(graph: Graph) -> bool:
    """Whether the graph is larger than a person can read."""
    return len(graph.nodes) > READABLE_NODES or len(graph.edges) > READABLE_EDGES


def group_id(members: Sequence[Node]) -> str:
    """A fold's id: it stays while its members stay."""
    digest = blake2b("\n".join(member.id for member in members).encode("utf-8", "surrogatepass"), digest_size=12)
    return digest.hexdigest()


def group_of(key: str, members: Sequence[Node]) -> Node:
    """The one node, called ``key``, that stands for ``members``: what they share, their number and their names."""
    first = members[0]
    count = sum(member.count for member in members)
    said = {(row.name, row.value) for row in first.attributes}
    for member in members:
        said &= {(row.name, row.value) for row in member.attributes}
    shared = [row for row in first.attributes if (row.name, row.value) in said]
    names = sorted(member.name for member in members)
    rows = (*shared, Attribute("count", str(count)), Attribute("names", named(names, SPELLED)))
    return replace(
        first,
        id=key,
        name=common_name(names) or shared_family(members),
        family=shared_family(members),
        kind=GROUPS.get(first.kind, "group"),
        count=count,
        systems=tuple(sorted({system for member in members for system in member.systems})),
        datacenters=tuple(sorted({place for member in members for place in member.datacenters})),
        quantity=count if first.kind in ("server", "server-group") else sum(member.quantity for member in members),
        attributes=rows,
        badges=shared_badges(members),
        source="",
        members=tuple(key for member in members for key in member.members or (member.id,)),
        as_of=min((member.as_of for member in members if member.as_of), default="", key=as_moment),
    )


def as_moment(seen: str) -> tuple[bool, float]:
    """Dates in their order, what is none behind them."""
    when = moment(seen)
    return (when is None, when.timestamp() if when else 0.0)


def shared_family(members: Sequence[Node]) -> str:
    """The members' family; what they are, where they differ in it."""
    families = {member.family for member in members}
    return members[0].family if len(families) == 1 else f"{members[0].kind}s".capitalize()


def shared_badges(members: Sequence[Node]) -> tuple[Badge, ...]:
    """The marks of the members, each once, with how many bear it where not all do."""
    counts = Counter(badge for member in members for badge in member.badges)
    return tuple(
        badge if counts[badge] == len(members) else replace(badge, borne=counts[badge], among=len(members))
        for badge in sorted(counts, key=lambda badge: (badge.glyph, badge.text))
    )


def common_name(names: Sequence[str]) -> str:
    """What the names begin with, as a pattern that nobody takes for a name; nothing where that says too little.

    >>> common_name(["web-01", "web-02"]), common_name(["a", "b"]), common_name(["api", "api"])
    ('web-*', '', 'api')
    """
    if len(set(names)) == 1:
        return names[0]
    prefix = os.path.commonprefix(list(names)).rstrip(" 0123456789")  # noqa: RUF071 - by characters is what is wanted
    return f"{prefix}*" if len(prefix) >= 3 else ""


def merged(edges: Sequence[Edge], stands_for: dict[str, str]) -> tuple[Edge, ...]:
    """The edges between what is left, those of one kind and way between the same two made one."""
    found: dict[tuple[str, ...], Edge] = {}
    for edge in edges:
        source, target = stands_for.get(edge.source, edge.source), stands_for.get(edge.target, edge.target)
        key = (source, target, edge.kind, edge.label, edge.provenance, edge.crossing)
        if key in found:
            found[key] = replace(found[key], count=found[key].count + edge.count)
        else:
            found[key] = replace(edge, source=source, target=target)
    return tuple(found.values())
