"""The same graph drawn by other programs: how high its names stand on a screen that shows the whole picture.

Graphviz draws with the settings its users begin with: left to right, rounded
boxes, type of 14 points, clusters where there are containers. ELK takes part
where a folder with elkjs is named in ``ELKJS``; what is not at hand is left out.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Mapping

from analytics.lettering.type_metrics import text_width
from analytics.model.graph import Graph

SCREEN = (1600.0, 1000.0)
#: Type of names, in points and in pixels.
POINTS, PIXELS = 14.0, 14.0
LIMIT = 60


def rivals(graph: Graph) -> dict[str, float]:
    """Median name height by program."""
    found = {}
    if shutil.which("dot"):
        found["dot"] = by_dot(graph)
    if os.environ.get("ELKJS"):
        found["ELK"] = by_elk(graph)
    return found


def fitted(width: float, height: float, size: float) -> float:
    """Type of ``size`` in a picture that is shrunk or grown to the screen."""
    return size * min(SCREEN[0] / width, SCREEN[1] / height)


def _answer(command: list[str], text: str) -> str:
    """What a program says to ``text``."""
    return subprocess.run(command, input=text, capture_output=True, text=True, timeout=LIMIT, check=True).stdout


def by_dot(graph: Graph) -> float:
    """Graphviz's dot, with clusters and words on lines."""
    ids = [node.id for node in graph.nodes] + [box.id for box in graph.containers]
    number = {thing: index for index, thing in enumerate(ids)}
    held: dict[str, list[str]] = {}
    for node in graph.nodes:
        label = json.dumps(node.name)
        held.setdefault(node.parent, []).append(f"n{number[node.id]} [label={label}]")

    def boxed(parent: str) -> list[str]:
        lines = list(held.get(parent, []))
        for box in graph.containers:
            if box.parent == parent:
                inner = "\n".join([*boxed(box.id), f'n{number[box.id]} [style=invis, shape=point, label=""]'])
                lines.append(f"subgraph cluster_{number[box.id]} {{ label={json.dumps(box.name)}\n{inner}\n}}")
        return lines

    edges = [
        f"n{number[edge.source]} -> n{number[edge.target]} [label={json.dumps(edge.label)}]" for edge in graph.edges
    ]
    text = "digraph { rankdir=LR compound=true node [shape=box style=rounded fontsize=14 fontname=Arial]\n"
    text += "edge [fontsize=11 fontname=Arial]\n" + "\n".join([*boxed(""), *edges]) + "\n}"
    try:
        reply = _answer(["dot", "-Tjson0"], text)
    except (subprocess.SubprocessError, OSError):
        return 0.0
    left, low, right, high = (float(value) for value in json.loads(reply)["bb"].split(","))
    return fitted(max(1.0, right - left), max(1.0, high - low), POINTS)


def by_elk(graph: Graph) -> float:
    """ELK layered through elkjs, containers as its hierarchy."""

    def held(parent: str) -> list[Mapping[str, object]]:
        children: list[Mapping[str, object]] = [
            {"id": node.id, "width": text_width(node.name, PIXELS) + 24, "height": 36}
            for node in graph.nodes
            if node.parent == parent
        ]
        options = {"elk.padding": "[top=34,left=12,bottom=12,right=12]"}
        children += [
            {"id": box.id, "children": held(box.id), "layoutOptions": options}
            for box in graph.containers
            if box.parent == parent
        ]
        return children

    document = {
        "id": "root",
        "layoutOptions": {
            "elk.algorithm": "layered",
            "elk.direction": "RIGHT",
            "elk.hierarchyHandling": "INCLUDE_CHILDREN",
        },
        "children": held(""),
        "edges": [
            {
                "id": f"e{index}",
                "sources": [edge.source],
                "targets": [edge.target],
                "labels": [{"text": edge.label, "width": text_width(edge.label, 11) + 6, "height": 13}],
            }
            for index, edge in enumerate(graph.edges)
        ],
    }
    script = (
        "const E=require(process.env.ELKJS+'/lib/main.js');new E().layout(JSON.parse(require('fs').readFileSync(0)))"
        ".then(g=>console.log(JSON.stringify([g.width,g.height]))).catch(()=>process.exit(1))"
    )
    try:
        reply = _answer(["node", "-e", script], json.dumps(document))
    except (subprocess.SubprocessError, OSError):
        return 0.0
    width, height = json.loads(reply)
    return fitted(max(1.0, width), max(1.0, height), PIXELS)
