"""Several files as one estate: what is joined, who wins, and what one spoilt file does not stop."""

import gzip
import itertools
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.errors import InventoryError
from analytics.inventory.placed import parse_placed_json
from analytics.sources import open_estate, read_estate
from analytics.sources.finding import Finder
from analytics.sources.writing import as_json, as_yaml
from analytics.testing.sources import calls, estate_of, named, readers, remarks

COMPOSE = "name: shop\nservices:\n  web: {image: nginx, depends_on: [api]}\n  api: {image: acme/api}\n"
BY_HAND = """
systems: [{name: Checkout, entry: [web]}]
applications:
  - {name: api, family: Serverless, environment: Production, deps: [ledger]}
  - {name: ledger, family: Database}
"""


def test_a_file_by_hand_adds_and_wins() -> None:
    estate = estate_of({"compose.yaml": COMPOSE, "more.yaml": BY_HAND})
    api = named(estate)["api"]
    assert (api["_id"], api["family"], api["environment"]) == ("shop/api", "Serverless", "Production")
    assert [one["format"] for one in api["source"]] == ["inventory", "compose"]
    assert [(a, b) for a, b, _ in calls(estate)] == [("api", "ledger"), ("web", "api")]
    assert len(estate.documents["applications"]) == 3
    assert "contradiction" in [code for _, _, code, _ in remarks(estate)]


def test_what_is_marked_absent_is_taken_out() -> None:
    estate = estate_of({"compose.yaml": COMPOSE, "more.yaml": "applications: [{name: api, absent: true}]\n"})
    assert sorted(named(estate)) == ["web"]


def test_a_name_that_means_two_things_joins_nothing() -> None:
    twice = COMPOSE.replace("name: shop", "name: other")
    estate = estate_of({"a/compose.yaml": COMPOSE, "b/compose.yaml": twice, "more.yaml": BY_HAND})
    assert len(estate.documents["applications"]) == 2 + 2 + 2


def test_the_order_of_files_changes_nothing(tmp_path: Path) -> None:
    files = {
        "compose.yaml": COMPOSE,
        "more.yaml": BY_HAND,
        "third.yaml": "servers: [{hostname: n1, applications: [web]}]\n",
    }
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    known = readers()
    texts = {
        as_yaml(read_estate([tmp_path / name for name in names], known).documents)
        for names in itertools.permutations(files)
    }
    assert len(texts) == 1
    written = tmp_path / "out.json"
    written.write_text(as_json(read_estate([tmp_path], known).documents))
    again = read_estate([written], known)
    assert calls(again) == calls(read_estate([tmp_path / name for name in files], known))


def test_one_spoilt_file_among_many_is_a_finding(tmp_path: Path) -> None:
    for number in range(60):
        (tmp_path / f"compose{number}.yaml").write_text(COMPOSE.replace("shop", f"shop{number}"))
    (tmp_path / "spoilt.yaml").write_text("services:\n  web: {image: [\n")
    (tmp_path / "notes.yaml").write_text("just: words\n")
    estate = read_estate([tmp_path], readers())
    assert len(estate.documents["applications"]) == 120
    assert [(name, code) for name, _, code, _ in remarks(estate)] == [("spoilt.yaml", "syntax")]
    assert [(one.count, one.reason) for one in estate.untaken] == [(1, "no reader knows them")]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"services: {web: {image: x}\n", "line 2: not YAML"),
        (b"\xff\xfes\x00e\x00", "not UTF-8"),
        (b"PK\x03\x04binary", "unpack"),
        (b"\x1f\x8b\x08broken", "cannot be unpacked"),
        (b"a: &a [*a]\n", "aliases"),
        (b"[" * 400 + b"]" * 400, "nested"),
        (b"services:\n  a: {image: x}\n  a: {image: y}\n", "line 3: the key 'a' stands twice, here and on line 2"),
        (b"x: 1\ny: 2\n", "no reader knows"),
        (b"", "nothing is in it"),
    ],
)
def test_what_cannot_be_read_says_where_and_why(content: bytes, words: str) -> None:
    with pytest.raises(InventoryError, match=words):
        estate_of({"a.yaml": content})


def test_broken_json_is_told_as_json() -> None:
    with pytest.raises(InventoryError, match="line 1, column 22: not JSON"):
        estate_of({"a.json": '{"services": {"web": '})


def test_packed_and_marked_files_are_read_as_what_they_are() -> None:
    raw = b"\xef\xbb\xbf" + COMPOSE.replace("\n", "\r\n").encode()
    assert sorted(named(estate_of({"compose.yaml.gz": gzip.compress(raw)}))) == ["api", "web"]


def test_links_out_of_a_folder_are_not_followed(tmp_path: Path) -> None:
    outside, inside = tmp_path / "outside", tmp_path / "inside"
    for folder in (outside, inside):
        folder.mkdir()
        (folder / "compose.yaml").write_text(COMPOSE.replace("shop", folder.name))
    (inside / "link.yaml").symlink_to(outside / "compose.yaml")
    (inside / ".hidden.yaml").write_text(COMPOSE)
    assert len(read_estate([inside], readers()).documents["systems"]) == 1


def test_a_reader_can_be_named_and_two_that_agree_are_told() -> None:
    plain = json.dumps({"services": {"web": {"image": "nginx"}}, "applications": [{"name": "a"}]})
    with pytest.raises(InventoryError, match="--from"):
        estate_of({"a.json": plain})
    assert sorted(named(estate_of({"a.json": plain}, forced="compose"))) == ["web"]


def test_a_folder_is_read_again_when_one_of_its_files_changes(tmp_path: Path) -> None:
    (tmp_path / "compose.yaml").write_text(COMPOSE)
    source = open_estate([tmp_path], readers())
    assert source.owners() == ["local"]
    assert [one["name"] for one in source.documents("applications", "local", {})] == ["api", "web"]
    (tmp_path / "more.yaml").write_text(BY_HAND)
    assert [one["name"] for one in source.documents("applications", "local", {})] == ["ledger", "api", "web"]
    (tmp_path / "more.yaml").unlink()
    (tmp_path / "spoilt.yaml").write_text("services: {a: {image: [}")
    assert [one["name"] for one in source.documents("applications", "local", {})] == ["api", "web"]
    assert any("spoilt.yaml:1" in words for words in source.remarks())


VALUES = st.recursive(
    st.none() | st.integers() | st.text(max_size=4),
    lambda one: st.lists(one, max_size=3) | st.dictionaries(st.text(max_size=3), one, max_size=3),
    max_leaves=12,
)


@given(VALUES)
def test_places_in_json_are_where_the_whole_walk_finds_them(value: Any) -> None:
    text = json.dumps(value, indent=1)
    places = parse_placed_json(text.encode())[0].places
    finder = Finder(text)
    assert {path: finder.place(path) for path in places} == places
