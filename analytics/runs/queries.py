"""What stands in Redis of the runs, and how it is read back. Nothing here changes a run.

Keys, all with a time to live:

=====================  =======================================================
``am:run:<run>``       hash: the run (``run``) and one field a stage
``am:art:<run>``       hash: one artifact a field (:func:`~analytics.pipeline.plan.artifact_field`)
``am:graph:<graph>``   the newest run of a graph
``am:shown:<graph>``   the newest run that gave a drawing
``am:own:<owner>``     sorted set: the owner's graphs by their last request
``am:waiting``         sorted set: runs not yet started, by fair order
``am:active``          sorted set: runs in work, by start time
``am:parked``          sorted set: runs no live pool can go on with, by the time they were parked
``am:leases``          sorted set: ``run stage attempt`` → when it is overdue
``am:kept``            sorted set: runs whose drawing is kept, and ``am:kept-sizes`` the bytes and owner of each
``am:version…``        the kept versions of graphs (:mod:`analytics.runs.versions`)
``am:fair``            hash: each owner's last place in the waiting order
``am:cost``            hash: worker-seconds a graph of each owner took lately
``am:took``            hash: seconds each stage took, by its size (:mod:`analytics.runs.long_stages`)
``am:long``            sorted set: long stages in work, and ``am:held`` those that wait for a place
``am:owners``          sorted set: owners by their last request
``am:ended``           hash: how many runs ended how
``am:pool:<pool>``     a pool of workers and its plugins (:mod:`analytics.runs.pools`)
``am:aside:<key>``     what could not be read (:mod:`analytics.runs.quarantine`)
=====================  =======================================================
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any, TypeVar, cast

from redis import Redis, ResponseError
from redis.client import Pipeline

from ..errors import CodecError, NotFound, Unreadable
from ..model.artifacts import Drawing, Entries, Estate, GraphRequest, Lookup, Networks, Outcome, Servers
from ..model.grid import Grid
from ..pipeline import codec, progress
from ..pipeline.plan import Input, artifact_field
from ..pipeline.progress import Run, StageState

A = TypeVar("A")

#: Seconds an owner is remembered after the last request.
OWNER_TTL = 7 * 86_400
#: Counts of ended runs by level.
ENDED = "am:ended"


def made_field(field: str) -> str:
    """Where it stands what the artifact in ``field`` was made from."""
    return f"{field}#made"


#: What an unchanged graph takes from its last run (:mod:`analytics.runs.reuse`).
REUSED = (Grid, Drawing)
#: A drawing, of which every other format is made too, and what it was made of, of which parts of it are opened and
#: failures are answered, with what says whether it is still the same: what is kept and trimmed together.
DRAWN = (
    *(artifact_field(kind) for kind in (Drawing, Entries, Lookup, Servers, Estate, Networks, Grid)),
    *(made_field(artifact_field(kind)) for kind in REUSED),
)
#: Where the first release kept these, whose form is the same: its runs may be in work when this version starts.
FIRST_RELEASE = {artifact_field(kind): kind.__name__ for kind in (GraphRequest, Outcome)}
#: What is said where there is no drawing.
NO_DRAWING = {"graph": "There is no drawing of this graph (yet), or it is no longer kept."}
#: Where a run stands that is set aside.
ASIDE = "am:aside:"


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

    @classmethod
    def of(cls, member: bytes) -> Lease:
        """The lease of that name. Raises :class:`Unreadable`.

        >>> Lease.of(b"5c entry 2")
        Lease(run_id='5c', stage='entry', attempt=2)
        """
        try:
            run_id, stage, attempt = member.decode().split(" ")
            return cls(run_id, stage, int(attempt))
        except ValueError:
            raise Unreadable("leases", "a name that is no run, stage and attempt") from None


class StoredRuns:
    """The runs, their artifacts and their owners, as they stand."""

    def __init__(self, redis: Redis) -> None:
        self.redis = redis

    def owners(self, since: float = 0.0) -> dict[str, float]:
        """Who asked for graphs from ``since`` on, and when last."""
        rows = self.redis.zrangebyscore("am:owners", since, "+inf", withscores=True)
        return {owner.decode(errors="replace"): float(at) for owner, at in cast(list[tuple[bytes, float]], rows)}

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
        """The newest run that gave a drawing, and that drawing. Raises :class:`Unreadable`."""
        run_id = self._pointer("shown", graph_id)
        drawing = self.artifact(run_id, Drawing) if run_id else None
        return None if drawing is None else (run_id, drawing)

    def newest(self, graph_id: str) -> Run:
        """The graph's newest run. Raises :class:`NotFound`; :class:`Unreadable` also where it was set aside."""
        run_id = self._pointer("graph", graph_id)
        run = self.find(run_id) if run_id else None
        if run is None:
            if run_id and self.redis.exists(f"{ASIDE}run:{run_id}"):
                raise Unreadable(f"run:{run_id}", "it was set aside")
            raise NotFound({"graph": "No such graph, or it is no longer kept."})
        return run

    def newest_of(self, graphs: Sequence[str]) -> dict[str, Run]:
        """The newest runs of some graphs, in two questions; those that cannot be read are left out."""
        if not graphs:
            return {}
        pointers = cast(list[bytes | None], self.redis.mget([key("graph", graph_id) for graph_id in graphs]))
        with self.redis.pipeline(transaction=False) as pipe:
            for pointer in pointers:
                pipe.hgetall(key("run", text_of(pointer)))
            answers = pipe.execute(raise_on_error=False)
        found = {}
        for graph_id, answer in zip(graphs, answers, strict=True):
            try:
                run = None if isinstance(answer, Exception) else run_of(answer)
            except (CodecError, UnicodeDecodeError):
                run = None
            if run is not None:
                found[graph_id] = run
        return found

    def requests_of(self, runs: Sequence[str]) -> list[GraphRequest | None]:
        """What some runs were asked for, in one question; nothing for one that is not kept or cannot be read."""
        with self.redis.pipeline(transaction=False) as pipe:
            for run_id in runs:
                pipe.hget(key("art", run_id), artifact_field(GraphRequest))
            answers = pipe.execute(raise_on_error=False)
        found: list[GraphRequest | None] = []
        for answer in answers:
            try:
                found.append(codec.loads(GraphRequest, answer) if isinstance(answer, bytes) else None)
            except CodecError:
                found.append(None)
        return found

    def owner_of(self, graph_id: str) -> str:
        """Whose graph it is by its newest run; nothing where there is none, or none that can be read."""
        try:
            return self.newest(graph_id).owner_id
        except (NotFound, Unreadable):
            return ""

    def find(self, run_id: str) -> Run | None:
        """One run, or nothing when it is no longer kept. Raises :class:`Unreadable`."""
        with readable(f"run:{run_id}"):
            return run_of(cast(dict[bytes, bytes], self.redis.hgetall(key("run", run_id))))

    def is_parked(self, run_id: str) -> bool:
        """Whether the run waits for a pool that knows it."""
        with readable("parked"):
            return self.redis.zscore("am:parked", run_id) is not None

    def artifact(self, run_id: str, kind: type[A]) -> A | None:
        """What a stage of the run gave, or nothing. Raises :class:`Unreadable`."""
        with readable(f"art:{run_id}"):
            raw = cast(bytes | None, self.redis.hget(key("art", run_id), artifact_field(kind)))
            return None if raw is None else codec.loads(kind, raw)

    def made_of(self, run_id: str) -> dict[str, Any]:
        """The request of a run, and what its drawing was made of, by field. Raises :class:`Unreadable`."""
        kinds = {artifact_field(kind): kind for kind in (GraphRequest, Entries, Lookup, Servers)}
        with readable(f"art:{run_id}"):
            raw = cast(list[bytes | None], self.redis.hmget(key("art", run_id), list(kinds)))
            return {field: codec.loads(kind, one) for (field, kind), one in zip(kinds.items(), raw, strict=True) if one}

    def keeps(self, run_id: str, *kinds: type) -> bool:
        """Whether what a stage of the run gave is kept, of one of these kinds."""
        with readable(f"art:{run_id}"), self.redis.pipeline(transaction=False) as pipe:
            for kind in kinds:
                pipe.hexists(key("art", run_id), artifact_field(kind))
            return any(pipe.execute())

    def drawn_by(self, graph_id: str) -> str:
        """The run whose drawing is the graph's, nothing where there is none. Raises :class:`Unreadable`."""
        run_id = self._pointer("shown", graph_id)
        return run_id if run_id and self.keeps(run_id, Drawing) else ""

    def drawing(self, graph_id: str) -> Drawing:
        """The graph's newest drawing. Raises :class:`NotFound`, :class:`Unreadable`."""
        return self.drawn(graph_id)[1]

    def drawn(self, graph_id: str) -> tuple[str, Drawing]:
        """The graph's newest drawing, after the run that gave it. Raises as :meth:`drawing`."""
        last = self.last_drawing(graph_id)
        if last is None:
            raise NotFound(NO_DRAWING)
        return last

    def _pointer(self, kind: str, graph_id: str) -> str:
        with readable(f"{kind}:{graph_id}"):
            return text_of(self.redis.get(key(kind, graph_id)))


