"""Step of the anchored layout: which thing of the graph is which of the earlier picture.

By id; a fold, whose id changes with its members, by what it stands for; a box by what stands in it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ...model.anchor import Anchor, Stood
from ...model.graph import Graph
from ...text import safe_id
from ..nesting import GROUND, Tree

#: Two folds are one where they share at least this of all their members; a box where more than half stayed in it.
SHARED = 0.5
Rectangle = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Known:
    """What of a graph stood in an earlier picture.

    ``stood`` are nodes and boxes; ``fixed`` those of them that stand in the same
    box as before, and so keep their place. ``named`` gives the thing of the graph for an id of the picture.
    """

    stood: Mapping[str, Stood]
    fixed: frozenset[str]
    named: Mapping[str, str]


def known_of(graph: Graph, tree: Tree, shares: Mapping[str, str], anchor: Anchor) -> Known:
    """What is known of ``graph``'s things; ``shares`` are the containers that share the box of another."""
    earlier = {one.id: one for one in anchor.things}
    stood = {node.id: earlier[key] for node in graph.nodes if (key := safe_id(node.id)) in earlier}
    stood = {key: one for key, one in stood.items() if not one.box}
    taken = {one.id for one in stood.values()}
    folds = {node.id: node.members for node in graph.nodes if node.members and node.id not in stood}
    left = {one.id: one.members for one in anchor.things if one.members and one.id not in taken}
    for _, key, other in sorted(_overlaps(folds, left)):
        if key not in stood and other not in taken:
            stood[key] = earlier[other]
            taken.add(other)
    alike: dict[str, list[str]] = {scope: [scope] for scope in tree.scopes if scope != GROUND}
    for inner, outer in sorted(shares.items()):
        alike[outer].append(inner)
    boxes: dict[str, list[Stood]] = {}
    for scope, ids in alike.items():
        found = [earlier[key] for key in map(safe_id, ids) if key in earlier and earlier[key].box]
        if found:
            boxes[scope] = found
    _by_content(tree, stood, earlier, boxes)
    fixed = _fixed(tree, stood, boxes, earlier)
    named = {one.id: key for key, one in stood.items()}
    named.update({safe_id(key): scope for scope, ids in alike.items() for key in ids})
    named.update({one.id: scope for scope, found in boxes.items() for one in found})
    return Known({**stood, **{scope: found[0] for scope, found in boxes.items()}}, fixed, named)


def _overlaps(
    mine: Mapping[str, tuple[str, ...]], theirs: Mapping[str, tuple[str, ...]]
) -> Iterable[tuple[float, str, str]]:
    """Pairs of folds that share enough of their members, and how much, negative: the best come first."""
    holder = {member: key for key, members in theirs.items() for member in members}
    for key, members in mine.items():
        common = Counter(holder[member] for member in members if member in holder)
        for other, count in common.items():
            share = count / (len(members) + len(theirs[other]) - count)
            if share >= SHARED:
                yield -share, key, other


def _by_content(
    tree: Tree, stood: Mapping[str, Stood], earlier: Mapping[str, Stood], boxes: dict[str, list[Stood]]
) -> None:
    """Boxes of another id in which most of an earlier one's things stand."""
    held = Counter(one.parent for one in earlier.values() if not one.box)
    taken = {one.id for found in boxes.values() for one in found}
    for scope in tree.scopes:
        if scope in boxes or scope == GROUND:
            continue
        parents = Counter(stood[member].parent for member in tree.members[scope] if member in stood)
        for other, count in sorted(parents.items()):
            if other in earlier and other not in taken and 2 * count > held[other]:
                boxes[scope] = [earlier[other]]
                taken.add(other)
                break


def _fixed(
    tree: Tree, stood: Mapping[str, Stood], boxes: Mapping[str, list[Stood]], earlier: Mapping[str, Stood]
) -> frozenset[str]:
    """The things that stand in the box in which they stood."""
    fixed = set()
    for scope in tree.scopes:
        grounds = {ground_of(one) for one in boxes.get(scope, ())}
        for member in tree.members[scope]:
            own = boxes[member] if member in boxes else [stood[member]] if member in stood else []
            if not own:
                continue
            if scope == GROUND:
                same = any(not _around(one, earlier) for one in own)
            else:
                around = [parent for one in own if (parent := _around(one, earlier))]
                same = any(ground_of(one) in grounds for one in (*around, *own))
            if same:
                fixed.add(member)
    return frozenset(fixed)


def _around(one: Stood, earlier: Mapping[str, Stood]) -> Stood | None:
    """The box around a thing that is another box to the eye: those that share one are one."""
    parent = earlier.get(one.parent)
    while parent is not None and one.box and ground_of(parent) == ground_of(one):
        parent = earlier.get(parent.parent)
    return parent


def ground_of(one: Stood) -> Rectangle:
    """The ground a thing stood on."""
    return one.x, one.y, one.width, one.depth
