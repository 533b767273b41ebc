"""One id for every node of a graph, whatever collections the things come from. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field


@dataclass
class NodeIds:
    """A thing's own id wherever it can be kept.

    An inventory written by hand may call a server and an application alike, and
    boxes have ids of their own, all with a colon. Who claims an id first keeps it.

    >>> ids = NodeIds(); ids.claim("applications", ["web"]); ids.claim("servers", ["web", "a:b"])
    >>> ids.of("applications", "web"), ids.of("servers", "web"), ids.of("servers", "a:b")
    ('web', 'servers:web', 'servers:a:b')
    """

    _holders: dict[str, str] = field(default_factory=dict)

    def claim(self, collection: str, keys: Iterable[str]) -> None:
        """Give ``collection`` those of ``keys`` that are still free."""
        for key in keys:
            self._holders.setdefault(key, collection)

    def of(self, collection: str, key: str) -> str:
        """The id of a thing's node."""
        plain = ":" not in key and self._holders.setdefault(key, collection) == collection
        return key if plain else f"{collection}:{key}"
