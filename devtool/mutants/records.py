"""Guards of change: records of another version, records that cannot be read, pools that hold other plugins."""

from __future__ import annotations

from .mutant import Mutant

ISOLATION = ("tests/runs/test_isolation.py",)
PARKING = ("tests/runs/test_parking.py",)
CHANGES = ("tests/faults/test_plugin_changes.py",)
CODEC = ("tests/pipeline/test_codec.py",)
UNREADABLE = ("tests/web/test_unreadable.py",)
RECORDS = (
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
)
