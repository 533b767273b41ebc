"""Phase: every scope is laid out by the same phases, orders from outside in, extents from inside out.

Before: a tree of scopes with strands. After: each scope has an extent, its
members have corners in it, and each strand a piece of its way in every scope
it goes through.

A strand enters a container through a pin on its border. How the outer scope
orders the lines at that border fixes the order of the pins, so a container is
arranged to suit its surroundings; where exactly the pins are is then settled
inside and given to the outer scope as ports.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from .component import Part, Pin, Tie, layer, split
from .effort import Effort
from .nesting import GROUND, Tree
from .pack import pack
from .ports import Given, sides
from .records import Digraph, Measures
from .routes import Spot
from .settling import settle


@dataclass(slots=True)
class Scope:
    """One scope while it is planned: its parts, and the pins its surroundings ask for."""

    members: tuple[str, ...]
    incoming: list[tuple[str, int]] = field(default_factory=list)
    outgoing: list[tuple[str, int]] = field(default_factory=list)
    parts: list[tuple[tuple[int, ...], Part]] = field(default_factory=list)
    open: bool = False  # whether the first part has the pins


@dataclass(frozen=True, slots=True)
class Block:
    """A scope on its own ground: its extent, its members' corners, each strand's piece in it from left to right."""

    width: int
    depth: int
    corners: Mapping[str, Spot]
    pieces: Mapping[int, tuple[Spot, ...]]


@dataclass(frozen=True, slots=True)
class Nested:
    """All scopes laid out. ``leftward`` marks strands whose second end is the left one; ``column`` is each rank."""

    blocks: Mapping[str, Block]
    leftward: tuple[bool, ...]
    column: Mapping[str, int]


def lay_out_scopes(
    tree: Tree, arcs: tuple[tuple[bool, bool], ...], entries: frozenset[str], effort: Effort, measures: Measures
) -> Nested:
    """Plan every scope from outside in, then build it from inside out.

    ``arcs`` says for each strand whether an edge leads from its first end to its
    second, and whether one leads back.
    """
    scopes = {scope: Scope(tree.members[scope]) for scope in tree.scopes}
    leading = _with_containers(tree, entries)
    leftward = [False] * len(tree.strands)
    at_home: dict[str, list[int]] = {}
    for index, strand in enumerate(tree.strands):
        if all(strand.ways):
            at_home.setdefault(strand.scope, []).append(index)
        else:  # from a container's border to something inside it
            inner = strand.ways[0] or strand.ways[1]
            starts_inside = bool(strand.ways[0])
            outwards = arcs[index][0] if starts_inside else arcs[index][1]
            inwards = arcs[index][1] if starts_inside else arcs[index][0]
            leaves = outwards and not inwards
            (scopes[strand.scope].outgoing if leaves else scopes[strand.scope].incoming).append((inner[0], index))
            leftward[index] = starts_inside != leaves
    for name in tree.scopes:
        _plan(name, scopes, tree, at_home.get(name, []), arcs, leading, leftward, effort)

    blocks: dict[str, Block] = {}
    column: dict[str, int] = {}
    for name in reversed(tree.scopes):
        scope = scopes[name]
        for chosen, part in scope.parts:
            for index, member in enumerate(chosen):
                column[scope.members[member]] = part.column(index)
        blocks[name] = _built(name, scope, blocks, measures)
    return Nested(blocks, tuple(leftward), column)


def _with_containers(tree: Tree, entries: frozenset[str]) -> frozenset[str]:
    """The entries and every container that holds one."""
    found = set(entries)
    for scope in reversed(tree.scopes):
        if any(member in found for member in tree.members[scope]):
            found.add(scope)
    return frozenset(found)


def _plan(
    name: str,
    scopes: dict[str, Scope],
    tree: Tree,
    strands: list[int],
    arcs: tuple[tuple[bool, bool], ...],
    entries: frozenset[str],
    leftward: list[bool],
    effort: Effort,
) -> None:
    """Order one scope's parts and tell the containers in it in which order lines reach their borders."""
    scope = scopes[name]
    number = {member: index for index, member in enumerate(scope.members)}
    ends = {index: tuple(number[way[0]] for way in tree.strands[index].ways) for index in strands}
    lifted = set()
    for index in strands:
        one, other = ends[index]
        if arcs[index][0]:
            lifted.add((one, other))
        if arcs[index][1]:
            lifted.add((other, one))
    whole = Digraph(
        len(scope.members),
        tuple(sorted(lifted)),
        frozenset(number[member] for member in scope.members if member in entries),
    )
    pinned = {number[member] for member, _ in (*scope.incoming, *scope.outgoing)}
    pieces = split(whole)
    outside = [members for members, _ in pieces if not pinned.isdisjoint(members)]
    groups = [members for members, _ in pieces if pinned.isdisjoint(members)]
    if outside:
        scope.open = True
        groups.insert(0, tuple(sorted(member for members in outside for member in members)))
    home = {member: (group, index) for group, members in enumerate(groups) for index, member in enumerate(members)}
    ties: list[list[Tie]] = [[] for _ in groups]
    for index in strands:
        (group, one), (_, other) = home[ends[index][0]], home[ends[index][1]]
        ties[group].append(Tie((one, other), index))
    inner: list[list[tuple[int, int]]] = [[] for _ in groups]
    for tail, head in whole.arcs:
        inner[home[tail][0]].append((home[tail][1], home[head][1]))
    for group, members in enumerate(groups):
        graph = Digraph(
            len(members),
            tuple(inner[group]),
            frozenset(index for index, member in enumerate(members) if member in whole.entries),
        )
        with_pins = scope.open and group == 0
        part = layer(
            graph,
            effort,
            ties[group],
            [Pin(home[number[member]][1], key) for member, key in scope.incoming] if with_pins else (),
            [Pin(home[number[member]][1], key) for member, key in scope.outgoing] if with_pins else (),
            frozenset(index for index, member in enumerate(members) if scope.members[member] in scopes),
        )
        scope.parts.append((members, part))
        leaving, reaching = sides(part.graph, part.order)
        for index, member in enumerate(members):
            box = scope.members[member]
            if box in scopes:
                scopes[box].outgoing += _inwards(tree, box, [part.keys[line] for line in leaving[index]])
                scopes[box].incoming += _inwards(tree, box, [part.keys[line] for line in reaching[index]])
        for (tail, _), key in zip(part.lines, part.keys, strict=True):
            if key in ends:
                leftward[key] = members[tail] != ends[key][0] if tail < len(members) else False


