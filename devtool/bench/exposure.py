"""What is said of exposure, held against packets walked one at a time through random estates of every provider.

Counts false "closed", "private" and too few ports (the goal is none), false "exposed"
(1 %), "unknown" where the documents decide (3 %), and how much of what the world
reaches is called exposed (95 %).
"""

from __future__ import annotations

import argparse
import re
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from analytics.documents.entities import Application, Server
from analytics.documents.networks import NetworkItem
from analytics.graphs.network.build import survey_estate
from analytics.graphs.network.draft import Picture
from analytics.graphs.network.nodes import add_application, add_server
from analytics.model.artifacts import Estate, Networks
from devtool.bench._exposure_estates import estate
from devtool.bench._exposure_walk import Packet, World
from devtool.bench._rows import Row, for_programs, tell

WIDE = {4: 2**24, 6: 2**112}
NUMBERS = {"tcp": 6, "udp": 17}


@dataclass
class Score:
    """What was counted; ``wrong`` holds the dangerous sentences."""

    seen: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)

    def rows(self) -> Iterator[Row]:
        """The figures with their goals."""
        seen = self.seen

        def share(one: str, of: str) -> float:
            return 100 * seen[one] / max(1, seen[of])

        things = f"of {seen['things']:,} things"
        yield Row(f"{things}: said closed or fewer ports, and is not", seen["danger"], "", goal=0)
        yield Row(f"{things}: said unknown, and the documents decide", share("shrugged", "things"), "%", goal=3)
        yield Row(f"{seen['exposed']:,} said exposed: nobody gets in", share("cried", "exposed"), "%", goal=1)
        yield Row(
            f"{seen['reached']:,} reached by the world: called exposed",
            share("found", "reached") if seen["reached"] else 100,
            "%",
            goal=95,
            least=True,
        )

    @property
    def good(self) -> bool:
        """Whether every goal is met."""
        return all(row.holds for row in self.rows())


def said_of(documents: dict[str, list[dict[str, Any]]]) -> dict[str, str]:
    """The sentence about each thing's exposure, by its name, as the tooltip has it."""
    servers = [server for doc in documents["servers"] if (server := Server.read(doc))]
    apps = [app for doc in documents["applications"] if (app := Application.read(doc))]
    items = [item for doc in documents["networks"] if (item := NetworkItem.read(doc))]
    picture: Picture = survey_estate(Estate(tuple(servers), tuple(apps), ()), Networks(tuple(items)))
    for server in servers:
        add_server(picture, server)
    for app in apps:
        add_application(picture, app)
    rows = {node.name: {one.name: one.value for one in node.attributes} for node in picture.nodes.values()}
    return {name: row["internet exposure"] for name, row in rows.items()}


def names_port(words: str, packet: Packet) -> bool:
    """Whether a sentence names what a packet asks for."""
    if "all traffic" in words:
        return True
    for one in words.split("; "):
        protocol, _, spans = one.partition(" ")
        if protocol not in NUMBERS:
            continue
        if NUMBERS[protocol] == packet.protocol:
            if "all ports" in spans:
                return True
            for low, high in re.findall(r"(\d+)(?:-(\d+))?", spans.partition(" (+")[0]):
                if int(low) <= packet.port <= int(high or low):
                    return True
    return any(
        f"protocol {packet.protocol}" == one or one == {47: "gre", 132: "sctp all ports"}.get(packet.protocol)
        for one in words.split("; ")
    )


def judge(score: Score, world: World, doc: dict[str, Any], kind: str, said: str, seed: int) -> None:
    """Hold one sentence against every packet."""
    walk = world.server if kind == "servers" else world.application
    reached: dict[int, dict[int, int]] = {4: {}, 6: {}}
    sure: list[Packet] = []
    may: list[Packet] = []
    decided = True
    for packet, size in world.packets:
        value = walk(doc, packet)
        decided &= value != 1
        if value and packet.protocol != 1:
            (sure if value == 2 else may).append(packet)
            if value == 2:
                reached[packet.version][packet.source] = size
    wide = any(sum(sizes.values()) >= WIDE[version] for version, sizes in reached.items())
    score.seen["things"] += 1
    score.seen["= " + re.split(r"[:,] | only| to ", said)[0]] += 1
    words, _, doubt = said.partition("; more may be open")
    exposed, limited, unknown = said.startswith("exposed"), said.startswith("open to"), said.startswith("unknown")
    ports = words.partition(": ")[2]
    wrong = ""
    if exposed or limited:
        missing = [packet for packet in (sure if doubt else [*sure, *may]) if not names_port(ports, packet)]
        wrong = f"does not name {missing[0]}" if missing else ""
        wrong = wrong or ("is open to the world" if limited and wide and not doubt else "")
    elif not unknown:
        wrong = f"lets in {(sure or may)[0]}" if sure or may else ""
    if wrong:
        score.seen["danger"] += 1
        score.wrong.append(f"seed {seed} {world.provider} {doc['_id']}: {said!r} {wrong}")
    score.seen["exposed"] += exposed
    score.seen["cried"] += exposed and not sure
    score.seen["shrugged"] += unknown and decided
    if unknown and decided:
        score.wrong.append(f"(unknown) seed {seed} {world.provider} {doc['_id']}: {said!r}")
    score.seen["reached"] += wide
    score.seen["found"] += wide and exposed
    if wide and not exposed:
        score.wrong.append(f"(not called exposed) seed {seed} {world.provider} {doc['_id']}: {said!r}")


def measure(estates: int, seed: int) -> Score:
    """Judge every thing of some estates."""
    score = Score()
    for number in range(seed * 1_000_000, seed * 1_000_000 + estates):
        provider, documents = estate(number)
        said, world = said_of(documents), World(provider, documents)
        for kind in ("servers", "applications"):
            for doc in documents[kind]:
                judge(score, world, doc, kind, said[doc.get("hostname") or doc["name"]], number)
    return score


def main(argv: Sequence[str]) -> int:
    """Print the figures; 1 where a goal is missed."""
    parser = argparse.ArgumentParser(prog="python3 -m devtool bench exposure", description=__doc__)
    parser.add_argument("--estates", type=int, default=3_000)
    parser.add_argument("--seed", type=int, default=1)
    for_programs(parser)
    options = parser.parse_args(argv)
    score = measure(options.estates, options.seed)
    said = ", ".join(f"{name[2:]} {n}" for name, n in sorted(score.seen.items()) if name.startswith("= "))
    print(f"{options.estates} estates, seed {options.seed}; said: {said}", file=sys.stderr)
    for line in score.wrong[:20]:
        print("  " + line, file=sys.stderr)
    return tell(score.rows(), options.json)
