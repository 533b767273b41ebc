"""Documents read once: the same record for the same document, and for nothing else."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from typing import Any

import pytest

from analytics.documents import Server
from analytics.inventory import read_once
from analytics.inventory.read_once import LARGEST, MANY, MOST, records


@pytest.fixture(autouse=True)
def nothing_read() -> Iterator[None]:
    read_once._held.clear()
    yield
    read_once._held.clear()


def server(number: int = 1, **fields: Any) -> dict[str, Any]:
    return {"_id": f"{number:024x}", "hostname": "web", "cpu": 4, **fields}


def test_the_same_document_is_read_once_and_a_changed_one_again() -> None:
    (first,), (again,) = records(Server, [server()], "o"), records(Server, [server()], "o")
    assert first is again
    assert first == Server.read(server())
    (changed,) = records(Server, [server(cpu=8)], "o")
    assert changed == Server.read(server(cpu=8))
    assert changed != first


def test_another_owner_finds_nothing_that_was_read() -> None:
    (one,), (other,) = records(Server, [server()], "o"), records(Server, [server()], "p")
    assert one == other
    assert one is not other


def test_what_is_no_record_is_none_again() -> None:
    assert records(Server, [{}], "o") == records(Server, [{}], "o") == [None]


@pytest.mark.parametrize("odd", [datetime.datetime(2026, 1, 1), b"x", {1: 2}, "\ud800"], ids=repr)
def test_what_is_not_json_is_read_each_time(odd: object) -> None:
    document = server(odd=odd)
    assert records(Server, [document], "o") == [Server.read(document)]
    assert not read_once._held


def test_what_is_kept_has_bounds() -> None:
    records(Server, [server(number) for number in range(MANY + 1)], "o")
    assert not read_once._held, "an estate as large as that would push out all others"
    records(Server, [server(notes="x" * LARGEST)], "o")
    assert not read_once._held
    for start in range(0, MOST + MANY, MANY):
        records(Server, [server(number) for number in range(start, start + MANY)], "o")
    assert len(read_once._held) == MOST
