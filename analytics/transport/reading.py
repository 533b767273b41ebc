"""JSON from somebody else."""

from __future__ import annotations

import json
from typing import Any

import orjson


def parse_json(body: bytes) -> Any:
    """``body`` as a JSON value; :class:`ValueError` for anything else, nested too deeply included.

    What Python's own writer emits beyond the standard is accepted and made
    harmless: not-a-number and infinity become null, half characters a question mark.

    >>> parse_json(b'{"cpu": NaN}')
    {'cpu': None}
    """
    try:
        return orjson.loads(body)
    except ValueError:
        try:
            value = json.loads(body, parse_constant=lambda _: None)
            return orjson.loads(json.dumps(value, ensure_ascii=False).encode("utf-8", "replace"))
        except (RecursionError, UnicodeDecodeError):
            raise ValueError("not JSON that can be read") from None
