"""How far a run is, and what follows from it. Pure: no Redis, no clock.

A run works through its main steps as soon as what they wait for is settled,
gets an :class:`~analytics.model.artifacts.Outcome` when all are (or at once when one that
matters fails), closes with the steps that always run, one after the other, and
ends. A newer request for the same graph supersedes it at any time.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, get_args

from ..errors import CodecError
from ..model.artifacts import GraphKey, Outcome
from ..model.kinds import Level, RunPhase, StageStatus
from .codec import APART
from .plan import Step

# Run phases.
WAITING: Final[RunPhase] = "waiting"
WORKING: Final[RunPhase] = "working"
CLOSING: Final[RunPhase] = "closing"
ENDED: Final[RunPhase] = "ended"
SUPERSEDED: Final[RunPhase] = "superseded"
PHASES: frozenset[str] = frozenset(get_args(RunPhase))
# Stage states.
PENDING: Final[StageStatus] = "pending"
QUEUED: Final[StageStatus] = "queued"
RUNNING: Final[StageStatus] = "running"
PAUSED: Final[StageStatus] = "paused"
DONE: Final[StageStatus] = "done"
FAILED: Final[StageStatus] = "failed"
SKIPPED: Final[StageStatus] = "skipped"
STATUSES: frozenset[str] = frozenset(get_args(StageStatus))
#: A stage in one of these is somebody's to move: it has a lease.
HELD: frozenset[StageStatus] = frozenset({QUEUED, RUNNING, PAUSED})
#: A stage in one of these will not change any more.
SETTLED: frozenset[StageStatus] = frozenset({DONE, FAILED, SKIPPED})
#: What the states in a run's record mean. Fields may be added without another number; a meaning may not change.
VERSION = 1


@dataclass(frozen=True, slots=True)
class StageState:
    """Where one stage is. ``attempt`` counts from 1; ``claim`` names the execution that runs it.

    Times are seconds of the Redis clock; ``first`` is the start of the first attempt.
    ``losses`` counts the attempts whose worker died or hung, ``handed_back`` those
    that were left to another worker, since this one did not know the stage, ``held``
    those that waited for a place for long stages, ``timeouts`` those that passed their
    time limit. ``spent`` are the worker-seconds of all attempts.
    """

    status: StageStatus = PENDING
    attempt: int = 0
    claim: str = ""
    first: float = 0.0
    started: float = 0.0
    ended: float = 0.0
    reason: str = ""
    losses: int = 0
    handed_back: int = 0
    held: int = 0
    timeouts: int = 0
    spent: float = 0.0

    @property
    def tries(self) -> int:
        """The attempts that were made: those left to others and those held are none."""
        return self.attempt - self.handed_back - self.held


@dataclass(frozen=True, slots=True)
class Run:
    """The whole state of one run; ``order`` grows with every request, so the newest is the largest.

    Its stages are stored beside it, each by itself. ``ahead``: they go to the front of the queue, since
    few runs of the owner were in work when it began.
    """

    run_id: str
    graph_id: str
    owner_id: str
    graph_type: str
    order: int
    created: float
    phase: RunPhase = WAITING
    outcome: Outcome | None = None
    ended: float = 0.0
    version: int = VERSION
    ahead: bool = False
    stages: Mapping[str, StageState] = field(default_factory=dict, metadata={APART: True})

    @property
    def key(self) -> GraphKey:
        """Which graph, and whose."""
        return GraphKey(self.graph_id, self.owner_id)

    def stage(self, name: str) -> StageState:
        """The stage's state; one never touched is pending."""
        return self.stages.get(name, StageState())

    @property
    def open(self) -> bool:
        """Whether anything may still happen to it."""
        return self.phase in (WAITING, WORKING, CLOSING)


def require_known(run: Run) -> None:
    """Raise :class:`CodecError` where the run is in a state that this version does not know."""
    if run.version > VERSION:
        raise CodecError(f"it is of version {run.version}, which a newer service writes")
    if run.phase not in PHASES:
        raise CodecError("its phase is none that there is")
    if any(state.status not in STATUSES for state in run.stages.values()):
        raise CodecError("a stage of it is in no state that there is")


