"""An inventory with a stranger in it, for deployments that go wrong on purpose."""

from __future__ import annotations

import copy
from typing import Any

import pytest

STRANGER = "5" * 24


@pytest.fixture(scope="session")
def documents(sample: dict[str, Any]) -> dict[str, Any]:
    """The sample inventory, and another owner whose things an application depends on. Their name is the canary."""
    held = copy.deepcopy(sample)
    shop = next(app for app in held["applications"] if app["name"] == "Storefront CDN")
    foreign = {"_id": "6" * 24, "name": "canary of a stranger", "active": True, "roles": [{"_id": STRANGER}]}
    held["applications"].append({**foreign, "family": "Application", "deps": []})
    held["servers"].append({**foreign, "hostname": "canary", "applications": [{"_id": shop["_id"]}]})
    shop.setdefault("deps", []).append({"_id": foreign["_id"], "endpoint": "rest"})
    return held


@pytest.fixture(scope="session")
def systems(documents: dict[str, Any]) -> list[dict[str, Any]]:
    """What a graph may start from."""
    return [{"_id": system["_id"], "name": system["name"]} for system in documents["systems"]]
