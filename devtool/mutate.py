"""The tests prove themselves: each guard is taken out of a copy of the tree, and the tests that watch it must go red.

A guard is named by the lines that hold it. Lines that are no longer there are
an error too: whoever moves a guard moves its mutant.
"""

from __future__ import annotations

import argparse
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from .edge_mutants import EDGE_MUTANTS
from .mutant import Mutant
from .shared_mutants import SHARED_MUTANTS

ROOT = Path(__file__).resolve().parent.parent
LEFT_OUT = shutil.ignore_patterns(".git", ".venv", ".maestro", "__pycache__", ".*_cache", ".hypothesis", "out")
#: Seconds the tests of one mutant may take.
LIMIT = 240


ISOLATION, PARKING = ("tests/runs/test_isolation.py",), ("tests/runs/test_parking.py",)
CHANGES, CODEC = ("tests/faults/test_plugin_changes.py",), ("tests/pipeline/test_codec.py",)
UNREADABLE = ("tests/web/test_unreadable.py",)
STORE, RECONCILE, JOBS = ("tests/runs/test_store.py",), ("tests/runs/test_reconcile.py",), ("tests/runs/test_jobs.py",)
DASHBOARD = ("tests/web/test_dashboard.py",)
TRANSPORT, ANSWERS = ("tests/outbound/test_transport.py",), ("tests/security/test_answers.py",)
FAULTS, REDIS_FAULTS = "tests/faults/test_worker_faults.py", "tests/faults/test_redis_faults.py"
PLUGIN_FAULTS, API = "tests/faults/test_plugin_faults.py", "tests/web/test_api.py"
MUTANTS = (
    *SHARED_MUTANTS,
    *EDGE_MUTANTS,
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
        "the fence before a send",
        "analytics/runs/delivery.py",
        "            self.guard.check()\n            with self._held(lock):",
        "            with self._held(lock):",
        RECONCILE,
    ),
    Mutant("lease renewal", "analytics/workers/jobs.py", "self._store.renew(held[0])", "pass", JOBS),
    Mutant("the lease's hard cap", "analytics/workers/jobs.py", "or time.monotonic() > held[1]", "", JOBS),
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
    Mutant(
        "a stage gives what it says",
        "analytics/pipeline/attempt.py",
        "if stage.gives is not None and not isinstance(artifact, stage.gives):",
        "if False:",
        JOBS,
    ),
    Mutant(
        "foreign error texts",
        "analytics/pipeline/attempt.py",
        "failed ({type(exc).__name__}).",
        "failed ({exc}).",
        JOBS,
    ),
    Mutant(
        "children die with the supervisor",
        "analytics/workers/processes.py",
        'if sys.platform != "linux":\n        return\n    parent',
        "return\n    parent",
        (FAULTS, "-k", "supervisor_killed"),
    ),
    Mutant(
        "a fork is no worker",
        "analytics/workers/jobs.py",
        "if os.getpid() != process:",
        "if False:",
        (PLUGIN_FAULTS, "-k", "forks and inprocess"),
    ),
    Mutant(
        "a silent fork is noticed",
        "analytics/workers/worker.py",
        "        self.bury()\n",
        "",
        (FAULTS, "-k", "two_seconds"),
    ),
    Mutant(
        "the alarm of a fork's parent",
        "analytics/workers/jobs.py",
        "if self._exception is JobTimeoutException:",
        "if True:",
        JOBS,
    ),
    Mutant("lost replies of a claim", "analytics/runs/store.py", "if state.claim == token:", "if False:", JOBS),
    Mutant("lost replies of a request", "analytics/runs/store.py", "if older == run_id:", "if False:", JOBS),
    Mutant(
        "the owner filter", "analytics/inventory/visible.py", "and owner in owners(document)", "", ("tests/inventory",)
    ),
    Mutant(
        "the owner filter of a view",
        "analytics/inventory/owned.py",
        "for document in documents if belongs(document, self.owner))",
        "for document in documents)",
        ("tests/inventory", "tests/security/test_tenants.py"),
    ),
    Mutant(
        "the owner's clause",
        "analytics/inventory/dataapp.py",
        '{**query, "roles._id": owner, "active": True}',
        '{**query, "active": True}',
        ("tests/inventory",),
    ),
    Mutant(
        "owners of one file apart",
        "analytics/inventory/handwritten.py",
        "if len(everybody) > 1:",
        "if False:",
        ("tests/security/test_tenants.py",),
    ),
    Mutant(
        "what an owner is told of a file",
        "analytics/errors.py",
        "self.told = told or message",
        "self.told = message",
        ("tests/security/test_tenants.py",),
    ),
    Mutant(
        "the owner of a graph document",
        "analytics/outbound/data_app.py",
        "        self.require_owned(graph)\n",
        "",
        ("tests/outbound",),
    ),
    Mutant(
        "the sanitiser: illegal characters",
        "analytics/text.py",
        '_tame_marks(_ILLEGAL.sub("\\ufffd", text))',
        "text",
        ("tests/drawing",),
    ),
    Mutant(
        "the sanitiser: markup",
        "analytics/text.py",
        "return text.translate(_MARKUP) if _NEEDS_ESCAPE(text) else text",
        "return text",
        ("tests/drawing", "analytics/text.py"),
    ),
    Mutant(
        "the gate",
        "analytics/drawing/gate.py",
        "    parser = etree.XMLParser(\n",
        "    return svg\n    parser = etree.XMLParser(\n",
        ("tests/drawing/test_drawing_gate.py",),
    ),
    Mutant("the token", "analytics/web/tokens.py", "    if not held:\n", "    if False:\n", ("tests/web/test_api.py",)),
    Mutant(
        "signed links",
        "analytics/web/tokens.py",
        'return hmac.compare_digest(signature.encode("utf-8", "surrogatepass"), wanted.encode())',
        "return bool(wanted)",
        ("tests/web/test_api.py",),
    ),
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
        "503 when Redis is away",
        "analytics/web/problems.py",
        "    app.register_error_handler(RedisError, no_redis)\n",
        "",
        (API, "-k", "without_redis"),
    ),
    Mutant(
        "what dies is started again",
        "analytics/workers/supervisor.py",
        "place.pid, place.due = 0, now + place.pause",
        "place.pid, place.due = 0, now + 3600",
        (FAULTS, "-k", "killed_reaper"),
    ),
    Mutant(
        "the pause of what crashes at every start",
        "analytics/workers/supervisor.py",
        "min(LONGEST_PAUSE, max(0.5, place.pause * 2)) if crashed else 0.0",
        "0.0",
        (FAULTS, "-k", "crashes_at"),
    ),
    Mutant(
        "a stage that hangs is killed",
        "analytics/workers/supervisor.py",
        "if until and now > until:",
        "if False:",
        (PLUGIN_FAULTS, "-k", "every_unruly and inprocess"),
    ),
    Mutant(
        "the memory a worker may hold",
        "analytics/workers/supervisor.py",
        "elif resident_mb(runner if running else place.pid) > memory_limit:",
        "elif False:",
        (PLUGIN_FAULTS, "-k", "every_unruly and inprocess"),
    ),
    Mutant(
        "a pool that is told to stop ends what it has in hand",
        "analytics/workers/supervisor.py",
        "os.kill(pid, signal.SIGTERM)\n    end =",
        "os.kill(pid, signal.SIGKILL)\n    end =",
        (FAULTS, "-k", "rolling"),
    ),
    Mutant(
        "a time limit that no stage swallows",
        "analytics/errors.py",
        "class StageTimeout(BaseException):",
        "class StageTimeout(Exception):",
        (PLUGIN_FAULTS, "-k", "every_unruly and inprocess"),
    ),
    Mutant(
        "patience with a neighbour",
        "analytics/workers/jobs.py",
        "if transient(exc) and",
        "if False and transient(exc) and",
        JOBS,
    ),
    Mutant(
        "the total deadline of a call",
        "analytics/transport/sockets.py",
        "sock.settimeout(deadline.left())",
        "sock.settimeout(5.0)",
        TRANSPORT,
    ),
    Mutant(
        "the limit of an answer", "analytics/transport/neighbour.py", "if held > self._limit:", "if False:", TRANSPORT
    ),
    Mutant(
        "the body of a redirect is left unread",
        "analytics/transport/neighbour.py",
        "def get_redirect_target(",
        "def no_redirect_target(",
        TRANSPORT,
    ),
    Mutant(
        "a refused token is not tried again",
        "analytics/transport/failure.py",
        'CURABLE = frozenset({"unreachable",',
        'CURABLE = frozenset({"denied", "unreachable",',
        TRANSPORT,
    ),
    Mutant(
        "the cap of Retry-After",
        "analytics/transport/neighbour.py",
        "return min(float(value[:9]), LONGEST_WAIT) if",
        "return float(value) if",
        TRANSPORT,
    ),
    Mutant(
        "a broken plugin stops the start",
        "analytics/pipeline/registry.py",
        "            register(manager, candidate)\n        except PluginError as exc:\n            if strict:",
        "            register(manager, candidate)\n        except PluginError as exc:\n            if False:",
        ("tests/pipeline/test_registry.py",),
    ),
    Mutant(
        "every page is read",
        "analytics/inventory/dataapp.py",
        "if not page or len(items) >= announced:",
        "if True:",
        ("tests/inventory/test_contract.py", "-k", "every_page"),
    ),
    Mutant(
        "no proxy from the environment",
        "analytics/transport/neighbour.py",
        "self.trust_env = False",
        "self.trust_env = True",
        TRANSPORT,
    ),
    Mutant(
        "what may have arrived is not sent again",
        "analytics/transport/neighbour.py",
        "and (safe or exc.unread)",
        "",
        TRANSPORT,
    ),
    Mutant(
        "two seconds for the websocket server",
        "analytics/outbound/websocket.py",
        "NOTIFY_SECONDS = 2.0",
        "NOTIFY_SECONDS = 20.0",
        ("tests/outbound/test_neighbours.py", "-k", "two_seconds"),
    ),
    Mutant(
        "weak secrets stop the start",
        "analytics/settings.py",
        "if weak and not settings.development:",
        "if False:",
        ("tests/test_settings.py",),
    ),
    Mutant(
        "the depth of a body",
        "analytics/web/submission.py",
        "if depth(text) > DEEPEST:",
        "if False:",
        (API, "-k", "cannot_be_read"),
    ),
    Mutant(
        "a key that stands twice",
        "analytics/web/submission.py",
        "if len(found) != len(pairs):",
        "if False:",
        (API, "-k", "cannot_be_read"),
    ),
    Mutant(
        "ids are 24 hex digits",
        "analytics/web/submission.py",
        'OBJECT_ID = re.compile(r"[0-9a-fA-F]{24}")',
        'OBJECT_ID = re.compile(r".{1,90}")',
        (API, "-k", "wrong_field"),
    ),
    Mutant(
        "headers of every answer",
        "analytics/web/problems.py",
        'answer.headers.setdefault("X-Content-Type-Options", "nosniff")',
        "pass",
        ANSWERS,
    ),
    Mutant(
        "no inline script",
        "analytics/web/viewer.py",
        "script-src 'self';",
        "script-src 'self' 'unsafe-inline';",
        ANSWERS,
    ),
    Mutant("the dashboard's login", "analytics/web/dashboard.py", "if not admitted(service):", "if False:", ANSWERS),
    Mutant(
        "the dashboard changes nothing",
        "analytics/web/dashboard.py",
        "if changes() and not service.settings.dashboard_actions:",
        "if False:",
        ("tests/web/test_dashboard.py", "-k", "changed"),
    ),
    Mutant(
        "the dashboard's pages write text, not markup",
        "analytics/web/static/dashboard.js",
        "made.textContent = String(text)",
        "made.innerHTML = String(text)",
        DASHBOARD,
    ),
    Mutant(
        "no inline script in the dashboard's pages",
        "analytics/web/dashboard.py",
        "script-src 'self'; style-src",
        "script-src 'self' 'unsafe-inline'; style-src",
        DASHBOARD,
    ),
    Mutant(
        "names in the dashboard's addresses",
        "analytics/web/dashboard.py",
        "all(NAME.fullmatch(str(value)) for value in named)",
        "True",
        DASHBOARD,
    ),
    Mutant("the dashboard's own pages act", "analytics/web/dashboard.py", "or not from_own_page()", "", DASHBOARD),
    Mutant(
        "guesses at the dashboard's password",
        "analytics/web/dashboard.py",
        "if guessing(service.redis):",
        "if False:",
        DASHBOARD,
    ),
    Mutant(
        "the dashboard's old scripts",
        "analytics/web/dashboard.py",
        'endpoint != "rq_dashboard.static"',
        "True",
        DASHBOARD,
    ),
    Mutant(
        "foreign text in logs is capped",
        "analytics/logs.py",
        'return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"',
        "return text",
        ("tests/test_logs.py",),
    ),
    Mutant(
        "ids from a safe alphabet",
        "analytics/text.py",
        "    if _OBJECT_ID(text):\n",
        "    if True:\n",
        ("tests/security/test_files.py", "-k", "alphabet"),
    ),
    Mutant(
        "a run that cannot be read is abandoned",
        "analytics/runs/rescue.py",
        "        abandon(store.redis, run_id, exc.reason)",
        "        raise",
        ISOLATION,
    ),
    Mutant(
        "a run that fails in an unforeseen way is abandoned",
        "analytics/runs/rescue.py",
        '        log.exception("run abandoned", extra={"run": run_id})',
        "        raise",
        ISOLATION,
    ),
    Mutant(
        "each lease by itself",
        "analytics/runs/rescue.py",
        "        except Unreadable as exc:\n            set_member",
        "        except ZeroDivisionError as exc:\n            set_member",
        ISOLATION,
    ),
    Mutant(
        "lists of another type",
        "analytics/workers/reaper.py",
        "lambda: quarantine.clear_lists(reaper.redis)",
        "lambda: 0",
        ISOLATION,
    ),
    Mutant(
        "the owner of a run set aside is told",
        "analytics/runs/abandon.py",
        "if moved and graph is not None and",
        "if False and",
        ISOLATION,
    ),
    Mutant(
        "only the newest run's end is told",
        "analytics/runs/abandon.py",
        "if moved and graph is not None and is_newest(redis, graph.graph_id, run_id):",
        "if moved and graph is not None:",
        ISOLATION,
    ),
    Mutant(
        "a request supersedes what cannot be read",
        "analytics/runs/store.py",
        "            odd[older] = exc.reason\n            return None",
        "            raise",
        ISOLATION,
    ),
    Mutant(
        "states that nobody knows",
        "analytics/runs/queries.py",
        "    progress.require_known(run)\n",
        "",
        ISOLATION,
    ),
    Mutant(
        "each status by itself",
        "analytics/runs/outbox.py",
        "except (Unreadable, UnicodeDecodeError) as exc:",
        "except ZeroDivisionError as exc:",
        ISOLATION,
    ),
    Mutant(
        "the cap of what is set aside",
        "analytics/runs/quarantine.py",
        "if surplus > 0 then",
        "if false then",
        ISOLATION,
    ),
    Mutant(
        "a graph that cannot be read is 410",
        "analytics/web/problems.py",
        "    app.register_error_handler(CodecError, unreadable)\n",
        "",
        UNREADABLE,
    ),
    Mutant(
        "what no pool knows leaves the window",
        "analytics/runs/store.py",
        "        if decision.park:\n",
        "        if False:\n",
        PARKING,
    ),
    Mutant(
        "what no pool knows ends",
        "analytics/runs/parking.py",
        "elif now - since > store.limits.parked:",
        "elif False:",
        PARKING,
    ),
    Mutant(
        "a parked run goes on",
        "analytics/runs/parking.py",
        "                unpark(store, run)\n",
        "                pass\n",
        PARKING,
    ),
    Mutant(
        "to be handed back is no attempt",
        "analytics/pipeline/progress.py",
        "return self.attempt - self.handed_back - self.held",
        "return self.attempt",
        PARKING,
    ),
    Mutant(
        "a stage that is not known is not begun",
        "analytics/runs/store.py",
        "            if all(step.name != stage for step in self.plans.get(run.graph_type, ())):\n",
        "            if False:\n",
        PARKING,
    ),
    Mutant(
        "a type no pool knows is refused",
        "analytics/web/graph.py",
        "if alive and not any_knows(alive, graph_type, stages):",
        "if False:",
        CHANGES,
    ),
    Mutant(
        "a pool with a broken plugin keeps its plugins",
        "analytics/workers/launcher.py",
        "        elif following is not None and gave_up(following):",
        "        elif following is not None and gave_up(following) and stop([current], leaving) == 0:",
        CHANGES,
    ),
    Mutant(
        "jobs in hand end before plugins change",
        "analytics/workers/launcher.py",
        "os.kill(current.pid, signal.SIGTERM)  # it ends",
        "os.kill(current.pid, signal.SIGKILL)  # it ends",
        CHANGES,
    ),
    Mutant(
        "a longer record is read",
        "analytics/pipeline/codec.py",
        "parts, array_like=True)",
        "parts, array_like=True, forbid_unknown_fields=True)",
        CODEC,
    ),
    Mutant(
        "values are checked as they are read",
        "analytics/pipeline/codec.py",
        "        hint = _checked(hints[field.name])\n",
        "        hint = Any\n",
        CODEC,
    ),
    Mutant(
        "a certificate that is not trusted",
        "analytics/redis_client.py",
        "        if reason := certificate_refused(exc):",
        '        if reason := "":',
        ("tests/packaging/test_platforms.py",),
    ),
    Mutant(
        "a stage that a MongoDB lacks",
        "analytics/inventory/mongo.py",
        "if exc.timeout or exc.code in REFUSED or failure(exc).transient:",
        "if True:",
        ("tests/inventory/test_mongo.py",),
    ),
    Mutant(
        "a secret's file is for us alone",
        "analytics/cli/secrets.py",
        "os.O_EXCL, 0o600)",
        "os.O_EXCL, 0o644)",
        ("tests/packaging/test_platforms.py",),
    ),
)


