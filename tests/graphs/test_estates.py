"""Whole estates: the sample in all types by every entry, and a large one; nothing overlaps, is cut or gets lost."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import combinations
from typing import Any

import pytest

from analytics.drawing.platforms import draw_platform_header, platforms_of
from analytics.drawing.projection import ABOVE, ISOMETRIC
from analytics.drawing.theme import LIGHT
from analytics.inventory import KeptSource, open_file
from analytics.lettering.type_metrics import ELLIPSIS
from analytics.model.grid import Area, Grid
from devtool.bench.draw import faults_of
from devtool.bench.estate import OWNER as BENCH_OWNER
from devtool.bench.estate import Held, estate_of
from devtool.places import SAMPLE
from tests.estate_runs import Drawn, registry, run

HELD = json.loads(SAMPLE.read_text())
OWNER = HELD["applications"][0]["roles"][0]["_id"]
CLOSE = 1e-6
ENTRIES = ("systems", "clients", "datacenters")


def cases() -> Iterator[tuple[str, str, str]]:
    """Every type with every entry of the sample inventory."""
    for kind in ("business", "infra", "network"):
        yield kind, "all", ""
        for entry in ENTRIES:
            if entry in registry().graph_types[kind].entries:
                yield from ((kind, entry, one["_id"]) for one in HELD[entry])


@pytest.fixture(scope="module")
def source() -> KeptSource:
    return open_file(SAMPLE)


@pytest.mark.parametrize(("kind", "entry", "key"), list(cases()), ids=["-".join(case) for case in cases()])
def test_the_sample_estate_is_drawn_whole_by_every_entry(source: Any, kind: str, entry: str, key: str) -> None:
    result = run(source, kind, entry, *([key] if key else []), owner=OWNER)
    if result.outcome.level == "warning":  # the entries of two systems are managed and name no network
        assert (kind, entry, result.outcome.message[:16]) == ("network", "systems", "Nothing to draw:")
        return
    picture = Drawn(result)
    assert picture.outcome.level == "finished", picture.outcome
    assert picture.tally.complete, picture.tally
    assert picture.tally.found > 0
    check_ground(picture.grid)
    check_headers(picture.grid)
    faults = faults_of(picture.grid, picture.svg)
    assert (faults.none, faults.cut) == (True, 0), faults


def box_of(thing: Any) -> tuple[float, float, float, float]:
    return thing.x, thing.y, thing.x + thing.width, thing.y + thing.depth


def apart(one: Any, two: Any) -> bool:
    left, back, right, front = box_of(one)
    other_left, other_back, other_right, other_front = box_of(two)
    return (
        right <= other_left + CLOSE
        or other_right <= left + CLOSE
        or front <= other_back + CLOSE
        or other_front <= back + CLOSE
    )


def inside(one: Any, area: Area) -> bool:
    if isinstance(one, Area) and one.shares:  # all boxes of a chain have one border, and one header
        return box_of(one) == box_of(area)
    left, back, right, front = box_of(one)
    outer_left, outer_back, outer_right, outer_front = box_of(area)
    return (
        left >= outer_left - CLOSE
        and back >= outer_back + area.header - CLOSE
        and right <= outer_right + CLOSE
        and front <= outer_front + CLOSE
    )


def check_ground(grid: Grid) -> None:
    """Tiles apart from each other, things inside their boxes and below the header, sibling boxes apart."""
    areas = {area.container: area for area in grid.areas}
    parents = {node.id: node.parent for node in grid.graph.nodes} | {
        box.id: box.parent for box in grid.graph.containers
    }
    members: dict[str, list[Any]] = {}
    for place in grid.places:
        members.setdefault(parents[place.node], []).append(place)
    for area in grid.areas:
        members.setdefault(parents[area.container], []).append(area)
    assert len(grid.places) == len(grid.graph.nodes)
    for parent, things in members.items():
        for thing in things:
            assert not parent or inside(thing, areas[parent]), f"{thing} leaves {parent}"
        for one, two in combinations(things, 2):
            assert apart(one, two), f"{one} overlaps {two}"


def check_headers(grid: Grid) -> None:
    """No name in a box's header is shortened."""
    cut = [
        platform.name
        for platform in platforms_of(grid)
        for projection in (ABOVE, ISOMETRIC)
        if ELLIPSIS in draw_platform_header(platform, (0, 0), LIGHT, projection) and ELLIPSIS not in platform.name
    ]
    assert not cut, f"headers are cut: {cut}"


@pytest.mark.parametrize("kind", ["infra", "network"])
def test_five_thousand_servers_in_forty_subnets_are_one_readable_picture(kind: str) -> None:
    """How long it takes, ``python -m devtool.bench estate`` says."""
    picture = Drawn(run(Held(estate_of(5_000, 40)), kind, owner=BENCH_OWNER))
    # The five applications stand on servers: they are counted there, and the servers fold.
    assert (picture.tally.found, picture.tally.omitted, picture.tally.complete) == (5_005, 0, True)
    assert (picture.left_out("counted", "applications"), picture.left_out("omitted")) == (5, 0)
    assert sum(len(node.members) or node.count for node in picture.graph.nodes if node.kind != "internet") >= 5_000
    assert len(picture.graph.nodes) <= 150
    assert len(picture.graph.edges) <= 300
    assert len(picture.svg.encode()) < 2_000_000
    check_ground(picture.grid)
