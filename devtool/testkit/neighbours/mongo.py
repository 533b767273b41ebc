"""A wire-protocol test server on loopback: MongoDB's protocol over mongomock, no MongoDB.

It speaks what a driver needs to find, aggregate and be told no: the legacy
handshake, messages, cursors in batches, errors by code. What MongoDB itself
does with a pipeline it only imitates, as far as mongomock does. ``commands``
keeps all that was asked, so that a test sees that nothing was ever written.

    python3 -m devtool.testkit.neighbours.mongo devtool/sample/inventory.json --port 27018
"""

from __future__ import annotations

import argparse
import copy
import itertools
import json
import re
import socketserver
import struct
import threading
import time
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import bson
from bson import Int64, ObjectId

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import mongomock
NAME = "wire-protocol test server (mongomock)"
DATABASE = "maestro-client"
HEX = re.compile(r"[0-9a-f]{24}")
HEADER = struct.Struct("<iiii")
OP_REPLY, OP_QUERY, OP_MSG = 1, 2004, 2013
MORE_TO_COME, CHECKSUM = 2, 1
BATCH = 101
TOO_LARGE = 10334
Reply = dict[str, Any]


class Refused(Exception):
    """A command this server answers with an error ``code``."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(reason)
        self.code = code


class MongoServer:
    """The documents, and ``commands``: the name and body of all that was asked, handshakes left out.

    ``answer_limit``: bytes a ``$graphLookup`` may gather before it fails as MongoDB
    does at 16 MB. ``without`` are the aggregation's stages it does not know,
    and the code it says so with. ``refuse_with`` is the error code every read fails with;
    ``delay`` seconds it waits before each answer to a read.
    """

    def __init__(self, documents: Mapping[str, list[dict[str, Any]]], *, answer_limit: int = 16 * 1024 * 1024) -> None:
        self.commands: list[tuple[str, dict[str, Any]]] = []
        self.answer_limit = answer_limit
        self.without: dict[str, int] = {}
        self.refuse_with = 0
        self.delay = 0.0
        self._lock = threading.Lock()
        self._cursors: dict[int, tuple[str, list[dict[str, Any]]]] = {}
        self._numbers = itertools.count(1)
        self._database: Any = mongomock.MongoClient()[DATABASE]
        for name, held in documents.items():
            if held:
                self._database[name].insert_many([as_stored(document) for document in copy.deepcopy(held)])

    @contextmanager
    def serve(self, port: int = 0) -> Iterator[str]:
        """Listen until the block ends; gives the connection string."""
        with Listener(("127.0.0.1", port), Connection) as listener:
            listener.owner = self
            thread = threading.Thread(target=listener.serve_forever, args=(0.05,), daemon=True)
            thread.start()
            try:
                yield f"mongodb://127.0.0.1:{listener.server_address[1]}/{DATABASE}"
            finally:
                listener.shutdown()
                thread.join()

    def answer(self, command: dict[str, Any]) -> Reply:
        """The reply to one command."""
        name = next(iter(command))
        try:
            match name.lower():
                case "hello" | "ismaster":
                    return hello()
                case "ping" | "endsessions" | "killcursors":
                    return {"ok": 1.0}
                case "find" | "aggregate" | "getmore":
                    return self._read(name.lower(), command)
            self._note(name, command)
            raise Refused(59, f"no such command: {name}")
        except Refused as exc:
            return {"ok": 0.0, "code": exc.code, "errmsg": f"{exc} (db-host.internal)"}
        except Exception as exc:  # whatever mongomock cannot do is an error of the question
            return {"ok": 0.0, "code": 9, "errmsg": f"{type(exc).__name__}: {exc}"}

    def _note(self, name: str, command: dict[str, Any]) -> None:
        with self._lock:
            self.commands.append((name, command))

    def _read(self, name: str, command: dict[str, Any]) -> Reply:
        self._note(name, command)
        if self.delay:
            time.sleep(self.delay)
        if self.refuse_with:
            raise Refused(self.refuse_with, "refused as asked")
        if name == "getmore":
            with self._lock:
                collection, rest = self._cursors.pop(int(command["getMore"]), ("", []))
            return self._batch(collection, rest, int(command.get("batchSize", BATCH)), "nextBatch")
        with self._lock:
            collection = str(command[name])
            held = self._database[collection]
            found = (
                list(held.find(command.get("filter") or {}, command.get("projection") or None))
                if name == "find"
                else self._aggregate(collection, command["pipeline"])
            )
        asked = command.get("batchSize") or command.get("cursor", {}).get("batchSize") or BATCH
        return self._batch(collection, found, int(asked), "firstBatch")

    def _aggregate(self, collection: str, pipeline: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """A pipeline's documents. The walk over a graph is our own: mongomock searches all documents at each step."""
        for stage in (name for step in pipeline for name in step if name in self.without):
            raise Refused(self.without[stage], f"unrecognized pipeline stage name: {stage}")
        at = next((number for number, step in enumerate(pipeline) if "$graphLookup" in step), None)
        if at is None:
            return list(self._database[collection].aggregate(pipeline))
        before = list(self._database[collection].aggregate(pipeline[:at]))
        asked, after = pipeline[at]["$graphLookup"], pipeline[at + 1 :]
        walked = [{**document, asked["as"]: self._walk(document, asked)} for document in before]
        if after and after[0] == {"$unwind": f"${asked['as']}"}:  # one step with the lookup, as in MongoDB
            after = after[1:]
            walked = [{**one, "_id": ObjectId(), asked["as"]: each} for one in walked for each in one[asked["as"]]]
        between: Any = mongomock.MongoClient()[DATABASE]["between"]
        if walked:
            between.insert_many(walked)
        return list(between.aggregate(after))

    def _walk(self, document: dict[str, Any], asked: Mapping[str, Any]) -> list[dict[str, Any]]:
        """All that ``$graphLookup`` reaches from ``document``; too much of it is an error, as in MongoDB."""
        if asked["connectToField"] != "_id":
            raise Refused(9, "this server walks to _id only")
        eligible = self._database[asked["from"]].find(asked.get("restrictSearchWithMatch", {}))
        held = {one["_id"]: one for one in eligible}
        found: dict[Any, dict[str, Any]] = {}
        waiting = reach(document, asked["startWith"].removeprefix("$"))
        while waiting:
            key = waiting.pop()
            if key in held and key not in found:
                found[key] = held[key]
                waiting += reach(held[key], asked["connectFromField"])
        if sum(len(bson.encode(one)) for one in found.values()) > self.answer_limit:
            raise Refused(TOO_LARGE, "BSONObj size is invalid")
        return list(found.values())

    def _batch(self, collection: str, found: list[dict[str, Any]], size: int, name: str) -> Reply:
        number = 0
        if len(found) > size:
            with self._lock:
                number = next(self._numbers)
                self._cursors[number] = (collection, found[size:])
        return {
            "cursor": {"id": Int64(number), "ns": f"{DATABASE}.{collection}", name: found[:size]},
            "ok": 1.0,
        }


