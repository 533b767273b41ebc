"""What happened during a soak, and whether it held."""

from __future__ import annotations

import contextlib
import os
import statistics
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from devtool.testkit.deployment import FINAL, Deployment
from devtool.testkit.faults.invariants import lasting_keys, work_left

#: Seconds in which a lost stage is in work again, in 99 of 100 cases; and a request is answered.
RESCUE_P99, ANSWER_P99 = 15.0, 1.0


@dataclass
class Record:
    """What happened. ``lost`` are graphs of the crowd that Redis never knew, ``answers`` seconds a POST took."""

    accepted: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    refused: int = 0
    kills: Counter[str] = field(default_factory=Counter)
    rescues: list[float] = field(default_factory=list)
    answers: list[float] = field(default_factory=list)
    slow: Counter[str] = field(default_factory=Counter)
    largest: dict[str, float] = field(default_factory=dict)


def unended(deployment: Deployment, record: Record) -> set[str]:
    """The graphs that were accepted or lost and whose document holds no final status."""
    documents = list(deployment.data.documents.get("graphs", []))
    return {*record.accepted, *record.lost} - {one["_id"] for one in documents if one.get("status") in FINAL}


def redis_size(deployment: Deployment) -> dict[str, float]:
    """Keys and memory."""
    with deployment.redis.client() as client:
        return {"keys": client.dbsize(), "MB": int(client.info("memory")["used_memory"]) / 1e6}


def sizes(pids: Sequence[int]) -> dict[str, float]:
    """The largest memory (MB, what a process has to itself) and the most descriptors among some processes (Linux)."""
    memory, files = [0.0], [0]
    for pid in pids:
        with contextlib.suppress(OSError, ValueError):
            _, resident, shared = (int(word) for word in Path(f"/proc/{pid}/statm").read_text().split()[:3])
            memory.append((resident - shared) * os.sysconf("SC_PAGE_SIZE") / 1e6)
            files.append(len(os.listdir(f"/proc/{pid}/fd")))
    return {"MB": max(memory), "descriptors": max(files)}


def report(deployment: Deployment, record: Record, before: dict[str, float]) -> int:
    """Print what happened; 0 when everything held."""
    documents = {one["_id"]: one for one in deployment.data.documents["graphs"]}
    ended = Counter(documents[graph].get("status", "lost") for graph in record.accepted)
    print(f"  ended: {dict(ended)}; asked again after a refusal {record.refused} times; kills: {dict(record.kills)}")
    for graph in record.accepted:
        if documents[graph].get("status") != "finished":
            print(f"    {graph}: {documents[graph].get('status')}: {documents[graph].get('msg')}")
    held = {"none in process, none lost": not unended(deployment, record)}
    held["99 % finished"] = ended["finished"] >= 0.99 * len(record.accepted)
    held |= sent_well(deployment, record, documents)
    if record.lost:
        told = Counter(documents[graph].get("status") for graph in record.lost)
        print(f"  graphs of further owners that Redis did not know: {dict(told)}")
        held["what Redis did not know was ended"] = set(told) == {"error"}
    if record.slow:
        print(f"  slow clients: {dict(record.slow)}")
    p99 = said_times(f"{len(record.answers)} requests were answered after", record.answers)
    held[f"requests answered within {ANSWER_P99:.0f} s (p99)"] = p99 <= ANSWER_P99
    p99 = said_times(f"rescue of {len(record.rescues)} lost stages", record.rescues)
    held[f"rescue p99 within {RESCUE_P99:.0f} s"] = p99 <= RESCUE_P99
    held |= redis_is_back(deployment, before)
    print(f"  largest worker: {said_size(record.largest)}")
    return said_held(held)


def sent_well(deployment: Deployment, record: Record, documents: Mapping[str, Any]) -> dict[str, bool]:
    """Whether what the Front was sent twice is the same, and what is finished was sent."""
    drawings: dict[str, list[str]] = {}
    for one in deployment.front.stored:
        drawings.setdefault(one.graph_id, []).append(one.svg)
    twice = [svgs for svgs in drawings.values() if len(svgs) > 1]
    differing = sum(len(set(svgs)) > 1 for svgs in twice)
    drawn = [graph for graph in record.accepted if documents[graph].get("status") == "finished"]
    missing = [graph for graph in drawn if graph not in drawings and not graph.startswith(UNDRAWN)]
    print(f"  sent more than once: {len(twice)}, differing: {differing}; finished and not delivered: {len(missing)}")
    return {"duplicates byte-equal": not differing, "finished means delivered": not missing}


#: How the id of a graph begins that has no drawing.
UNDRAWN = f"{0xADD:08x}"


def redis_is_back(deployment: Deployment, before: dict[str, float]) -> dict[str, bool]:
    """Whether Redis is idle, and holds no more than it did, when the times to live are over."""
    with deployment.redis.client() as client:
        left, lasting = work_left(client), lasting_keys(client)
    after = redis_size(deployment)
    print(
        f"  Redis: {before['keys']:.0f} keys, {before['MB']:.1f} MB before; {after['keys']:.0f}, {after['MB']:.1f} MB",
        end="",
    )
    print(f" after; in work: {left or 'nothing'}; without a time to live: {lasting or 'nothing'}")
    rest = outlived(deployment)
    print(f"  Redis when the times to live are over: {rest['keys']:.0f} keys, {rest['MB']:.1f} MB")
    return {
        "Redis idle, every key with a time to live": not left and not lasting,
        "Redis back to its base line": rest["keys"] <= before["keys"] and rest["MB"] <= before["MB"] + 1,
    }


def outlived(deployment: Deployment) -> dict[str, float]:
    """Keys and memory of Redis when everything with a time to live has reached it; stops the deployment."""
    for name in list(deployment.processes):
        deployment.processes.pop(name).stop()
    with deployment.redis.client() as client:
        for name in list(client.scan_iter(count=1000)):
            if client.ttl(name) > 0:
                client.delete(name)
    return redis_size(deployment)


def said_times(what: str, seconds: Sequence[float]) -> float:
    """Print the spread of some durations; returns the 99th of a hundred."""
    times = sorted(seconds) or [0.0]
    p99 = times[min(len(times) - 1, int(len(times) * 0.99))]
    print(f"  {what}: p50 {statistics.median(times):.1f} s, p99 {p99:.1f} s, longest {times[-1]:.1f} s")
    return p99


def said_size(size: Mapping[str, float]) -> str:
    """Sizes in words."""
    return f"{size.get('MB', 0):.0f} MB, {size.get('descriptors', 0):.0f} descriptors"


def said_held(held: Mapping[str, bool]) -> int:
    """Print what holds and what does not; 0 when all of it does."""
    for what, true in held.items():
        print(f"  {'holds' if true else 'FAILS'}: {what}")
    return 0 if all(held.values()) else 1
