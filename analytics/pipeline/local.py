"""A graph type's steps in this process, one after the other: for a terminal and for tests, without Redis.

The steps are those the workers run, in the order of the plan; what a run in
Redis keeps in its state is here a dictionary of artifacts by class.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from time import perf_counter
from typing import Any

from ..errors import StageError
from ..model.artifacts import GraphRequest, Outcome
from .context import Context
from .plan import Step

#: Called after each step with its name, seconds, and what went wrong (empty: nothing).
Report = Callable[[str, float, str], None]


@dataclass(frozen=True, slots=True)
class Result:
    """What a run in process gave: its outcome and every artifact by class."""

    outcome: Outcome
    artifacts: dict[type, Any]


def run_steps(steps: Sequence[Step], request: GraphRequest, ctx: Context, report: Report) -> Result:
    """Run every step. A step that fails ends the work unless it is optional; those that always run still do."""
    artifacts: dict[type, Any] = {GraphRequest: request}
    stopped: Outcome | None = None
    failed: list[str] = []
    for step in (step for step in steps if not step.always):
        if stopped is not None:
            break
        try:
            run_step(step, artifacts, ctx, report)
        except StageError as exc:
            report(step.name, 0.0, str(exc))
            stopped = Outcome(exc.level, str(exc))
        except Exception as exc:
            if not step.optional:
                raise
            report(step.name, 0.0, f"{type(exc).__name__}: {exc}")
            failed.append(step.name)
    message = f"Finish, without {', '.join(failed)}" if failed else "Finish"
    artifacts[Outcome] = outcome = stopped or Outcome("finished", message, tuple(failed))
    for step in (step for step in steps if step.always):
        run_step(step, artifacts, ctx, report)
    return Result(outcome, artifacts)


def run_step(step: Step, artifacts: dict[type, Any], ctx: Context, report: Report) -> None:
    """Run one step on what there is, and keep what it gives."""
    began = perf_counter()
    given = [artifacts.get(take.kind) if take.optional else artifacts[take.kind] for take in step.stage.takes]
    artifact = step.stage.run(*given, *([ctx] if step.stage.wants_context else []))
    if artifact is not None:
        artifacts[type(artifact)] = artifact
    report(step.name, perf_counter() - began, "")
