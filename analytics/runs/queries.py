"""What stands in Redis of the runs, and how it is read back. Nothing here changes a run.

Keys, all with a time to live:

=====================  =======================================================
``am:run:<run>``       hash: the run (``run``) and one field a stage
``am:art:<run>``       hash: one artifact a field (:func:`~analytics.pipeline.plan.artifact_field`)
``am:graph:<graph>``   the newest run of a graph
``am:shown:<graph>``   the newest run that gave a drawing
``am:waiting``         sorted set: runs not yet started, by fair order
``am:active``          sorted set: runs in work, by start time
``am:leases``          sorted set: ``run stage attempt`` → when it is overdue
``am:kept``            sorted set: runs whose drawing is kept
``am:fair``            hash: each owner's last place in the waiting order
``am:owners``          sorted set: owners by their last request
``am:ended``           hash: how many runs ended how
=====================  =======================================================
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar, cast

from redis import Redis
from redis.client import Pipeline

from ..errors import CodecError, NotFound
from ..model.artifacts import Drawing, Outcome
from ..pipeline import codec
from ..pipeline.plan import Input, artifact_field
from ..pipeline.progress import Run, StageState

A = TypeVar("A")

#: Seconds an owner is remembered after the last request.
OWNER_TTL = 7 * 86_400
#: Counts of ended runs by level.
ENDED = "am:ended"
#: A drawing, of which every other format is made too: what is kept and trimmed.
DRAWN = (artifact_field(Drawing),)


@dataclass(frozen=True, slots=True)
class Lease:
    """A stage of a run that is overdue. ``attempt`` 0 with stage ``*``: the run was never started."""

    run_id: str
    stage: str
    attempt: int

    @property
    def member(self) -> str:
        """Its name in the sorted set."""
        return f"{self.run_id} {self.stage} {self.attempt}"


class StoredRuns:
    """The runs, their artifacts and their owners, as they stand."""

    def __init__(self, redis: Redis) -> None:
        self.redis = redis

    def owners(self, since: float = 0.0) -> dict[str, float]:
        """Who asked for graphs from ``since`` on, and when last."""
        rows = self.redis.zrangebyscore("am:owners", since, "+inf", withscores=True)
        return {owner.decode(): float(at) for owner, at in cast(list[tuple[bytes, float]], rows)}

    def keep_owners(self, owners: Mapping[str, float]) -> None:
        """Remember owners that Redis may have lost; forget those who asked for nothing in a long time."""
        with self.redis.pipeline(transaction=False) as pipe:
            now = clock(pipe, immediate=False)
        with self.redis.pipeline() as pipe:
            if owners:
                pipe.zadd("am:owners", dict(owners), nx=True)
            pipe.zremrangebyscore("am:owners", "-inf", now - OWNER_TTL)
            pipe.expire("am:owners", OWNER_TTL)
            pipe.execute()

    def last_drawing(self, graph_id: str) -> tuple[str, Drawing] | None:
        """The newest run that gave a drawing, and that drawing."""
        run_id = text_of(self.redis.get(key("shown", graph_id)))
        drawing = self.artifact(run_id, Drawing) if run_id else None
        return None if drawing is None else (run_id, drawing)

    def newest(self, graph_id: str) -> Run:
        """The graph's newest run. Raises :class:`NotFound`."""
        run_id = text_of(self.redis.get(key("graph", graph_id)))
        run = self.find(run_id) if run_id else None
        if run is None:
            raise NotFound({"graph": "No such graph, or it is no longer kept."})
        return run

    def find(self, run_id: str) -> Run | None:
        """One run, or nothing when it is no longer kept."""
        return run_of(cast(dict[bytes, bytes], self.redis.hgetall(key("run", run_id))))

    def artifact(self, run_id: str, kind: type[A]) -> A | None:
        """What a stage of the run gave, or nothing."""
        raw = cast(bytes | None, self.redis.hget(key("art", run_id), artifact_field(kind)))
        return None if raw is None else codec.loads(kind, raw)

    def drawing(self, graph_id: str) -> Drawing:
        """The graph's newest drawing. Raises :class:`NotFound`."""
        last = self.last_drawing(graph_id)
        if last is None:
            raise NotFound({"graph": "There is no drawing of this graph (yet), or it is no longer kept."})
        return last[1]


@dataclass(frozen=True, slots=True)
class Head:
    """A run without its stages, as it is stored."""

    run_id: str
    graph_id: str
    owner_id: str
    graph_type: str
    order: int
    created: float
    phase: str
    outcome: Outcome | None
    ended: float

    @classmethod
    def of(cls, run: Run) -> Head:
        return cls(
            run.run_id,
            run.graph_id,
            run.owner_id,
            run.graph_type,
            run.order,
            run.created,
            run.phase,
            run.outcome,
            run.ended,
        )


def key(kind: str, name: str) -> str:
    """The Redis key of one thing."""
    return f"am:{kind}:{name}"


def run_of(fields: Mapping[bytes, bytes]) -> Run | None:
    head = fields.get(b"run")
    if head is None:
        return None
    stages = {name.decode(): codec.loads(StageState, raw) for name, raw in fields.items() if name != b"run"}
    h = codec.loads(Head, head)
    return Run(h.run_id, h.graph_id, h.owner_id, h.graph_type, h.order, h.created, h.phase, h.outcome, h.ended, stages)


def given(one: Input, raw: Sequence[bytes | None], run: Run) -> Any:
    """What a step is handed of one input. Raises :class:`CodecError` when it must be there and is not."""
    found: list[Any] = [codec.loads(one.kind, value) for value in raw if value is not None]
    if one.many:
        return tuple(found)
    if not found and not one.optional:
        raise CodecError(f"run {run.run_id} holds no {one.kind.__name__}")
    return found[0] if found else None


def text_of(raw: Any) -> str:
    return raw.decode() if isinstance(raw, bytes) else raw or ""


def clock(pipe: Pipeline, *, immediate: bool = True) -> float:
    """The Redis clock in seconds: workers' own clocks may be minutes apart."""
    if immediate:
        seconds, micros = pipe.time()
    else:
        pipe.time()
        seconds, micros = pipe.execute()[0]
    return seconds + micros / 1e6
