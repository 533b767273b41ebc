"""CPU seconds and sizes of the infra and network graphs of a large estate: 5,000 servers in 40 subnets.

The inventory is made up before the clock starts and the stages run in one
process, as ``analytics draw`` runs them; the time is the CPU of all stages together,
none of which waits, reading the inventory left out. The goals are those of a folded picture: two
seconds and two megabytes, every server and application accounted for. ``--json`` for programs.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterator, Sequence
from typing import Any

from analytics.documents.ports import Where
from analytics.documents.values import Document
from analytics.inventory.owned import OwnedInventory
from analytics.inventory.visible import values
from analytics.model.artifacts import Drawing, GraphRequest
from analytics.pipeline.local import run_steps
from analytics.pipeline.registry import load_configured
from analytics.settings import read
from analytics.testing import context
from devtool.bench._rows import Row, for_programs, tell

OWNER = "0" * 23 + "1"
SECONDS, MEGABYTES = 2.0, 2.0
ROLES = ("Web", "Application", "Database", "Cache", "Queue")
ENVIRONMENTS = ("Production", "Staging")
Documents = dict[str, list[dict[str, Any]]]


def oid(kind: int, number: int) -> str:
    """A 24-hex id."""
    return f"{kind:08x}{number:016x}"


def estate_of(servers: int, subnets: int) -> Documents:
    """Servers over subnets in networks of ten, two regions of three zones, five roles and their groups."""
    place = {"_id": oid(9, 1), "name": "Cloud", "provider": "AWS"}

    def kept(kind: int, number: int, **fields: Any) -> dict[str, Any]:
        return {"_id": oid(kind, number), "roles": [{"_id": OWNER}], "active": True, **fields}

    def where(subnet: int) -> dict[str, Any]:
        region = f"region-{subnet // 10 % 2}"
        return {**place, "region": region, "zone": f"{region}{'abc'[subnet % 3]}"}

    networks: list[dict[str, Any]] = []
    for number in range((subnets + 9) // 10):
        here = {**place, "region": f"region-{number % 2}"}
        base = {"datacenters": here, "vpc_id": f"vpc-{number}"}
        networks.append(
            kept(1, number, family="Vpc", unique_id=f"vpc-{number}", image_id=f"10.{number}.0.0/16", datacenters=here)
        )
        ways = [{"DestinationCidrBlock": "0.0.0.0/0", "GatewayId": f"igw-{number}"}]
        networks.append(kept(2, number, family="RouteTable", routes=ways, **base))
        for index, role in enumerate(ROLES):
            before = ROLES[index - 1]
            source: dict[str, Any] = {"UserIdGroupPairs": [{"GroupId": f"sg-{before}-{number}"}]}
            if role == "Web":
                source = {"IpRanges": [{"CidrIp": "0.0.0.0/0"}]}
            rule = {"IpProtocol": "tcp", "FromPort": 443 + index, "ToPort": 443 + index, **source}
            name = f"sg-{role}-{number}"
            networks.append(
                kept(3, number * 10 + index, family="SecurityGroup", unique_id=name, ip_permissions=[rule], **base)
            )
    for number in range(subnets):
        spot = where(number)
        block = f"10.{number // 10}.{number % 10}.0/24"
        fields = {"vpc_id": f"vpc-{number // 10}", "cidr_block": block, "availability_zone": spot["zone"]}
        networks.append(
            kept(
                4,
                number,
                family="Subnet",
                unique_id=f"subnet-{number}",
                **fields,
                datacenters=place | {"region": spot["region"]},
            )
        )
    machines = []
    for number in range(servers):
        subnet, role = number % subnets, ROLES[number // subnets % len(ROLES)]
        spot = where(subnet) | {"subnet_id": f"subnet-{subnet}", "instance": "m5.large", "instance_id": f"i-{number}"}
        spot["security_groups"] = [f"sg-{role}-{subnet // 10}"]
        machines.append(
            kept(
                5,
                number,
                hostname=f"{role.lower()}-{number}",
                role=role,
                environment=ENVIRONMENTS[subnet % 2],
                cpu=2,
                memory=8,
                applications=[{"_id": oid(6, ROLES.index(role)), "name": role}],
                ipv4_private=f"10.{subnet // 10}.{subnet % 10}.{number // subnets % 250 + 1}",
                ipv4_public=f"54.0.{number // 250 % 250}.{number % 250}" if role == "Web" else None,
                datacenters=spot,
            )
        )
    applications = [
        kept(6, index, name=role, family="Application", deps=[{"_id": oid(6, index + 1)}] if index < 4 else [])
        for index, role in enumerate(ROLES)
    ]
    return {"servers": machines, "applications": applications, "networks": networks}


class Held:
    """A source over documents in memory."""

    def __init__(self, documents: Documents) -> None:
        self._documents = documents

    def documents(self, collection: str, _owner: str, where: Where) -> list[Document]:
        """Those that match."""
        wanted = {field: set(among) for field, among in where.items()}
        return [
            document
            for document in self._documents.get(collection, [])
            if all(not among.isdisjoint(values(document, field)) for field, among in wanted.items())
        ]

    def reachable(self, _owner: str, _roots: Sequence[str]) -> list[Document]:
        """Not asked for here."""
        return []

    def owners(self) -> list[str]:
        """The one owner."""
        return [OWNER]

    def close(self) -> None:
        """Nothing is open."""


def measure(kind: str, documents: Documents, rounds: int) -> Iterator[Row]:
    """Draw an estate, the fastest of some rounds."""
    registry = load_configured(read({"MAESTRO_ENV": "development"}))
    ctx = context(OwnedInventory(Held(documents), OWNER))
    best, result = float("inf"), None
    for _ in range(rounds):
        start = time.process_time()
        result = run_steps(registry.plans[kind], GraphRequest("bench", OWNER, kind), ctx, lambda *_: None)
        best = min(best, time.process_time() - start)
    drawing = result.artifact(Drawing) if result is not None else None
    assert drawing is not None
    graph, tally = drawing.graph, drawing.tally
    servers = {one["_id"] for one in documents["servers"]}
    shown = {key for node in graph.nodes for key in node.members or (node.id,)}
    lost = len(servers - shown) + abs(tally.found - len(servers) - len(documents["applications"]))
    name = f"{kind}, {len(servers):,} servers"
    yield Row(f"{name}: all stages", best, "CPU s", goal=SECONDS)
    yield Row(f"{name}: picture", len(drawing.svg.encode()) / 1e6, "MB", goal=MEGABYTES)
    yield Row(f"{name}: things that no sum has", lost + (not tally.complete), "", goal=0)
    yield Row(f"{name}: nodes drawn", len(graph.nodes), "")


def main(argv: Sequence[str]) -> int:
    """Print a table; 1 when a goal is missed."""
    parser = argparse.ArgumentParser(prog="bench estate", description=__doc__)
    parser.add_argument("--servers", type=int, default=5_000)
    parser.add_argument("--subnets", type=int, default=40)
    parser.add_argument("--rounds", type=int, default=3)
    for_programs(parser)
    options = parser.parse_args(list(argv))
    documents = estate_of(options.servers, options.subnets)
    return tell(
        (row for kind in ("infra", "network") for row in measure(kind, documents, options.rounds)), options.json
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
