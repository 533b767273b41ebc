"""A stage ends alike in the command and in the service: every ending in every role, played through both."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, cast

import pytest
from redis import Redis
from rq.timeouts import JobTimeoutException

from analytics.errors import DeliveryError, EmptyGraph, StageError
from analytics.model.artifacts import GraphRequest, Outcome
from analytics.pipeline.local import run_steps
from analytics.pipeline.plan import Step, plan
from analytics.pipeline.progress import Run
from analytics.pipeline.registry import Registry
from analytics.pipeline.stage import GraphType, Stage
from analytics.runs.admission import Limits
from analytics.runs.queue import enqueuer, queue_of
from analytics.runs.store import RunStore
from analytics.testing import context
from analytics.workers import reaper
from analytics.workers.jobs import LeaseKeeper, Runtime, StageDeathPenalty, StageFailed, execute

NOBODY = context()
REQUEST = GraphRequest("g", "o", "played")


@dataclass(frozen=True, slots=True)
class Made:
    """What the stage in question gives."""

    word: str


@dataclass(frozen=True, slots=True)
class Seen:
    """What the stages after it saw of that."""

    word: str


def gives() -> Made:
    return Made("made")


def gives_something_else() -> Made:
    return Seen("not what it says")  # type: ignore[return-value]


def gives_a_subclass() -> Made:
    @dataclass(frozen=True, slots=True)
    class More(Made):
        pass

    return More("made")


def is_empty() -> Made:
    raise EmptyGraph("Nothing is there")


def stops() -> Made:
    raise StageError("it cannot be done")


def breaks() -> Made:
    raise KeyError("a text of its own")


def leaves() -> Made:
    raise SystemExit(3)


def is_refused() -> Made:
    raise DeliveryError("The neighbour said no")


def hangs() -> Made:
    time.sleep(30)
    return Made("too late")


def see(made: Made | None) -> Seen:
    return Seen(made.word if made else "nothing")


def tell(outcome: Outcome, seen: Seen | None) -> Made:
    return Made(f"{outcome.level} {outcome.message} {seen.word if seen else 'unseen'}")


ENDINGS = (
    gives,
    gives_something_else,
    gives_a_subclass,
    is_empty,
    stops,
    breaks,
    leaves,
    is_refused,
    hangs,
)
ROLES: dict[str, Callable[[], GraphType]] = {
    "mandatory": lambda: GraphType("played", {"odd": (), "see": ("odd",)}, always=("tell",)),
    "optional": lambda: GraphType("played", {"odd": (), "see": ("odd",)}, optional=("odd",), always=("tell",)),
    "always": lambda: GraphType("played", {"see": ()}, always=("odd", "tell")),
}


def told(run: Run) -> tuple[Outcome | None, dict[str, tuple[str, str]]]:
    """How a run ended, and each of its stages."""
    return run.outcome, {name: (state.status, state.reason) for name, state in run.stages.items()}


def in_process(steps: tuple[Step, ...]) -> tuple[Run, Any]:
    """Through the command."""
    result = run_steps(steps, REQUEST, NOBODY, lambda *_: None)
    return result.run, result.artifact(Seen)


def in_service(steps: tuple[Step, ...], graph: GraphType, redis: Redis) -> tuple[Run, Any]:
    """Through Redis, the queue and what a worker does with a job; the reaper brings back what is to be tried again."""
    stages = {step.name: step.stage for step in steps}
    registry = Registry(stages=stages, graph_types={graph.name: graph}, plans={graph.name: steps})
    queue = queue_of(redis, "played")
    store = RunStore(redis, registry.plans, enqueuer(queue, registry, 60), Limits())
    runtime = Runtime(registry, store, lambda claim: NOBODY, redis, queue, 60, 0, LeaseKeeper(store))
    run_id = store.submit(REQUEST)
    rescuing = reaper.Reaper(redis, store, queue, NOBODY.status, attempts=5)
    seen = None
    for _ in range(40):
        while job := queue.connection.lpop(queue.key):
            run_of, stage, attempt = cast(bytes, job).decode().rsplit("-", 2)
            with contextlib.suppress(StageFailed), cast(Any, StageDeathPenalty)(1, JobTimeoutException):
                execute(runtime, run_of, stage, int(attempt))
        seen = store.artifact(run_id, Seen) or seen
        run = store.newest("g")
        if not run.open:
            return run, seen
        time.sleep(0.2)
        reaper.tick(rescuing)
    raise AssertionError(f"it did not end: {run}")


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("ending", ENDINGS, ids=lambda ending: ending.__name__)
def test_a_stage_ends_alike_in_the_command_and_in_the_service(
    ending: Callable[[], Made], role: str, redis: Redis
) -> None:
    graph = ROLES[role]()
    steps = plan(
        graph, {name: Stage(name, run, timeout=1) for name, run in (("odd", ending), ("see", see), ("tell", tell))}
    )
    alone, seen_alone = in_process(steps)
    served, seen_served = in_service(steps, graph, redis)
    assert told(alone) == told(served)
    assert seen_served in (None, seen_alone)  # what is carried between stages is cleared at the end
    expected = {"mandatory": {"gives", "gives_a_subclass"}, "optional": {f.__name__ for f in ENDINGS}}
    if role != "always":
        finished = ending.__name__ in expected[role]
        assert alone.outcome is not None
        assert (alone.outcome.level == "finished") == finished
        assert bool(alone.outcome.failed) == (role == "optional" and ending not in (gives, gives_a_subclass))


def test_the_level_and_the_sentence_are_the_stages_own() -> None:
    def ended(ending: Callable[[], Made]) -> Outcome | None:
        stages = {"odd": Stage("odd", ending), "see": Stage("see", see), "tell": Stage("tell", tell)}
        return in_process(plan(ROLES["mandatory"](), stages))[0].outcome

    assert ended(is_empty) == Outcome("warning", "Nothing is there")
    assert ended(stops) == Outcome("error", "odd: it cannot be done")
    assert ended(breaks) == Outcome("error", "The stage odd failed (KeyError).")
    assert ended(gives_something_else) == Outcome("error", "odd: The stage odd gave a Seen, not a Made.")
