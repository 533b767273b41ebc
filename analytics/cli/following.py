"""The viewer that follows: the newest drawing of this command as a page, for browsers of this machine only."""

from __future__ import annotations

import secrets
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from ..model.grid import Grid
from ..viewing.onefile import page_of

#: Before anything is drawn.
WAITING = "<!DOCTYPE html><title>Analytics Maestro</title><meta http-equiv=refresh content=1><p>Nothing is drawn yet."


class Following:
    """A page on a port of loopback that shows what :meth:`show` was given last. ``address`` opens it."""

    def __init__(self, port: int = 0) -> None:
        self._page, self._version = WAITING.encode(), "0"
        following = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                # A name that somebody else's page made point here is none of ours.
                known = self.headers.get("Host", "").partition(":")[0] in ("127.0.0.1", "localhost")
                body, kind = following.answer(self.path) if known else (None, "")
                self.send_response(404 if body is None else 200)
                if body is not None:
                    self.send_header("Content-Type", kind)
                    self.send_header("Cache-Control", "no-store")
                    self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body or b"")

            def log_message(self, *_words: object) -> None:
                """Nothing is said of each look."""

        self._server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
        self.address = f"http://127.0.0.1:{self._server.server_port}/"
        threading.Thread(target=self._server.serve_forever, name="following", daemon=True).start()

    def answer(self, path: str) -> tuple[bytes | None, str]:
        """The body and the kind of an answer; nothing for an address there is not."""
        if path.partition("?")[0] == "/":
            return self._page, "text/html; charset=utf-8"
        if path == "/version":
            return self._version.encode(), "text/plain"
        return None, ""

    def show(self, grid: Grid) -> None:
        """This is the newest."""
        self._page, self._version = page_of(grid, following=True).encode(), secrets.token_hex(8)

    def tell(self) -> None:
        """Say where it is."""
        print(f"the drawing: {self.address}", file=sys.stderr)

    def close(self) -> None:
        """End it."""
        self._server.shutdown()
        self._server.server_close()
