"""Two owners side by side: nothing of the other's is read into, drawn in or written to a graph."""

from __future__ import annotations

import json
import os
import random
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, cast

import pytest

from analytics.documents.ports import Source
from analytics.errors import InventoryError
from analytics.inventory import open_file
from analytics.inventory.dataapp import DataApp as DataAppSource
from analytics.inventory.mongo import open_database
from analytics.inventory.owned import OwnedInventory
from analytics.model.artifacts import Drawing, GraphRequest
from analytics.model.grid import Grid
from analytics.pipeline.local import run_steps
from analytics.testing import context
from devtool.testkit.neighbours.dataapp import NOAUTH, SECRET, DataApp
from devtool.testkit.neighbours.mongo import MongoServer
from tests.estates import OTHER, OWNER, application, document, oid, server, system
from tests.own_plugins import FORMATS
from tests.security.drawing import REGISTRY, TYPES

CANARY = "canary-of-the-other-owner"
#: The long run makes 200.
INVENTORIES = int(os.environ.get("MAESTRO_TEST_EXAMPLES", "25"))


def crossed(dice: random.Random) -> dict[str, list[dict[str, Any]]]:
    """An inventory in which everything may refer to everything; what is the other's says so in every text."""
    owners = {number: dice.choice((OWNER, OTHER)) for number in range(1, 61)}
    owners[1] = OWNER

    def texts(number: int) -> dict[str, str]:
        mine = owners[number] == OWNER
        return {"name": f"Thing {number}" if mine else f"{CANARY}-{number}", "environment": "prod" if mine else CANARY}

    def some(low: int, high: int, most: int) -> list[int]:
        return [dice.randint(low, high) for _ in range(dice.randint(0, most))]

    def refs(numbers: list[int]) -> list[dict[str, str]]:
        # The name a reference carries is what its own document's writer typed.
        return [{"_id": oid(number), "name": f"Thing {number}", "endpoint": "rest"} for number in numbers]

    place = {"_id": oid(51), "name": "Hall", "provider": "AWS", "region": "r", "zone": "z", "subnet_id": "subnet-56"}
    return {
        "applications": [
            application(
                number,
                owner=owners[number],
                deps=refs(some(1, 20, 4)),
                targets=refs(some(21, 40, 2)),
                system=refs(some(41, 44, 1)),
                servers=refs(some(21, 40, 1)),
                datacenters=place,
                **texts(number),
            )
            for number in range(1, 21)
        ],
        "servers": [
            server(number, *some(1, 20, 3), owner=owners[number], hostname=texts(number)["name"], datacenters=place)
            for number in range(21, 41)
        ],
        "systems": [
            system(number, *some(1, 20, 2), owner=owners[number], clients=refs(some(45, 48, 2)), **texts(number))
            for number in range(41, 45)
        ]
        + [system(49, 1, name="Mine")],
        "clients": [document(number, owners[number], **texts(number)) for number in range(45, 49)],
        "datacenters": [document(number, owners[number], provider="AWS", **texts(number)) for number in range(51, 54)],
        "networks": [
            document(
                number,
                owners[number],
                family=dice.choice(("Vpc", "Subnet", "SecurityGroup")),
                unique_id=f"subnet-{number}",
                vpc_id="subnet-55",
                cidr_block="10.0.0.0/8",
                **texts(number),
            )
            for number in range(54, 59)
        ],
        "volumes": [document(number, owners[number], size=1, **texts(number)) for number in range(59, 61)],
    }


@contextmanager
def from_file(inventory: dict[str, Any], folder: Path) -> Iterator[Source]:
    path = folder / "inventory.json"
    path.write_text(json.dumps(inventory))
    source = open_file(path)
    yield source
    source.close()


@contextmanager
def from_data_app(inventory: dict[str, Any], folder: Path) -> Iterator[Source]:
    with DataApp(inventory).serve() as neighbour:
        source = DataAppSource(neighbour.url, SECRET, NOAUTH)
        yield source
        source.close()


@contextmanager
def from_mongo(inventory: dict[str, Any], folder: Path) -> Iterator[Source]:
    """The driver and the wire are real; behind them is a wire-protocol test server, not MongoDB."""
    with MongoServer(inventory).serve() as uri:
        source = open_database(uri)
        yield source
        source.close()


SOURCES = {"a file": from_file, "the Data App": from_data_app, "MongoDB": from_mongo}


@pytest.mark.parametrize("kind", SOURCES)
def test_no_word_of_another_owner_reaches_a_picture_or_a_status(kind: str, tmp_path: Path) -> None:
    for seed in range(INVENTORIES):
        inventory = crossed(random.Random(seed))
        with SOURCES[kind](inventory, tmp_path) as source:
            for graph_type in TYPES:
                request = GraphRequest(oid(100), OWNER, graph_type, effort="fast")
                ctx = context(OwnedInventory(source, OWNER))
                result = run_steps(REGISTRY.plans[graph_type], request, ctx, lambda *_: None)
                drawing, grid = result.artifact(Drawing), result.artifact(Grid)
                exports = [] if grid is None else [form.write(grid) for form in FORMATS.values()]
                everything = f"{drawing} {result.outcome} {ctx.front} {ctx.status} {ctx.notifier} {exports}"
                assert CANARY not in everything, (seed, graph_type, excerpt(everything))


