"""A fold opened: its members as things of their own, the folds around it as stubs, the hubs it calls in a list."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from difflib import get_close_matches

from ...errors import EmptyGraph
from ...model.graph import UNCOUNTED, Attribute, Edge, Graph, Node
from ...text import many, named
from .callmap import CallMap, Relation, call_map
from .folds import HUB, LINES, ROOM, THING, UNSPLIT, FoldMap, Level, parts_within
from .naming import name_fold
from .picture import SPELLED, Cards, Overview, fold_graph, groups_of_folds, measured, on_cards

#: Folds around it that stand by themselves; the thinner ones are one.
MOST_STUBS = 14
#: Ids of what is outside: a part by its fold, a hub by itself, and what stands for the thinner parts.
OUTSIDE, FURTHER = "outside:", "outside:further"
#: Between a part and a part of it.
STEP = " › "


def inside(graph: Graph, levels: Sequence[Mapping[str, str]], names: Sequence[str], wanted: str) -> Overview:
    """The fold called ``wanted`` in the overview of ``graph``: by its id, its name, or the id or name of a member.

    Found are its members, each on a card where all have room beside the stubs, else in parts by whom they call most.
    Such a part is opened in turn by a path, ``PART › PART``; what else is in the first stands around it.
    Raises :class:`EmptyGraph`, with the nearest names, where there is no such fold.
    """
    things, folds, declared = fold_graph(graph, levels, names)
    called = _names(things, folds, declared)
    trail: list[str] = []
    parts: dict[int, str] = {}
    whole = wanted in called or STEP not in wanted
    for step in [wanted] if whole else wanted.split(STEP):
        if trail:
            folds = replace(folds, fold=tuple(parts.get(thing, fold) for thing, fold in enumerate(folds.fold)))
            called = _names(things, folds, declared)
        key = _wanted(things, folds, called, step)
        trail.append(called[key])
        own = folds.members()[key]
        stubs, lines = _around(things, folds, called, own)
        # What a rule put together has no lines inside to part it by: all of it is listed.
        room = len(own) if key.startswith(UNSPLIT) else ROOM - len(stubs)
        parts = parts_within(things, folds, key, room, finely=True)
    nodes = {node.id: node for node in graph.nodes}
    members = {things.ids[thing] for thing in own}
    hubs = [stub.id for stub in stubs if stub.id.removeprefix(OUTSIDE).startswith(HUB)]
    shown_as = {things.ids[thing]: part for thing, part in parts.items()}
    opened = replace(
        graph,
        nodes=(*(nodes[one] for one in sorted(members)), *stubs),
        edges=(*(edge for edge in graph.edges if {edge.source, edge.target} <= members), *lines),
        found=sum(nodes[one].count for one in members if nodes[one].kind not in UNCOUNTED),
        scope=f"Inside {STEP.join(trail)}: {len(own)} of {many(things.size, 'thing')}",
        findings=tuple(
            replace(finding, nodes=tuple(one for one in finding.nodes if one in members)) for finding in graph.findings
        ),
    )
    inner = call_map({node.id: node.name for node in opened.nodes}, opened.edges)
    place = {one: number for number, one in enumerate(inner.ids)}
    fold = tuple(shown_as.get(one) or (HUB if one in hubs else THING) + one for one in inner.ids)
    found = on_cards(opened, inner, FoldMap(fold, tuple(place[hub] for hub in hubs), folds.by), (), Cards(fold, LINES))
    return replace(found, folds={things.ids[thing]: one for thing, one in enumerate(folds.fold)})


def _names(things: CallMap, folds: FoldMap, declared: Sequence[Level]) -> dict[str, str]:
    """What each fold is called, by its id."""
    groups = groups_of_folds(things, folds, declared)
    return {key: name_fold(things, key, own, groups).name for key, own in folds.members().items()}


def _wanted(things: CallMap, folds: FoldMap, called: Mapping[str, str], wanted: str) -> str:
    """The id of the fold that is meant."""
    if wanted in called:
        return wanted
    spelled = wanted.casefold()
    found = {key for key, name in called.items() if name.casefold() == spelled}
    if not found:
        for key, name, fold in zip(things.ids, things.names, folds.fold, strict=True):
            if spelled in (key.casefold(), name.casefold()):
                found.add(fold)
    if len(found) > 1:
        raise EmptyGraph(f"{wanted!r} names several parts: {named(sorted(found), SPELLED)}")
    if not found:
        near = get_close_matches(wanted, called.values(), 3, 0.5) or sorted(called.values())
        raise EmptyGraph(f"No part of the overview is called {wanted!r}; there are {named(near, SPELLED)}")
    return found.pop()


def _around(
    things: CallMap, folds: FoldMap, called: Mapping[str, str], own: Sequence[int]
) -> tuple[list[Node], list[Edge]]:
    """A stub for each hub and fold that has lines to or from members, thin folds as one; and those lines."""
    within = frozenset(own)
    # By the member, the fold, and whether the member calls it.
    found: dict[tuple[int, str, bool], Relation] = {}
    weight: dict[str, float] = defaultdict(float)
    for (source, target), relation in things.relations.items():
        calls = source in within
        if calls == (target in within):
            continue
        member, fold = (source, folds.fold[target]) if calls else (target, folds.fold[source])
        weight[fold] += relation.weight
        way = member, fold, calls
        found[way] = found[way] + relation if way in found else relation
    # In the order of their numbers in the overview.
    hubs = [fold for hub in folds.hubs if (fold := folds.fold[hub]) in weight]
    heaviest = sorted(weight.keys() - set(hubs), key=lambda fold: (-weight[fold], fold))
    kept, further = heaviest[:MOST_STUBS], heaviest[MOST_STUBS:]
    members = folds.members()
    stubs = [_stub(f"{OUTSIDE}{fold}", called[fold], len(members[fold])) for fold in (*hubs, *sorted(kept))]
    if further:
        count = sum(len(members[fold]) for fold in further)
        rest = _stub(FURTHER, many(len(further), "further part"), count)
        row = Attribute("names", named(sorted(called[fold] for fold in further), SPELLED))
        stubs.append(replace(rest, attributes=(*rest.attributes, row)))
    lines: dict[tuple[str, str], Relation] = {}
    for (member, fold, calls), relation in found.items():
        ends = things.ids[member], FURTHER if fold in further else f"{OUTSIDE}{fold}"
        way_drawn = ends if calls else ends[::-1]
        lines[way_drawn] = lines[way_drawn] + relation if way_drawn in lines else relation
    return stubs, [
        Edge(source, target, count=relation.count, measures=measured(relation))
        for (source, target), relation in sorted(lines.items())
    ]


def _stub(key: str, name: str, count: int) -> Node:
    """What stands for a part outside of the one that is opened; it is beside the sum."""
    return Node(key, name, "outside", attributes=(Attribute("outside", many(count, "thing")),), notes=("outside",))
