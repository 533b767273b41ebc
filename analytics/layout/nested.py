"""The way that loses no line: every scope in layers, lines from border to border.

Floor plans (:mod:`.floors`) ask for far less ground. Where their lines are such a
tangle that a way cannot be found for each, the picture is laid out so.
"""

from __future__ import annotations

from .containers import lay_out_scopes
from .effort import Effort
from .ground import Ground
from .nesting import GROUND, Tree
from .net import Net
from .records import Measures
from .routes import joined


def lay_nested(tree: Tree, net: Net, entries: frozenset[str], effort: Effort, measures: Measures) -> Ground:
    """The whole graph with every scope in layers."""
    nested = lay_out_scopes(tree, net.arcs, entries, effort, measures)
    corner = {GROUND: (0, 0)}
    for scope in tree.scopes:
        left, top = corner[scope]
        for member, (x, y) in nested.blocks[scope].corners.items():
            corner[member] = (left + x, top + y)
    ways = {}
    for number, strand in enumerate(tree.strands):
        points = tuple(joined(strand, number, nested, corner, measures))
        ways[number] = points[::-1] if nested.leftward[number] else points
    extents = {
        member: (nested.blocks[member].width, nested.blocks[member].depth)
        if member in nested.blocks
        else (measures.width, measures.depth)
        for scope in tree.scopes
        for member in tree.members[scope]
    }
    ground = nested.blocks[GROUND]
    return Ground(ground.width, ground.depth, corner, extents, ways, nested.column, measures.header)
