"""Everything given is drawn, or a member of a fold, or listed by id: each once, in the graph and in every format."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from analytics.documents.entities import Ref
from analytics.export.outline import inert
from analytics.export.wording import node_id
from analytics.inventory import OwnedInventory, open_file
from analytics.model.artifacts import Drawing, GraphRequest
from analytics.model.graph import UNCOUNTED, Graph
from analytics.pipeline.local import run_steps
from analytics.testing import context
from analytics.text import safe_id
from tests.estate_runs import Drawn, kept, registry, run
from tests.estates import OWNER, application, oid, server, system
from tests.graphs.test_folding import inventories
from tests.own_plugins import FORMATS
from tests.sure import sure

KEYS = st.lists(st.integers(1, 9), max_size=4)


@st.composite
def businesses(draw: Any) -> Any:
    """Applications that call each other, themselves, systems and nothing; systems with and without entries."""
    return {
        "applications": [
            application(
                number,
                *draw(st.lists(st.sampled_from([*range(1, 11), 50, 51, 99]), max_size=3)),
                family=draw(st.sampled_from(["Application", "CDN", "Database"])),
                system=[{"_id": oid(key)} for key in draw(st.lists(st.sampled_from([50, 51, 52, 53]), max_size=2))],
                active=draw(st.sampled_from([True, True, True, False])),
            )
            for number in range(1, draw(st.integers(1, 10)))
        ]
        + [application(10)],
        "systems": [
            system(50, *draw(KEYS), clients=[{"_id": oid(60)}]),
            system(51, *draw(KEYS)),
            system(52, clients=[{"_id": oid(60)}]),
        ],
        "clients": [{"_id": oid(60), "name": "Ada", "roles": [{"_id": OWNER}]}],
    }


def accounts(graph: Graph) -> tuple[list[str], list[str], list[str]]:
    """The ids drawn as themselves, folded, and listed as left out."""
    counted = [node for node in graph.nodes if node.kind not in UNCOUNTED]
    return (
        [node.id for node in counted if not node.members],
        [key for node in counted for key in node.members],
        [key for one in graph.omissions if one.kind in ("omitted", "counted") for key in one.ids],
    )


def asked_of(documents: Any, entry: str, keys: list[str]) -> set[str]:
    """What a business graph is about, told by the documents alone."""
    apps = {app["_id"]: app for app in documents["applications"] if app["active"]}
    systems = {one["_id"]: one for one in documents["systems"]}
    if entry == "all":
        return set(apps)
    if entry == "clients":
        keys = [key for key, one in systems.items() if {ref["_id"] for ref in one.get("clients", ())} & set(keys)]
    found = set(keys) & apps.keys()
    if entry != "apps":
        found = {
            key
            for key, app in apps.items()
            if {ref["_id"] for ref in app.get("system", ())} & systems.keys() & set(keys)
        }
        found |= {ref["_id"] for key in keys for ref in systems[key]["entry"] if ref["_id"] in apps}
    return found


@given(
    documents=businesses(),
    asked=st.sampled_from(
        [("all", []), ("systems", [50]), ("systems", [51, 52]), ("clients", [60]), ("apps", [1, 10]), ("apps", [10])]
    ),
    detail=st.sampled_from(["overview", "standard", "full"]),
)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_a_business_graph_accounts_for_everything_it_was_asked_about(documents: Any, asked: Any, detail: str) -> None:
    entry, numbers = asked
    result = run(kept(documents), "business", entry, *map(oid, numbers), detail=detail)
    given_ = asked_of(documents, entry, [oid(number) for number in numbers])
    if result.outcome.level == "warning":
        assert not given_
        return
    picture = Drawn(result)
    drawn, folded, left = accounts(picture.graph)
    every = [*drawn, *folded, *left]
    assert len(every) == len(set(every)) == picture.tally.found
    assert given_ <= set(every)
    active = {app["_id"]: app for app in documents["applications"] if app["active"]}
    called = {dep["_id"] for key in every for dep in active[key]["deps"]}
    assert called & active.keys() <= set(every), "and all they depend on"
    check_formats(picture)


@given(
    documents=inventories(),
    kind=st.sampled_from(["infra", "network"]),
    detail=st.sampled_from(["overview", "standard", "full"]),
)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_an_estate_accounts_for_every_server_and_application(documents: Any, kind: str, detail: str) -> None:
    picture = Drawn(run(kept(documents), kind, detail=detail))
    drawn, folded, left = accounts(picture.graph)
    every = [*drawn, *folded, *left]
    assert len(every) == len(set(every)) == picture.tally.found
    own = [one for name in ("servers", "applications") for one in documents[name] if one["roles"][0]["_id"] == OWNER]
    assert {one["_id"] for one in own} <= set(every)
    check_formats(picture)


def check_formats(picture: Drawn) -> None:
    """Every format says every id, whether drawn, folded or left out."""
    graph = picture.graph
    drawn, folded, left = accounts(graph)
    facts = json.loads(sure(etree.fromstring(picture.svg.encode()).findtext("{http://www.w3.org/2000/svg}metadata")))
    members = {key for held in facts["folds"].values() for key in held}
    assert members == {safe_id(key) for node in graph.nodes for key in node.members}
    assert facts["left_out"] == [safe_id(key) for key in left]
    for suffix, form in FORMATS.items():
        text = form.write(picture.grid)
        if suffix == "json":
            held = json.loads(text)
            assert [key for node in held["nodes"] for key in node["members"]] == [
                key for node in graph.nodes for key in node.members
            ]
            assert [key for one in held["omissions"] for key in one["ids"]] == left
            assert {node_id(key) for key in drawn} <= {node["id"] for node in held["nodes"]}
        elif suffix in ("dot", "mmd", "d2", "puml", "c4"):
            assert all(node_id(key) in text for key in (*drawn, *folded, *left)), suffix
        elif suffix == "html":
            assert all(safe_id(key) in text for key in (*drawn, *folded, *left)), suffix
        elif suffix in ("md", "csv"):
            assert all(inert(key) in text for key in (*folded, *left))
        else:
            assert all(node_id(key) in text for key in drawn), suffix
            assert all(key in text for key in (*folded, *left)), suffix


@pytest.fixture
def unreached() -> Any:
    """An entry and what it calls, a caller of the entry, an island of the same system, an application of no system."""
    mine: dict[str, Any] = {"system": [{"_id": oid(50)}]}
    return {
        "applications": [
            application(1, 2, name="Web", **mine),
            application(2, name="Api", **mine),
            application(3, 1, name="Cron", **mine),
            application(4, name="Island", **mine),
            application(5, 2, name="Stranger"),
        ],
        "systems": [system(50, 1)],
    }


def names(documents: Any, entry: Any, *keys: int, **way: Any) -> tuple[set[str], Drawn]:
    """The names of the nodes of a business graph, and the graph."""
    request = GraphRequest("drawn", OWNER, "business", entry, tuple(Ref(oid(key)) for key in keys))
    ctx = context(OwnedInventory(kept(documents), OWNER))
    picture = Drawn(run_steps(registry().plans["business"], replace(request, **way), ctx, lambda *_: None))
    return {node.name for node in picture.graph.nodes}, picture


def test_what_no_entry_reaches_is_drawn_and_callers_outside_are_said(unreached: Any) -> None:
    assert names(unreached, "all")[0] == {"Web", "Api", "Cron", "Island", "Stranger"}
    found, picture = names(unreached, "systems", 50)
    assert found == {"Web", "Api", "Cron", "Island"}
    assert picture.finding("callers") == "1 application outside calls in: Stranger"
    assert [node.name for node in picture.graph.nodes if node.root] == ["Web"]


def test_calls_are_followed_up_down_and_only_so_far(unreached: Any) -> None:
    assert names(unreached, "apps", 1)[0] == {"Web", "Api"}
    assert names(unreached, "apps", 1, direction="up")[0] == {"Web", "Cron"}
    assert names(unreached, "apps", 1, direction="both")[0] == {"Web", "Api", "Cron"}
    assert names(unreached, "apps", 2, direction="up", hops=1)[0] == {"Api", "Web", "Stranger"}
    found, picture = names(unreached, "apps", 3, hops=1)
    assert found == {"Cron", "Web"}
    assert picture.left_out("unresolved", "calls") == 1, "a call that was not followed is no ghost"


def test_an_owner_without_systems_draws_its_applications_from_those_nobody_calls() -> None:
    found, picture = names({"applications": [application(1, 2), application(2), application(3)]}, "all")
    assert found == {"App 1", "App 2", "App 3"}
    assert [node.name for node in picture.graph.nodes if node.root] == ["App 1"]


def test_a_call_of_a_system_leads_to_its_entries_or_to_the_system() -> None:
    documents = {
        "applications": [application(1, 50, 51), application(2, 3), application(3)],
        "systems": [system(50, 2, name="Shop"), system(51, name="Empty")],
    }
    found, picture = names(documents, "apps", 1)
    assert found == {"App 1", "App 2", "App 3", "Empty"}
    assert picture.node("Empty").kind == "external"
    assert picture.tally.ghosts == 0


def test_entries_that_nobody_holds_are_ghosts() -> None:
    picture = names({"applications": [application(1)], "systems": [system(50, 1, 7)]}, "systems", 50)[1]
    assert picture.node("App 7").kind == "ghost"


def test_a_system_that_is_named_as_an_entry_and_called_is_one_node() -> None:
    estate = {"systems": [system(50, 7), system(7)], "applications": [application(1, 7)]}
    picture = Drawn(run(kept(estate), "business"))
    assert picture.node(oid(7)).name == "System 7"


def test_more_entries_than_a_reader_takes_fold_by_family() -> None:
    documents = {
        "applications": [application(n, family="Cache" if n % 2 else "Database") for n in range(1, 201)],
        "systems": [system(500, *range(1, 201))],
    }
    assert len(names(documents, "all")[1].graph.nodes) == 2
    assert len(names(documents, "all", detail="full")[1].graph.nodes) == 200


def test_what_nobody_states_is_unknown() -> None:
    documents = {
        "applications": [application(1, 2, replicas=6), application(2, servers=[oid(70)], status="Retired")],
        "servers": [server(70, cpu=None, memory=None, datacenters=None)],
    }
    picture = names(documents, "all")[1]
    grid = sure(picture.result.artifact(Drawing)).grid
    web, stopped = grid.graph.nodes
    assert (web.provider, web.size, web.quantity) == ("unknown", "", 6)
    assert (stopped.provider, stopped.size, stopped.quantity) == ("unknown", "", 1)
    assert [badge.text for badge in stopped.badges] == ["status: Retired"]


@pytest.mark.parametrize("kind", ["infra", "network"])
def test_an_empty_graph_of_an_estate_is_a_warning_with_the_reason(kind: str) -> None:
    outcome = run(kept({"applications": [application(1), application(2)]}), kind).outcome
    assert outcome.level == "warning"
    assert outcome.message.startswith("Nothing to draw: 2 applications, they ")
    assert outcome.message.endswith(": App 1, App 2")


def test_more_of_what_an_inventory_knows_stands_in_the_details() -> None:
    said = {"description": "Sells things", "namespace": "shop", "lifecycle": "deprecated"}
    links = [{"title": "Runbook", "url": "https://example.org/shop"}, "javascript:alert(1)"]
    picture = names({"applications": [application(1, **said, links=links)]}, "all")[1]
    (node,) = picture.graph.nodes
    assert {row.name: row.value for row in node.attributes}.items() >= said.items()
    assert [(link.text, link.url) for link in node.links] == [("Runbook", "https://example.org/shop")]
    assert [badge.text for badge in node.badges] == ["status: deprecated"]


def test_who_calls_a_system_calls_its_entries() -> None:
    documents = {
        "applications": [application(1, 50), application(2, 3), application(3)],
        "systems": [system(50, 2, name="Shop"), system(51, name="Empty")],
    }
    assert names(documents, "apps", 2, direction="up")[0] == {"App 1", "App 2"}
    assert names(documents, "apps", 2)[1].finding("callers") == "1 application outside calls in: App 1"


SPOILT = """
applications:
- name: web
  dependencies: [db]
- {name: db, familly: Database}
- {name: gone, deps: [nobody]}
"""


@pytest.mark.parametrize("kind", ["business", "infra", "network"])
def test_no_picture_hides_what_could_not_be_read_as_meant(kind: str, tmp_path: Path) -> None:
    """What nobody holds is drawn, as a ghost: it is no finding of reading."""
    file = tmp_path / "estate.yaml"
    file.write_text(SPOILT + "servers: [{name: host, datacenters: {name: East}}]\n")
    result = run(open_file(file), kind, owner="local")
    said = [one.text for one in sure(result.artifact(Drawing)).graph.findings if one.code == "reading"]
    assert said == [
        "2 things in the inventory not read as meant: line 4: dependencies: no such field: did you mean deps?; "
        "line 5: familly: no such field: did you mean family?"
    ]


def test_one_owner_is_told_nothing_of_anothers_mistakes(tmp_path: Path) -> None:
    file = tmp_path / "estate.yaml"
    file.write_text("applications: [{name: a, owner: one}, {name: b, owner: two, familly: Database}]\n")
    assert OwnedInventory(open_file(file), "one").remarks() == ()
