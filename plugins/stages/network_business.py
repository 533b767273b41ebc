"""Network stage of the business graph: which node stands where, and how do the lines run?

Builds the graph model from the applications that were found and lays it out.
Calls between the same two applications become one line that counts them; what
the inventory refers to and does not hold becomes a ghost.
"""

from collections.abc import Iterator

from analytics import Stage, hookimpl
from analytics.graphs.business.build import build_grid


@hookimpl
def analytics_stages() -> Iterator[Stage]:
    yield Stage("network_business", build_grid)
