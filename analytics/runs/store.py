"""The run's own state in Redis: the truth about every graph. RQ only carries the jobs.

Every change is one transaction (:mod:`analytics.runs.compared`; a request, which changes
two runs, takes ``WATCH``/``MULTI``/``EXEC``): it reads the run, checks the fence, and writes
artifact, state, leases and the jobs of whatever follows together, or nothing at
all. Between two commands a process may be killed at any point; what it leaves is
a lease that runs out, which the reaper acts on.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, TypeVar, cast

from redis import Redis, ResponseError, WatchError
from redis.client import Pipeline

from ..errors import ForeignId, Overloaded, Superseded, UnknownStage, Unreadable
from ..model.anchor import Anchor, anchor_of
from ..model.artifacts import Clients, Drawing, GraphRequest, Outcome, Statistics
from ..model.kinds import Level
from ..pipeline import codec, progress
from ..pipeline.plan import Input, Step, artifact_field
from ..pipeline.progress import Run
from . import belongings, kept, quarantine, reuse, versions
from .abandon import abandon
from .admission import FEW, Admission, Limits
from .changes import STARTING, Change, Claim, Decide, Enqueue, Seen, leases_of
from .compared import Compared
from .long_stages import LongStages
from .queries import (
    DRAWN,
    ENDED,
    FIRST_RELEASE,
    OWNER_TTL,
    Lease,
    StoredRuns,
    given,
    is_wrong_type,
    key,
    made_field,
    readable,
    run_of,
    text_of,
)
from .queue import ENDED as NOTE_ENDED
from .reuse import Made
from .times import LeaseTimes

A = TypeVar("A")

#: Seconds the state of a superseded run stays to be looked at.
SUPERSEDED_TTL = 600
#: What a run keeps at its end, beside its drawing.
KEPT = frozenset({*map(artifact_field, (Outcome, GraphRequest, Statistics, Clients)), *DRAWN})
#: The times a transaction is tried again when another one changed the run in between.
ROUNDS = 100

# What a request finds of its graph, in one round trip, and its place among requests.
# KEYS newest shown order; ARGV run ttl
NEWEST = """
local time = redis.call('TIME')
local newest, shown = redis.call('GET', KEYS[1]), redis.call('GET', KEYS[2])
local order = 0
if newest ~= ARGV[1] then
  order = redis.call('INCR', KEYS[3])
  redis.call('EXPIRE', KEYS[3], ARGV[2])
