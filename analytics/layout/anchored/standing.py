"""Step of the anchored layout: what is new finds a place among what stays, boxes grow, and what is in the way moves.

From inside out. What stays keeps its place to the millionth; a new thing takes
the free place of its box that costs least: short lines, no growth, nothing
pushed. A box grows to the side where there is room; what it grows into moves
just as far as it must, with all that stands in it.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from ..nesting import GROUND, Tree
from ..pack import pack
from ..records import TILE, Measures

#: Free ground between cards at least (across, down), and between a box and anything else.
CARDS, CUBES = (170_000, 140_000), (180_000, 180_000)
BOXES, WIDE = 200_000, 420_000
#: What a place costs, in tiles of the screen: a tile of line, one against the reading direction, a line in the way,
#: a thing pushed aside, a tile from the others where nothing pulls.
WIRE, BACKWARDS, IN_THE_WAY, PUSHED, AWAY = 0.025, 1.6, 0.05, 0.3, 0.01
#: Of more columns and lines than this the nearest are tried, and those at the ends.
ACROSS, DOWN = 40, 120
#: So many free places of the cheapest are looked at closely.
CLOSELY = 40
#: A box is not grown by less than this: places that were read from a picture are rounded.
SLACK = 3_000
#: No more pushes than so many for each thing of a scope.
PUSHES = 20
Box = tuple[int, int, int, int]
"""Left, top, right, bottom."""


@dataclass
class Standing:
    """Things on the ground while places are found; ``moved`` is how far something that stood was pushed."""

    tree: Tree
    measures: Measures
    header: int
    least: Mapping[str, int]
    pulls: Mapping[str, Sequence[tuple[str, bool]]]
    lines: Sequence[tuple[Box, int]]
    at: dict[str, Box] = field(default_factory=dict)
    moved: dict[str, tuple[int, int]] = field(default_factory=dict)
    parent: dict[str, str] = field(default_factory=dict)

    def stand(self, fixed: frozenset[str], stood: Mapping[str, Box], sizes: Mapping[str, tuple[int, int]]) -> bool:
        """Give everything a place: ``fixed`` where it stood. False where pushing does not come to an end."""
        tree = self.tree
        for scope in tree.scopes:
            for member in tree.members[scope]:
                self.parent[member] = scope
                if member in stood:
                    self.at[member] = stood[member]
                elif member not in tree.members:
                    self.at[member] = (0, 0, *sizes[member])
        for scope in reversed(tree.scopes):
            if scope in stood or scope == GROUND:
                if not self._filled(scope, fixed, stood):
                    return False
            else:
                self._packed(scope)
        return True

    def _packed(self, scope: str) -> None:
        """A box that was not there: what is in it stands as close as it can, at the origin until it has a place."""
        members = self.tree.members[scope]
        sizes = [(self.at[one][2] - self.at[one][0], self.at[one][3] - self.at[one][1]) for one in members]
        gap = WIDE if any(one in self.tree.members for one in members) else max(self._cards)
        left, top = self.measures.padding, self.header + self.measures.clear
        for one, (x, y) in zip(members, pack(sizes, gap, self.measures.fit), strict=True):
            self._shift(one, x + left - self.at[one][0], y + top - self.at[one][1])
        self.at[scope] = self._around(scope, (0, 0, 0, 0))

    def _filled(self, scope: str, fixed: frozenset[str], stood: Mapping[str, Box]) -> bool:
        """A box that was there, or the ground: those that stay push each other as they must, then the others come."""
        members = self.tree.members[scope]
        placed = [one for one in members if one in fixed]
        if not self._apart(placed, stood):
            return False
        if scope != GROUND:
            self.at[scope] = self._around_these(placed, stood[scope])
        coming = [one for one in members if one not in fixed]
        coming.sort(key=lambda one: (one not in self.tree.members, -self._area(one), one))
        for one in coming:
            here = self.at[one]
            x, y = self._spot(scope, one, placed)
            self._shift(one, x - here[0], y - here[1])
            placed.append(one)
        if scope != GROUND:
            self.at[scope] = self._around_these(placed, self.at[scope])
            width = self.at[scope][2] - self.at[scope][0]
            if width < self.least[scope]:
                left, top, right, bottom = self.at[scope]
                self.at[scope] = (left, top, right + self.least[scope] - width, bottom)
        return True

    # --- giving way ---------------------------------------------------------------------

    def _apart(self, placed: Sequence[str], stood: Mapping[str, Box]) -> bool:
        """Those that stood side by side stand so again, whatever has grown; false where it does not come to an end."""
        waiting = deque(one for one in placed if self.at[one] != stood[one])
        left = PUSHES * (len(placed) + 1)
        while waiting:
            pusher = waiting.popleft()
            for other in placed:
                if other == pusher:
                    continue
                gap = self._gap(pusher, other, stood)
                step = _push(self.at[pusher], stood[pusher], self.at[other], stood[other], gap)
                if step != (0, 0):
                    self._shift(other, *step)
                    waiting.append(other)
                    left -= 1
                    if left < 0:
                        return False
        return True

    def _gap(self, one: str, other: str, stood: Mapping[str, Box]) -> tuple[int, int]:
        """What stays free between two: what is asked for, or as little as there was."""
        asked = (BOXES, BOXES) if one in self.tree.members or other in self.tree.members else self._cards
        a, b = stood[one], stood[other]
        across, down = max(b[0] - a[2], a[0] - b[2]), max(b[1] - a[3], a[1] - b[3])
        return tuple(min(want, had) if had >= 0 else want for want, had in zip(asked, (across, down), strict=True))  # type: ignore[return-value]

    def _shift(self, thing: str, dx: int, dy: int) -> None:
        """Move a thing and all that stands in it."""
        if not (dx or dy):
            return
        things = [thing]
        for one in things:
            left, top, right, bottom = self.at[one]
            self.at[one] = (left + dx, top + dy, right + dx, bottom + dy)
            x, y = self.moved.get(one, (0, 0))
            self.moved[one] = (x + dx, y + dy)
            things += self.tree.members.get(one, ())

    # --- finding a place ----------------------------------------------------------------

    def _spot(self, scope: str, thing: str, placed: Sequence[str]) -> tuple[int, int]:
        """The free place that costs least."""
        left, top, right, bottom = self.at[thing]
        width, depth = right - left, bottom - top
        others = [(self.at[one], one in self.tree.members) for one in placed]
        box = thing in self.tree.members
        inner = self._inner(scope, others)
        across = (BOXES, WIDE) if box else (self._cards[0], self.measures.aisle)
        down = (BOXES, WIDE) if box else (self._cards[1], self.measures.gap)
        xs, ys = {inner[0]}, {inner[1]}
        for (x0, y0, x1, y1), large in others:
            for gap in (BOXES, WIDE) if large else across:
                xs |= {x1 + gap, x0 - gap - width}
            for gap in (BOXES, WIDE) if large else down:
                ys |= {y1 + gap, y0 - gap - depth}
            xs.add(x0)
            ys.add(y0)
        if len(others) > CLOSELY and not box:  # columns that are there, and one at either end
            starts = {one[0] for one, _ in others}
            xs = {*starts, max(one[2] for one, _ in others) + across[1], min(starts) - across[1] - width}
        pulls = self._pulls(thing)
        wish = (inner[2], inner[3])
        if pulls:
            wish = (sum(pull[0] for pull in pulls) // len(pulls), sum(pull[1] for pull in pulls) // len(pulls))
        found = []
        for x in nearest(xs, wish[0] - width // 2, ACROSS):
            beside = [(one, large) for one, large in others if x < one[2] + BOXES and one[0] < x + width + BOXES]
            for y in nearest(ys, wish[1] - depth // 2, DOWN):
                spot = (x, y, x + width, y + depth)
                if self._free(spot, beside, box=box):
                    found.append((self._cheap(scope, spot, inner, pulls), x, y))
        found.sort()
        best = min(found[:CLOSELY], key=lambda one: (one[0] + self._dear(scope, one[1:], (width, depth)), one))
        return best[1], best[2]

    def _free(self, spot: Box, others: Sequence[tuple[Box, bool]], *, box: bool) -> bool:
        """Whether nothing is in the place, nor too near."""
        x0, y0, x1, y1 = spot
        for (left, top, right, bottom), large in others:
            across, down = (BOXES, BOXES) if box or large else self._cards
            if x0 < right + across and left < x1 + across and y0 < bottom + down and top < y1 + down:
                return False
        return True

    def _cheap(
        self, scope: str, spot: Box, inner: Box, pulls: Sequence[tuple[int, int, tuple[int, int], bool]]
    ) -> float:
        """What a place costs for its lines and for how far it leaves the ground there is."""
        beyond = (
            max(0, inner[0] - spot[0], spot[2] - inner[2]) + max(0, inner[1] - spot[1], spot[3] - inner[3])
        ) / TILE
        cost = beyond * (0.62 if scope == GROUND else 1.0)
        x, y = (spot[0] + spot[2]) // 2, (spot[1] + spot[3]) // 2
        for here, there, (dx, dy), outwards in pulls:
            across = (here - x - dx) if outwards else (x + dx - here)
            cost += WIRE * (abs(there - y - dy) + (across if across > 0 else -BACKWARDS * across)) / TILE
        if not pulls:
            cost += AWAY * (abs(x - (inner[0] + inner[2]) // 2) + abs(y - (inner[1] + inner[3]) // 2)) / TILE
        return cost

    def _pulls(self, thing: str) -> list[tuple[int, int, tuple[int, int], bool]]:
        """Where the other ends of a thing's lines stand, how far from its middle each begins, whether it leads out."""
        inside = [thing]
        for one in inside:
            inside += self.tree.members.get(one, ())
        own = set(inside)
        left, top, right, bottom = self.at[thing]
        found = []
        for one in inside:
            a = self.at[one]
            offset = (a[0] + a[2] - left - right) // 2, (a[1] + a[3] - top - bottom) // 2
            for other, outwards in self.pulls.get(one, ()):
                if other not in own and self._settled(other):
                    b = self.at[other]
                    found.append(((b[0] + b[2]) // 2, (b[1] + b[3]) // 2, offset, outwards))
        return found

    def _settled(self, thing: str) -> bool:
        """Whether a thing stands where the picture is, and not at the origin of a box that has no place yet."""
        return thing in self.at and self.at[thing][0] + self.at[thing][1] != 0

    def _dear(self, scope: str, corner: tuple[int, int] | Sequence[int], size: tuple[int, int]) -> float:
        """What a place costs in lines that are in its way, in growth of the boxes around it, in what they push."""
        spot = (corner[0], corner[1], corner[0] + size[0], corner[1] + size[1])
        cost = IN_THE_WAY * len({line for piece, line in self.lines if _meet(spot, piece)})
        inner = spot
        around = scope
        while around != GROUND:
            before = self.at.get(around)
            grown = self._wrapped(inner, before) if before else None
            if before is None or grown is None or grown == before:
                return cost
            above = self.parent[around]
            for other in self.tree.members[above]:
                if other != around and other in self.at and _near(grown, self.at[other], BOXES):
                    cost += PUSHED * self._count(other)
            inner, around = grown, above
        others = [self.at[one] for one in self.tree.members[GROUND] if one in self.at]
        now = _hull(others)
        after = _hull([*others, inner])
        fit = self.measures.fit
        return cost + (fit(after[2] - after[0], after[3] - after[1]) - fit(now[2] - now[0], now[3] - now[1])) / TILE

    def _count(self, thing: str) -> int:
        """How many nodes a thing is, or holds."""
        inner = self.tree.members.get(thing)
        return 1 if inner is None else 1 + sum(self._count(one) for one in inner)

    def _area(self, thing: str) -> int:
        left, top, right, bottom = self.at[thing]
        return (right - left) * (bottom - top)

    # --- boxes --------------------------------------------------------------------------

    @property
    def _cards(self) -> tuple[int, int]:
        return CARDS if self.measures.flat else CUBES

    def _inner(self, scope: str, others: Sequence[tuple[Box, bool]]) -> Box:
        """The ground inside a box that things may stand on."""
        if scope == GROUND:
            return _hull([box for box, _ in others])
        left, top, right, bottom = self.at[scope]
        pad = self.measures.padding
        return left + pad, top + self.header + self.measures.clear, right - pad, bottom - pad

    def _wrapped(self, inner: Box, box: Box) -> Box:
        """``box``, grown until it holds ``inner`` with its padding and title."""
        pad = self.measures.padding
        left, top, right, bottom = (
            *(inner[0] - pad, inner[1] - self.header - self.measures.clear),
            *(inner[2] + pad, inner[3] + pad),
        )
        return (
            left if left < box[0] - SLACK else box[0],
            top if top < box[1] - SLACK else box[1],
            right if right > box[2] + SLACK else box[2],
            bottom if bottom > box[3] + SLACK else box[3],
        )

    def _around_these(self, members: Sequence[str], box: Box) -> Box:
        for one in members:
            box = self._wrapped(self.at[one], box)
        return box

    def _around(self, scope: str, box: Box) -> Box:
        """A new box around its members."""
        left, top, right, bottom = self._around_these(self.tree.members[scope], box)
        right = max(right, left + self.measures.narrowest, left + self.least[scope])
        return left, top, right, max(bottom, top + self.header + self.measures.clear + self.measures.padding)


def nearest(values: set[int], wish: int, most: int) -> list[int]:
    """Of many values those nearest to a wish, the first and the last, in order.

    >>> nearest({1, 2, 3, 9, 50}, 3, 2)
    [1, 2, 3, 50]
    """
    ordered = sorted(values)
    if len(ordered) <= most:
        return ordered
    near = sorted(ordered, key=lambda value: (abs(value - wish), value))[:most]
    return sorted({ordered[0], ordered[-1], *near})


def _hull(boxes: Sequence[Box]) -> Box:
    if not boxes:
        return 0, 0, 0, 0
    lefts, tops, rights, bottoms = zip(*boxes, strict=True)
    return min(lefts), min(tops), max(rights), max(bottoms)


def _meet(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _near(one: Box, other: Box, gap: int) -> bool:
    return _meet((one[0] - gap, one[1] - gap, one[2] + gap, one[3] + gap), other)


def _push(pusher: Box, pushed_from: Box, other: Box, stood: Box, gap: tuple[int, int]) -> tuple[int, int]:
    """How far ``other`` has to go so that it stands on that side of ``pusher`` where it stood before.

    >>> _push((0, 0, 5, 5), (0, 0, 2, 2), (3, 0, 4, 1), (3, 0, 4, 1), (1, 1))
    (3, 0)
    """
    across, down = gap
    if not (
        pusher[0] < other[2] + across
        and other[0] < pusher[2] + across
        and pusher[1] < other[3] + down
        and other[1] < pusher[3] + down
    ):
        return 0, 0
    ways = []
    if stood[0] >= pushed_from[2]:
        ways.append((pusher[2] + across - other[0], 0))
    if stood[2] <= pushed_from[0]:
        ways.append((pusher[0] - across - other[2], 0))
    if stood[1] >= pushed_from[3]:
        ways.append((0, pusher[3] + down - other[1]))
    if stood[3] <= pushed_from[1]:
        ways.append((0, pusher[1] - down - other[3]))
    if not ways:
        ways = [(pusher[2] + across - other[0], 0), (0, pusher[3] + down - other[1])]
    return min(ways, key=lambda way: (abs(way[0]) + abs(way[1]), way))
