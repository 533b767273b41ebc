"""Step of the ordering: insertion by a table of differences that follows every move.

For any two vertices of a column the table holds what their order costs:
crossings with the one before the other, less those the other way round. When
two vertices of a neighbouring column swap, only the entries of their
neighbours change, by two. So a move costs little, only vertices whose entries
changed need another look, and thousands of disturbances can be tried.

Source: the crossing matrix of M. Jünger, P. Mutzel (JGAA 1, 1997), kept up to
date for all columns at once; iterated local search after H. Lourenço et al. 2003.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from itertools import accumulate

from ..records import Layered

Move = tuple[int, int]
"""A vertex, and where it stood."""


class Board:
    """An order of all columns that can be improved move by move.

    ``spent`` counts the table entries read and written, ``gained`` the crossings removed.
    """

    __slots__ = (
        "_after",
        "_at",
        "_before",
        "_column",
        "_dirty",
        "_held",
        "_local",
        "_names",
        "_rows",
        "_sequence",
        "gained",
        "spent",
    )

    def __init__(self, graph: Layered, layers: Sequence[Sequence[int]]) -> None:
        self._before = graph.before
        self._after = graph.after
        self._column = graph.column
        self._names = [list(layer) for layer in layers]
        self._sequence = [list(range(len(layer))) for layer in layers]
        count = len(graph.column)
        self._local = [0] * count
        for layer in layers:
            for index, vertex in enumerate(layer):
                self._local[vertex] = index
        self._at = list(self._local)
        self._rows: list[list[int]] = [[]] * count
        self._dirty = bytearray(count)
        self._held = bytearray(count)
        for vertex in graph.pins:
            self._held[vertex] = 1
        self.spent = self.gained = 0
        for index, layer in enumerate(layers):
            self._fill(index, layer, layers)

    def _fill(self, index: int, layer: Sequence[int], layers: Sequence[Sequence[int]]) -> None:
        """The rows of one column, from the places of its neighbours."""
        place = self._local
        left = len(layers[index - 1]) if index else 0
        right = len(layers[index + 1]) if index + 1 < len(layers) else 0
        spots = [([place[v] for v in self._before[u]], [left + place[v] for v in self._after[u]]) for u in layer]
        flat = [(*a, *b) for a, b in spots]
        for vertex, ends in zip(layer, spots, strict=True):
            self._rows[vertex] = difference_row(difference_table(ends, left, right), flat)
        self.spent += len(layer) * len(layer)

    def layers(self) -> list[list[int]]:
        """The vertices of each column in their present order."""
        return [[names[item] for item in sequence] for names, sequence in zip(self._names, self._sequence, strict=True)]

    def _move(self, vertex: int, to: int, touched: deque[int] | None = None) -> None:
        """Put ``vertex`` at position ``to`` of its column; those whose entries change are appended to ``touched``."""
        column = self._column[vertex]
        sequence, names, at = self._sequence[column], self._names[column], self._at
        start = at[vertex]
        if to > start:
            passed = sequence[start + 1 : to + 1]
            sequence[start:to] = passed
            for item in passed:
                at[names[item]] -= 1
            change = 2
        else:
            passed = sequence[to:start]
            sequence[to + 1 : start + 1] = passed
            for item in passed:
                at[names[item]] += 1
            change = -2
        sequence[to] = self._local[vertex]
        at[vertex] = to
        rows, local, dirty = self._rows, self._local, self._dirty
        for near in (self._before, self._after):
            mine = near[vertex]
            if not mine:
                continue
            looked = len(passed)
            for item in passed:
                ends = near[names[item]]
                looked += len(ends)
                for other in ends:
                    row = rows[other]
                    spot = local[other]
                    for own in mine:
                        if own != other:
                            rows[own][spot] += change
                            row[local[own]] -= change
                    if touched is not None and not dirty[other]:
                        dirty[other] = 1
                        touched.append(other)
            if touched is not None:
                for own in mine:
                    if not dirty[own]:
                        dirty[own] = 1
                        touched.append(own)
            self.spent += looked * len(mine)

    def settle(self, vertices: Sequence[int], wander: bool) -> None:
        """Move ``vertices``, and all that are touched by it, to their best positions until none improves.

        With ``wander`` each of the given vertices also takes a different position of equal cost.
        """
        self._settle(deque(vertices), wander=wander)

    def attempt(self, vertices: Sequence[int], height: float, reach: int) -> int:
        """Put ``vertices`` at ``height`` of their columns (0 up to 1), repair what that touches; crossings removed.

        If that is fewer than none everything is taken back. No vertex that is touched looks further than
        ``reach`` positions.
        """
        before, added = self.gained, 0
        log: list[Move] = []
        touched: deque[int] = deque()
        for vertex in vertices:
            here, to = self._at[vertex], int(height * len(self._sequence[self._column[vertex]]))
            if here != to:
                added += self._cost_of_move(vertex, to)
                log.append((vertex, here))
                self._move(vertex, to, touched)
        self._settle(touched, log=log, reach=reach)
        change = self.gained - before - added
        if change < 0:
            for vertex, start in reversed(log):
                self._move(vertex, start)
        return change

    def _settle(
        self, queue: deque[int], *, wander: bool = False, log: list[Move] | None = None, reach: int = 1 << 30
    ) -> None:
        dirty, column, sequences, rows, at = self._dirty, self._column, self._sequence, self._rows, self._at
        held = self._held
        for vertex in queue:
            dirty[vertex] = 1
        ties = len(queue) if wander else 0
        while queue:
            vertex = queue.popleft()
            dirty[vertex] = 0
            sequence = sequences[column[vertex]]
            row = rows[vertex]
            here = at[vertex]
            low = here - reach if here > reach else 0
            costs = [row[item] for item in sequence[low : here + reach + 1]]
            at_home = here - low
            self.spent += len(costs) + 10
            # Moving towards the front adds the entries passed, moving towards the end subtracts them.
            best, to = 1, here
            if held[vertex]:
                continue
            if at_home:
                upward = list(accumulate(costs[at_home - 1 :: -1]))
                best = min(upward)
                to = here - 1 - upward.index(best) if best <= 0 else here
            if at_home + 1 < len(costs):
                downward = list(accumulate(costs[at_home + 1 :]))
                most = max(downward)
                if -most < best or (best > 0 and most == 0):
                    best = -most
                    to = here + 1 + downward.index(most)
            if best < 0 or (best == 0 and ties > 0):
                self.gained -= best
                if log is not None:
                    log.append((vertex, here))
                self._move(vertex, to, queue)
            ties -= 1

    def _cost_of_move(self, vertex: int, to: int) -> int:
        """Crossings added by putting ``vertex`` at position ``to``."""
        sequence = self._sequence[self._column[vertex]]
        row, here = self._rows[vertex], self._at[vertex]
        if to < here:
            return sum([row[item] for item in sequence[to:here]])
        return -sum([row[item] for item in sequence[here + 1 : to + 1]])


def difference_table(ends: tuple[Sequence[int], Sequence[int]], left: int, right: int) -> list[int]:
    """For each place beside the column: what a line to it costs after a vertex with these ``ends``, less before it.

    The places of the column to the left come first (``left`` of them), then those to the right.

    >>> difference_table(([1], [3, 4]), 3, 2)
    [1, 0, -1, 1, -1]
    """
    table: list[int] = []
    base = 0
    for spots, width in zip(ends, (left, right), strict=True):
        level = len(spots)
        reached = base
        for spot in sorted(spots) if level > 1 else spots:
            if spot < reached:  # a second line to the same place
                table[-1] -= 1
            else:
                if spot > reached:
                    table += [level] * (spot - reached)
                table.append(level - 1)
                reached = spot + 1
            level -= 2
        base += width
        if base > reached:
            table += [level] * (base - reached)
    return table


def difference_row(table: Sequence[int], ends: Sequence[tuple[int, ...]]) -> list[int]:
    """The sum of the table over the ends of each other vertex.

    >>> difference_row([1, 0, -1], [(0,), (0, 2), ()])
    [1, 0, 0]
    """
    return [
        table[spots[0]] + table[spots[1]]
        if len(spots) == 2
        else table[spots[0]]
        if len(spots) == 1
        else sum([table[spot] for spot in spots])
        for spots in ends
    ]
