"""The order of a graph type's steps."""

from analytics.pipeline.registry import load
from analytics.settings import ROOT


def test_the_business_graph_runs_ten_stages_in_order() -> None:
    steps = load(ROOT / "plugins").plans["business"]
    assert [step.name for step in steps] == [
        "entry",
        "graphlookup",
        "network_business",
        "network_client",
        "enrichment",
        "draw_business",
        "info_business",
        "send_front_app",
        "notification",
        "websocket",
    ]
    roles = {step.name: (step.optional, step.always) for step in steps}
    assert roles["info_business"] == (True, False)
    assert roles["draw_business"] == (False, False)
    assert roles["websocket"] == (True, True)
