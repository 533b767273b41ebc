"""Step of the floor plans: boxes packed so that the screen is used well and lines stay short.

A plan is an order of the boxes, a shape for each of those that have several, and
a width that is not passed; boxes go one by one to the lowest place of the skyline
the earlier ones leave. Order, shapes and width are improved by annealing with a
fixed seed and a bounded number of steps: the same boxes give the same plan.

Source: the skyline heuristic for rectangle packing (B. Baker et al. 1980; E. Burke,
G. Kendall, G. Whitwell 2004), searched as in floorplanning (D. Wong, C. Liu 1986).
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random

from ..records import Measures

#: Steps of the annealing for each box, and at most.
STEPS, MOST_STEPS = 150, 4_000
#: The annealing ends when so many of its steps (in hundredths), and at least so many, brought nothing.
PATIENCE, LEAST_PATIENCE = 40, 60
#: What a tile of line costs against a tile of screen, and how much dearer a line against the reading direction is.
WIRE, BACKWARDS = 0.025, 1.6
#: The first temperature, as a share of the cost.
HEAT = 0.02
Size = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Pull:
    """A line between two boxes: their numbers, and for each shape of each where in the box the line ends."""

    source: int
    source_at: tuple[Size, ...]
    target: int
    target_at: tuple[Size, ...]


@dataclass(frozen=True, slots=True)
class FloorPlan:
    """Where each box stands, which of its shapes it has, and how large the whole is."""

    corners: tuple[Size, ...]
    shapes: tuple[int, ...]
    width: int
    depth: int
    cost: float


class Bar:
    """What a plan of the annealing must pass: as good as the last one, or as much worse as heat and chance allow.

    The dice are thrown once, and only when a plan is known to be worse; so a plan can be
    refused as soon as a part of its cost is too much.
    """

    def __init__(self, last: float, heat: float, chance: Random) -> None:
        self._last, self._heat, self._chance = last, heat, chance
        self._dice: float | None = None

    def refuses(self, cost: float) -> bool:
        """Whether a plan that costs this, or more, is not taken."""
        if cost <= self._last:
            return False
        if self._dice is None:
            self._dice = self._chance.random()
        return self._dice >= math.exp((self._last - cost) / self._heat)


def skyline(sizes: Sequence[Size], order: Sequence[int], gap: Size, limit: float) -> list[Size]:
    """A corner for each box, placed in ``order`` with ``gap`` between, not wider than ``limit`` where that can be.

    >>> skyline([(2, 2), (2, 1), (2, 1)], (0, 1, 2), (1, 1), 5)
    [(0, 0), (3, 0), (3, 2)]
    """
    beside, below = gap
    starts, levels = [0], [0]  # from each start to the next one ground is taken down to its level
    corners: list[Size] = [(0, 0)] * len(sizes)
    for item in order:
        width, depth = sizes[item]
        needed = width + beside
        first, best = 0, -1
        for number, x in enumerate(starts):
            if x + width > limit and x > 0:
                break
            y = levels[number]
            if 0 <= best <= y:
                continue
            end = x + needed
            for at in range(number + 1, len(starts)):
                if starts[at] >= end:
                    break
                if levels[at] > y:
                    y = levels[at]
                    if 0 <= best <= y:
                        break
            if best < 0 or y < best:
                first, best = number, y
        x = starts[first]
        corners[item] = (x, best)
        end = x + needed
        after = bisect_left(starts, end, first + 1)
        if after < len(starts) and starts[after] == end:
            starts[first:after] = (x,)
            levels[first:after] = (best + depth + below,)
        else:
            starts[first:after] = (x, end)
            levels[first:after] = (best + depth + below, levels[after - 1])
    return corners


def plan_floor(
    shapes: Sequence[Sequence[Size]],
    pulls: Sequence[Pull],
    gap: Size,
    measures: Measures,
    *,
    aspect: float = 1.0,
    seed: int = 7,
    effort: float = 1.0,
) -> FloorPlan:
    """The best plan found.

    ``aspect`` stretches the width a plan may have, ``effort`` is the share of the
    steps that are taken, ``seed`` that of the chance they follow.
    """
    count = len(shapes)
    random = Random(seed)

    lines = [(pull.source, pull.source_at, pull.target, pull.target_at) for pull in pulls]

    def plan_of(
        order: Sequence[int], chosen: Sequence[int], limit: float, refused: Callable[[float], bool]
    ) -> FloorPlan | None:
        """The plan of an order; nothing where what it takes of the screen is refused whatever its lines."""
        sizes = [own[shape] for own, shape in zip(shapes, chosen, strict=True)]
        corners = skyline(sizes, order, gap, limit)
        width = max([x + size[0] for (x, _), size in zip(corners, sizes, strict=True)])
        depth = max([y + size[1] for (_, y), size in zip(corners, sizes, strict=True)])
        screen = measures.fit(width / aspect, depth)
        if refused(screen):
            return None
        length = 0.0
        for source, source_at, target, target_at in lines:
            (ax, ay), (bx, by) = corners[source], corners[target]
            (ox, oy), (px, py) = source_at[chosen[source]], target_at[chosen[target]]
            across = bx + px - ax - ox
            length += abs(by + py - ay - oy) + (across if across > 0 else -BACKWARDS * across)
        return FloorPlan(tuple(corners), tuple(chosen), width, depth, screen + WIRE * length)

    chosen = [0] * count
    order = sorted(range(count), key=lambda box: (-shapes[box][0][1], -shapes[box][0][0], box))
    ground = sum((own[0][0] + gap[0]) * (own[0][1] + gap[1]) for own in shapes)
    widest = max(min(width for width, _ in own) for own in shapes)
    limit = max(math.sqrt(ground * (1.5 if measures.flat else 1.0) * aspect) * 1.1, widest)
    first = plan_of(order, chosen, limit, lambda _: False)
    assert first is not None
    now = best = first
    steps = int(min(MOST_STEPS, STEPS * count) * effort) if count > 1 else 0
    idle = 0
    for step in range(steps):
        if idle > max(LEAST_PATIENCE, steps * PATIENCE // 100):
            break
        idle += 1
        new_order, new_chosen, new_limit = list(order), list(chosen), limit
        dice = random.random()
        if dice < 0.4:
            one, other = random.sample(range(count), 2)
            new_order[one], new_order[other] = new_order[other], new_order[one]
        elif dice < 0.7:
            moved = new_order.pop(random.randrange(count))
            new_order.insert(random.randrange(count), moved)
        elif dice < 0.85:
            box = random.randrange(count)
            new_chosen[box] = random.randrange(len(shapes[box]))
        else:
            new_limit = max(limit * random.choice((0.8, 0.9, 0.95, 1.05, 1.1, 1.25)), widest)
        bar = Bar(now.cost, max(now.cost * HEAT * (1 - step / steps), 1e-9), random)
        found = plan_of(new_order, new_chosen, new_limit, bar.refuses)
        if found is not None and not bar.refuses(found.cost):
            order, chosen, limit, now = new_order, new_chosen, new_limit, found
            if now.cost < best.cost:
                best, idle = now, 0
    return best
