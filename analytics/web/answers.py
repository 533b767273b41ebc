"""What the service answers in JSON, as records: a view fills one, the OpenAPI document describes it from its fields.

A field says in its annotation what it holds where its name does not; an
answer's first line is its description.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal, TypeVar

import msgspec
from flask import Response
from msgspec import Meta

from ..model.artifacts import Drawing, Statistics
from ..pipeline import progress
from ..pipeline.plan import Step
from ..pipeline.progress import Run
from ..runs.pools import Pool, difference
from ..viewing.details import GraphDetails

Schema = dict[str, Any]
R = TypeVar("R")

#: A graph's status in the words of the graph document.
State = Literal["process", "finished", "warning", "error"]
StageStatus = Literal["pending", "queued", "running", "paused", "done", "failed", "skipped"]
Seconds = Annotated[float, Meta(description="seconds since 1970, by the clock of Redis")]


@dataclass(frozen=True, slots=True)
class Identity:
    """Who this service is."""

    name: str
    description: str
    version: str
    license: Annotated[str, Meta(description="an SPDX identifier")]


@dataclass(frozen=True, slots=True)
class Alive:
    """The process answers."""

    status: Literal["ok"] = "ok"


@dataclass(frozen=True, slots=True)
class Waiting:
    """Graphs by where they are."""

    waiting: Annotated[int, Meta(description="not yet begun")]
    active: Annotated[int, Meta(description="in work")]
    parked: Annotated[int, Meta(description="of a type that no live pool knows")]


@dataclass(frozen=True, slots=True)
class PoolCounts:
    """The pools of workers."""

    alive: int
    differing: Annotated[int, Meta(description="whose plugins are others than those of web")]
    held_back: Annotated[int, Meta(description="that keep earlier plugins, since those of now do not load")]


@dataclass(frozen=True, slots=True)
class Ready:
    """Requests are taken; ``working`` says whether they are drawn too, and ``reasons`` why not."""

    graphs: Waiting
    pools: PoolCounts
    plugins: Annotated[str, Meta(description="a sentence about the plugins of web and of the workers")]
    working: Annotated[bool, Meta(description="whether graphs are drawn now, as far as can be told")]
    reasons: Annotated[tuple[str, ...], Meta(description="why graphs may not be drawn now")]
    ticked: Annotated[float | None, Meta(description="seconds since a reaper did all it had to do")]
    overdue: Annotated[float, Meta(description="seconds the oldest lease is overdue")]
    data_app: Annotated[bool | None, Meta(description="whether the Data App answered when it was last asked")]
    redis: Literal["ok"] = "ok"
    status: Literal["ok"] = "ok"


@dataclass(frozen=True, slots=True)
class NotReady:
    """The service cannot work now."""

    redis: Annotated[str, Meta(description="what came of asking Redis")]
    status: Literal["unavailable"] = "unavailable"


@dataclass(frozen=True, slots=True)
class StageRow:
    """One stage of the run."""

    name: str
    state: StageStatus
    attempts: int
    seconds: Annotated[float | None, Meta(description="what the attempt that ended it took")]
    reason: Annotated[str, Meta(description="why it failed or is tried again; empty: there is nothing to say")]
    optional: Annotated[bool, Meta(description="whether its failure leaves the drawing alone")]


@dataclass(frozen=True, slots=True)
class Counts:
    """What the drawing shows: found = drawn + folded + omitted."""

    nodes: int
    found: int
    drawn: int
    folded: int
    omitted: int
    hidden: Annotated[int, Meta(description="0: things of other owners are ghosts, as what nobody holds is")]
    ghosts: Annotated[int, Meta(description="things that are referred to and not in the inventory, or another owner's")]


@dataclass(frozen=True, slots=True)
class OmissionRow:
    """What the drawing does not show as itself, and why."""

    kind: str
    what: str
    count: int
    reason: str


@dataclass(frozen=True, slots=True)
class Named:
    """A thing of the inventory."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class TotalRow:
    """The sum of a quantity that a plugin added, over a system's things."""

    quantity: str
    title: str
    unit: str
    system: Annotated[str, Meta(description="empty: of everything")]
    value: float
    things: Annotated[int, Meta(description="how many things it is the sum of")]


@dataclass(frozen=True, slots=True)
class FindingRow:
    """Something an operator should know, found while the graph was drawn."""

    code: str
    text: Annotated[str, Meta(description="a sentence for a person")]
    tone: Annotated[str, Meta(description="info, good, warn or bad")]


