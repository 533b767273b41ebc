"""Which packets reach an interface: filters and routes in three values. Pure.

Each stage of the way is a :class:`Passage`: what passes for sure, what passes or may
pass, and the doubts between the two. Stages in series are met, filters of one layer
added or asked in order. "Closed" is said only where nothing passes or may pass.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import reduce

from ...documents.clauses import Clause, is_range
from ...documents.packets import Way
from .packets import (
    ALL,
    BLOCK,
    LAST_SERVICE,
    NOTHING,
    WORLD4,
    WORLD6,
    Packets,
    every,
    join,
    less,
    meet,
    sources,
    without_ports,
)

Prefixes = Mapping[str, tuple[str, ...]]
YES, MAYBE, NO = 2, 1, 0


@dataclass(frozen=True, slots=True)
class Doubt:
    """What was not understood, and the packets that hang on it."""

    text: str
    packets: Packets


@dataclass(frozen=True, slots=True)
class Passage:
    """One stage: ``sure`` passes, ``may`` (which holds it) passes or may. ``opened`` are the rules that let in."""

    sure: Packets = NOTHING
    may: Packets = NOTHING
    doubts: tuple[Doubt, ...] = ()
    opened: tuple[Doubt, ...] = ()


OPEN = Passage(ALL, ALL)
SHUT = Passage()


def perhaps(reason: str) -> Passage:
    """Everything may pass, nothing is sure."""
    return Passage(NOTHING, ALL, (Doubt(reason, ALL),))


def added(passages: Iterable[Passage]) -> Passage:
    """Filters of one layer that add up."""
    return reduce(
        lambda one, other: Passage(
            join(one.sure, other.sure),
            join(one.may, other.may),
            (*one.doubts, *other.doubts),
            (*one.opened, *other.opened),
        ),
        passages,
        SHUT,
    )


def both(one: Passage, other: Passage) -> Passage:
    """Stages in series."""
    return Passage(
        meet(one.sure, other.sure), meet(one.may, other.may), (*one.doubts, *other.doubts), (*one.opened, *other.opened)
    )


def match(clause: Clause, prefixes: Prefixes, privates: Sequence[str]) -> Passage:
    """The packets a clause is about."""
    first, last = clause.protocols
    services = (
        (first * BLOCK + clause.ports[0], first * BLOCK + clause.ports[1])
        if first == last
        else (first * BLOCK, min((last + 1) * BLOCK - 1, LAST_SERVICE))
    )
    doubts = [clause.doubt] if clause.doubt else []
    texts, unsure = list(clause.sources), bool(clause.doubt) and not clause.sources and not clause.lists
    for name in clause.lists:
        held = prefixes.get(name.lower())
        if held is None or not all(is_range(word) for word in held):
            unsure = True
            doubts.append(f"{name}, not in the inventory" if held is None else f"{name}, a range of it is not readable")
        texts += [word for word in held or () if is_range(word)]
    if clause.targets and not privates:
        doubts.append(f"is about {', '.join(clause.targets)}, and no private address is told")
    elif clause.targets:
        about = [sources(word) for word in clause.targets]
        here = [sources(word)[0] for word in privates if is_range(word)]
        if not any(low <= one <= high for low, high in about for one in here):
            return SHUT
    known: Packets = tuple((*sources(word), *services) for word in texts)
    may = meet(ALL, tuple((a, b, *services) for a, b, _, _ in ALL)) if unsure else known
    told_only = clause.doubt or (clause.targets and not privates)
    return Passage(
        NOTHING if told_only else known,
        may,
        tuple(Doubt(f"{clause.label}: {word}", may) for word in doubts),
        (Doubt(clause.label, known),),
    )


def filtered(
    clauses: Sequence[Clause], ordered: bool, prefixes: Prefixes, privates: Sequence[str] = (), egress: bool = False
) -> Passage:
    """What a filter lets in (or out): its clauses added up, or the first match of each packet."""
    mine = [clause for clause in clauses if clause.egress is egress]
    if not ordered:
        return added(match(clause, prefixes, privates) for clause in mine if clause.allow)
    sure, may, left_sure, left_may = NOTHING, NOTHING, ALL, ALL
    doubts: list[Doubt] = []
    opened: list[Doubt] = []
    for clause in sorted(mine, key=lambda clause: clause.order):
        about = match(clause, prefixes, privates)
        doubts += [replace(doubt, packets=meet(doubt.packets, left_may)) for doubt in about.doubts]
        if clause.allow:
            opened += [Doubt(clause.label, meet(about.sure, left_sure))]
            sure = join(sure, meet(about.sure, left_sure))
            may = join(may, meet(about.may, left_may))
            left_sure = less(left_sure, about.sure)
        else:
            left_sure = less(left_sure, about.may)
        left_may = less(left_may, about.sure)
    return Passage(sure, may, tuple(doubts), tuple(opened))


def listed(clauses: Sequence[Clause], prefixes: Prefixes, name: str) -> Passage:
    """A stateless list (AWS network ACL): in, and the answer out to a port that the client chooses."""
    inwards = replace(filtered(clauses, True, prefixes), opened=())
    if not any(clause.egress for clause in clauses):
        return both(inwards, perhaps(f"{name} tells nothing of what it lets out"))
    out = filtered(clauses, True, prefixes, egress=True)
    answers = Passage(without_ports(out.sure), without_ports(out.may), out.doubts)
    return both(inwards, answers)


APPLIANCES = ("vpce-", "eni-", "i-", "virtualappliance", "none", "virtualnetworkgateway")
NO_WAY_IN = ("eigw-", "nat-", "tgw-", "vgw-", "pcx-", "lgw-", "local", "vnetlocal", "cagw-")


def verdict(way: Way) -> int:
    """Whether a target carries connections from outside."""
    target = way.target.lower()
    if way.dead:
        return NO
    if target.startswith("igw-") or target == "internet":
        return YES
    if target.startswith(NO_WAY_IN):
        return NO
    return MAYBE


def routed(ways: Sequence[Way], prefixes: Prefixes, name: str, otherwise: Passage) -> Passage:
    """Where the answer to each source goes: the longest prefix decides; ``otherwise`` what no route is about."""
    exact: list[tuple[int, tuple[int, int], Way]] = []
    lost: list[Way] = []
    for way in ways:
        texts = (way.destination,) if is_range(way.destination) else prefixes.get(way.destination.lower())
        if texts is None:
            lost.append(way)
            continue
        exact += [(span[1] - span[0], span, way) for text in texts if is_range(text) and (span := sources(text))]
    sure, may, left = NOTHING, NOTHING, ALL
    doubts: list[Doubt] = []
    for _, span, way in sorted(exact, key=lambda one: one[0]):
        here = meet(every([span]), left)
        left = less(left, every([span]))
        value = verdict(way)
        sure = join(sure, here) if value == YES else sure
        may = join(may, here) if value != NO else may
        if value == MAYBE:
            doubts.append(Doubt(f"route {way.destination} of {name} leads to {way.target or 'no known target'}", here))
    passage = Passage(
        join(sure, meet(otherwise.sure, left)), join(may, meet(otherwise.may, left)), (*doubts, *otherwise.doubts)
    )
    for way in lost:
        if way.target.lower().startswith("vpce-"):
            continue  # the list of a provider's service
        doubt = Doubt(f"route {way.destination or 'without a range'} of {name}: not in the inventory", ALL)
        keeps = verdict(way) != NO
        passage = Passage(
            passage.sure if verdict(way) == YES else NOTHING, ALL if keeps else passage.may, (*passage.doubts, doubt)
        )
    return passage


@dataclass(frozen=True, slots=True)
class Layer:
    """A stage with the words for when it stops everything."""

    closes: str
    passage: Passage


@dataclass(frozen=True, slots=True)
class Face:
    """One interface: whether it has a public address of each family, and what stands in front of it."""

    name: str
    four: int
    six: int
    layers: tuple[Layer, ...] = ()


@dataclass(frozen=True, slots=True)
class Reach:
    """What reaches a thing from the Internet. ``address`` is yes, maybe or no; ``closes`` the layer that stops all."""

    sure: Packets = NOTHING
    may: Packets = NOTHING
    address: int = NO
    closes: str = ""
    doubts: tuple[str, ...] = ()
    opened: tuple[str, ...] = ()


def reach(face: Face) -> Reach:
    """What reaches one interface."""
    yes = join(WORLD4 if face.four == YES else NOTHING, WORLD6 if face.six == YES else NOTHING)
    may = join(WORLD4 if face.four else NOTHING, WORLD6 if face.six else NOTHING)
    way = Passage(yes, may)
    closes = ""
    if may != yes:
        way = replace(way, doubts=(Doubt("whether it has a public address is not told", less(may, yes)),))
    for layer in face.layers:
        further = both(way, layer.passage)
        if way.may and not further.may:
            closes = layer.closes
        way = further
    open_question = less(way.may, way.sure)
    return Reach(
        way.sure,
        way.may,
        max(face.four, face.six),
        closes,
        tuple(dict.fromkeys(doubt.text for doubt in way.doubts if meet(doubt.packets, open_question))),
        tuple(dict.fromkeys(one.text for one in way.opened if meet(one.packets, way.sure))),
    )


def reach_of(faces: Sequence[Face]) -> Reach:
    """What reaches a thing over any of its interfaces."""
    found = [reach(face) for face in faces]
    ways = [one for one in found if one.address] or found
    sure, may = join(*(one.sure for one in found)), join(*(one.may for one in found))
    return Reach(
        sure,
        may,
        max((one.address for one in found), default=MAYBE),
        next((one.closes for one in ways if one.closes), ""),
        tuple(dict.fromkeys(text for one in found for text in one.doubts)),
        tuple(dict.fromkeys(text for one in found for text in one.opened)),
    )
