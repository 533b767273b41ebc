"""``plugins``: every stage and graph type with its file, what it takes and what it gives."""

from __future__ import annotations

import argparse
from typing import Any

from ..pipeline.registry import load_configured
from ..settings import read


def add(subparsers: Any) -> None:
    """Describe the command."""
    command = subparsers.add_parser("plugins", help="list stages and graph types", description=__doc__)
    command.set_defaults(run=run)


def run(_args: argparse.Namespace) -> int:
    """Print the list; 1 when a plugin was refused."""
    registry = load_configured(read())
    print("Graph types")
    for name in sorted({graph.name for graph in registry.graph_types.values()}):
        graph = registry.graph_types[name]
        also = f" (also {', '.join(graph.aliases)})" if graph.aliases else ""
        print(f"  {name}{also}  {registry.sources[f'graph type {name!r}']}")
    print("Stages")
    for name in sorted(registry.stages):
        stage = registry.stages[name]
        takes = ", ".join(take.kind.__name__ + (" | None" if take.optional else "") for take in stage.takes)
        gives = stage.gives.__name__ if stage.gives else "nothing"
        world = ", the world" if stage.wants_context else ""
        print(f"  {name}  {registry.sources[f'stage {name!r}']}\n    ({takes}{world}) -> {gives}")
    for refused in registry.refused:
        print(f"refused: {refused.source}: {refused.reason}")
    return 1 if registry.refused else 0
