"""Signed links that count no more: of one graph, or of all graphs of an owner.

A link's signature holds a word of its graph and one of its owner. To revoke is to
change the word. A word is forgotten when all that was signed before it has expired.

=========================  ============================================
``am:links:<graph>``       the word of a graph's links, once revoked
``am:links-of:<owner>``    the word of an owner's links, once revoked
=========================  ============================================
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from typing import cast

from redis import Redis

from ..model.artifacts import GraphKey
from .queries import key, text_of

#: Seconds that anything signed holds at most, a share of a picture too: a word that is forgotten earlier would
#: bring back what was revoked.
LONGEST = 366 * 86_400


def words_of(redis: Redis, graph: GraphKey) -> str:
    """What the signature of a link to ``graph`` holds beside graph, owner and time; empty where nothing was revoked."""
    return words_of_all(redis, [graph])[0]


def words_of_all(redis: Redis, graphs: Sequence[GraphKey]) -> list[str]:
    """The same for several graphs, in one question."""
    keys = [name for graph in graphs for name in (key("links", graph.graph_id), key("links-of", graph.owner_id))]
    found = cast(list[bytes | None], redis.mget(keys)) if keys else []
    return [" ".join(map(text_of, found[at : at + 2])).strip() for at in range(0, len(found), 2)]


def keep_words(redis: Redis, graph: GraphKey) -> None:
    """Remember the words as long as what is signed with them now may hold."""
    redis.expire(key("links", graph.graph_id), LONGEST)
    redis.expire(key("links-of", graph.owner_id), LONGEST)


def revoke_graph(redis: Redis, graph_id: str) -> None:
    """Nothing that was signed for the graph until now opens it."""
    redis.set(key("links", graph_id), secrets.token_hex(8), ex=LONGEST)


def revoke_owner(redis: Redis, owner_id: str) -> None:
    """Nothing that was signed for any graph of the owner until now opens it."""
    redis.set(key("links-of", owner_id), secrets.token_hex(8), ex=LONGEST)
