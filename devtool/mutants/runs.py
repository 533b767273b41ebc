"""Guards of the run's own state: the fence, leases, rescue, the outbox, the reconciler, sending."""

from __future__ import annotations

from .mutant import Mutant

STORE = ("tests/runs/test_store.py",)
RECONCILE = ("tests/runs/test_reconcile.py",)
JOBS = ("tests/runs/test_jobs.py",)
REDIS_FAULTS = "tests/faults/test_redis_faults.py"
API = "tests/web/test_api.py"
COPIES, HOSTS = ("tests/runs/test_copies.py",), ("tests/faults/test_hosts.py",)
RUNS = (
    Mutant(
        "the fence: a newer request",
        "analytics/pipeline/progress.py",
        "if run is None or not run.open:",
        "if run is None:",
        STORE,
    ),
    Mutant(
        "the fence: another attempt",
        "analytics/pipeline/progress.py",
        "return state.status == RUNNING and state.claim == claim",
        "return True",
        STORE,
    ),
    Mutant(
        "an attempt is made once",
        "analytics/runs/store.py",
        "if run.phase not in (progress.WORKING, progress.CLOSING) or (state.status, state.attempt) != (",
        "if run.phase not in (progress.WORKING, progress.CLOSING) or False and (",
        STORE,
    ),
    Mutant(
        "a transaction on a run that has changed",
        "analytics/runs/compared.py",
        "if redis.sha1hex(table.concat(held, '\\\\0')) ~= ARGV[1] then",
        "if false then",
        STORE,
    ),
    Mutant(
        "an earlier result is whole",
        "analytics/runs/reuse.py",
        "if made is None or raw is None or made != digest + sha256(raw).digest():",
        "if made is None or raw is None:",
        ("tests/runs/test_reuse.py",),
    ),
    Mutant(
        "an earlier result is its owner's",
        "analytics/runs/reuse.py",
        "said = [code, owner_id, step.name, step.field]",
        "said = [code, step.name, step.field]",
        ("tests/runs/test_reuse.py",),
    ),
    Mutant(
        "a claim in a run that is not in work",
        "analytics/runs/compared.py",
        "if place and (phase == 'working' or phase == 'closing') and",
        "if place and",
        STORE,
    ),
    Mutant(
        "the fence before a send",
        "analytics/runs/delivery.py",
        "            self.guard.check()\n            with self._held(lock):",
        "            with self._held(lock):",
        RECONCILE,
    ),
    Mutant("the reaper", "analytics/workers/reaper.py", "in rescue.overdue(reaper.store):", "in []:", STORE),
    Mutant("the poison limit", "analytics/runs/rescue.py", "if losses >= attempts or", "if", STORE),
    Mutant(
        "election",
        "analytics/workers/reaper.py",
        "        return bool(reaper.lock.acquire(blocking=False))",
        "        return True",
        STORE,
    ),
    Mutant(
        "statuses in the outbox",
        "analytics/runs/outbox.py",
        "_keep(self.redis, graph, self.run_id, fields, wait=FIRST_WAIT)",
        "pass",
        STORE,
    ),
    Mutant(
        "a lease read again",
        "analytics/runs/rescue.py",
        "if score is not None and not has_run_out(score, now):",
        "if False:",
        STORE,
    ),
    Mutant(
        "a status as it was seen",
        "analytics/runs/outbox.py",
        '(graph_id, seen or b"")',
        '(graph_id, redis.get(key("debt", graph_id)) or b"")',
        STORE,
    ),
    Mutant("the cap of the outbox", "analytics/runs/outbox.py", "if redis.zcard(DUE) >= MOST:", "if False:", STORE),
    Mutant(
        "a newer run cancels a status",
        "analytics/runs/outbox.py",
        'newest != "" and newest != message.run',
        "False",
        STORE,
    ),
    Mutant(
        "the reconciler", "analytics/runs/reconcile.py", "if now - first < reconciler.interval:", "if True:", RECONCILE
    ),
    Mutant(
        "two sightings",
        "analytics/runs/reconcile.py",
        "if first is None or",
        "first = first or 0.0\n    if False and",
        RECONCILE,
    ),
    Mutant(
        "the send lock",
        "analytics/runs/delivery.py",
        "while not redis.set(lock, self.run_id, nx=True, ex=HOLD):",
        "while False:",
        RECONCILE,
    ),
    Mutant(
        "late sends made good",
        "analytics/runs/delivery.py",
        "self._make_good(graph, lock)\n\n",
        "pass\n\n",
        RECONCILE,
    ),
    Mutant(
        "times to live", "analytics/runs/store.py", 'pipe.expire(key("art", run_id), self.limits.ttl)', "pass", STORE
    ),
    Mutant("fair order", "analytics/runs/admission.py", "math.max(virtual, last) + cost", "virtual + 1", STORE),
    Mutant(
        "the allow-list",
        "analytics/runs/queue.py",
        "if allowed is None or self.instance is not None:",
        "if False:",
        JOBS,
    ),
    Mutant("lost replies of a claim", "analytics/runs/store.py", "if state.claim == token:", "if False:", JOBS),
    Mutant("lost replies of a request", "analytics/runs/store.py", "if older == run_id:", "if False:", JOBS),
    Mutant("the owner's rate", "analytics/runs/admission.py", "        if wait:\n", "        if False:\n", STORE),
    Mutant(
        "the cap of the backlog",
        "analytics/runs/admission.py",
        "if waiting >= self.limits.backlog:",
        "if False:",
        (API, "-k", "full_backlog"),
    ),
    Mutant(
        "the queue's lease",
        "analytics/runs/store.py",
        'pipe.zadd("am:leases", {Lease(run.run_id, name, attempt).member: now + self.times.queued})',
        "pass",
        STORE,
    ),
    Mutant(
        "work without a lease",
        "analytics/runs/rescue.py",
        'missing += cast(int, store.redis.zadd("am:leases", dict.fromkeys(members, 0.0), nx=True))',
        "pass",
        RECONCILE,
    ),
    Mutant(
        "leases of a superseded run",
        "analytics/runs/store.py",
        'pipe.zrem("am:leases", Lease(run.run_id, STARTING, 0).member, *leases_of(run))\n        if run.open:',
        "if run.open:",
        STORE,
    ),
    Mutant(
        "the clock of Redis",
        "analytics/runs/queries.py",
        "        seconds, micros = pipe.time()\n",
        "        import time\n\n        return time.time()\n",
        (REDIS_FAULTS, "-k", "no_clock"),
    ),
    Mutant(
        "an interrupted read of a sentinel's master",
        "analytics/redis_client.py",
        'options.setdefault("disconnect_on_error", True)',
        "pass",
        (REDIS_FAULTS, "-k", "interrupted"),
    ),
    Mutant(
        "a certificate that is not trusted",
        "analytics/redis_client.py",
        "        if reason := certificate_refused(exc):",
        '        if reason := "":',
        ("tests/packaging/test_platforms.py",),
    ),
    Mutant(
        "what is answered is on a replica",
        "analytics/runs/copies.py",
        "pipe.wait(wanted, int(self._seconds * 1000))",
        "pipe.wait(0, 1)",
        COPIES,
    ),
    Mutant(
        "a replica that left may have taken over",
        "analytics/runs/copies.py",
        "if replicas(self._redis) < wanted:",
        "if False:",
        HOSTS,
    ),
    Mutant(
        "a deposed master is left",
        "analytics/redis_client.py",
        "if now >= self._looks:",
        "if False:",
        HOSTS,
    ),
    Mutant(
        "another Redis that knows nothing of it",
        "analytics/runs/copies.py",
        "if isinstance(written, ReadOnlyError) or known == 0:",
        "if False:",
        COPIES,
    ),
)
