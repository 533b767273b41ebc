"""Made-up service maps: some with teams whose members mostly call each other, some that are chance alone."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass

Calls = dict[tuple[str, str], int]


@dataclass(frozen=True, slots=True)
class ServiceMap:
    """Calls by (caller, called), and the team of each service (empty where there are no teams)."""

    calls: Calls
    team: Mapping[str, str]


def with_teams(
    services: int = 1_200, teams: int = 40, platforms: int = 12, seed: int = 1, *, named: bool = True
) -> ServiceMap:
    """Teams of falling size, call trees inside each, few ways between them, and platforms that many call.

    ``named``: the team stands in the name; else names say nothing and sort by chance.
    """
    chance = random.Random(seed)
    shares = [(rank + 3) ** -0.8 for rank in range(teams)]
    sizes = [max(6, round((services - platforms) * share / sum(shares))) for share in shares]
    names = [f"svc{number:05d}" for number in range(sum(sizes) + platforms)]
    chance.shuffle(names)
    calls: Calls = {}
    team: dict[str, str] = {}
    members: list[list[str]] = []
    for number, size in enumerate(sizes):
        own = []
        for place in range(size):
            name = f"team{number:02d}-{place}" if named else names.pop()
            team[name] = f"team{number:02d}"
            own.append(name)
            if place:
                for _ in range(1 + (chance.random() < 0.6)):
                    calls[own[int(place * chance.random() ** 2)], name] = int(10 ** chance.uniform(1, 5))
        members.append(own)
    for number, own in enumerate(members[:-1]):
        for other in sorted(chance.sample(range(number + 1, teams), min(2, teams - number - 1))):
            for _ in range(chance.randint(1, 3)):
                calls[chance.choice(own), members[other][chance.randrange(3)]] = int(10 ** chance.uniform(1, 3.5))
    for number in range(platforms):
        name = f"platform-{number}" if named else names.pop()
        team[name] = "platform"
        for own in members:
            for caller in own:
                if chance.random() < 0.03 + 0.25 / (number + 1):
                    calls[caller, name] = int(10 ** chance.uniform(1, 5))
    return ServiceMap({pair: count for pair, count in calls.items() if pair[0] != pair[1]}, team)


def by_chance(services: int = 1_197, relations: int = 4_200, platforms: int = 24, seed: int = 1) -> ServiceMap:
    """Calls between any two services, two in five of them to a platform: there are no parts."""
    chance = random.Random(seed)
    calls: Calls = {}
    while len(calls) < relations:
        called = chance.randrange(platforms if chance.random() < 0.4 else services)
        caller = chance.randrange(services)
        if caller != called:
            calls[f"s{caller:04d}", f"s{called:04d}"] = int(10 ** chance.uniform(1, 5))
    return ServiceMap(calls, {})


def rewired(found: ServiceMap, seed: int = 1) -> ServiceMap:
    """The same callers and the same called, met by chance: what parts there were are gone."""
    called = [pair[1] for pair in found.calls]
    random.Random(seed).shuffle(called)
    pairs = zip(found.calls.items(), called, strict=True)
    return ServiceMap({(pair[0], other): count for (pair, count), other in pairs if pair[0] != other}, {})


def changed(found: ServiceMap, share: float, seed: int = 1) -> ServiceMap:
    """A ``share`` of the relations gone, every second of these led elsewhere."""
    chance = random.Random(seed)
    things = sorted({end for pair in found.calls for end in pair})
    calls = dict(found.calls)
    for number, pair in enumerate(chance.sample(sorted(calls), round(len(calls) * share))):
        count = calls.pop(pair)
        called = chance.choice(things)
        if number % 2 and called != pair[0]:
            calls[pair[0], called] = count
    return ServiceMap(calls, found.team)
