"""A test of the plugin costs.py, with what analytics.testing offers for it."""

from pathlib import Path

from analytics.model import Drawing
from analytics.testing import Documents, draw

PLUGIN = Path(__file__).with_name("costs.py")


def test_the_costs_of_a_system_are_added_up() -> None:
    tags = [{"key": "monthly_cost", "value": "120"}]
    estate: Documents = {
        "systems": [{"name": "Shop", "entry": ["Web"]}],
        "applications": [
            {"name": "Web", "system": ["Shop"], "deps": ["Orders"], "tags": tags},
            {"name": "Orders", "system": ["Shop"], "tags": tags},
        ],
    }
    result = draw(estate, "business", plugins=[PLUGIN])
    drawing = result.artifact(Drawing)
    assert result.outcome.level == "finished"
    assert drawing is not None
    assert {(total.system, total.value) for total in drawing.graph.totals} == {("Shop", 240.0), ("", 240.0)}
