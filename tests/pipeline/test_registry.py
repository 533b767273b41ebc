"""What loads, and how what does not fit is named."""

from pathlib import Path

import pytest

from analytics.errors import PlanError, PluginConflict, PluginError
from analytics.pipeline import registry
from analytics.pipeline.registry import load
from analytics.settings import ROOT

OURS = ROOT / "plugins"
STAGE = """
from analytics import Stage, hookimpl
from analytics.model import Entries, GraphRequest

def find_nothing(request: GraphRequest) -> Entries:
    return Entries()

@hookimpl
def analytics_stages():
    yield Stage("{name}", find_nothing)
"""
TYPE = """
from analytics import GraphType, hookimpl

@hookimpl
def analytics_graph_types():
    yield GraphType("{name}", {stages}, always={always}, optional={optional}, aliases={aliases})
"""


@pytest.fixture
def folder(tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    """A drop-in folder whose name no other test has: module names are process-wide."""
    import re

    path = tmp_path / re.sub(r"\W", "_", request.node.name)
    path.mkdir()
    return path


def drop(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text)
    return path


def graph_type(name: str, stages: object, always: object = (), optional: object = (), aliases: object = ()) -> str:
    return TYPE.format(name=name, stages=stages, always=always, optional=optional, aliases=aliases)


def test_our_own_plugins_load_and_every_file_is_named_as_a_source() -> None:
    loaded = load(OURS)
    assert {"business", "bussiness"} <= loaded.graph_types.keys()
    assert loaded.graph_types["bussiness"] is loaded.graph_types["business"]
    files = {str(path.relative_to(ROOT)) for path in OURS.rglob("*.py")}
    assert set(loaded.sources.values()) == files
    assert loaded.refused == ()


def test_a_module_is_the_one_a_test_imports() -> None:
    load(OURS)
    from plugins.stages import entry

    assert registry.load(OURS).stages["entry"].run is entry.find_entries


def test_a_dropped_file_adds_a_stage_and_a_graph_type(folder: Path) -> None:
    drop(folder, "a_stage.py", STAGE.format(name="nothing"))
    drop(folder, "b_type.py", graph_type("empty", {"nothing": ()}, aliases=("void",)))
    drop(folder, "_notes.py", "raise RuntimeError('not a plugin')")
    loaded = load(OURS, folder)
    assert [step.name for step in loaded.plans["void"]] == ["nothing"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("import nonsense_that_is_not_there", "ModuleNotFoundError"),
        ("1 +", "SyntaxError"),
        ("raise SystemExit(3)", "SystemExit"),
        ("x = 1", "no @hookimpl"),
        (STAGE.format(name="x").replace("analytics_stages", "analytics_stagez"), "analytics_stagez"),
        (STAGE.format(name="x").replace("analytics_stages()", "analytics_stages(more)"), "more"),
        (STAGE.format(name="Bad Name"), "a name is"),
        (STAGE.format(name="x").replace(" -> Entries", ""), "no annotation for return"),
        (STAGE.format(name="x").replace(": GraphRequest", ""), "no annotation for request"),
        (STAGE.format(name="x").replace(": GraphRequest", ": dict"), "not a frozen record"),
        (STAGE.format(name="x").replace('yield Stage("x", find_nothing)', "yield 3"), "yielded 3, not a Stage"),
        (STAGE.format(name="x").replace("yield", "raise KeyError(1); yield"), "KeyError"),
        (graph_type("x", {"nowhere": ()}), "no plugin gives stage nowhere"),
        (graph_type("x", {}), "no stages"),
        (graph_type("x", {"entry": ("graphlookup",), "graphlookup": ("entry",)}), "wait for each other"),
        (graph_type("x", {"graphlookup": ()}), "takes Entries, given by no earlier stage"),
        (graph_type("x", {"entry": ()}, always=("graphlookup",)), "always runs, so it must take Entries | None"),
        (graph_type("x", {"entry": (), "graphlookup": ("entry",)}, optional=("entry",)), "optional stage 'entry'"),
        (graph_type("x", {"entry": ()}, optional=("gone",)), "not among its stages"),
        (graph_type("x", {"entry": ()}, always=("entry",)), "among the stages and among those that always run"),
    ],
)
def test_what_does_not_fit_stops_the_start_and_names_the_file(folder: Path, text: str, said: str) -> None:
    path = drop(folder, "odd.py", text)
    with pytest.raises(PluginError) as caught:
        load(OURS, folder)
    assert said in str(caught.value)
    assert str(path) in str(caught.value)


def test_two_plugins_for_one_name_are_a_conflict_that_names_both(folder: Path) -> None:
    path = drop(folder, "mine.py", STAGE.format(name="entry"))
    with pytest.raises(PluginConflict) as caught:
        load(OURS, folder)
    assert str(path) in str(caught.value)
    assert "plugins/stages/entry.py" in str(caught.value)
    assert "MAESTRO_BLOCKED_PLUGINS" in str(caught.value)


def test_blocking_one_by_name_ends_the_conflict(folder: Path) -> None:
    path = drop(folder, "mine.py", STAGE.format(name="entry"))
    loaded = load(OURS, folder, blocked=("plugins.stages.entry",))
    assert loaded.sources["stage 'entry'"] == str(path)


def test_an_artifact_given_twice_is_ambiguous(folder: Path) -> None:
    drop(folder, "again.py", STAGE.format(name="entry_again"))
    stages = {"entry": (), "entry_again": (), "graphlookup": ("entry", "entry_again")}
    drop(folder, "type.py", graph_type("twice", stages))
    with pytest.raises(PlanError, match="takes Entries, given by entry and entry_again"):
        load(OURS, folder)


def test_without_strictness_a_broken_plugin_is_left_out_and_shown(folder: Path) -> None:
    path = drop(folder, "broken.py", "1 +")
    drop(folder, "fine.py", STAGE.format(name="fine"))
    loaded = load(OURS, folder, strict=False)
    assert [refused.source for refused in loaded.refused] == [str(path)]
    assert {"fine", "entry"} <= loaded.stages.keys()


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(PluginError, match="nowhere"):
        load(OURS, tmp_path / "nowhere")


def test_a_file_that_everybody_may_change_is_not_run(tmp_path: Path) -> None:
    file = tmp_path / "a_stage.py"
    file.write_text("raise SystemExit('it was run')")
    file.chmod(0o666)
    with pytest.raises(PluginError, match=r"a_stage\.py: everybody on this machine may change it"):
        load(ROOT / "plugins", tmp_path)
