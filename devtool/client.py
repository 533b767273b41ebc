"""A caller of the service, as the Server App is one: token, request, progress, drawing."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

#: Seconds a graph of the sample inventory may take.
PATIENCE = 120.0
#: Words of a stage that will not change any more.
SETTLED = frozenset({"done", "failed", "skipped"})


@dataclass(frozen=True, slots=True)
class Service:
    """A running service, and the secrets to talk to it."""

    url: str
    secret: str
    noauth: str

    def ready(self) -> bool:
        """Whether it answers, reaches its Redis and takes our token: another service may hold the same port."""
        try:
            self.ask("/health/ready")
            self.types()
        except urllib.error.HTTPError:
            return False
        return True

    def types(self) -> list[str]:
        """The names of its graph types."""
        return [graph["name"] for graph in self.ask("/types")]

    def submit(self, graph: str, owner: str, graph_type: str) -> None:
        """Ask for a graph of everything ``owner`` has."""
        self.ask("/graph", {"owner_id": owner, "_id": graph, "type": graph_type})

    def state(self, graph: str) -> dict[str, Any]:
        """How far a graph is."""
        return dict(self.ask(f"/graph/{graph}"))

    def drawing(self, path: str) -> bytes:
        """The bytes of a drawing, by its link."""
        return self._fetch(path, None)

    def ask(self, path: str, body: Mapping[str, Any] | None = None) -> Any:
        """The JSON answer to a GET, or to a POST of ``body``."""
        return json.loads(self._fetch(path, None if body is None else json.dumps(body).encode()))

    def _fetch(self, path: str, data: bytes | None) -> bytes:
        headers = {"Authorization": f"JWT {token(self.secret, self.noauth)}", "Content-Type": "application/json"}
        request = urllib.request.Request(self.url + path, data=data, headers=headers)
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(request, timeout=10) as answer:
            return bytes(answer.read())


def token(secret: str, noauth: str) -> str:
    """The private token, made without a library."""

    def part(data: bytes) -> bytes:
        return base64.urlsafe_b64encode(data).rstrip(b"=")

    head = part(b'{"alg":"HS256","typ":"JWT"}')
    signed = head + b"." + part(json.dumps({"noauth": noauth, "exp": int(time.time()) + 300}).encode())
    return (signed + b"." + part(hmac.new(secret.encode(), signed, hashlib.sha256).digest())).decode()


def graph_id(graph_type: str) -> str:
    """The same id for the same type each time, so that addresses stay good."""
    return hashlib.sha256(f"devtool {graph_type}".encode()).hexdigest()[:24]


def follow(service: Service, graph: str, check: Callable[[], None]) -> Iterator[tuple[str, float] | dict[str, Any]]:
    """Each stage's name and seconds as it ends, and last the state of the graph.

    ``check`` is asked between looks and raises where waiting is in vain. Raises
    :class:`TimeoutError` after :data:`PATIENCE`.
    """
    seen: set[str] = set()
    end = time.monotonic() + PATIENCE
    while True:
        state = service.state(graph)
        for stage in state["stages"]:
            if stage["state"] in SETTLED and stage["name"] not in seen:
                seen.add(stage["name"])
                if stage["state"] != "skipped":
                    yield stage["name"], stage["seconds"] or 0.0
        if state["state"] != "process":
            yield state
            return
        check()
        if time.monotonic() > end:
            raise TimeoutError(f"no end after {PATIENCE:.0f} s; last said: {state['message']}")
        time.sleep(0.05)
