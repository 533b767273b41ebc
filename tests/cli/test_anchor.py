"""``draw --anchor`` keeps places, says how many, and its picture can be verified."""

import json
from pathlib import Path
from typing import Any

import pytest

from analytics.answers.proof import carried
from analytics.cli import main
from tests.estates import application, server, system

Estate = dict[str, list[dict[str, Any]]]


def estate(more: int = 0) -> Estate:
    apps = [application(number, (number + 1) % 9 + 1) for number in range(1, 10)]
    apps += [application(20 + number, 3) for number in range(more)]
    return {
        "applications": apps,
        "systems": [system(50, 1)],
        "servers": [server(60 + number, number) for number in range(1, 10)],
    }


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    old, new = tmp_path / "old.json", tmp_path / "new.json"
    old.write_text(json.dumps(estate()))
    new.write_text(json.dumps(estate(1)))
    return old, new


@pytest.mark.parametrize("kind", ["business", "infra"])
@pytest.mark.parametrize("anchor", ["picture.svg", "picture.json", "old.json"])
def test_every_kind_of_earlier_picture_keeps_places(
    kind: str, anchor: str, files: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    old, new = files
    pictures = [tmp_path / "picture.svg", tmp_path / "picture.json"]
    assert main(["draw", str(old), "--type", kind, "-q", "-o", str(pictures[0]), "-o", str(pictures[1])]) == 0
    capsys.readouterr()
    found = tmp_path / "now.svg"
    assert main(["draw", str(new), "--type", kind, "--anchor", str(tmp_path / anchor), "-o", str(found)]) == 0
    assert "9 of 9 nodes of the earlier picture stand where they stood" in capsys.readouterr().err
    assert main(["verify", str(found), str(new)]) == 3
    assert "--anchor" in capsys.readouterr().out
    assert main(["verify", str(found), str(new), "--anchor", str(tmp_path / anchor)]) == 0


def test_the_anchor_is_part_of_the_record(
    files: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    old, new = files
    plain, anchored = tmp_path / "plain.svg", tmp_path / "anchored.svg"
    assert main(["draw", str(new), "-q", "-o", str(plain)]) == 0
    assert main(["draw", str(new), "-q", "--anchor", str(old), "-o", str(anchored)]) == 0
    without, record = carried(plain.read_text()), carried(anchored.read_text())
    assert without is not None
    assert record is not None
    assert "anchor" not in without
    assert len(record["anchor"]) == 64
    capsys.readouterr()
    assert main(["verify", str(anchored), str(new), "--anchor", str(new)]) == 1
    assert "anchored to another earlier picture" in capsys.readouterr().out
    assert main(["verify", str(plain), str(new), "--anchor", str(old)]) == 1
    assert "anchored to no picture" in capsys.readouterr().out


def test_what_cannot_be_an_anchor_is_named(
    files: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    old, new = files
    infra, flower = tmp_path / "infra.svg", tmp_path / "flower.svg"
    assert main(["draw", str(old), "--type", "infra", "-q", "-o", str(infra)]) == 0
    flower.write_text("<svg xmlns='http://www.w3.org/2000/svg'><desc>a flower</desc></svg>")
    capsys.readouterr()
    for anchor, status, said in (
        (infra, 2, "type infra, flat"),
        (flower, 1, "no picture that this program drew"),
        (tmp_path / "nothing.svg", 2, "there is no such file"),
    ):
        call = ["draw", str(new), "--anchor", str(anchor), "-q", "-o", str(tmp_path / "x.svg")]
        assert main(call) == status, anchor
        assert said in capsys.readouterr().err
    assert main(["draw", str(new), "--anchor", "http://127.0.0.1:1/x", "-q", "-o", str(tmp_path / "x.svg")]) == 2