def reach(value: Any, path: str) -> list[Any]:
    """The values under a dotted path, lists on the way looked into."""
    found = [value]
    for name in path.split("."):
        found = [part for held in found for part in (held if isinstance(held, list) else [held])]
        found = [part[name] for part in found if isinstance(part, dict) and name in part]
    return [part for held in found for part in (held if isinstance(held, list) else [held])]


def hello() -> Reply:
    """What a lone server says of itself."""
    return {
        "ismaster": True,
        "isWritablePrimary": True,
        "helloOk": True,
        "maxBsonObjectSize": 16 * 1024 * 1024,
        "maxMessageSizeBytes": 48_000_000,
        "maxWriteBatchSize": 100_000,
        "minWireVersion": 0,
        "maxWireVersion": 21,
        "readOnly": False,
        "ok": 1.0,
    }


def as_stored(value: Any, key: str = "") -> Any:
    """A document of the Data App as the database holds it: 24 hex digits under ``_id`` are ObjectIds."""
    if isinstance(value, dict):
        return {name: as_stored(held, name) for name, held in value.items()}
    if isinstance(value, list):
        return [as_stored(held, key) for held in value]
    return ObjectId(value) if key == "_id" and isinstance(value, str) and HEX.fullmatch(value) else value


class Listener(socketserver.ThreadingTCPServer):
    """Accepts drivers; ``owner`` answers them."""

    allow_reuse_address = True
    daemon_threads = True
    block_on_close = False
    owner: MongoServer


class Connection(socketserver.BaseRequestHandler):
    """One driver's connection."""

    server: Listener

    def handle(self) -> None:
        """Answer message after message until the driver goes."""
        try:
            while True:
                length, request, _, code = HEADER.unpack(self._take(HEADER.size))
                body = self._take(length - HEADER.size)
                if code == OP_QUERY:
                    reply = struct.pack("<iqii", 8, 0, 0, 1) + bson.encode(self.server.owner.answer(queried(body)))
                    self._send(request, OP_REPLY, reply)
                elif code == OP_MSG:
                    flags, command = message(body)
                    reply = struct.pack("<IB", 0, 0) + bson.encode(self.server.owner.answer(command))
                    if not flags & MORE_TO_COME:
                        self._send(request, OP_MSG, reply)
                else:
                    return
        except (EOFError, OSError):
            return

    def _take(self, size: int) -> bytes:
        taken = bytearray()
        while len(taken) < size:
            piece = self.request.recv(size - len(taken))
            if not piece:
                raise EOFError
            taken += piece
        return bytes(taken)

    def _send(self, request: int, code: int, body: bytes) -> None:
        self.request.sendall(HEADER.pack(HEADER.size + len(body), 0, request, code) + body)


def queried(body: bytes) -> dict[str, Any]:
    """The command of a legacy query: flags, a collection's name, two numbers, a document."""
    start = body.index(b"\0", 4) + 1 + 8
    (length,) = struct.unpack_from("<i", body, start)
    document = bson.decode(body[start : start + length])
    inner: dict[str, Any] = document.get("$query", document)
    return inner


def message(body: bytes) -> tuple[int, dict[str, Any]]:
    """The flags and the command of a message; sequences of documents join it under their names."""
    (flags,) = struct.unpack_from("<I", body)
    end = len(body) - (4 if flags & CHECKSUM else 0)
    command: dict[str, Any] = {}
    at = 4
    while at < end:
        kind = body[at]
        (size,) = struct.unpack_from("<i", body, at + 1)
        piece = body[at + 1 : at + 1 + size]
        if kind == 0:
            command = {**bson.decode(piece), **command}
        else:
            stop = piece.index(b"\0", 4)
            command[piece[4:stop].decode()] = bson.decode_all(piece[stop + 1 :])
        at += 1 + size
    return flags, command


def main() -> None:
    """Serve a file's inventory until interrupted."""
    parser = argparse.ArgumentParser(prog="mongo", description=__doc__)
    parser.add_argument("inventory", type=Path)
    parser.add_argument("--port", type=int, default=27018)
    options = parser.parse_args()
    with MongoServer(json.loads(options.inventory.read_text())).serve(options.port) as uri:
        print(f"{NAME}: {uri}", flush=True)
        threading.Event().wait()


if __name__ == "__main__":
    main()
