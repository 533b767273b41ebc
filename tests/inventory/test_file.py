"""A file written by hand: what may be left out, how things refer to each other, what is refused."""

from __future__ import annotations

import gc
import json
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from analytics import bounded, settings
from analytics.documents.entities import Application, Location
from analytics.errors import InventoryError, SettingsError
from analytics.inventory import DataApp, KeptSource, OwnedInventory, file, open_file, open_source
from analytics.inventory.handwritten import LOCAL, contents
from tests.own_plugins import INVENTORIES

OURS, THEIRS = "us", "them"


@pytest.fixture
def kept(tmp_path: Path) -> Any:
    """Write an inventory and open it."""

    def write(value: object, name: str = "inventory.json") -> KeptSource:
        path = tmp_path / name
        path.write_text(value if isinstance(value, str) else json.dumps(value))
        return open_file(path)

    return write


def only(source: KeptSource, collection: str, owner: str = LOCAL) -> dict[str, Any]:
    (document,) = source.documents(collection, owner, {})
    return dict(document)


def refused(source: KeptSource) -> str:
    with pytest.raises(InventoryError) as caught:
        source.owners()
    assert caught.value.transient is False
    assert "inventory." in str(caught.value)
    return str(caught.value)


def test_an_inventory_that_names_nobody_belongs_to_local(kept: Callable[..., KeptSource]) -> None:
    source = kept({"systems": [{"name": "Shop"}]})
    assert source.owners() == [LOCAL]
    assert only(source, "systems")["_id"] == "Shop"


def test_the_one_owner_owns_what_names_nobody(kept: Callable[..., KeptSource]) -> None:
    source = kept({"systems": [{"name": "Shop"}], "clients": [{"name": "Shoppers", "owner": {"_id": OURS}}]})
    assert source.owners() == [OURS]
    assert only(source, "systems", OURS)["roles"] == [{"_id": OURS}]
    assert only(source, "clients", OURS)["name"] == "Shoppers"


def test_with_several_owners_each_document_must_name_its_own(kept: Callable[..., KeptSource]) -> None:
    roles = [{"roles": [{"_id": OURS}], "name": "a"}, {"roles": [{"_id": THEIRS}], "name": "b"}]
    assert kept({"systems": roles}).owners() == [THEIRS, OURS]
    source = kept({"systems": [*roles, {"name": "c"}]})
    assert [only(source, "systems", owner)["name"] for owner in (OURS, THEIRS)] == ["a", "b"]


@pytest.mark.parametrize("reference", ["db", "Main DB", {"_id": "db"}, {"name": "Main DB"}, {"_id": "Main DB"}])
def test_a_reference_is_an_id_or_a_name(kept: Callable[..., KeptSource], reference: Any) -> None:
    source = kept(
        {
            "applications": [
                {"_id": "web", "deps": [reference]},
                {"_id": "db", "name": "Main DB", "family": "Database"},
            ]
        }
    )
    web, db = source.reachable(LOCAL, ["web"])[::-1]
    assert web["deps"] == [{"_id": "db", "name": "Main DB", "family": "Database"}]
    assert db["_id"] == "db"


def test_every_kind_of_reference_is_resolved(kept: Callable[..., KeptSource]) -> None:
    source = kept(
        {
            "systems": [{"_id": "s1", "name": "Shop", "entry": ["web"], "clients": ["Shoppers"]}],
            "clients": [{"_id": "c1", "name": "Shoppers"}],
            "applications": [
                {
                    "_id": "a1",
                    "name": "web",
                    "system": "Shop",
                    "targets": ["host"],
                    "servers": ["host"],
                    "datacenters": "Depot",
                }
            ],
            "servers": [
                {"_id": "h1", "name": "host", "applications": [{"name": "web"}], "datacenters": {"name": "Depot"}}
            ],
            "datacenters": [{"_id": "d1", "name": "Depot", "provider": "AWS"}],
            "volumes": [{"_id": "v1", "server": "host", "datacenters": "d1"}],
        }
    )
    system, web, host = (only(source, name) for name in ("systems", "applications", "servers"))
    assert (system["entry"][0]["_id"], system["clients"][0]["_id"]) == ("a1", "c1")
    assert (web["system"][0]["_id"], web["targets"][0]["_id"], web["servers"][0]["_id"]) == ("s1", "h1", "h1")
    assert web["datacenters"] == {"_id": "d1", "name": "Depot", "provider": "AWS"}
    assert host["applications"][0]["_id"] == "a1"
    assert Location.read(host["datacenters"]).provider == "AWS"
    assert only(source, "volumes")["server"]["_id"] == "h1"
    assert source.documents("servers", LOCAL, {"applications._id": ["a1"]}) == [host]


