"""Info stage of the infra and network graphs: how much stands in each box, how dense are the lines?"""

from collections import Counter
from collections.abc import Iterator

from analytics import Stage, hookimpl
from analytics.graphs.statistics import in_order, statistics_of
from analytics.model import UNCOUNTED, Drawing, Entries, Estate, Statistics

#: The box that counts as a column of the histogram, the first kind that is there.
COLUMNS = ("subnet", "zone", "region", "datacenter", "provider", "unplaced")


def count_estate(drawing: Drawing, entries: Entries, estate: Estate) -> Statistics:
    """Things per zone (infra) or subnet (network), density, connections, families and systems."""
    graph = drawing.graph
    boxes = {container.id: container for container in graph.containers}
    kind = next((kind for kind in COLUMNS if any(box.kind == kind for box in boxes.values())), "")
    columns: Counter[str] = Counter()
    for node in (node for node in graph.nodes if node.kind not in UNCOUNTED):
        box = boxes.get(node.parent)
        while box is not None and box.kind != kind:
            box = boxes.get(box.parent)
        columns[box.name if box else "elsewhere"] += node.count
    return statistics_of(graph, in_order(columns), estate.applications, entries)


@hookimpl
def analytics_stages() -> Iterator[Stage]:
    yield Stage("info_estate", count_estate)
