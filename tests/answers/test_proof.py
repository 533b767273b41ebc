"""Whatever was changed of inventory, request, plugin or picture is noticed, and named."""

import json
import os
import random
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from analytics.answers.proof import carried, edited, put, sealed, split
from analytics.cli import main
from tests.estates import application, server, system

Estate = dict[str, list[dict[str, Any]]]


def estate() -> Estate:
    return {
        "applications": [application(1, 2, name='Web <&> "shop"'), application(2, name="Orders")],
        "systems": [system(50, 1)],
        "servers": [server(10, 1), server(11, 2)],
    }


def written(path: Path, documents: Estate) -> str:
    path.write_text(json.dumps(documents))
    return str(path)


@pytest.fixture
def drawn(tmp_path: Path) -> tuple[Path, str]:
    inventory = written(tmp_path / "estate.json", estate())
    picture = tmp_path / "picture.svg"
    assert main(["draw", inventory, "-q", "-o", str(picture)]) == 0
    return picture, inventory


def verify(picture: Path, inventory: str, capsys: pytest.CaptureFixture[str]) -> tuple[int, str]:
    capsys.readouterr()
    status = main(["verify", str(picture), inventory])
    return status, capsys.readouterr().out


def test_the_same_is_the_same(drawn: tuple[Path, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    picture, inventory = drawn
    assert verify(picture, inventory, capsys)[0] == 0
    shuffled = estate()
    for held in shuffled.values():
        held.reverse()
    assert verify(picture, written(tmp_path / "shuffled.json", shuffled), capsys)[0] == 0
    as_json = tmp_path / "picture.json"
    assert main(["draw", inventory, "-q", "--type", "infra", "--detail", "full", "-o", str(as_json)]) == 0
    assert verify(as_json, inventory, capsys)[0] == 0


def test_any_byte_of_the_picture_is_noticed(drawn: tuple[Path, str]) -> None:
    text = drawn[0].read_text()
    rng = random.Random(1)
    for _ in range(60):
        at = rng.randrange(len(text))
        other = "x" if text[at] != "x" else "y"
        spoilt = text[:at] + other + text[at + 1 :]
        record = carried(spoilt)
        assert record is None or edited(spoilt, record), at
    record = carried(text)
    assert record is not None
    assert edited(text, record) == ""
    assert edited(text + "\n", record)


def test_a_change_of_the_inventory_is_named(
    drawn: tuple[Path, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    after = estate()
    after["applications"][1]["language"] = "Go"
    after["servers"].pop()
    after["servers"].append(server(12, 2))
    status, said = verify(drawn[0], written(tmp_path / "after.json", after), capsys)
    assert status == 1
    assert "1 changed (application Orders), 1 added" in said
    assert "1 removed" in said
    for documents in after.values():
        for one in documents:
            one["roles"] = [{"_id": "f" * 24, "role": 7}]
    status, said = verify(drawn[0], written(tmp_path / "other.json", after), capsys)
    assert (status, said) == (1, "the inventory differs: it has nothing of the picture's owner\n")


def test_a_change_of_the_request_is_named(drawn: tuple[Path, str], capsys: pytest.CaptureFixture[str]) -> None:
    picture, inventory = drawn
    text = picture.read_text()
    picture.write_text(text.replace("&quot;hops&quot;: 0", "&quot;hops&quot;: 1"))
    assert verify(picture, inventory, capsys) == (1, "the record in the picture was edited\n")
    found = split(text)
    assert found is not None
    record = found[1]["proof"]
    record["request"]["theme"] = "dark"
    record["record"] = sealed(record)
    picture.write_text(found[0] + put(found[1], found[0]) + found[2])
    status, said = verify(picture, inventory, capsys)
    assert status == 1
    assert "the picture is not" in said


def test_a_change_of_a_plugin_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "mine"
    folder.mkdir()
    plugin = folder / "costs_of_mine.py"
    plugin.write_text(Path("devtool/examples/costs.py").read_text())
    monkeypatch.setenv("MAESTRO_PLUGINS_DIR", str(folder))
    inventory = written(tmp_path / "estate.json", estate())
    picture = tmp_path / "picture.svg"
    assert main(["draw", inventory, "-q", "-o", str(picture)]) == 0
    assert verify(picture, inventory, capsys)[0] == 0
    plugin.write_text(plugin.read_text() + "#\n")
    status, said = verify(picture, inventory, capsys)
    assert status == 1
    assert "the plugin mine.costs_of_mine differs" in said


def test_what_cannot_be_told(drawn: tuple[Path, str], capsys: pytest.CaptureFixture[str]) -> None:
    picture, inventory = drawn
    found = split(picture.read_text())
    assert found is not None
    record = found[1]["proof"]
    record["version"] = "0.9.0"
    record["record"] = sealed(record)
    picture.write_text(found[0] + put(found[1], found[0]) + found[2])
    status, said = verify(picture, inventory, capsys)
    assert status == 3
    assert "drawn by Analytics Maestro 0.9.0" in said
    picture.write_text("<svg/>")
    assert verify(picture, inventory, capsys)[0] == 3
    assert main(["verify", str(picture) + "x", inventory]) == 2


def test_no_seed_of_hashes_changes_a_byte(tmp_path: Path) -> None:
    inventory = written(tmp_path / "estate.json", estate())
    drawn = set()
    for seed in ("1", "2"):
        command = [sys.executable, "-m", "analytics", "draw", inventory, "-q", "-o", "-"]
        env = {**os.environ, "PYTHONHASHSEED": seed}
        drawn.add(subprocess.run(command, env=env, capture_output=True, check=True).stdout)
    assert len(drawn) == 1


def shaken(value: Any, rng: random.Random) -> None:
    """Every list in another order."""
    if isinstance(value, dict):
        for one in value.values():
            shaken(one, rng)
    elif isinstance(value, list):
        rng.shuffle(value)
        for one in value:
            shaken(one, rng)


@pytest.mark.parametrize("graph_type", ["business", "infra", "network"])
def test_no_order_of_the_inventory_changes_a_byte(tmp_path: Path, graph_type: str) -> None:
    drawn = set()
    for seed in range(2):
        documents = json.loads(Path("devtool/sample/inventory.json").read_text())
        shaken(documents, random.Random(seed))
        inventory = written(tmp_path / "estate.json", documents)
        assert main(["draw", inventory, "-q", "--type", graph_type, "-o", str(tmp_path / "picture.svg")]) == 0
        drawn.add((tmp_path / "picture.svg").read_bytes())
    assert len(drawn) == 1
