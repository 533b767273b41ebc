"""How each kind of inventory of this service's own is opened, by its address. Nothing is read or connected yet."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import unquote, urlsplit

from ..documents.ports import Source
from ..errors import SettingsError
from ..extras import missing
from ..settings import Settings, scheme_of
from .file import open_file


def open_path(uri: str, _settings: Settings) -> Source:
    """A file by its path or ``file://`` URL."""
    return open_file(path_of(uri))


def open_data_app(uri: str, settings: Settings) -> Source:
    """The Data App of this ecosystem; the libraries of HTTP are loaded only where it is used."""
    from .dataapp import DataApp

    return DataApp(uri, settings.secret, settings.noauth)


def open_mongo(uri: str, _settings: Settings) -> Source:
    """A database; its driver is loaded only where it is used."""
    try:
        from .mongo import open_database
    except ModuleNotFoundError as exc:
        raise missing("mongo", "reading a MongoDB") from exc
    return open_database(uri)


def path_of(uri: str) -> Path:
    """The path of a ``file://`` URL, or of a plain path.

    >>> path_of("file:///srv/our%20estate.json").as_posix(), path_of("file://localhost/srv/a.json").as_posix()
    ('/srv/our estate.json', '/srv/a.json')
    """
    if not scheme_of(uri):
        return Path(uri).expanduser()
    parts = urlsplit(uri)
    if parts.netloc not in ("", "localhost"):
        raise SettingsError("MAESTRO_DATA_URI: a file:// URL needs three slashes, as in file:///srv/inventory.json")
    return Path(unquote(parts.path))
