"""What it costs to store records: the codec against that of the first release, in one run.

Prints for a small record, an inventory of 2,000 servers and a graph with its grid: whether
both codecs write the same bytes, and the time to write and to read beside that of the first release.
"""

from __future__ import annotations

import argparse
import itertools
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any

from analytics.documents.entities import Ref, Server
from analytics.model.artifacts import Estate
from analytics.model.graph import Edge, Graph, Node
from analytics.model.grid import Grid, Place, Route
from analytics.pipeline import codec
from analytics.pipeline.progress import StageState
from devtool.bench import _arrays
from devtool.bench._rows import Row, for_programs, tell

SIZE = 2_000


def main(argv: Sequence[str]) -> int:
    """Run the bench; 1 where the two codecs write different bytes."""
    parser = argparse.ArgumentParser(prog="bench codec", description=__doc__)
    for_programs(parser)
    return tell(rows(), parser.parse_args(list(argv)).json)


def rows() -> Iterator[Row]:
    """Each record's time in microseconds, the first release's as its floor, and whether the bytes are the same."""
    for name, record in subjects().items():
        kind, old = type(record), _arrays.dumps(record)
        data = codec.dumps(record)
        same = codec.loads(kind, old) == record and (len(old) >= codec.COMPRESS_FROM or data == old)
        yield Row(f"{name}, {len(old):,} bytes: differ", float(not same), "", goal=0)
        before, now = both(partial(_arrays.dumps, record), partial(codec.written, record))
        yield Row(f"{name}: writing", now, "µs", goal=before, floor=before)
        before, now = both(partial(_arrays.loads, kind, old), partial(codec.read, kind, old))
        yield Row(f"{name}: reading", now, "µs", goal=before, floor=before)


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


def both(old: Callable[[], object], new: Callable[[], object]) -> tuple[float, float]:
    """Microseconds of both, each the best of five turns taken by turns."""
    best = [float("inf"), float("inf")]
    for _ in range(5):
        for way, call in enumerate((old, new)):
            began, count = time.perf_counter(), 0
            while time.perf_counter() - began < 0.2:
                call()
                count += 1
            best[way] = min(best[way], (time.perf_counter() - began) / count)
    return best[0] * 1e6, best[1] * 1e6
