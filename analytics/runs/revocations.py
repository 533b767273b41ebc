"""Signed links that count no more: of one graph, or of all graphs of an owner.

A link's signature holds a word of its graph and one of its owner. To revoke is to
change the word. A word is forgotten when every link signed before it has expired.

=========================  ============================================
``am:links:<graph>``       the word of a graph's links, once revoked
``am:links-of:<owner>``    the word of an owner's links, once revoked
=========================  ============================================
"""

from __future__ import annotations

import secrets
from typing import cast

from redis import Redis

from ..model.artifacts import GraphKey
from .queries import key, text_of


def words_of(redis: Redis, graph: GraphKey) -> str:
    """What the signature of a link to ``graph`` holds beside graph, owner and time; empty where nothing was revoked."""
    found = cast(list[bytes | None], redis.mget(key("links", graph.graph_id), key("links-of", graph.owner_id)))
    return " ".join(text_of(word) for word in found).strip()


def revoke_graph(redis: Redis, graph_id: str, ttl: int) -> None:
    """No link to the graph that was signed until now opens it; ``ttl`` is the seconds a link holds at most."""
    redis.set(key("links", graph_id), secrets.token_hex(8), ex=ttl)


def revoke_owner(redis: Redis, owner_id: str, ttl: int) -> None:
    """No link to any graph of the owner that was signed until now opens it."""
    redis.set(key("links-of", owner_id), secrets.token_hex(8), ex=ttl)
