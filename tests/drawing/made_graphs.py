"""Graphs of every shape, made here: flat, nested, and the odd ones; the same each time."""

from __future__ import annotations

import random
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from devtool.bench.layout import architecture, uniform


def made_graphs() -> Iterator[dict[str, Any]]:
    """Documents with ``name``, ``nodes``, ``edges``, and for nested ones ``parent`` and ``groups``."""
    yield from odd_graphs()
    for seed, size in enumerate((6, 12, 20, 35, 60)):
        yield document(f"services-{size}", architecture(size, seed, back=0.05))
        yield document(f"random-{size}", uniform(size, seed))
    for seed in range(24):
        yield nested_graph(seed)


def document(name: str, sample: Any) -> dict[str, Any]:
    """A sample of the layout bench as a document."""
    return {"name": name, "nodes": sample.nodes, "edges": [list(pair) for pair in sample.edges]}


def odd_graphs() -> Iterator[dict[str, Any]]:
    """Shapes that a layout may forget."""
    names = [f"v{number}" for number in range(50)]
    ring = [[names[number], names[(number + 1) % 50]] for number in range(50)]
    yield {"name": "empty", "nodes": [], "edges": []}
    yield {"name": "alone", "nodes": ["v0"], "edges": []}
    yield {"name": "calls-itself", "nodes": ["v0"], "edges": [["v0", "v0"]]}
    yield {"name": "strangers", "nodes": names, "edges": []}
    yield {"name": "ring", "nodes": names, "edges": ring}
    yield {"name": "chain", "nodes": names, "edges": ring[:-1]}
    yield {"name": "star", "nodes": names, "edges": [["v0", name] for name in names[1:]]}
    yield {"name": "sink", "nodes": names, "edges": [[name, "v0"] for name in names[1:]]}
    yield {"name": "twice", "nodes": ["a", "b"], "edges": [["a", "b"], ["a", "b"], ["b", "a"]]}
    eight = names[:8]
    yield {"name": "everybody", "nodes": eight, "edges": [[one, two] for one in eight for two in eight if one < two]}
    layers = [[f"l{level}n{number}" for number in range(6)] for level in range(3)]
    yield {
        "name": "between-layers",
        "nodes": [name for layer in layers for name in layer],
        "edges": [[a, b] for upper, lower in pairwise(layers) for a in upper for b in lower],
    }


def nested_graph(seed: int) -> dict[str, Any]:
    """Boxes within boxes, up to four deep, some of them empty, with lines that leave them."""
    chance = random.Random(seed)
    boxes = [f"g{number}" for number in range(chance.randint(1, 9))]
    groups = {box: chance.choice([None, *boxes[:number]]) for number, box in enumerate(boxes)}
    nodes = [f"n{number}" for number in range(chance.randint(3, 40))]
    parent = {node: chance.choice(boxes) for node in nodes if chance.random() < 0.8}
    pairs = {(chance.choice(nodes), chance.choice(nodes)) for _ in range(round(len(nodes) * 1.4))}
    return {
        "name": f"nested-{seed}",
        "nodes": nodes,
        "edges": [list(pair) for pair in sorted(pairs)],
        "parent": parent,
        "groups": groups,
    }