def test_what_a_reference_says_itself_is_kept(kept: Callable[..., KeptSource]) -> None:
    deps = [{"_id": "db", "name": "my db", "endpoint": "tcp"}]
    source = kept({"applications": [{"_id": "web", "deps": deps}, {"_id": "db", "name": "Main DB"}]})
    web = source.documents("applications", LOCAL, {"_id": ["web"]})[0]
    assert (web["deps"][0]["name"], web["deps"][0]["endpoint"]) == ("my db", "tcp")


def test_a_reference_to_nothing_keeps_its_words(kept: Callable[..., KeptSource]) -> None:
    source = kept({"applications": [{"_id": "web", "deps": ["mainframe", {"_id": "x", "name": "X"}]}]})
    assert only(source, "applications")["deps"] == [
        {"_id": "mainframe", "name": "mainframe"},
        {"_id": "x", "name": "X"},
    ]


def test_a_stated_id_is_never_replaced_by_a_name(kept: Callable[..., KeptSource]) -> None:
    source = kept(
        {"applications": [{"_id": "web", "deps": [{"_id": "gone", "name": "db"}]}, {"_id": "a1", "name": "db"}]}
    )
    assert [one["_id"] for one in source.reachable(LOCAL, ["web"])] == ["web"]


def test_a_name_is_looked_up_among_the_owners_own_things_only(kept: Callable[..., KeptSource]) -> None:
    ours, theirs = [{"_id": OURS}], [{"_id": THEIRS}]
    source = kept(
        {
            "applications": [
                {"_id": "web", "roles": ours, "deps": ["vault", "t1"]},
                {"_id": "t1", "name": "vault", "family": "Database", "roles": theirs},
            ]
        }
    )
    deps = only(source, "applications", OURS)["deps"]
    assert deps == [{"_id": one, "name": one} for one in ("vault", "t1")]


def test_a_name_that_two_bear_cannot_be_referred_to(kept: Callable[..., KeptSource]) -> None:
    twins = [{"_id": "1", "name": "db"}, {"_id": "2", "name": "db"}]
    assert "2 are called 'db'" in refused(kept({"applications": [*twins, {"_id": "web", "deps": ["db"]}]}))
    assert kept({"applications": [*twins, {"_id": "web", "deps": ["1"]}]}).reachable(LOCAL, ["web"])


def test_ids_may_be_numbers(kept: Callable[..., KeptSource]) -> None:
    source = kept({"applications": [{"_id": 1, "deps": [2]}, {"_id": 2}]})
    assert [one["_id"] for one in source.reachable(LOCAL, ["1"])] == ["1", "2"]


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("{", "not JSON"),
        ("", "not JSON"),
        ("[" * 100_000, "not JSON"),
        ([], "not an object of collections"),
        (None, "not an object of collections"),
        ({"systems": {}}, "systems: not a list"),
        ({"sytems": "oops"}, "sytems: not a list"),
        ({"servers": [{"_id": "a"}, 5]}, "servers[1]: not an object"),
        ({"servers": [{"hostname": "x"}]}, "servers[0]: neither _id nor name"),
        ({"servers": [{"_id": "a"}, {"_id": "b"}, {"_id": "a"}]}, "servers[2]: the id 'a' is taken"),
    ],
)
def test_a_bad_file_is_refused_with_the_place(kept: Callable[..., KeptSource], value: Any, said: str) -> None:
    assert said in refused(kept(value))


def test_a_file_that_is_missing_is_refused_by_name(tmp_path: Path) -> None:
    assert "cannot be read: No such file" in refused(open_file(tmp_path / "inventory.json"))
    folder = tmp_path / "inventory.d"
    folder.mkdir()
    assert "cannot be read: Is a directory" in refused(open_file(folder))


def test_yaml_is_read_alike(kept: Callable[..., KeptSource]) -> None:
    source = kept(
        """
        applications:
          - name: web
            deps: [db, {name: db, endpoint: tcp}]
            updated_at: 2026-03-02
          - {name: db, family: Database, active: yes}
          - {name: old, active: no}
        """,
        "inventory.yaml",
    )
    inventory = OwnedInventory(source, LOCAL)
    assert [one.name for one in inventory.find(Application)] == ["db", "web"]
    web = inventory.find(Application, {"_id": ["web"]})[0]
    assert [dep.endpoint for dep in web.deps] == ["", "tcp"]
    assert web.updated_at == "2026-03-02"


