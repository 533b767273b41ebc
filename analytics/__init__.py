"""Analytics Maestro: turns an IT inventory into architecture diagrams. Plugins import their parts from here."""

from .plugin import GraphType, Stage, hookimpl
from .ports import Context

__all__ = ["Context", "GraphType", "Stage", "hookimpl"]
__version__ = "1.0.0"
