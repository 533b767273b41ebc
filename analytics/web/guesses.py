"""Logins that failed, by address: after some within a minute no further one is looked at."""

from __future__ import annotations

import logging
from typing import cast

from flask import request
from redis import Redis

from ..runs.queries import key

log = logging.getLogger(__name__)

#: Logins of one address that may fail, and the seconds until they are forgotten.
MOST_GUESSES, GUESS_SECONDS = 10, 60


def guessing(redis: Redis) -> bool:
    """Whether so many logins failed from this address within a minute that no further one is looked at."""
    failed = redis.get(guesses_of(request.remote_addr))
    return int(cast(bytes, failed) or 0) >= MOST_GUESSES


def note_guess(redis: Redis, where: str) -> None:
    """Count and log a login that failed."""
    log.warning(f"a login to {where} failed", extra={"address": request.remote_addr or "unknown"})
    name = guesses_of(request.remote_addr)
    with redis.pipeline() as pipe:
        pipe.incr(name)
        pipe.expire(name, GUESS_SECONDS)
        pipe.execute()


def guesses_of(address: str | None) -> str:
    """Where the failed logins of an address are counted."""
    return key("guesses", address or "unknown")


def from_own_page() -> bool:
    """Whether a page of this service asks for a change, or somebody with a token, which no browser adds by itself."""
    if (request.headers.get("Authorization") or "").lower().startswith("jwt "):
        return True
    site, origin = request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin")
    if site is not None:
        return site == "same-origin"
    return origin is not None and origin.partition("://")[2] == request.host