def key(kind: str, name: str) -> str:
    """The Redis key of one thing."""
    return f"am:{kind}:{name}"


@contextmanager
def readable(name: str) -> Iterator[None]:
    """Raise :class:`Unreadable` for what is read inside and is not what should stand under ``name``."""
    try:
        yield
    except Unreadable:
        raise
    except ResponseError as exc:
        if not is_wrong_type(exc):
            raise
        raise Unreadable(name, "a value of another type stands under its key") from None
    except (CodecError, UnicodeDecodeError) as exc:
        said = str(exc) if isinstance(exc, CodecError) else "a name in it is no text"
        raise Unreadable(name, said) from None


def is_wrong_type(exc: BaseException) -> bool:
    """Whether Redis holds a value of another type than the command is for."""
    return isinstance(exc, ResponseError) and "WRONGTYPE" in str(exc)


def run_of(fields: Mapping[bytes, bytes]) -> Run | None:
    """A run from the fields of its hash, or nothing from none. Raises :class:`CodecError`, ``UnicodeDecodeError``."""
    head = fields.get(b"run")
    if head is None:
        if fields:
            raise CodecError("its stages are there and it is not")
        return None
    stages = {name.decode(): codec.loads(StageState, raw) for name, raw in fields.items() if name != b"run"}
    run = replace(codec.loads(Run, head), stages=stages)
    progress.require_known(run)
    return run


def given(one: Input, raw: Sequence[bytes | None], run: Run) -> Any:
    """What a step is handed of one input. Raises :class:`CodecError` when it must be there and is not.

    A run without its request can tell nobody how it ended: that is :class:`Unreadable`.
    """
    try:
        found: list[Any] = [codec.loads(one.kind, value) for value in raw if value is not None]
        if not found and not one.optional and not one.many:
            raise CodecError(
                f"what it needs ({one.kind.__name__}) is not kept any more; please ask for the graph again"
            )
    except CodecError as exc:
        if one.kind is GraphRequest:
            raise Unreadable(f"art:{run.run_id}", str(exc)) from None
        raise
    if one.many:
        return tuple(found)
    return found[0] if found else None


def text_of(raw: Any) -> str:
    """Text from Redis; empty where there is none."""
    return raw.decode(errors="replace") if isinstance(raw, bytes) else raw or ""


def clock(pipe: Redis | Pipeline, *, immediate: bool = True) -> float:
    """The Redis clock in seconds: workers' own clocks may be minutes apart."""
    if immediate:
        seconds, micros = pipe.time()
    else:
        pipe.time()
        seconds, micros = cast(Pipeline, pipe).execute()[0]
    return seconds + micros / 1e6
