"""Info stage of the business graph: how large, how deep, how dense is it?"""

from collections import Counter
from collections.abc import Iterator

from analytics import Stage, hookimpl
from analytics.graphs.statistics import statistics_of
from analytics.model import Count, Drawing, Entries, Lookup, Statistics


def count_graph(drawing: Drawing, entries: Entries, lookup: Lookup) -> Statistics:
    """Nodes a column, which is the depth of dependency; density, connections, families and systems."""
    columns = Counter(place.column for place in drawing.grid.places)
    histogram = [Count(str(column), columns[column]) for column in sorted(columns)]
    return statistics_of(drawing.graph, histogram, lookup.applications, entries)


@hookimpl
def analytics_stages() -> Iterator[Stage]:
    yield Stage("info_business", count_graph)