def main(argv: Sequence[str]) -> int:
    """Try every mutant, or those whose name holds a word given; 1 when the tests let one live."""
    parser = argparse.ArgumentParser(prog="python3 -m devtool mutate", description=__doc__.split("\n\n")[0])
    parser.add_argument("words", nargs="*", help="only mutants whose name holds one of these")
    words = parser.parse_args(list(argv)).words
    chosen = [one for one in MUTANTS if not words or any(word in one.name for word in words)]
    alive = [mutant.name for mutant in chosen if not dies(mutant)]
    print(f"{len(chosen) - len(alive)} of {len(chosen)} mutants were noticed")
    for name in alive:
        print(f"  not noticed: {name}")
    return 1 if alive or not chosen else 0


def dies(mutant: Mutant) -> bool:
    """Whether the tests go red without the guard."""
    with tempfile.TemporaryDirectory(prefix="am-mutant-") as folder:
        tree = Path(folder) / "tree"
        shutil.copytree(ROOT, tree, ignore=LEFT_OUT)
        file = tree / mutant.file
        source = file.read_text()
        if source.count(mutant.before) != 1:
            print(f"gone   {mutant.name}: {mutant.file} holds its line {source.count(mutant.before)} times", flush=True)
            return False
        file.write_text(source.replace(mutant.before, mutant.after))
        began = time.monotonic()
        red, said = red_without(tree, mutant.tests)
        took = time.monotonic() - began
        print(f"{'red   ' if red else 'GREEN '} {mutant.name} ({took:.0f} s) {said}", flush=True)
        return red


def red_without(tree: Path, tests: Sequence[str]) -> tuple[bool, str]:
    """Run tests in ``tree``: whether one failed, and which. A run that could not begin counts as green."""
    command = [sys.executable, "-m", "pytest", "-q", "-x", "--no-header", "-p", "no:cacheprovider", *tests]
    with subprocess.Popen(command, cwd=tree, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        try:
            output = process.communicate(timeout=LIMIT)[0]
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGINT)  # the tests stop what they have started, and say where they were
            output = process.communicate()[0]
            return True, "no end: " + next((line for line in output.splitlines() if "tests/" in line), "")
    failed = [line for line in output.splitlines() if re.match(r"(FAILED|ERROR) (tests|analytics)/", line)]
    said = failed[0].split(" - ")[0][:150] if failed else output.strip().splitlines()[-1] if output else ""
    return process.returncode == 1 and not said.startswith("ERROR"), said


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
