"""The overview of a large call graph: teams found, nothing claimed that is not there, every relation in one sum."""

from __future__ import annotations

import random
import re
from collections import Counter, defaultdict
from dataclasses import replace

import pytest

from analytics.drawing import render
from analytics.errors import EmptyGraph
from analytics.graphs.overview.callmap import call_map
from analytics.graphs.overview.cycles import cyclic_parts
from analytics.graphs.overview.hubs import find_hubs
from analytics.graphs.overview.inside import inside
from analytics.graphs.overview.picture import Overview, overview, refinement, with_real_cycles
from analytics.layout import lay_out, lay_out_overview
from analytics.model.graph import Edge, Graph, Measure, Node, tally
from devtool.bench._service_maps import ServiceMap, by_chance, changed, rewired, with_teams
from devtool.bench.overview import found_teams, graph_of, moved, parts_claimed

Pairs = list[tuple[str, str]]


@pytest.fixture(scope="module")
def unnamed() -> Overview:
    """A map of 1,200 services in 40 teams whose names say nothing."""
    return overview(graph_of(with_teams(named=False)))


def test_teams_are_found_without_their_names(unnamed: Overview) -> None:
    assert found_teams(unnamed, with_teams(named=False).team) > 0.9
    assert len(unnamed.graph.nodes) <= 45
    assert len({frozenset((edge.source, edge.target)) for edge in unnamed.graph.edges}) <= 60


def test_teams_that_names_tell_are_exact() -> None:
    known = with_teams()
    assert found_teams(overview(graph_of(known)), known.team) == pytest.approx(1)


def test_what_is_declared_comes_before_names_and_calls() -> None:
    known = with_teams()
    shuffled = sorted(known.team)
    random.Random(3).shuffle(shuffled)
    owner = {name: f"Owner {number % 7}" for number, name in enumerate(shuffled)}
    found = overview(graph_of(known), [owner], ["system"])
    assert all(found.folds[name] in (f"system:{owner[name]}", f"hub:{name}") for name in owner)
    names = {node.name: node for node in found.graph.nodes}
    assert {f"Owner {number}" for number in range(7)} <= names.keys()
    assert any(row.value == "all of system Owner 3" for row in names["Owner 3"].attributes)


def test_more_groups_than_fit_are_joined_and_say_so() -> None:
    names = [f"s{number:03d}" for number in range(300)]
    pairs = [(names[start], other) for start in range(0, 300, 3) for other in names[start + 1 : start + 6]]
    owner = {name: f"Owner {number // 3:03d}" for number, name in enumerate(names)}
    found = overview(graph(pairs), [owner], ["system"])
    assert len(found.graph.nodes) <= 60
    assert any(row.value.startswith("joined for want of room") for node in found.graph.nodes for row in node.attributes)
    assert complete(found)


@pytest.mark.parametrize("seed", range(3))
def test_no_parts_are_claimed_where_there_are_none(seed: int) -> None:
    for chance in (by_chance(seed=seed), rewired(with_teams(named=False), seed)):
        found = overview(graph_of(chance))
        assert not parts_claimed(found)
        assert any("no parts that mostly call each other were found" in one.reason for one in found.graph.omissions)


def test_folds_are_remembered(unnamed: Overview) -> None:
    known = with_teams(named=False)
    assert moved(unnamed, overview(graph_of(known), previous=unnamed.folds)) == 0
    later = overview(graph_of(changed(known, 0.01)), previous=unnamed.folds)
    assert 0 <= moved(unnamed, later) <= 0.02
    afresh = overview(graph_of(rewired(known)), previous=unnamed.folds)
    assert any("folded afresh: the parts are gone" in one.reason for one in afresh.graph.omissions)


def test_a_new_service_joins_its_heaviest_caller(unnamed: Overview) -> None:
    known = with_teams(named=False)
    caller = next(name for name, fold in sorted(unnamed.folds.items()) if fold.startswith("part:"))
    grown = replace(known, calls={**known.calls, (caller, "brand-new"): 7})
    assert overview(graph_of(grown), previous=unnamed.folds).folds["brand-new"] == unnamed.folds[caller]


def test_any_order_of_input_gives_the_same_bytes(unnamed: Overview) -> None:
    first = graph_of(with_teams(named=False))
    nodes, edges = list(first.nodes), list(first.edges)
    random.Random(1).shuffle(nodes)
    random.Random(2).shuffle(edges)
    other = overview(replace(first, nodes=tuple(nodes), edges=tuple(edges)))
    assert drawn(other) == drawn(unnamed)


