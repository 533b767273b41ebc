"""Where the inventory is kept: a file, the Data App over HTTP, MongoDB directly, or what a plugin reads.

All of them answer alike (:class:`analytics.documents.ports.Source`; one contract test
holds them together), and :class:`OwnedInventory` is one owner's checked view of any.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import TYPE_CHECKING, Any

from ..documents.ports import Source
from ..errors import SettingsError
from ..settings import Settings, scheme_of
from .file import open_file
from .handwritten import COLLECTIONS, Contents, contents
from .kept import KeptSource
from .kinds import SourceKind
from .owned import OwnedInventory

if TYPE_CHECKING:
    from .dataapp import DataApp

__all__ = [
    "COLLECTIONS",
    "Contents",
    "DataApp",
    "KeptSource",
    "OwnedInventory",
    "SourceKind",
    "contents",
    "open_file",
    "open_source",
]


def open_source(settings: Settings, kinds: Mapping[str, SourceKind]) -> Source:
    """The source that ``MAESTRO_DATA_URI`` names, by its scheme. Nothing is read or connected yet.

    ``kinds`` are those that plugins offer, by scheme. Raises
    :class:`~analytics.errors.SettingsError` where none of them answers for the scheme.
    """
    kind = kinds.get(scheme_of(settings.data_uri))
    if kind is None:
        known = ", ".join(f"{scheme}://" for scheme in sorted(kinds) if scheme)
        raise SettingsError(f"MAESTRO_DATA_URI: begins with none of {known}, and is not a path")
    return kind.open(settings.data_uri, settings)


def __getattr__(name: str) -> Any:
    if name != "DataApp":  # it alone needs the libraries of HTTP
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return import_module(".dataapp", __name__).DataApp
