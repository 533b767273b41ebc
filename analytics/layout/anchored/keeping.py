"""A picture in which what stays of an earlier one keeps its place, as long as that costs little.

Before: a graph that was laid out afresh, and the places of an earlier picture.
After: the same graph in which everything that was there, and stands in the same
box, stands where it stood; what is new has a place among it, and lines that
still can run as they ran. Where lines would cross much more than in the earlier picture
and in the fresh one, or the ground would grow much larger, the fresh one is taken, and says so.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from ...lettering import UNIT
from ...lettering.titles import box_title, least_title_width
from ...model.anchor import Anchor
from ...model.graph import Finding
from ...model.grid import Grid, Point
from ..chains import shared_boxes
from ..ink import ink_crossings
from ..nesting import GROUND, Tree, nest
from ..net import Net, join
from ..projections import named, with_card
from ..records import TILE, Measures
from .lines import Way, kept_lines, pulls_of, with_ways
from .matching import Known, known_of
from .standing import Box, Standing

#: A picture that keeps places may have so many times the crossings of a fresh one, or this many more, and its extent.
CROSSED, A_FEW, LARGER = 1.3, 3, 1.3
#: Where neither lines that stay nor lines laid anew reach that: as many as the earlier one, or so many times
#: those up to so many times those of the fresh one; luck of a fresh search is no reason to move everything.
THAN_THEN, AT_MOST = 1.3, 1.6
#: In a picture of more nodes nothing is looked for: it would take longer than to lay it out anew.
MOST_THINGS = 600
#: A picture in which fewer nodes than this share stood in the earlier one is another.
MOSTLY = 0.5
#: A strip without anything at the left or top stays while it is narrower than this.
EMPTY = TILE


@dataclass(frozen=True, slots=True)
class _Task:
    """What places are found from."""

    fresh: Grid
    anchor: Anchor
    shares: Mapping[str, str]
    net: Net
    tree: Tree
    known: Known
    measures: Measures
    header: int
    owner: Mapping[int, str]
    words: Mapping[int, str]


def fits(anchor: Anchor, graph_type: str, projection: str) -> bool:
    """Whether a picture of this type and projection can be anchored so: nobody knows is a yes."""
    return anchor.type in ("", graph_type) and anchor.projection in ("", projection)


def keep_places(fresh: Grid, anchor: Anchor | None) -> Grid:
    """``fresh`` with the places of ``anchor``, or as it is where that is no better; then a finding says why."""
    if anchor is None or not fits(anchor, fresh.graph.type, fresh.projection):
        return fresh
    task = _task_of(fresh, anchor)
    if len([place for place in fresh.places if place.node in task.known.fixed]) < MOSTLY * len(fresh.places):
        return fresh  # another picture: what little is common has no place in it
    coming = {place.node for place in fresh.places} - task.known.fixed
    ran = {tuple(sorted(task.known.named.get(end, end) for end in (line.source, line.target))) for line in anchor.lines}
    if len(fresh.places) > MOST_THINGS and (coming or not ran.issuperset(task.net.pairs)):
        return _said(fresh, f"of more than {MOST_THINGS} things places are kept only where nothing changed")
    standing = _standing(task)
    reason = "what is new found no room"
    if standing is not None:
        kept = kept_lines(anchor, task.known, task.tree, task.net, standing.at, standing.moved, task.owner)
        reason = "a line found no way"
        before = crossings_of(fresh)
        tried: list[tuple[int, Grid]] = []
        for lines in (kept, {}):
            ways = with_ways(task.tree, task.net, lines, standing.at, frozenset(_in_trunks(task)), task.measures)
            if ways is None:
                continue
            found = _grid(task, standing.at, ways)
            if task.measures.fit(found.width, found.depth) > LARGER * task.measures.fit(fresh.width, fresh.depth):
                reason = "it would be much larger"
                continue
            crossings = crossings_of(found)
            if crossings <= max(CROSSED * before, before + A_FEW):
                return found
            tried.append((crossings, found))
        if tried:
            crossings, found = min(tried, key=lambda one: one[0])
            then = _crossings_then(task)
            if crossings <= max(then, min(THAN_THEN * then, AT_MOST * before)):
                return found
            reason = f"lines would cross {crossings} times instead of {before}"
    return _said(fresh, f"with everything in its earlier place {reason}")


def _said(fresh: Grid, reason: str) -> Grid:
    """The fresh picture, and a finding that says why."""
    finding = Finding("anchor", f"Laid out anew: {reason}.", "info")
    return replace(fresh, graph=replace(fresh.graph, findings=(*fresh.graph.findings, finding)))


def _task_of(fresh: Grid, anchor: Anchor) -> _Task:
    graph = fresh.graph
    shares = shared_boxes(graph)
    net = join(graph.edges, shares)
    tree = nest(graph, net.pairs, shares)
    number = {pair: key for key, pair in enumerate(net.pairs)}
    owner = {key: f"\x00{key}" for key in range(len(net.pairs))}
    words: dict[int, str] = {}
    for route in fresh.routes:
        edge = graph.edges[route.edge]
        one, other = shares.get(edge.source, edge.source), shares.get(edge.target, edge.target)
        key = number.get((min(one, other), max(one, other)))
        if key is not None:
            owner[key] = route.trunk or owner[key]
            words[key] = route.words
    measures = named(fresh.projection)
    if measures.flat and fresh.places:
        measures = with_card(measures, round(fresh.places[0].width * 100))
    header = round(max([area.header for area in fresh.areas], default=0.0) * TILE)
    known = known_of(graph, tree, shares, anchor)
    return _Task(fresh, anchor, shares, net, tree, known, measures, header, owner, words)


def _in_trunks(task: _Task) -> list[int]:
    return [key for key, owner in task.owner.items() if not owner.startswith("\x00")]


def _standing(task: _Task) -> Standing | None:
    """Everything in its place; nothing where that cannot be."""
    stood = {
        key: (
            round(one.x * TILE),
            round(one.y * TILE),
            round((one.x + one.width) * TILE),
            round((one.y + one.depth) * TILE),
        )
        for key, one in task.known.stood.items()
    }
    widths = sorted(right - left for key, (left, _, right, _) in stood.items() if key not in task.tree.members)
    usual = widths[len(widths) // 2] if widths else task.measures.width
    sizes = {place.node: (usual, round(place.depth * TILE)) for place in task.fresh.places}
    pieces: list[tuple[Box, int]] = []
    for number, line in enumerate(task.anchor.lines):
        for (ax, ay), (bx, by) in pairwise([(round(x * TILE), round(y * TILE)) for x, y in line.points]):
            pieces.append(((min(ax, bx) - 1, min(ay, by) - 1, max(ax, bx) + 1, max(ay, by) + 1), number))
    standing = Standing(task.tree, task.measures, task.header, _title_widths(task), pulls_of(task.net), pieces)
    return standing if standing.stand(task.known.fixed, stood, sizes) else None


def _title_widths(task: _Task) -> dict[str, int]:
    """How wide each box has to be for its title."""
    parents = {container.id: container.parent for container in task.fresh.graph.containers}

    def depth(container: str) -> int:
        steps = 0
        while container:
            container, steps = parents.get(container, ""), steps + 1
        return steps

    names: dict[str, list[tuple[int, str]]] = {}
    for container in task.fresh.graph.containers:
        box = task.shares.get(container.id, container.id)
        names.setdefault(box, []).append((depth(container.id), container.name))
    strip = task.header / TILE * UNIT
    return {
        box: round(least_title_width(box_title([name for _, name in sorted(own)]), strip) / UNIT * TILE)
        for box, own in names.items()
    }


def _grid(task: _Task, at: Mapping[str, Box], ways: Mapping[int, Way]) -> Grid:
    """The fresh grid with other places, areas and routes."""
    boxes = [box for thing, box in at.items() if thing != GROUND]
    spots = [spot for way in ways.values() for spot in way]
    left, top = (min([*(box[axis] for box in boxes), *(spot[axis] for spot in spots)]) for axis in (0, 1))
    left, top = (low if low < 0 or low > EMPTY else 0 for low in (left, top))
    right, bottom = (max([*(box[axis + 2] for box in boxes), *(spot[axis] for spot in spots)]) for axis in (0, 1))
    fresh, graph = task.fresh, task.fresh.graph
    places = [
        replace(
            place,
            x=(at[place.node][0] - left) / TILE,
            y=(at[place.node][1] - top) / TILE,
            width=(at[place.node][2] - at[place.node][0]) / TILE,
            depth=(at[place.node][3] - at[place.node][1]) / TILE,
        )
        for place in fresh.places
    ]
    filled: dict[int, int] = {}
    for index in sorted(range(len(places)), key=lambda one: (places[one].column, places[one].y, places[one].x)):
        column = places[index].column
        places[index] = replace(places[index], line=filled.get(column, 0))
        filled[column] = places[index].line + 1
    areas = []
    for area in fresh.areas:
        x0, y0, x1, y1 = at[area.shares or area.container]
        areas.append(
            replace(area, x=(x0 - left) / TILE, y=(y0 - top) / TILE, width=(x1 - x0) / TILE, depth=(y1 - y0) / TILE)
        )
    number = {pair: key for key, pair in enumerate(task.net.pairs)}
    routes = []
    for route in fresh.routes:
        edge = graph.edges[route.edge]
        source, target = task.shares.get(edge.source, edge.source), task.shares.get(edge.target, edge.target)
        key = number.get((min(source, target), max(source, target)))
        if key is None or not route.points:
            routes.append(route)
            continue
        points: tuple[Point, ...] = tuple(((x - left) / TILE, (y - top) / TILE) for x, y in ways[key])
        routes.append(replace(route, points=points if (source, target) == task.net.pairs[key] else points[::-1]))
    return replace(
        fresh,
        places=tuple(places),
        areas=tuple(areas),
        routes=tuple(routes),
        width=(right - left) / TILE,
        depth=(bottom - top) / TILE,
    )


def crossings_of(grid: Grid) -> int:
    """How often lines of a picture cross; lines of one trunk, and between the same two things, are one."""
    edges = grid.graph.edges
    return _crossings(
        [
            (route.trunk or " ".join(sorted((edges[route.edge].source, edges[route.edge].target))), route.points)
            for route in grid.routes
        ]
    )


def _crossings_then(task: _Task) -> int:
    """How often lines of the earlier picture cross; which of them share a trunk is known of those that are there."""
    number = {pair: key for key, pair in enumerate(task.net.pairs)}
    named = task.known.named
    lines = []
    for line in task.anchor.lines:
        ends = sorted((named.get(line.source, line.source), named.get(line.target, line.target)))
        key = number.get((ends[0], ends[1]))
        lines.append((" ".join(ends) if key is None else task.owner[key], line.points))
    return _crossings(lines)


def _crossings(lines: Sequence[tuple[str, Sequence[Point]]]) -> int:
    """How often lines cross, each given with whose ink it is."""
    lying: list[tuple[float, float, float, int]] = []
    standing: list[tuple[float, float, float, int]] = []
    for number, (_, points) in enumerate(lines):
        for (ax, ay), (bx, by) in pairwise(points):
            if ay == by:
                lying.append((ay, min(ax, bx), max(ax, bx), number))
            else:
                standing.append((ax, min(ay, by), max(ay, by), number))
    return ink_crossings(sorted(lying), sorted(standing), [owner for owner, _ in lines])