@dataclass(frozen=True, slots=True)
class StatisticsRow:
    """The counts beside the graph."""

    histogram: Annotated[Mapping[str, int], Meta(description="column: nodes in it")]
    density: Annotated[str, Meta(description="of a directed graph, with two decimals")]
    connections: int
    families: Annotated[Mapping[str, int], Meta(description="family: applications of it")]
    applications: int
    systems: tuple[Named, ...]
    totals: tuple[TotalRow, ...]
    newest: Annotated[str, Meta(description="when the thing seen last was seen, as the inventory writes it")]
    oldest: Annotated[str, Meta(description="when the thing was seen that nobody has seen for longest")]
    stale: Annotated[int, Meta(description="things not seen for MAESTRO_STALE_DAYS before the newest")]


@dataclass(frozen=True, slots=True)
class GraphState:
    """How far a graph is. Counts are those of the drawing that is shown, which an older run may have made."""

    id: str
    type: str
    run: Annotated[str, Meta(description="the newest run")]
    state: State
    message: Annotated[str, Meta(description="a sentence for a person")]
    created: Seconds
    ended: Seconds | None
    stages: tuple[StageRow, ...]
    drawn_by: Annotated[str | None, Meta(description="the run whose drawing is shown and counted")]
    counts: Counts | None
    omissions: tuple[OmissionRow, ...]
    findings: tuple[FindingRow, ...]
    statistics: StatisticsRow | None
    links: Annotated[Mapping[str, str], Meta(description="signed links that need no token, by what they show")]


@dataclass(frozen=True, slots=True)
class VersionRow:
    """A version of a graph that is kept: what a run drew, where it was not the same as before."""

    version: Annotated[str, Meta(description="the run that drew it")]
    drawn: Seconds
    nodes: int
    lines: int
    size: Annotated[int, Meta(description="bytes in Redis")]


@dataclass(frozen=True, slots=True)
class Versions:
    """The kept versions of a graph, the newest first."""

    id: str
    versions: tuple[VersionRow, ...]


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """One thing that changed between two versions; as in `analytics diff`."""

    verb: Literal["added", "removed", "changed", "moved", "renamed", "rewired"]
    thing: Annotated[str, Meta(description="collection/id, or the picture's id where the inventory has none")]
    name: str
    field: str
    before: str
    after: str
    kind: Literal["structure", "place", "text"]
    target: Annotated[str, Meta(description="of a rewiring: the other end")]
    words: Annotated[str, Meta(description="a line for a person")]


@dataclass(frozen=True, slots=True)
class VersionDifference:
    """What changed from one version of a graph to another."""

    question: Literal["diff"]
    id: str
    old: Annotated[str, Meta(description="the earlier version")]
    new: Annotated[str, Meta(description="the later version")]
    summary: str
    same: Annotated[int, Meta(description="things that are the same in both")]
    changes: tuple[ChangeRow, ...]


@dataclass(frozen=True, slots=True)
class Recorded:
    """Of how many applications calls are recorded."""

    applications: int
    with_calls: Annotated[int, Meta(description="that call or are called")]


@dataclass(frozen=True, slots=True)
class Basis:
    """What an answer rests on."""

    assumptions: Annotated[tuple[str, ...], Meta(description="what nobody stated, in sentences")]
    recorded: Recorded


@dataclass(frozen=True, slots=True)
class FallingRow:
    """What becomes of one thing of a graph when something of it fails."""

    thing: Annotated[str, Meta(description="collection/id")]
    node: Annotated[str, Meta(description="the id of the node or box that shows it")]
    name: str
    state: Literal["down", "degraded", "cannot-tell"]
    chain: Annotated[tuple[str, ...], Meta(description="names, from it to what failed")]


@dataclass(frozen=True, slots=True)
class GraphFailure:
    """What falls within a graph, by what it was made of; what is not listed stays up."""

    question: Literal["fail"]
    id: str
    failed: Annotated[tuple[str, ...], Meta(description="collection/id of what is taken as failed")]
    name: str
    verdicts: tuple[FallingRow, ...]
    basis: Basis


