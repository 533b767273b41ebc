"""Other layout engines on the same graphs, brought to columns and lines so that they are measured by the same rules."""

from __future__ import annotations

import json
import os
import re
import resource
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

Spot = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Answer:
    """An engine's layout: positions as (column, line), a polyline for each edge, CPU seconds, or why it failed."""

    positions: Mapping[str, Spot]
    polylines: Sequence[Sequence[Spot]]
    seconds: float
    failure: str = ""


@dataclass(frozen=True, slots=True)
class Engine:
    """One engine; ``absent`` says why it cannot run here, or nothing."""

    name: str
    absent: str


def dot_engine() -> Engine:
    """Graphviz dot, if its program is installed."""
    return Engine("dot", "" if shutil.which("dot") else "no program `dot` here (install graphviz)")


def run_dot(nodes: Sequence[str], edges: Sequence[tuple[str, str]], timeout: float) -> Answer:
    """Lay out with ``dot``, left to right."""
    number = {node: index for index, node in enumerate(nodes)}
    arcs = sorted({(number[source], number[target]) for source, target in edges if source != target})
    text = [
        'digraph { rankdir=LR; node [shape=box width=0.5 height=0.5 fixedsize=true label=""]; edge [arrowhead=none];'
    ]
    text += [f"{index};" for index in range(len(nodes))]
    text += [f"{source}->{target};" for source, target in arcs]
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    try:
        done = subprocess.run(
            ["dot", "-Tplain", "-y"], input="\n".join([*text, "}"]), capture_output=True, text=True, timeout=timeout
        )
    except subprocess.TimeoutExpired:
        return Answer({}, [], timeout, f"no answer in {timeout:.0f} s")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    seconds = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    if done.returncode:
        return Answer({}, [], seconds, done.stderr.strip()[:200])
    spots: dict[str, Spot] = {}
    curves: dict[tuple[int, int], list[Spot]] = {}
    for line in done.stdout.replace("\\\n", "").splitlines():
        words = line.split()
        if words[0] == "node":
            spots[nodes[int(words[1])]] = (float(words[2]), float(words[3]))
        elif words[0] == "edge":
            count = int(words[3])
            values = [float(word) for word in words[4 : 4 + 2 * count]]
            curves[int(words[1]), int(words[2])] = list(zip(values[::2], values[1::2], strict=True))
    ways = []
    for source, target in edges:
        control = curves.get((number[source], number[target]), [])
        ways.append(_along(control) if control else [])
    return _columns(nodes, edges, spots, ways, seconds)


def _along(control: Sequence[Spot]) -> list[Spot]:
    """Points on a chain of cubic curves."""
    points = [control[0]]
    for start in range(0, len(control) - 1, 3):
        a, b, c, d = control[start : start + 4]
        for step in range(1, 9):
            t = step / 8
            s = 1 - t
            weights = (s * s * s, 3 * s * s * t, 3 * s * t * t, t * t * t)
            x = sum(w * p[0] for w, p in zip(weights, (a, b, c, d), strict=True))
            y = sum(w * p[1] for w, p in zip(weights, (a, b, c, d), strict=True))
            points.append((x, y))
    return points


def _columns(
    nodes: Sequence[str],
    edges: Sequence[tuple[str, str]],
    spots: Mapping[str, Spot],
    ways: Sequence[Sequence[Spot]],
    seconds: float,
) -> Answer:
    """Coordinates to columns and lines: nodes of one ``x`` are a column, each line is cut where it passes one."""
    centres: list[float] = []
    for x in sorted({spots[node][0] for node in nodes}):
        if not centres or x - centres[-1] > 0.05:
            centres.append(x)
    column = {node: min(range(len(centres)), key=lambda c: abs(centres[c] - spots[node][0])) for node in nodes}
    pitch = 0.75  # dot's distance between the middles of two neighbours: half an inch and the node separation
    positions = {node: (float(column[node]), spots[node][1] / pitch) for node in nodes}
    polylines: list[list[Spot]] = []
    for (source, target), way in zip(edges, ways, strict=True):
        if source == target:
            polylines.append([])
            continue
        step = 1 if column[source] < column[target] else -1
        full = [spots[source], *way, spots[target]]
        line = [positions[source]]
        for passed in range(column[source] + step, column[target], step):
            x = centres[passed]
            y = None
            for (ax, ay), (bx, by) in pairwise(full):
                if (ax - x) * (bx - x) <= 0 and ax != bx:
                    y = ay + (by - ay) * (x - ax) / (bx - ax)
                    break
            if y is None:
                y = full[0][1]
            line.append((float(passed), y / pitch))
        line.append(positions[target])
        polylines.append(line)
    return Answer(positions, polylines, seconds)


