"""Phase: at which ``y`` does each vertex stand?

Before: ordered columns. After: a ``y`` for each vertex that keeps the order and
the distances (tile to tile, tile to lane, lane to lane); long lines run straight.

Source: U. Brandes, B. Köpf, "Fast and simple horizontal coordinate assignment",
Graph Drawing 2001: four alignments, each compacted, then the mean of the two
middle values. Compaction is a longest path over the blocks in both directions,
which needs no classes and so avoids the flaw the authors corrected in 2020. Ports that
are fixed shift the vertices of a block against each other: U. Rüegg et al., "Size-
and port-aware horizontal node coordinate assignment", Graph Drawing 2015.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise

from .records import PLAIN, Arc, Layered, Measures, Order
from .tight import tightened

NO_PORTS: Mapping[Arc, int] = {}
NOBODY: frozenset[int] = frozenset()


def distance(
    left: int, right: int, depths: Sequence[int], measures: Measures = PLAIN, written: frozenset[int] = NOBODY
) -> int:
    """The least distance between the middles of two neighbours in a column; a lane has no depth but for words on it.

    >>> distance(0, 1, (1_000_000, 1_000_000)), distance(0, 2, (1_000_000, 1_000_000)), distance(2, 3, (1_000_000,))
    (1400000, 700000, 120000)
    """
    real = len(depths)
    if left < real and right < real:
        return (depths[left] + depths[right]) // 2 + measures.gap
    said = (left in written) + (right in written)
    if left >= real and right >= real:
        return (measures.lane, measures.beside, measures.word)[said]
    depth = depths[left] if left < real else depths[right]
    return depth // 2 + (max(measures.clear, measures.beside) if said else measures.clear)


def place_lines(
    graph: Layered,
    order: Order,
    depths: Sequence[int],
    ports: Mapping[Arc, int] = NO_PORTS,
    measures: Measures = PLAIN,
    written: frozenset[int] = NOBODY,
) -> tuple[int, ...]:
    """The ``y`` of each vertex's middle, in millionths of a tile; the topmost border is 0.

    ``depths`` are the extents of the real nodes along ``y``. ``ports`` say how far
    from the middle of a vertex (the first of a key) the line to a neighbour (the
    second) is fixed; where nothing is said, lines run straight from middle to middle.
    Dummies that are ``written`` on take the room of words. On the ground of a
    projection the result is no deeper than the deepest column has to be.

    >>> graph = Layered(2, (0, 1), ((), (0,)), ((1,), ()), ((0, 1),))
    >>> place_lines(graph, ((0,), (1,)), (3_000_000, 1_000_000))
    (1500000, 1500000)
    >>> place_lines(graph, ((0,), (1,)), (3_000_000, 1_000_000), {(0, 1): 900_000})
    (1500000, 2400000)
    """
    if not order:
        return ()
    place = [0] * len(graph.column)
    for layer in order:
        for index, vertex in enumerate(layer):
            place[vertex] = index
    marked = _conflicts(graph, order, place)
    apart = [[distance(a, b, depths, measures, written) for a, b in pairwise(layer)] for layer in order]
    runs = [
        _compacted(order, apart, *_aligned(graph, order, place, marked, ports, rightwards, downwards), downwards)
        for rightwards in (True, False)
        for downwards in (True, False)
    ]
    lows = [min(run) for run in runs]
    highs = [max(run) for run in runs]
    narrow = min(range(4), key=lambda run: (highs[run] - lows[run], run))
    for number, run in enumerate(runs):
        shift = lows[narrow] - lows[number] if number % 2 == 0 else highs[narrow] - highs[number]
        if shift:
            run[:] = [y + shift for y in run]
    middle = [(four[1] + four[2]) // 2 for four in map(sorted, zip(*runs, strict=True))]
    # Between large blocks with fixed ports the middle of four ways to stand is often deeper than one of them.
    narrow_ones = [middle, *runs] if ports or measures is not PLAIN else [middle]
    chosen = min(narrow_ones, key=lambda run: _extent(run, depths)[1])
    top, extent = _extent(chosen, depths)
    if measures is not PLAIN:
        chosen = tightened(graph, order, depths, apart, [y - top for y in chosen], extent, ports)
        top, _ = _extent(chosen, depths)
    return tuple([y - top for y in chosen])


def _extent(middles: Sequence[int], depths: Sequence[int]) -> tuple[int, int]:
    """The topmost border, and the distance from there to the lowest one."""
    lanes = middles[len(depths) :]
    top = min([y - depth // 2 for y, depth in zip(middles, depths, strict=False)] + [*lanes])
    bottom = max([y + depth // 2 for y, depth in zip(middles, depths, strict=False)] + [*lanes])
    return top, bottom - top


def _conflicts(graph: Layered, order: Order, place: Sequence[int]) -> set[tuple[int, int]]:
    """Segments that must not be straight because a long line's inner segment crosses them."""
    marked: set[tuple[int, int]] = set()
    real = graph.real
    for left, right in pairwise(order):
        inner = [
            (place[vertex], place[graph.after[vertex][0]], vertex)
            for vertex in left
            if vertex >= real and graph.after[vertex][0] >= real
        ]
        if not inner:
            continue
        kept: list[tuple[int, int]] = []
        highest = -1
        for start, end, vertex in inner:  # of two inner segments that cross, the first one stays straight
            if end > highest:
                kept.append((start, end))
                highest = end
            else:
                marked.add((vertex, right[end]))
        ahead = 0
        passed_end = -1
        for vertex in left:
            spot = place[vertex]
            while ahead < len(kept) and kept[ahead][0] < spot:
                passed_end = kept[ahead][1]
                ahead += 1
            here = kept[ahead][0] == spot if ahead < len(kept) else False
            following = kept[ahead][1] if ahead < len(kept) else len(right)
            for other in graph.after[vertex]:
                end = place[other]
                if here and end == following:
                    continue
                if end < passed_end or end > following:
                    marked.add((vertex, other))
    return marked


