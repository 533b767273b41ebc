"""Entry stage: which applications does this graph start from?

Applications may be named themselves; systems name their entry applications, or
fall back to those in front by family; clients stand for their systems.
"""

from collections.abc import Iterator

from analytics import Context, Stage, hookimpl
from analytics.errors import EmptyGraph
from analytics.graphs.entries import find_doors
from analytics.model import Entries, GraphRequest


def find_entries(request: GraphRequest, ctx: Context) -> Entries:
    """Resolve what the request names to entry applications. Raises :class:`EmptyGraph` when there is none."""
    doors = find_doors(request, ctx.inventory)
    if not doors.applications:
        raise EmptyGraph("Empty entry point")
    return Entries(doors.applications, doors.systems, scope=doors.scope)


@hookimpl
def analytics_stages() -> Iterator[Stage]:
    yield Stage("entry", find_entries)
