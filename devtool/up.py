"""``up``: set up, start everything, draw the sample's graphs, and stay until told to stop."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import time
import urllib.error
from pathlib import Path
from typing import Any

from . import client, environment, redisserver, secret
from .client import Service
from .kernels import compile_kernels
from .lock import held
from .places import LOGS, ROOT, SAMPLE, STATE
from .processes import Family, clear_away, wait_until
from .signals import Interrupted, deaf_to_signals, on_signals
from .terminal import Stop, say, step

FIRST_PORT = 5020
RECORD = STATE / "running.json"

Environment = dict[str, str]


def up(*, once: bool, out: Path, owner: str) -> int:
    """Run everything. ``once`` writes the drawings to ``out`` and stops; the exit status says whether all were drawn.

    ``owner`` is whose inventory is drawn; empty means the inventory's first owner.
    """
    began = time.monotonic()
    with on_signals(), held(STATE / "up.lock", "another `up` runs on this folder"):
        clear_away(RECORD)
        python = environment.prepare()
        compile_kernels(python)
        env = service_environment()
        family = Family(LOGS, RECORD)
        with redisserver.socket_folder() as sockets:
            try:
                service = start_all(family, python, env, sockets)
                owner = owner or first_owner(python, env)
                drawn = draw_all(service, family, owner, out if once else None) if owner else not once
                if not owner:
                    say("! whose graphs to draw is not known here: pass --owner ID")
                if once:
                    return 0 if drawn else 1
                say(f"✓ ready after {time.monotonic() - began:.1f} s; logs in {LOGS}; Ctrl-C stops everything")
                say(f"  all graphs, and a form for others: {service.url}/login?word={word(python, env)}")
                say("  it works once, within ten minutes; after that, and for the jobs at /rq/, sign in:")
                user = env.get("MAESTRO_DASHBOARD_USER", "ops")
                say(f"  name {user}, password MAESTRO_DASHBOARD_PASSWORD of {STATE / 'secrets.json'}")
                while True:
                    family.check()
                    time.sleep(0.3)
            except Interrupted:
                say("")
                return 0 if not once else 130
            finally:
                with step("stopping"), deaf_to_signals():
                    family.stop()


def service_environment() -> Environment:
    """The environment of web and worker: what is set already counts, the rest fits a trial on this machine."""
    STATE.mkdir(exist_ok=True)
    STATE.chmod(0o700)  # logs, secrets, answers of Redis: nobody else's on this machine
    defaults = {
        "MAESTRO_ENV": "development",
        "MAESTRO_HOST": "127.0.0.1",
        "MAESTRO_DATA_URI": str(SAMPLE),
        "MAESTRO_ANALYTICS_FRONT_URI": "none",
        "MAESTRO_WEBSOCKET_URI": "none",
        "PYTHONUNBUFFERED": "1",
        **secret.kept(STATE / "secrets.json"),
    }
    env = {**defaults, **{name: value for name, value in os.environ.items() if value}}
    for name in ("MAESTRO_DATA_URI", "MAESTRO_PLUGINS_DIR"):
        if env.get(name) and "://" not in env[name]:
            # Typed in this folder, but read by processes that run in the checkout.
            env[name] = str(Path(env[name]).expanduser().absolute())
    return env


def start_all(family: Family, python: Path, env: Environment, sockets: Path) -> Service:
    """Redis, web and workers, each waited for; ``env`` gets Redis' URL and the port."""
    with step("redis") as words:
        if name := redisserver.configured(env):
            redisserver.reach(python, env, ROOT)
            words.append(name)
        else:
            engine = redisserver.find_engine(python)
            env["REDIS_URL"] = redisserver.start(family, engine, STATE / "redis", sockets, env)
            words.append(f"{engine.name} {engine.version[0]}.{engine.version[1]}, {engine.origin}")
    port = free_port(int(env.get("MAESTRO_PORT") or env.get("PORT") or FIRST_PORT))
    env["MAESTRO_PORT"] = str(port)
    service = Service(f"http://127.0.0.1:{port}", env["MAESTRO_SECRETJWT_PRIVATE"], env["MAESTRO_NOAUTH"])
    with step("web") as words:
        gunicorn: list[str | Path] = [
            python,
            "-m",
            "gunicorn",
            "--config",
            "python:analytics.web.gunicorn_conf",
            "wsgi:app",
        ]
        wait_until(service.ready, family.start("web", gunicorn, env), 60)
        words.append(service.url)
    family.start("worker", [python, "worker.py"], env)
    return service


def free_port(first: int) -> int:
    """The first port from ``first`` on that nobody listens on."""
    for port in range(first, first + 100):
        with socket.socket() as sock:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            with contextlib.suppress(OSError):
                sock.bind(("127.0.0.1", port))
                return port
    raise Stop(f"no free port from {first} to {first + 99}: set MAESTRO_PORT")


def first_owner(python: Path, env: Environment) -> str:
    """The first owner of the inventory, where it is a file that can tell."""
    ask = (
        "from analytics import settings, sources\n"
        "from analytics.pipeline.registry import load_configured\n"
        "config = settings.read()\n"
        "known = load_configured(config)\n"
        "print(next(iter(sources.open_source(config, known.inventories, known.readers).owners()), ''))"
    )
    done = subprocess.run([python, "-c", ask], env=env, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        raise Stop("the inventory cannot be read", done.stderr.strip().splitlines()[-1] if done.stderr else "")
    return done.stdout.strip()


def word(python: Path, env: Environment) -> str:
    """What signs a browser in at the front door."""
    ask = "from analytics.settings import read\nfrom analytics.web.session import once\nprint(once(read()))"
    done = subprocess.run([python, "-c", ask], env=env, cwd=ROOT, capture_output=True, text=True, check=True)
    return done.stdout.strip()


def draw_all(service: Service, family: Family, owner: str, out: Path | None) -> bool:
    """Draw a graph of each type; true when all came out. ``out`` is where the drawings are written, if anywhere."""
    types = service.types()
    for name in types:
        service.submit(client.graph_id(name), owner, name)
    drawn = [draw(service, family, name, out) for name in types]
    return all(drawn)


def draw(service: Service, family: Family, name: str, out: Path | None) -> bool:
    """Follow one graph to its end, a line for each stage."""
    state: dict[str, Any] = {}
    began = time.monotonic()
    try:
        for news in client.follow(service, client.graph_id(name), family.check):
            if isinstance(news, dict):
                state = news
            else:
                say(f"    {name:<10} {news[0]:<18} {news[1]:6.3f} s")
        link = state.get("links", {}).get("svg")
        if state["state"] != "finished" or not link:
            say(f"✗ {name}: {state['state']}: {state['message']}")
            return False
        drawing = service.drawing(link)
    except (TimeoutError, urllib.error.URLError) as exc:
        family.check()
        say(f"✗ {name}: {exc}; see {LOGS}")
        return False
    took = f"{time.monotonic() - began:.1f} s, {len(drawing) / 1024:.0f} kB"
    if out is None:
        say(f"✓ {name}: {service.url}{state['links']['view']}  ({took})")
        return True
    out.mkdir(parents=True, exist_ok=True)
    path = out / f"{name}.svg"
    path.write_bytes(drawing)
    say(f"✓ {name}: {path}  ({took})")
    return True
