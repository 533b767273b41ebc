"""An Analytics Front on loopback that records what it is given.

Like the real one it never answers a drawing whose token lacks an id, keeps
what arrives last, and knows no versions.

    python3 -m devtool.testkit.neighbours.front --port 9999
"""

from __future__ import annotations

import argparse
import threading
from dataclasses import dataclass
from urllib.parse import parse_qs

from devtool.testkit.faults.server import Request, Response, Server
from devtool.testkit.neighbours.dataapp import NOAUTH, SECRET, Refused, check_token

#: What it accepts in one request, in bytes.
LIMIT = 50 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Stored:
    """One drawing as it arrived; ``at`` is when all of it was there, on the monotonic clock."""

    graph_id: str
    owner_id: str
    svg: str
    total: int
    at: float


class Front:
    """The drawings that arrived, in order."""

    def __init__(self, *, secret: str = SECRET, noauth: str = NOAUTH) -> None:
        self.stored: list[Stored] = []
        self._secret = secret
        self._noauth = noauth
        self._lock = threading.Lock()

    def serve(self, port: int = 0) -> Server:
        """Start answering."""
        return Server(self.respond, port)

    def shown(self, graph_id: str) -> Stored | None:
        """What a browser would be shown for a graph: what arrived last."""
        with self._lock:
            return next((one for one in reversed(self.stored) if one.graph_id == graph_id), None)

    def respond(self, request: Request) -> Response | None:
        """Store a drawing; one that names no graph or owner is never answered."""
        if (request.method, request.path) != ("POST", "/graphs"):
            return Response(404, {"message": "not found"})
        if len(request.body) > LIMIT:
            return Response(413, "request entity too large")
        try:
            claims = check_token(request.headers.get("authorization", ""), self._secret, self._noauth)
        except Refused as exc:
            return Response(exc.status, {"message": str(exc)})
        if not claims.get("graph_id") or not claims.get("owner_id"):
            return None
        fields = parse_qs(request.body.decode(), keep_blank_values=True)
        try:
            svg, total = fields["payload"][0], int(fields["total"][0])
        except (KeyError, ValueError):
            return Response(422, {"message": "payload and total are needed"})
        with self._lock:
            self.stored.append(Stored(claims["graph_id"], claims["owner_id"], svg, total, request.at))
        return Response(201, {"_id": claims["graph_id"]})


def main() -> None:
    """Serve until interrupted."""
    parser = argparse.ArgumentParser(
        prog="python3 -m devtool.testkit.neighbours.front", description="A Front on loopback."
    )
    parser.add_argument("--port", type=int, default=9999)
    server = Front().serve(parser.parse_args().port)
    print(f"Front on {server.url}", flush=True)
    try:
        threading.Event().wait()
    except KeyboardInterrupt:
        server.stop()


if __name__ == "__main__":
    main()
