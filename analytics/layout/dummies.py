"""Phase: lines that pass columns get a dummy in each of them.

Before: columns in which every line leads to the right. After: every segment
leads from one column to the next. The undo is :func:`chain points <Layered>`:
each line's chain lists its vertices from left to right.

The number of dummies can grow with the square of the graph. Where it would pass
``most``, the longest lines get none and become bypasses, which run beside
everything in lanes of their own.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from .records import Arc, Bundle, Layered


def insert_dummies(
    columns: Sequence[int],
    lines: Sequence[Arc],
    most: int | None = None,
    pins: int = 0,
    bundles: Sequence[Bundle | None] = (),
) -> Layered:
    """The layered graph of ``lines`` over nodes that stand in ``columns``; the last ``pins`` of them are pins.

    ``bundles`` says for each line in which trunk it runs: those of one trunk that
    share an end share a dummy in each column, so a trunk is a tree.

    ``most`` is the largest number of dummies (default: 20,000 and six for each
    node and line, so that the work stays in proportion to what there is).

    >>> insert_dummies((0, 1, 2), ((0, 1), (0, 2), (1, 2))).chains
    ((0, 1), (0, 3, 2), (1, 2))
    >>> insert_dummies((0, 1, 2), ((0, 1), (0, 2), (1, 2)), most=0).bypasses
    (1,)
    """
    if most is None:
        most = 20_000 + 6 * (len(columns) + len(lines))
    lengths = [columns[head] - columns[tail] for tail, head in lines]
    left = sum(length - 1 for length in lengths)
    bypasses = set()
    for line in sorted(range(len(lines)), key=lambda line: (-lengths[line], line)):
        if left <= most or pins:  # where there are pins everything has to find its way between them
            break
        left -= lengths[line] - 1
        bypasses.add(line)

    column = list(columns)
    before: list[list[int]] = [[] for _ in columns]
    after: list[list[int]] = [[] for _ in columns]
    chains: list[tuple[int, ...]] = []
    shared: dict[tuple[Bundle, int], int] = {}
    joined: set[Arc] = set()
    for line, (tail, head) in enumerate(lines):
        if line in bypasses:
            chains.append((tail, head))
            continue
        first = len(column)
        passed = range(columns[tail] + 1, columns[head])
        bundle = bundles[line] if bundles else None
        if bundle is None:
            column.extend(passed)
            chain = (tail, *range(first, first + len(passed)), head)
        else:
            chain = (tail, *[shared.setdefault((bundle, spot), first + step) for step, spot in enumerate(passed)], head)
            # What is new are the first or the last columns, nearest to the line's own end.
            fresh = sorted({vertex for vertex in chain[1:-1] if vertex >= first})
            renamed = {vertex: first + number for number, vertex in enumerate(fresh)}
            chain = tuple(renamed.get(vertex, vertex) for vertex in chain)
            for vertex, spot in zip(chain[1:-1], passed, strict=True):
                shared[bundle, spot] = vertex
                if vertex >= first:
                    column.append(spot)
        before.extend([] for _ in range(len(column) - first))
        after.extend([] for _ in range(len(column) - first))
        for left_end, right_end in pairwise(chain):
            if bundle is not None:
                if (left_end, right_end) in joined:
                    continue
                joined.add((left_end, right_end))
            after[left_end].append(right_end)
            before[right_end].append(left_end)
        chains.append(chain)
    return Layered(
        len(columns) - pins,
        tuple(column),
        tuple(map(tuple, before)),
        tuple(map(tuple, after)),
        tuple(chains),
        tuple(sorted(bypasses)),
        tuple(range(len(columns) - pins, len(columns))),
    )
