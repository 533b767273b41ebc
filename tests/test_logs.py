"""Log lines: one JSON object each, foreign text capped, errors without their text."""

import json
import logging
import sys
from typing import Any

from analytics.logs import JsonLines


def line(message: str, error: BaseException | None = None, **extra: object) -> dict[str, Any]:
    info = (type(error), error, error.__traceback__) if error else None
    record = logging.LogRecord("analytics.x", logging.WARNING, __file__, 1, message, (), info)
    vars(record).update(extra)
    text = JsonLines().format(record)
    assert "\n" not in text
    assert text.isascii()
    held: dict[str, Any] = json.loads(text)
    return held


def test_extra_fields_are_named_and_foreign_text_is_escaped_and_capped() -> None:
    said = line("stage failed", why='a"b\n\u2028' + "x" * 1000, tries=3)
    assert said["event"] == "stage failed"
    assert said["tries"] == 3
    assert len(str(said["why"])) == 300


def test_an_error_is_logged_by_class_and_place_never_by_text() -> None:
    try:
        raise ValueError("canary")
    except ValueError:
        error = sys.exc_info()[1]
    said = line("failed", error)
    assert said["error"] == "ValueError"
    assert any("test_logs.py" in frame for frame in said["trace"])
    assert "canary" not in json.dumps(said)
