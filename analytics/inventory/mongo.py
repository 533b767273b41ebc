"""MongoDB directly: the collections the Data App serves, read without it.

Only ``find`` and ``aggregate`` are ever sent. The owner's clause is merged last
into every query, and each hop of a lookup is restricted to the owner's active
documents. Ids and dates come out as texts, as they do from the Data App.
"""

from __future__ import annotations

import datetime
import os
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any
from urllib.parse import unquote, urlsplit

import pymongo
from bson import Decimal128, ObjectId
from bson.errors import BSONError
from pymongo import errors
from pymongo.uri_parser import parse_uri

from ..documents.ports import Where
from ..documents.values import Document
from ..errors import InventoryError, SettingsError
from .dataapp import OBJECT_ID, by_id, chunks, reach_pipeline
from .visible import dependencies

NAME = "MongoDB"
#: Seconds one question may take in all, and those of its parts.
OPERATION_SECONDS, SELECTION_SECONDS, CONNECT_SECONDS, SOCKET_SECONDS = 25.0, 5.0, 5.0, 20.0
#: Ids in one query; longer lists are asked in several.
IDS = 20_000
#: Not authorised, authentication failed: asking again does not help.
REFUSED = frozenset({13, 18})
Answer = list[Document]


def open_database(uri: str) -> MongoDB:
    """The database a connection string names; nothing is connected yet.

    Raises :class:`~analytics.errors.SettingsError`, which never repeats the string: it may hold a password.
    """
    try:
        parts = urlsplit(uri)
        if parts.scheme == "mongodb":  # the other form would ask a name server
            parse_uri(uri)
    except (errors.PyMongoError, ValueError):
        raise SettingsError("MAESTRO_DATA_URI: not a MongoDB connection string") from None
    database = unquote(parts.path.strip("/"))
    if not database or "/" in database:
        raise SettingsError("MAESTRO_DATA_URI: name the database, as in mongodb://host:27017/maestro-client")
    return MongoDB(uri, database)


class MongoDB:
    """:class:`analytics.documents.ports.Source` over the database ``name`` behind ``uri``."""

    def __init__(self, uri: str, name: str, *, seconds: float = OPERATION_SECONDS) -> None:
        self._uri = uri
        self._name = name
        self._seconds = seconds
        self._lock = threading.Lock()
        self._connected: tuple[int, pymongo.MongoClient[dict[str, Any]]] | None = None

    def documents(self, collection: str, owner: str, where: Where) -> list[Document]:
        """The owner's active documents that match ``where``, sorted by id."""
        found: dict[str, Document] = {}
        with self._asking():
            for query in queries(where):
                found |= by_id(self._find(collection, owner, query), owner)
        return [found[key] for key in sorted(found)]

    def reachable(self, owner: str, roots: Sequence[str]) -> list[Document]:
        """The applications of ``roots`` and all they lead to, sorted by id."""
        wanted = {root for root in roots if OBJECT_ID.fullmatch(root)}
        with self._asking():
            found = self._looked_up(owner, sorted(wanted))
            frontier = wanted.union(*map(dependencies, found.values())) - found.keys()
            asked: set[str] = set()
            while frontier:
                asked |= frontier
                level: dict[str, Document] = {}
                for query in queries({"_id": sorted(frontier)}):
                    level |= by_id(self._find("applications", owner, query), owner)
                found |= level
                frontier = set[str]().union(*map(dependencies, level.values())) - found.keys() - asked
        return [found[key] for key in sorted(found)]

    def owners(self) -> list[str]:
        """Nobody asks a whole database who is in it."""
        return []

    def close(self) -> None:
        """Give back connections."""
        with self._lock:
            if self._connected is not None and self._connected[0] == os.getpid():
                self._connected[1].close()
            self._connected = None

    def _looked_up(self, owner: str, roots: list[str]) -> dict[str, Document]:
        """What one aggregation finds from ``roots``, or nothing where the server cannot make it."""
        if not roots or len(roots) > IDS:
            return {}
        return by_id(self._aggregate("applications", reach_pipeline(owner, roots)) or (), owner)

    def _find(self, collection: str, owner: str, query: Mapping[str, Any]) -> Answer:
        mine = stored({**query, "roles._id": owner, "active": True})
        return [plain_document(document) for document in self._database()[collection].find(mine)]

    def _aggregate(self, collection: str, pipeline: list[dict[str, Any]]) -> Answer | None:
        """What a pipeline finds; nothing where the server cannot make it.

        Its document would grow too large, or the server has no such stage: DocumentDB and the emulators
        have codes of their own for that. Plain questions, level by level, then take its place; a server
        that answers nothing at all refuses those as well.
        """
        steps = [stored(step) for step in pipeline]
        try:
            return [plain_document(document) for document in self._database()[collection].aggregate(steps)]
        except errors.OperationFailure as exc:
            if exc.timeout or exc.code in REFUSED or failure(exc).transient:
                raise
            return None

    def _database(self) -> pymongo.database.Database[dict[str, Any]]:
        """The database over a client of this process: one must not be carried over a fork."""
        with self._lock:
            if self._connected is None or self._connected[0] != os.getpid():
                self._connected = (os.getpid(), connect(self._uri))
            return self._connected[1][self._name]

    @contextmanager
    def _asking(self) -> Iterator[None]:
        """One question: everything in it shares one deadline, and what goes wrong is said in our words."""
        try:
            with pymongo.timeout(self._seconds):
                yield
        except errors.PyMongoError as exc:
            raise failure(exc) from None
        except BSONError:
            raise InventoryError(f"{NAME} answered with something that is no document") from None


