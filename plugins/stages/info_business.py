"""Info stage of the business graph: how large, how deep, how dense is it?"""

from collections import Counter

from analytics import Stage, hookimpl
from analytics.model import Count, Entries, Grid, Lookup, Statistics


def count_graph(grid: Grid, entries: Entries, lookup: Lookup) -> Statistics:
    """Histogram of columns, density, connections, families and systems.

    Density is that of a directed graph, m / (n (n - 1)).
    """
    columns = Counter(place.column for place in grid.places)
    nodes, connections = len(grid.graph.nodes), len(grid.graph.edges)
    families = Counter(app.family for app in lookup.applications)
    systems = {ref.id: ref for app in lookup.applications for ref in app.systems}
    systems |= {ref.id: ref for ref in entries.systems}
    return Statistics(
        histogram=tuple(Count(str(column), columns[column]) for column in sorted(columns)),
        density=f"{connections / (nodes * (nodes - 1)) if nodes > 1 else 0:.2f}",
        connections=connections,
        families=tuple(Count(family, families[family]) for family in sorted(families)),
        applications=len(lookup.applications),
        systems=tuple(sorted(systems.values(), key=lambda ref: (ref.name, ref.id))),
    )


@hookimpl
def analytics_stages():
    yield Stage("info_business", count_graph)
