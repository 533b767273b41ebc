"""What a caller may post: bodies made to be slow to read."""

from __future__ import annotations

import time

import pytest

from analytics.errors import RequestError
from analytics.model.artifacts import GraphRequest
from analytics.pipeline import codec
from analytics.pipeline.registry import load_configured
from analytics.settings import read
from analytics.web.submission import LARGEST_BODY, Rules, depth, parse_body, read_request

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


@pytest.mark.parametrize("text", ["\\ud800", "a\\udfff", "\\u0000", "\\u2028", "\\ufffe"], ids=ascii)
@pytest.mark.parametrize("field", ["title", "inside", "systems"])
def test_whatever_text_is_sent_can_be_stored(field: str, text: str) -> None:
    rules = Rules(load_configured(read({"MAESTRO_ENV": "development"})).graph_types, object_ids=True)
    value = f'[{{"_id": "{"1" * 24}", "name": "{text}"}}]' if field == "systems" else f'"{text}"'
    raw = f'{{"_id": "{"a" * 24}", "owner_id": "{"b" * 24}", "type": "business", "{field}": {value}}}'
    wanted = read_request(parse_body(raw.encode(), "application/json"), rules)
    assert codec.loads(GraphRequest, codec.dumps(wanted)) == wanted


def test_texts_count_nothing_towards_depth() -> None:
    assert depth('{"a": "[[[[", "b": [1]}') == 2
    assert depth('"[[[') == 0
    assert depth("[[[[[1") == 5