def connect(uri: str) -> pymongo.MongoClient[dict[str, Any]]:
    """A client that waits for nothing longer than it must."""
    return pymongo.MongoClient(
        uri,
        appname="analytics-maestro",
        connect=False,
        maxPoolSize=4,
        serverSelectionTimeoutMS=int(SELECTION_SECONDS * 1000),
        connectTimeoutMS=int(CONNECT_SECONDS * 1000),
        socketTimeoutMS=int(SOCKET_SECONDS * 1000),
        datetime_conversion="DATETIME_AUTO",  # a date beyond the year 9999 is no reason to lose a document
        unicode_decode_error_handler="replace",
    )


def failure(exc: errors.PyMongoError) -> InventoryError:
    """What went wrong, without a word of the driver's or the server's: they repeat hosts, queries and names.

    >>> failure(errors.AutoReconnect("db-1.internal:27017: closed")).args, failure(errors.NetworkTimeout("")).transient
    (('MongoDB cannot be reached',), True)
    """
    if exc.timeout:
        return InventoryError(f"{NAME} did not answer in time", transient=True)
    if isinstance(exc, errors.ConnectionFailure):
        return InventoryError(f"{NAME} cannot be reached", transient=True)
    if isinstance(exc, errors.OperationFailure):
        if exc.code in REFUSED:
            return InventoryError(f"{NAME} does not let us read (code {exc.code})")
        transient = exc.has_error_label("RetryableError") or exc.code in RETRYABLE
        return InventoryError(f"{NAME} refused a question (code {exc.code})", transient=transient)
    if isinstance(exc, errors.ConfigurationError):
        return InventoryError(f"{NAME} cannot be asked as MAESTRO_DATA_URI says")
    return InventoryError(f"{NAME}: {type(exc).__name__}")


#: Elections, shutdowns, interrupted work: another try may succeed.
RETRYABLE = frozenset({6, 7, 50, 64, 89, 91, 134, 189, 262, 9001, 10107, 11600, 11602, 13435, 13436})


def queries(where: Where) -> Iterator[dict[str, Any]]:
    """``where`` as queries that together find what it asks for; an id that is not 24 hex digits is nobody's here.

    >>> list(queries({"family": ["Vpc"]})), list(queries({"_id": ["web"]})), list(queries({}))
    ([{'family': {'$in': ['Vpc']}}], [], [{}])
    """
    fields = {}
    for field, values in sorted(where.items()):
        distinct = sorted({value for value in values if isinstance(value, str)})
        fields[field] = [value for value in distinct if not is_id(field) or OBJECT_ID.fullmatch(value)]
    if not all(fields.values()):
        return
    longest = max(fields, key=lambda field: len(fields[field]), default="")
    for chunk in chunks(fields.get(longest, [""]), IDS):
        yield {field: {"$in": chunk if field == longest else values} for field, values in fields.items()}


def is_id(field: str) -> bool:
    """Whether a field holds ids."""
    return field == "_id" or field.endswith("._id")


def stored(value: Any, *, ids: bool = False) -> Any:
    """A question as the database keeps things: 24 hex digits under an id's field are an ObjectId.

    >>> stored({"roles._id": "5e8f00000000000000000001", "name": "5e8f00000000000000000001"})
    {'roles._id': ObjectId('5e8f00000000000000000001'), 'name': '5e8f00000000000000000001'}
    """
    if isinstance(value, dict):
        return {key: stored(held, ids=is_id(key) or (ids and key.startswith("$"))) for key, held in value.items()}
    if isinstance(value, list):
        return [stored(held, ids=ids) for held in value]
    return ObjectId(value) if ids and isinstance(value, str) and OBJECT_ID.fullmatch(value) else value


def plain_document(document: Mapping[str, Any]) -> Document:
    """A document with nothing in it that JSON could not hold."""
    return {key: plain(value) for key, value in document.items()}


def plain(value: Any) -> Any:
    """A value as the Data App would send it.

    >>> plain([ObjectId("5e8f00000000000000000001"), datetime.datetime(2026, 1, 2, 3, 4), b"x"])
    ['5e8f00000000000000000001', '2026-01-02T03:04:00', None]
    """
    if value is None or isinstance(value, (str, bool, int, float)):
        return value
    if isinstance(value, Mapping):
        return {str(key): plain(held) for key, held in value.items()}
    if isinstance(value, list):
        return [plain(held) for held in value]
    if isinstance(value, datetime.datetime):
        return value.isoformat()
    return str(value) if isinstance(value, (ObjectId, Decimal128)) else None
