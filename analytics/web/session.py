"""Who is signed in: an operator with the dashboard's name and password, by a cookie that this service signed."""

from __future__ import annotations

import hashlib
import hmac
import time

from flask import Response, request
from redis import Redis

from ..runs.queries import key
from ..settings import Settings
from .tokens import expiry_of

#: Seconds a login holds, and a word that a terminal was given.
HOURS, WORD = 12 * 3600, 600
COOKIE = "am_session"


def right(user: str, password: str, settings: Settings) -> bool:
    """Whether these are the operator's name and password; without a password nobody signs in."""
    named = hmac.compare_digest(user.encode(), settings.dashboard_user.encode())
    known = hmac.compare_digest(password.encode(), settings.dashboard_password.encode())
    return bool(settings.dashboard_password) and named and known


def sign_in(answer: Response, settings: Settings) -> None:
    """Give the browser a cookie that holds for some hours, that no script reads and no other site sends."""
    until = str(int(time.time()) + HOURS)
    answer.set_cookie(
        COOKIE,
        f"{until}.{_signature(until, settings)}",
        max_age=HOURS,
        httponly=True,
        secure=request.is_secure or request.headers.get("X-Forwarded-Proto") == "https",
        samesite="Strict",
    )


def sign_out(answer: Response) -> None:
    """Take the cookie away."""
    answer.delete_cookie(COOKIE, httponly=True, samesite="Strict")


def signed_in(settings: Settings) -> bool:
    """Whether the request carries a cookie of ours that still holds."""
    until, _, signature = request.cookies.get(COOKIE, "").partition(".")
    if expiry_of(until) is None:
        return False
    return hmac.compare_digest(signature.encode("utf-8", "surrogatepass"), _signature(until, settings).encode())


def once(settings: Settings) -> str:
    """A word that signs in whoever opens ``/login?word=…`` soon: for the terminal that started us."""
    until = str(int(time.time()) + WORD)
    return f"{until}.{_signature(until, settings, b'analytics login word')}"


def word_holds(word: str, settings: Settings) -> bool:
    """Whether a word of :func:`once` still holds."""
    until, _, signature = word.partition(".")
    wanted = _signature(until, settings, b"analytics login word")
    return expiry_of(until) is not None and hmac.compare_digest(
        signature.encode("utf-8", "surrogatepass"), wanted.encode()
    )


def first_use(word: str, redis: Redis) -> bool:
    """Whether nobody has signed in with this word yet: addresses stay in histories and logs."""
    return bool(redis.set(key("word", word.partition(".")[2][:16]), 1, nx=True, ex=WORD))


def _signature(until: str, settings: Settings, purpose: bytes = b"analytics session") -> str:
    """Keyed by a key of its own, of secret, name and password: who changes the password signs everybody out."""
    secret = hmac.digest(settings.secret.encode(), purpose, hashlib.sha256)
    said = f"{settings.dashboard_user}\n{settings.dashboard_password}\n{until}"
    return hmac.new(secret, said.encode(), hashlib.sha256).hexdigest()[:40]