@pytest.mark.parametrize("kind", SOURCES)
@pytest.mark.parametrize("graph_type", TYPES)
def test_a_guessed_id_does_not_tell_somebody_elses_from_what_does_not_exist(
    kind: str, graph_type: str, tmp_path: Path
) -> None:
    """What refers to another owner's thing and to nothing is drawn, said and exported to the same byte."""
    mine = {
        "applications": [application(1, 2, targets=[{"_id": oid(22)}], servers=[{"_id": oid(23)}])],
        "servers": [server(21, 1, 3)],
        "systems": [system(41, 1)],
    }
    theirs = {
        "applications": [application(2, owner=OTHER, name=CANARY), application(3, owner=OTHER, name=CANARY)],
        "servers": [server(22, 2, owner=OTHER, hostname=CANARY), server(23, owner=OTHER, hostname=CANARY)],
    }
    elsewhere = {"applications": [application(8, owner=OTHER)], "servers": [server(28, owner=OTHER)]}
    said = []
    for other in (theirs, elsewhere):
        inventory = {name: [*mine[name], *other.get(name, [])] for name in mine}
        with SOURCES[kind](cast(Any, inventory), tmp_path) as source:
            said.append(everything_of(source, graph_type))
    assert said[0] == said[1]
    assert CANARY not in said[0]


def everything_of(source: Source, graph_type: str, owner: str = OWNER) -> str:
    """Picture, outcome, messages and exports of a graph of all that ``owner`` has."""
    ctx = context(OwnedInventory(source, owner))
    request = GraphRequest(oid(100), owner, graph_type, effort="fast")
    result = run_steps(REGISTRY.plans[graph_type], request, ctx, lambda *_: None)
    grid = result.artifact(Grid)
    exports = [] if grid is None else [form.write(grid) for form in FORMATS.values()]
    return f"{result.artifact(Drawing)} {result.outcome} {ctx.status} {exports}"


#: What another owner's documents may have wrong with them.
SPOILT: dict[str, list[Any]] = {
    "an id given twice": [application(70, owner=OTHER, name=CANARY), application(70, owner=OTHER, name=CANARY)],
    "an id of ours": [application(1, owner=OTHER, name=CANARY)],
    "neither id nor name": [{"owner": OTHER, "family": CANARY}],
    "two of one name": [
        application(70, owner=OTHER, name=CANARY),
        application(71, owner=OTHER, name=CANARY),
        {"_id": "72", "owner": OTHER, "deps": [CANARY]},
    ],
    "no owner": [{"_id": "73", "name": CANARY}],
    "no object": [CANARY],
    "our name as an id": [{"_id": "Thing 1", "owner": OTHER, "name": CANARY}],
}


@pytest.mark.parametrize("wrong", SPOILT)
def test_what_is_wrong_with_another_owners_documents_is_not_ours(
    wrong: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    mine = [application(1, name="Thing 1"), {"_id": oid(2), "owner": OWNER, "name": "web", "deps": ["Thing 1"]}]
    others = {"applications": [*mine, application(60, owner=OTHER), *SPOILT[wrong]], "systems": [system(41, 1, 2)]}
    alone = {"applications": [*mine, application(60, owner=OTHER)], "systems": [system(41, 1, 2)]}
    said = []
    for number, inventory in enumerate((others, alone)):
        folder = tmp_path / str(number)
        folder.mkdir()
        with from_file(cast(Any, inventory), folder) as source:
            said.append(everything_of(source, "business"))
    assert said[0] == said[1]
    assert "Thing 1" in said[0]
    assert CANARY not in said[0] + caplog.text


def test_an_error_of_ones_own_names_ones_own_and_no_path(tmp_path: Path) -> None:
    ours = [{"_id": "1", "name": "db"}, {"_id": "2", "name": "db"}, {"_id": "3", "name": "web", "deps": ["db"]}]
    owned = [{**cast(Any, one), "owner": OWNER} for one in ours]
    with from_file({"applications": [*owned, application(60, owner=OTHER, name=CANARY)]}, tmp_path) as source:
        with pytest.raises(InventoryError) as caught:
            source.documents("applications", OWNER, {})
        assert "2 are called 'db'" in caught.value.told
        assert str(tmp_path) not in caught.value.told
        assert len(source.documents("applications", OTHER, {})) == 1
    path = tmp_path / "inventory.json"
    for broken in (f'{{"{CANARY}": [', f'["{CANARY}"]'):
        path.write_text(broken)
        with pytest.raises(InventoryError) as caught:
            open_file(path).documents("applications", OWNER, {})
        assert CANARY not in caught.value.told
        assert str(tmp_path) not in caught.value.told


def excerpt(text: str) -> str:
    """Where the canary sits."""
    at = text.index(CANARY)
    return text[max(0, at - 200) : at + 60]
