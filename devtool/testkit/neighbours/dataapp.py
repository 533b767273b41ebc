"""A Data App on loopback: the inventory's wire format with its quirks, over documents in memory.

Pages hold 200 items unless asked otherwise, ``total_pages`` is one too high,
queries need 24-hex ids under ``_id``, aggregations begin with a ``$match`` that
names an owner. It trusts its callers: whoever leaves out ``roles._id`` gets what
belongs to others, so that a test can see the difference.

    python3 -m devtool.testkit.neighbours.dataapp devtool/sample/inventory.json --port 5010
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import hmac
import json
import re
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from devtool.testkit.faults.server import Request, Response, Server

PAGE = 200
HEX = re.compile(r"[0-9a-f]{24}")
COLLECTIONS = frozenset(
    {
        "systems",
        "applications",
        "servers",
        "clients",
        "datacenters",
        "networks",
        "volumes",
        "images",
        "snapshots",
        "flavors",
        "graphs",
    }
)
SECRET, NOAUTH = "defaultSecretKeyPrivate", "defaultSecretNoAuthToken"
Documents = dict[str, list[dict[str, Any]]]


class Refused(Exception):
    """A request this server answers with ``status``."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status = status


class DataApp:
    """The documents, and what was written: ``written`` lists the bodies of ``PUT /graphs`` in order.

    ``queries`` and ``pipelines`` list what was asked. ``document_limit`` is the
    number of items an aggregation may answer before it fails as MongoDB does.
    """

    def __init__(
        self,
        documents: Documents,
        *,
        secret: str = SECRET,
        noauth: str = NOAUTH,
        document_limit: int = 100_000,
    ) -> None:
        self.documents = documents
        self.document_limit = document_limit
        self.written: list[dict[str, Any]] = []
        self.queries: list[dict[str, Any]] = []
        self.pipelines: list[list[dict[str, Any]]] = []
        self._secret = secret
        self._noauth = noauth
        self._lock = threading.RLock()

    def serve(self, port: int = 0) -> Server:
        """Start answering."""
        return Server(self.respond, port)

    def respond(self, request: Request) -> Response:
        """Answer one request as the Data App would."""
        try:
            check_token(request.headers.get("authorization", ""), self._secret, self._noauth)
            return Response(body=self._answer(request))
        except Refused as exc:
            return Response(exc.status, {"error": {"msg": str(exc)}})

    def _answer(self, request: Request) -> dict[str, Any]:
        try:
            body = json.loads(request.body)
        except ValueError:
            raise Refused(422, "no JSON") from None
        collection = request.path.strip("/")
        if (request.method, request.path) == ("PUT", "/graphs"):
            return self._write(body)
        if (request.method, request.path) == ("POST", "/aggregate"):
            return self._aggregate(body)
        if request.method == "POST" and collection in COLLECTIONS:
            return self._page(collection, body)
        raise Refused(404, "no such resource")

    def _page(self, collection: str, body: Mapping[str, Any]) -> dict[str, Any]:
        query = json.loads(body["query"])
        limit, page = int(body.get("limit", PAGE)), int(body.get("page", 1))
        with self._lock:
            self.queries.append(query)
        for key, value in query.items():
            if (key == "_id" or key.endswith("._id")) and not all(HEX.fullmatch(one) for one in as_list(value)):
                raise Refused(422, f"{key}: not an ObjectId")
        found = [document for document in self.near(collection, query) if matches(document, query)]
        return {
            "found": len(found),
            "total_pages": len(found) // limit + 2 if found else 1,
            "page": page,
            "limit": limit,
            "items": found[(page - 1) * limit : page * limit],
        }

    def near(self, collection: str, query: Mapping[str, Any]) -> Sequence[dict[str, Any]]:
        """The documents that a query may mean: all of them."""
        return self.documents.get(collection, [])

    def _aggregate(self, body: Mapping[str, Any]) -> dict[str, Any]:
        pipeline = json.loads(body["pipeline"])
        with self._lock:
            self.pipelines.append(pipeline)
        if not pipeline or "roles._id" not in pipeline[0].get("$match", {}):
            raise Refused(422, "the first stage must match roles._id")
        items = run_pipeline(self.documents, body["entity"], pipeline)
        if len(items) > self.document_limit:
            raise Refused(500, "BSONObj size is invalid")
        return {"items": items}

    def _write(self, body: Mapping[str, Any]) -> dict[str, Any]:
        with self._lock:
            for change in body["body"]:
                self.written.append(change)
                held = self.documents.setdefault("graphs", [])
                named = self.near("graphs", {"_id": change["_id"]})
                graph = next((one for one in named if one["_id"] == change["_id"]), None)
                if graph is None:
                    graph = {"_id": change["_id"]}
                    held.append(graph)
                graph.update({name: value for name, value in change.items() if value is not None})
        return {"updated": len(body["body"])}

    def statuses(self, graph: str) -> list[str]:
        """The statuses written for a graph, in order."""
        with self._lock:
            return [one["status"] for one in self.written if one["_id"] == graph and "status" in one]


