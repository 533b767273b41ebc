"""What changed from one drawn graph to another: nodes, calls and boxes, with the verbs of every difference. Pure.

What was drawn is all that is kept of a version: a fold is known by its members' ids.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from ..model.graph import Container, Edge, Graph, Node
from .changing import SIGNS, short, summary
from .difference import Change

#: Rows of a node that tell when it was seen, or of what it is made in the picture: no change of the thing.
BESIDE = frozenset({"as of", "seen", "names", "count"})


@dataclass(frozen=True, slots=True)
class DrawnDifference:
    """The changes from one version to the next, the things that are the same, and what things are called."""

    changes: tuple[Change, ...]
    same: int
    names: Mapping[str, str]

    @property
    def summary(self) -> str:
        """The counts in one line."""
        return summary(self.changes, self.same)

    def words(self, change: Change) -> str:
        """A change in a line."""
        name = self.names.get(change.thing, change.thing)
        target = self.names.get(change.target, change.target)
        return f"{SIGNS.get(change.verb, '~')} {name}: {_said(change, target)}"


def _said(change: Change, target: str) -> str:
    """What happened to the thing."""
    if change.verb == "rewired":
        if not change.before:
            return f"now calls {target} ({change.after})"
        if not change.after:
            return f"calls {target} no more ({change.before})"
        return f"calls {target} by {short(change.after)}, before by {short(change.before)}"
    if change.verb in ("added", "removed"):
        return change.verb
    if change.verb == "moved":
        return f"moved from {short(change.before) or 'nowhere'} to {short(change.after) or 'nowhere'}"
    if change.verb == "renamed":
        return f"was called {short(change.before)}"
    return f"{change.field}: {short(change.before) or 'nothing'} → {short(change.after) or 'nothing'}"


def drawn_difference(old: Graph, new: Graph) -> DrawnDifference:
    """The changes from ``old`` to ``new``, in an order of their own."""
    before, after = things_of(old), things_of(new)
    changes = [Change("added", key) for key in after.keys() - before.keys()]
    changes += [Change("removed", key) for key in before.keys() - after.keys()]
    places = place_names(old), place_names(new)
    for key in before.keys() & after.keys():
        changes += of_thing(key, before[key], after[key], places)
    changes += calls_changed(old, new, before, after)
    same = len(after.keys() - {change.thing for change in changes})
    known = {**before, **after}
    ids = {key: node.source or key for key, node in known.items() if not node.members}
    names = {ids.get(key, key): node.name for key, node in known.items()}
    told = [
        replace(one, thing=ids.get(one.thing, one.thing), target=ids.get(one.target, one.target)) for one in changes
    ]
    told.sort(key=lambda one: (names.get(one.thing, ""), one.thing, one.verb, one.field, one.target))
    return DrawnDifference(tuple(told), same, names)


def things_of(graph: Graph) -> dict[str, Node]:
    """Each thing that is drawn or folded, by its id in the picture, and the node that shows it."""
    found: dict[str, Node] = {}
    for node in graph.nodes:
        for key in node.members or (node.id,):
            found[key] = node
    return found


def of_thing(
    key: str, before: Node, after: Node, places: tuple[Mapping[str, str], Mapping[str, str]]
) -> Iterator[Change]:
    """What changed of one thing; of one in a fold only its place is known."""
    was, now = places[0].get(before.parent, ""), places[1].get(after.parent, "")
    if was != now:
        yield Change("moved", key, "place", was, now, "place")
    if before.members or after.members:
        return
    if before.name != after.name:
        yield Change("renamed", key, "name", before.name, after.name, "text")
    rows = dict.fromkeys([*(row.name for row in before.attributes), *(row.name for row in after.attributes)])
    mine = {row.name: row.value for row in before.attributes}
    its = {row.name: row.value for row in after.attributes}
    for name in rows:
        if name not in BESIDE and mine.get(name, "") != its.get(name, ""):
            yield Change("changed", key, name, mine.get(name, ""), its.get(name, ""), "text")
    marks = [", ".join(sorted(badge.words for badge in node.badges)) for node in (before, after)]
    if marks[0] != marks[1]:
        yield Change("changed", key, "marks", marks[0], marks[1])


def place_names(graph: Graph) -> dict[str, str]:
    """Each box with the names of those around it."""
    boxes = {box.id: box for box in graph.containers}

    def path(box: Container) -> str:
        around = boxes.get(box.parent)
        return f"{path(around)} / {box.name}" if around is not None else box.name

    return {key: path(box) for key, box in boxes.items()}


def calls_changed(old: Graph, new: Graph, before: Mapping[str, Node], after: Mapping[str, Node]) -> Iterator[Change]:
    """Lines between things that are drawn in both, each thing named by what it is and not by its fold."""
    mine, its = lines_of(old), lines_of(new)
    for source, target in sorted(mine.keys() | its.keys()):
        if mine.get((source, target)) == its.get((source, target)):
            continue
        both = (before, after)
        if all(source in side and target in side for side in both):
            was, now = mine.get((source, target), ""), its.get((source, target), "")
            yield Change("rewired", source, "lines", was, now, target=target)


def lines_of(graph: Graph) -> dict[tuple[str, str], str]:
    """What the lines from each thing to each other say; those of folds and boxes are of the whole and are left out."""
    single = {node.id for node in graph.nodes if not node.members}
    found: dict[tuple[str, str], list[str]] = defaultdict(list)
    for edge in graph.edges:
        if edge.source in single and edge.target in single:
            found[edge.source, edge.target].append(way_of(edge))
    return {pair: " / ".join(sorted(Counter(ways))) for pair, ways in found.items()}


def way_of(edge: Edge) -> str:
    """What a line says; what kind it is where it says nothing."""
    return edge.label or edge.kind