def _aligned(
    graph: Layered,
    order: Order,
    place: Sequence[int],
    marked: set[tuple[int, int]],
    ports: Mapping[Arc, int],
    rightwards: bool,
    downwards: bool,
) -> tuple[list[int], list[int]]:
    """The first vertex of the straight block each vertex belongs to, and how far below that one's middle it stands."""
    root = list(range(len(graph.column)))
    shift = [0] * len(root)
    near = graph.before if rightwards else graph.after
    columns = order[1:] if rightwards else order[-2::-1]
    taken = bytearray(len(root))
    for layer in columns:
        limit = -1 if downwards else len(root)
        for vertex in layer if downwards else reversed(layer):
            beside = near[vertex]
            count = len(beside)
            if not count:
                continue
            if count == 1:
                candidates: Sequence[int] = beside
            else:
                ordered = sorted(beside, key=place.__getitem__)
                middle = count // 2
                if count % 2:
                    candidates = (ordered[middle],)
                elif downwards:
                    candidates = (ordered[middle - 1], ordered[middle])
                else:
                    candidates = (ordered[middle], ordered[middle - 1])
            for other in candidates:
                spot = place[other]
                if taken[other] or (spot <= limit if downwards else spot >= limit):
                    continue
                if marked and ((other, vertex) if rightwards else (vertex, other)) in marked:
                    continue
                root[vertex] = root[other]
                if ports:
                    shift[vertex] = shift[other] + ports.get((other, vertex), 0) - ports.get((vertex, other), 0)
                taken[other] = 1
                limit = spot
                break
    return root, shift


def _compacted(
    order: Order, distances: Sequence[Sequence[int]], root: Sequence[int], shift: Sequence[int], downwards: bool
) -> list[int]:
    """Every block as close to one side as it can stand, then each block as close to its follower as it can."""
    followers: dict[int, dict[int, int]] = {}
    waiting = [0] * len(root)
    for layer, gaps in zip(order, distances, strict=True):
        for (left, right), apart in zip(pairwise(layer), gaps, strict=True):
            apart += shift[left] - shift[right]
            a, b = (root[left], root[right]) if downwards else (root[right], root[left])
            beyond = followers.setdefault(a, {})
            if b not in beyond:
                beyond[b] = apart
                waiting[b] += 1
            elif apart > beyond[b]:
                beyond[b] = apart
    sign = 1 if downwards else -1
    y = [0] * len(root)
    for vertex, block in enumerate(root):  # no middle above the first one
        y[block] = max(y[block], -sign * shift[vertex])
    ready = [vertex for vertex in range(len(root)) if root[vertex] == vertex and not waiting[vertex]]
    for block in ready:
        here = y[block]
        for other, apart in followers.get(block, {}).items():
            if here + apart > y[other]:
                y[other] = here + apart
            waiting[other] -= 1
            if not waiting[other]:
                ready.append(other)
    for block in reversed(ready):
        beyond = followers.get(block, {})
        if beyond:
            y[block] = max(y[block], min([y[other] - apart for other, apart in beyond.items()]))
    return [sign * y[block] + below for block, below in zip(root, shift, strict=True)]
