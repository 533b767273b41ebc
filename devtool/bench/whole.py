"""The whole of `draw`, from a file to a file, in a process of its own: CPU seconds, and how they grow; memory at most.

Applications in tiers with words on most lines, their systems' entries held in the
first column; servers in subnets, as `bench estate` has them. The floor is what
reading and writing the same file as JSON takes, in the same run. With ``--layout``
the layout stage is measured too, with the compiled kernels and without: of 10,000
applications, none of them folded.
"""

from __future__ import annotations

import argparse
import math
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from analytics.layout import kernels, lay_out
from analytics.model.graph import Edge, Graph, Node
from devtool.places import ROOT

from ._rows import Row, for_programs, tell
from .estate import OWNER, estate_of, oid
from .layout import architecture

FAMILIES = ("Application", "Database", "Cache", "Broker", "Loadbalance", "Serverless", "ObjectStorage", "ApiGateway")
WORDS = ("rest", "https", "", "amqp", "postgres")
#: Applications: the most CPU seconds and MB.
APPLICATIONS = {1_000: (1.2, None), 10_000: (6.0, 300), 50_000: (40.0, 900)}
#: The same of the infra and the network graph of so many servers.
SERVERS = {100_000: (12.0, None)}
#: What CPU may grow by, in applications.
EXPONENT = 1.15
#: The layout stage: CPU seconds with compiled kernels, and with Python's own steps.
LAYOUT = {"compiled": 3.0, "python": 8.0}
#: Entries of one system.
ENTRIES = 20
#: Seconds a stage may take here: what is slow is to be seen, not ended.
PATIENCE = "1800"
WRITER = """
import json, sys
from devtool.bench.whole import inventory_of
with open(sys.argv[1], "w") as file:
    json.dump(inventory_of(sys.argv[2], int(sys.argv[3])), file)
"""
FLOOR = "import json, sys; json.dumps(json.load(open(sys.argv[1])))"


@dataclass(frozen=True, slots=True)
class Spent:
    """What a process took: CPU seconds of it and its children, MB at most."""

    seconds: float
    megabytes: float


def main(argv: Sequence[str]) -> int:
    """Print a row a figure; 1 when a goal is missed."""
    parser = argparse.ArgumentParser(prog="devtool bench whole", description=__doc__)
    parser.add_argument("--most", type=int, default=100_000, help="leave out larger inventories (default 100,000)")
    parser.add_argument("--rounds", type=int, default=1, help="of each, the median counts (default 1)")
    parser.add_argument("--layout", action="store_true", help="measure the layout stage as well")
    for_programs(parser)
    options = parser.parse_args(list(argv))
    return tell(rows(options.most, options.rounds, layout=options.layout), options.json)


def rows(most: int, rounds: int, *, layout: bool) -> Iterator[Row]:
    """All figures, each as soon as it is known."""
    points = []
    with tempfile.TemporaryDirectory() as scratch:
        file = Path(scratch, "inventory.json")
        for size, (seconds, megabytes) in APPLICATIONS.items():
            if size > most:
                continue
            write(file, "applications", size)
            floor, spent = of_file(file, "business", rounds)
            points.append((math.log(size), math.log(spent.seconds)))
            yield Row(f"draw of {size:,} applications", spent.seconds, "s CPU", seconds, floor.seconds)
            yield Row(f"draw of {size:,} applications: memory", spent.megabytes, "MB", megabytes, floor.megabytes)
        for size, (seconds, megabytes) in SERVERS.items():
            if size > most:
                continue
            write(file, "servers", size)
            for kind in ("infra", "network"):
                floor, spent = of_file(file, kind, rounds)
                yield Row(f"draw of {size:,} servers, {kind}", spent.seconds, "s CPU", seconds, floor.seconds)
                yield Row(
                    f"draw of {size:,} servers, {kind}: memory", spent.megabytes, "MB", megabytes, floor.megabytes
                )
    if len(points) > 1:
        slope = statistics.linear_regression([x for x, _ in points], [y for _, y in points]).slope
        yield Row("draw of applications: exponent", slope, "", EXPONENT)
    if layout:
        yield from layouts(10_000)


def write(file: Path, kind: str, size: int) -> None:
    """Write an inventory, in another process: the peak of this one would count as that of those it starts."""
    process([sys.executable, "-c", WRITER, str(file), kind, str(size)])