def check_token(header: str, secret: str, noauth: str) -> dict[str, Any]:
    """The claims of a ``JWT`` header; anything wrong with it is a 401."""
    try:
        scheme, token = header.split(" ")
        signed, _, signature = token.rpartition(".")
        wanted = hmac.new(secret.encode(), signed.encode(), hashlib.sha256).digest()
        claims = json.loads(unpadded(signed.split(".")[1]))
        if scheme != "JWT" or not hmac.compare_digest(unpadded(signature), wanted):
            raise Refused(401, "bad signature")
        if claims.get("exp", 1 << 40) < time.time() or noauth not in (claims.get("noauth"), claims.get("token")):
            raise Refused(401, "not allowed")
    except (ValueError, IndexError, AttributeError):
        raise Refused(401, "no token") from None
    return dict(claims)


def unpadded(text: str) -> bytes:
    """Base64url without its padding."""
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def as_list(value: Any) -> list[Any]:
    """A list as it is, anything else as a list of one."""
    return value if isinstance(value, list) else [value]


def reach(value: Any, path: str) -> list[Any]:
    """The values under a dotted path, lists on the way looked into."""
    found = [value]
    for name in path.split("."):
        found = [part[name] for one in found for part in as_list(one) if isinstance(part, dict) and name in part]
    return [part for one in found for part in as_list(one)]


def matches(document: Mapping[str, Any], query: Mapping[str, Any]) -> bool:
    """Whether a document meets a query of equalities, lists of ids, ``$in`` and ``$ne``."""
    for path, wanted in query.items():
        held = reach(document, path)
        if isinstance(wanted, dict):
            if "$in" in wanted and not any(value in wanted["$in"] for value in held):
                return False
            if "$ne" in wanted and document.get(path) == wanted["$ne"]:
                return False
            if unknown := wanted.keys() - {"$in", "$ne"}:
                raise Refused(500, f"unknown operator {sorted(unknown)}")
        elif not any(value in as_list(wanted) for value in held):
            return False
    return True


# --- aggregation: the stages the service uses ------------------------------------------


