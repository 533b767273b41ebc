"""Turn a graph type into an ordered, checked list of steps. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter

from ..errors import PlanError
from ..model.anchor import Anchor
from ..model.artifacts import Additions, GraphRequest, Outcome
from .stage import GraphType, Insertion, Stage, Take


@dataclass(frozen=True, slots=True)
class Input:
    """One thing a step is handed: a kind of artifact, and the fields of the run where it is found.

    ``many``: a tuple of all that there are. Otherwise there is one field, and
    what is not there is ``None`` where it is ``optional`` and an error elsewhere.
    """

    kind: type
    fields: tuple[str, ...]
    optional: bool = False
    many: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """A stage in its place: what it waits for, whether it may fail, whether it runs at the end in any case.

    An ``always`` step waits for the end of the work and the ``always`` step before it.
    ``inputs`` are what it is handed, in the order of its parameters; ``field`` is
    where what it gives is kept.
    """

    stage: Stage
    after: tuple[str, ...] = ()
    optional: bool = False
    always: bool = False
    inputs: tuple[Input, ...] = ()
    field: str = ""

    @property
    def name(self) -> str:
        """The stage's name."""
        return self.stage.name


def artifact_field(kind: type, inserted_by: str = "") -> str:
    """The name under which a run keeps an artifact: its class, written out, and who added it where several may.

    >>> artifact_field(GraphRequest)
    'analytics.model.artifacts.GraphRequest'
    """
    name = f"{kind.__module__}.{kind.__qualname__}"
    return f"{name}@{inserted_by}" if inserted_by else name


def plan(graph: GraphType, stages: Mapping[str, Stage], insertions: Sequence[Insertion] = ()) -> tuple[Step, ...]:
    """Order the stages of ``graph`` with those inserted into it, and check that each gets what it takes.

    Raises :class:`PlanError`: a stage nobody gives, stages that wait for each
    other, an artifact given by nobody or by two earlier stages, an artifact of
    an optional stage that is taken as if it were certain, an insertion after a
    stage that is not there or whose additions nobody takes.
    """
    where = f"graph type {graph.name!r}"
    inserted = {insertion.stage.name: insertion for insertion in insertions}
    stages = {**stages, **{name: insertion.stage for name, insertion in inserted.items()}}
    waits = with_insertions(graph, stages, inserted, where)
    order = in_order(waits, where)
    known(graph, stages, order, where)
    optional = {*graph.optional, *(name for name, insertion in inserted.items() if insertion.optional)}
    before: dict[str, set[str]] = {}
    steps: list[Step] = []
    for name in order:
        parents = waits.get(name, ())
        before[name] = set(parents).union(*(before[parent] for parent in parents))
        earlier = {other: inserted.get(other) for other in order if other in before[name]}
        inputs = inputs_of(stages[name], earlier, stages, optional, where)
        field = field_of(stages[name], name if name in inserted else "")
        steps.append(Step(stages[name], tuple(parents), name in optional, inputs=inputs, field=field))
    everything = {name: inserted.get(name) for name in order}
    for name in graph.always:
        stage = stages[name]
        for take in stage.takes:
            if take.kind not in (GraphRequest, Outcome) and not (take.optional or take.many):
                raise PlanError(f"{where}: stage {name!r} always runs, so it must take {take.kind.__name__} | None")
        inputs = inputs_of(stage, everything, stages, optional, where)
        steps.append(Step(stage, optional=True, always=True, inputs=inputs, field=field_of(stage)))
    return tuple(steps)


def with_insertions(
    graph: GraphType, stages: Mapping[str, Stage], inserted: Mapping[str, Insertion], where: str
) -> dict[str, tuple[str, ...]]:
    """The stages of ``graph`` and what each waits for: an inserted one stands before all that take additions."""
    waits = {name: tuple(parents) for name, parents in graph.stages.items()}
    takers = [name for name in waits if name in stages and any(take.many for take in stages[name].takes)]
    for name, insertion in inserted.items():
        if name in waits:
            raise PlanError(f"{where}: {name!r} is among its stages and inserted too")
        if insertion.after not in waits:
            raise PlanError(f"{where}: {name!r} is inserted after {insertion.after!r}, which is not among its stages")
        if not takers:
            raise PlanError(f"{where}: none of its stages takes what {name!r} adds (tuple[Additions, ...])")
    for name, insertion in inserted.items():
        waits[name] = (insertion.after,)
    for name in takers:
        waits[name] = (*waits[name], *inserted)
    return waits


def in_order(waits: Mapping[str, Sequence[str]], where: str) -> list[str]:
    """The stages so that each comes after those it waits for; ties in the order they are written."""
    sorter = TopologicalSorter(waits)
    try:
        sorter.prepare()
    except CycleError as exc:
        raise PlanError(f"{where}: stages wait for each other: {' -> '.join(exc.args[1])}") from exc
    written = {name: place for place, name in enumerate(waits)}
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


def field_of(stage: Stage, inserted_by: str = "") -> str:
    """Where what ``stage`` gives is kept; nothing where it gives nothing."""
    return artifact_field(stage.gives, inserted_by) if stage.gives is not None else ""


def inputs_of(
    stage: Stage,
    earlier: Mapping[str, Insertion | None],
    stages: Mapping[str, Stage],
    optional: set[str],
    where: str,
) -> tuple[Input, ...]:
    """What ``stage`` is handed. Each artifact it takes is given by exactly one stage of ``earlier``."""
    givers: dict[type, list[str]] = {
        GraphRequest: ["the request"],
        Outcome: ["the end of the work"],
        Anchor: ["an earlier picture"],
    }
    for name, insertion in earlier.items():
        if insertion is None and (gives := stages[name].gives) is not None:
            givers.setdefault(gives, []).append(name)
    additions = tuple(artifact_field(Additions, name) for name, insertion in earlier.items() if insertion is not None)
    return tuple(
        Input(take.kind, additions, many=True) if take.many else single(stage, take, givers, optional, where)
        for take in stage.takes
    )


def single(stage: Stage, take: Take, givers: Mapping[type, list[str]], optional: set[str], where: str) -> Input:
    """An artifact that one earlier stage gives."""
    found = givers.get(take.kind, [])
    if take.kind is Anchor and not take.optional:
        raise PlanError(f"{where}: stage {stage.name!r} must take Anchor | None: the first picture has no earlier one")
    if len(found) > 1:
        raise PlanError(f"{where}: stage {stage.name!r} takes {take.kind.__name__}, given by {' and '.join(found)}")
    if not found and not take.optional:
        raise PlanError(f"{where}: stage {stage.name!r} takes {take.kind.__name__}, given by no earlier stage")
    if found and found[0] in optional and not take.optional:
        raise PlanError(
            f"{where}: stage {stage.name!r} takes {take.kind.__name__} from the optional stage {found[0]!r}, "
            f"so it must take {take.kind.__name__} | None"
        )
    return Input(take.kind, (artifact_field(take.kind),), take.optional)
