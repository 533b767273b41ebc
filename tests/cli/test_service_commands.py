"""The service from a terminal: started, asked for a graph, linked to, and ended."""

import json
import os
import re
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from analytics.settings import ROOT
from devtool.testkit.deployment import PrivateRedis, free_port

ESTATE = """
systems: [{_id: shop, name: Shop, entry: [web]}]
applications:
  - {_id: web, name: Front door, system: [shop], deps: [orders]}
  - {_id: orders, name: Orders, system: [shop]}
"""


@dataclass(frozen=True)
class Served:
    """A service that the command started."""

    process: subprocess.Popen[bytes]
    url: str
    env: dict[str, str]
    owner: str

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        """A command that asks it."""
        command = [sys.executable, "-m", "analytics", *words, "--url", self.url]
        return subprocess.run(command, cwd=ROOT, env=self.env, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def served(redis_server: PrivateRedis, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    estate = tmp_path_factory.mktemp("served") / "estate.yaml"
    estate.write_text(ESTATE)
    port = free_port()
    env = {name: value for name, value in os.environ.items() if not name.startswith("MAESTRO_")}
    env |= {"REDIS_URL": redis_server.url, "MAESTRO_WORKERS": "1", "MAESTRO_GWORKERS": "1", "MAESTRO_HOST": "127.0.0.1"}
    env |= {"MAESTRO_ENV": "development"}
    command = [sys.executable, "-m", "analytics", "serve", str(estate), "--port", str(port)]
    process = subprocess.Popen(command, cwd=ROOT, env=env)
    url = f"http://127.0.0.1:{port}"
    for _ in range(600):
        try:
            with urllib.request.urlopen(f"{url}/health/ready", timeout=2):
                break
        except OSError:
            assert process.poll() is None
            time.sleep(0.1)
    yield Served(process, url, env, "local")
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
    assert process.wait(60) == 0


def test_a_graph_is_asked_for_followed_saved_and_linked_to(served: Served, tmp_path: Path) -> None:
    out = tmp_path / "shop.md"
    done = served.run("submit", "--owner", served.owner, "--system", "shop", "-o", str(out))
    assert done.returncode == 0, done.stderr
    assert "finished: " in done.stderr
    assert "Front door" in out.read_text()
    page = done.stdout.strip()
    with urllib.request.urlopen(page, timeout=10) as answer:
        assert answer.status == 200
    graph = re.search(r"/view/([^?]+)", page)
    assert graph is not None
    linked = served.run("link", graph[1], "--of", "json")
    with urllib.request.urlopen(linked.stdout.strip(), timeout=10) as answer:
        assert len(json.loads(answer.read())["nodes"]) == 2
    assert served.run("link", graph[1], "--of", "exe").returncode == 2


def test_a_refusal_is_said_in_the_services_own_words(served: Served) -> None:
    done = served.run("submit", "--owner", served.owner, "--type", "pie")
    assert done.returncode == 1
    assert "type: " in done.stderr
    assert served.run("submit", "--owner", served.owner, "--inside", "nowhere").returncode == 1
    away = [sys.executable, "-m", "analytics", "link", "x", "--url", "http://127.0.0.1:9"]
    done = subprocess.run(away, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, "no service answers at http://127.0.0.1:9" in done.stderr) == (1, True)
