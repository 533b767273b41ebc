"""Outbound HTTP, in one place: what a neighbour does wrong ends here, in time and with a sentence.

:class:`Neighbour` is a service we call, :class:`Deadline` the moment a call
gives up, :class:`TransportError` how it fails. Redirects are not followed;
proxies and netrc of the environment are not used, nor the certificates its
variables for curl and requests name (a private authority goes into the
system's store or ``SSL_CERT_FILE``).
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .deadline import Deadline
    from .failure import BODY_LIMIT, REASONS, TransportError, asked
    from .neighbour import Answer, Neighbour
    from .reading import parse_json
    from .tokens import data_app_token, front_token, neighbour_token

__all__ = [
    "BODY_LIMIT",
    "REASONS",
    "Answer",
    "Deadline",
    "Neighbour",
    "TransportError",
    "asked",
    "data_app_token",
    "front_token",
    "neighbour_token",
    "parse_json",
]

#: Where each part stands. It is imported when it is first asked for: a file is read without a word of HTTP.
_PARTS = {
    "Answer": ".neighbour",
    "BODY_LIMIT": ".failure",
    "Deadline": ".deadline",
    "Neighbour": ".neighbour",
    "REASONS": ".failure",
    "TransportError": ".failure",
    "asked": ".failure",
    "data_app_token": ".tokens",
    "front_token": ".tokens",
    "neighbour_token": ".tokens",
    "parse_json": ".reading",
}


def __getattr__(name: str) -> Any:
    if name not in _PARTS:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_PARTS[name], __name__), name)
