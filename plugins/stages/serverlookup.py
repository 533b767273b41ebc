"""Server lookup stage: which servers, and what runs on them or is managed beside them?"""

from collections.abc import Iterator

from analytics import Stage, hookimpl
from analytics.graphs.lookup import find_estate


@hookimpl
def analytics_stages() -> Iterator[Stage]:
    yield Stage("serverlookup", find_estate)
