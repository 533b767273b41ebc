"""What a caller may post: bodies made to be slow to read."""

from __future__ import annotations

import time

import pytest

from analytics.errors import RequestError
from analytics.web.submission import LARGEST_BODY, depth, parse_body

#: Bodies in which every quotation mark could begin a text that never ends.
BOMBS = (
    '"' * LARGEST_BODY,
    '"\\' * (LARGEST_BODY // 2),
    '"' + '\\"' * (LARGEST_BODY // 2 - 2) + "\\",
    '["\\' * (LARGEST_BODY // 3),
    "[" * LARGEST_BODY,
    '{"a":' * (LARGEST_BODY // 5),
)


@pytest.mark.parametrize("bomb", BOMBS, ids=range(len(BOMBS)))
def test_no_body_takes_long_to_refuse(bomb: str) -> None:
    """One that is looked at again from every mark takes twenty seconds of a processor; one look takes milliseconds."""
    began = time.process_time()
    with pytest.raises(RequestError):
        parse_body(bomb.encode(), "application/json")
    assert time.process_time() - began < 2


def test_texts_count_nothing_towards_depth() -> None:
    assert depth('{"a": "[[[[", "b": [1]}') == 2
    assert depth('"[[[') == 0
    assert depth("[[[[[1") == 5
