"""Networks that only routes tell of: no document holds them, and nothing of the inventory stands in them.

A box for each would say the same many times over. Each becomes one node, a
ghost with the lines of its gateways; below full detail those of one place fold.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from ...model.graph import Container, Node, Omission
from ..folding import group_id, group_of
from .draft import Line, Picture, attributes


def collapse(picture: Picture, detail: str) -> tuple[Omission, ...]:
    """Make nodes of the hollow networks, and move their lines; returns what was folded on the way."""
    stands_for: dict[str, str] = {}
    by_place: dict[str, list[Node]] = defaultdict(list)
    for box, content in hollow(picture).items():
        node = ghost_of(box, [picture.route_names[one.id] for one in content if one.id in picture.route_names])
        by_place[node.parent].append(node)
        stands_for |= dict.fromkeys((box.id, *(one.id for one in content)), node.id)
        del picture.boxes.containers[box.id]
        for one in content:
            del picture.nodes[one.id]
    folded = 0
    for nodes in by_place.values():
        shown = nodes
        if detail != "full" and len(nodes) > 1:
            shown = [group_of(group_id(nodes), nodes)]
            folded += len(nodes)
            renamed = dict.fromkeys((node.id for node in nodes), shown[0].id)
            stands_for = {key: renamed.get(node, node) for key, node in stands_for.items()}
        picture.nodes |= {node.id: node for node in shown}
    picture.stands_for |= stands_for
    move_lines(picture, stands_for)
    reason = "named by routes only, shown as one group for each place"
    return (Omission("folded", "networks not in the inventory", folded, reason),) if folded else ()


def hollow(picture: Picture) -> Mapping[Container, list[Node]]:
    """The networks that no document holds, with the marks in them where there is nothing else."""
    content: dict[str, list[Node]] = defaultdict(list)
    for node in picture.nodes.values():
        content[node.parent].append(node)
    around = {box.parent for box in picture.boxes.containers.values()}
    return {
        box: content[box.id]
        for box in picture.boxes.containers.values()
        if box.kind == "ghost-network"
        and box.id not in around
        and all(node.kind in ("external", "ghost") for node in content[box.id])
    }


def ghost_of(box: Container, names: Sequence[str]) -> Node:
    """The one node for a network and the gateways that routes name in it."""
    return Node(
        id=box.id,
        name=box.name,
        kind="ghost",
        family="Network",
        parent=box.parent,
        attributes=(*box.attributes, *attributes({"gateways": ", ".join(names)})),
        alike="ghost network",
    )


def move_lines(picture: Picture, stands_for: Mapping[str, str]) -> None:
    """Lines of what is gone end at what stands for it; those of one kind between the same two become one."""
    lines, picture.lines = picture.lines, {}
    for (source, target, kind), line in lines.items():
        one, two = stands_for.get(source, source), stands_for.get(target, target)
        if one == two and source != target:
            continue
        into = picture.lines.setdefault((one, two, kind), Line())
        into.rules += line.rules
        into.words |= line.words
        into.count += line.count
        into.doubts |= line.doubts
