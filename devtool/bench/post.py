"""POST /graph: how many a second two web processes accept, beside the same for an answer that does nothing.

Sixteen connections that are kept, no worker: what is measured is the token, the
rules, the run's state and the first job. The floor is ``GET /`` by the same
connections in the same run; what the client itself needs of the two cores is
printed too, since it takes that from the service.
"""

from __future__ import annotations

import argparse
import http.client
import json
import resource
import statistics
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from devtool.bench._rows import Row, for_programs, tell
from devtool.bench.pipeline import SAMPLE, cpu_seconds
from devtool.testkit.deployment import Deployment, deployed

#: One request: method, path, body.
Ask = Callable[[int], tuple[str, str, str | None]]


def main(argv: Sequence[str]) -> int:
    """Run the bench; 1 where a goal is missed."""
    parser = argparse.ArgumentParser(prog="python3 -m devtool bench post", description=__doc__.split("\n\n")[0])
    parser.add_argument("--requests", type=int, default=3000, help="of each kind (default 3000)")
    parser.add_argument("--connections", type=int, default=16)
    parser.add_argument("--processes", type=int, default=2, help="web processes (default 2)")
    for_programs(parser)
    args = parser.parse_args(list(argv))
    return tell(rows(args.requests, args.connections, args.processes), args.json)


def rows(requests: int, connections: int, processes: int) -> Iterator[Row]:
    """Both kinds of request; the floor of POST is what ``GET /`` reaches."""
    documents = json.loads(SAMPLE.read_text())
    owner = documents["systems"][0]["roles"][0]["_id"]

    def post(number: int) -> tuple[str, str, str | None]:
        body = {"_id": f"{0xD000 + number:024x}", "owner_id": owner, "type": "bussiness"}
        return "POST", "/graph", json.dumps(body)

    def get(_: int) -> tuple[str, str, str | None]:
        return "GET", "/", None

    with deployed(documents, MAESTRO_OWNER_RATE="1000000", MAESTRO_BACKLOG="1000000") as deployment:
        deployment.start_web(processes)
        ask_all(deployment, get, 200, connections)  # warm
        floor = answered(deployment, get, requests, connections)
        found = answered(deployment, post, requests, connections)
    yield Row("POST /graph answered", found.rate, "a second", goal=600, floor=floor.rate, least=True)
    yield Row(f"POST /graph, {connections} connections: median", found.median, "ms", floor=floor.median)
    yield Row(f"POST /graph, {connections} connections: p99", found.slow, "ms", goal=100, floor=floor.slow)
    yield Row("POST /graph: web", found.web, "CPU ms", floor=floor.web)
    yield Row("POST /graph: the client, of the same cores", found.client, "CPU ms", floor=floor.client)


@dataclass(frozen=True, slots=True)
class Answered:
    """How requests of one kind were answered: how many a second, milliseconds, CPU milliseconds of each."""

    rate: float
    median: float
    slow: float
    web: float
    client: float


def answered(deployment: Deployment, ask: Ask, count: int, connections: int) -> Answered:
    """Ask so many."""
    web, client, began = cpu_seconds(deployment, "web"), own_cpu(), time.monotonic()
    took = sorted(ask_all(deployment, ask, count, connections))
    seconds = time.monotonic() - began
    web, client = cpu_seconds(deployment, "web") - web, own_cpu() - client
    return Answered(
        count / seconds,
        statistics.median(took) * 1000,
        took[int(len(took) * 0.99)] * 1000,
        web / count * 1000,
        client / count * 1000,
    )


def ask_all(deployment: Deployment, ask: Ask, count: int, connections: int) -> list[float]:
    """Seconds for each request. Raises when one is answered otherwise than by success."""
    took: list[float] = []
    wrong: list[int] = []
    headers = {"Authorization": deployment.token(), "Content-Type": "application/json"}

    def talk(first: int) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", deployment.port, timeout=30)
        for number in range(first, count, connections):
            method, path, body = ask(number)
            began = time.perf_counter()
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            answer.read()
            took.append(time.perf_counter() - began)
            if answer.status >= 300:
                wrong.append(answer.status)
        connection.close()

    threads = [threading.Thread(target=talk, args=(first,)) for first in range(connections)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if wrong or len(took) != count:
        raise RuntimeError(f"{count - len(took)} requests without an answer, {len(wrong)} refused: {wrong[:5]}")
    return took


def own_cpu() -> float:
    """CPU seconds of this process: the client's share."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime
