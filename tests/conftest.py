"""Real parts for every test that needs them: a private Redis, and whole deployments."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from redis import Redis

from devtool.testkit.deployment import PrivateRedis

ROOT = Path(__file__).resolve().parent.parent
SAMPLE = ROOT / "devtool" / "sample" / "inventory.json"
SHARED = ROOT.parent / "shared" / "data"


@pytest.fixture(scope="session")
def redis_server() -> Iterator[PrivateRedis]:
    """A Redis of this test session's own."""
    folder = Path(tempfile.mkdtemp(prefix="am-redis-"))
    server = PrivateRedis(folder)
    server.start()
    yield server
    server.stop()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def redis(redis_server: PrivateRedis) -> Iterator[Redis]:
    """An empty Redis."""
    client = redis_server.client()
    client.flushall()
    yield client
    client.close()


@pytest.fixture(scope="session")
def sample() -> dict[str, list[dict[str, Any]]]:
    """The inventory that ships with the project."""
    return json.loads(SAMPLE.read_text())


@pytest.fixture(scope="session")
def sample_owner(sample: dict[str, list[dict[str, Any]]]) -> str:
    """Whose inventory that is."""
    return sample["applications"][0]["roles"][0]["_id"]


@pytest.fixture(scope="session")
def demo() -> dict[str, list[dict[str, Any]]]:
    """A real estate, where it is at hand."""
    path = SHARED / "demo_inventory.json"
    if not path.exists():
        pytest.skip("no demo inventory beside this checkout")
    return json.loads(path.read_text())
