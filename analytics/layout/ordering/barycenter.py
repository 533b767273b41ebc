"""Step of the ordering: columns follow the mean or the median of their neighbours.

Source: K. Sugiyama, S. Tagawa, M. Toda, IEEE SMC 11 (1981) for the mean; P. Eades,
N. Wormald, Algorithmica 11 (1994) for the median, weighted as in Gansner et al. 1993.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

Key = Callable[[Sequence[int], Sequence[int]], float]


def mean(near: Sequence[int], place: Sequence[int]) -> float:
    """The mean place of ``near``.

    >>> mean([0, 1], [4, 7])
    5.5
    """
    if len(near) == 1:
        return place[near[0]]
    return sum([place[vertex] for vertex in near]) / len(near)


def median(near: Sequence[int], place: Sequence[int]) -> float:
    """The median place of ``near``; between two middle ones it leans to the side that is closer together.

    >>> median([0, 1, 2, 3], [0, 1, 3, 9])
    1.2857142857142858
    """
    count = len(near)
    if count == 1:
        return place[near[0]]
    spots = sorted([place[vertex] for vertex in near])
    middle = count // 2
    if count % 2:
        return spots[middle]
    if count == 2:
        return (spots[0] + spots[1]) / 2
    left = spots[middle - 1] - spots[0]
    right = spots[-1] - spots[middle]
    if left + right == 0:
        return (spots[middle - 1] + spots[middle]) / 2
    return (spots[middle - 1] * right + spots[middle] * left) / (left + right)


def sort_layer(layer: list[int], near: Sequence[Sequence[int]], place: list[int], key: Key, flip: bool) -> None:
    """Sort one column in place by its neighbours; vertices without neighbours keep their position.

    Equal keys keep their order, or swap it when ``flip`` is set: alternating
    between the two lets the order wander over ties.
    """
    movable = [vertex for vertex in layer if near[vertex]]
    if flip:
        movable.reverse()
    keys = {vertex: key(near[vertex], place) for vertex in movable}
    movable.sort(key=keys.__getitem__)
    if len(movable) == len(layer):
        layer[:] = movable
    else:
        following = iter(movable)
        layer[:] = [next(following) if near[vertex] else vertex for vertex in layer]
    for index, vertex in enumerate(layer):
        place[vertex] = index
