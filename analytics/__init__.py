"""Analytics Maestro: turns an IT inventory into architecture diagrams. Plugins import their parts from here."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from .about import VERSION

if TYPE_CHECKING:
    from .pipeline.context import Context
    from .pipeline.stage import GraphType, Insertion, Stage, hookimpl

__all__ = ["Context", "GraphType", "Insertion", "Stage", "hookimpl"]
__version__ = VERSION

#: Where each part stands. It is imported when it is first asked for: `--help` asks for none.
_PARTS = {
    "Context": ".pipeline.context",
    "GraphType": ".pipeline.stage",
    "Insertion": ".pipeline.stage",
    "Stage": ".pipeline.stage",
    "hookimpl": ".pipeline.stage",
}


def __getattr__(name: str) -> Any:
    if name not in _PARTS:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_PARTS[name], __name__), name)
