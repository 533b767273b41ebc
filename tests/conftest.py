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
    held: dict[str, list[dict[str, Any]]] = json.loads(SAMPLE.read_text())
    return held


@pytest.fixture(scope="session")
def sample_owner(sample: dict[str, list[dict[str, Any]]]) -> str:
    """Whose inventory that is."""
    return str(sample["applications"][0]["roles"][0]["_id"])


#: Graphs that people of the sample's estate would ask for, and the applications they start from.
GRAPHS = {
    "Web Shop": ("Storefront CDN",),
    "Order Fulfilment": ("Partner Gateway", "Invoice Renderer"),
    "Customer Care": ("Care Portal", "Chat Assistant"),
    "Data Platform": ("Event Collector", "Reporting", "Forecasting"),
    "Depot Control": ("Scanner Gateway", "Stock Sync"),
    "Corporate IT": ("Build Server", "Monitoring"),
}


@pytest.fixture(scope="session")
def estate(sample: dict[str, list[dict[str, Any]]]) -> dict[str, list[dict[str, Any]]]:
    """The sample inventory with six graph documents, as the Data App holds them."""
    return {**sample, "graphs": graph_documents(sample)}


def graph_documents(sample: dict[str, list[dict[str, Any]]]) -> list[dict[str, Any]]:
    """The documents of :data:`GRAPHS`."""
    named = {application["name"]: application for application in sample["applications"]}
    first = sample["applications"][0]
    return [
        {
            "_id": f"96{number:022x}",
            "name": f"{name} - Architecture",
            "type": "bussiness",
            "apps": [{key: named[one][key] for key in ("_id", "name", "family")} for one in entries],
            "active": True,
            "roles": first["roles"],
            "status": "process",
        }
        for number, (name, entries) in enumerate(GRAPHS.items())
    ]