def _inwards(tree: Tree, box: str, keys: list[int]) -> list[tuple[str, int]]:
    """For each strand that goes on inside ``box``: the member of it that the strand leads to."""
    found = []
    for key in keys:
        found += [(way[way.index(box) + 1], key) for way in tree.strands[key].ways if box in way[:-1]]
    return found


def _built(name: str, scope: Scope, blocks: Mapping[str, Block], measures: Measures) -> Block:
    """Put one scope's parts on its ground; the containers in it are built already."""
    extents = [
        (blocks[m].width, blocks[m].depth) if m in blocks else (measures.width, measures.depth) for m in scope.members
    ]
    plots = []
    for members, part in scope.parts:
        leaving: dict[int, int] = {}
        reaching: dict[int, int] = {}
        for line, ((tail, head), key) in enumerate(zip(part.lines, part.keys, strict=True)):
            if tail < len(members):
                block = blocks.get(scope.members[members[tail]])
                if block and key in block.pieces:
                    leaving[line] = block.pieces[key][-1][1]
            if head < len(members):
                block = blocks.get(scope.members[members[head]])
                if block and key in block.pieces:
                    reaching[line] = block.pieces[key][0][1]
        widths, depths = [extents[m][0] for m in members], [extents[m][1] for m in members]
        plots.append(settle(part, widths, depths, Given(leaving, reaching), measures, foldable=False))

    inside = name != GROUND
    left = measures.padding if inside else 0
    top = measures.header + measures.clear if inside else 0
    corners: list[Spot] = []
    right = bottom = 0
    closed = plots
    if scope.open:
        wide = plots[0]
        corners.append((0 if scope.incoming else left, top))
        right = corners[0][0] + wide.width - (measures.padding if scope.outgoing else 0)
        bottom = top + wide.depth
        closed = plots[1:]
    if closed:
        below = bottom + measures.gap if scope.open else top
        packed = pack([(plot.width, plot.depth) for plot in closed], measures.gap if inside else 2 * measures.gap)
        corners += [(x + left, y + below) for x, y in packed]
        right = max(right, *[x + plot.width for (x, _), plot in zip(corners[-len(closed) :], closed, strict=True)])
        bottom = max(y + plot.depth for (_, y), plot in zip(corners[-len(closed) :], closed, strict=True))
    width, depth = right, bottom
    if inside:
        width = max(measures.narrowest, right + measures.padding)
        depth = max(bottom, top) + measures.padding
    placed: dict[str, Spot] = {}
    pieces: dict[int, tuple[Spot, ...]] = {}
    for (members, part), plot, (dx, dy) in zip(scope.parts, plots, corners, strict=True):
        for member, (x, y) in zip(members, plot.corners, strict=True):
            placed[scope.members[member]] = (x + dx, y + dy)
        for (_, head), key, points in zip(part.lines, part.keys, plot.points, strict=True):
            piece = [(x + dx, y + dy) for x, y in points]
            if head >= len(members):
                piece[-1] = (width, piece[-1][1])
            pieces[key] = tuple(piece)
    return Block(width, depth, placed, pieces)
