"""Step of the anchored layout: lines that may stay as they ran, and ways for the others.

A line stays where both its ends were left alone, or moved alike, and nothing came into its way.
"""

from __future__ import annotations

from bisect import insort
from collections import defaultdict
from collections.abc import Mapping, Sequence
from itertools import pairwise

from ...model.anchor import Anchor
from ..floorplan.routing import allowed, route_lines
from ..nesting import GROUND, Tree
from ..net import Net
from ..records import TILE, Measures
from ..routes import Spot, straight
from .matching import Known
from .standing import Box

#: The end of a line may be so far from the border of what it leads to: heads of arrows are drawn over it.
REACH = 60_000
#: No line runs nearer than this to what is new, grown or moved.
CLEAR = 36_000
#: Two lines on one track are apart by less than this.
TRACK = 1_500
Way = tuple[Spot, ...]


def kept_lines(
    anchor: Anchor,
    known: Known,
    tree: Tree,
    net: Net,
    at: Mapping[str, Box],
    moved: Mapping[str, tuple[int, int]],
    owner: Mapping[int, str],
) -> dict[int, Way]:
    """The earlier lines that may stay, by pair, from its first end to its second; ``owner`` says whose ink each is."""
    number = {pair: key for key, pair in enumerate(net.pairs)}
    stood = {
        key: tuple(round(value * TILE) for value in (one.x, one.y, one.width, one.depth))
        for key, one in known.stood.items()
    }
    changed = [
        thing
        for thing, box in at.items()
        if thing != GROUND and (thing not in stood or (*box[:2], box[2] - box[0], box[3] - box[1]) != stood[thing])
    ]
    parents = {member: scope for scope in tree.scopes for member in tree.members[scope]}
    bits = {scope: 1 << place for place, scope in enumerate(tree.scopes) if scope != GROUND}
    found: dict[int, Way] = {}
    for line in anchor.lines:
        ends = known.named.get(line.source, ""), known.named.get(line.target, "")
        pair = min(ends), max(ends)
        key = number.get(pair)
        if key is None or key in found or not all(end in stood for end in ends):
            continue
        dx, dy = moved.get(ends[0], (0, 0))
        if (dx, dy) != moved.get(ends[1], (0, 0)):
            continue
        points = [(round(x * TILE) + dx, round(y * TILE) + dy) for x, y in line.points]
        way = _joined(points if ends == pair else points[::-1], at[pair[0]], at[pair[1]])
        through = allowed(tree, parents, bits, key)
        near = list(at) if (dx, dy) != (0, 0) else changed
        walls = [at[one] for one in near if one not in pair and not bits.get(one, 0) & through]
        if way and not any(_blocked(way, wall) for wall in walls):
            found[key] = way
    for key in _on_each_other(found, owner):
        del found[key]
    return found


def _joined(points: Sequence[Spot], one: Box, other: Box) -> Way:
    """The way with both ends on the borders of what it joins; nothing where it does not reach them."""
    way = list(points)
    for at, beside, box in ((0, 1, one), (-1, -2, other)):
        (x, y), (bx, by) = way[at], way[beside]
        axis = 0 if y == by and x != bx else 1
        along, across = (x, y) if axis == 0 else (y, x)
        low, high = box[axis], box[axis + 2]
        border = min((low, high), key=lambda side: (abs(side - along), side))
        if abs(border - along) > REACH or not box[1 - axis] <= across <= box[3 - axis]:
            return ()
        way[at] = (border, y) if axis == 0 else (x, border)
    return tuple(straight(way))


def _blocked(way: Way, wall: Box) -> bool:
    """Whether a way runs through a thing, or too near to it."""
    left, top, right, bottom = wall[0] - CLEAR, wall[1] - CLEAR, wall[2] + CLEAR, wall[3] + CLEAR
    for (ax, ay), (bx, by) in pairwise(way):
        if min(ax, bx) < right and max(ax, bx) > left and min(ay, by) < bottom and max(ay, by) > top:
            return True
    return False


def _on_each_other(ways: Mapping[int, Way], owner: Mapping[int, str]) -> set[int]:
    """Lines of different owners that would run on one track: one of each two has to go."""
    tracks: tuple[list[tuple[int, int, int, int]], list[tuple[int, int, int, int]]] = ([], [])
    for key, way in ways.items():
        for (ax, ay), (bx, by) in pairwise(way):
            if ay == by:
                insort(tracks[0], (ay, min(ax, bx), max(ax, bx), key))
            else:
                insort(tracks[1], (ax, min(ay, by), max(ay, by), key))
    found: set[int] = set()
    for track in tracks:
        for place, (level, low, high, key) in enumerate(track):
            for other_level, start, end, other in track[place + 1 :]:
                if other_level > level + TRACK:
                    break
                together = min(high, end) - max(low, start)
                if together > 0 and owner[key] != owner[other] and not {key, other} & found:
                    found.add(max(key, other))
    return found


def with_ways(
    tree: Tree, net: Net, kept: Mapping[int, Way], at: Mapping[str, Box], trunks: frozenset[int], measures: Measures
) -> dict[int, Way] | None:
    """A way for every pair: those that are kept, and new ones around them; nothing where one finds none."""
    corners = {thing: (box[0], box[1]) for thing, box in at.items()}
    corners[GROUND] = (0, 0)
    extents = {thing: (box[2] - box[0], box[3] - box[1]) for thing, box in at.items()}
    todo = [key for key in range(len(net.pairs)) if key not in kept]
    own = {key: one for key, one in net.trunks.items() if key in trunks}
    found = route_lines(tree, own, todo, corners, extents, kept, measures)
    return None if found is None else {**kept, **found}


def pulls_of(net: Net) -> dict[str, list[tuple[str, bool]]]:
    """For each end of a line the other ends, and whether the line leads there."""
    found: dict[str, list[tuple[str, bool]]] = defaultdict(list)
    for (one, other), (there, back) in zip(net.pairs, net.arcs, strict=True):
        found[one].append((other, there or not back))
        found[other].append((one, back and not there))
    return found
