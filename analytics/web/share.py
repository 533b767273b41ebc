"""Shared pictures: an address that always shows the newest drawing, for a wiki, a wall, a mail.

A share is for one purpose: ``image`` opens the picture alone, ``embed`` also a
page that other sites may frame. It ends by its time, when it is revoked, and
when the links of its graph or its owner are.
"""

from __future__ import annotations

import hashlib
import hmac
import logging
import secrets
import time
from dataclasses import dataclass
from typing import Literal, cast, get_args

from flask import Blueprint, Response, request

from ..drawing import render
from ..errors import RequestError, Unauthorised
from ..export.redaction import redacted
from ..model.artifacts import GraphKey
from ..runs import revocations
from ..runs.queries import key
from ..runs.revocations import LONGEST
from ..settings import Settings
from . import answers
from .pages import page
from .pictures import picture_in
from .state import drawing_of, drawn_by, require_token, web
from .submission import LARGEST_BODY, parse_body
from .tokens import expiry_of
from .working import worked_out

log = logging.getLogger(__name__)
blueprint = Blueprint("share", __name__)

Purpose = Literal["image", "embed"]
#: A drawing by itself may style itself and nothing else; where it stands is its reader's business.
SVG_POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors *"
EMBED_POLICY = "default-src 'none'; img-src 'self' data:; style-src 'self'; frame-ancestors *; base-uri 'none'"
SEPARATOR = "~"


@dataclass(frozen=True, slots=True)
class Share:
    """What an address opens: which graph, until when, for what, and whether addresses and host names are left out."""

    id: str
    graph: GraphKey
    expires: int
    purpose: Purpose
    redact: bool

    def token(self, settings: Settings, words: str) -> str:
        """The address's one word."""
        said = [self.graph.graph_id, self.id, str(self.expires), self.purpose, "r" if self.redact else "o"]
        return SEPARATOR.join([*said, self._signature(settings, words)])

    def _signature(self, settings: Settings, words: str) -> str:
        secret = hmac.digest(settings.secret.encode(), b"analytics share", hashlib.sha256)
        said = (self.id, self.graph.graph_id, self.graph.owner_id, str(self.expires), self.purpose, str(self.redact))
        return hmac.new(secret, "\n".join((*said, words)).encode(), hashlib.sha256).hexdigest()[:40]

    def signed(self, signature: str, settings: Settings, words: str) -> bool:
        """Whether a signature is this share's."""
        return hmac.compare_digest(
            signature.encode("utf-8", "surrogatepass"), self._signature(settings, words).encode()
        )


@blueprint.post("/graph/<graph_id>/shares")
def share(graph_id: str) -> tuple[Response, int]:
    """Make an address that always shows the graph's newest drawing."""
    require_token()
    service = web().service
    run = service.store.newest(graph_id)
    body = parse_body(request.stream.read(LARGEST_BODY + 1), request.headers.get("Content-Type", ""))
    purpose, seconds, redact = body.get("purpose", "image"), body.get("seconds", LONGEST), body.get("redact", False)
    wrong = {}
    if purpose not in get_args(Purpose):
        wrong["purpose"] = f"purpose is one of {', '.join(get_args(Purpose))}."
    if type(seconds) is not int or not 60 <= seconds <= LONGEST:
        wrong["seconds"] = f"seconds is a whole number from 60 to {LONGEST}."
    if type(redact) is not bool:
        wrong["redact"] = "redact is true or false."
    if wrong:
        raise RequestError(wrong, code="invalid_request", status=422)
    made = Share(secrets.token_hex(6), run.key, int(time.time()) + seconds, cast(Purpose, purpose), redact)
    token = made.token(service.settings, revocations.words_of(service.redis, run.key))
    revocations.keep_words(service.redis, run.key)
    log.info("shared", extra={"graph": graph_id, "owner": run.owner_id, "share": made.id, "purpose": purpose})
    links = {suffix: f"/share/{token}.{suffix}" for suffix in ("svg", "png")}
    if purpose == "embed":
        links["embed"] = f"/embed/{token}"
    return answers.said(answers.Shared(made.id, made.expires, made.purpose, made.redact, links)), 201


@blueprint.delete("/shares/<share_id>")
def revoke(share_id: str) -> tuple[str, int]:
    """One share opens nothing any more."""
    require_token()
    web().service.redis.set(key("unshared", share_id[:40]), "1", ex=LONGEST)
    log.info("share revoked", extra={"share": share_id[:40]})
    return "", 204


def opened(token: str, *purposes: Purpose) -> Share:
    """The share behind an address, if it holds and is for one of ``purposes``. Raises :class:`Unauthorised`."""
    service = web().service
    parts = token.split(SEPARATOR)
    until = expiry_of(parts[2]) if len(parts) == 6 else None
    if until is not None and parts[3] in purposes and parts[4] in ("r", "o"):
        graph_id, share_id, _, purpose, redact, signature = parts
        owner = service.store.owner_of(graph_id)
        found = Share(share_id, GraphKey(graph_id, owner), until, cast(Purpose, purpose), redact == "r")
        words = revocations.words_of(service.redis, found.graph)
        revoked = service.redis.exists(key("unshared", share_id))
        if owner and not revoked and found.signed(signature, service.settings, words):
            log.info("opened by a share", extra={"graph": graph_id, "owner": owner, "share": share_id})
            return found
    raise Unauthorised({"graph": "This address has expired, was revoked, or is for something else."})


def shown(found: Share) -> bytes:
    """The newest drawing as SVG, without addresses and host names where the share says so."""
    run_id = drawn_by(found.graph.graph_id)

    def make() -> bytes:
        drawing = drawing_of(run_id)
        return (render(redacted(drawing.grid)) if found.redact else drawing.svg).encode()

    return worked_out(run_id, "svg, redacted" if found.redact else "svg", make)


@blueprint.get("/share/<token>.svg")
def shared_svg(token: str) -> Response:
    """The newest drawing of what was shared."""
    answer = Response(shown(opened(token, "image", "embed")), mimetype="image/svg+xml")
    answer.headers["Content-Security-Policy"] = SVG_POLICY
    return answer


@blueprint.get("/share/<token>.png")
def shared_png(token: str) -> Response:
    """The newest drawing as PNG, ``scale`` times its size."""
    return Response(picture_in("png", shown(opened(token, "image", "embed")).decode()), mimetype="image/png")


@blueprint.get("/embed/<token>")
def embed(token: str) -> Response:
    """A page with the newest drawing that other sites may frame."""
    found = opened(token, "embed")
    answer = page("embed.html", picture=f"/share/{token}.svg", title=found.graph.graph_id)
    answer.headers["Content-Security-Policy"] = EMBED_POLICY
    return answer
