"""Whatever is sent as a token, it is the right one or the answer is 401."""

from __future__ import annotations

import base64
import json
import os
import time
from typing import Any

import jwt
import pytest
from hypothesis import given
from hypothesis import settings as tried
from hypothesis import strategies as st

from analytics.errors import Unauthorised
from analytics.model.artifacts import GraphKey
from analytics.settings import read
from analytics.web.tokens import check_link, check_private, sign_link
from devtool.testkit.deployment import NOAUTH, SECRET
from tests.security.hostile import TEXTS, anything

EXAMPLES = int(os.environ.get("MAESTRO_TEST_EXAMPLES", "100"))
SETTINGS = read({"MAESTRO_SECRETJWT_PRIVATE": SECRET, "MAESTRO_NOAUTH": NOAUTH})


def part(value: Any) -> str:
    """A part of a token by hand: PyJWT would not sign most of these."""
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


def signed(header: Any, payload: Any) -> str:
    """A token with our signature over any header and payload."""
    text = f"{part(header)}.{part(payload)}"
    signature = jwt.algorithms.HMACAlgorithm(jwt.algorithms.HMACAlgorithm.SHA256).sign(text.encode(), SECRET.encode())
    return f"{text}.{base64.urlsafe_b64encode(signature).decode().rstrip('=')}"


GOOD = {"alg": "HS256", "typ": "JWT"}


def test_the_one_token_is_accepted_with_and_without_an_expiry() -> None:
    check_private("JWT " + signed(GOOD, {"noauth": NOAUTH}), SETTINGS)
    check_private("JWT " + signed(GOOD, {"noauth": NOAUTH, "exp": int(time.time()) + 60}), SETTINGS)


@tried(max_examples=EXAMPLES, deadline=None)
@given(anything, st.sampled_from(["noauth", "exp", "nbf", "iat", "aud", "iss"]))
def test_a_signed_token_of_any_payload_is_refused_in_one_way(value: Any, claim: str) -> None:
    payload = {"noauth": NOAUTH, claim: value} if claim != "noauth" else {"noauth": value}
    harmless = claim in ("aud", "iss", "iat")
    try:
        check_private("JWT " + signed(GOOD, payload), SETTINGS)
    except Unauthorised:
        return
    assert harmless or claim in ("exp", "nbf"), "a word that is not the secret one was accepted"
    if claim == "exp":
        assert float(value) > time.time() - 1
    if claim == "nbf":
        assert float(value) < time.time() + 1


@tried(max_examples=EXAMPLES, deadline=None)
@given(anything, st.sampled_from(["alg", "typ", "crit", "kid", "jku", "b64"]))
def test_no_header_of_a_token_opens_another_way_in(value: Any, name: str) -> None:
    """The payload is right and nobody has signed it: no algorithm it names makes that good."""
    text = f"{part({**GOOD, name: value})}.{part({'noauth': NOAUTH})}"
    for signature in ("", "AAAA", part("x")):
        with pytest.raises(Unauthorised):
            check_private(f"JWT {text}.{signature}", SETTINGS)


@pytest.mark.parametrize("text", [*TEXTS, None, "JWT", "JWT \ud800", "JWT ...", "JWT a.b.c.d", "JWT \x00"], ids=ascii)
def test_a_text_that_is_no_token_is_refused(text: str | None) -> None:
    for header in (text, f"JWT {text}", f"JWT {text}.{text}.{text}"):
        with pytest.raises(Unauthorised):
            check_private(header, SETTINGS)


@pytest.mark.parametrize("algorithm", ["none", "HS384", "HS512", "hs256", "RS256", "ES256"])
def test_only_one_algorithm_is_accepted_whatever_the_token_says(algorithm: str) -> None:
    with pytest.raises(Unauthorised):
        check_private("JWT " + signed({**GOOD, "alg": algorithm}, {"noauth": NOAUTH}), SETTINGS)


@pytest.mark.parametrize("algorithm", ["HS384", "HS512"])
def test_a_token_that_is_truly_signed_by_another_algorithm_is_refused(algorithm: str) -> None:
    check_private("JWT " + jwt.encode({"noauth": NOAUTH}, SETTINGS.secret, algorithm="HS256"), SETTINGS)
    with pytest.raises(Unauthorised):
        check_private("JWT " + jwt.encode({"noauth": NOAUTH}, SETTINGS.secret, algorithm=algorithm), SETTINGS)


GRAPH, UNTIL = GraphKey("g", "o"), 9_999_999_999


def signature_of(graph: GraphKey = GRAPH, expires: int = UNTIL, words: str = "") -> str:
    return sign_link(graph, expires, words, SETTINGS).rpartition("=")[2]


@tried(max_examples=EXAMPLES, deadline=None)
@given(st.text(max_size=40), st.text(max_size=60))
def test_a_link_holds_for_what_was_signed_and_nothing_else(expires: str, signature: str) -> None:
    signed_so, until = signature_of(), str(UNTIL)
    assert check_link(GRAPH, until, signed_so, "", SETTINGS)
    assert not check_link(GRAPH, until, signature, "", SETTINGS)
    assert not check_link(GRAPH, expires, signed_so, "", SETTINGS)


def test_graph_owner_and_revocations_are_in_the_signature_and_all_of_it_counts() -> None:
    signed_so, until = signature_of(), str(UNTIL)
    assert not check_link(GraphKey("h", "o"), until, signed_so, "", SETTINGS)
    assert not check_link(GraphKey("g", "p"), until, signed_so, "", SETTINGS)
    assert not check_link(GRAPH, until, signed_so, "revoked", SETTINGS)
    for length in (0, 1, 20, len(signed_so) - 1):
        assert not check_link(GRAPH, until, signed_so[:length], "", SETTINGS)


def test_a_link_that_has_expired_opens_nothing() -> None:
    assert not check_link(GRAPH, "1000", signature_of(expires=1000), "", SETTINGS)


def test_a_link_is_no_token_and_a_token_no_link() -> None:
    with pytest.raises(Unauthorised):
        check_private(f"JWT {signature_of()}", SETTINGS)
    assert not check_link(GRAPH, str(UNTIL), signed(GOOD, {"noauth": NOAUTH}), "", SETTINGS)
