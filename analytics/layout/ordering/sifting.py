"""Step of the ordering where a table is too large, or not yet worth its making: insertion within reach.

While one column is worked on its neighbours stand still, so what two of its
vertices cost in either order is fixed; each vertex looks some positions up and
down for its best place.

Source: sifting, C. Matuszewski, R. Schönfeld, P. Molitor, "Using sifting for
k-layer straightline crossing minimization", Graph Drawing 1999, with a window.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate

from ..kernels import loaded
from .crossing_matrix import difference_row, difference_table


def improve_within_reach(
    layers: Sequence[list[int]],
    before: Sequence[Sequence[int]],
    after: Sequence[Sequence[int]],
    wander: bool,
    reach: int,
    held: frozenset[int] = frozenset(),
) -> tuple[int, int]:
    """Move every vertex to its best position nearby, column by column; returns crossings removed and entries looked at.

    With ``wander`` a vertex also takes a different position of equal cost. ``held`` vertices stay.

    >>> layers = [[0, 1], [2, 3]]
    >>> improve_within_reach(layers, [[], [], [1], [0]], [[3], [2], [], []], False, 9), layers
    ((1, 12), [[1, 0], [2, 3]])
    """
    if (kernels := loaded()) is not None:
        return kernels.improve_within_reach(layers, before, after, wander, reach, tuple(held))
    place = [0] * len(before)
    for layer in layers:
        for index, vertex in enumerate(layer):
            place[vertex] = index
    removed = looked = 0
    for index, layer in enumerate(layers):
        if len(layer) < 2:
            continue
        left = len(layers[index - 1]) if index else 0
        right = len(layers[index + 1]) if index + 1 < len(layers) else 0
        ends = {v: ([place[u] for u in before[v]], [left + place[w] for w in after[v]]) for v in layer}
        flat = [(*ends[v][0], *ends[v][1]) for v in layer]  # follows every move
        for vertex in list(layer):
            if vertex in held:
                continue
            here = place[vertex]
            low = max(0, here - reach)
            near = flat[low : here + reach + 1]
            looked += len(near)
            row = difference_row(difference_table(ends[vertex], left, right), near)
            upward = list(accumulate(row[here - low - 1 :: -1])) if here > low else []
            downward = list(accumulate(row[here - low + 1 :]))
            best_up, best_down = min(upward, default=1), -max(downward, default=-1)
            best = min(best_up, best_down)
            if best > 0 or (best == 0 and not wander):
                continue
            removed -= best
            to = here - 1 - upward.index(best) if best_up == best else here + 1 + downward.index(-best)
            layer.insert(to, layer.pop(here))
            flat.insert(to, flat.pop(here))
            for position in range(min(here, to), max(here, to) + 1):
                place[layer[position]] = position
    return removed, looked + sum(map(len, layers))
