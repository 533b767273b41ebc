"""When things were last seen: the frame says it, and what nobody has seen for long is marked."""

from __future__ import annotations

import orjson
import pytest

from analytics.export.document import to_json
from analytics.export.outline import to_markdown
from analytics.model.artifacts import Statistics
from tests.estate_runs import drawn, marks
from tests.estates import Documents, application, server
from tests.sure import sure

STALE = "not seen for more than 30 days"


def estate() -> Documents:
    """One server and application seen in March, one of each in January."""
    return {
        "applications": [
            application(1, updated_at="2026-03-31", datacenters={"name": "East"}),
            application(2, updated_at="Thu, 01 Jan 2026 10:00:00 GMT", datacenters={"name": "East"}),
        ],
        "servers": [
            server(10, as_of="2026-03-02T00:00:00Z", updated_at="2020-01-01"),
            server(11, updated_at="2026-01-02"),
        ],
    }


@pytest.mark.parametrize("kind", ["business", "infra"])
def test_what_was_not_seen_for_long_is_marked_everywhere(kind: str) -> None:
    picture = drawn(estate(), kind, stale_days=30)
    assert STALE in marks(picture.node("App 2"))
    assert STALE not in marks(picture.node("App 1"))
    assert "as of 2026-03-31, the oldest of Thu, 01 Jan 2026 10:00:00 GMT" in picture.svg
    assert STALE in picture.svg
    text = to_markdown(picture.grid).replace("\\", "")
    assert STALE in text
    assert "As of 2026-03-31, the oldest of Thu, 01 Jan 2026" in text
    assert orjson.loads(to_json(picture.grid))["oldest"].startswith("Thu, 01 Jan 2026")
    stale = {"business": "1 thing", "infra": "2 things"}[kind]
    assert picture.finding("stale").startswith(f"{stale} not seen in the 30 days before 2026-03-31: ")
    said = sure(picture.result.artifact(Statistics))
    assert (said.stale, said.newest) == (int(stale[0]), "2026-03-31")


def test_a_network_graph_marks_its_leaves_and_those_in_folds_are_counted() -> None:
    servers = [server(n, 1, updated_at="2026-03-31" if n % 2 else "2026-01-01") for n in range(10, 40)]
    picture = drawn({"servers": servers, "applications": [application(1)]}, "network", detail="overview", stale_days=30)
    (fold,) = [node for node in picture.graph.nodes if node.kind == "server-group"]
    assert f"{STALE} (15 of 30)" in [badge.words for badge in fold.badges]
    assert fold.as_of == "2026-01-01"
    assert sure(picture.result.artifact(Statistics)).stale == 15


def test_dates_that_nobody_can_read_and_no_limit_mark_nothing() -> None:
    undated = {"applications": [application(1, updated_at="yesterday"), application(2)]}
    picture = drawn(undated, "business", stale_days=30)
    assert (picture.graph.as_of, picture.graph.oldest, picture.finding("stale")) == ("", "", "")
    assert drawn(estate(), "business", stale_days=0).finding("stale") == ""
