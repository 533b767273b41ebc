"""Found = drawn + folded + omitted: one sum, and the same one wherever it is said."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

import pytest
from lxml import etree

from analytics.cli.draw import failures, tell
from analytics.model.artifacts import Drawing, Servers
from analytics.model.graph import Tally
from analytics.web.answers import counts_of, omissions_of
from tests.estate_runs import Drawn, drawn
from tests.estates import OTHER, application, at, document, oid, server, subnet, system, vpc
from tests.sure import sure

SVG = "{http://www.w3.org/2000/svg}"
#: Something of everything: equal servers, volumes, a managed application, one without a place, ghosts, of which
#: another owner holds one.
INVENTORY = {
    "servers": [server(n, 10, **at(subnet_id="subnet-a")) for n in (1, 2, 3)]
    + [server(4, 11, storage=[{"unique_id": "v-1"}])],
    "applications": [
        application(10, 11, 12, 13, 30),
        application(11, 79),
        application(12),
        application(13, family="Database", role={"vpc_id": "vpc-a"}, **at()),
        application(30, owner=OTHER),
    ],
    "systems": [system(60, 10)],
    "volumes": [document(80, name="data", unique_id="v-1", size=5), document(81, name="loose", size=7)],
    "networks": [vpc(100, "vpc-a", "10.0.0.0/16"), subnet(101, "subnet-a", "vpc-a", "10.0.1.0/24")],
}
SUMS = {
    ("business", "standard"): (4, 4, 0, 0),
    ("business", "full"): (4, 4, 0, 0),
    ("infra", "standard"): (10, 5, 4, 1),
    ("infra", "full"): (10, 7, 2, 1),
    ("network", "standard"): (8, 5, 2, 1),
    ("network", "full"): (8, 5, 2, 1),
}


@pytest.fixture(params=SUMS, ids="-".join)
def picture(request: pytest.FixtureRequest) -> tuple[Drawn, tuple[int, ...]]:
    kind, detail = request.param
    return drawn(INVENTORY, kind, detail=detail), SUMS[kind, detail]


def sum_of(tally: Tally) -> tuple[int, ...]:
    return tally.found, tally.drawn, tally.folded, tally.omitted


def test_the_sum_is_exact_and_the_list_explains_it(picture: Any) -> None:
    drawing, expected = picture
    assert sum_of(drawing.tally) == expected
    assert (drawing.tally.hidden, drawing.tally.ghosts) == (0, 2)
    assert drawing.left_out("folded") + drawing.left_out("counted") == drawing.tally.folded
    assert drawing.left_out("omitted") == drawing.tally.omitted


def test_frame_metadata_description_status_and_command_line_say_the_same(
    picture: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    drawn_, (found, shown, folded, omitted) = picture
    drawing = drawn_.result.artifact(Drawing)
    assert drawing.tally == drawn_.tally
    root = etree.fromstring(drawing.svg.encode())
    facts = json.loads(root.findtext(f"{SVG}metadata"))
    sentence = f"{found} found = {shown} drawn + {folded} folded + {omitted} omitted"
    frame = " ".join(text.text or "" for text in root.find(f"{SVG}g[@id='am-frame']").iter(f"{SVG}text"))
    assert sentence in frame
    assert sentence in root.findtext(f"{SVG}desc")
    counts = counts_of(drawing)
    assert counts is not None
    for name in ("found", "drawn", "folded", "omitted", "hidden", "ghosts"):
        assert facts[name] == getattr(counts, name) == getattr(drawing.tally, name)
    assert facts["omissions"] == [asdict(row) for row in omissions_of(drawing)]
    tell(sure(drawing), "a.svg")
    said = capsys.readouterr().err
    assert sentence in said
    for omission in drawing.omissions:
        assert f"{omission.kind}: {omission.count} {omission.what}: {omission.reason}" in said
        assert omission.reason in frame


def test_strict_fails_on_ghosts_and_on_what_was_omitted(picture: Any) -> None:
    drawing, (_, _, _, omitted) = picture
    said = " ".join(failures(sure(drawing.result.artifact(Drawing))))
    assert ("something was left out" in said) == bool(omitted)
    assert "2 things not in the inventory" in said


def test_strict_accepts_what_is_whole() -> None:
    whole = drawn({"applications": [application(1, 2), application(2)]}, "business")
    assert failures(sure(whole.result.artifact(Drawing))) == []


@pytest.mark.parametrize("detail", ["overview", "standard", "full"])
def test_what_nobody_found_is_not_counted_with_what_was_and_servers_are_as_many_at_every_detail(detail: str) -> None:
    """Three databases alike to a reader, one of them in no inventory; its id comes first."""
    calls = [{"_id": oid(number), "name": f"Store {number}", "family": "Database"} for number in (2, 5, 6)]
    documents = {
        "applications": [
            application(3, name="Caller", deps=calls),
            *[application(number, name=f"Store {number}", family="Database") for number in (5, 6)],
        ],
        "systems": [system(50, 3)],
        "servers": [server(70, 5), server(71, 6), server(72, 6)],
    }
    picture = drawn(documents, "business", detail=detail)
    sums = picture.tally
    assert (sums.found, sums.drawn + sums.folded, sums.ghosts) == (3, 3, 1)
    assert sure(picture.result.artifact(Servers)).total == 3
