"""A graph type's steps in this process, one after the other: for a terminal and for tests, without Redis.

The run moves by the same rules as in the workers (:mod:`analytics.pipeline.progress`)
and its stages are attempted in the same way; what a run in Redis keeps in its
state is here a dictionary. Nothing is tried again: nobody waits for a neighbour here.
"""

from __future__ import annotations

import signal
import threading
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from time import perf_counter
from typing import Any, TypeVar, cast

from ..errors import CodecError, StageTimeout
from ..model.anchor import Anchor
from ..model.artifacts import GraphRequest, Outcome
from . import progress
from .attempt import attempt, level_of, sentence
from .context import Context
from .plan import Input, Step, artifact_field

A = TypeVar("A")

#: How many times its CPU seconds a stage may take by the clock: it may wait, or share a busy machine.
BY_THE_CLOCK = 10

#: Called after each step with its name, seconds, and what went wrong (nothing: it succeeded).
Report = Callable[[str, float, BaseException | None], None]


@dataclass(frozen=True, slots=True)
class Result:
    """What a run in process gave: its state, and every artifact by its field (:func:`~.plan.artifact_field`)."""

    run: progress.Run
    held: Mapping[str, Any]

    @property
    def outcome(self) -> Outcome:
        """How it ended."""
        return cast(Outcome, self.run.outcome)

    def artifact(self, kind: type[A]) -> A | None:
        """What a stage gave of this kind, or nothing."""
        return cast(A | None, self.held.get(artifact_field(kind)))


def run_steps(
    steps: Sequence[Step],
    request: GraphRequest,
    ctx: Context,
    report: Report,
    *,
    limit: float = 0,
    anchor: Anchor | None = None,
    begin: Callable[[str], None] = lambda _stage: None,
) -> Result:
    """Run every step that the run's rules queue, and return how it ended; no stage's failure is raised.

    ``limit`` is the seconds a stage may take that says nothing itself, 0 for ever; ``anchor`` an earlier picture;
    ``begin`` is told of each stage before it runs.
    """
    by_name = {step.name: step for step in steps}
    held: dict[str, Any] = {artifact_field(GraphRequest): request}
    if anchor is not None:
        held[artifact_field(Anchor)] = anchor
    run = progress.Run(ctx.run_id, request.graph_id, request.owner_id, request.graph_type, order=0, created=0.0)
    began = perf_counter()
    run, names = progress.start(run, steps, 0.0)
    waiting = deque(names)
    while waiting:
        step = by_name[waiting.popleft()]
        begin(step.name)
        started = perf_counter()
        if run.outcome is not None:
            held[artifact_field(Outcome)] = run.outcome
        try:
            with time_limit(step.stage.timeout or limit):
                artifact = attempt(step.stage, [handed(one, held) for one in step.inputs], ctx)
        except KeyboardInterrupt:
            raise
        except BaseException as exc:  # whatever a plugin raises, exits included
            report(step.name, perf_counter() - started, exc)
            run, names = progress.fail(
                run, steps, step.name, perf_counter() - began, level=level_of(exc), reason=sentence(step.name, exc)
            )
        else:
            report(step.name, perf_counter() - started, None)
            if artifact is not None:
                held[step.field] = artifact
            run, names = progress.succeed(run, steps, step.name, perf_counter() - began)
        waiting += names
    return Result(run, held)


def handed(one: Input, held: Mapping[str, Any]) -> Any:
    """What a step is handed. Raises :class:`CodecError`, as in the workers, when it must be there and is not."""
    if one.many:
        return tuple(held[field] for field in one.fields if field in held)
    found = held.get(one.fields[0])
    if found is None and not one.optional:
        raise CodecError(f"nothing gave a {one.kind.__name__}")
    return found


@contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """Raise :class:`StageTimeout` inside the block after ``seconds`` of CPU, ten times as long by the clock; 0: never.

    A busy machine takes longer for the same picture, and is no reason to draw none.
    Only where the system has such timers and this is the main thread; elsewhere there is no limit.
    """
    if not seconds or not hasattr(signal, "SIGPROF") or threading.current_thread() is not threading.main_thread():
        yield
        return

    def passed(_signum: int, _frame: object) -> None:
        raise StageTimeout(f"{seconds:g} s")

    timers = {
        signal.SIGPROF: (signal.ITIMER_PROF, seconds),
        signal.SIGALRM: (signal.ITIMER_REAL, seconds * BY_THE_CLOCK),
    }
    before = {number: signal.signal(number, passed) for number in timers}
    for timer, after in timers.values():
        signal.setitimer(timer, after)
    try:
        yield
    finally:
        for timer, _ in timers.values():
            signal.setitimer(timer, 0)
        for number, handler in before.items():
            signal.signal(number, handler)