def changed(run: Run, name: str, **changes: object) -> Run:
    """``run`` with one stage's state changed."""
    state = replace(run.stage(name), **changes)  # type: ignore[arg-type]
    return replace(run, stages={**run.stages, name: state})


def charged(run: Run, name: str, now: float) -> Run:
    """``run`` with what the stage's attempt has taken so far counted; nothing where none runs."""
    state = run.stage(name)
    if state.status != RUNNING:
        return run
    return changed(run, name, spent=state.spent + max(0.0, now - state.started))


def spent(run: Run, now: float) -> float:
    """The worker-seconds of a run, those of what it is at included."""
    return sum(charged(run, name, now).stage(name).spent for name in run.stages)


def start(run: Run, steps: Sequence[Step], now: float) -> tuple[Run, tuple[str, ...]]:
    """Begin the work: the run with its first stages queued, and their names."""
    return queue_ready(replace(run, phase=WORKING), steps, now)


def succeed(run: Run, steps: Sequence[Step], name: str, now: float) -> tuple[Run, tuple[str, ...]]:
    """Stage ``name`` has given its artifact: the run after it, and the stages that are queued by it."""
    run = changed(charged(run, name, now), name, status=DONE, ended=now, reason="")
    return queue_ready(run, steps, now)


def fail(
    run: Run, steps: Sequence[Step], name: str, now: float, *, level: Level, reason: str
) -> tuple[Run, tuple[str, ...]]:
    """Stage ``name`` will not succeed: an optional one is passed over, any other one decides the run's outcome."""
    run = changed(charged(run, name, now), name, status=FAILED, ended=now, reason=reason)
    step = next(step for step in steps if step.name == name)
    if not step.optional:
        for other in steps:
            if not other.always and run.stage(other.name).status not in SETTLED:
                run = changed(run, other.name, status=SKIPPED)
        run = replace(run, outcome=Outcome(level, reason))
    return queue_ready(run, steps, now)


def abort(run: Run, now: float, reason: str) -> Run:
    """The run ended as an error, whatever it was at: nobody can move it any more."""
    stages = {
        name: state if state.status in SETTLED else replace(state, status=SKIPPED, claim="")
        for name, state in run.stages.items()
    }
    return replace(run, phase=ENDED, outcome=Outcome("error", reason), ended=now, stages=stages)


def queue_ready(run: Run, steps: Sequence[Step], now: float) -> tuple[Run, tuple[str, ...]]:
    """Queue every stage whose waits are settled; settle the run's outcome and end where nothing is left."""
    names: list[str] = []
    if run.phase == WORKING:
        main = [step for step in steps if not step.always]
        for step in main:
            if run.stage(step.name).status == PENDING and all(
                run.stage(parent).status in SETTLED for parent in step.after
            ):
                run = queued(run, step.name)
                names.append(step.name)
        if all(run.stage(step.name).status in SETTLED for step in main):
            run = replace(run, phase=CLOSING, outcome=run.outcome or success(run, main))
    if run.phase == CLOSING:
        last = [step.name for step in steps if step.always]
        following = next((name for name in last if run.stage(name).status not in SETTLED), None)
        if following is None:
            run = replace(run, phase=ENDED, ended=now)
        elif run.stage(following).status == PENDING:
            run = queued(run, following)
            names.append(following)
    return run, tuple(names)


def queued(run: Run, name: str) -> Run:
    """``run`` with a further attempt at stage ``name`` queued."""
    return changed(run, name, status=QUEUED, attempt=run.stage(name).attempt + 1, claim="")


def success(run: Run, main: Sequence[Step]) -> Outcome:
    """The outcome of a run whose main steps are settled and none that matters failed."""
    failed = tuple(step.name for step in main if run.stage(step.name).status == FAILED)
    return Outcome("finished", f"Finish, without {', '.join(failed)}" if failed else "Finish", failed)


def is_current(run: Run | None, name: str, claim: str) -> bool:
    """The fence: the run is open, which a newer request for its graph ends, and this execution holds the stage."""
    if run is None or not run.open:
        return False
    state = run.stage(name)
    return state.status == RUNNING and state.claim == claim
