"""The graph that an overview draws: folds as nodes, the heaviest lines between them, one sentence for all relations."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from ...model.details import amount
from ...model.graph import UNCOUNTED, Attribute, Container, Edge, Graph, Measure, Node, Omission
from ...model.grid import Grid
from ...text import many, named
from ..folding import PLURALS, shared_badges, shared_family
from .callmap import CallMap, Relation, call_map
from .cycles import cyclic_parts
from .folds import HUB, LINES, ROOM, FoldMap, Level, fold_things, line_weights, refine
from .naming import Called, name_fold
from .units import first_words

#: Hubs that a fold's card names: so many at most, those that this share of its members calls.
MOST_HUBS, CALLING = 5, 0.3
#: Names that a fold's details spell out.
SPELLED = 12
#: Where things that nobody found in the inventory stand: with their like.
GHOSTS = "ghosts"


@dataclass(frozen=True, slots=True)
class Overview:
    """The overview's graph, the ids of its hubs in the order of their numbers, and the fold of every thing by id."""

    graph: Graph
    hubs: tuple[str, ...]
    folds: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class _Line:
    """What leads from one fold to another, and how many of both sides take part."""

    relation: Relation
    callers: int
    called: int
    cyclic: bool
    slowest: str = ""


@dataclass(frozen=True, slots=True)
class Cards:
    """What is drawn as one card: the key of each thing's card, the box a card stands in, the lines there may be.

    ``names`` has the key by which a card is named where that is not its own.
    """

    key: tuple[str, ...]
    lines: int = LINES
    box: Mapping[str, str] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)


#: What a refinement shows: cards, and lines between them.
LEAVES, LEAF_LINES = 150, 150
#: The box of hubs in a refinement.
HUB_BOX = "hubs"


def overview(
    graph: Graph,
    levels: Sequence[Mapping[str, str]] = (),
    names: Sequence[str] = (),
    previous: Mapping[str, str] | None = None,
    room: int = ROOM,
) -> Overview:
    """``graph`` as an overview; ``levels`` give the declared group of nodes by id, ``names`` what a level is called."""
    things, folds, declared = fold_graph(graph, levels, names, previous, room)
    return on_cards(graph, things, folds, declared, Cards(folds.fold))


def refinement(
    graph: Graph,
    levels: Sequence[Mapping[str, str]] = (),
    names: Sequence[str] = (),
    previous: Mapping[str, str] | None = None,
) -> Graph:
    """``graph`` as a refinement of its overview: a fold is a box with its parts, and hubs stand in one of their own."""
    things, folds, declared = fold_graph(graph, levels, names, previous)
    parts = refine(things, folds, LEAVES)
    key, box, named_by = [], {}, {}
    for thing, fold in enumerate(folds.fold):
        inner = parts.get(thing, "")
        key.append(f"{fold} › {inner}" if inner else fold)
        if inner:
            box[key[-1]], named_by[key[-1]] = fold, inner
        elif fold.startswith(HUB):
            box[fold] = HUB_BOX
    found = on_cards(graph, things, folds, declared, Cards(tuple(key), LEAF_LINES, box, named_by)).graph
    groups = groups_of_folds(things, folds, declared)
    members = folds.members()
    boxes = []
    for fold in sorted(set(box.values()) - {HUB_BOX}):
        called = name_fold(things, fold, members[fold], groups)
        rollups = (Attribute("things", str(len(members[fold]))),)
        why = (Attribute("together", called.why),)
        boxes.append(Container(fold, called.name, "part", attributes=why, rollups=rollups))
    if folds.hubs:
        why = (Attribute("note", "called by so many that lines to them are not drawn"),)
        boxes.append(Container(HUB_BOX, "Hubs", "part", attributes=why))
    return replace(found, containers=(*found.containers, *boxes))


