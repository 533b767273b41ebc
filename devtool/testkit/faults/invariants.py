"""The six invariants, asserted over what a deployment's neighbours recorded.

I1 every accepted graph ends, with a sentence · I2 the Front holds a whole
drawing of the newest run, or none · I3 no success without a delivered drawing ·
I4 nothing of another owner · I5 Redis is back to its base line · I6 no secret
anywhere a person or a log could show it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any, cast
from xml.etree import ElementTree

from redis import Redis

from devtool.testkit.deployment import BELL, FINAL, NOAUTH, SECRET, Deployment, until

#: In every document of an owner who asked for nothing, and in every upstream body a fault server sends.
CANARY = "canary"
#: What RQ keeps for good: a few names, however many jobs there were.
LASTING = ("rq:queues", "rq:workers", "rq:wip:", "rq:failed:", "rq:clean_registries", "rq:groups")
#: Keys of ours that must be empty, or gone, when nothing is in work.
WORK = ("am:waiting", "am:active", "am:leases", "am:owed", "rq:queue:analytics", "rq:queue:analytics:intermediate")


def assert_invariants(deployment: Deployment, graphs: Collection[str], *, seconds: float = 60) -> None:
    """Wait until every graph of ``graphs`` has ended and what is owed is paid, then assert I1 to I6."""
    assert_all_end(deployment, graphs, seconds)
    for graph in graphs:
        assert_drawing(deployment, graph)
    assert_nothing_foreign(deployment)
    with deployment.redis.client() as client:
        until(lambda: not work_left(client), 30, f"an idle Redis ({work_left(client)})")
        until(lambda: not lasting_keys(client), 30, "every key of RQ with a time to live")
    assert_no_secret(deployment, graphs)


def assert_all_end(deployment: Deployment, graphs: Collection[str], seconds: float) -> None:
    """I1: the graph document holds a final status and a sentence."""
    until(lambda: not unended(deployment, graphs), seconds, f"graphs {sorted(unended(deployment, graphs))[:5]}")
    for graph in graphs:
        assert document(deployment, graph).get("msg"), f"{graph} ended without a sentence"


def unended(deployment: Deployment, graphs: Collection[str]) -> set[str]:
    """The graphs whose document has no final status."""
    documents = list(deployment.data.documents.get("graphs", []))
    ended = {one["_id"] for one in documents if one.get("status") in FINAL}
    return set(graphs) - ended


def document(deployment: Deployment, graph: str) -> dict[str, Any]:
    """The graph document as its readers see it."""
    return next(one for one in deployment.data.documents["graphs"] if one["_id"] == graph)


def assert_drawing(deployment: Deployment, graph: str) -> None:
    """I2 and I3: a finished graph is shown, whole, as its newest run drew it; what is not shown is not finished."""
    shown = deployment.front.shown(graph)
    told = [one["data"]["notify"] for one in list(deployment.bell.published) if graph in one["data"]["notify"]["msg"]]
    if shown is None:
        assert document(deployment, graph)["status"] != "finished", f"{graph}: finished and not delivered"
        assert all(one["type"] != "success" for one in told), f"{graph}: success and not delivered"
        return
    assert ElementTree.fromstring(shown.svg).tag.endswith("svg")
    if document(deployment, graph)["status"] == "finished":
        status, svg, _ = deployment.call("GET", f"/graph/{graph}.svg")
        assert status != 200 or svg == shown.svg, f"{graph}: the Front shows something else than the newest run drew"


def assert_nothing_foreign(deployment: Deployment) -> None:
    """I4, and I6 for what neighbours answer: no canary in a drawing or a document."""
    assert not [one.graph_id for one in deployment.front.stored if CANARY in one.svg]
    assert not [one["_id"] for one in deployment.data.written if CANARY in str(one)]


def work_left(client: Redis) -> dict[str, int]:
    """I5: what is still in work, by key."""
    sizes: dict[bytes, Callable[[str], Any]] = {
        b"zset": client.zcard,
        b"list": client.llen,
        b"string": lambda _key: 1,
        b"none": lambda _key: 0,
    }
    return {key: size for key in WORK if (size := int(sizes[cast(bytes, client.type(key))](key)))}


def lasting_keys(client: Redis) -> list[str]:
    """I5: keys without a time to live, apart from RQ's fixed few."""
    keys = [key.decode() for key in client.scan_iter(count=1000)]
    return [key for key in keys if not key.startswith(LASTING) and client.ttl(key) == -1]


def assert_no_secret(deployment: Deployment, graphs: Collection[str]) -> None:
    """I6: no secret and no upstream text in logs, job data, states and messages."""
    places = {path.name: path.read_text(errors="replace") for path in deployment.folder.glob("*.log")}
    places["documents"] = str(deployment.data.written)
    places["states"] = str([deployment.state(graph) for graph in list(graphs)[:20]])
    with deployment.redis.client() as client:
        jobs = [key for key in client.scan_iter("rq:*", count=1000) if client.type(key) == b"hash"]
        places["jobs"] = str([client.hgetall(key) for key in jobs[:500]])
    for place, said in places.items():
        for secret in (SECRET, NOAUTH, BELL, CANARY):
            assert secret not in said, f"{place} holds {secret[:6]}…"
