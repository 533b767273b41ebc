"""Phase: in which column does each node stand?

Before: lines without a cycle. After: a column for each node, every line leads
at least one column to the right, the sum of the lines' lengths is small, the
first column is 0.

Source: E. R. Gansner, E. Koutsofios, S. C. North, K.-P. Vo, "A technique for
drawing directed graphs", IEEE TSE 19 (1993): network simplex on the columns.
It may stop early, every step of it is a valid answer; the work is bounded.
"""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

from .kernels import loaded
from .records import Arc

#: Nodes touched by simplex steps before the answer is taken as it is.
WORK = 400_000


def rank(
    size: int, lines: Sequence[Arc], entries: frozenset[int] = frozenset(), work: int = WORK, variant: int = 0
) -> tuple[int, ...]:
    """A column for each node ``0 … size - 1`` of a connected graph without cycles.

    Entries that nothing leads to stand in the first column. ``work`` bounds the
    search for short lines. Other ``variant`` than 0 give other columns of nearly
    the same length: lines weigh a little more or less, by a fixed seed.

    >>> rank(4, ((0, 1), (1, 2), (0, 3), (3, 2)))
    (0, 1, 2, 1)
    >>> rank(4, ((0, 1), (1, 2), (3, 2)))
    (0, 1, 2, 1)
    >>> rank(4, ((0, 1), (1, 2), (3, 2)), frozenset({3}))
    (0, 1, 2, 0)
    """
    if size == 0:
        return ()
    fixed = _held_entries(size, lines, entries)
    column = _longest_path(size, lines)
    column = _pulled(size, lines, column, fixed)
    if size > 1 and work:
        column = _NetworkSimplex(size, lines, column, fixed, variant).run(work)
    if variant % 2 == 0:
        column = _balanced(size, lines, column, fixed)
    first = min(column)
    return tuple(place - first for place in column)


def _held_entries(size: int, lines: Sequence[Arc], entries: frozenset[int]) -> list[bool]:
    held = [node in entries for node in range(size)]
    for _, head in lines:
        held[head] = False
    return held


def _longest_path(size: int, lines: Sequence[Arc]) -> list[int]:
    """The leftmost column of each node."""
    heads: list[list[int]] = [[] for _ in range(size)]
    waiting = [0] * size
    for tail, head in lines:
        heads[tail].append(head)
        waiting[head] += 1
    column = [0] * size
    ready = [node for node in range(size) if not waiting[node]]
    for node in ready:
        for head in heads[node]:
            column[head] = max(column[head], column[node] + 1)
            waiting[head] -= 1
            if not waiting[head]:
                ready.append(head)
    return column


def _pulled(size: int, lines: Sequence[Arc], column: list[int], fixed: list[bool]) -> list[int]:
    """Single nodes towards the side with more lines, a few rounds: a good start for the simplex."""
    heads: list[list[int]] = [[] for _ in range(size)]
    tails: list[list[int]] = [[] for _ in range(size)]
    for tail, head in lines:
        heads[tail].append(head)
        tails[head].append(tail)
    for turn in range(6):
        moved = False
        for node in sorted(range(size), key=lambda node: column[node], reverse=turn % 2 == 0):
            if fixed[node]:
                continue
            pull = len(heads[node]) - len(tails[node])
            if pull > 0:
                place = min([column[head] for head in heads[node]]) - 1
            elif pull < 0 and tails[node]:
                place = max([column[tail] for tail in tails[node]]) + 1
            else:
                continue
            if place != column[node]:
                column[node] = place
                moved = True
        if not moved:
            break
    return column


