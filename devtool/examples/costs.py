"""Monthly costs: what does each application cost, and what does each system?"""

from collections.abc import Iterator

from analytics import Insertion, Stage, hookimpl
from analytics.model import Additions, Lookup, Measure, NodeAddition, Quantity

COST = Quantity("monthly_cost", "Monthly cost", "€", label=True, sums=("system",), scale=True)


def add_costs(lookup: Lookup) -> Additions:
    """The cost that an application's tag ``monthly_cost`` states."""
    nodes = []
    for application in lookup.applications:
        stated = next((tag.value for tag in application.tags if tag.key == COST.key), "")
        if stated.isdecimal():
            nodes.append(NodeAddition(application.id, (Measure(COST.key, float(stated)),)))
    return Additions((COST,), tuple(nodes))


@hookimpl
def analytics_insertions() -> Iterator[Insertion]:
    yield Insertion(Stage("costs", add_costs), after="enrichment", types=("business",))