def fold_graph(
    graph: Graph,
    levels: Sequence[Mapping[str, str]],
    names: Sequence[str],
    previous: Mapping[str, str] | None = None,
    room: int = ROOM,
) -> tuple[CallMap, FoldMap, list[Level]]:
    """All things of ``graph`` and their folds; what nobody found in the inventory folds with its like."""
    nodes = {node.id: node for node in graph.nodes}
    found = [node for node in graph.nodes if node.kind not in UNCOUNTED]
    beside = [node for node in graph.nodes if node.kind in UNCOUNTED]
    things = call_map({node.id: node.name for node in found}, graph.edges)
    declared = [
        Level(name, tuple(level.get(key, "") for key in things.ids)) for name, level in zip(names, levels, strict=True)
    ]
    folds = fold_things(things, declared, previous, room - len({node.kind for node in beside}))
    everything = call_map({node.id: node.name for node in graph.nodes}, graph.edges) if beside else things
    number = {key: place for place, key in enumerate(things.ids)}
    fold = tuple(folds.fold[number[key]] if key in number else f"{GHOSTS}:{nodes[key].kind}" for key in everything.ids)
    place = {key: index for index, key in enumerate(everything.ids)}
    hubs = tuple(place[things.ids[hub]] for hub in folds.hubs)
    return everything, replace(folds, fold=fold, hubs=hubs), declared


def on_cards(graph: Graph, things: CallMap, folds: FoldMap, declared: Sequence[Level], cards: Cards) -> Overview:
    """``graph`` with a node for each card, and the heaviest lines between them."""
    nodes = {node.id: node for node in graph.nodes}
    members: dict[str, list[int]] = defaultdict(list)
    for thing, key in enumerate(cards.key):
        members[key].append(thing)
    central = frozenset(folds.hubs)
    pairs = line_weights(things, cards.key, central)
    heaviest = sorted(pairs, key=lambda pair: (-pairs[pair].weight, -pairs[pair].count, pair))
    shown = frozenset(heaviest[: cards.lines])
    thin: dict[str, int] = defaultdict(int)
    for pair in heaviest[cards.lines :]:
        for key in pair:
            thin[key] += 1
    groups = groups_of_folds(things, folds, declared)
    drawn_as: dict[str, str] = {}
    drawn = []
    for key in sorted(members):
        own = members[key]
        called = name_fold(things, cards.names.get(key, key), own, groups)
        numbers = [
            place
            for place, hub in enumerate(folds.hubs, 1)
            if sum(hub in things.calls[thing] for thing in own) >= max(1, CALLING * len(own))
        ]
        node = nodes[things.ids[own[0]]] if len(own) == 1 else _fold_node(key, called, own, things, nodes)
        drawn_as[key] = node.id
        notes = node.notes + _notes(key, own, things, nodes, folds, numbers)
        notes += (f"+{thin[key]} thin",) if thin.get(key) else ()
        rows = _rows(key, called, own, things, nodes, folds, numbers, thin.get(key, 0))
        box = cards.box.get(key, "")
        drawn.append(replace(node, notes=notes, attributes=(*node.attributes, *rows), alike=key, parent=box))
    edges = [
        _edge(drawn_as[one], drawn_as[other], line, len(members[one]), len(members[other]))
        for (one, other), line in sorted(_lines(graph, things, cards.key, central).items())
        if ((one, other) if one < other else (other, one)) in shown
    ]
    omissions = _folded_away(drawn, _reason(folds))
    seen = {thing: drawn_as[key] for key, own in members.items() for thing in (things.ids[one] for one in own)}
    return Overview(
        replace(
            graph,
            nodes=tuple(drawn),
            edges=tuple(edges),
            omissions=(*graph.omissions, *omissions),
            findings=tuple(
                replace(finding, nodes=tuple(dict.fromkeys(seen.get(key, key) for key in finding.nodes)))
                for finding in graph.findings
            ),
            summary=(*graph.summary, sums(things, cards.key, central, pairs, shown)),
        ),
        tuple(things.ids[hub] for hub in folds.hubs),
        {things.ids[thing]: key for thing, key in enumerate(folds.fold)},
    )


def groups_of_folds(things: CallMap, folds: FoldMap, declared: Sequence[Level]) -> Sequence[str]:
    """The group of each thing at the level the folds were made of, or the first word of its name."""
    level = next((level for level in declared if level.name == folds.by), None)
    if level is None or len(level.groups) != things.size:
        return first_words(things.names)
    return level.groups