@dataclass(frozen=True, slots=True)
class ReachedRow:
    """A thing of a graph that depends on what is asked about, or that this depends on."""

    thing: Annotated[str, Meta(description="collection/id")]
    node: Annotated[str, Meta(description="the id of the node or box that shows it")]
    name: str
    hops: int
    state: Annotated[
        Literal["down", "degraded", "cannot-tell", "holds"] | None,
        Meta(description="upwards: what becomes of it when what is asked about fails"),
    ]
    chain: Annotated[tuple[str, ...], Meta(description="names, from what is asked about to it")]


@dataclass(frozen=True, slots=True)
class GraphImpact:
    """What depends on one thing of a graph, or what it depends on, the nearest first."""

    question: Literal["impact"]
    id: str
    of: Annotated[tuple[str, ...], Meta(description="collection/id of what is asked about")]
    name: str
    way: Literal["up", "down"]
    reached: tuple[ReachedRow, ...]
    basis: Basis


@dataclass(frozen=True, slots=True)
class WeakRow:
    """A thing that brings others down by failing alone."""

    thing: Annotated[str, Meta(description="collection/id")]
    node: Annotated[str, Meta(description="the id of the node or box that shows it")]
    name: str
    count: Annotated[int, Meta(description="how many applications fall")]
    brings_down: Annotated[tuple[str, ...], Meta(description="collection/id of the first of them")]


@dataclass(frozen=True, slots=True)
class WeakPoints:
    """The weak points of a graph, the worst first."""

    question: Literal["weak-points"]
    id: str
    weak_points: Annotated[tuple[WeakRow, ...], Meta(description="the first of them")]
    count: Annotated[int, Meta(description="how many there are")]
    basis: Basis


@dataclass(frozen=True, slots=True)
class GraphTypeRow:
    """A graph type that can be asked for."""

    name: str
    title: str
    aliases: tuple[str, ...]
    entries: Annotated[tuple[str, ...], Meta(description="the fields of a request it can start from")]
    stages: tuple[str, ...]
    source: Annotated[str, Meta(description="the plugin's file")]


@dataclass(frozen=True, slots=True)
class StageInfo:
    """A stage: its file, and what it takes and gives."""

    name: str
    source: str
    takes: tuple[str, ...]
    gives: str | None
    world: Annotated[bool, Meta(description="whether it touches the outside world")]


@dataclass(frozen=True, slots=True)
class RefusedRow:
    """A plugin that was left out, and why."""

    source: str
    reason: str


@dataclass(frozen=True, slots=True)
class PoolRow:
    """A live pool of workers, and in what its plugins differ from those of web: files, by what is the matter."""

    name: str
    digest: str
    same: bool
    problem: Annotated[str, Meta(description="why it keeps earlier plugins; empty: it does not")]
    missing: tuple[str, ...]
    further: tuple[str, ...]
    changed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Plugins:
    """Every stage, the plugins that were refused, and the plugins of the pools."""

    stages: tuple[StageInfo, ...]
    refused: tuple[RefusedRow, ...]
    digest: Annotated[str, Meta(description="equal wherever all plugins are")]
    pools: tuple[PoolRow, ...]


@dataclass(frozen=True, slots=True)
class Shared:
    """An address that always shows a graph's newest drawing."""

    id: Annotated[str, Meta(description="what revokes it: DELETE /shares/<id>")]
    expires: Annotated[int, Meta(description="seconds since 1970")]
    purpose: Literal["image", "embed"]
    redact: Annotated[bool, Meta(description="without addresses and host names")]
    links: Annotated[Mapping[str, str], Meta(description="svg and png, for embed also a page that may be framed")]


@dataclass(frozen=True, slots=True)
class Problem:
    """An error, in words that callers can show."""

    message: Annotated[Mapping[str, str], Meta(description="field of the request, or graph: a sentence", min_length=1)]
    error: Annotated[str, Meta(description="a stable code")]


@dataclass(frozen=True, slots=True)
class OpenedPart:
    """A part of a graph, drawn by itself: its members, the parts around it as stubs."""

    scope: Annotated[str, Meta(description="which part, and how much of the graph it is")]
    svg: Annotated[str, Meta(description="the drawing, an SVG document")]
    details: GraphDetails


ANSWERS = (
    *(Identity, Alive, Ready, NotReady, GraphState, GraphDetails, OpenedPart, Versions, VersionDifference),
    *(GraphFailure, GraphImpact, WeakPoints),
    *(GraphTypeRow, Plugins, Shared, Problem),
)
REF = "#/components/schemas/{name}"