end
return {newest, shown, order, time[1], time[2]}
"""


class RunStore(StoredRuns):
    """Transactions on runs. ``enqueue`` is how a job gets on the queue (see :mod:`analytics.workers.jobs`)."""

    def __init__(
        self,
        redis: Redis,
        plans: Mapping[str, Sequence[Step]],
        enqueue: Enqueue,
        limits: Limits | None = None,
        times: LeaseTimes | None = None,
    ) -> None:
        super().__init__(redis)
        self.plans = plans
        self.enqueue = enqueue
        self.limits = limits or Limits()
        self.times = times or LeaseTimes()
        self.admission = Admission(redis, self.limits)
        self.long = LongStages(redis, self.limits.ttl)
        self.compared = Compared(redis)
        self._read: frozenset[str] = frozenset()
        self._places: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {}
        self._newest = redis.register_script(NEWEST)

    # --- taking a request ---------------------------------------------------------------

    def submit(self, request: GraphRequest, *, proven: bool = False) -> str:
        """Accept a request: it is the graph's newest run from now on. Returns the run's id.

        Raises :class:`Overloaded` when the owner asks too often (429) or too much is waiting (503), and
        :class:`ForeignId` where the graph is known as another owner's, unless this one's claim is ``proven``.
        """
        self.admission.refuse_flood(request.owner_id)
        run_id = secrets.token_hex(12)
        pointer = key("graph", request.graph_id)
        odd: dict[str, str] = {}

        def change(pipe: Pipeline) -> Callable[[], str] | None:
            older, shown, order, now = self._newest_of(request.graph_id, run_id)
            if older == run_id:
                return None  # the reply was lost, the request was not
            if older:
                pipe.watch(key("run", older))  # type: ignore[no-untyped-call]
            replaced = self._replaced(older, odd)
            foreign = replaced is not None and replaced.owner_id != request.owner_id
            if foreign and not proven:
                raise ForeignId({"_id": "A graph of this id belongs to another owner."})
            run = Run(run_id, request.graph_id, request.owner_id, request.graph_type, order, now)

            def write() -> str:
                if replaced is not None:
                    self._write_superseded(pipe, replaced, now, keep=older == shown and not foreign)
                if foreign:
                    pipe.delete(key("shown", request.graph_id))
                for name in odd:
                    pipe.zrem("am:waiting", name)
                    pipe.zrem("am:active", name)
                pipe.set(pointer, run_id, ex=self.limits.ttl)
                pipe.zadd("am:owners", {request.owner_id: run.created})
                pipe.expire("am:owners", OWNER_TTL)
                belongings.note(pipe, request.owner_id, request.graph_id, run.created, self.limits.ttl)
                self._write_run(pipe, run)
                self._write_artifact(pipe, run_id, artifact_field(GraphRequest), request)
                self._write_expiry(pipe, run_id)
                self.admission.queue_up(run_id, request.owner_id, pipe)
                return run_id

            return write

        try:
            self._transaction([pointer], change)
        except ResponseError as exc:
            if not is_wrong_type(exc):
                raise
            quarantine.clear_graph(self.redis, request.graph_id)
            belongings.clear(self.redis, request.owner_id)
            self._transaction([pointer], change)
        for name, reason in odd.items():
            abandon(self.redis, name, reason)
        self.admit()
        return run_id

    def _replaced(self, older: str, odd: dict[str, str]) -> Run | None:
        """The run that a request takes the graph from; one that cannot be read is noted in ``odd``."""
        try:
            return self.find(older) if older else None
        except Unreadable as exc:
            odd[older] = exc.reason
            return None

    def _newest_of(self, graph_id: str, run_id: str) -> tuple[str, str, int, float]:
        """The graph's newest run, the one whose drawing is shown, the place of ``run_id`` among requests, the clock.

        Under WATCH on the first: a change after it is noticed.
        """
        keys = [key("graph", graph_id), key("shown", graph_id), "am:order"]
        newest, shown, order, seconds, micros = cast(list[Any], self._newest(keys=keys, args=[run_id, self.limits.ttl]))
        return text_of(newest), text_of(shown), int(order), int(seconds) + int(micros) / 1e6

    def _write_superseded(self, pipe: Pipeline, run: Run, now: float, *, keep: bool) -> None:
        """An older run gives up its place and its leases; its commits fail the fence from now on."""
        for name in ("am:waiting", "am:active", "am:parked"):
            pipe.zrem(name, run.run_id)
        pipe.zrem("am:leases", Lease(run.run_id, STARTING, 0).member, *leases_of(run))
        if run.open:
            self._write_run(pipe, replace(run, phase=progress.SUPERSEDED), run)
            if run.phase != progress.WAITING:
                self.admission.charge(run.owner_id, progress.spent(run, now), pipe)
        if not keep:
            pipe.delete(key("art", run.run_id))
            pipe.expire(key("run", run.run_id), SUPERSEDED_TTL)

    def admit(self) -> int:
        """Start waiting runs while there is room; returns how many."""
        admitted = self.admission.admit(self.times.starting)
        for run_id, held in admitted:
            try:
                self.start(run_id, ahead=held <= FEW)
            except Unreadable as exc:
                abandon(self.redis, run_id, exc.reason)
        return len(admitted)

    def start(self, run_id: str, *, ahead: bool = False) -> None:
        """Queue the first stages of an admitted run; nothing when it was started or superseded meanwhile.

        A run of a type that this process does not know is parked. Raises :class:`Unreadable`.
        """

        def decide(run: Run, now: float) -> Change | None:
            if run.phase != progress.WAITING:
                return None
            if run.graph_type not in self.plans:
                return Change(run, park=True)
            started, names = progress.start(replace(run, ahead=ahead), self.plans[run.graph_type], now)
            return Change(started, names)

        self.change_run(run_id, decide, drop=Lease(run_id, STARTING, 0))

    # --- running a stage ----------------------------------------------------------------

    def begin(self, run_id: str, stage: str, attempt: int, noted: Sequence[str] = ()) -> Claim:
        """Claim one attempt at a stage. What it will be handed is read with the run, in the same round trip.

        ``noted`` is what is written of its job beside it (:data:`~.queue.STARTED`).
        Raises :class:`Superseded` when the attempt is not, or no longer, to be made,
        :class:`UnknownStage` when this process cannot make it, :class:`Unreadable`.
        """
        token, lease = secrets.token_hex(8), Lease(run_id, stage, attempt)
        types, fields = self._places_of(stage)
        with readable(f"run:{run_id}"):
            seen, held, claimed = self.compared.begin(
                (key("run", run_id), key("art", run_id)),
                (stage, attempt, token),
                (lease.member, self.times.running),
                types,
                noted,
                fields,
            )
            run = run_of(seen.fields) if claimed else None
        if run is not None:
            return Claim(run, stage, token, seen, held)

        def decide(run: Run, now: float) -> Change | None:
            state = run.stage(stage)
            if state.claim == token:
                return Change(run)  # the reply was lost, the claim was not
            if run.phase not in (progress.WORKING, progress.CLOSING) or (state.status, state.attempt) != (
                progress.QUEUED,
                attempt,
            ):
                return None
            if all(step.name != stage for step in self.plans.get(run.graph_type, ())):
                raise UnknownStage(f"This worker knows no stage {stage} of a graph of the type {run.graph_type}.")
            running = progress.changed(
                run, stage, status=progress.RUNNING, claim=token, started=now, first=state.first or now
            )
            return Change(running, renew=(lease, now + self.times.running))

        changed = self._change(run_id, decide, seen=seen)
        if changed is None:
            raise Superseded(f"{stage} of run {run_id}: attempt {attempt} is not to be made")
        return Claim(changed[0], stage, token, changed[1], held)

    def _places_of(self, stage: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The graph types that have a stage, and where what it is handed may stand in any of them."""
        if stage not in self._places:
            found = {name: step for name, plan in self.plans.items() for step in plan if step.name == stage}
            fields = (field for step in found.values() for one in step.inputs for field in one.fields)
            self._places[stage] = tuple(found), tuple(dict.fromkeys(fields))
        return self._places[stage]

    def take(self, claim: Claim, inputs: Sequence[Input]) -> tuple[Any, ...]:
        """What the claimed stage is handed.

        Raises :class:`CodecError` when something it needs is not there, :class:`Unreadable` when nothing can be.
        """
        fields = [field for one in inputs for field in one.fields]
        if not fields:
            return tuple(given(one, (), claim.run) for one in inputs)
        held = dict(claim.held)
        older = {field: FIRST_RELEASE[field] for field in fields if field in FIRST_RELEASE and not held.get(field)}
        missing = [field for field in fields if field not in held]
        if older or missing:
            names = [*missing, *older.values()]
            with readable(f"art:{claim.run.run_id}"):
                raw = cast(list[bytes | None], self.redis.hmget(key("art", claim.run.run_id), names))
            found = dict(zip(names, raw, strict=True))
            held |= {field: found[field] for field in missing}
            held |= {field: held.get(field) or found[name] for field, name in older.items()}
        return tuple(
            self._earlier(claim.run)
            if one.kind is Anchor
            else given(one, [held[field] for field in one.fields], claim.run)
            for one in inputs
        )

    def made_before(self, claim: Claim, step: Step, code: str) -> Made | None:
        """What the claimed step's result is made from, and an earlier one that was made from the same.

        Nothing where that is not asked: of a step that sees the world, or one that is tried with less effort.
        """
        needed = (field for one in step.inputs if not (one.optional or one.many) for field in one.fields)
        if not reuse.reusable(step.stage) or claim.run.stage(claim.name).timeouts:
            return None
        if any(claim.held.get(field) is None for field in needed):
            return None  # it stands elsewhere, as the first release had it, or nowhere
        digest = reuse.digest_of(code, claim.run.owner_id, step, claim.held)
        return reuse.earlier(self.redis, claim.run.graph_id, step, digest)

    def _earlier(self, run: Run) -> Anchor | None:
        """The places of the last kept version of the run's graph."""
        if not self.limits.versions:
            return None
        grid = versions.last_version(self.redis, run.owner_id, run.graph_id)
        return None if grid is None else anchor_of(grid)

    def renew(self, claim: Claim) -> bool:
        """Keep the lease of a running stage; false when the execution lost it."""
        lease = Lease(claim.run.run_id, claim.name, claim.run.stage(claim.name).attempt)
        with self.redis.pipeline(transaction=False) as pipe:
            pipe.time()
            pipe.zscore("am:leases", lease.member)
            (seconds, micros), score = pipe.execute()
        if score is None:
            return False
        self.redis.zadd("am:leases", {lease.member: seconds + micros / 1e6 + self.times.running}, xx=True)
        return True

    def check(self, claim: Claim) -> None:
        """The fence before an outward write. Raises :class:`Superseded`."""
        if not progress.is_current(self.find(claim.run.run_id), claim.name, claim.token):
            raise Superseded(f"{claim.name} of run {claim.run.run_id} was taken over")

    def commit(self, claim: Claim, artifact: Any, noted: Sequence[str] = (), made: Made | None = None) -> Run:
        """Save what the stage gave, mark it done and queue what follows, in one transaction.

        ``noted`` is what is written of its job beside it (:data:`~.queue.ENDED`), ``made`` what it was made from.
        Raises :class:`Superseded`, with nothing written, when the fence does not hold.
        """

        def decide(run: Run, now: float) -> Change | None:
            if not progress.is_current(run, claim.name, claim.token):
                return None
            steps = self.plans[run.graph_type]
            after, names = progress.succeed(run, steps, claim.name, now)
            field = next(step.field for step in steps if step.name == claim.name)
            given = () if artifact is None or field not in self._read_later() else ((field, artifact),)
            return Change(after, names, artifacts=given, noted=tuple(noted), made=made)

        return self._settle(claim, decide)

    def _read_later(self) -> frozenset[str]:
        """The fields that somebody reads: a stage, or whoever asks for a run that has ended."""
        if not self._read:
            steps = (step for plan in self.plans.values() for step in plan)
            self._read = KEPT.union(field for step in steps for one in step.inputs for field in one.fields)
        return self._read

    def give_up(self, claim: Claim, level: Level, reason: str) -> Run:
        """The stage failed for good. Raises :class:`Superseded` as :meth:`commit` does."""

        def decide(run: Run, now: float) -> Change | None:
            if not progress.is_current(run, claim.name, claim.token):
                return None
            after, names = progress.fail(run, self.plans[run.graph_type], claim.name, now, level=level, reason=reason)
            return Change(after, names)

        return self._settle(claim, decide)

    def pause(self, claim: Claim, seconds: float, reason: str, *, timed_out: bool = False) -> Run:
        """Try the stage again after ``seconds``: the reaper queues the next attempt."""

        def decide(run: Run, now: float) -> Change | None:
            if not progress.is_current(run, claim.name, claim.token):
                return None
            run = progress.charged(run, claim.name, now)
            timeouts = run.stage(claim.name).timeouts + timed_out
            paused = progress.changed(
                run, claim.name, status=progress.PAUSED, claim="", reason=reason, timeouts=timeouts
            )
            lease = Lease(run.run_id, claim.name, run.stage(claim.name).attempt)
            return Change(paused, renew=(lease, now + seconds))

        return self._settle(claim, decide, keep_lease=True)

    def hand_back(self, run_id: str, stage: str, attempt: int, reason: str) -> None:
        """Leave a queued stage to another worker: the reaper queues it again soon. It counts as no attempt."""

        def decide(run: Run, now: float) -> Change | None:
            state = run.stage(stage)
            if (state.status, state.attempt) != (progress.QUEUED, attempt):
                return None
            back = progress.changed(
                run, stage, status=progress.PAUSED, reason=reason, handed_back=state.handed_back + 1
            )
            return Change(back, renew=(Lease(run_id, stage, attempt), now + self.times.handed_back))

        self.change_run(run_id, decide)

    def hold(self, claim: Claim) -> Run:
        """Let the claimed stage wait for a place for long stages. It counts as no attempt."""

        def decide(run: Run, now: float) -> Change | None:
            if not progress.is_current(run, claim.name, claim.token):
                return None
            state = run.stage(claim.name)
            first = state.first if state.tries > 1 else 0.0
            held = progress.changed(run, claim.name, status=progress.PAUSED, claim="", first=first, held=state.held + 1)
            return Change(held, renew=(Lease(run.run_id, claim.name, state.attempt), now + self.times.held))

        return self._settle(claim, decide, keep_lease=True)

    def resume(self, lease: Lease) -> bool:
        """Queue a stage that is held or paused now; false when it is neither (any more)."""

        def decide(run: Run, _now: float) -> Change | None:
            state = run.stage(lease.stage)
            if (state.status, state.attempt) != (progress.PAUSED, lease.attempt):
                return None
            return Change(progress.queued(run, lease.stage), (lease.stage,))

        return self.change_run(lease.run_id, decide, drop=lease) is not None

    def timed_out(self, lease: Lease) -> None:
        """The attempt hung past its limit and its worker was killed: its lease runs out now."""

        def decide(run: Run, now: float) -> Change | None:
            state = run.stage(lease.stage)
            if (state.status, state.attempt) != (progress.RUNNING, lease.attempt):
                return None
            return Change(progress.changed(run, lease.stage, timeouts=state.timeouts + 1), renew=(lease, 0.0))

        self.change_run(lease.run_id, decide)

    def size_of(self, claim: Claim, inputs: Sequence[Input]) -> int:
        """Bytes of what a stage will be handed, unpacked; 0 where there is nothing, or nothing that can be read."""
        held = (claim.held.get(field) for one in inputs for field in one.fields)
        return sum(codec.size_of(len(raw), raw[: codec.BEGINNING]) for raw in held if raw)

    def park(self, run_id: str) -> None:
        """Take an open run out of work until a pool can go on with it; it holds no place meanwhile."""
        self.change_run(run_id, lambda run, _now: Change(run, park=True))

    def end(self, run_id: str, reason: str) -> Run | None:
        """End an open run as an error, at once and without its last stages; nothing when it is not open."""
        return self.change_run(run_id, lambda run, now: Change(progress.abort(run, now, reason)))

    def _settle(self, claim: Claim, decide: Decide, *, keep_lease: bool = False) -> Run:
        lease = Lease(claim.run.run_id, claim.name, claim.run.stage(claim.name).attempt)
        changed = self._change(claim.run.run_id, decide, None if keep_lease else lease, claim.seen)
        if changed is None:
            raise Superseded(f"{claim.name} of run {claim.run.run_id} was taken over")
        run = changed[0]
        if run.phase == progress.ENDED:
            self.admit()
        return run

    # --- transactions -------------------------------------------------------------------

    def change_run(self, run_id: str, decide: Decide, drop: Lease | None = None) -> Run | None:
        """Read a run, let ``decide`` say what becomes of it, and write that if nobody came in between.

        Nothing is written, and nothing returned, when ``decide`` says so, or when the
        run is gone, ended or superseded. Raises :class:`Unreadable`.
        """
        changed = self._change(run_id, decide, drop)
        return None if changed is None else changed[0]

    def _change(
        self, run_id: str, decide: Decide, drop: Lease | None = None, seen: Seen | None = None
    ) -> tuple[Run, Seen] | None:
        """As :meth:`change_run`; ``seen`` is how the run stood when it was last looked at, which may be a while ago.

        Returns the run with how it stands.
        """
        name = key("run", run_id)
        for _ in range(ROUNDS):
            with readable(f"run:{run_id}"):
                if seen is None:
                    seen = self.compared.read(name)
                before = run_of(seen.fields)
            if before is None or not before.open:
                return None
            now = seen.now
            decision = decide(before, now)
            if decision is None:
                return None
            with self.redis.pipeline(transaction=False) as pipe:
                written = self._write_change(pipe, before, decision, now)
                if drop is not None:
                    pipe.zrem("am:leases", drop.member)
                newer = self.compared.write(name, seen, pipe)
            if newer is None:
                return decision.run, replace(seen, fields={**seen.fields, **written})
            seen = newer
        raise Overloaded({"graph": "The run changes too fast; try again."}, retry_after=1)

    def _write_change(self, pipe: Pipeline, before: Run, decision: Change, now: float) -> dict[bytes, bytes]:
        """Write what was decided; returns the fields of the run's hash that it has changed."""
        run = decision.run
        written = self._write_run(pipe, run, before)
        for name in decision.queue:
            attempt = run.stage(name).attempt
            # A stage that is tried again has waited already.
            ahead = run.ahead or run.stage(name).tries > 1
            self.enqueue(pipe, run.run_id, name, attempt, ahead, now)
            pipe.zadd("am:leases", {Lease(run.run_id, name, attempt).member: now + self.times.queued})
        if decision.renew is not None:
            lease, until = decision.renew
            pipe.zadd("am:leases", {lease.member: until})
        if before.phase == progress.WAITING:
            pipe.expire("am:leases", self.limits.ttl)
        for field, artifact in decision.artifacts:
            self._write_artifact(pipe, run.run_id, field, artifact, decision.made)
            if isinstance(artifact, Drawing):
                self._write_shown(pipe, run, now)
                versions.keep(pipe, run, artifact.grid, now, self.limits)
        if run.outcome is not None and before.outcome is None:
            self._write_artifact(pipe, run.run_id, artifact_field(Outcome), run.outcome)
        if decision.noted:
            pipe.eval(NOTE_ENDED, 0, *decision.noted)
        if self._expires(run, before, now):
            self._write_expiry(pipe, run.run_id)
        if decision.park:
            self._write_parked(pipe, run, now)
        if run.phase == progress.ENDED:
            for name in ("am:waiting", "am:active", "am:parked"):
                pipe.zrem(name, run.run_id)
            self.admission.charge(run.owner_id, progress.spent(run, now), pipe)
            if run.outcome is not None:
                pipe.hincrby(ENDED, run.outcome.level, 1)
                pipe.expire(ENDED, self.limits.ttl)
            self._write_leftovers_away(pipe, run)
        return written

    def _expires(self, run: Run, before: Run, now: float) -> bool:
        """Whether the run's time to live begins anew: when it starts, at its end, and while it lasts unusually long."""
        return run.phase != before.phase or now - run.created > self.limits.ttl / 4

    def _write_expiry(self, pipe: Pipeline, run_id: str) -> None:
        """Let what is stored of a run live for its time from now on."""
        pipe.expire(key("run", run_id), self.limits.ttl)
        pipe.expire(key("art", run_id), self.limits.ttl)

    def _write_run(self, pipe: Pipeline, run: Run, before: Run | None = None) -> dict[bytes, bytes]:
        """Write the fields of ``run`` that differ from ``before``; returns them."""
        fields: dict[str, bytes] = {}
        if before is None or replace(run, stages={}) != replace(before, stages={}):
            fields["run"] = codec.dumps(run)
        for name, state in run.stages.items():
            if before is None or before.stages.get(name) != state:
                fields[name] = codec.dumps(state)
        if fields:
            pipe.hset(key("run", run.run_id), mapping=cast(Any, fields))
        return {name.encode(): value for name, value in fields.items()}

    def _write_artifact(self, pipe: Pipeline, run_id: str, field: str, artifact: Any, made: Made | None = None) -> None:
        """Store what a stage gave, with what it was made from."""
        raw = (made.raw if made is not None else None) or codec.dumps(artifact)
        fields = {field: raw} | ({} if made is None else {made_field(field): reuse.note(made.digest, raw)})
        pipe.hset(key("art", run_id), mapping=cast(Any, fields))

    def _write_shown(self, pipe: Pipeline, run: Run, now: float) -> None:
        """The run's drawing, just written, is the graph's; the one before it is kept no more."""
        keys = (key("shown", run.graph_id), "am:kept", kept.SIZES)
        said = (run.run_id, run.owner_id, str(now), str(self.limits.ttl), key("art", ""))
        pipe.eval(kept.SHOW, len(keys), *keys, *said, *DRAWN)

    def _write_parked(self, pipe: Pipeline, run: Run, now: float) -> None:
        for name in ("am:waiting", "am:active"):
            pipe.zrem(name, run.run_id)
        pipe.zrem("am:leases", Lease(run.run_id, STARTING, 0).member, *leases_of(run))
        pipe.zadd("am:parked", {run.run_id: now}, nx=True)
        pipe.expire("am:parked", self.limits.ttl)

    def _write_leftovers_away(self, pipe: Pipeline, run: Run) -> None:
        """At its end a run keeps its outcome, and its drawing with what that was made of; the rest goes."""
        steps = self.plans.get(run.graph_type, ())
        if gone := [step.field for step in steps if step.field and step.field not in KEPT]:
            pipe.hdel(key("art", run.run_id), *gone)

    def _transaction(self, keys: Sequence[str], change: Callable[[Pipeline], Callable[[], A] | None]) -> A | None:
        """Run ``change`` under WATCH on ``keys`` until its writes go through; nothing when it has none."""
        with self.redis.pipeline() as pipe:
            for _ in range(ROUNDS):
                try:
                    pipe.watch(*keys)  # type: ignore[no-untyped-call]
                    write = change(pipe)
                    if write is None:
                        pipe.unwatch()
                        return None
                    pipe.multi()
                    result = write()
                    pipe.execute()
                except WatchError:
                    continue
                return result
        raise Overloaded({"graph": "The run changes too fast; try again."}, retry_after=1)
