"""Phase: lines between packed boxes find their way.

Before: boxes and cards on the ground, some lines laid. After: a way for every
line, from border to border, through no foreign box and along no other line but
those of its trunk. Lines are laid from the nearest to the farthest; then those
that cross or go far round are lifted and laid anew, and at last all are nudged apart.

Source: A* over an orthogonal visibility graph with prices for bends and crossings
(M. Wybrow, K. Marriott, P. Stuckey 2009); rip-up and reroute as in channel routers.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from heapq import heappop, heappush
from itertools import pairwise

from ..nesting import GROUND, Tree
from ..records import TILE, Measures
from ..routes import Spot, straight
from ..trunks import Membership
from .nudging import nudged
from .sights import LANES, Port, Scene, Sights, look_around

#: Prices in steps of this length: a bend, half of it on own ink, a crossing, a stub, a new port; own ink a step.
STEP = 0.055
BEND, OWN_BEND, CROSS, STUB_PRICE, NEW_PORT, SAME = 11.0, 5.5, 8.0, 4.0, 3.0, 0.45
#: A first or last piece shorter than this is a stub; ports of different owners keep this distance.
STUB, TIP = 0.08, 0.055
#: How much the estimate counts: for the first line of a trunk, for later ones, and once the budget is spent.
WEIGHT, LATER, HURRIED = 1.1, 0.77, 2.0
#: States taken from the heap: so many for the whole ground, then in a hurry, then no more.
BUDGET, LAST_RESORT = 90_000, 600_000
#: Rounds in which lines are lifted and laid anew, and how far round one may go before that.
ROUNDS, AROUND = 2, 1.6
#: Lanes beside a border where the usual ones left a line without a way.
MORE_LANES = (0.06, 0.12, 0.18, 0.24, 0.3)
REVERSE = (1, 0, 3, 2)
Step = tuple[int, int, int, float, int, float]
"""From a vertex: direction, the next vertex, the edge there, its length, the boxes it runs in, what it costs more."""


@dataclass(frozen=True, slots=True)
class Path:
    """A way over the graph: its vertices, and the ports at both ends."""

    vertices: tuple[int, ...]
    start: Port
    end: Port


def route_lines(
    tree: Tree,
    trunks: Mapping[int, Membership],
    todo: Sequence[int],
    corners: Mapping[str, Spot],
    extents: Mapping[str, tuple[int, int]],
    laid: Mapping[int, Sequence[Spot]],
    measures: Measures,
    budget: int = BUDGET,
) -> dict[int, tuple[Spot, ...]] | None:
    """A way for every strand in ``todo``, from its first end to its second; nothing where one is left without.

    From ``budget`` states on the search hurries.
    """
    if not todo:
        return {}
    scene = _scene(tree, todo, corners, extents, laid, measures)
    for lanes in (LANES, MORE_LANES):
        router = Router(scene, look_around(scene, lanes), trunks, budget)
        router.lay_all()
        if len(router.paths) == len(todo):
            ways = nudged(router.paths, router.owner, scene, router.sights)
            return {key: _in_units(way, router.backwards(key)) for key, way in ways.items()}
    return None


def _in_units(way: Sequence[tuple[float, float]], backwards: bool) -> tuple[Spot, ...]:
    spots = straight([(round(x * TILE), round(y * TILE)) for x, y in way])
    return tuple(spots[::-1] if backwards else spots)


def _scene(
    tree: Tree,
    todo: Sequence[int],
    corners: Mapping[str, Spot],
    extents: Mapping[str, tuple[int, int]],
    laid: Mapping[int, Sequence[Spot]],
    measures: Measures,
) -> Scene:
    """The ground in tiles, as the router looks at it."""
    boxes = {scope for scope in tree.scopes if scope != GROUND}
    parents = {member: scope for scope in tree.scopes for member in tree.members[scope]}
    rectangles = {}
    for thing in parents:
        (x, y), (width, depth) = corners[thing], extents[thing]
        rectangles[thing] = (x / TILE, y / TILE, (x + width) / TILE, (y + depth) / TILE)
    bits = {scope: 1 << number for number, scope in enumerate(tree.scopes) if scope != GROUND}
    pairs = {key: tree.strands[key].ends for key in todo}
    held = {key: -1 if all(tree.strands[key].ways) else tree.strands[key].ways.index(()) for key in todo}
    opened = 0
    for key in todo:
        opened |= allowed(tree, parents, bits, key)
    lying, standing = [], []
    for way in laid.values():
        for (ax, ay), (bx, by) in pairwise(way):
            if ay == by:
                lying.append((ay / TILE, min(ax, bx) / TILE, max(ax, bx) / TILE))
            else:
                standing.append((ax / TILE, min(ay, by) / TILE, max(ay, by) / TILE))
    return Scene(
        rectangles,
        dict.fromkeys(sorted(boxes), measures.header / TILE),
        parents,
        bits,
        opened,
        pairs,
        held,
        lying,
        standing,
    )


def allowed(tree: Tree, parents: Mapping[str, str], bits: Mapping[str, int], key: int) -> int:
    """The boxes a strand may run through: all that hold one of its ends."""
    found = 0
    strand = tree.strands[key]
    for end, way in zip(strand.ends, strand.ways, strict=True):
        box = parents[end] if way else end
        while box != GROUND:
            found |= bits[box]
            box = parents[box]
    return found


class Router:
    """The lines of a scene while they are laid, lifted and laid anew.

    Who owns an edge, who runs through a vertex lying or standing, and who bends
    there is kept in arrays by counts, so laying or lifting costs a line's length.
    """

    def __init__(self, scene: Scene, sights: Sights, trunks: Mapping[int, Membership], budget: int = BUDGET) -> None:
        self._budget = budget
        self.scene, self.sights = scene, sights
        self.trunks = trunks
        count = len(sights.x)
        self._own = ([0] * count, [0] * count)
        self._count = ([0] * count, [0] * count)
        self._through = ([0] * count, [0] * count)
        self._turn, self._turn_count = [0] * count, [0] * count
        self._tips: dict[tuple[str, int], list[tuple[float, int]]] = {}
        names: dict[str, int] = {}
        self.owner = {
            key: names.setdefault(trunks[key].trunk if key in trunks else f"\x00{key}", len(names) + 1)
            for key in scene.pairs
        }
        self._members: dict[int, int] = {}
        self._allowed = self._allowances()
        self.paths: dict[int, Path] = {}
        self.pops = 0
        self._x = [value / STEP for value in sights.x]
        self._y = [value / STEP for value in sights.y]
        self._steps = self._all_steps()

    def _all_steps(self) -> list[tuple[Step, ...]]:
        """For each vertex the steps to its neighbours: what of them stays the same while lines are laid."""
        sights = self.sights
        coordinates = (self._x, self._x, self._y, self._y)
        found = []
        for vertex in range(len(sights.x)):
            steps = []
            for direction in (0, 1, 2, 3):
                following = sights.near[direction][vertex]
                if following >= 0:
                    axis, edge = direction >> 1, vertex if direction in (0, 2) else following
                    length = abs(coordinates[direction][following] - coordinates[direction][vertex])
                    steps.append(
                        (direction, following, edge, length, sights.masks[axis][edge], sights.extra[axis][edge])
                    )
            found.append(tuple(steps))
        return found

    def _allowances(self) -> dict[int, int]:
        """For each line the boxes it may run through, as bits."""
        found = {}
        for key, ends in self.scene.pairs.items():
            mask = 0
            for number, end in enumerate(ends):
                box = end if self.scene.held[key] == number else self.scene.parents[end]
                while box:
                    mask |= self.scene.bits[box]
                    box = self.scene.parents[box]
            found[key] = mask
        return found

    def backwards(self, key: int) -> bool:
        """Whether a line is laid from its second end: a trunk's lines are laid towards the end they share."""
        return key in self.trunks and self.trunks[key].shared == 0

    def lay_all(self) -> None:
        """Lay every line, the near ones first, then lift and lay anew those that cross or go far round."""
        middles = {
            end: ((left + right) / 2, (top + bottom) / 2)
            for end, (left, top, right, bottom) in self.scene.rectangles.items()
        }

        def far(key: int) -> float:
            (ax, ay), (bx, by) = (middles[end] for end in self.scene.pairs[key])
            return abs(ax - bx) + abs(ay - by)

        nearest: dict[int, float] = {}
        for key in self.scene.pairs:
            nearest[self.owner[key]] = min(nearest.get(self.owner[key], math.inf), far(key))
        order = sorted(self.scene.pairs, key=lambda key: (nearest[self.owner[key]], self.owner[key], far(key), key))
        for key in order:
            self._put(key)
        moved: set[int] | None = None
        for _ in range(ROUNDS):
            now: set[int] = set()
            for key in order:
                if self.pops > self._budget and key in self.paths:
                    continue
                if key in self.paths:
                    crossings, ratio = self._price(key)
                    if not crossings and ratio <= AROUND:
                        continue
                    if moved is not None and self.owner[key] not in moved and not self._partners(key) & moved:
                        continue
                old = self._take(key) if key in self.paths else None
                if not self._put(key) and old is not None:
                    self._lay(key, old, 1)
                if key in self.paths and (old is None or self.paths[key].vertices != old.vertices):
                    now.add(self.owner[key])
            moved = now
            if not moved:
                break

    def _put(self, key: int) -> bool:
        found = self._search(key)
        if found is not None:
            self._lay(key, found, 1)
        return found is not None

    def _take(self, key: int) -> Path:
        path = self.paths[key]
        self._lay(key, path, -1)
        return path

    def _lay(self, key: int, path: Path, by: int) -> None:
        """Write a path into the arrays (``by`` 1), or take it out of them (-1)."""
        owner = self.owner[key]
        near = self.sights.near
        edges = []
        for one, other in pairwise(path.vertices):
            if near[0][one] == other:
                edges.append((0, one))
            elif near[1][one] == other:
                edges.append((0, other))
            elif near[2][one] == other:
                edges.append((1, one))
            else:
                edges.append((1, other))
        for port in (path.start, path.end):  # the way into the end, where a line of sight goes on inside
            beyond = near[port.inward][port.vertex]
            if beyond >= 0:
                edges.append((port.inward >> 1, port.vertex if port.inward in (0, 2) else beyond))
        for axis, vertex in edges:
            count, own, through = self._count[axis], self._own[axis], self._through[axis]
            count[vertex] += by
            own[vertex] = owner if count[vertex] else 0
            back, onwards = near[2 * axis + 1][vertex], near[2 * axis][vertex]
            through[vertex] = own[vertex] or (own[back] if back >= 0 else 0)
            if onwards >= 0:
                through[onwards] = own[onwards] or own[vertex]
        lying, standing = self.sights.on_lying, self.sights.on_standing
        bends = [path.vertices[0], path.vertices[-1]]
        for before, vertex, after in zip(path.vertices, path.vertices[1:], path.vertices[2:], strict=False):
            if lying[before] != lying[after] and standing[before] != standing[after]:
                bends.append(vertex)
        for vertex in bends:
            self._turn_count[vertex] += by
            self._turn[vertex] = owner if self._turn_count[vertex] else 0
        for port in (path.start, path.end):
            tips = self._tips.setdefault((port.end, port.inward), [])
            if by > 0:
                tips.append((port.along, owner))
            else:
                tips.remove((port.along, owner))
        self._members[owner] = self._members.get(owner, 0) + by
        if by > 0:
            self.paths[key] = path
        else:
            del self.paths[key]

    def _price(self, key: int) -> tuple[int, float]:
        """How many foreign lines a path meets, and how much longer than the straight way it is."""
        path, owner = self.paths[key], self.owner[key]
        met = 0
        for vertex in path.vertices:
            met += (self._through[0][vertex] not in (0, owner)) + (self._through[1][vertex] not in (0, owner))
        spots = [
            (path.start.x, path.start.y),
            *[(self.sights.x[vertex], self.sights.y[vertex]) for vertex in path.vertices],
            (path.end.x, path.end.y),
        ]
        length = sum(abs(bx - ax) + abs(by - ay) for (ax, ay), (bx, by) in pairwise(spots))
        return met, length / max(0.3, math.dist(spots[0], spots[-1]))

    def _partners(self, key: int) -> set[int]:
        """The owners a path meets."""
        found = set()
        for vertex in self.paths[key].vertices:
            found |= {self._through[0][vertex], self._through[1][vertex]}
        return found - {0, self.owner[key]}

    def _tip_price(self, port: Port, owner: int) -> float:
        """What a port costs: nothing where its own trunk uses it already, -1 where another owner's is too near."""
        price = NEW_PORT
        for along, other in self._tips.get((port.end, port.inward), ()):
            if other == owner:
                if abs(along - port.along) < 1e-6:
                    price = 0.0
            elif abs(along - port.along) < TIP:
                return -1.0
        return price

    def _starts(self, ports: Sequence[Port], owner: int, closed: int) -> list[tuple[float, int, Port]]:
        """The states a search begins with: cost, state and port."""
        own, near = self._own, self.sights.near
        found = []
        for port in ports:
            vertex, inward = port.vertex, port.inward
            if port.mask & closed or self._turn[vertex] not in (0, owner) or self._tip_price(port, owner) < 0:
                continue
            axis = inward >> 1
            edge = vertex if inward in (0, 2) else near[inward][vertex]
            if edge >= 0 and own[axis][edge] not in (0, owner):
                continue  # somebody else runs over the way out
            crossed = self._through[1 - axis][vertex]
            cost = port.length / STEP + port.price
            cost += (CROSS if crossed not in (0, owner) else 0.0) + (STUB_PRICE if port.length < STUB else 0.0)
            found.append((cost, vertex * 4 + (inward ^ 1), port))
        return found

    def _search(self, key: int) -> Path | None:
        """The cheapest way for a line as things lie now; a state is a vertex and the direction it was reached in."""
        owner, ends = self.owner[key], self.scene.pairs[key]
        first, last = (1, 0) if self.backwards(key) else (0, 1)
        held = self.scene.held[key]
        source_ports = self.sights.ports[ends[first], held == first]
        target_ports = self.sights.ports[ends[last], held == last]
        closed = ~self._allowed[key]
        left, top, right, bottom = (value / STEP for value in self.scene.rectangles[ends[last]])
        hurried = self.pops > self._budget
        weight = HURRIED if hurried else LATER if self._members.get(owner) else WEIGHT
        xs, ys = self._x, self._y
        steps = self._steps
        own, turn = self._own, self._turn
        lying, standing = self._through
        inner_target = held == last

        def estimate(vertex: int, direction: int) -> float:
            if inner_target:
                return 0.0
            x, y = xs[vertex], ys[vertex]
            across = left - x if x < left else x - right if x > right else 0.0
            down = top - y if y < top else y - bottom if y > bottom else 0.0
            if direction < 2:
                if across and (x < left) == (direction == 0):
                    bends = BEND if down else 0.0
                else:
                    bends = 2 * BEND if across else BEND + 5.0
            elif down and (y < top) == (direction == 2):
                bends = BEND if across else 5.0
            else:
                bends = 2 * BEND if down else BEND
            return weight * (across + down + bends)

        goals: dict[int, list[tuple[Port, float]]] = {}
        for port in target_ports:
            price = self._tip_price(port, owner)
            if price >= 0 and not port.mask & closed and turn[port.vertex] in (0, owner):
                goals.setdefault(port.vertex, []).append((port, price))
        best: dict[int, float] = {}
        came: dict[int, tuple[int, Port | None]] = {}
        heap: list[tuple[float, int]] = []
        for cost, state, port in self._starts(source_ports, owner, closed):
            if cost < best.get(state, math.inf):
                best[state] = cost
                came[state] = (-1, port)
                heappush(heap, (cost + estimate(state >> 2, state & 3), state))
        done: set[int] = set()
        goal = 0
        while heap:
            _, state = heappop(heap)
            if state in done:
                continue
            done.add(state)
            self.pops += 1
            if state < 0:
                goal = state
                break
            if self.pops > LAST_RESORT:
                return None
            cost = best[state]
            vertex, direction = state >> 2, state & 3
            flat, upright = lying[vertex], standing[vertex]
            foreign = (flat and flat != owner) or (upright and upright != owner)
            for port, price in goals.get(vertex, ()):
                inward = port.inward
                if inward == direction ^ 1:
                    continue
                if foreign and (inward != direction or (flat if inward < 2 else upright) not in (0, owner)):
                    continue
                reached = cost + price + port.price + port.length / STEP + (0.0 if inward == direction else BEND)
                reached += STUB_PRICE if port.length < STUB else 0.0
                number = -1 - port.number
                if reached < best.get(number, math.inf):
                    best[number] = reached
                    came[number] = (state, port)
                    heappush(heap, (reached, number))
            bend = OWN_BEND if turn[vertex] == owner else BEND
            for onwards, following, edge, step, mask, more in steps[vertex]:
                if onwards == direction ^ 1 or (foreign and onwards != direction) or mask & closed:
                    continue
                if turn[following] and turn[following] != owner:
                    continue
                if onwards < 2:
                    held_by, along, across = own[0][edge], lying[following], standing[following]
                else:
                    held_by, along, across = own[1][edge], standing[following], lying[following]
                if (along and along != owner) or (held_by and held_by != owner):
                    continue
                new = following * 4 + onwards
                if new in done:
                    continue
                if held_by:
                    step *= SAME
                if across and across != owner:
                    step += CROSS
                step += more
                if onwards != direction:
                    step += bend
                reached = cost + step
                if reached < best.get(new, math.inf) - 1e-9:
                    best[new] = reached
                    came[new] = (state, None)
                    heappush(heap, (reached + estimate(following, onwards), new))
        if goal >= 0:
            return None
        return _traced(came, goal)


def _traced(came: Mapping[int, tuple[int, Port | None]], goal: int) -> Path:
    """The path that a search left behind."""
    state, end = came[goal]
    vertices: list[int] = []
    while True:
        vertex = state >> 2
        if not vertices or vertices[-1] != vertex:
            vertices.append(vertex)
        before, start = came[state]
        if before < 0:
            break
        state = before
    assert start is not None
    assert end is not None
    return Path(tuple(reversed(vertices)), start, end)