SHAPES: dict[str, Pairs] = {
    "star": [(f"n{i:03}", "n000") for i in range(1, 400)],
    "fan": [("n000", f"n{i:03}") for i in range(1, 400)],
    "chain": [(f"n{i:03}", f"n{i + 1:03}") for i in range(500)],
    "ring": [(f"n{i:03}", f"n{(i + 1) % 300:03}") for i in range(300)],
    "clique": [(f"n{i:03}", f"n{j:03}") for i in range(70) for j in range(70) if i != j],
    "bipartite": [(f"n{i:03}", f"n{100 + j:03}") for i in range(50) for j in range(50)],
    "pairs": [(f"n{2 * i:03}", f"n{2 * i + 1:03}") for i in range(200)],
    "loops": [(f"n{i:03}", f"n{i:03}") for i in range(100)],
    "equal parts": [(f"n{10 * k + i:03}", f"n{10 * k + j:03}") for k in range(30) for i in range(10) for j in range(i)],
}


@pytest.mark.parametrize("shape", SHAPES)
def test_every_shape_becomes_a_picture_whose_sums_add_up(shape: str) -> None:
    found = overview(graph(SHAPES[shape]))
    assert complete(found)
    assert 0 < len(found.graph.nodes) <= 60
    assert "<svg" in drawn(found)
    total, *parts = [
        int(number.replace(",", ""))
        for number in re.findall(r"([\d,]+) (?:rel|in|to|from|on)", found.graph.summary[-1])
    ]
    assert total == sum(parts) == len(SHAPES[shape])


@pytest.mark.parametrize(
    "known", [with_teams(named=False), with_teams(), by_chance()], ids=["calls", "names", "chance"]
)
def test_standard_is_a_refinement_inside_the_folds(known: ServiceMap) -> None:
    coarse = overview(graph_of(known))
    fine = refinement(graph_of(known))
    assert len(coarse.graph.nodes) <= len(fine.nodes) <= 150
    assert len({frozenset((edge.source, edge.target)) for edge in fine.edges}) <= 300
    assert tally(fine).complete
    boxes = {box.id for box in fine.containers}
    for node in fine.nodes:
        folds = {coarse.folds[key] for key in node.members or (node.id,)}
        assert len(folds) == 1
        assert node.parent in ("", "hubs", *folds)
        assert not node.parent or node.parent in boxes


def test_a_refinement_marks_cycles_of_things_only() -> None:
    fine = refinement(graph_of(with_teams(named=False)))
    grid = with_real_cycles(lay_out(fine, "fast", "flat"), fine)
    assert not [edge for edge in grid.graph.edges if edge.back]


def test_a_clique_says_that_all_call_all() -> None:
    found = overview(graph(SHAPES["clique"]))
    assert any(row.value == "all call all" for node in found.graph.nodes for row in node.attributes)


def test_what_the_inventory_does_not_hold_is_beside_the_sum() -> None:
    first = graph(SHAPES["chain"])
    ghosts = tuple(Node(f"g{n}", f"Ghost {n}", kind="ghost") for n in range(5))
    edges = tuple(Edge("n000", ghost.id) for ghost in ghosts)
    found = overview(replace(first, nodes=(*first.nodes, *ghosts), edges=(*first.edges, *edges)))
    assert complete(found)
    assert tally(found.graph).ghosts == 5
    said = [(one.what, one.count) for one in found.graph.omissions]
    assert said == [("applications", tally(found.graph).folded), ("things not in the inventory", 5)]


def test_lines_say_how_many_of_both_sides_stand_behind_them() -> None:
    pairs = [(f"{team}-{n}", f"{team}-{n + 1}") for team in "ab" for n in range(39)]
    calls = [
        Edge(one, other, measures=(Measure("rate", 5.0), Measure("latency", float(one[-1]))))
        for one, other in (*pairs, ("a-3", "b-7"), ("a-4", "b-7"))
    ]
    team = {f"{team}-{n}": team for team in "ab" for n in range(40)}
    found = overview(replace(graph(pairs), edges=tuple(calls)), [team], ["team"])
    between = [edge for edge in found.graph.edges if edge.source == "team:a"]
    assert [(edge.count, edge.measures) for edge in between] == [(2, (Measure("rate", 10.0),))]
    assert [(row.name, row.value) for row in between[0].attributes] == [
        ("stands for", "2 relations"),
        ("behind it", "2 of 40 → 1 of 40"),
        ("slowest", "a-4 → b-7, 4 ms"),
    ]


def test_only_things_on_a_cycle_close_one() -> None:
    """Two folds that call each other are no cycle of things."""
    found = call_map({key: key for key in "abcdef"}, [Edge(*pair) for pair in ("ab", "bc", "ca", "cd", "de")])
    part = cyclic_parts(found)
    assert part[0] == part[1] == part[2] >= 0
    assert part[3:] == [-1, -1, -1]