BOMB = "a: &a [1, 1, 1, 1, 1, 1, 1, 1, 1]\n" + "".join(
    f"{chr(98 + n)}: &{chr(98 + n)} [{', '.join(['*' + chr(97 + n)] * 9)}]\n" for n in range(10)
)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (BOMB, "line 1: aliases"),
        ("a: &a [*a]", "line 1: aliases"),
        ("systems: " + "[" * 200 + "]" * 200, "nested more than 100 deep"),
        ("systems: [", "not YAML"),
        ("systems: !!python/object/apply:os.system [ls]", "not YAML"),
        ("- a\n- b", "not an object of collections"),
    ],
)
def test_yaml_that_would_explode_or_run_something_is_refused(
    kept: Callable[..., KeptSource], text: str, said: str
) -> None:
    started = time.monotonic()
    assert said in refused(kept(text, "inventory.yml"))
    assert time.monotonic() - started < 1


def test_a_file_is_read_once_and_again_when_it_changes(
    kept: Callable[..., KeptSource], monkeypatch: pytest.MonkeyPatch
) -> None:
    source = kept({"systems": [{"name": "Shop"}]})
    reads: list[Path] = []
    whole = bounded.read_bytes

    def noted(path: Path, most: int) -> bytes:
        reads.append(path)
        return whole(path, most)

    monkeypatch.setattr(file, "read_bytes", noted)
    for _ in range(3):
        only(source, "systems")
    assert len(reads) == 1
    path = reads[0]
    path.write_text('{"systems": [{"name": "Mall"}]}')
    os.utime(path, ns=(1, 1))
    assert only(source, "systems")["name"] == "Mall"
    path.write_text("{")
    with pytest.raises(InventoryError):
        source.owners()
    path.write_text('{"systems": []}')
    assert source.documents("systems", LOCAL, {}) == []


def test_reading_leaves_the_collector_as_it_was(kept: Callable[..., KeptSource]) -> None:
    kept({"systems": []}).owners()
    assert gc.isenabled()
    gc.disable()
    try:
        kept({"systems": []}, "inventory.2.json").owners()
        assert not gc.isenabled()
    finally:
        gc.enable()


def test_a_large_file_loads_in_a_moment(kept: Callable[..., KeptSource]) -> None:
    applications = [
        {
            "_id": f"{number:024x}",
            "name": f"app {number}",
            "deps": [f"{number * 7 % 10_000:024x}", f"app {number // 2}"],
        }
        for number in range(10_000)
    ]
    servers = [{"_id": f"s{number}", "applications": [f"{number % 10_000:024x}"]} for number in range(20_000)]
    source = kept({"applications": applications, "servers": servers})
    started = time.process_time()
    source.owners()
    assert time.process_time() - started < 3
    assert len(source.reachable(LOCAL, [f"{9_999:024x}"])) > 10


def test_what_contents_gives_is_what_it_was_given_twice() -> None:
    def value() -> dict[str, Any]:
        return {"applications": [{"name": "web", "deps": ["db"]}, {"name": "db"}]}

    assert contents(value()) == contents(value())
    again = contents({name: list(held.values()) for name, held in contents(value()).collections.items()})
    assert again == contents(value())


def opened(uri: str) -> Any:
    return open_source(settings.read({"MAESTRO_DATA_URI": uri, "MAESTRO_ENV": "development"}), INVENTORIES)


def test_the_scheme_chooses_the_source(tmp_path: Path) -> None:
    path = tmp_path / "our estate.json"
    path.write_text("{}")
    assert opened(str(path)).owners() == [LOCAL]
    assert opened(f"file://{tmp_path}/our%20estate.json").owners() == [LOCAL]
    source = opened("http://127.0.0.1:5010")
    assert isinstance(source, DataApp)
    source.close()


@pytest.mark.parametrize(
    "uri", ["ftp://host/a.json", "redis://host", "file://host/a.json", "https://", "mongodb+x://h"]
)
def test_an_address_of_no_source_stops_the_start(uri: str) -> None:
    with pytest.raises(SettingsError):
        opened(uri)