def _balanced(size: int, lines: Sequence[Arc], column: list[int], fixed: list[bool]) -> list[int]:
    """Nodes that may move at no cost go to the least crowded column they can reach."""
    heads: list[list[int]] = [[] for _ in range(size)]
    tails: list[list[int]] = [[] for _ in range(size)]
    for tail, head in lines:
        heads[tail].append(head)
        tails[head].append(tail)
    crowd: dict[int, int] = {}
    for place in column:
        crowd[place] = crowd.get(place, 0) + 1
    for node in range(size):
        if fixed[node] or len(heads[node]) != len(tails[node]) or not heads[node]:
            continue
        low = max([column[tail] for tail in tails[node]]) + 1
        high = min([column[head] for head in heads[node]]) - 1
        best = min(range(low, high + 1), key=lambda place: (crowd.get(place, 0) - (place == column[node]), place))
        if crowd.get(best, 0) + 1 < crowd[column[node]]:
            crowd[column[node]] -= 1
            crowd[best] = crowd.get(best, 0) + 1
            column[node] = best
    return column


class _NetworkSimplex:
    """Columns of least total length, by exchanging edges of a tight spanning tree.

    A root node (the last index) stands left of the held entries and of every
    source, so that nothing is drawn left of an entry.
    """

    def __init__(self, size: int, lines: Sequence[Arc], column: list[int], fixed: list[bool], variant: int) -> None:
        self.column = list(column)
        self.tail = [tail for tail, _ in lines]
        self.head = [head for _, head in lines]
        self.least = [1] * len(lines)
        chance = Random(variant)
        self.weight = [chance.randint(4, 7) if variant else 1 for _ in lines]
        self.size = size
        self.real = size
        if any(fixed):
            root = size
            first = min(column)
            self.size += 1
            self.column.append(first)
            into = set(self.head)
            for node in range(size):
                if node not in into:
                    self.tail.append(root)
                    self.head.append(node)
                    self.least.append(0)
                    self.weight.append(8 * size if fixed[node] else 0)
                    if fixed[node]:
                        self.column[node] = first
        self.around: list[list[int]] = [[] for _ in range(self.size)]
        for edge, (tail, head) in enumerate(zip(self.tail, self.head, strict=True)):
            self.around[tail].append(edge)
            self.around[head].append(edge)
        self.in_tree = [False] * len(self.tail)
        self.tree: list[list[int]] = [[] for _ in range(self.size)]
        self.parent = [-1] * self.size  # the tree edge towards the root of the tree
        self.low = [0] * self.size
        self.lim = [0] * self.size
        self.visit = [0] * self.size  # postorder
        self.cut = [0] * len(self.tail)

    def run(self, work: int) -> list[int]:
        """Exchange edges until none improves or the work is used up."""
        if (kernels := loaded()) is not None:
            return kernels.simplex(self.column, self.tail, self.head, self.least, self.weight, work)[: self.real]
        work -= self._tight_tree()
        self._number(0)
        self._cut_values()
        start = 0
        edges = len(self.tail)
        while work > 0:
            leave = -1
            seen = 0
            for step in range(edges):  # the worst of the next few negative edges, going round
                edge = (start + step) % edges
                if self.in_tree[edge] and self.cut[edge] < 0:
                    if leave < 0 or self.cut[edge] < self.cut[leave]:
                        leave = edge
                    seen += 1
                    if seen >= 12:
                        break
            if leave < 0:
                break
            start = leave + 1
            work -= seen + self._exchange(leave)
        return self.column[: self.real]

    def _slack(self, edge: int) -> int:
        return self.column[self.head[edge]] - self.column[self.tail[edge]] - self.least[edge]

    def _tight_tree(self) -> int:
        """Grow a spanning tree of edges without slack, moving the tree where it must; returns the work done."""
        reached = [False] * self.size
        reached[0] = True
        members = [0]
        frontier = [0]
        loose: list[int] = []
        work = 0
        while True:
            while frontier:
                node = frontier.pop()
                for edge in self.around[node]:
                    other = self.head[edge] if self.tail[edge] == node else self.tail[edge]
                    if reached[other]:
                        continue
                    if self._slack(edge) == 0:
                        reached[other] = True
                        members.append(other)
                        frontier.append(other)
                        self.in_tree[edge] = True
                        self.tree[node].append(edge)
                        self.tree[other].append(edge)
                    else:
                        loose.append(edge)
            if len(members) == self.size:
                return work
            loose = [edge for edge in loose if not (reached[self.tail[edge]] and reached[self.head[edge]])]
            edge = min(loose, key=lambda edge: (self._slack(edge), edge))
            shift = self._slack(edge) if reached[self.tail[edge]] else -self._slack(edge)
            for node in members:
                self.column[node] += shift
            work += len(members) + len(loose)
            frontier = [self.tail[edge] if reached[self.tail[edge]] else self.head[edge]]

    def _number(self, top: int) -> int:
        """Postorder numbers below ``top``, so that a subtree is a range; returns how many nodes that are.

        The subtree of ``top`` holds the same nodes as before, so it keeps its range.
        """
        visit, parent = self.visit, self.parent
        low, lim, tree, tails, heads = self.low, self.lim, self.tree, self.tail, self.head
        clock = low[top]
        walk = [top]
        while walk:
            node = walk.pop()
            if node < 0:
                lim[~node] = clock
                visit[clock] = ~node
                clock += 1
                continue
            low[node] = clock
            walk.append(~node)
            above = parent[node]
            for edge in tree[node]:
                if edge != above:
                    other = heads[edge] if tails[edge] == node else tails[edge]
                    parent[other] = edge
                    walk.append(other)
        return clock - low[top]

    def _cut_values(self) -> None:
        for node in self.visit:
            edge = self.parent[node]
            if edge < 0:
                continue
            outwards = self.tail[edge] == node  # the edge leads from the subtree to the rest
            total = self.weight[edge]
            for other in self.around[node]:
                if other == edge:
                    continue
                same = (self.tail[other] == node) == outwards
                if self.in_tree[other]:
                    total += (self.weight[other] - self.cut[other]) if same else (self.cut[other] - self.weight[other])
                else:
                    total += self.weight[other] if same else -self.weight[other]
            self.cut[edge] = total

    def _exchange(self, leave: int) -> int:
        tail, head = self.tail[leave], self.head[leave]
        below = tail if self.lim[tail] < self.lim[head] else head
        low, lim = self.low[below], self.lim[below]
        inside = self.visit[low : lim + 1]
        rightwards = below == head  # the subtree moves right: the edge to enter leads out of it
        enter, least = -1, 0
        for node in inside:
            for edge in self.around[node]:
                if self.in_tree[edge]:
                    continue
                other = self.head[edge] if rightwards else self.tail[edge]
                if other == node or low <= self.lim[other] <= lim:
                    continue
                slack = self._slack(edge)
                if enter < 0 or slack < least:
                    enter, least = edge, slack
        if enter < 0:  # cannot happen in a connected graph with a negative cut; stay valid
            self.cut[leave] = 0
            return len(inside)
        if least:
            shift = least if rightwards else -least
            for node in inside:
                self.column[node] += shift
        gain = self.cut[leave]
        meeting = self._carry(self.tail[enter], self.head[enter], gain, True)
        self._carry(self.head[enter], self.tail[enter], gain, False)
        self.cut[enter] = -gain
        self.cut[leave] = 0
        self.in_tree[leave], self.in_tree[enter] = False, True
        for node in (tail, head):
            self.tree[node].remove(leave)
        for node in (self.tail[enter], self.head[enter]):
            self.tree[node].append(enter)
        return len(inside) + self._number(meeting)

    def _carry(self, node: int, other: int, gain: int, direction: bool) -> int:
        """Add the exchanged cut value along the tree path up to the meeting point."""
        while not self.low[node] <= self.lim[other] <= self.lim[node]:
            edge = self.parent[node]
            along = direction if self.tail[edge] == node else not direction
            self.cut[edge] += gain if along else -gain
            node = self.head[edge] if self.tail[edge] == node else self.tail[edge]
        return node
