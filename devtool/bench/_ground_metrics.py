"""How good is a layout? Figures for columns and lines, and for the finished ground.

Pure measuring: nothing here knows how the layout came about, so that any
engine's answer can be measured by the same rules.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from analytics.layout.ink import SAME, Piece, ink_crossings
from analytics.model.grid import Grid, Point


@dataclass(frozen=True, slots=True)
class Layers:
    """What :func:`measure_layers` found.

    ``lines`` are connected pairs of nodes. ``span`` is their length in columns,
    ``slots`` the most nodes and passing lines in a column, ``area`` columns
    times slots. ``through`` counts places where a line passes a foreign node,
    ``overlaps`` pairs of nodes closer than one line in a column, ``shared``
    lines that pass a column in the same spot as another one.
    """

    nodes: int
    lines: int
    crossings: int
    reversed: int
    level: int
    columns: int
    slots: int
    area: int
    span: float
    bends: int
    rise: float
    through: int
    overlaps: int
    shared: int
    missing: int


def measure_layers(
    nodes: Sequence[str],
    edges: Sequence[tuple[str, str]],
    positions: Mapping[str, tuple[float, float]],
    polylines: Sequence[Sequence[tuple[float, float]]],
) -> Layers:
    """Measure nodes at (column, line) with a polyline for each edge.

    Loops and repeated edges are ignored; two opposite edges are one line. Lines
    are cut at every column and pairs that swap their order between two columns
    are crossings; lines that meet in one spot keep the order they came in.
    Polylines must not turn back in their columns.

    >>> found = measure_layers("abcd", ["ad", "bc"], {"a": (0, 0), "b": (0, 1), "c": (1, 0), "d": (1, 1)}, [[], []])
    >>> found.crossings, found.span, found.through
    (1, 2, 0)
    """
    placed = {node: positions[node] for node in nodes if node in positions}
    columns = sorted({float(column) for column, _ in placed.values()})
    members: dict[float, list[tuple[float, str]]] = {column: [] for column in columns}
    for node, (column, line) in placed.items():
        members[float(column)].append((line, node))
    for row in members.values():
        row.sort()
    lines: dict[tuple[str, str], list[tuple[float, float]]] = {}
    arcs = set()
    for edge, given in zip(edges, polylines, strict=True):
        source, target = edge
        if source == target or source not in placed or target not in placed:
            continue
        arcs.add((source, target))
        if (source, target) in lines or (target, source) in lines:
            continue
        lines[source, target] = straightened([placed[source], *given[1:-1], placed[target]])

    # Every line's spot in every column it touches, left to right.
    met: dict[float, list[tuple[float, tuple[str, str], bool, bool]]] = {column: [] for column in columns}
    for ends, points in lines.items():
        points = points if points[0][0] <= points[-1][0] else points[::-1]
        low, high = bisect_left(columns, points[0][0] - SAME), bisect_right(columns, points[-1][0] + SAME)
        leg = 0
        for column in columns[low:high]:
            while leg < len(points) - 2 and points[leg + 1][0] < column - SAME:
                leg += 1
            (x0, y0), (x1, y1) = points[leg], points[leg + 1]
            y = (
                y0
                if abs(column - x0) < SAME
                else y1
                if abs(column - x1) < SAME
                else y0 + (y1 - y0) * (column - x0) / (x1 - x0)
            )
            met[column].append((round(y, 6), ends, column == columns[low], column == columns[high - 1]))

    crossings = through = shared = slots = 0
    came: dict[tuple[str, str], tuple[float, int]] = {}
    for column in columns:
        here = met[column]
        arriving = [(came[ends], y) for y, ends, first, _ in here if not first]
        crossings += _inversions(arriving)
        order = {
            key: index for index, key in enumerate(sorted({(y, came[ends]) for y, ends, first, _ in here if not first}))
        }
        came = {
            ends: (y, -1 if first or last else order[y, came[ends]])
            for y, ends, first, last in here
            if not (last and not first)
        }
        passing = [(y, ends) for y, ends, first, last in here if not first and not last]
        row = members[column]
        heights = [line for line, _ in row]
        for y, ends in passing:
            for index in range(bisect_right(heights, y - 0.5 + SAME), bisect_left(heights, y + 0.5 - SAME)):
                through += row[index][1] not in ends
        shared += _sharing(passing)
        slots = max(slots, len(row) + len(passing))
    overlaps = sum(
        1
        for row in members.values()
        for (low_line, _), (high_line, _) in pairwise(row)
        if high_line - low_line < 1 - SAME
    )
    return Layers(
        nodes=len(nodes),
        lines=len(lines),
        crossings=crossings,
        reversed=sum(placed[source][0] > placed[target][0] for source, target in arcs),
        level=sum(placed[source][0] == placed[target][0] for source, target in arcs),
        columns=len(columns),
        slots=slots,
        area=len(columns) * slots,
        span=sum(abs(placed[source][0] - placed[target][0]) for source, target in lines),
        bends=sum(len(points) - 2 for points in lines.values()),
        rise=sum(abs(a[1] - b[1]) for points in lines.values() for a, b in pairwise(points)),
        through=through,
        overlaps=overlaps,
        shared=shared,
        missing=sum(1 for node in nodes if node not in placed),
    )


@dataclass(frozen=True, slots=True)
class Kept:
    """What of a layout a change of the graph left as it was; shares of 1.

    ``columns`` is the share of nodes that stand in the same column, ``order`` the
    share of pairs that share a column in both layouts and stand in the same order.
    """

    columns: float
    order: float


def measure_kept(before: Mapping[str, tuple[float, float]], after: Mapping[str, tuple[float, float]]) -> Kept:
    """How much of the layout ``before`` is still there ``after``; nodes that are in one of them only do not count.

    >>> measure_kept({"a": (0, 0), "b": (0, 1), "c": (1, 0)}, {"a": (0, 1), "b": (0, 0), "c": (1, 0), "d": (1, 1)})
    Kept(columns=1.0, order=0.0)
    """
    shared = sorted(node for node in before if node in after)
    together: dict[tuple[float, float], list[str]] = {}
    for node in shared:
        together.setdefault((before[node][0], after[node][0]), []).append(node)
    pairs = kept = 0
    for nodes in together.values():
        for index, one in enumerate(nodes):
            for other in nodes[:index]:
                pairs += 1
                kept += (before[one][1] < before[other][1]) == (after[one][1] < after[other][1])
    same = sum(before[node][0] == after[node][0] for node in shared)
    return Kept(same / max(1, len(shared)), kept / pairs if pairs else 1.0)


def straightened(points: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """``points`` without repetitions and without points that lie on the way between their neighbours.

    >>> straightened([(0, 0), (1, 1), (2, 2), (3, 0)])
    [(0, 0), (2, 2), (3, 0)]
    """
    kept: list[tuple[float, float]] = []
    for point in points:
        if kept and abs(point[0] - kept[-1][0]) < SAME and abs(point[1] - kept[-1][1]) < SAME:
            continue
        while len(kept) > 1:
            (ax, ay), (bx, by) = kept[-2], kept[-1]
            turn = (bx - ax) * (point[1] - by) - (by - ay) * (point[0] - bx)
            onwards = (bx - ax) * (point[0] - bx) + (by - ay) * (point[1] - by) > 0
            if abs(turn) >= SAME * (1 + abs(bx - ax)) * (1 + abs(point[0] - bx)) or not onwards:
                break
            kept.pop()
        kept.append(point)
    return kept


def _inversions(pairs: list[tuple[tuple[float, int], float]]) -> int:
    seen: list[float] = []
    count = 0
    for _, y in sorted(pairs):
        count += len(seen) - bisect_right(seen, y)
        insort(seen, y)
    return count


def _sharing(passing: Sequence[tuple[float, tuple[str, str]]]) -> int:
    """How many lines pass in a spot where another one without a common end passes already."""
    spots: dict[float, list[tuple[str, str]]] = {}
    for y, ends in passing:
        spots.setdefault(y, []).append(ends)
    return sum(
        len(lines) - 1
        for lines in spots.values()
        if len(lines) > 1 and not set(lines[0]).intersection(*map(set, lines[1:]))
    )


@dataclass(frozen=True, slots=True)
class Ground:
    """What :func:`measure_ground` found on a finished grid; lengths in tiles.

    ``crossings`` are those of ink: where several lines of a trunk run together
    they are one. ``through`` counts pairs of a route and a foreign tile it touches,
    ``lying`` pairs of lines that lie on each other and share neither source nor
    target, so that a way could be read that is not there; ``skewed`` are pieces
    that do not follow an axis, ``loose`` routes that do not run from border to border.
    ``spilled`` counts things that are not inside their container or reach into a
    foreign one, ``trespassing`` pairs of a route and a foreign container it enters.
    """

    crossings: int
    through: int
    overlaps: int
    lying: int
    skewed: int
    loose: int
    spilled: int
    trespassing: int
    bends: int
    length: float
    area: float


def measure_ground(grid: Grid, clearance: float = 0.0) -> Ground:
    """Measure a finished grid: its routes and tiles exactly as they would be drawn.

    ``clearance`` is the distance to foreign tiles that already counts as
    touching. Opposite and parallel edges with the same points are one line.
    Containers that share the box of another are not looked at.
    """
    tiles = {place.node: (place.x, place.y, place.x + place.width, place.y + place.depth) for place in grid.places}
    boxes = dict(tiles)
    shares = {area.container: area.shares for area in grid.areas if area.shares}
    for area in grid.areas:
        boxes[area.container] = (area.x, area.y, area.x + area.width, area.y + area.depth)
    lines: dict[tuple[Point, ...], tuple[str, str]] = {}
    owners: list[str] = []
    loose = 0
    for route in grid.routes:
        edge = grid.graph.edges[route.edge]
        if not route.points:
            loose += shares.get(edge.source, edge.source) != shares.get(edge.target, edge.target)
            continue
        loose += not (
            _on_border(route.points[0], boxes[edge.source]) and _on_border(route.points[-1], boxes[edge.target])
        )
        points = tuple(route.points)
        if points[::-1] not in lines and points not in lines:
            source, target = shares.get(edge.source, edge.source), shares.get(edge.target, edge.target)
            lines[points] = source, target
            owners.append(route.trunk or f"{len(owners)}")
    flat: list[tuple[float, float, float, int]] = []
    upright: list[tuple[float, float, float, int]] = []
    skewed = 0
    names = list(lines.values())
    for index, points in enumerate(lines):
        for (ax, ay), (bx, by) in pairwise(points):
            if abs(ay - by) < SAME / 10:
                flat.append((ay, min(ax, bx), max(ax, bx), index))
            elif abs(ax - bx) < SAME / 10:
                upright.append((ax, min(ay, by), max(ay, by), index))
            else:
                skewed += 1
    flat.sort()
    upright.sort()
    return Ground(
        crossings=ink_crossings(flat, upright, owners),
        through=_touching(tiles, flat, upright, names, clearance),
        overlaps=_overlapping(list(tiles.values())),
        lying=_lying(flat, names) + _lying(upright, names),
        skewed=skewed,
        loose=loose,
        spilled=_spilled(grid, {thing: box for thing, box in boxes.items() if thing not in shares}, shares),
        trespassing=_trespassing(grid, flat, upright, names, shares),
        bends=sum(max(0, len(points) - 2) for points in lines),
        length=sum(abs(ax - bx) + abs(ay - by) for points in lines for (ax, ay), (bx, by) in pairwise(points)),
        area=grid.width * grid.depth,
    )


def _on_border(point: Point, box: tuple[float, float, float, float]) -> bool:
    x, y = point
    left, top, right, bottom = box
    inside = left - SAME <= x <= right + SAME and top - SAME <= y <= bottom + SAME
    return inside and min(abs(x - left), abs(x - right), abs(y - top), abs(y - bottom)) < SAME


def _lying(pieces: Sequence[Piece], names: Sequence[tuple[str, str]]) -> int:
    """Pairs of pieces on one axis that overlap although their lines share neither source nor target."""
    count = 0
    for index, (at, _, end, line) in enumerate(pieces):
        for other_at, other_start, _, other in pieces[index + 1 :]:
            if other_at - at > SAME / 10 or other_start >= end - SAME / 10:
                break
            one, two = names[line], names[other]
            count += other != line and one[0] != two[0] and one[1] != two[1] and set(one) != set(two)
    return count


def _touching(
    tiles: Mapping[str, tuple[float, float, float, float]],
    flat: Sequence[Piece],
    upright: Sequence[Piece],
    names: Sequence[tuple[str, str]],
    clearance: float,
) -> int:
    levels = [piece[0] for piece in flat]
    places = [piece[0] for piece in upright]
    met = set()
    for node, (left, top, right, bottom) in tiles.items():
        for index in range(bisect_right(levels, top - clearance), bisect_left(levels, bottom + clearance)):
            _, start, end, line = flat[index]
            if start < right + clearance - SAME and end > left - clearance + SAME and node not in names[line]:
                met.add((line, node))
        for index in range(bisect_right(places, left - clearance), bisect_left(places, right + clearance)):
            _, start, end, line = upright[index]
            if start < bottom + clearance - SAME and end > top - clearance + SAME and node not in names[line]:
                met.add((line, node))
    return len(met)


def _above(grid: Grid, shares: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    """For each node and container everything it stands in, innermost first."""
    parent = {node.id: shares.get(node.parent, node.parent) for node in grid.graph.nodes}
    parent |= {box.id: shares.get(box.parent, box.parent) for box in grid.graph.containers if box.id not in shares}
    found = {}
    for thing in parent:
        line = []
        above = parent[thing]
        while above:
            line.append(above)
            above = parent[above]
        found[thing] = tuple(line)
    return found


def _spilled(grid: Grid, boxes: Mapping[str, tuple[float, float, float, float]], shares: Mapping[str, str]) -> int:
    """Things outside their container (its header is not for them) and things that overlap one they are not in."""
    above = _above(grid, shares)
    headers = {area.container: area.header for area in grid.areas if not area.shares}
    count = 0
    for thing, (left, top, right, bottom) in boxes.items():
        for box, header in headers.items():
            if box == thing or thing in above[box]:
                continue
            x0, y0, x1, y1 = boxes[box]
            if box in above[thing]:
                count += not (x0 <= left and y0 + header <= top + SAME and right <= x1 + SAME and bottom <= y1 + SAME)
            elif box > thing or thing not in headers:
                count += left < x1 - SAME and x0 < right - SAME and top < y1 - SAME and y0 < bottom - SAME
    return count


def _trespassing(
    grid: Grid,
    flat: Sequence[Piece],
    upright: Sequence[Piece],
    names: Sequence[tuple[str, str]],
    shares: Mapping[str, str],
) -> int:
    own_areas = [area for area in grid.areas if not area.shares]
    if not own_areas:
        return 0
    above = _above(grid, shares)
    own = [{source, target, *above[source], *above[target]} for source, target in names]
    areas = {area.container: (area.x, area.y, area.x + area.width, area.y + area.depth) for area in own_areas}
    headers = {area.container: (area.x, area.y, area.x + area.width, area.y + area.header) for area in own_areas}
    levels = [piece[0] for piece in flat]
    places = [piece[0] for piece in upright]
    met = set()
    for boxes, inside_allowed in ((areas, False), (headers, True)):
        for box, (left, top, right, bottom) in boxes.items():
            inner = (left + SAME, top + SAME, right - SAME, bottom - SAME)
            for keys, pieces, low, high, start_edge, end_edge in (
                (levels, flat, inner[1], inner[3], inner[0], inner[2]),
                (places, upright, inner[0], inner[2], inner[1], inner[3]),
            ):
                for index in range(bisect_right(keys, low), bisect_left(keys, high)):
                    _, start, end, line = pieces[index]
                    if start < end_edge and end > start_edge and (inside_allowed or box not in own[line]):
                        met.add((line, box))
    return len(met)


def _overlapping(boxes: list[tuple[float, float, float, float]]) -> int:
    count = 0
    boxes = sorted(boxes)
    for index, (_, top, right, bottom) in enumerate(boxes):
        for other_left, other_top, _, other_bottom in boxes[index + 1 :]:
            if other_left >= right - SAME:
                break
            count += top < other_bottom - SAME and other_top < bottom - SAME
    return count
