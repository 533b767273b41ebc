"""Every reader against spoilt files of its own kind: documents, or a sentence; never a traceback, never a secret."""

import copy
import json
import os
import random
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
import yaml

from analytics.errors import InventoryError
from analytics.sources.opening import contents_of
from analytics.testing.sources import estate_of
from tests.sources.test_backstage import CATALOGUE
from tests.sources.test_compose import SHOP
from tests.sources.test_kubernetes import FILES
from tests.sources.test_netbox import DUMP

#: How many spoilt files a reader is given; the long run gives more.
EXAMPLES = int(os.environ.get("MAESTRO_TEST_EXAMPLES", "60"))
SAMPLES = Path(__file__).parent / "samples"
STRANGE: tuple[Any, ...] = (
    None,
    True,
    -1,
    10**40,
    1e308,
    "",
    "x" * 5000,
    [],
    {},
    [[]],
    [None],
    {"": {}},
    "\u0000\u202e",
    ["a", {"b": 1}],
)
ANSIBLE = {"_meta": {"hostvars": {"a": {"ansible_host": "10.0.0.1"}}}, "web": {"hosts": ["a"], "children": ["x"]}}
CALLS = {"data": [{"parent": "a", "child": "b", "callCount": 1}]}
KIALI = {
    "elements": {
        "nodes": [{"data": {"id": "1", "workload": "a"}}, {"data": {"id": "2", "workload": "b"}}],
        "edges": [{"data": {"source": "1", "target": "2", "traffic": {"protocol": "http", "rates": {"http": "1"}}}}],
    }
}
#: A small file of each format, as a value.
VALUES: dict[str, Any] = {
    "kubernetes": {"apiVersion": "v1", "kind": "List", "items": [*yaml.safe_load_all(FILES["web.yaml"])][0:1]},
    "compose": yaml.safe_load(SHOP),
    "backstage": [*yaml.safe_load_all(CATALOGUE)],
    "netbox": DUMP,
    "ansible": ANSIBLE,
    "calls": CALLS,
    "kiali": KIALI,
    "azure": json.loads((SAMPLES / "azure.json").read_text(encoding="utf-8")),
    "gcp": json.loads((SAMPLES / "gcp.json").read_text(encoding="utf-8")),
}


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The path to everything in a value."""
    found = [path]
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, one in inner:
        found += places(one, (*path, key))
    return found


def changed(value: Any, path: tuple[Any, ...], change: Callable[[Any, Any], None]) -> Any:
    """A copy with one place changed."""
    whole = copy.deepcopy(value)
    holder = whole
    for step in path[:-1]:
        holder = holder[step]
    change(holder, path[-1])
    return whole


@pytest.mark.parametrize("kind", VALUES)
def test_a_value_of_a_wrong_type_anywhere_is_survived(kind: str) -> None:
    value = VALUES[kind]
    generator = random.Random(13)
    paths = [path for path in places(value) if path]
    for path in generator.sample(paths, min(EXAMPLES, len(paths))):
        strange = generator.choice(STRANGE)

        def put(holder: Any, key: Any, strange: Any = strange) -> None:
            holder[key] = copy.deepcopy(strange)

        spoilt = changed(value, path, put)
        with suppress(InventoryError):  # a sentence is an answer; anything else that is raised fails
            contents_of(estate_of({"a.json": json.dumps(spoilt)}))


@pytest.mark.parametrize("kind", VALUES)
def test_a_file_that_is_cut_says_where(kind: str) -> None:
    text = json.dumps(VALUES[kind])
    with pytest.raises(InventoryError, match=r"line \d+"):
        estate_of({"a.json": text[: len(text) // 2]})


@pytest.mark.parametrize("kind", ["kubernetes", "compose", "azure", "gcp", "netbox", "backstage"])
def test_no_value_comes_along_that_no_rule_names(kind: str) -> None:
    def marked(value: Any) -> Any:
        if isinstance(value, dict):
            extra = {"x_password": "CANARY", "annotations": {"note": "CANARY"}} if "name" in value else {}
            return {key: marked(one) for key, one in value.items()} | extra
        return [marked(one) for one in value] if isinstance(value, list) else value

    value = marked(VALUES[kind])
    if kind == "compose":
        for service in value["services"].values():
            service["environment"] = {"PASSWORD": "CANARY", "URL": "http://user:CANARY@db:1/CANARY?q=CANARY"}
    estate = estate_of({"a.json": json.dumps(value)})
    told = json.dumps({name: list(held) for name, held in estate.documents.items()})
    told += " ".join(one.remark.text for one in estate.remarks)
    assert "CANARY" not in told
