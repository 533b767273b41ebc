"""The private token of the ecosystem, and signed links that open one graph for a while."""

from __future__ import annotations

import hashlib
import hmac
import time
import warnings

import jwt

from ..errors import Unauthorised
from ..settings import Settings

#: Seconds a signed link opens its graph.
LINK_TTL = 24 * 3600


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


def sign_link(graph_id: str, settings: Settings, ttl: int = LINK_TTL) -> str:
    """The query that opens a graph's pages until it expires: ``expires=…&signature=…``."""
    expires = int(time.time()) + ttl
    return f"expires={expires}&signature={_signature(graph_id, expires, settings)}"


def check_link(graph_id: str, expires: str, signature: str, settings: Settings) -> bool:
    """Whether a link's query opens ``graph_id`` now."""
    if not (expires.isascii() and expires.isdigit() and len(expires) <= 12) or int(expires) < time.time():
        return False
    wanted = _signature(graph_id, int(expires), settings)
    return hmac.compare_digest(signature.encode("utf-8", "surrogatepass"), wanted.encode())


def _signature(graph_id: str, expires: int, settings: Settings) -> str:
    """Keyed by a key of its own, so that a link never serves as a token nor the other way round."""
    secret = hmac.digest(settings.secret.encode(), b"analytics signed link", hashlib.sha256)
    return hmac.new(secret, f"{graph_id}\n{expires}".encode(), hashlib.sha256).hexdigest()[:40]
