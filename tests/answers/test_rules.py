"""Each form of rule on an estate that holds, that breaks it, and of which it cannot be told; exceptions, baseline."""

import json
import time
from datetime import date
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from analytics.answers.rules.facts import Facts
from analytics.answers.rules.forms import Estate, check
from analytics.answers.rules.reading import read_rules
from analytics.answers.rules.records import Result
from analytics.answers.rules.selecting import Chooser
from analytics.cli import main
from analytics.errors import UsageError
from devtool.bench.differences import read
from devtool.bench.rules import checked

Documents = dict[str, list[dict[str, Any]]]
TODAY = date(2026, 6, 1)
PLACE = {"_id": "d", "name": "D", "provider": "AWS"}


def app(key: str, *deps: str, **fields: Any) -> dict[str, Any]:
    return {"_id": key, "name": key.title(), "deps": [{"_id": dep} for dep in deps], **fields}


def results(documents: Documents, rules: str) -> list[Result]:
    facts = Facts(read(documents))
    found = read_rules(rules.encode(), "rules.yaml", facts)
    estate = Estate(Chooser(facts, TODAY))
    return [check(estate, rule) for rule in found.rules]


def states(documents: Documents, rule: str) -> dict[str, str]:
    (result,) = results(documents, f"rules:\n- {{id: r, {rule}}}\n")
    return {one.things[0].partition("/")[2]: one.state for one in result.found}


def servers(*zones: str | None) -> list[dict[str, Any]]:
    return [
        {"_id": f"s{number}", "hostname": f"s{number}", "datacenters": PLACE | ({"zone": zone} if zone else {})}
        for number, zone in enumerate(zones)
    ]


#: A rule, and an estate of which "ok" holds, "bad" breaks it, and "open" cannot be told.
EVERY_FORM: dict[str, tuple[str, Documents]] = {
    "must": (
        "each: application, must: {environment: Prod*}",
        {"applications": [app("ok", environment="Production"), app("bad", environment="Staging"), app("open")]},
    ),
    "must, at least": (
        "each: {name: [Ok, Bad, Open]}, must: {zones: {min: 2}}",
        {
            "applications": [
                app("ok", servers=["s0", "s1"]),
                app("bad", servers=["s0"]),
                app("open", servers=["s0", "s2"]),
            ],
            "servers": servers("a", "b", None),
        },
    ),
    "never calls": (
        "from: {name: [Ok, Bad, Open]}, never calls: {environment: {not: Production}}",
        {
            "applications": [
                *(app("ok", "prod"), app("bad", "test"), app("open", "lost")),
                *(app("prod", environment="Production"), app("test", environment="Test"), app("lost")),
            ]
        },
    ),
    "never reaches": (
        "from: {name: [Ok, Bad, Open]}, never reaches: {family: Database}, unless through: {team: gate}",
        {
            "applications": [
                *(app("ok", "gate"), app("bad", "middle"), app("open", "nowhere")),
                *(app("gate", "db", team="gate"), app("middle", "db"), app("db", family="Database")),
            ]
        },
    ),
    "survives": (
        "each: {name: [Ok, Bad, Open]}, survives: any one zone",
        {
            "applications": [app("ok", servers=["s0", "s1"]), app("bad", servers=["s0"]), app("open", servers=["s2"])],
            "servers": servers("a", "b", None),
        },
    ),
    "count": (
        "each: system, count: {environment: Test}, at most: 1",
        {
            "systems": [{"_id": key, "name": key} for key in ("ok", "bad", "open")],
            "applications": [
                *(app("a", system=["ok"], environment="Test"), app("b", system=["ok"], environment="Production")),
                *(app("c", system=["bad"], environment="Test"), app("d", system=["bad"], environment="Test")),
                *(app("e", system=["open"], environment="Test"), app("f", system=["open"])),
            ],
        },
    ),
    "same": (
        "each: system, same: environment",
        {
            "systems": [{"_id": key, "name": key} for key in ("ok", "bad", "open")],
            "applications": [
                *(app("a", system=["ok"], environment="Test"), app("b", system=["ok"], environment="Test")),
                *(app("c", system=["bad"], environment="Test"), app("d", system=["bad"], environment="Other")),
                *(app("e", system=["open"], environment="Test"), app("f", system=["open"])),
            ],
        },
    ),
}


