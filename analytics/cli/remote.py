"""A running service as commands ask it: its address, our token, what it answers."""

from __future__ import annotations

import argparse
import json
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from typing import Any

from ..errors import AnalyticsError, UsageError
from ..settings import read
from ..transport import data_app_token

#: Seconds between two looks at a graph, and those an answer may take.
LOOK, ANSWER = 0.4, 70.0
#: States in which a graph is still in work.
OPEN = frozenset({"process"})


def add(command: argparse.ArgumentParser) -> None:
    """The argument that says where the service is."""
    command.add_argument(
        "--url", default="", help="where the service is (default: this machine, at the port of MAESTRO_PORT)"
    )


class Service:
    """A running service; every call carries a token made of the secrets in the environment."""

    def __init__(self, url: str) -> None:
        settings = read()
        self.base = (url or f"http://127.0.0.1:{settings.port}").rstrip("/")
        if not self.base.startswith(("http://", "https://")):
            raise UsageError(f"--url {url}: an address begins with http:// or https://")
        self._secrets = settings.secret, settings.noauth
        # A proxy of the environment is for the world outside, and a redirect would carry our token there.
        self._opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), _NoRedirect)

    def fetch(self, path: str, body: object = None) -> bytes:
        """The bytes of an answer to GET, or to POST of ``body`` as JSON.

        Raises :class:`AnalyticsError` with the service's own words where it refuses.
        """
        headers = {"Authorization": f"JWT {data_app_token(*self._secrets)}", "Content-Type": "application/json"}
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.base + path, data=data, headers=headers)  # noqa: S310 (checked above)
        try:
            with self._opener.open(request, timeout=ANSWER) as answer:
                return bytes(answer.read())
        except urllib.error.HTTPError as exc:
            with exc:
                raise AnalyticsError(_refusal(exc)) from None
        except OSError as exc:
            reason = getattr(exc, "reason", exc)
            raise AnalyticsError(f"no service answers at {self.base}: {reason}; `serve` starts one") from None

    def ask(self, path: str, body: object = None) -> Any:
        """The JSON of an answer."""
        try:
            return json.loads(self.fetch(path, body))
        except ValueError:
            raise AnalyticsError(f"what answers at {self.base} is no Analytics Maestro: it sends no JSON") from None

    def until_ended(self, graph_id: str, patience: float) -> Iterator[dict[str, Any]]:
        """Each state of a graph until it ends. Raises :class:`AnalyticsError` after ``patience`` seconds."""
        end = time.monotonic() + patience
        while True:
            state = dict(self.ask(f"/graph/{graph_id}"))
            yield state
            if state["state"] not in OPEN:
                return
            if time.monotonic() > end:
                raise AnalyticsError(f"graph {graph_id} is not drawn after {patience:g} s: {state['message']}")
            time.sleep(LOOK)

    def page(self, state: dict[str, Any]) -> str:
        """The signed address of a graph's page."""
        return f"{self.base}{state['links']['view']}"


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """Nothing is followed."""

    def redirect_request(self, *_arguments: Any, **_named: Any) -> None:
        """No request."""
        return


def _refusal(exc: urllib.error.HTTPError) -> str:
    """Why the service refuses: its own words, a sentence a field."""
    try:
        fields = json.loads(exc.read())["message"].items()
    except (ValueError, KeyError, AttributeError, TypeError):
        return f"the service answers with status {exc.code}"
    return "; ".join(f"{field}: {text}" for field, text in fields)
