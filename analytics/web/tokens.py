"""The private token of the ecosystem, and signed links that open one graph for a while."""

from __future__ import annotations

import hashlib
import hmac
import time
import warnings

import jwt

from ..errors import Unauthorised
from ..model.artifacts import GraphKey
from ..settings import Settings


def check_private(header: str | None, settings: Settings) -> None:
    """Check an ``Authorization: JWT <token>`` header. Raises :class:`Unauthorised`, whatever was sent.

    Tokens without ``exp`` are accepted, since existing callers have none.
    """
    scheme, _, token = (header or "").strip().partition(" ")
    if scheme.lower() != "jwt" or not token.strip():
        raise Unauthorised({"graph": "A private token is needed: Authorization: JWT <token>."})
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about short keys: the start has judged them already
            payload = jwt.decode(token.strip(), settings.secret, algorithms=["HS256"], options={"verify_aud": False})
        word = payload.get("noauth")
        held = hmac.compare_digest(
            word.encode("utf-8", "surrogatepass") if isinstance(word, str) else b"", settings.noauth.encode()
        )
    except Exception:
        # Anything at all may be in a token; there is one answer to what is not valid.
        held = False
    if not held:
        raise Unauthorised({"graph": "The private token is not valid."})


def sign_link(graph: GraphKey, expires: int, words: str, settings: Settings) -> str:
    """The query that opens a graph's pages until ``expires``, seconds since 1970: ``expires=…&signature=…``.

    ``words`` are those of :func:`analytics.runs.revocations.words_of`: links end when they change.
    """
    return f"expires={expires}&signature={_signature(graph, expires, words, settings)}"


def expiry_of(expires: str) -> int | None:
    """When a link ends, or nothing where it has ended or says so in no number."""
    if not (expires.isascii() and expires.isdigit() and len(expires) <= 12) or int(expires) < time.time():
        return None
    return int(expires)


def check_link(graph: GraphKey, expires: str, signature: str, words: str, settings: Settings) -> bool:
    """Whether a link's query opens ``graph`` now."""
    until = expiry_of(expires)
    if until is None:
        return False
    wanted = _signature(graph, until, words, settings)
    return hmac.compare_digest(signature.encode("utf-8", "surrogatepass"), wanted.encode())


def _signature(graph: GraphKey, expires: int, words: str, settings: Settings) -> str:
    """Keyed by a key of its own, so that a link never serves as a token nor the other way round."""
    secret = hmac.digest(settings.secret.encode(), b"analytics signed link", hashlib.sha256)
    said = "\n".join((graph.graph_id, graph.owner_id, str(expires), words))
    return hmac.new(secret, said.encode(), hashlib.sha256).hexdigest()[:40]
