"""``serve``: the web processes and a pool of workers in one terminal, on the Redis of REDIS_URL, until Ctrl-C.

For trying it, and for one machine. A platform starts both by itself: see the Procfile and the examples of systemd,
compose and Kubernetes. When one of the two ends, the other is told to.
"""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import sys
import time
from typing import Any

from ..errors import SettingsError
from ..settings import read

#: What is started, by the words that its messages begin with.
COMMANDS = {
    "web": ("-m", "gunicorn", "--config", "python:analytics.web.gunicorn_conf", "analytics.web:create_app()"),
    "worker": ("-c", "import sys; from analytics.workers.launcher import main; sys.exit(main())"),
}
#: Seconds between two looks at the processes, and those they have to end what they have in hand.
LOOK, STOP = 0.2, 40.0


def add(subparsers: Any) -> None:
    """Describe the command."""
    command = subparsers.add_parser("serve", help="start web and workers in this terminal", description=__doc__)
    command.add_argument("inventory", nargs="?", help="what is drawn: as MAESTRO_DATA_URI, which it goes before")
    command.add_argument("--port", type=int, help="where web listens: as MAESTRO_PORT, which it goes before")
    command.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Start both and wait; returns the status of the one that ended by itself, 0 when told to end."""
    # Of the packages of the service, which the other commands do without.
    from ..redis_client import connect_redis, refuse_untrusted
    from ..web.session import once

    env = dict(os.environ)
    if args.inventory:
        env["MAESTRO_DATA_URI"] = args.inventory
    if args.port:
        env |= {"MAESTRO_PORT": str(args.port), "PORT": str(args.port)}
    settings = read(env)
    client = connect_redis(settings, patient=False)
    refuse_untrusted(client)
    try:
        client.ping()
    except Exception as exc:
        raise SettingsError(f"REDIS_URL: no Redis answers there ({type(exc).__name__}); start one first") from None
    print(f"the front door: http://127.0.0.1:{settings.port}/login?word={once(settings)}", file=sys.stderr)
    told: list[int] = []
    for name in ("SIGTERM", "SIGINT"):
        signal.signal(getattr(signal, name), lambda number, _frame: told.append(number))
    # Our own modules, by our own interpreter.
    running = {
        name: subprocess.Popen([sys.executable, *words], env=env)  # noqa: S603
        for name, words in COMMANDS.items()
    }
    while not told and all(process.poll() is None for process in running.values()):
        time.sleep(LOOK)
    ended = {name: process.returncode for name, process in running.items() if process.poll() is not None}
    stop(list(running.values()))
    for name, status in ended.items():
        print(f"{name} has ended with status {status}", file=sys.stderr)
    return 0 if told else max(1, *map(abs, ended.values()))


def stop(processes: list[subprocess.Popen[bytes]]) -> None:
    """End them: first as they are used to, in the end anyhow."""
    for process in processes:
        if process.poll() is None:
            process.terminate()
    until = time.monotonic() + STOP
    for process in processes:
        try:
            process.wait(max(0.0, until - time.monotonic()))
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
