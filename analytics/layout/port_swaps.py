"""Step of the ports' phase: neighbouring ports of a side change places where that saves crossings in their gap.

Ports stand in the order of the other ends, which is best for single lines. A
trunk has many other ends and one port: where it goes is a matter of what the
bars beside it cross.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Mapping, Sequence
from itertools import pairwise

from .ports import Given, Wire
from .records import Bundle, Layered
from .tracks import Bar, preference

#: Rounds over all sides.
ROUNDS = 3
#: In gaps with more bars nothing is swapped.
MOST_BARS = 250
#: Ends of wires, and pairs of bars, that may be looked at in a gap, and in all gaps of a part.
STEPS, ALL_STEPS = 250_000, 300_000


class _Gap:
    """The bars of one gap by their owner; they follow every swap."""

    def __init__(self, leaves: Sequence[list[int]], arrives: Sequence[list[int]]) -> None:
        self._leaves, self._arrives = leaves, arrives
        self.segments: dict[Hashable, list[tuple[int, int]]] = defaultdict(list)
        self.bars: dict[Hashable, Bar] = {}
        self.steps = 0

    def renew(self, owner: Hashable) -> None:
        """The owner's bar as its wires are now."""
        own = self.segments[owner]
        self.steps += len(own)
        self.bars[owner] = Bar(
            tuple(sorted({self._leaves[line][segment] for line, segment in own})),
            tuple(sorted({self._arrives[line][segment] for line, segment in own})),
        )

    def renew_all(self, owners: Sequence[Hashable]) -> None:
        """The bars of several owners as their wires are now."""
        for owner in owners:
            self.renew(owner)

    def crossings(self, moved: Sequence[Hashable]) -> int:
        """What the bars of ``moved`` cross, each pair in its better order."""
        total = 0
        for number, owner in enumerate(moved):
            bar, done = self.bars[owner], moved[: number + 1]
            low, high = bar.low, bar.high
            near = [
                beside
                for other, beside in self.bars.items()
                if low <= beside.high and beside.low <= high and other not in done
            ]
            total += sum([min(preference(bar, beside)) for beside in near])
            self.steps += len(near)
        return total

    def clashes(self, moved: Sequence[Hashable]) -> bool:
        """Whether two owners hold one ``y`` on either side of the gap."""
        for owner in moved:
            spots = {*self.bars[owner].lefts, *self.bars[owner].rights}
            for other, bar in self.bars.items():
                if other != owner and not (spots.isdisjoint(bar.lefts) and spots.isdisjoint(bar.rights)):
                    return True
        return False


def swap_ports(
    graph: Layered, wires: Sequence[Wire], bundles: Sequence[Bundle | None], given: Given
) -> tuple[Wire, ...]:
    """``wires`` with better ports; sides with ``given`` ports stay as they are."""
    leaves = [list(wire.leaves) for wire in wires]
    arrives = [list(wire.arrives) for wire in wires]
    gaps: dict[int, _Gap] = defaultdict(lambda: _Gap(leaves, arrives))
    owner_of: dict[tuple[int, int], Hashable] = {}
    bypasses = frozenset(graph.bypasses)
    for line, wire in enumerate(wires):
        if line in bypasses:
            continue
        bundle, chain = bundles[line], graph.chains[line]
        for segment, gap in enumerate(wire.gaps):
            # Parts of a trunk that are not one yet in this gap are told apart by the vertex they gather at.
            owner: Hashable = (
                line if bundle is None else (bundle, chain[segment + 1] if bundle.right else chain[segment])
            )
            gaps[gap].segments[owner].append((line, segment))
            owner_of[line, segment] = owner
    for held in gaps.values():
        held.renew_all(list(held.segments))
    ports, stuck = _ports(graph, leaves, arrives, given, bypasses)
    for _ in range(ROUNDS):
        better = False
        for (node, outgoing), side in sorted(ports.items(), key=lambda item: item[0]):
            column = gaps[graph.column[node] if outgoing else graph.column[node] - 1]
            if (node, outgoing) in stuck or len(side) < 2 or len(column.bars) > MOST_BARS:
                continue
            for high, low in pairwise(sorted(side)):
                if column.steps > STEPS or sum([gap.steps for gap in gaps.values()]) > ALL_STEPS:
                    break
                lines = {high: side[high], low: side[low]}
                ends = {line: 0 if outgoing else len(wires[line].gaps) - 1 for both in lines.values() for line in both}
                moved: list[Hashable] = list(dict.fromkeys(owner_of[line, segment] for line, segment in ends.items()))
                now = column.crossings(moved)
                if not now:
                    continue
                _swap(side, high, low, leaves if outgoing else arrives, ends)
                column.renew_all(moved)
                if column.crossings(moved) < now and not column.clashes(moved):
                    better = True
                    continue
                _swap(side, high, low, leaves if outgoing else arrives, ends)
                column.renew_all(moved)
        if not better:
            break
    return tuple(
        Wire(wire.gaps, tuple(left), tuple(right)) for wire, left, right in zip(wires, leaves, arrives, strict=True)
    )


def _ports(
    graph: Layered,
    leaves: Sequence[list[int]],
    arrives: Sequence[list[int]],
    given: Given,
    bypasses: frozenset[int],
) -> tuple[dict[tuple[int, bool], dict[int, list[int]]], set[tuple[int, bool]]]:
    """For each side of each node its lines by the ``y`` of their port, and the sides that may not change."""
    ports: dict[tuple[int, bool], dict[int, list[int]]] = defaultdict(lambda: defaultdict(list))
    stuck: set[tuple[int, bool]] = set()
    for line, chain in enumerate(graph.chains):
        for outgoing, node, spot, held in (
            (True, chain[0], leaves[line][0], given.leaving),
            (False, chain[-1], arrives[line][-1], given.reaching),
        ):
            if node >= graph.real:
                continue
            ports[node, outgoing][spot].append(line)
            if line in held or line in bypasses:
                stuck.add((node, outgoing))
    return ports, stuck


def _swap(
    side: dict[int, list[int]], one: int, other: int, spots: Sequence[list[int]], ends: Mapping[int, int]
) -> None:
    """The lines at port ``one`` go to ``other`` and the other way round."""
    side[one], side[other] = side[other], side[one]
    for spot in (one, other):
        for line in side[spot]:
            spots[line][ends[line]] = spot
