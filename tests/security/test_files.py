"""No text of an inventory or a request becomes the name of a file."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import quote

import pytest

from analytics.errors import Invalid
from analytics.model.artifacts import Drawing
from analytics.model.grid import Grid
from analytics.settings import read
from analytics.text import safe_id, safe_word
from analytics.web import create_app
from analytics.web.submission import Rules, read_request
from tests.own_plugins import FORMATS
from tests.security.drawing import REGISTRY, TYPES, draw
from tests.security.hostile import TEXTS
from tests.security.test_hostile_inventories import estate
from tests.sure import sure

PATHS = [
    *("../../../etc/passwd", "..", ".", "/etc/passwd", "..\\..\\boot.ini", "a/b", "a\\b", "a\x00b", "%2e%2e%2f"),
    *("~", "~root", "con", "nul", "x" * 5000, "file:///etc/passwd", "\u2025/\u2025", "..%c0%af"),
]
_opened: list[str] = []
_listening: list[bool] = []


def _listen(event: str, arguments: tuple[object, ...]) -> None:
    if _listening and event == "open":
        _opened.append(str(arguments[0]))


@contextmanager
def listening() -> Iterator[list[str]]:
    """The names of the files opened inside the block, whoever opens them."""
    if not getattr(sys, "_files_are_listened_to", False):
        sys.addaudithook(_listen)  # an audit hook cannot be taken away again
        sys._files_are_listened_to = True  # type: ignore[attr-defined]
    _opened.clear()
    _listening.append(True)
    try:
        yield _opened
    finally:
        _listening.clear()


@pytest.mark.parametrize("graph_type", TYPES)
def test_no_name_in_an_inventory_opens_a_file(graph_type: str) -> None:
    draw(estate("warm"), graph_type, "full")
    for text in [*PATHS, *TEXTS]:
        with listening() as opened:
            result = draw(estate(text), graph_type, "full")
        assert opened == [], text
        assert result.artifact(Drawing) is not None


def test_no_address_of_a_graph_opens_a_file() -> None:
    client = create_app(read({"MAESTRO_ENV": "development", "REDIS_URL": "unix:///nowhere.sock"})).test_client()
    for path in ("/graph/warm", "/static/none"):
        client.get(path).close()
    for text in PATHS:
        for path in (f"/graph/{quote(text, safe='')}", f"/graph/{text}.svg", f"/view/{text}", f"/static/{text}"):
            with listening() as opened, client.get(path) as answer:
                status = answer.status_code
            assert status in (401, 404, 405, 308), path
            assert [name for name in opened if "etc" in name or not name.startswith(str(sys.prefix))] == [], path


@pytest.mark.parametrize("text", [*PATHS, *TEXTS], ids=lambda text: ascii(text)[:24])
def test_ids_of_requests_and_names_of_downloads_come_from_a_safe_alphabet(text: str) -> None:
    for object_ids in (True, False):
        with pytest.raises(Invalid) as caught:
            read_request({"_id": text + "/", "owner_id": text + " ", "type": "business"}, rules(object_ids))
        assert {"_id", "owner_id"} <= caught.value.fields.keys()
    for name in (safe_word(text), safe_id(text)):
        assert name.isascii()
        assert name.replace("-", "").replace("_", "").isalnum()
        assert len(name) <= 40


def rules(object_ids: bool) -> Rules:
    """What a service with a database, or with a file, accepts."""
    return Rules(REGISTRY.graph_types, object_ids)


@pytest.mark.parametrize("suffix", FORMATS)
def test_no_export_opens_a_file(suffix: str) -> None:
    result = draw(estate("../../../etc/passwd"), "infra", "full")
    FORMATS[suffix].write(sure(result.artifact(Grid)))
    with listening() as opened:
        FORMATS[suffix].write(sure(result.artifact(Grid)))
    assert opened == []
