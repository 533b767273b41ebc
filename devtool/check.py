"""What follows the same set-up: pytest on a private Redis, the linters, a benchmark, the soak, the mutation check."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Sequence
from pathlib import Path

from . import environment, redisserver
from .kernels import compile_kernels
from .places import ROOT
from .processes import Family
from .signals import Interrupted, deaf_to_signals, on_signals
from .terminal import say, step

#: The one setting that is for the tests: how many examples their properties try.
KEPT = frozenset({"MAESTRO_TEST_EXAMPLES"})
#: Folders of tests that run beside one another: those that wait for workers and neighbours, those that start
#: processes, and the others, which compute. They take about as long.
WAITING = ("faults", "outbound", "pipeline", "runs", "security")
STARTING = ("cli", "devtool", "inventory", "packaging", "web")
CHECKS = (("ruff", "check", "."), ("ruff", "format", "--check", "."), ("mypy",))


def test(arguments: Sequence[str]) -> int:
    """Run the tests on a Redis that is gone afterwards; returns pytest's exit status.

    Without arguments all of them run, in three pytests at once: every test session has a Redis and ports of its own.
    """
    with on_signals():
        python = environment.prepare()
        compile_kernels(python)
        engine = redisserver.find_engine(python)
        # Settings of this terminal would make the tests mean something else.
        env = {name: value for name, value in os.environ.items() if not name.startswith("MAESTRO_") or name in KEPT}
        with redisserver.socket_folder() as folder:
            family = Family(folder, folder / "running.json")
            try:
                with step("redis") as words:
                    env["REDIS_URL"] = redisserver.start(family, engine, folder, folder, env)
                    words.append(f"{engine.name} {engine.version[0]}.{engine.version[1]}, {engine.origin}")
                env.pop("REDIS_TLS_URL", None)
                pytest: list[str | Path] = [python, "-m", "pytest", "-q"]
                return run([*pytest, *arguments], env) if arguments else run_parts(pytest, env, folder)
            except Interrupted:
                return 130
            finally:
                with deaf_to_signals():
                    family.stop()


def check() -> int:
    """Lint, format and types; every one is run, and 0 means all are content."""
    python = environment.prepare()
    failed = 0
    for command in CHECKS:
        say(f"… {' '.join(command)}")
        failed |= run([python, "-m", *command], dict(os.environ))
    return 1 if failed else 0


def module(name: str, arguments: Sequence[str]) -> int:
    """Run a part of devtool that needs the installed libraries."""
    python = environment.prepare()
    compile_kernels(python)
    return run([python, "-m", name, *arguments], dict(os.environ))


def prove(what: str, arguments: Sequence[str]) -> int:
    """Run the soak or the mutation check; 0 when everything held."""
    env = {name: value for name, value in os.environ.items() if not name.startswith("MAESTRO_")}
    python = environment.prepare()
    compile_kernels(python)
    return run([python, "-m", f"devtool.{what}", *arguments], env)


def run_parts(pytest: Sequence[str | Path], env: dict[str, str], logs: Path) -> int:
    """Run the three groups of tests at once; what the second and third say goes to ``logs`` and is shown at the end."""
    waiting, starting = ([f"tests/{folder}" for folder in group] for group in (WAITING, STARTING))
    others = [f"--ignore={folder}" for folder in (*waiting, *starting)]
    beside = []
    for name, chosen in (("starting", starting), ("computing", others)):
        command = [str(part) for part in (*pytest, "-p", "no:cacheprovider", *chosen)]
        with open(logs / name, "wb") as file:
            beside.append(subprocess.Popen(command, env=env, cwd=ROOT, stdout=file, stderr=file))
    try:
        failed = run([*pytest, *waiting], env)
        for process in beside:
            failed = process.wait() or failed
    except BaseException:
        for process in beside:
            process.terminate()
            process.wait()
        raise
    for name in ("starting", "computing"):
        print((logs / name).read_text(encoding="utf-8", errors="replace"), end="", flush=True)
    return failed


def run(command: Sequence[str | Path], env: dict[str, str]) -> int:
    """Run a program in the checkout with our terminal. When we are told to stop, so is it."""
    process = subprocess.Popen([str(part) for part in command], env=env, cwd=ROOT)
    try:
        return process.wait()
    except BaseException:
        process.terminate()
        process.wait()
        raise
