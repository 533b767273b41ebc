"""What it costs to store records: the codec against that of the first release, in one run.

Prints for a small record, an inventory of 2,000 servers and a graph with its grid: the bytes,
whether both codecs write the same ones, the time to write and to read, and how many times faster that is.
"""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from analytics.documents.entities import Ref, Server
from analytics.model.artifacts import Estate
from analytics.model.graph import Edge, Graph, Node
from analytics.model.grid import Grid, Place, Route
from analytics.pipeline import codec
from analytics.pipeline.progress import StageState
from devtool.bench import _arrays

SIZE = 2_000


def main(_argv: Sequence[str]) -> int:
    """Run the bench; returns 0, or 1 where the two codecs write different bytes."""
    status = 0
    for name, record in subjects().items():
        kind, old = type(record), _arrays.dumps(record)
        data = codec.dumps(record)
        same = codec.loads(kind, old) == record and (len(old) >= codec.COMPRESS_FROM or data == old)
        status |= not same
        write = ratio(partial(_arrays.dumps, record), partial(codec.written, record))
        read = ratio(partial(_arrays.loads, kind, old), partial(codec.read, kind, old))
        print(f"{name:<8} {len(old):>9,} bytes{'' if same else '  DIFFERENT'}   write {write}   read {read}")
    return status


def subjects() -> dict[str, Any]:
    """Records of the three sizes there are."""
    ids = [f"{number:024x}" for number in range(SIZE)]
    refs = (Ref(ids[1], "billing"), Ref(ids[2], "shipping"))
    servers = tuple(
        Server(each, f"web-{each[-4:]}", ipv4_private=("10.0.0.1",), cpu=4.0, applications=refs) for each in ids
    )
    nodes = tuple(Node(each, f"node {each[-4:]}", "application") for each in ids)
    edges = tuple(Edge(one, other) for one, other in itertools.pairwise(ids))
    places = tuple(Place(each, number % 50, number // 50, number * 1.5, 0.25) for number, each in enumerate(ids))
    routes = tuple(Route(number, ((0.5, 1.25), (0.5, 7.0), (9.0, 7.0))) for number in range(SIZE - 1))
    return {
        "state": StageState("running", 1, ids[3], 1.7e9, 1.7e9),
        "estate": Estate(servers, (), ()),
        "grid": Grid(Graph("infra", "Bench", nodes, edges=edges), places, routes=routes),
    }


def ratio(old: Callable[[], object], new: Callable[[], object]) -> str:
    """Both times, each the best of five turns taken by turns, and how many times faster the new way is."""
    best = [float("inf"), float("inf")]
    for _ in range(5):
        for way, call in enumerate((old, new)):
            began, count = time.perf_counter(), 0
            while time.perf_counter() - began < 0.2:
                call()
                count += 1
            best[way] = min(best[way], (time.perf_counter() - began) / count)
    return f"{best[0] * 1e6:>9,.1f} -> {best[1] * 1e6:>9,.1f} µs ({best[0] / best[1]:.1f} times)"