@pytest.mark.parametrize("form", EVERY_FORM)
def test_a_form_holds_breaks_and_cannot_be_told(form: str) -> None:
    rule, documents = EVERY_FORM[form]
    assert states(documents, rule) == {"bad": "broken", "open": "cannot-tell"}


def test_layers_and_circles() -> None:
    documents: Documents = {
        "systems": [{"_id": "x", "name": "X"}, {"_id": "y", "name": "Y"}, {"_id": "z", "name": "Z"}],
        "applications": [
            *(app("web", "db", system=["x"]), app("db", "web", family="Database", system=["y"])),
            app("other", "web", system=["z"]),
        ],
    }
    assert states(documents, "layers: [{family: Application}, {family: Database}]") == {"db": "broken"}
    (circle,) = results(documents, "rules:\n- {id: r, no cycle between: systems}\n")
    assert [one.things for one in circle.found] == [("systems/x", "systems/y")]
    assert circle.found[0].path == ("systems/x", "systems/y", "systems/x")
    assert states(documents, "layers: [{family: Application}, {family: CDN}]") == {}


MISSPELT = {
    "- {id: r, each: application, musst: {team: present}}": "must",
    "- {id: r, eahc: application, must: {team: present}}": "each",
    "- {id: r, each: aplication, must: {team: present}}": "application",
    "- {id: r, each: application, must: {taem: present}}": "team",
    "- {id: r, each: {familly: Database}, must: {team: present}}": "family",
    "- {id: r, each: {family: Databse}, must: {team: present}}": "Database",
    "- {id: r, each: {in: Shp}, must: {team: present}}": "Shop",
    "- {id: r, each: application, must: {team: present}, level: eror}": "error",
    "- {id: r, each: application, must: {exposure: {nott: exposed}}}": "not",
    "- {id: r, each: application, must: {exposure: expsed}}": "exposed",
    "- {id: r, from: application, never cals: {family: Database}}": "never calls",
    "- {id: r, from: application, never reaches: {family: Database}, ovr: [dep]}": "over",
    "- {id: r, from: application, never reaches: {family: Database}, over: [depp]}": "dep",
    "- {id: r, from: application, never reaches: {family: Database}, unles through: {team: x}}": "unless through",
    "- {id: r, each: application, survives: any one zne}": "zone",
    "- {id: r, no cycle between: systms}": "systems",
    "- {id: r, each: systm, count: {family: Database}, at most: 2}": "system",
    "- {id: r, each: system, count: {family: Database}, at mots: 2}": "at most",
    "- {id: r, each: system, same: enviroment}": "environment",
    "- {id: r, layers: [{famly: Cache}, {family: Database}]}": "family",
    "- {id: r, each: {any: [{teem: x}]}, must: {team: present}}": "team",
    "exceptions:\n- {rule: r, thing: x, reson: y, until: 2027-01-01}": "reason",
}