def run_pipeline(documents: Documents, entity: str, pipeline: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The result of a pipeline over a collection; an unknown stage is a 500, as it is there."""
    items = list(documents.get(entity, []))
    for stage in pipeline:
        ((name, specification),) = stage.items()
        if name not in STAGES:
            raise Refused(500, f"Unrecognized pipeline stage name: {name}")
        items = STAGES[name](items, specification, documents)
    return items


Stage = Callable[[list[dict[str, Any]], Any, Documents], list[dict[str, Any]]]


def match(items: list[dict[str, Any]], query: Any, documents: Documents) -> list[dict[str, Any]]:
    """``$match``."""
    return [item for item in items if matches(item, query)]


def project(items: list[dict[str, Any]], fields: Any, documents: Documents) -> list[dict[str, Any]]:
    """``$project`` of whole fields, or of one field of the objects in a list; ``_id`` always comes along."""

    def projected(item: dict[str, Any]) -> dict[str, Any]:
        kept: dict[str, Any] = {"_id": item.get("_id")}
        for path in fields:
            name, _, inner = path.partition(".")
            if name in item:
                value = item[name]
                parts = [{inner: part[inner]} for part in as_list(value) if isinstance(part, dict) and inner in part]
                kept[name] = value if not inner else parts if isinstance(value, list) else next(iter(parts), {})
        return kept

    return [projected(item) for item in items]


def unwind(items: list[dict[str, Any]], path: Any, documents: Documents) -> list[dict[str, Any]]:
    """``$unwind`` of a top-level field."""
    name = path.removeprefix("$")
    return [{**item, name: part} for item in items if name in item for part in as_list(item[name])]


def group(items: list[dict[str, Any]], specification: Any, documents: Documents) -> list[dict[str, Any]]:
    """``$group`` by one value (or all in one) with ``$push``."""
    groups: dict[Any, dict[str, Any]] = {}
    for item in items:
        by = specification["_id"]
        key = next(iter(reach(item, by.removeprefix("$"))), None) if isinstance(by, str) else by
        held = groups.setdefault(key, {"_id": key})
        for name, accumulator in specification.items():
            if name != "_id":
                held.setdefault(name, []).extend(reach(item, accumulator["$push"].removeprefix("$")))
    return list(groups.values())


def replace_root(items: list[dict[str, Any]], specification: Any, documents: Documents) -> list[dict[str, Any]]:
    """``$replaceRoot``."""
    return [item[specification["newRoot"].removeprefix("$")] for item in items]


def lookup(items: list[dict[str, Any]], specification: Any, documents: Documents) -> list[dict[str, Any]]:
    """``$lookup`` by equality."""
    others: dict[Any, list[dict[str, Any]]] = {}
    for other in documents.get(specification["from"], []):
        for key in reach(other, specification["foreignField"]):
            others.setdefault(key, []).append(other)
    return [
        {
            **item,
            specification["as"]: [
                other for key in reach(item, specification["localField"]) for other in others.get(key, [])
            ],
        }
        for item in items
    ]


def graph_lookup(items: list[dict[str, Any]], specification: Any, documents: Documents) -> list[dict[str, Any]]:
    """``$graphLookup`` without a depth limit."""
    restriction = specification.get("restrictSearchWithMatch", {})
    others: dict[Any, list[dict[str, Any]]] = {}
    for other in documents.get(specification["from"], []):
        if matches(other, restriction):
            for key in reach(other, specification["connectToField"]):
                others.setdefault(key, []).append(other)

    def reached(item: dict[str, Any]) -> list[dict[str, Any]]:
        found: dict[str, dict[str, Any]] = {}
        waiting = reach(item, specification["startWith"].removeprefix("$"))
        seen = set()
        while waiting:
            key = waiting.pop()
            if key in seen:
                continue
            seen.add(key)
            for other in others.get(key, []):
                found[other["_id"]] = other
                waiting += reach(other, specification["connectFromField"])
        return list(found.values())

    return [{**item, specification["as"]: reached(item)} for item in items]


STAGES: dict[str, Stage] = {
    "$match": match,
    "$project": project,
    "$unwind": unwind,
    "$group": group,
    "$replaceRoot": replace_root,
    "$lookup": lookup,
    "$graphLookup": graph_lookup,
}


def main() -> None:
    """Serve an inventory file until interrupted."""
    parser = argparse.ArgumentParser(
        prog="python3 -m devtool.testkit.neighbours.dataapp", description="A Data App on loopback."
    )
    parser.add_argument("inventory", type=Path)
    parser.add_argument("--port", type=int, default=5010)
    options = parser.parse_args()
    server = DataApp(json.loads(options.inventory.read_text())).serve(options.port)
    print(f"Data App on {server.url}", flush=True)
    try:
        threading.Event().wait()
    except KeyboardInterrupt:
        server.stop()


if __name__ == "__main__":
    main()
