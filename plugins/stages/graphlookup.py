"""Graph lookup stage: what do the entries depend on, however far away?

One aggregation follows ``deps`` through the owner's active applications. A
dependency that was not found is either somebody else's, then only counted, or
nobody's, then drawn as a ghost.
"""

from collections.abc import Iterator

from analytics import Context, Stage, hookimpl
from analytics.documents import Application
from analytics.errors import EmptyGraph
from analytics.graphs.lookup import with_own_systems
from analytics.model import Entries, Hidden, Lookup


def look_up(entries: Entries, ctx: Context) -> Lookup:
    """All applications reachable from the entries, sorted by id. Raises :class:`EmptyGraph` when none is left."""
    applications = ctx.inventory.reach(entries.applications)
    if not applications:
        raise EmptyGraph("Empty dependencies")
    found = {app.id for app in applications}
    missing = {dep.id for app in applications for dep in app.deps} - found
    foreign = ctx.inventory.foreign(Application.collection, missing) if missing else frozenset()
    applications = with_own_systems(applications, ctx.inventory)
    hidden = [Hidden(app.id, tuple(sorted({dep.id for dep in app.deps} & foreign))) for app in applications]
    return Lookup(applications, tuple(entry for entry in hidden if entry.ids))


@hookimpl
def analytics_stages() -> Iterator[Stage]:
    yield Stage("graphlookup", look_up)
