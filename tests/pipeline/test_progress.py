"""How a run moves: what follows from a stage that succeeds, fails or is superseded."""

import random
from dataclasses import replace
from typing import Any

import pytest

from analytics.model.artifacts import Outcome
from analytics.model.kinds import RunPhase
from analytics.pipeline import progress
from analytics.pipeline.progress import CLOSING, DONE, ENDED, FAILED, QUEUED, RUNNING, SKIPPED, SUPERSEDED, WORKING, Run
from analytics.pipeline.registry import load
from analytics.settings import ROOT

STEPS = load(ROOT / "plugins").plans["business"]


def fresh() -> Run:
    return Run("r1", "g1", "o1", "business", 1, 100.0)


def advance(run: Run, *names: str) -> Run:
    for name in names:
        run, _ = progress.succeed(run, STEPS, name, 101.0)
    return run


def test_a_run_starts_with_what_waits_for_nothing() -> None:
    run, names = progress.start(fresh(), STEPS, 100.0)
    assert names == ("entry",)
    assert run.phase == WORKING
    assert run.stage("entry").status == QUEUED
    assert run.stage("entry").attempt == 1


def test_branches_are_queued_together() -> None:
    run, _ = progress.start(fresh(), STEPS, 100.0)
    run = advance(run, "entry", "graphlookup")
    _, names = progress.succeed(run, STEPS, "network_business", 101.0)
    assert names == ("network_client", "enrichment")


def test_the_last_main_stage_gives_the_outcome_and_the_stages_that_always_run_follow_one_by_one() -> None:
    run, _ = progress.start(fresh(), STEPS, 100.0)
    run = advance(run, "entry", "graphlookup", "network_business", "info_business", "network_client", "enrichment")
    run = advance(run, "draw_business")
    run, names = progress.succeed(run, STEPS, "send_front_app", 102.0)
    assert (run.phase, run.outcome, names) == (CLOSING, Outcome("finished", "Finish"), ("notification",))
    run, names = progress.succeed(run, STEPS, "notification", 103.0)
    assert names == ("websocket",)
    run, names = progress.succeed(run, STEPS, "websocket", 104.0)
    assert (run.phase, run.ended, names) == (ENDED, 104.0, ())


def test_an_optional_stage_that_fails_leaves_the_drawing_alone_and_the_graph_says_so() -> None:
    run, _ = progress.start(fresh(), STEPS, 100.0)
    run = advance(run, "entry", "graphlookup", "network_business")
    run, names = progress.fail(run, STEPS, "info_business", 101.0, level="error", reason="no")
    assert names == ()
    run = advance(run, "network_client", "enrichment", "draw_business", "send_front_app")
    assert run.outcome == Outcome("finished", "Finish, without info_business", ("info_business",))


def test_a_stage_that_matters_ends_the_work_and_still_everybody_is_told() -> None:
    run, _ = progress.start(fresh(), STEPS, 100.0)
    run = advance(run, "entry")
    run, names = progress.fail(run, STEPS, "graphlookup", 101.0, level="warning", reason="Empty dependencies")
    assert names == ("notification",)
    assert run.outcome == Outcome("warning", "Empty dependencies")
    assert run.stage("graphlookup").status == FAILED
    assert run.stage("draw_business").status == SKIPPED


def test_a_notification_that_fails_does_not_keep_the_run_open() -> None:
    run, _ = progress.start(fresh(), STEPS, 100.0)
    run, _ = progress.fail(run, STEPS, "entry", 101.0, level="warning", reason="Empty entry point")
    run, names = progress.fail(run, STEPS, "notification", 102.0, level="error", reason="no")
    assert names == ("websocket",)
    run, _ = progress.fail(run, STEPS, "websocket", 103.0, level="error", reason="no")
    assert run.phase == ENDED
    assert run.outcome == Outcome("warning", "Empty entry point")


@pytest.mark.parametrize(
    ("change", "phase", "claim"),
    [
        ({}, SUPERSEDED, "me"),
        ({}, ENDED, "me"),
        ({}, WORKING, "somebody"),
        ({"status": DONE}, WORKING, "me"),
        ({"status": QUEUED}, WORKING, "me"),
    ],
)
def test_the_fence_refuses_what_is_not_the_current_execution(
    change: dict[str, Any], phase: RunPhase, claim: str
) -> None:
    run, _ = progress.start(fresh(), STEPS, 100.0)
    run = progress.changed(run, "entry", status=RUNNING, claim="me")
    assert progress.is_current(run, "entry", "me")
    run = replace(progress.changed(run, "entry", **change), phase=phase)
    assert not progress.is_current(run, "entry", claim)
    assert not progress.is_current(None, "entry", claim)


@pytest.mark.parametrize("seed", range(200))
def test_whatever_succeeds_or_fails_in_whatever_order_a_run_ends_once(seed: int) -> None:
    """Random executions: every stage settles at most once, and the run ends with an outcome."""
    dice = random.Random(seed)
    run, names = progress.start(fresh(), STEPS, 100.0)
    queue, seen = list(names), list(names)
    while queue:
        name = queue.pop(dice.randrange(len(queue)))
        if run.stage(name).status != QUEUED:
            continue  # skipped by a failure meanwhile
        if dice.random() < 0.15:
            run, names = progress.fail(run, STEPS, name, 101.0, level="error", reason=name)
        else:
            run, names = progress.succeed(run, STEPS, name, 101.0)
        queue += names
        seen += names
    assert run.phase == ENDED
    assert run.outcome is not None
    assert len(seen) == len(set(seen))
    assert all(run.stage(step.name).status in progress.SETTLED for step in STEPS)
