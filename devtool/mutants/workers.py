"""Guards of processes and stages: what dies is started again, what hangs is killed, what plugins do is bounded."""

from __future__ import annotations

from .mutant import Mutant

JOBS = ("tests/runs/test_jobs.py",)
FAULTS = "tests/faults/test_worker_faults.py"
PLUGIN_FAULTS = "tests/faults/test_plugin_faults.py"
WORKERS = (
    Mutant("lease renewal", "analytics/workers/jobs.py", "self._store.renew(held[0])", "pass", JOBS),
    Mutant("the lease's hard cap", "analytics/workers/jobs.py", "or time.monotonic() > held[1]", "", JOBS),
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
        "a broken plugin stops the start",
        "analytics/pipeline/registry.py",
        "            register(manager, candidate)\n        except PluginError as exc:\n            if strict:",
        "            register(manager, candidate)\n        except PluginError as exc:\n            if False:",
        ("tests/pipeline/test_registry.py",),
    ),
)
