"""Floor plans: a scope that holds containers is packed, and lines between boxes find their way afterwards.

From inside out every scope gets one or several shapes: nodes without lines stand
in a grid of a few columns or many, nodes with lines are layered, and a scope with
containers is packed from the shapes of what it holds. Then the lines that no layered
scope has laid are routed over the whole ground (:mod:`.routing`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from math import ceil

from ...lettering import UNIT
from ...lettering.titles import least_title_width
from ..effort import Effort
from ..fold import astray
from ..ground import Ground
from ..ink import ink_crossings
from ..nesting import GROUND, Tree
from ..net import Net
from ..records import TILE, Measures
from ..routes import Spot
from .lots import Line, order_lot, settle_lot
from .routing import route_lines
from .skyline import FloorPlan, Pull, Size, plan_floor

#: Free ground between boxes, and the most that words between them may ask for.
BETWEEN, MOST_BETWEEN = 420_000, 1_000_000
#: Of the words between the boxes of a scope so many have room beside each other (in hundredths of them).
WORDED = 80
#: Room of arrowheads beside words.
ARROWS = 300_000
#: Between cards that stand in a grid.
GRID_GAP = (170_000, 140_000)
#: Shapes of a grid of nodes, as width to depth in hundredths of a screen's.
GRID_ASPECTS = (45, 90, 180)
#: Shapes of a scope that holds containers: width to depth against the screen's, and the share of the search's steps.
ASPECTS = ((1.0, 1.0), (0.7, 0.4), (1.4, 0.4))
#: The whole ground is packed and routed with the first seed; where lines cross or go astray much, with the others too.
SEEDS = (7, 2)
#: So many crossings a line are much.
MUCH = 0.45
#: With more lines between boxes than this a floor plan is not tried: their tangle would have no lanes.
MOST_LINES = 160
#: What is paid, in shares of the screen, for a crossing, and for each whole that lines go astray beyond this.
CROSSED, ASTRAY, FAR = 0.01, 0.3, 2.0


@dataclass(frozen=True, slots=True)
class Shape:
    """One way to build a scope: extent, corners of its members, the shapes of those that are scopes, lines laid."""

    width: int
    depth: int
    corners: Mapping[str, Spot]
    inner: Mapping[str, Shape] = field(default_factory=dict)
    depths: Mapping[str, int] = field(default_factory=dict)
    ways: Mapping[int, tuple[Spot, ...]] = field(default_factory=dict)
    column: Mapping[str, int] = field(default_factory=dict)
    loose: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class _Task:
    """What every scope is built from."""

    tree: Tree
    net: Net
    entries: frozenset[str]
    effort: Effort
    measures: Measures
    words: Mapping[int, tuple[str, int]]
    at_home: Mapping[str, Sequence[int]]
    titles: Mapping[str, str]
    seed: int = SEEDS[0]


def lay_floors(
    tree: Tree,
    net: Net,
    entries: frozenset[str],
    effort: Effort,
    measures: Measures,
    titles: Mapping[str, str],
) -> Ground | None:
    """The whole graph as a floor plan, every box wide enough for its title; nothing where a line finds no way."""
    at_home: dict[str, list[int]] = {}
    for key, strand in enumerate(tree.strands):
        at_home.setdefault(strand.scope, []).append(key)
    task = _Task(tree, net, entries, effort, measures, net.words(measures), at_home, titles)
    between = sum(len(keys) for scope, keys in at_home.items() if _holds_boxes(tree, scope))
    if between > MOST_LINES:
        return None
    best: tuple[float, Ground] | None = None
    for seed in SEEDS[: 1 if effort.rankings < 2 else len(SEEDS)]:
        task = replace(task, seed=seed)
        shapes: dict[str, tuple[Shape, ...]] = {}
        for scope in reversed(tree.scopes):
            shapes[scope] = _shapes(scope, task, shapes)
        ground = _routed(shapes[GROUND][0], task)
        if ground is None:
            continue
        cost, tangled = _cost(ground, task)
        if best is None or cost < best[0]:
            best = cost, ground
        if not tangled:
            break
    return best[1] if best else None


def _cost(ground: Ground, task: _Task) -> tuple[float, bool]:
    """What a floor plan asks of the screen, dearer where lines cross and go astray; whether they do so much."""
    lying: list[tuple[float, float, float, int]] = []
    standing: list[tuple[float, float, float, int]] = []
    owners: list[str] = []
    for key, way in ground.ways.items():
        for (ax, ay), (bx, by) in pairwise(way):
            piece = (ay, min(ax, bx), max(ax, bx)) if ay == by else (ax, min(ay, by), max(ay, by))
            at, low, high = (value / TILE for value in piece)
            (lying if ay == by else standing).append((at, low, high, len(owners)))
        owners.append(task.net.trunks[key].trunk if key in task.net.trunks else f"\x00{key}")
    crossings = ink_crossings(sorted(lying), sorted(standing), owners)
    far = max(0.0, astray(list(ground.ways.values())) - FAR)
    cost = task.measures.fit(ground.width, ground.depth) * (1 + CROSSED * crossings) * (1 + ASTRAY * far)
    return cost, crossings > MUCH * len(ground.ways) or far > 0


def _holds_boxes(tree: Tree, scope: str) -> bool:
    return any(member in tree.members for member in tree.members[scope])


def _shapes(scope: str, task: _Task, built: Mapping[str, tuple[Shape, ...]]) -> tuple[Shape, ...]:
    """Every shape of one scope that is worth choosing from, its border and title included."""
    if _holds_boxes(task.tree, scope):
        found = _packed(scope, task, built)
    elif any(all(task.tree.strands[key].ways) for key in task.at_home.get(scope, ())):
        found = [_layered(scope, task)]
    else:
        found = _grids(task.tree.members[scope], task.measures)
    if scope == GROUND:
        return tuple(found)
    strip = task.measures.header / TILE * UNIT
    title = round(least_title_width(task.titles.get(scope, ""), strip) / UNIT * TILE)
    return tuple(_bordered(shape, task.measures, title) for shape in found)


def _bordered(shape: Shape, measures: Measures, title: int) -> Shape:
    """``shape`` with padding and a strip for a title of this width around it."""
    left, top = measures.padding, measures.header + measures.clear
    width = max(measures.narrowest, title, shape.width + 2 * measures.padding)
    left += (width - shape.width - 2 * measures.padding) // 2
    return replace(
        shape,
        width=width,
        depth=top + shape.depth + measures.padding,
        corners={member: (x + left, y + top) for member, (x, y) in shape.corners.items()},
        ways={key: tuple([(x + left, y + top) for x, y in way]) for key, way in shape.ways.items()},
    )


def _grids(members: Sequence[str], measures: Measures) -> list[Shape]:
    """Nodes that have no lines among them: in a grid, for every number of columns that suits one of the aspects."""
    count = len(members)
    if not count:
        return [Shape(0, 0, {})]
    across, down = measures.width + GRID_GAP[0], measures.depth + GRID_GAP[1]
    if not measures.flat:
        across, down = measures.width + measures.padding, measures.depth + measures.padding
    columns: dict[int, None] = {}
    for aspect in GRID_ASPECTS:
        wanted = min(
            range(1, count + 1),
            key=lambda n: (
                max(n * across * 100 / aspect / 1.5, ceil(count / n) * down + measures.header),
                ceil(count / n) * n,
            ),
        )
        columns[wanted] = None
    shapes = []
    for number in columns:
        rows = ceil(count / number)
        corners = {member: (index // rows * across, index % rows * down) for index, member in enumerate(members)}
        filled = ceil(count / rows)
        width, depth = filled * across - (across - measures.width), rows * down - (down - measures.depth)
        shapes.append(
            Shape(width, depth, corners, column={member: index // rows for index, member in enumerate(members)})
        )
    return shapes


def _layered(scope: str, task: _Task) -> Shape:
    """Nodes with lines among them."""
    members = task.tree.members[scope]
    number = {member: index for index, member in enumerate(members)}
    lines = []
    for key in task.at_home[scope]:
        ways = task.tree.strands[key].ways
        if all(ways):
            lines.append(Line(key, (number[ways[0][0]], number[ways[1][0]]), *task.net.arcs[key]))
    ordered = order_lot(members, lines, task.entries, task.net.trunks, task.effort)
    words = {line.key: task.words[line.key] for line in lines if line.key in task.words}
    lot = settle_lot(ordered, task.measures, words, 2 * task.measures.gap, alone=False)
    return Shape(lot.width, lot.depth, lot.corners, {}, lot.depths, lot.ways, lot.column, lot.loose)


def _packed(scope: str, task: _Task, built: Mapping[str, tuple[Shape, ...]]) -> list[Shape]:
    """A scope with containers in it, packed for several aspects, the best for the screen first."""
    members, measures = task.tree.members[scope], task.measures
    tile = (Shape(measures.width, measures.depth, {}),)
    shapes = [built.get(member, tile) for member in members]
    number = {member: index for index, member in enumerate(members)}
    pulls = []
    lengths = []
    for key in task.at_home.get(scope, ()):
        strand = task.tree.strands[key]
        if not all(strand.ways):
            continue
        one, other = strand.ways
        if task.net.arcs[key][1] and not task.net.arcs[key][0]:
            one, other = other, one
        pulls.append(Pull(number[one[0]], _ends(one, built, measures), number[other[0]], _ends(other, built, measures)))
        if key in task.words:
            lengths.append(task.words[key][1])
    across = BETWEEN
    if lengths:
        lengths.sort()
        across = max(BETWEEN, lengths[min(len(lengths) - 1, len(lengths) * WORDED // 100)] + ARROWS)
    gap = (min(MOST_BETWEEN, across), BETWEEN)
    sizes = [[(shape.width, shape.depth) for shape in own] for own in shapes]
    plans: dict[tuple[int, int], FloorPlan] = {}
    for aspect, share in ASPECTS[: 1 if scope == GROUND else len(ASPECTS)]:
        plan = plan_floor(sizes, pulls, gap, measures, aspect=aspect, effort=share, seed=task.seed)
        plans.setdefault((plan.width, plan.depth), plan)
    return [
        Shape(
            plan.width,
            plan.depth,
            dict(zip(members, plan.corners, strict=True)),
            {member: shapes[index][plan.shapes[index]] for index, member in enumerate(members) if member in built},
        )
        for plan in sorted(plans.values(), key=lambda plan: plan.cost)
    ]


def _ends(way: Sequence[str], built: Mapping[str, tuple[Shape, ...]], measures: Measures) -> tuple[Size, ...]:
    """For each shape of the outermost thing on ``way`` the middle of the innermost, from its corner."""
    if way[0] not in built:
        return ((measures.width // 2, measures.depth // 2),)
    found = []
    for shape in built[way[0]]:
        x = y = 0
        inner = shape
        width, depth = shape.width, shape.depth
        for member in way[1:]:
            x, y = x + inner.corners[member][0], y + inner.corners[member][1]
            if member in inner.inner:
                inner = inner.inner[member]
                width, depth = inner.width, inner.depth
            else:
                width, depth = measures.width, inner.depths.get(member, measures.depth)
        found.append((x + width // 2, y + depth // 2))
    return tuple(found)


def _routed(shape: Shape, task: _Task) -> Ground | None:
    """The whole ground with every line on it, or nothing where one has no way."""
    measures = task.measures
    corners: dict[str, Spot] = {GROUND: (0, 0)}
    extents: dict[str, Size] = {}
    column: dict[str, int] = {}
    ways: dict[int, tuple[Spot, ...]] = {}
    loose: set[int] = set()
    open_shapes: list[tuple[str, Shape]] = [(GROUND, shape)]
    for scope, own in open_shapes:
        left, top = corners[scope]
        for member, (x, y) in own.corners.items():
            corners[member] = (left + x, top + y)
            if member in own.inner:
                inner = own.inner[member]
                extents[member] = (inner.width, inner.depth)
                open_shapes.append((member, inner))
            else:
                extents[member] = (measures.width, own.depths.get(member, measures.depth))
                column[member] = own.column.get(member, 0)
        ways.update({key: tuple([(x + left, y + top) for x, y in way]) for key, way in own.ways.items()})
        loose |= own.loose
    todo = [key for key in range(len(task.tree.strands)) if key not in ways]
    found = route_lines(task.tree, task.net.trunks, todo, corners, extents, ways, measures)
    if found is None:
        return None
    ways.update(found)
    width = max([shape.width, *[x for way in found.values() for x, _ in way]])
    depth = max([shape.depth, *[y for way in found.values() for _, y in way]])
    left = min([0, *[x for way in found.values() for x, _ in way]])
    top = min([0, *[y for way in found.values() for _, y in way]])
    if left or top:
        corners = {thing: (x - left, y - top) for thing, (x, y) in corners.items()}
        ways = {key: tuple([(x - left, y - top) for x, y in way]) for key, way in ways.items()}
    header = measures.header
    return Ground(width - left, depth - top, corners, extents, ways, column, header, loose=frozenset(loose))


assert BETWEEN < TILE
