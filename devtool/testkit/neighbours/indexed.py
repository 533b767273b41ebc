"""A Data App that finds documents by id and by owner without a walk over all, as a database with indexes does."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from .dataapp import DataApp, Documents, as_list


class IndexedDataApp(DataApp):
    """Documents may be added while it runs; those it has must keep their ids and owners."""

    def __init__(self, documents: Documents, **options: Any) -> None:
        super().__init__(documents, **options)
        self._known: dict[str, int] = {}
        self._by_id: dict[str, dict[str, int]] = {}
        self._by_owner: dict[str, dict[str, list[int]]] = {}

    def near(self, collection: str, query: Mapping[str, Any]) -> Sequence[dict[str, Any]]:
        """The documents of the ids or of the owners that a query names, in their order."""
        rows = self.documents.get(collection, [])
        self._catch_up(collection)
        ids, owners = query.get("_id"), query.get("roles._id")
        if isinstance(ids, (str, list)):
            places = [self._by_id[collection].get(one, -1) for one in as_list(ids)]
        elif isinstance(owners, (str, list)):
            places = [place for one in as_list(owners) for place in self._by_owner[collection].get(one, ())]
        else:
            return rows
        return [rows[place] for place in sorted(set(places) - {-1})]

    def _catch_up(self, collection: str) -> None:
        """Note where the documents are that came since."""
        rows = self.documents.get(collection, [])
        with self._lock:
            by_id = self._by_id.setdefault(collection, {})
            by_owner = self._by_owner.setdefault(collection, {})
            for place in range(self._known.get(collection, 0), len(rows)):
                by_id[str(rows[place]["_id"])] = place
                for role in rows[place].get("roles", ()):
                    by_owner.setdefault(str(role["_id"]), []).append(place)
                self._known[collection] = place + 1