def _folded_away(drawn: Sequence[Node], reason: str) -> list[Omission]:
    """What the cards stand for: applications, and beside them what the inventory does not hold."""
    found = sum(node.count for node in drawn if node.members and node.kind not in UNCOUNTED)
    beside = sum(node.count for node in drawn if node.members and node.kind in UNCOUNTED)
    counted = (("applications", found, reason), (PLURALS["ghost"], beside, "with their like"))
    return [Omission("folded", what, count, why) for what, count, why in counted if count]


#: What the frame says of the folds, by what they were made of.
REASONS = {
    "names": "by the first word of their names",
    "rules": "by what can be said of them exactly",
    "calls": "by whom they call most",
    "words": "by the first word of their names; no parts that mostly call each other were found",
    "distance": "by their distance from an entry; no parts that mostly call each other were found",
}


def _reason(folds: FoldMap) -> str:
    said = REASONS.get(folds.by, f"by {folds.by}")
    return f"{said}; folded afresh: {folds.afresh}" if folds.afresh else said


def _fold_node(key: str, called: Called, own: Sequence[int], things: CallMap, nodes: Mapping[str, Node]) -> Node:
    """The one node that stands for the members of a fold."""
    members = [nodes[things.ids[thing]] for thing in own]
    uncounted = members[0].kind if members[0].kind in UNCOUNTED else None
    return Node(
        id=key,
        name="not in the inventory" if uncounted == "ghost" else called.name,
        kind=uncounted or "group",
        family=shared_family(members),
        provider=members[0].provider if len({member.provider for member in members}) == 1 else "",
        count=sum(member.count for member in members),
        badges=shared_badges(members),
        root=False,
        members=tuple(inner for member in members for inner in member.members or (member.id,)),
        systems=tuple(sorted({system for member in members for system in member.systems})),
        datacenters=tuple(sorted({place for member in members for place in member.datacenters})),
        as_of=max(member.as_of for member in members),
    )


def _notes(
    key: str,
    own: Sequence[int],
    things: CallMap,
    nodes: Mapping[str, Node],
    folds: FoldMap,
    numbers: Sequence[int],
) -> tuple[str, ...]:
    """What a card says beside its name and count."""
    if key.startswith(HUB):
        return f"hub {folds.hubs.index(own[0]) + 1}", many(len(things.callers[own[0]]), "caller")
    entries = sum(nodes[things.ids[thing]].root for thing in own)
    said = [many(entries, "entry")] if entries and len(own) > 1 else []
    if numbers:
        said.append(f"hub {', '.join(map(str, numbers[:MOST_HUBS]))}")
    return tuple(said)


def _rows(
    key: str,
    called: Called,
    own: Sequence[int],
    things: CallMap,
    nodes: Mapping[str, Node],
    folds: FoldMap,
    numbers: Sequence[int],
    thin: int,
) -> list[Attribute]:
    """What a card's hint says of it."""
    rows = []
    if len(own) > 1:
        inside = frozenset(own)
        inner = Relation()
        for thing in own:
            for other in things.calls[thing]:
                if other in inside:
                    inner += things.relations[thing, other]
        rows += [
            Attribute("count", str(len(own))),
            Attribute("together", called.why),
            Attribute("entries", str(sum(nodes[things.ids[thing]].root for thing in own) or "")),
            Attribute("inside", _amount(inner) if inner.count else "no relations"),
            Attribute("names", named([things.names[thing] for thing in own], SPELLED)),
        ]
    if numbers and not key.startswith(HUB):
        rows.append(Attribute("hubs called", named([things.names[folds.hubs[one - 1]] for one in numbers], SPELLED)))
    if thin:
        rows.append(Attribute("not drawn", many(thin, "thinner line")))
    return [row for row in rows if row.value]


def _lines(graph: Graph, things: CallMap, fold: Sequence[str], hubs: frozenset[int]) -> dict[tuple[str, str], _Line]:
    """What leads from each fold to each other; hubs are no ends of lines."""
    slowest = _slowest(graph, things, fold)
    part = cyclic_parts(things)
    relation: dict[tuple[str, str], Relation] = {}
    ends: dict[tuple[str, str], tuple[set[int], set[int]]] = defaultdict(lambda: (set(), set()))
    cyclic: set[tuple[str, str]] = set()
    for (source, target), found in things.relations.items():
        way = fold[source], fold[target]
        if way[0] == way[1] or source in hubs or target in hubs:
            continue
        relation[way] = relation[way] + found if way in relation else found
        ends[way][0].add(source)
        ends[way][1].add(target)
        if part[source] >= 0 and part[source] == part[target]:
            cyclic.add(way)
    return {
        way: _Line(found, len(ends[way][0]), len(ends[way][1]), way in cyclic, slowest.get(way, ""))
        for way, found in relation.items()
    }


