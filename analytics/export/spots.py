"""Where things stand in a finished drawing, in its own pixels: for pages that lay links over it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from lxml import etree

_SVG = "{http://www.w3.org/2000/svg}"
_MOVED = re.compile(r"translate\((-?[\d.]+),(-?[\d.]+)\)")
_OUTLINE = re.compile(r"M[-0-9.,LQZ]+")

Spot = tuple[float, float, str]
"""Where a thing stands, and its outline from there as path data."""


@dataclass(frozen=True, slots=True)
class Spots:
    """The size of a drawing, and the outline of each node on it by its id in the drawing."""

    width: float = 0.0
    height: float = 0.0
    nodes: Mapping[str, Spot] = field(default_factory=dict)


def spots_of(svg: str) -> Spots:
    """The spots of one of our own drawings, which the gate has checked."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    root = etree.fromstring(svg.encode(), parser)
    _, _, width, height = (float(one) for one in root.get("viewBox", "0 0 0 0").split())
    found: dict[str, Spot] = {}
    for group in root.iter(f"{_SVG}g"):
        moved = _MOVED.fullmatch(group.get("transform", ""))
        outline = group.find(f"{_SVG}path[@id]")
        if not (group.get("data-id") and moved and outline is not None):
            continue
        if _OUTLINE.fullmatch(outline.get("d", "")):
            found[group.get("data-id")] = (float(moved[1]), float(moved[2]), outline.get("d"))
    return Spots(width, height, found)
