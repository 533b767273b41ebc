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
from collections.abc import Sequence
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


def skyline(sizes: Sequence[Size], order: Sequence[int], gap: Size, limit: float) -> list[Size]:
    """A corner for each box, placed in ``order`` with ``gap`` between, not wider than ``limit`` where that can be.

    >>> skyline([(2, 2), (2, 1), (2, 1)], (0, 1, 2), (1, 1), 5)
    [(0, 0), (3, 0), (3, 2)]
    """
    beside, below = gap
    line: list[tuple[int, int, float]] = [(0, 0, math.inf)]  # x, the y down to which ground is taken, width
    corners: list[Size] = [(0, 0)] * len(sizes)
    for item in order:
        width, depth = sizes[item]
        best: Size | None = None
        for number, (x, _, _) in enumerate(line):
            if x + width > limit and x > 0:
                break
            y, room, at = 0, float(width + beside), number
            while room > 0 and at < len(line):
                y = max(y, line[at][1])
                room -= line[at][2]
                at += 1
            if best is None or (y, x) < best:
                best = y, x
        assert best is not None
        y, x = best
        corners[item] = (x, y)
        end = x + width + beside
        following: list[tuple[int, int, float]] = []
        for start, level, span in line:
            if start + span <= x or start >= end:
                following.append((start, level, span))
                continue
            if start < x:
                following.append((start, level, x - start))
            if start + span > end:
                following.append((end, level, start + span - end))
        following.append((x, y + depth + below, width + beside))
        following.sort()
        line = following
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

    def cost_of(order: Sequence[int], chosen: Sequence[int], limit: float) -> FloorPlan:
        sizes = [own[shape] for own, shape in zip(shapes, chosen, strict=True)]
        corners = skyline(sizes, order, gap, limit)
        width = max(x + size[0] for (x, _), size in zip(corners, sizes, strict=True))
        depth = max(y + size[1] for (_, y), size in zip(corners, sizes, strict=True))
        length = 0.0
        for pull in pulls:
            (ax, ay), (bx, by) = corners[pull.source], corners[pull.target]
            (ox, oy), (px, py) = pull.source_at[chosen[pull.source]], pull.target_at[chosen[pull.target]]
            across = bx + px - ax - ox
            length += abs(by + py - ay - oy) + (across if across > 0 else -BACKWARDS * across)
        return FloorPlan(
            tuple(corners), tuple(chosen), width, depth, measures.fit(width / aspect, depth) + WIRE * length
        )

    chosen = [0] * count
    order = sorted(range(count), key=lambda box: (-shapes[box][0][1], -shapes[box][0][0], box))
    ground = sum((own[0][0] + gap[0]) * (own[0][1] + gap[1]) for own in shapes)
    widest = max(min(width for width, _ in own) for own in shapes)
    limit = max(math.sqrt(ground * (1.5 if measures.flat else 1.0) * aspect) * 1.1, widest)
    now = best = cost_of(order, chosen, limit)
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
        found = cost_of(new_order, new_chosen, new_limit)
        heat = now.cost * HEAT * (1 - step / steps)
        if found.cost <= now.cost or random.random() < math.exp((now.cost - found.cost) / max(heat, 1e-9)):
            order, chosen, limit, now = new_order, new_chosen, new_limit, found
            if now.cost < best.cost:
                best, idle = now, 0
    return best
