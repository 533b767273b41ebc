"""Guards of sharing: fair order, workers kept free, batches, kept drawings, readiness and clocks."""

from __future__ import annotations

from .mutant import Mutant

FAIR, MANY, KEPT = ("tests/runs/test_fairness.py",), ("tests/runs/test_many_owners.py",), ("tests/runs/test_kept.py",)
CLOCKS, READY = ("tests/runs/test_clocks.py",), ("tests/runs/test_readiness.py",)
ADMISSION, LONG = "analytics/runs/admission.py", "analytics/runs/long_stages.py"
SHARING = (
    Mutant("no owner has the whole window", ADMISSION, "< tonumber(ARGV[4]) then", "< 1000000 then", FAIR),
    Mutant(
        "turns count for worker-seconds",
        ADMISSION,
        "math.max(virtual, last) + cost",
        "math.max(virtual, last) + 1",
        FAIR,
    ),
    Mutant(
        "a superseded run is charged",
        "analytics/runs/store.py",
        "            if run.phase != progress.WAITING:\n                self.admission.charge",
        "            if False:\n                self.admission.charge",
        FAIR,
    ),
    Mutant(
        "what was lost goes ahead",
        "analytics/runs/store.py",
        "ahead = run.ahead or run.stage(name).tries > 1",
        "ahead = run.ahead",
        FAIR,
    ),
    Mutant("few graphs go ahead", "analytics/runs/queue.py", '"LPUSH" if ahead else "RPUSH"', '"RPUSH"', FAIR),
    Mutant("a worker is kept free of long stages", LONG, ">= workers - 1 then", ">= workers then", FAIR),
    Mutant("a lost long stage gives its place back", LONG, "redis.call('ZREM', KEYS[1], member) end", "end", FAIR),
    Mutant(
        "of held stages the lightest owner's", LONG, "tonumber(redis.call('HGET', KEYS[2], ARGV[2]) or '0')", "0", FAIR
    ),
    Mutant(
        "sizes are told unpacked",
        "analytics/pipeline/codec.py",
        "max(length, zstandard.frame",
        "min(length, zstandard.frame",
        FAIR,
    ),
    Mutant(
        "what timed out is tried at the lowest effort",
        "analytics/workers/jobs.py",
        "replace(one, effort=EFFORTS[0])",
        "replace(one, effort=one.effort)",
        FAIR,
    ),
    Mutant(
        "in a batch each status stays its owner's",
        "analytics/outbound/data_app.py",
        "if belongs(held.get(one.graph_id.lower(), {}), one.owner_id)}",
        "if one.graph_id.lower() in held}",
        MANY,
    ),
    Mutant(
        "a batch that is refused is written one by one",
        "analytics/outbound/data_app.py",
        "return [self._tried(graph, fields) for graph, fields in changes]",
        "return [DeliveryError(str(exc))] * len(changes)",
        MANY,
    ),
    Mutant(
        "owners are asked about together",
        "analytics/runs/reconcile.py",
        "QUESTIONS, ASKED_TOGETHER = 5, 50",
        "QUESTIONS, ASKED_TOGETHER = 5, 1",
        MANY,
    ),
    Mutant(
        "one drawing a graph",
        "analytics/runs/kept.py",
        "redis.pcall('HDEL', ARGV[5] .. old, unpack(ARGV, 6))",
        "",
        KEPT,
    ),
    Mutant(
        "an owner's share of drawings",
        "analytics/runs/kept.py",
        "of_owner[owner] >= limits.kept_of_owner",
        "False",
        KEPT,
    ),
    Mutant("bytes of drawings", "analytics/runs/kept.py", "volume + amount > limits.kept_bytes", "False", KEPT),
    Mutant(
        "bytes of versions of all owners",
        "analytics/runs/versions.py",
        "while tonumber(redis.call('HGET', KEYS[5], '*') or '0') > all_bytes do",
        "while false do",
        ("tests/runs/test_versions.py",),
    ),
    Mutant(
        "bytes of an owner's versions",
        "analytics/runs/versions.py",
        "while tonumber(redis.call('HGET', KEYS[5], owner) or '0') > own_bytes do",
        "while false do",
        ("tests/runs/test_versions.py",),
    ),
    Mutant(
        "a dropped drawing is told",
        "analytics/web/graph.py",
        'if state == "finished" and drawn is None and draws:',
        "if False:",
        ("tests/web/test_api.py",),
    ),
    Mutant("only a good tick is noted", "analytics/workers/reaper.py", 'if not done["failed"]:', "if True:", READY),
    Mutant(
        "ready takes a write",
        "analytics/web/health.py",
        "readiness.require_writes(redis)",
        "redis.ping()",
        ("tests/web/test_api.py",),
    ),
    Mutant(
        "a lease of an hour to come",
        "analytics/runs/rescue.py",
        "return due <= now or due > now + LONGEST_LEASE",
        "return due <= now",
        CLOCKS,
    ),
    Mutant("a dead sender's lock", "analytics/runs/delivery.py", "HOLD = 10\n", "HOLD = 40\n", CLOCKS),
    Mutant("a long send keeps its lock", "analytics/runs/delivery.py", "        keeper.start()\n", "", CLOCKS),
)
