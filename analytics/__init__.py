"""Analytics Maestro: turns an IT inventory into architecture diagrams. Plugins import their parts from here."""

from .about import VERSION
from .pipeline.context import Context
from .pipeline.stage import GraphType, Insertion, Stage, hookimpl

__all__ = ["Context", "GraphType", "Insertion", "Stage", "hookimpl"]
__version__ = VERSION