def test_hubs_stop_at_the_gap() -> None:
    edges = [Edge(f"s{n:03}", "hub") for n in range(60)] + [Edge(f"s{n:03}", f"s{n + 1:03}") for n in range(60)]
    found = call_map({**{f"s{n:03}": f"s{n:03}" for n in range(61)}, "hub": "hub"}, edges)
    assert [found.ids[hub] for hub in find_hubs(found)] == ["hub"]


def graph(pairs: Pairs) -> Graph:
    """A plain graph of the ends of these pairs."""
    ids = sorted({end for pair in pairs for end in pair})
    edges = tuple(Edge(*pair) for pair in pairs)
    return Graph("business", "Business graph", tuple(Node(key, key) for key in ids), edges, found=len(ids))


def complete(found: Overview) -> bool:
    """Whether every thing is accounted for, and each once."""
    members = [key for node in found.graph.nodes for key in node.members or (node.id,)]
    return tally(found.graph).complete and len(members) == len(set(members)) == len(found.folds)


def drawn(found: Overview) -> str:
    """The picture."""
    grid = lay_out_overview(found.graph, found.hubs)
    assert grid is not None
    return render(grid)


@pytest.mark.parametrize(
    "known", [with_teams(named=False), with_teams(), by_chance()], ids=["calls", "names", "chance"]
)
def test_every_fold_opens_as_a_picture_of_its_members_with_the_rest_as_stubs(known: ServiceMap) -> None:
    whole = graph_of(known)
    coarse = overview(whole)
    members: dict[str, set[str]] = defaultdict(set)
    for thing, fold in coarse.folds.items():
        members[fold].add(thing)
    for fold, own in members.items():
        found = inside(whole, (), (), fold)
        assert tally(found.graph).complete
        inner = [node for node in found.graph.nodes if node.kind != "outside"]
        assert sorted(key for node in inner for key in node.members or (node.id,)) == sorted(own)
        assert len(found.graph.nodes) <= 60 or fold.startswith(("islands", "only", "words:", "distance:"))
        crossing = sum(edge.count for edge in whole.edges if (edge.source in own) != (edge.target in own))
        within = sum(edge.count for edge in whole.edges if {edge.source, edge.target} <= own)
        assert found.graph.summary[-1].startswith(f"{crossing + within:,} relations = ")
        assert len({frozenset((edge.source, edge.target)) for edge in found.graph.edges}) <= 60


def test_a_part_is_opened_by_its_name_or_by_a_member_and_the_unknown_names_the_nearest() -> None:
    whole = graph_of(with_teams())
    by_name = inside(whole, (), (), "TEAM07")
    assert "Inside team07" in by_name.graph.scope
    member = next(thing for thing, fold in by_name.folds.items() if fold == "names:team07")
    assert inside(whole, (), (), member) == by_name
    with pytest.raises(EmptyGraph, match=r"No part of the overview is called 'team7'; there are team\d"):
        inside(whole, (), (), "team7")


def test_a_part_of_a_part_opens_by_a_path_with_its_neighbours_around_it() -> None:
    whole = graph_of(with_teams(600, 4, 3))
    coarse = overview(whole)
    fold, size = Counter(coarse.folds.values()).most_common(1)[0]
    assert size > 60
    outer = inside(whole, (), (), fold)
    large = [node for node in outer.graph.nodes if len(node.members) > 1]
    assert large
    name = outer.graph.scope.removeprefix("Inside ").partition(":")[0]
    for node in large:
        inner = inside(whole, (), (), f"{fold} › {node.members[0]}")
        shown = [one for one in inner.graph.nodes if one.kind != "outside"]
        assert sorted(key for one in shown for key in one.members or (one.id,)) == sorted(node.members)
        assert tally(inner.graph).complete
        assert inner.graph.scope.startswith(f"Inside {name} › ")
        around = {one.name for one in inner.graph.nodes if one.kind == "outside"}
        assert around & {one.name for one in outer.graph.nodes if one.kind != "outside"} or node.name == name
    deeper = inside(whole, (), (), f"{fold} › {large[0].members[0]} › {large[0].members[1]}")
    assert deeper.graph.scope.count(" › ") == 2
    with pytest.raises(EmptyGraph, match="No part of the overview is called 'nowhere'"):
        inside(whole, (), (), f"{fold} › nowhere")


def test_an_opened_part_is_drawn_with_its_hubs_in_a_list() -> None:
    found = inside(graph_of(with_teams()), (), (), "team07")
    assert found.hubs
    hubs = [node for node in found.graph.nodes if node.id in found.hubs]
    assert {node.kind for node in hubs} == {"outside"}
    assert all(any(note.startswith("hub ") for note in node.notes) for node in hubs)
    picture = drawn(found)
    assert "outside of the part" in picture
    assert "not in the inventory" not in picture
