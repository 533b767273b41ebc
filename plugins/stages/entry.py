"""Entry stage: which applications is this graph about, and which of them does it start from?

Applications may be named themselves; systems stand for all applications of
theirs and name their entries; clients stand for their systems; nothing named
is everything the owner has.
"""

from collections.abc import Iterator

from analytics import Context, Stage, hookimpl
from analytics.errors import EmptyGraph
from analytics.graphs.entries import find_doors
from analytics.model import Entries, GraphRequest


def find_entries(request: GraphRequest, ctx: Context) -> Entries:
    """Resolve what the request names to applications. Raises :class:`EmptyGraph` when there is none."""
    doors = find_doors(request, ctx.inventory)
    if not doors.applications and not doors.members:
        raise EmptyGraph("Empty entry point")
    return Entries(
        doors.applications,
        doors.systems,
        scope=doors.scope,
        members=doors.members,
        remarks=tuple(ctx.inventory.remarks()),
    )


@hookimpl
def analytics_stages() -> Iterator[Stage]:
    yield Stage("entry", find_entries)
