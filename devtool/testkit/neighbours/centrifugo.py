"""A Centrifugo server on loopback that records what is published, in the manner of an old or a new version.

python3 -m devtool.testkit.neighbours.centrifugo --port 8000
"""

from __future__ import annotations

import argparse
import json
import threading
from typing import Any

from devtool.testkit.faults.server import Request, Response, Server

SECRET = "wsSecretKey"


class Centrifugo:
    """What was published, in order. ``old`` and ``new`` say which forms of the API are served."""

    def __init__(self, *, secret: str = SECRET, old: bool = True, new: bool = True) -> None:
        self.published: list[dict[str, Any]] = []
        self._secret = secret
        self._old = old
        self._new = new
        self._lock = threading.Lock()

    def serve(self, port: int = 0) -> Server:
        """Start answering."""
        return Server(self.respond, port)

    def respond(self, request: Request) -> Response:
        """Take a publication in either form."""
        if self._old and request.path == "/api":
            if request.headers.get("authorization") != f"apikey {self._secret}":
                return Response(401, "Unauthorized")
            command = json.loads(request.body)
            if command.get("method") != "publish":
                return Response(body={"error": {"code": 104, "message": "method not found"}})
            return self._publish(command["params"])
        if self._new and request.path == "/api/publish":
            if request.headers.get("x-api-key") != self._secret:
                return Response(401, "Unauthorized")
            return self._publish(json.loads(request.body))
        return Response(404, "404 page not found")

    def _publish(self, params: dict[str, Any]) -> Response:
        if not params.get("channel"):
            return Response(body={"error": {"code": 107, "message": "bad request"}})
        with self._lock:
            self.published.append(params)
        return Response(body={"result": {}})


def main() -> None:
    """Serve until interrupted."""
    parser = argparse.ArgumentParser(
        prog="python3 -m devtool.testkit.neighbours.centrifugo", description="A websocket server's API on loopback."
    )
    parser.add_argument("--port", type=int, default=8000)
    server = Centrifugo().serve(parser.parse_args().port)
    print(f"Centrifugo on {server.url}", flush=True)
    try:
        threading.Event().wait()
    except KeyboardInterrupt:
        server.stop()


if __name__ == "__main__":
    main()
