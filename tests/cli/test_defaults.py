"""Options that a file sets: found, applied, overridden; what means nothing in it is refused with its line."""

from pathlib import Path

import pytest

from analytics.cli import main

CALLS = '[{"parent": "web", "child": "cart", "callCount": 1}]'


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A checkout with an inventory, and we in a folder of it."""
    (tmp_path / ".git").mkdir()
    (tmp_path / "calls.json").write_text(CALLS)
    inner = tmp_path / "inner"
    inner.mkdir()
    monkeypatch.chdir(inner)
    return tmp_path


def test_a_file_of_the_checkout_sets_options_and_the_command_line_goes_before(folder: Path) -> None:
    (folder / "analytics.toml").write_text('[draw]\ntitle = "Mine"\nout = ["a.svg", "b.mmd"]\nquiet = true\n')
    assert main(["draw", "../calls.json"]) == 0
    assert ">Mine</text>" in Path("a.svg").read_text()
    assert Path("b.mmd").exists()
    Path("a.svg").unlink()
    assert main(["draw", "../calls.json", "--title", "Theirs", "-o", "c.svg"]) == 0
    assert ">Theirs</text>" in Path("c.svg").read_text()
    assert not Path("a.svg").exists()


def test_the_nearest_file_is_read_and_nothing_above_the_checkout(folder: Path) -> None:
    (folder.parent / "analytics.toml").write_text("[nonsense]\n")
    (folder / "pyproject.toml").write_text('[tool.analytics.draw]\ntitle = "Shared"\n')
    assert main(["draw", "../calls.json", "-q", "-o", "a.svg"]) == 0
    assert ">Shared</text>" in Path("a.svg").read_text()
    Path("analytics.toml").write_text('[draw]\ntitle = "Near"\n')
    assert main(["draw", "../calls.json", "-q", "-o", "a.svg"]) == 0
    assert ">Near</text>" in Path("a.svg").read_text()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[draw]\n\ntitel = 'x'\n", "analytics.toml:3: draw has no option titel: did you mean title?"),
        ("[drow]\n", "analytics.toml:1: there is no command drow: did you mean draw?"),
        ("[draw]\ntheme = 'pink'\n", "analytics.toml:2: theme is one of light, dark"),
        ("[draw]\nquiet = 'yes'\n", "analytics.toml:2: quiet is true or false"),
        ("[draw]\nhops = 'x'\n", "analytics.toml:2: hops does not take 'x'"),
        ("[draw]\ntitle = ['a', 'b']\n", "analytics.toml:2: title takes one value"),
        ("[draw\n", "at line 1"),
    ],
)
def test_what_means_nothing_is_refused_with_its_line(
    folder: Path, capsys: pytest.CaptureFixture[str], text: str, said: str
) -> None:
    (folder / "analytics.toml").write_text(text)
    assert main(["draw", "../calls.json", "-o", "a.svg"]) == 2
    assert said in capsys.readouterr().err
