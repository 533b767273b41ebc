"""Phase: how far from the front does each node stand, where a picture is full of cycles?

Before: weighted arcs. After: a level for each node, one above the weighted mean
of those that lead to it as far as all wishes can be met at once; then columns
of about one level each. Longest paths would give a graph of cycles a column for
every node.

Source: R. MacKay, S. Johnson, B. Sansom, "How directed is a directed network?",
Royal Society Open Science 7, 2020.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence


def trophic_levels(size: int, weights: Mapping[tuple[int, int], float]) -> list[float]:
    """The level of each node ``0 … size - 1``, 0 the lowest of each connected part.

    >>> [round(level, 3) for level in trophic_levels(3, {(0, 1): 1, (1, 2): 1, (0, 2): 1})]
    [0.0, 0.667, 1.333]
    """
    matrix = [[0.0] * size for _ in range(size)]
    wanted = [0.0] * size
    parent = list(range(size))

    def root(node: int) -> int:
        while parent[node] != node:
            parent[node] = parent[parent[node]]
            node = parent[node]
        return node

    for (tail, head), weight in sorted(weights.items()):
        if tail == head:
            continue
        matrix[tail][tail] += weight
        matrix[head][head] += weight
        matrix[tail][head] -= weight
        matrix[head][tail] -= weight
        wanted[head] += weight
        wanted[tail] -= weight
        parent[max(root(tail), root(head))] = min(root(tail), root(head))
    for node in range(size):
        if root(node) == node:  # one level of each part is free: it is held
            matrix[node] = [0.0] * size
            matrix[node][node], wanted[node] = 1.0, 0.0
    levels = _solved(matrix, wanted)
    lowest: dict[int, float] = {}
    for node, level in enumerate(levels):
        lowest[root(node)] = min(level, lowest.get(root(node), level))
    return [level - lowest[root(node)] for node, level in enumerate(levels)]


def _solved(matrix: list[list[float]], wanted: list[float]) -> list[float]:
    """The solution of linear equations by elimination with the largest pivot; both are used up."""
    size = len(wanted)
    for step in range(size):
        pivot = max(range(step, size), key=lambda row: (abs(matrix[row][step]), -row))
        matrix[step], matrix[pivot] = matrix[pivot], matrix[step]
        wanted[step], wanted[pivot] = wanted[pivot], wanted[step]
        own = matrix[step]
        for row in range(step + 1, size):
            factor = matrix[row][step] / own[step]
            if factor:
                matrix[row] = [value - factor * mine for value, mine in zip(matrix[row], own, strict=True)]
                wanted[row] -= factor * wanted[step]
    for step in reversed(range(size)):
        own = matrix[step]
        rest = sum(own[column] * wanted[column] for column in range(step + 1, size))
        wanted[step] = (wanted[step] - rest) / own[step]
    return wanted


def cut(levels: Sequence[float], columns: int, most: int) -> list[int]:
    """Where sorted ``levels`` are cut into ``columns`` of at most ``most``: the number in each, least squares.

    Fewer columns come out where there are fewer levels than columns; more than ``columns * most`` do not fit.

    >>> cut([0, 0.1, 1, 1.1, 2], 3, 2)
    [2, 2, 1]
    """
    count = len(levels)
    columns = min(columns, count)
    sums, squares = [0.0], [0.0]
    for level in levels:
        sums.append(sums[-1] + level)
        squares.append(squares[-1] + level * level)

    def spread(start: int, end: int) -> float:
        total = sums[end] - sums[start]
        return squares[end] - squares[start] - total * total / (end - start)

    best: list[dict[int, tuple[float, int]]] = [{0: (0.0, 0)}]
    for _ in range(columns):
        row: dict[int, tuple[float, int]] = {}
        for start, (cost, _) in best[-1].items():
            for end in range(start + 1, min(start + most, count) + 1):
                found = cost + spread(start, end)
                if end not in row or found < row[end][0] - 1e-12:
                    row[end] = (found, start)
        best.append(row)
    sizes = []
    end = count
    for row in reversed(best[1:]):
        start = row[end][1]
        sizes.append(end - start)
        end = start
    return sizes[::-1]