def _slowest(graph: Graph, things: CallMap, fold: Sequence[str]) -> dict[tuple[str, str], str]:
    """For each way between folds the slowest call and how long it takes: times are never added up."""
    number = {key: place for place, key in enumerate(things.ids)}
    found: dict[tuple[str, str], tuple[float, str]] = {}
    for edge in graph.edges:
        times = [measure.value for measure in edge.measures if measure.quantity == "latency"]
        if times and edge.source in number and edge.target in number:
            source, target = number[edge.source], number[edge.target]
            said = f"{things.names[source]} → {things.names[target]}, {amount(times[0], 'ms')}"
            way = fold[source], fold[target]
            found[way] = max(found.get(way, (0.0, "")), (times[0], said))
    return {way: said for way, (_, said) in found.items()}


def _edge(source: str, target: str, line: _Line, callers: int, called: int) -> Edge:
    """One line, and behind how many of both sides it stands. Latency is never summed: nothing here adds it up."""
    rows = (
        Attribute("stands for", many(line.relation.count, "relation")),
        Attribute("behind it", f"{line.callers} of {callers} → {line.called} of {called}"),
        Attribute("slowest", line.slowest),
    )
    return Edge(
        source,
        target,
        count=line.relation.count,
        back=line.cyclic,
        measures=measured(line.relation),
        attributes=tuple(row for row in rows if row.value),
    )


def measured(relation: Relation) -> tuple[Measure, ...]:
    """What is known of all calls of a line together: their rate, and the share of them that fails."""
    if not relation.rate:
        return ()
    failing = (Measure("errors", relation.failing / relation.rate),) if relation.failing else ()
    return (Measure("rate", relation.rate), *failing)


def _amount(relation: Relation) -> str:
    calls = f"{amount(relation.rate, 'calls a second')} on " if relation.rate else ""
    return calls + many(relation.count, "relation")


def sums(
    things: CallMap,
    fold: Sequence[str],
    central: frozenset[int],
    pairs: Mapping[tuple[str, str], Relation],
    shown: frozenset[tuple[str, str]],
) -> str:
    """Every relation in one sum: inside folds, to and from hubs, on lines that are drawn and on thinner ones."""
    inside = to_hubs = from_hubs = 0
    for (source, target), relation in things.relations.items():
        if target in central:
            to_hubs += relation.count
        elif source in central:
            from_hubs += relation.count
        elif fold[source] == fold[target]:
            inside += relation.count
    drawn = sum(found.count for pair, found in pairs.items() if pair in shown)
    thinner = sum(found.count for pair, found in pairs.items() if pair not in shown)
    weight = sum(found.weight for found in pairs.values())
    left = sum(found.weight for pair, found in pairs.items() if pair not in shown)
    total = inside + to_hubs + from_hubs + drawn + thinner + things.loops.count
    parts = [f"{inside:,} inside"]
    parts += [f"{to_hubs:,} to hubs"] if to_hubs else []
    parts += [f"{from_hubs:,} from hubs"] if from_hubs else []
    parts += [f"{things.loops.count:,} to themselves"] if things.loops.count else []
    parts.append(f"{drawn:,} on {many(len(shown), 'line')}")
    if thinner:
        share = f"{left / weight:.1%}" if weight else "none"
        parts.append(
            f"{thinner:,} on {many(len(pairs) - len(shown), 'thinner line')}, {share} of the calls between folds"
        )
    return f"{total:,} relations = {' + '.join(parts)}"


def with_real_cycles(grid: Grid, graph: Graph) -> Grid:
    """``grid`` with those of its lines marked as closing a cycle that lie on a cycle of things in ``graph``."""
    real = {(edge.source, edge.target) for edge in graph.edges if edge.back}
    edges = tuple(replace(edge, back=edge.back and (edge.source, edge.target) in real) for edge in grid.graph.edges)
    return replace(grid, graph=replace(grid.graph, edges=edges))
