"""``plugins``: everything that plugin files offer, each with its file; of stages, what they take and give."""

from __future__ import annotations

import argparse
from typing import Any

from ..pipeline.registry import load_configured
from ..settings import read


def add(subparsers: Any) -> None:
    """Describe the command."""
    command = subparsers.add_parser("plugins", help="list what plugin files offer", description=__doc__)
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
        takes = ", ".join(take.words for take in stage.takes)
        gives = stage.gives.__name__ if stage.gives else "nothing"
        inserted = registry.insertions.get(name)
        into = f", after {inserted.after} in {', '.join(inserted.types)}" if inserted else ""
        world = ", the world" if stage.wants_context else ""
        print(f"  {name}  {registry.sources[f'stage {name!r}']}\n    ({takes}{world}) -> {gives}{into}")
    for title, known in (
        ("Providers", {f"provider {key!r}": one.name for key, one in registry.providers.items()}),
        ("Symbols", {f"symbol {key.casefold()!r}": key for key in registry.symbols}),
        ("Readers", {f"reader {key!r}": f"{key} ({one.title})" for key, one in registry.readers.items()}),
        ("Formats", {f"format {key!r}": f".{key} ({one.title})" for key, one in registry.formats.items()}),
        ("Packs of rules", {f"pack of rules {key!r}": f"{key} ({one.title})" for key, one in registry.packs.items()}),
        ("Rules", {f"rule {key!r}": f"{key} ({one.title})" for key, one in registry.rules.items()}),
        (
            "Inventories",
            {
                f"inventory {scheme + '://' if scheme else 'path'!r}": f"{scheme or 'path'} ({one.title})"
                for scheme, one in registry.inventories.items()
            },
        ),
    ):
        print(title)
        for key, words in known.items():
            print(f"  {words}  {registry.sources[key]}")
    for refused in registry.refused:
        print(f"refused: {refused.source}: {refused.reason}")
    return 1 if registry.refused else 0
