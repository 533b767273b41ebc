"""Outbound HTTP, in one place: what a neighbour does wrong ends here, in time and with a sentence.

:class:`Neighbour` is a service we call, :class:`Deadline` the moment a call
gives up, :class:`TransportError` how it fails. Redirects are not followed;
proxies and netrc of the environment are not used, nor the certificates its
variables for curl and requests name (a private authority goes into the
system's store or ``SSL_CERT_FILE``).
"""

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
