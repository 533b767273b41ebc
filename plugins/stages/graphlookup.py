"""Graph lookup stage: what do the applications depend on, and who depends on them?

Calls are followed down, up or both ways, as far as the request says. A
dependency that was not found is somebody else's, then only counted, or
nobody's, then drawn as a ghost.
"""

from collections.abc import Iterator

from analytics import Stage, hookimpl
from analytics.graphs.business.lookup import look_up


@hookimpl
def analytics_stages() -> Iterator[Stage]:
    yield Stage("graphlookup", look_up)
