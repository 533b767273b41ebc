"""Turn a graph type into an ordered, checked list of steps. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter

from ..errors import PlanError
from ..model.artifacts import GraphRequest, Outcome
from .stage import GraphType, Stage


@dataclass(frozen=True, slots=True)
class Step:
    """A stage in its place: what it waits for, whether it may fail, whether it runs at the end in any case.

    An ``always`` step waits for the end of the work and the ``always`` step before it.
    """

    stage: Stage
    after: tuple[str, ...] = ()
    optional: bool = False
    always: bool = False

    @property
    def name(self) -> str:
        """The stage's name."""
        return self.stage.name


def plan(graph: GraphType, stages: Mapping[str, Stage]) -> tuple[Step, ...]:
    """Order the stages of ``graph`` and check that each gets what it takes.

    Raises :class:`PlanError`: a stage nobody gives, stages that wait for each
    other, an artifact given by nobody or by two earlier stages, an artifact of
    an optional stage that is taken as if it were certain.
    """
    where = f"graph type {graph.name!r}"
    order = in_order(graph, where)
    known(graph, stages, order, where)
    before: dict[str, set[str]] = {}
    for name in order:
        parents = graph.stages.get(name, ())
        before[name] = set(parents).union(*(before[parent] for parent in parents))
        check_takes(stages[name], sorted(before[name]), graph, stages, where)
    for name in graph.always:
        for take in stages[name].takes:
            if take.kind not in (GraphRequest, Outcome) and not take.optional:
                raise PlanError(f"{where}: stage {name!r} always runs, so it must take {take.kind.__name__} | None")
    main = [Step(stages[name], tuple(graph.stages.get(name, ())), name in graph.optional) for name in order]
    last = [Step(stages[name], optional=True, always=True) for name in graph.always]
    return (*main, *last)


def in_order(graph: GraphType, where: str) -> list[str]:
    """The stages so that each comes after those it waits for; ties in the order they are written."""
    sorter = TopologicalSorter(graph.stages)
    try:
        sorter.prepare()
    except CycleError as exc:
        raise PlanError(f"{where}: stages wait for each other: {' -> '.join(exc.args[1])}") from exc
    written = {name: place for place, name in enumerate(graph.stages)}
    order: list[str] = []
    while sorter.is_active():
        ready = sorted(sorter.get_ready(), key=lambda name: written.get(name, len(written)))
        order += ready
        sorter.done(*ready)
    return order


def known(graph: GraphType, stages: Mapping[str, Stage], order: list[str], where: str) -> None:
    """Every stage the graph type names is there, and stands in one role."""
    if not order:
        raise PlanError(f"{where}: no stages")
    if missing := [name for name in (*order, *graph.always) if name not in stages]:
        raise PlanError(f"{where}: no plugin gives stage {', '.join(missing)}")
    if strange := [name for name in graph.optional if name not in graph.stages]:
        raise PlanError(f"{where}: optional names {', '.join(strange)}, which is not among its stages")
    if both := [name for name in graph.always if name in order]:
        raise PlanError(f"{where}: {', '.join(both)} is among the stages and among those that always run")


def check_takes(stage: Stage, before: list[str], graph: GraphType, stages: Mapping[str, Stage], where: str) -> None:
    """Each artifact the stage takes is given by exactly one stage before it."""
    givers: dict[type, list[str]] = {GraphRequest: ["the request"]}
    for name in before:
        if (gives := stages[name].gives) is not None:
            givers.setdefault(gives, []).append(name)
    for take in stage.takes:
        found = givers.get(take.kind, [])
        if len(found) > 1:
            raise PlanError(f"{where}: stage {stage.name!r} takes {take.kind.__name__}, given by {' and '.join(found)}")
        if not found and not take.optional:
            raise PlanError(f"{where}: stage {stage.name!r} takes {take.kind.__name__}, given by no earlier stage")
        if found and found[0] in graph.optional and not take.optional:
            raise PlanError(
                f"{where}: stage {stage.name!r} takes {take.kind.__name__} from the optional stage {found[0]!r}, "
                f"so it must take {take.kind.__name__} | None"
            )
