"""Jobs and workers as rq-dashboard reads them: JSON, named by graph, type, owner, run and attempt."""

from __future__ import annotations

import time
from typing import Any
from urllib.parse import quote

from redis import Redis, RedisError
from rq import Queue, Worker
from rq.exceptions import NoSuchJobError
from rq.executions import Execution
from rq.job import Job
from rq.serializers import JSONSerializer

from ..errors import NotFound, Unreadable
from ..pipeline import progress
from ..pipeline.progress import Run
from ..runs import revocations
from ..runs.queue import EXECUTION
from ..runs.queue import job_id as job_id_of
from ..service import Service
from .tokens import sign_link

#: Seconds the link from a job to its graph's viewer holds.
VIEWER_SECONDS = 600
#: The end of a job's error is where it says what went wrong.
MOST_ERROR = 2_000


class ShownJob(Job):
    """A job as the dashboard reads it. It never runs anything."""

    @classmethod
    def fetch(cls, id: str, connection: Redis | None = None, serializer: Any = None) -> Job:  # noqa: A002 - RQ's name
        """The job, read with the serializer that wrote it."""
        return super().fetch(id, connection=connection, serializer=serializer or JSONSerializer)

    def get_call_string(self) -> str | None:
        """The stage's name."""
        return str(self.description or "")


class ShownWorker(Worker):
    """A worker as the dashboard reads it."""

    job_class = ShownJob

    def get_current_executions(self, refresh: bool = False) -> list[Execution]:
        """What the worker runs: RQ's own notes, or the one that a worker of ours makes in its record."""
        found: list[Execution] = super().get_current_executions(refresh)
        noted = self.connection.hget(self.key, EXECUTION)
        if not found and self.get_state() == "busy" and isinstance(noted, bytes):
            return [Execution.from_composite_key(noted.decode(errors="replace"), connection=self.connection)]
        return found

    @classmethod
    def all(cls, *args: Any, **kwargs: Any) -> list[Any]:
        """All workers, their jobs read as JSON: with pickle a busy worker is an error 500."""
        kwargs.setdefault("serializer", JSONSerializer)
        kwargs.setdefault("job_class", ShownJob)
        return super().all(*args, **kwargs)


def queue_class(ours: str) -> type[Queue]:
    """RQ's queue, which is ``ours`` where no name is given, and stands before all others."""

    class ShownQueue(Queue):
        job_class = ShownJob

        def __init__(self, name: str = ours, *args: Any, **kwargs: Any) -> None:
            super().__init__(name, *args, **kwargs)

        def __lt__(self, other: object) -> bool:
            name = getattr(other, "name", "")
            return bool((self.name != ours, self.name) < (name != ours, name))

    return ShownQueue


class Sayer:
    """Says of a job what a person wants to know of it. Runs are read for it, and nothing is written."""

    def __init__(self, service: Service) -> None:
        self._service = service

    def listed(self, job: Job) -> dict[str, Any]:
        """A row of a list of jobs."""
        result = job.latest_result()
        return {
            "id": job.id,
            "created_at": iso(job.created_at),
            "started_at": iso(job.started_at),
            "ended_at": iso(job.ended_at),
            "exc_info": ending(result.exc_string if result else None),
            "description": job.description,
            **self.of(job.id, arguments(job)),
        }

    def current(self, job: Job | None) -> str | dict[str, Any]:
        """What a worker works at."""
        if job is None:
            return "idle"
        return {
            "job_id": job.id,
            "description": job.description,
            "created_at": iso(job.created_at),
            "call_string": job.get_call_string(),
            **self.of(job.id, arguments(job)),
        }

    def whole(self, job_id: str) -> dict[str, Any]:
        """Everything of one job; of one that RQ has forgotten, what its run says. Raises :class:`NoSuchJobError`."""
        job = self._held(job_id)
        if job is None:
            job_id = self.newest(job_id)
            job = self._held(job_id)
        if job is None:
            said = self.of(job_id, named(job_id))
            if not said:
                raise NoSuchJobError(job_id)
            return {"id": job_id, "status": said["fate"], "description": said["stage"], **said}
        return {
            **self.listed(job),
            "enqueued_at": iso(job.enqueued_at),
            "origin": job.origin,
            "status": job.get_status(),
            "metadata": job.get_meta(),
        }

    def newest(self, wanted: str) -> str:
        """The job that a graph or a run has come to; any other name is left as it is."""
        try:
            run = self._run(wanted) or self._service.store.newest(wanted)
        except (NotFound, Unreadable):
            return wanted
        if not run.stages:
            return wanted
        stage, state = max(run.stages.items(), key=lambda one: one[1].started)
        return job_id_of(run.run_id, stage, state.attempt)

    def of(self, job_id: str, args: tuple[str, str, int] | None) -> dict[str, Any]:
        """What a job of ours is of, what came of it, and a link to the viewer; of a foreign job nothing."""
        run = self._run(args[0]) if args is not None else None
        if run is None or args is None or job_id != "-".join(map(str, args)):
            return {}
        _, stage, attempt = args
        return {
            "graph": run.graph_id,
            "type": run.graph_type,
            "owner": run.owner_id,
            "run": run.run_id,
            "stage": stage,
            "attempt": attempt,
            "fate": fate(run, stage, attempt),
            "viewer": self._viewer(run),
        }

    def _held(self, job_id: str) -> Job | None:
        try:
            return ShownJob.fetch(job_id, connection=self._service.redis)
        except NoSuchJobError:
            return None

    def _run(self, run_id: str) -> Run | None:
        try:
            return self._service.store.find(run_id)
        except (Unreadable, NotFound):
            return None

    def _viewer(self, run: Run) -> str:
        """The address of the graph's viewer. It opens one graph for ten minutes."""
        service = self._service
        try:
            words = revocations.words_of(service.redis, run.key)
        except RedisError:
            return ""
        until = int(time.time()) + min(VIEWER_SECONDS, service.settings.link_ttl)
        return f"/view/{quote(run.graph_id, safe='')}?{sign_link(run.key, until, words, service.settings)}"


def fate(run: Run, stage: str, attempt: int) -> str:
    """What came of an attempt: a failure that is tried again is none.

    >>> fate(progress.changed(Run("r", "g", "o", "t", 1, 0.0), "draw", status="paused", attempt=1), "draw", 1)
    'tried again'
    """
    state = run.stage(stage)
    if state.attempt > attempt or (state.attempt == attempt and state.status == progress.PAUSED):
        return "tried again"
    return state.status if state.attempt == attempt else ""


def arguments(job: Job) -> tuple[str, str, int] | None:
    """Run, stage and attempt of a job of ours; whatever else is on the queue has none."""
    try:
        args = tuple(job.args)
    except Exception:  # anything may be in a job that somebody else put there
        return None
    if len(args) == 3 and isinstance(args[0], str) and isinstance(args[1], str) and type(args[2]) is int:
        return args[0], args[1], args[2]
    return None


def named(job_id: str) -> tuple[str, str, int] | None:
    """Run, stage and attempt in the id of a job.

    >>> named("5f-draw_business-2"), named("other")
    (('5f', 'draw_business', 2), None)
    """
    parts = job_id.split("-")
    if len(parts) != 3 or not (parts[2].isascii() and parts[2].isdigit() and len(parts[2]) < 9):
        return None
    return parts[0], parts[1], int(parts[2])


def iso(at: Any) -> str | None:
    """A time in ISO 8601."""
    return None if at is None else str(at.isoformat())


def ending(text: str | None) -> str | None:
    """The end of an error."""
    return None if text is None else text[-MOST_ERROR:]
