"""The places of an earlier picture, read back from its SVG or JSON: what a new one is anchored to."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

from lxml import etree

from ..lettering import UNIT
from ..model.anchor import Anchor, Ran, Stood
from ..model.grid import Point

#: Coordinates of an SVG are exact to a tenth of a pixel; finer than this, in tiles, they say nothing.
EXACT = 3
#: Pixels from the corner that nothing of a picture is away; boxes that are looked at for what stands in them, in all.
FARTHEST, MOST_LOOKED_AT = 1e8, 5_000_000
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
_SAID = re.compile(r"(Isometric|Flat) (\S+) diagram")
_MOVED = re.compile(r"translate\((-?[\d.]+),(-?[\d.]+)\)")
_SVG = "{http://www.w3.org/2000/svg}"


def is_picture(text: str) -> bool:
    """Whether a text is an SVG, or a graph as JSON, and no inventory."""
    start = text[:2_000].lstrip()
    if start.startswith("<"):
        return "<svg" in start
    return start.startswith("{") and '"nodes"' in text and '"containers"' in text and '"place"' in text


def anchor_in(text: str) -> Anchor:
    """The places in a picture. Raises ``ValueError`` saying what is wrong with it."""
    found = _of_svg(text) if text.lstrip().startswith("<") else _of_json(text)
    if not any(not one.box for one in found.things):
        raise ValueError("nothing stands in it")
    return found


def _of_json(text: str) -> Anchor:
    try:
        said = json.loads(text)
        nodes, boxes, edges = said["nodes"], said["containers"], said["edges"]
        things = [_thing(one, box=True) for one in boxes] + [_thing(one, box=False) for one in nodes]
        lines = [
            Ran(_key(one["source"]), _key(one["target"]), tuple((_number(x), _number(y)) for x, y in one["points"]))
            for one in edges
            if len(one["points"]) > 1
        ]
    except (KeyError, TypeError, ValueError, RecursionError) as exc:
        raise ValueError(f"it is no graph that `draw` wrote as JSON: {type(exc).__name__}") from None
    square = all(one.width == one.depth == 1 for one in things if not one.box)
    return Anchor(str(said.get("type", "")), "isometric" if square else "flat", tuple(things), tuple(lines))


def _thing(said: Mapping[str, Any], *, box: bool) -> Stood:
    at = said["place"]
    x, y, width, depth = (_number(at[key]) for key in ("x", "y", "width", "depth"))
    if width <= 0 or depth <= 0:
        raise ValueError("a thing without extent")
    parent = _key(said["parent"]) if said["parent"] else ""
    return Stood(_key(said["id"]), x, y, width, depth, parent, box, () if box else tuple(map(str, said["members"])))


def _key(said: object) -> str:
    """The id as an SVG has it: JSON writes a letter before it."""
    if not isinstance(said, str) or not said.startswith("n"):
        raise ValueError("an id that is none")
    return said[1:]


def _number(said: object) -> float:
    """A coordinate: a number of a size that a picture may have."""
    if isinstance(said, bool) or not isinstance(said, (int, float)) or not -1e5 < said < 1e5:
        raise ValueError("a place that is none")
    return float(said)


def _of_svg(text: str) -> Anchor:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True)
    try:
        root = etree.fromstring(text.encode(), parser)
    except (etree.XMLSyntaxError, ValueError) as exc:
        raise ValueError(f"it is no SVG: {exc}") from None
    said = _SAID.match(root.findtext(f"{_SVG}desc") or "")
    if said is None:
        raise ValueError("it is no picture that this program drew")
    projection = said[1].lower()
    boxes, nodes, lines = [], [], []
    for group in root.iter(f"{_SVG}g"):
        if group.get("data-id") and (moved := _MOVED.fullmatch(group.get("transform", ""))):
            nodes.append(_node(group, (_coordinate(moved[1]), _coordinate(moved[2])), projection))
        elif group.get("data-id") and group.get("transform") is None:
            boxes.append(_box(group, projection))
        elif group.get("data-source") and group.get("data-source") != group.get("data-target"):
            lines.append(_line(group, projection))
    left = min((one.x for one in (*boxes, *nodes)), default=0.0)
    top = min((one.y for one in (*boxes, *nodes)), default=0.0)
    placed = _inside_boxes([*boxes, *nodes], boxes)
    return Anchor(
        said[2],
        projection,
        tuple(
            Stood(
                one.id, round(one.x - left, EXACT), round(one.y - top, EXACT), one.width, one.depth, one.parent, one.box
            )
            for one in placed
        ),
        tuple(
            Ran(
                line.source, line.target, tuple((round(x - left, EXACT), round(y - top, EXACT)) for x, y in line.points)
            )
            for line in lines
            if len(line.points) > 1
        ),
    )


def _node(group: Any, corner: Point, projection: str) -> Stood:
    x, y = _on_ground(corner, projection)
    width = depth = 1.0
    outline = group.find(f"{_SVG}path[@id]")
    if projection == "flat" and outline is not None:
        points = _points(outline.get("d", ""))
        width = (max([px for px, _ in points], default=0.0) + 0.5) / UNIT
        depth = (max([py for _, py in points], default=0.0) + 0.5) / UNIT
    return Stood(group.get("data-id"), x, y, round(width, EXACT), round(depth, EXACT))


def _box(group: Any, projection: str) -> Stood:
    outline = group.find(f"{_SVG}path")
    spots = [_on_ground(point, projection) for point in _points("" if outline is None else outline.get("d", ""))]
    if not spots:
        raise ValueError("a box without an outline")
    left, top = min(x for x, _ in spots), min(y for _, y in spots)
    right, bottom = max(x for x, _ in spots), max(y for _, y in spots)
    return Stood(group.get("data-id"), left, top, round(right - left, EXACT), round(bottom - top, EXACT), box=True)


def _line(group: Any, projection: str) -> Ran:
    """A line by its corners: what rounds one has the corner itself as its control point."""
    drawn = next((path.get("d", "") for path in group.iter(f"{_SVG}path") if "conector_h" in path.get("class", "")), "")
    turns = [_points(piece)[0] for piece in re.findall(r"Q([^MLQ]*)", drawn) if _points(piece)]
    ends = _points(drawn)
    spots = [_on_ground(point, projection) for point in (*ends[:1], *turns, *ends[-1:])]
    way = spots[:1]
    for (ax, ay), (bx, by) in pairwise(spots):  # pieces follow the axes; what is off is rounding
        way.append((bx, way[-1][1]) if abs(bx - ax) >= abs(by - ay) else (way[-1][0], by))
    return Ran(group.get("data-source"), group.get("data-target"), tuple(way))


def _points(data: str) -> list[Point]:
    numbers = [_coordinate(one) for one in _NUMBER.findall(data)]
    return list(zip(numbers[::2], numbers[1::2], strict=False))


def _coordinate(said: str) -> float:
    """A number of an SVG. Raises ``ValueError`` for one that no picture has."""
    try:
        number = float(said)
    except ValueError:
        number = math.inf
    if not -FARTHEST < number < FARTHEST:
        raise ValueError(f"a place that is none: {said[:20]}")
    return number


def _on_ground(point: Point, projection: str) -> Point:
    """A point of the screen on the ground, up to where that begins."""
    x, y = point[0] / UNIT, point[1] / UNIT
    if projection == "flat":
        return x, y
    across = x / math.cos(math.pi / 6)
    return (across + 2 * y) / 2, (2 * y - across) / 2


def _inside_boxes(things: Sequence[Stood], boxes: Sequence[Stood]) -> list[Stood]:
    """Each thing with the smallest box around it, looked for from left to right among the boxes that reach so far."""
    waiting = sorted(boxes, key=lambda box: -box.x)
    reaching: list[Stood] = []
    around: dict[int, Stood] = {}
    looked_at = 0
    for at in sorted(range(len(things)), key=lambda at: things[at].x + things[at].width / 2):
        x = things[at].x + things[at].width / 2
        while waiting and waiting[-1].x <= x:
            reaching.append(waiting.pop())
        reaching = [box for box in reaching if x <= box.x + box.width]
        looked_at += len(reaching)
        if looked_at > MOST_LOOKED_AT:
            raise ValueError("more boxes stand beside and in one another than a picture has")
        around[at] = _inside(things[at], reaching)
    return [around[at] for at in range(len(things))]


def _inside(one: Stood, boxes: Sequence[Stood]) -> Stood:
    """A thing with the smallest box around it."""
    x, y = one.x + one.width / 2, one.y + one.depth / 2
    around = [
        box
        for box in boxes
        if box.id != one.id
        and box.x <= x <= box.x + box.width
        and box.y <= y <= box.y + box.depth
        and box.width * box.depth > one.width * one.depth
    ]
    if not around:
        return one
    parent = min(around, key=lambda box: (box.width * box.depth, box.id))
    return Stood(one.id, one.x, one.y, one.width, one.depth, parent.id, one.box, one.members)