@pytest.mark.parametrize("rules", MISSPELT)
def test_what_is_misspelt_stops_with_the_nearest_word(
    rules: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    documents = {"systems": [{"_id": "shop", "name": "Shop"}], "applications": [app("a", system=["shop"])]}
    estate, file = tmp_path / "estate.json", tmp_path / "rules.yaml"
    estate.write_text(json.dumps(documents))
    file.write_text(rules if rules.startswith("exc") else f"rules:\n{rules}\n")
    assert main(["check", str(estate), "--rules", str(file)]) == 2
    said = capsys.readouterr().err
    assert f"did you mean '{MISSPELT[rules]}'?" in said
    assert f"{file}:2:" in said


RULES = """
rules:
- {id: owned, each: application, must: {team: present}}
- {id: nothing, each: {name: Nobody}, must: {team: present}, level: note}
exceptions:
- {rule: owned, thing: Bad, reason: "comes with OPS-12", until: 2026-06-30}
"""


@pytest.fixture
def given(tmp_path: Path) -> tuple[str, str]:
    estate, rules = tmp_path / "estate.yaml", tmp_path / "rules.yaml"
    estate.write_text("applications:\n- {_id: ok, name: Ok, team: t}\n- {_id: bad, name: Bad, deps: [ok]}\n")
    rules.write_text(RULES)
    return str(estate), str(rules)


@pytest.mark.parametrize(("today", "status"), [("2026-06-29", 0), ("2026-06-30", 0), ("2026-07-01", 1)])
@pytest.mark.parametrize("zone", ["UTC", "Pacific/Auckland", "America/Los_Angeles"])
def test_an_exception_ends_with_its_day(
    given: tuple[str, str],
    today: str,
    status: int,
    zone: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("TZ", zone)
    time.tzset()
    estate, rules = given
    assert main(["check", estate, "--rules", rules, "--today", today]) == status
    said = capsys.readouterr()
    assert ("ended on 2026-06-30" in said.err) == bool(status)
    assert ("ends on 2026-06-30: comes with OPS-12" in said.err) != bool(status)
    assert "rule 'nothing' checked 0 things" in said.err
    monkeypatch.undo()
    time.tzset()


def test_an_exception_that_is_not_used_is_told(given: tuple[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    estate, rules = given
    Path(rules).write_text(RULES.replace("thing: Bad", "thing: Ok"))
    assert main(["check", estate, "--rules", rules, "--today", "2026-01-01"]) == 1
    assert "exception of 'Ok' from 'owned' is not used" in capsys.readouterr().err


def test_a_baseline_only_shrinks(
    given: tuple[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("CI", raising=False)
    estate, rules = given
    Path(rules).write_text(RULES.partition("exceptions")[0])
    known = tmp_path / "known.json"
    words = ["check", estate, "--rules", rules, "--baseline", str(known)]
    assert main([*words, "--update-baseline"]) == 1
    assert json.loads(known.read_text())["findings"] == []
    assert main([*words, "--accept-new", "as it was found"]) == 1
    assert json.loads(known.read_text())["findings"] == [
        {"rule": "owned", "things": ["applications/bad"], "reason": "as it was found"}
    ]
    assert main(words) == 0
    assert "the baseline knows 1 finding" in capsys.readouterr().err
    Path(estate).write_text("applications:\n- {_id: ok, name: Ok, team: t}\n- {_id: bad, name: Renamed, team: t}\n")
    assert main([*words, "--update-baseline"]) == 0
    assert json.loads(known.read_text())["findings"] == []
    monkeypatch.setenv("CI", "true")
    assert main([*words, "--accept-new", "x"]) == 2


def test_hosts_take_the_sarif(given: tuple[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    estate, rules = given
    Path(rules).write_text(
        "rules:\n- {id: owned, each: application, must: {team: present}}\n"
        "- {id: calls, from: application, never calls: {name: Ok}}\n"
    )
    assert main(["check", estate, "--rules", rules, "--format", "sarif", "--file", "estate/estate.yaml"]) == 1
    log = json.loads(capsys.readouterr().out)
    assert log["version"] == "2.1.0"
    (run,) = log["runs"]
    known = {rule["id"] for rule in run["tool"]["driver"]["rules"]}
    assert len(run["results"]) == 2
    for result in run["results"]:
        assert result["ruleId"] in known
        place = result["locations"][0]["physicalLocation"]
        assert place["artifactLocation"]["uri"] == "estate/estate.yaml"
        assert place["region"]["startLine"] == 3
        assert result["partialFingerprints"]["things/v1"]
    assert run["results"][0]["codeFlows"][0]["threadFlows"][0]["locations"]


def test_junit_counts_what_it_lists(given: tuple[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    estate, rules = given
    assert main(["check", estate, "--rules", rules, "--today", "2026-08-01", "--format", "junit"]) == 1
    root = ElementTree.fromstring(capsys.readouterr().out)
    for suite in root.iter("testsuite"):
        assert int(suite.get("tests", "")) == len(suite.findall("testcase"))
        assert int(suite.get("failures", "")) == len(suite.findall("testcase/failure"))
        assert int(suite.get("skipped", "")) == len(suite.findall("testcase/skipped"))
    assert root.get("failures") == "1"


def test_names_are_no_markup_in_a_comment(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    name = "@all | `x` <img src=1> [a](http://b)\n# head"
    estate, rules = tmp_path / "estate.json", tmp_path / "rules.yaml"
    estate.write_text(json.dumps({"applications": [{"_id": "a", "name": name}]}))
    rules.write_text("rules:\n- {id: owned, each: application, must: {team: present}}\n")
    assert main(["check", str(estate), "--rules", str(rules), "--format", "markdown"]) == 1
    line = next(one for one in capsys.readouterr().out.splitlines() if one.startswith("- owned"))
    assert "@all" not in line
    assert "<" not in line
    assert "\\[a\\]\\(http" in line


def test_packs_run_on_the_sample(capsys: pytest.CaptureFixture[str]) -> None:
    packs = [word for name in ("exposure", "redundancy", "ownership", "hygiene") for word in ("--pack", name)]
    assert main(["check", "devtool/sample/inventory.json", *packs, "--json"]) == 1
    answer = json.loads(capsys.readouterr().out)
    assert len(answer["rules"]) == 16
    assert all(one["checked"] for one in answer["rules"])
    assert main(["check", "devtool/sample/inventory.json", "--pack", "exposre"]) == 2
    assert "did you mean 'exposure'?" in capsys.readouterr().err


def test_rules_of_plugins_are_checked(
    given: tuple[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "house"
    folder.mkdir()
    (folder / "house_rules.py").write_text(
        "from analytics import hookimpl\n"
        "from analytics.documents import Application\n"
        "from analytics.model.rules import Broken, OwnRule\n"
        "def names(inventory):\n"
        "    apps = inventory.find(Application)\n"
        "    return len(apps), [Broken(f'applications/{a.id}', 'is badly named') for a in apps if a.name == 'Bad']\n"
        "@hookimpl\n"
        "def analytics_rules():\n"
        "    yield OwnRule('named-well', 'Names are good', names)\n"
    )
    monkeypatch.setenv("MAESTRO_PLUGINS_DIR", str(folder))
    assert main(["check", given[0]]) == 1
    assert "BROKEN    Bad is badly named" in capsys.readouterr().out


def test_the_bench_checks_rules_of_every_form() -> None:
    results, _ = checked(200, 20)
    assert {one.rule.form for one in results} >= {"must", "never calls", "never reaches", "survives", "layers", "count"}
    assert sum(one.checked for one in results) > 200
    assert any(one.count("broken") for one in results)


def test_an_exception_needs_reason_and_end() -> None:
    facts = Facts(read({"applications": [app("a")]}))
    for said, word in (
        ("rule: r, thing: a, until: 2027-01-01", "reason"),
        ("rule: r, thing: a, reason: b", "until"),
        ("rule: r, thing: 'a*', reason: b, until: 2027-01-01", "at most"),
        ("rule: r, thing: a, reason: b, until: soon", "2027-01-31"),
    ):
        with pytest.raises(UsageError, match=word):
            read_rules(f"exceptions:\n- {{{said}}}\n".encode(), "rules.yaml", facts)


def test_the_example_of_the_documentation_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "plugins_of_mine"
    folder.mkdir()
    (folder / "naming.py").write_text(Path("devtool/examples/naming.py").read_text())
    monkeypatch.setenv("MAESTRO_PLUGINS_DIR", str(folder))
    estate = tmp_path / "estate.json"
    place = {"name": "Hall One"}
    named = [{"_id": key, "hostname": key, "datacenters": place} for key in ("ho-1", "x-1")]
    estate.write_text(json.dumps({"servers": [*named, {"_id": "bare", "hostname": "bare"}]}))
    assert main(["check", str(estate), "--pack", "house"]) == 0
    said = capsys.readouterr().out
    assert "checked 3, broken 1, cannot tell 1" in said
    assert "BROKEN    x-1 has a name that does not begin with ho" in said


def test_a_picture_lists_each_rule_with_its_things_the_gravest_first(tmp_path: Path) -> None:
    estate, rules, out = tmp_path / "estate.json", tmp_path / "rules.yaml", tmp_path / "picture.json"
    apps = [{"_id": key, "name": key.upper(), "deps": [{"_id": "b"}] if key == "a" else []} for key in "abcde"]
    estate.write_text(json.dumps({"applications": apps, "systems": [{"_id": "s", "name": "Shop"}]}))
    rules.write_text(
        "rules:\n- {id: served, title: Somebody is served, each: system, must: {clients: present}, level: note}\n"
        "- {id: owned, title: Every one has a team., each: application, must: {team: present}}\n"
    )
    assert main(["check", str(estate), "--rules", str(rules), "-o", str(out)]) == 1
    found = json.loads(out.read_text())["findings"]
    told = [(one["code"], one["tone"], one["text"]) for one in found if one["code"] == "rule"]
    assert told == [
        ("rule", "bad", "owned: Every one has a team. 5 things broken: A, B, C and 2 more"),
        ("rule", "info", "served: Somebody is served. 1 thing broken: Shop"),
    ]
    drawn = {node["id"] for node in json.loads(out.read_text())["nodes"]}
    assert set(next(one["nodes"] for one in found if one["tone"] == "bad")) == drawn
