"""Where the inventory is kept: a file, the Data App over HTTP, or MongoDB directly.

All of them answer alike (:class:`analytics.documents.ports.Source`; one contract test
holds them together), and :class:`OwnedInventory` is one owner's checked view of any.
"""

from __future__ import annotations

from pathlib import Path
from urllib.parse import unquote, urlsplit

from ..documents.ports import Source
from ..errors import SettingsError
from ..extras import missing
from ..settings import Settings
from .dataapp import DataApp
from .file import FileSource
from .owned import OwnedInventory

__all__ = ["DataApp", "FileSource", "OwnedInventory", "open_source"]


def open_source(settings: Settings) -> Source:
    """The source that ``MAESTRO_DATA_URI`` names.

    ``http(s)://`` is a Data App, ``mongodb://`` and ``mongodb+srv://`` a database,
    ``file://`` or a plain path a JSON or YAML file. Nothing is read or connected yet.

    Raises :class:`~analytics.errors.SettingsError` for anything else.
    """
    uri = settings.data_uri
    scheme, separator, _ = uri.partition("://")
    if not separator:
        return FileSource(Path(uri).expanduser())
    match scheme.lower():
        case "http" | "https":
            return DataApp(uri, settings.secret, settings.noauth)
        case "file":
            return FileSource(_path(uri))
        case "mongodb" | "mongodb+srv":
            return _mongo(uri)
    raise SettingsError(
        "MAESTRO_DATA_URI: begins with none of http://, https://, mongodb://, file://, and is not a path"
    )


def _path(uri: str) -> Path:
    """The path of a ``file://`` URL.

    >>> _path("file:///srv/our%20estate.json").as_posix(), _path("file://localhost/srv/a.json").as_posix()
    ('/srv/our estate.json', '/srv/a.json')
    """
    parts = urlsplit(uri)
    if parts.netloc not in ("", "localhost"):
        raise SettingsError("MAESTRO_DATA_URI: a file:// URL needs three slashes, as in file:///srv/inventory.json")
    return Path(unquote(parts.path))


def _mongo(uri: str) -> Source:
    """A database; its driver is loaded only where it is used."""
    try:
        from .mongo import open_database
    except ModuleNotFoundError as exc:
        raise missing("mongo", "reading a MongoDB") from exc
    return open_database(uri)
