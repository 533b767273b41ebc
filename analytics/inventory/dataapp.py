"""The Data App: the inventory over HTTP.

Pages are read until all that was announced is in hand; an answer that stays
short of its announcement is an error, since a picture that lacks something
without saying so is worth nothing. What an application leads to is one
``$graphLookup`` in the database; whatever that did not bring (its answer may
pass MongoDB's document limit, or ours) is fetched level by level.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from typing import Any
from urllib.parse import quote

import orjson

from ..documents.ports import Where
from ..documents.values import Document, text
from ..errors import InventoryError
from ..transport import Deadline, Neighbour, TransportError, data_app_token
from .visible import belongs, dependencies

NAME = "The Data App"
#: Items asked for at a time, said in every request: what a page holds otherwise is the neighbour's affair.
PAGE = 200
#: Ids in one query; longer lists are asked in several.
IDS = 500
#: Documents of one collection that are read; who announces more is not believed.
MOST = 1_000_000
#: Ids in one pipeline; more are looked up level by level.
PIPELINE_IDS = 2_000
#: Seconds one question may take with all its pages and tries.
OPERATION_SECONDS = 25.0
#: How often a collection that changes under the reader is read anew.
READINGS = 3
OBJECT_ID = re.compile(r"[0-9a-f]{24}", re.IGNORECASE)


class DataApp:
    """:class:`analytics.documents.ports.Source` over the Data App at ``base``.

    ``secret`` signs our tokens and ``noauth`` is the word they carry.
    """

    def __init__(
        self,
        base: str,
        secret: str,
        noauth: str,
        *,
        seconds: float = OPERATION_SECONDS,
        try_seconds: float = 10.0,
        attempts: int = 3,
    ) -> None:
        self._app = Neighbour(
            NAME,
            base,
            headers=lambda: {"Authorization": f"JWT {data_app_token(secret, noauth)}"},
            seconds=seconds,
            try_seconds=try_seconds,
            attempts=attempts,
        )

    def documents(self, collection: str, owner: str, where: Where) -> list[Document]:
        """The owner's active documents that match ``where``, sorted by id."""
        deadline = Deadline.after(self._app.seconds)
        found: dict[str, Document] = {}
        for query in queries(where):
            found |= self._matching(collection, owner, query, deadline)
        return [found[key] for key in sorted(found)]

    def documents_of(self, collection: str, owners: Sequence[str], where: Where) -> dict[str, list[Document]]:
        """What :meth:`documents` would answer for each of the owners: one question for all of them."""
        if len(owners) == 1:
            return {owners[0]: self.documents(collection, owners[0], where)}
        deadline = Deadline.after(self._app.seconds)
        found: dict[str, dict[str, Document]] = {owner: {} for owner in owners}
        for query in queries(where):
            items = self._complete(collection, query, list(owners), deadline)
            for owner in owners:
                found[owner] |= by_id(items, owner)
        return {owner: [of[key] for key in sorted(of)] for owner, of in found.items()}

    def reachable(self, owner: str, roots: Sequence[str]) -> list[Document]:
        """The applications of ``roots`` and all they lead to, sorted by id."""
        deadline = Deadline.after(self._app.seconds)
        wanted = {root for root in roots if OBJECT_ID.fullmatch(root)}
        found = self._looked_up(owner, sorted(wanted), deadline)
        frontier = wanted.union(*map(dependencies, found.values())) - found.keys()
        asked: set[str] = set()
        while frontier:
            asked |= frontier
            level: dict[str, Document] = {}
            for query in queries({"_id": sorted(frontier)}):
                level |= self._matching("applications", owner, query, deadline)
            found |= level
            frontier = set[str]().union(*map(dependencies, level.values())) - found.keys() - asked
        return [found[key] for key in sorted(found)]

    def owners(self) -> list[str]:
        """Nobody knows them here."""
        return []

    def close(self) -> None:
        """Give back connections."""
        self._app.close()

    def _looked_up(self, owner: str, roots: list[str], deadline: Deadline) -> dict[str, Document]:
        """What one aggregation finds from ``roots``, or nothing where its answer is refused or too large."""
        if not roots or len(roots) > PIPELINE_IDS:
            return {}
        try:
            items = self._aggregate("applications", reach_pipeline(owner, roots), deadline)
        except _TooMuch:
            return {}
        return by_id(items, owner)

    def _matching(
        self, collection: str, owner: str, query: Mapping[str, Any], deadline: Deadline
    ) -> dict[str, Document]:
        """All documents of one query."""
        return by_id(self._complete(collection, query, owner, deadline), owner)

    def _complete(
        self, collection: str, query: Mapping[str, Any], owner: str | list[str], deadline: Deadline
    ) -> list[Document]:
        """All items of one query, read anew while the pages do not add up; of a list of owners, those of any."""
        announced, held = 0, 0
        for _ in range(READINGS):
            announced, items = self._pages(collection, {**query, "roles._id": owner, "active": True}, deadline)
            # A document that slid from one page to the next is in hand twice, and another one not at all.
            held = len({text(item.get("_id")) or str(number) for number, item in enumerate(items)})
            if held >= announced:
                return items
        raise InventoryError(f"{NAME} announced {announced} {collection} and handed over {held}", transient=True)

    def _pages(self, collection: str, query: Mapping[str, Any], deadline: Deadline) -> tuple[int, list[Document]]:
        """What the last page announced, and the items of all pages."""
        items: list[Document] = []
        asked = orjson.dumps(query).decode()
        number = 1
        while True:
            question = {"query": asked, "limit": PAGE, "page": number}
            answer = self._ask(f"/{quote(collection, safe='')}", question, deadline)
            announced = answer.get("found")
            if not isinstance(announced, int) or isinstance(announced, bool) or not 0 <= announced <= MOST:
                raise InventoryError(f"{NAME} did not say how many {collection} there are", transient=True)
            page = documents_in(answer)
            items += page
            if not page or len(items) >= announced:
                return announced, items
            number += 1

    def _aggregate(self, entity: str, pipeline: list[dict[str, Any]], deadline: Deadline) -> list[Document]:
        question = {"entity": entity, "pipeline": orjson.dumps(pipeline).decode()}
        return documents_in(self._ask("/aggregate", question, deadline, final=frozenset({500})))

    def _ask(
        self, path: str, question: object, deadline: Deadline, final: frozenset[int] = frozenset()
    ) -> dict[str, Any]:
        try:
            return self._app.post_json(path, question, deadline=deadline, final=final)
        except TransportError as exc:
            refused = exc.reason == "large" or (exc.reason == "status" and (exc.status < 500 or exc.status in final))
            kind = _TooMuch if refused and exc.status != 429 else InventoryError
            raise kind(str(exc), transient=exc.transient) from None


