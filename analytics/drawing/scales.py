"""Things coloured by a number: in how many steps, which step a thing is on, and what each step means."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from ..model.details import amount
from ..model.graph import Graph, Quantity

#: Steps of a scale, the least first.
STEPS = 5


@dataclass(frozen=True, slots=True)
class Scale:
    """The one quantity that colours the picture: from the least value to the largest, and each node's step (1 …)."""

    quantity: Quantity
    least: float
    largest: float
    steps: Mapping[str, int] = field(default_factory=dict)

    def words(self, step: int) -> str:
        """The values of a step, for the legend."""
        width = (self.largest - self.least) / STEPS
        low, high = self.least + width * (step - 1), self.least + width * step
        return f"{amount(low)} to {amount(high, self.quantity.unit)}" if width else amount(low, self.quantity.unit)


def scale_of(graph: Graph) -> Scale | None:
    """The scale of the first quantity that asks for one and that something has; steps are of equal width."""
    for quantity in graph.quantities:
        if not quantity.scale:
            continue
        values = {
            node.id: measure.value
            for node in graph.nodes
            for measure in node.measures
            if measure.quantity == quantity.key
        }
        if values:
            least, largest = min(values.values()), max(values.values())
            width = (largest - least) / STEPS
            steps = {
                key: min(STEPS, int((value - least) / width) + 1) if width else STEPS for key, value in values.items()
            }
            return Scale(quantity, least, largest, steps)
    return None