_SCRIPTS = {
    "elk": """
const ELK = require('elkjs'); const elk = new ELK();
const g = JSON.parse(require('fs').readFileSync(0)); const size = 36;
const options = {'elk.algorithm': 'layered', 'elk.direction': 'RIGHT', 'elk.edgeRouting': 'POLYLINE',
  'elk.layered.spacing.nodeNodeBetweenLayers': '36', 'elk.spacing.nodeNode': '18'};
const points = e => { const s = (e.sections || [])[0];
  return s ? [s.startPoint, ...(s.bendPoints || []), s.endPoint].map(p => [p.x / 72, p.y / 72]) : []; };
elk.layout({id: 'root', layoutOptions: options,
  children: g.nodes.map((_, i) => ({id: 'n' + i, width: size, height: size})),
  edges: g.edges.map(([s, t], i) => ({id: 'e' + i, sources: ['n' + s], targets: ['n' + t]}))}).then(r =>
  console.log(JSON.stringify({nodes: r.children.map(c => [(c.x + size / 2) / 72, (c.y + size / 2) / 72]),
    edges: r.edges.map(points)})));
""",
    "dagre": """
const dagre = require('@dagrejs/dagre'); const g = JSON.parse(require('fs').readFileSync(0));
const d = new dagre.graphlib.Graph({multigraph: true});
d.setGraph({rankdir: 'LR', nodesep: 18, ranksep: 36}); d.setDefaultEdgeLabel(() => ({}));
g.nodes.forEach((_, i) => d.setNode('n' + i, {width: 36, height: 36}));
g.edges.forEach(([s, t], i) => d.setEdge('n' + s, 'n' + t, {}, 'e' + i));
dagre.layout(d);
const inches = p => [p.x / 72, p.y / 72];
console.log(JSON.stringify({nodes: g.nodes.map((_, i) => inches(d.node('n' + i))),
  edges: g.edges.map(([s, t], i) => (d.edge('n' + s, 'n' + t, 'e' + i).points || []).map(inches))}));
""",
}
_PACKAGES = {"elk": "elkjs", "dagre": "@dagrejs/dagre"}


def node_engine(name: str) -> Engine:
    """ELK or dagre, if ``node`` and its package are found (``NODE_PATH`` may name a folder that holds it)."""
    package = _PACKAGES[name]
    if not shutil.which("node"):
        return Engine(name, "no program `node` here")
    found = subprocess.run(["node", "-e", f"require.resolve('{package}')"], capture_output=True, env=os.environ)
    return Engine(name, "" if found.returncode == 0 else f"node finds no package {package} (set NODE_PATH)")


def run_node(name: str, nodes: Sequence[str], edges: Sequence[tuple[str, str]], timeout: float) -> Answer:
    """Lay out with ELK's layered algorithm or dagre; the time includes starting node."""
    number = {node: index for index, node in enumerate(nodes)}
    arcs = sorted({(number[source], number[target]) for source, target in edges if source != target})
    payload = json.dumps({"nodes": list(range(len(nodes))), "edges": arcs})
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    try:
        done = subprocess.run(
            ["node", "-e", _SCRIPTS[name]], input=payload, capture_output=True, text=True, timeout=timeout
        )
    except subprocess.TimeoutExpired:
        return Answer({}, [], timeout, f"no answer in {timeout:.0f} s")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    seconds = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    if done.returncode:
        return Answer({}, [], seconds, re.sub(r"\s+", " ", done.stderr)[:200])
    found = json.loads(done.stdout)
    spots = {node: (found["nodes"][index][0], found["nodes"][index][1]) for node, index in number.items()}
    curves = {arc: [(x, y) for x, y in points] for arc, points in zip(arcs, found["edges"], strict=True)}
    ways = [curves.get((number[source], number[target]), []) for source, target in edges]
    return _columns(nodes, edges, spots, ways, seconds)