def inventory_of(kind: str, size: int) -> dict[str, list[dict[str, Any]]]:
    """An inventory of so many applications or servers."""
    return applications_of(size) if kind == "applications" else estate_of(size, max(1, size // 125))


def applications_of(size: int) -> dict[str, list[dict[str, Any]]]:
    """An inventory of so many applications, the same every time; what nobody calls is the entry of a system."""
    sample = architecture(size, 300)
    number = {name: index for index, name in enumerate(sample.nodes)}
    roles = [{"_id": OWNER}]
    calls: dict[str, list[dict[str, Any]]] = {name: [] for name in sample.nodes}
    for index, (source, target) in enumerate(sample.edges):
        calls[source].append({"_id": oid(6, number[target]), "endpoint": WORDS[index % len(WORDS)]})
    called = {target for _, target in sample.edges}
    doors = [{"_id": oid(6, number[name])} for name in sample.nodes if name not in called]
    return {
        "applications": [
            {
                "_id": oid(6, index),
                "name": f"app-{index}",
                "family": FAMILIES[index % len(FAMILIES)],
                "environment": "Production",
                "roles": roles,
                "deps": calls[name],
            }
            for name, index in number.items()
        ],
        "systems": [
            {"_id": oid(7, start), "name": f"system-{start}", "roles": roles, "entry": doors[start : start + ENTRIES]}
            for start in range(0, len(doors), ENTRIES)
        ],
    }


def of_file(file: Path, kind: str, rounds: int) -> tuple[Spent, Spent]:
    """What reading a file as JSON takes, and what drawing it does."""
    draw = [
        sys.executable,
        "-m",
        "analytics",
        "draw",
        str(file),
        "--type",
        kind,
        "-q",
        "-o",
        str(file.with_suffix(".svg")),
    ]
    floors = [process([sys.executable, "-c", FLOOR, str(file)]) for _ in range(rounds)]
    spent = [process(draw) for _ in range(rounds)]
    return median_of(floors), median_of(spent)


def median_of(found: Sequence[Spent]) -> Spent:
    """The medians of both."""
    return Spent(statistics.median(one.seconds for one in found), statistics.median(one.megabytes for one in found))


def process(command: Sequence[str]) -> Spent:
    """Run a program to its end. Raises :class:`SystemExit` where it fails."""
    env = {name: value for name, value in os.environ.items() if not name.startswith("MAESTRO_")}
    started = subprocess.Popen(command, cwd=ROOT, env=env | {"MAESTRO_JOB_TIMEOUT": PATIENCE}, stderr=subprocess.PIPE)
    assert started.stderr is not None
    with started.stderr:
        said = started.stderr.read()
    _, status, usage = os.wait4(started.pid, 0)
    started.returncode = os.waitstatus_to_exitcode(status)
    if started.returncode:
        raise SystemExit(f"{' '.join(command)} failed: {said.decode(errors='replace')[-500:]}")
    kilobytes = usage.ru_maxrss / (1024 if sys.platform == "darwin" else 1)
    return Spent(usage.ru_utime + usage.ru_stime, kilobytes / 1024)


def layouts(size: int) -> Iterator[Row]:
    """The layout stage of applications of which none is folded, entries held, both ways."""
    sample = architecture(size, 300)
    called = {target for _, target in sample.edges}
    nodes = tuple(Node(name, name, root=name not in called) for name in sample.nodes)
    graph = Graph("business", "", nodes, tuple(Edge(*ends) for ends in sample.edges), found=size)
    before = os.environ.get("MAESTRO_LAYOUT_KERNELS")
    for way, goal in LAYOUT.items():
        os.environ["MAESTRO_LAYOUT_KERNELS"] = "auto" if way == "compiled" else way
        kernels.found.cache_clear()
        if way == "compiled" and kernels.loaded() is None:
            continue
        begun = time.process_time()
        lay_out(graph)
        yield Row(f"layout of {size:,} with entries, {way} kernels", time.process_time() - begun, "s CPU", goal)
    os.environ.pop("MAESTRO_LAYOUT_KERNELS")
    if before is not None:
        os.environ["MAESTRO_LAYOUT_KERNELS"] = before
    kernels.found.cache_clear()
