"""Documents that were read before: the next graph of an estate meets most of them again.

Making a record of a document costs twenty times what it takes to see that it is the
one of before. Records are kept by everything the document says, and by its owner, so
there is nothing to go stale and nothing of another's; the ones used longest ago go.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Collection
from typing import Any, cast

import orjson

from ..documents.ports import E
from ..documents.values import Document

#: Records that are kept, and the bytes of the largest document of one.
MOST, LARGEST = 2_000, 8_192
#: Of so many documents at once none is kept: they would push out all others, and each other.
MANY = 1_000
#: What is not JSON, as times out of a database are, is read each time.
STRICT = orjson.OPT_PASSTHROUGH_DATETIME | orjson.OPT_PASSTHROUGH_SUBCLASS | orjson.OPT_PASSTHROUGH_DATACLASS

_held: OrderedDict[tuple[type, str, bytes], Any] = OrderedDict()


def records(entity: type[E], documents: Collection[Document], owner: str) -> list[E | None]:
    """The records of an owner's documents, in their order; nothing for one that is none."""
    if len(documents) > MANY:
        return [entity.read(document) for document in documents]
    return [_record(entity, document, owner) for document in documents]


def _record(entity: type[E], document: Document, owner: str) -> E | None:
    try:
        key = entity, owner, orjson.dumps(document, option=STRICT)
    except (TypeError, ValueError):
        return entity.read(document)
    found = _held.pop(key, key)
    record = entity.read(document) if found is key else cast(E | None, found)
    if len(key[2]) <= LARGEST:
        _held[key] = record
        while len(_held) > MOST:
            _held.popitem(last=False)
    return record