class _TooMuch(InventoryError):
    """The neighbour would not, or could not, answer this question in one piece."""


def reach_pipeline(owner: str, roots: Sequence[str]) -> list[dict[str, Any]]:
    """Everything reachable from ``roots``, each application once; every hop stays with the owner's active ones."""
    mine = {"roles._id": owner, "active": True}
    return [
        {"$match": {"_id": {"$in": list(roots)}, **mine}},
        {"$group": {"_id": None, "roots": {"$push": "$_id"}}},
        {
            "$graphLookup": {
                "from": "applications",
                "startWith": "$roots",
                "connectFromField": "deps._id",
                "connectToField": "_id",
                "as": "reached",
                "restrictSearchWithMatch": mine,
            }
        },
        # Unwound in the database, the answer is many documents and not one that may pass 16 MB.
        {"$unwind": "$reached"},
        {"$replaceRoot": {"newRoot": "$reached"}},
    ]


def queries(where: Where) -> Iterator[dict[str, Any]]:
    """``where`` as queries the Data App understands, which together find what it asks for.

    A list means "any of" only under an id; other fields are asked value by value.
    An id that is not 24 hex digits is nobody's there, and is not sent.

    >>> list(queries({"family": ["Vpc", "Subnet"]}))
    [{'family': 'Subnet'}, {'family': 'Vpc'}]
    >>> list(queries({})), list(queries({"_id": []})), list(queries({"_id": ["web"]}))
    ([{}], [], [])
    """
    choices: list[list[tuple[str, Any]]] = []
    for field, values in sorted(where.items()):
        distinct = sorted({value for value in values if isinstance(value, str)})
        if field == "_id" or field.endswith("._id"):
            ids = [value for value in distinct if OBJECT_ID.fullmatch(value)]
            choices.append([(field, chunk) for chunk in chunks(ids, IDS)])
        else:
            choices.append([(field, value) for value in distinct])
    return (dict(choice) for choice in product(*choices))


def chunks(values: Sequence[str], size: int) -> Iterator[list[str]]:
    """``values`` in lists of at most ``size``."""
    return (list(values[start : start + size]) for start in range(0, len(values), size))


def documents_in(answer: Mapping[str, Any]) -> list[Document]:
    """The ``items`` of an answer; raises :class:`~analytics.errors.InventoryError` where they are not documents."""
    items = answer.get("items")
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
        raise InventoryError(f"{NAME} answered with JSON of an unexpected shape", transient=True)
    return items


def by_id(items: Sequence[Document], owner: str) -> dict[str, Document]:
    """The owner's documents among ``items``, by id; one without an id cannot be referred to and is left out."""
    return {key: item for item in items if (key := text(item.get("_id"))) and belongs(item, owner)}
