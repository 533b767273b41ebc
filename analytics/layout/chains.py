"""Phase: a container that holds nothing but one other shares one box with it.

Before: containers in containers. After: for each inner container of such a chain
the outermost one, whose box it shares: "AWS Ireland › eu-west-1" is one box with
one title, and not two borders and two strips around the same things.
"""

from __future__ import annotations

from collections import defaultdict

from ..model.graph import Graph


def shared_boxes(graph: Graph) -> dict[str, str]:
    """The outermost container of its chain for each container that has no box of its own.

    Two that an edge ends at each keep a box each, or a line between them would lead from a box to itself.

    >>> from ..model.graph import Container, Node
    >>> boxes = (Container("dc", "", "datacenter"), Container("rg", "", "region", "dc"))
    >>> shared_boxes(Graph("infra", "", (Node("n", "n", parent="rg"),), (), boxes))
    {'rg': 'dc'}
    """
    boxes = {box.id for box in graph.containers}
    held: dict[str, list[str]] = defaultdict(list)
    for thing, parent in [(box.id, box.parent) for box in graph.containers] + [(n.id, n.parent) for n in graph.nodes]:
        held[parent].append(thing)
    ends = {end for edge in graph.edges for end in (edge.source, edge.target)}
    found: dict[str, str] = {}
    met: set[str] = set()  # boxes, by their outermost container, at which a line ends
    outside_in = sorted(box for box in held[""] if box in boxes)
    for box in outside_in:
        whole = found.get(box, box)
        if box in ends:
            met.add(whole)
        inner = held[box]
        outside_in += sorted(thing for thing in inner if thing in boxes)
        if len(inner) == 1 and inner[0] in boxes and not (inner[0] in ends and whole in met):
            found[inner[0]] = whole
    return dict(sorted(found.items()))