def said(answer: Any, status: int = 200) -> Response:
    """An answer, or several, as JSON."""
    return Response(msgspec.json.encode(answer), status=status, mimetype="application/json")


def schemas() -> Schema:
    """Every answer by its name, in OpenAPI's words; nothing may be in an answer that does not stand there."""
    _, found = msgspec.json.schema_components(ANSWERS, ref_template=REF)
    for schema in found.values():
        if schema.get("type") == "object":
            schema["additionalProperties"] = False
            schema["required"] = list(schema["properties"])
    return found


def ref(answer: type) -> Schema:
    """Where an answer is described."""
    return {"$ref": REF.format(name=answer.__name__)}


# --- filled from what the service holds ---------------------------------------------------


def state_of(run: Run, *, parked: bool) -> tuple[State, str, float | None]:
    """The run's status in the words of the graph document, what it says to a person, and when it ended.

    ``parked``: no live pool of workers knows it.
    """
    if run.phase == progress.ENDED and run.outcome is not None:
        return run.outcome.level, run.outcome.message, run.ended
    if parked:
        return "process", "Waiting for workers that hold its plugin", None
    waits = "Waiting for its turn" if run.phase == progress.WAITING else "In work"
    failing = [f"{name}: {state.reason}" for name, state in run.stages.items() if state.status == progress.PAUSED]
    return "process", "; ".join(failing) or waits, None


def stages_of(run: Run, steps: Iterable[Step]) -> tuple[StageRow, ...]:
    """Every stage of the run in the order of its plan; a run of a type that web does not know shows what it has."""
    optional = {step.name: step.optional for step in steps} or dict.fromkeys(run.stages, False)
    return tuple(stage_row(run, name, may_fail) for name, may_fail in optional.items())


def stage_row(run: Run, name: str, optional: bool) -> StageRow:
    """One stage, with times in seconds."""
    state: Any = run.stage(name)
    seconds = round(state.ended - state.started, 4) if state.ended and state.started else None
    return StageRow(name, state.status, state.attempt, seconds, state.reason, optional)


@dataclass(frozen=True, slots=True)
class Told:
    """What a graph's state tells of its drawing."""

    counts: Counts
    omissions: tuple[OmissionRow, ...]
    findings: tuple[FindingRow, ...]


def told(drawing: Drawing) -> Told:
    """What is told of a drawing."""
    return Told(counts_of(drawing), omissions_of(drawing), findings_of(drawing))


def counts_of(drawing: Drawing) -> Counts:
    """Completeness of the drawing."""
    tally = drawing.tally
    return Counts(drawing.nodes, tally.found, tally.drawn, tally.folded, tally.omitted, tally.hidden, tally.ghosts)


def omissions_of(drawing: Drawing) -> tuple[OmissionRow, ...]:
    """What the drawing does not show as itself, and why."""
    return tuple(OmissionRow(one.kind, one.what, one.count, one.reason) for one in drawing.omissions)


def findings_of(drawing: Drawing) -> tuple[FindingRow, ...]:
    """What was found while the graph was drawn."""
    return tuple(FindingRow(one.code, one.text, one.tone) for one in drawing.graph.findings)


def statistics_of(statistics: Statistics | None) -> StatisticsRow | None:
    """The counts beside the graph."""
    if statistics is None:
        return None
    named = {one.key: one for one in statistics.quantities}
    return StatisticsRow(
        histogram={column.name: column.count for column in statistics.histogram},
        density=statistics.density,
        connections=statistics.connections,
        families={family.name: family.count for family in statistics.families},
        applications=statistics.applications,
        systems=tuple(Named(one.id, one.name) for one in statistics.systems),
        totals=tuple(
            TotalRow(one.quantity, known.title, known.unit, one.system, one.value, one.things)
            for one in statistics.totals
            if (known := named.get(one.quantity)) is not None
        ),
        newest=statistics.newest,
        oldest=statistics.oldest,
        stale=statistics.stale,
    )


def pool_row(mine: Pool, pool: Pool) -> PoolRow:
    """A pool beside the plugins of this process."""
    differs = difference(mine, pool)
    return PoolRow(
        pool.name,
        pool.digest,
        pool.digest == mine.digest,
        pool.problem,
        differs.missing,
        differs.further,
        differs.changed,
    )
