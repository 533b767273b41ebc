"""The tokens we show our neighbours."""

from __future__ import annotations

import time

import orjson
from jwt.algorithms import HMACAlgorithm
from jwt.api_jws import PyJWS

from ..about import IDENTITY

#: Seconds our tokens hold.
TOKEN_SECONDS = 300


class _AnyLength(HMACAlgorithm):
    """HMAC without a word about short keys: settings refuse them where they matter."""

    def check_key_length(self, key: bytes) -> str | None:
        return None


def _signer() -> PyJWS:
    signer = PyJWS(algorithms=["HS256"])
    signer.unregister_algorithm("HS256")
    signer.register_algorithm("HS256", _AnyLength(HMACAlgorithm.SHA256))
    return signer


_SIGNER = _signer()


def neighbour_token(secret: str, **claims: str) -> str:
    """An HS256 token with ``claims`` that holds for five minutes.

    Only ``exp``: a neighbour whose clock is behind ours would refuse ``iat`` and ``nbf``.
    """
    payload = orjson.dumps({**claims, "exp": int(time.time()) + TOKEN_SECONDS})
    return _SIGNER.encode(payload, secret.encode(), algorithm="HS256", headers={"typ": "JWT"})


def data_app_token(secret: str, noauth: str) -> str:
    """The token the Data App takes."""
    return neighbour_token(secret, **IDENTITY, noauth=noauth)


def front_token(secret: str, noauth: str, graph_id: str, owner_id: str) -> str:
    """The token the Analytics Front takes; it says which graph of whom the drawing is."""
    return neighbour_token(secret, token=noauth, graph_id=graph_id, owner_id=owner_id)
