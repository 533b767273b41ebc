"""The OpenAPI document and the routes say the same, and nothing undocumented is ever answered."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from analytics.pipeline.registry import load
from analytics.settings import ROOT, read
from analytics.web import create_app
from analytics.web.openapi import describe
from analytics.web.submission import LARGEST_BODY
from devtool.testkit.deployment import Deployment, deployed
from tests.estates import OWNER, oid, shop

#: Requests Schemathesis makes for every operation; the long run makes 200.
EXAMPLES = int(os.environ.get("MAESTRO_TEST_EXAMPLES", "25"))

REGISTRY = load(ROOT / "plugins")


@pytest.fixture(scope="module")
def service() -> Iterator[Deployment]:
    """A deployment that takes as many requests as it is asked."""
    with deployed(shop(), MAESTRO_OWNER_RATE="10000000", MAESTRO_BACKLOG="1000000") as deployment:
        deployment.start_workers(1)
        deployment.start_web(2)
        deployment.post(oid(1), OWNER)
        deployment.wait(oid(1))
        yield deployment


def test_every_route_is_documented_and_every_documented_route_is_there() -> None:
    app = create_app(read({"MAESTRO_ENV": "development"}))
    ours = {
        (method.lower(), re.sub(r"<(?:[^<>:]+:)?(\w+)>", r"{\1}", str(rule)))
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
        if not str(rule).startswith(("/rq", "/static", "/door", "/log"))  # what our own pages ask for
    }
    document = describe(REGISTRY.graph_types, REGISTRY.formats, object_ids=True)
    documented = {(method, path) for path, item in document["paths"].items() for method in item}
    assert ours == documented


def test_the_document_names_every_graph_type_and_its_entries() -> None:
    registry = load(ROOT / "plugins")
    document = describe(registry.graph_types, registry.formats, object_ids=True)
    bodies = document["paths"]["/graph"]["post"]["requestBody"]["content"]["application/json"]["schema"]["oneOf"]
    assert {body["properties"]["type"]["const"] for body in bodies} == registry.graph_types.keys()
    business = next(body for body in bodies if body["properties"]["type"]["const"] == "business")
    infra = next(body for body in bodies if body["properties"]["type"]["const"] == "infra")
    assert business["properties"]["datacenters"]["maxItems"] == 0
    assert infra["properties"]["datacenters"]["maxItems"] == 100
    assert str(LARGEST_BODY) in document["paths"]["/graph"]["post"]["requestBody"]["description"]


def objects(schema: Any, path: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Every schema of an object in a document, and where it stands."""
    if isinstance(schema, dict):
        if schema.get("type") == "object":
            yield path, schema
        for name, part in schema.items():
            yield from objects(part, f"{path}/{name}")
    elif isinstance(schema, list):
        for number, part in enumerate(schema):
            yield from objects(part, f"{path}/{number}")


def test_no_answer_holds_anything_that_is_not_described() -> None:
    document = describe(REGISTRY.graph_types, REGISTRY.formats, object_ids=True)
    found = dict(objects(document))
    assert len(found) > 15
    for path, schema in found.items():
        closed = schema.get("additionalProperties")
        if schema.get("properties"):
            for name, part in schema["properties"].items():
                assert part.keys() & {"type", "$ref", "anyOf", "oneOf", "enum", "const"}, f"{path}: {name}"
            assert "/components/" not in path or closed is False, path
        else:
            assert isinstance(closed, dict) or schema.get("description"), f"{path} says nothing"
    for name, schema in document["components"]["schemas"].items():
        assert schema.get("description"), name


def test_every_answer_of_a_view_is_one_of_the_records() -> None:
    """A view that makes an object of its own would answer what no record describes."""
    for path in (ROOT / "analytics" / "web").glob("*.py"):
        made = [line for line in path.read_text().splitlines() if "jsonify(" in line]
        assert [line.strip() for line in made if "job_id(" not in line and "describe(" not in line] == [], path.name


def test_schemathesis_finds_no_server_error_and_no_undocumented_answer(service: Deployment, tmp_path: Path) -> None:
    command = [
        *(str(Path(sys.executable).with_name("schemathesis")), "run", f"{service.url}/openapi.json"),
        *("--checks", "all", "--max-examples", str(EXAMPLES), "--header", f"Authorization: {service.token()}"),
        *("--seed", "1", "--suppress-health-check", "all", "--no-color", "--continue-on-failure"),
    ]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=1200)
    assert done.returncode == 0, done.stdout[-6000:]
    assert "Fuzzing" in done.stdout
    assert all(process.popen.poll() is None for process in service.processes.values())
