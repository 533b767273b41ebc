"""Two versions of the service on one Redis: this one, and one whose every record has a field more."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from devtool.soak.chaos import mixed
from devtool.testkit.builds import next_version
from devtool.testkit.deployment import deployed, until
from devtool.testkit.faults.invariants import assert_invariants


def test_graphs_are_drawn_by_two_versions_side_by_side_while_one_is_rolled_forward_and_back(
    documents: dict[str, Any], systems: list[dict[str, Any]], sample_owner: str, tmp_path: Path
) -> None:
    with deployed(documents, haste=True) as deployment:
        tree = deployment.trees["other"] = next_version(tmp_path)
        deployment.start_workers(1, "one")
        deployment.start_workers(1, "other")
        deployment.start_web()
        until(lambda: deployment.worker_pids("one") and deployment.worker_pids("other"), 30, "both pools")
        ids = [f"{number:024x}" for number in range(24)]
        for number, graph in enumerate(ids):
            if number in (8, 16):
                deployment.trees["one"] = tree if number == 8 else Path.cwd()
                deployment.processes.pop("one").stop()
                deployment.start_workers(1, "one")
            assert deployment.post(graph, sample_owner, systems=[systems[number % len(systems)]])[0] == 201
        assert_invariants(deployment, ids)
        assert {deployment.state(graph)["state"] for graph in ids} == {"finished"}
        with deployment.redis.client() as client:
            assert not client.exists("am:unreadable")
        ran = {name for name in ("one", "other") if deployment.worker_pids(name)}
        assert ran == {"one", "other"}


@pytest.mark.long
def test_a_hundred_graphs_by_two_versions_under_kills() -> None:
    assert mixed(100, seed=1, workers=2, kills_per_second=0.5) == 0
