"""Every thing gets a fold: what is declared first, then hubs, rules, and parts that are found, within a budget.

Folds are remembered: with those of the last picture at hand a thing stays where
it was unless it has nothing to do with its fold any more, and all is folded
afresh only where that would be clearly better.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from .callmap import CallMap, Pair, Relation
from .hubs import find_hubs
from .louvain import join, modularity, structure, unit_weights
from .rules import by_rule
from .units import TELLING, distances, first_words, telling, trees

#: What an overview may show: folds and things, and lines between them.
ROOM, LINES = 60, 60
#: What is searched for and not declared need not fill it: with so many things lines can be followed.
COMFORTABLE = 44
#: The lines drawn are enough where they carry this share of the calls.
ENOUGH = 0.98
#: No fold holds more than this part of all, unless it is small.
LARGEST_PART, LARGEST = 6, 20
#: Two searches must agree on this share of the things, else nothing is called a part.
AGREED = 0.6
#: Resolutions of the search, fine to coarse.
LADDER = tuple(0.1 * 1.25**step for step in reversed(range(26)))
#: A level of declared groups is used where this share of the things says something of it.
COVERED = 0.5
#: Words are a directory where this share of the things begins with one of several.
DIRECTORY, SEVERAL = 0.6, 3
#: Folds are found afresh where those that were kept have this much less than could be had.
WORSE = 0.05
#: Ids of folds: a hub, a thing that stands alone, a part with its head, and what is left.
HUB, THING, PART, NAMES, DISTANCE = "hub:", "thing:", "part:", "words:", "distance:"
REST, OTHERS, JOINED = "rest", "others", "joined:"
#: Folds whose members have no lines among themselves to part them by.
UNSPLIT = ("islands", "only", NAMES, DISTANCE, REST, OTHERS, HUB, THING, "ghosts:")
#: What folds are made of where nothing hangs together.
UNPARTED = frozenset({"words", "distance"})


@dataclass(frozen=True, slots=True)
class Level:
    """One way in which the inventory groups its things: what it is called, and each thing's group (empty: none)."""

    name: str
    groups: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FoldMap:
    """The fold of each thing, by id of the fold, which is its head, its group or its rule and never its members.

    ``by`` is what the folds are made of: a level of declared groups, ``names``, ``rules``, ``calls``, ``words``,
    ``distance``.
    ``afresh`` says why the last folds were not kept, where there were any.
    """

    fold: tuple[str, ...]
    hubs: tuple[int, ...]
    by: str
    afresh: str = ""

    def members(self) -> dict[str, list[int]]:
        """The things of each fold, by its id."""
        found: dict[str, list[int]] = defaultdict(list)
        for thing, key in enumerate(self.fold):
            found[key].append(thing)
        return found


def fold_things(
    graph: CallMap, levels: Sequence[Level] = (), previous: Mapping[str, str] | None = None, room: int = ROOM
) -> FoldMap:
    """The folds of ``graph``; ``previous`` gives the fold of each thing, by its id, in the last picture."""
    fresh = fold_afresh(graph, levels, room)
    if not previous:
        return fresh
    kept = keep(graph, fresh, previous)
    if fresh.by in UNPARTED and any(key.startswith(PART) for key in kept.fold):
        return replace(fresh, afresh="the parts are gone")
    if len(set(kept.fold)) > room:
        return replace(fresh, afresh="there were more than fit")
    off = frozenset(kept.hubs)
    if modularity(graph, kept.fold, off) < modularity(graph, fresh.fold, off) - WORSE:
        return replace(fresh, afresh="the calls have changed too much")
    return kept


def fold_afresh(graph: CallMap, levels: Sequence[Level], room: int = ROOM) -> FoldMap:
    """The folds, whatever they were before."""
    hubs = find_hubs(graph)
    placed = {hub: HUB + graph.ids[hub] for hub in hubs}
    level = declared(graph, levels, frozenset(hubs), room) or by_names(graph, frozenset(hubs))
    if level is not None:
        for thing, group in enumerate(level.groups):
            if group:
                placed.setdefault(thing, f"{level.name}:{group}")
    for thing, key in by_rule(graph, hubs).items():
        placed.setdefault(thing, key)
    loose = [thing for thing in range(graph.size) if thing not in placed]
    by = level.name if level else "calls" if loose else "rules"
    if len(set(placed.values())) + bool(loose) > room:
        placed = _joined_groups(graph, placed, hubs, room - bool(loose))
    space = room - len(set(placed.values()))
    if len(loose) <= space:
        placed |= {thing: THING + graph.ids[thing] for thing in loose}
    elif structure(graph, placed.keys()) >= AGREED:
        placed |= _parts(graph, placed, hubs, min(space, max(SEVERAL, COMFORTABLE - room + space)))
    elif level is not None:
        placed |= dict.fromkeys(loose, OTHERS)
    else:
        by, found = _without_parts(graph, loose, space)
        placed |= found
    return FoldMap(tuple(placed[thing] for thing in range(graph.size)), hubs, by)


def declared(graph: CallMap, levels: Sequence[Level], hubs: frozenset[int], room: int) -> Level | None:
    """The finest level that fits, else the coarsest; none where too few things say anything."""
    usable = []
    for level in levels:
        said = {group for thing, group in enumerate(level.groups) if group and thing not in hubs}
        covered = sum(bool(group) for group in level.groups)
        if len(said) > 1 and covered >= COVERED * graph.size:
            usable.append((len(said), level))
    fitting = [found for found in usable if found[0] + len(hubs) < room]
    if fitting:
        return max(fitting, key=lambda found: found[0])[1]
    return min(usable, key=lambda found: found[0])[1] if usable else None


def by_names(graph: CallMap, hubs: frozenset[int]) -> Level | None:
    """The first words of the names as groups, where they tell who calls whom."""
    words = first_words(graph.names)
    counted = Counter(words)
    if len(counted) > graph.size / 3 or telling(graph, words, hubs) > TELLING:
        return None
    return Level("names", tuple(word if counted[word] > 1 else "" for word in words))


def line_weights(graph: CallMap, fold: Sequence[str], hubs: frozenset[int]) -> dict[tuple[str, str], Relation]:
    """What runs between any two folds, both ways together; hubs are no ends of lines."""
    found: dict[tuple[str, str], Relation] = {}
    for (source, target), relation in graph.relations.items():
        one, other = fold[source], fold[target]
        if one == other or source in hubs or target in hubs:
            continue
        key = (one, other) if one < other else (other, one)
        found[key] = found[key] + relation if key in found else relation
    return found


def refine(graph: CallMap, folds: FoldMap, leaves: int) -> dict[int, str]:
    """Each thing's part inside its fold: the largest is parted again and again until there are ``leaves``.

    What a rule or a distance put together has no lines inside and is not parted. A thing whose fold stays whole is
    in no part: it does not stand in the answer.
    """
    members = folds.members()
    whole = {key: own for key, own in members.items() if len(own) > 1 and not key.startswith(UNSPLIT)}
    count = len(members)
    found: dict[int, str] = {}
    for key in sorted(whole, key=lambda key: (-len(whole[key]), key)):
        share = max(SEVERAL, round((leaves - count) * len(whole[key]) / max(1, sum(map(len, whole.values())))))
        space = min(share, leaves - count + 1, len(whole[key]))
        del whole[key]
        if space < SEVERAL:
            continue
        parts = parts_within(graph, folds, key, space)
        if len(set(parts.values())) > 1:
            found |= parts
            count += len(set(parts.values())) - 1
    return found


def parts_within(graph: CallMap, folds: FoldMap, key: str, space: int, *, finely: bool = False) -> dict[int, str]:
    """The members of one fold as at most ``space`` parts: each by itself, where there are no more.

    ``finely``: as many as there is room for, however many lines those have.
    """
    own = [thing for thing in range(graph.size) if folds.fold[thing] == key]
    if len(own) <= space:
        return {thing: THING + graph.ids[thing] for thing in own}
    others = dict.fromkeys((thing for thing in range(graph.size) if folds.fold[thing] != key), "")
    return _parts(graph, others, folds.hubs, space, finely=finely)


def _parts(
    graph: CallMap, placed: Mapping[int, str], hubs: Sequence[int], space: int, *, finely: bool = False
) -> dict[int, str]:
    """Parts of what is not placed: trees of heaviest callers, joined until they and their lines are few enough.

    ``finely``: things instead of trees are joined, until they are few enough.
    """
    off = frozenset(placed)
    loose = [thing for thing in range(graph.size) if thing not in off]
    root = range(graph.size) if finely else trees(graph, off)
    numbers: dict[int, int] = {}
    unit = [numbers.setdefault(root[thing], len(numbers)) if thing not in off else -1 for thing in range(graph.size)]
    weights = unit_weights(graph, unit, len(numbers))
    central = frozenset(hubs)

    def attempt(step: int) -> list[int]:
        parts = join(weights, LADDER[step]) if step < len(LADDER) else list(range(len(weights)))
        return [parts[unit[thing]] for thing in loose]

    step = _finest(lambda step: len(set(attempt(step))), space)
    best: tuple[tuple[bool, bool, float], list[int]] | None = None
    for number in range(step, len(LADDER)):
        parts = attempt(number)
        sizes = Counter(parts)
        if len(sizes) > space:
            continue
        fold = [placed.get(thing, "") for thing in range(graph.size)]
        for thing, part in zip(loose, parts, strict=True):
            fold[thing] = f"{part}"
        heavy = sorted((found.weight for found in line_weights(graph, fold, central).values()), reverse=True)
        shown = sum(heavy[:LINES]) / max(1, sum(heavy))
        fits = len(heavy) <= LINES or shown >= ENOUGH
        even = max(sizes.values()) <= max(LARGEST, graph.size / LARGEST_PART)
        score = (fits and even, even, len(sizes) if fits else shown)
        if best is None or score > best[0]:
            best = score, parts
        if finely or (fits and even):
            break
    parts = best[1] if best else attempt(len(LADDER) - 1)
    return _named_parts(graph, loose, parts, space)


def _finest(count: Callable[[int], int], space: int) -> int:
    """The first step of the ladder with at most ``space`` parts; the last where none has."""
    low, high = 0, len(LADDER) - 1
    while low < high:
        middle = (low + high) // 2
        if count(middle) <= space:
            high = middle
        else:
            low = middle + 1
    return low


def _named_parts(graph: CallMap, loose: Sequence[int], parts: Sequence[int], space: int) -> dict[int, str]:
    """The folds of parts, each called after its head; where there are too many the small ones are one."""
    members: dict[int, list[int]] = defaultdict(list)
    for thing, part in zip(loose, parts, strict=True):
        members[part].append(thing)
    order = sorted(members.values(), key=lambda own: (-len(own), own))
    found: dict[int, str] = {}
    for place, own in enumerate(order):
        key = REST if len(order) > space and place >= space - 1 else fold_key(graph, own)
        found |= dict.fromkeys(own, key)
    return found


def fold_key(graph: CallMap, members: Sequence[int]) -> str:
    """The id of a part: its head, or the thing itself."""
    return (PART if len(members) > 1 else THING) + graph.ids[head_of(graph, members)]


def head_of(graph: CallMap, members: Sequence[int]) -> int:
    """The member that has to do with most of the others, then with most things at all."""
    inside = frozenset(members)

    def rank(thing: int) -> tuple[int, int, int]:
        near = graph.neighbours(thing)
        return -len(inside.intersection(near)), -len(near), thing

    return min(members, key=rank)


def _joined_groups(graph: CallMap, placed: Mapping[int, str], hubs: Sequence[int], room: int) -> dict[int, str]:
    """Groups joined for want of room, those that call each other most first; what still does not fit is one fold."""
    fixed = {placed[hub] for hub in hubs}
    keys = sorted({key for key in placed.values() if key not in fixed})
    number = {key: place for place, key in enumerate(keys)}
    unit = [number.get(placed.get(thing, ""), -1) for thing in range(graph.size)]
    weights = unit_weights(graph, unit, len(keys))
    space = max(1, room - len(fixed))
    step = _finest(lambda step: len(set(join(weights, LADDER[step]))), space)
    parts = join(weights, LADDER[step])
    size = Counter(unit)
    members: dict[int, list[int]] = defaultdict(list)
    for place, part in enumerate(parts):
        members[part].append(place)
    order = sorted(members.values(), key=lambda own: (-sum(size[one] for one in own), own))
    name: dict[str, str] = {}
    for place, own in enumerate(order):
        largest = keys[min(own, key=lambda one: (-size[one], one))]
        joined = largest if len(own) == 1 else JOINED + largest
        name.update(
            dict.fromkeys((keys[one] for one in own), REST if len(order) > space and place >= space - 1 else joined)
        )
    return {thing: name.get(key, key) for thing, key in placed.items()}


def _without_parts(graph: CallMap, loose: Sequence[int], space: int) -> tuple[str, dict[int, str]]:
    """Where nothing hangs together: a directory of first words, else how far things are from an entry."""
    words = first_words(graph.names)
    counted = Counter(words[thing] for thing in loose)
    several = sorted((word for word in counted if counted[word] >= SEVERAL), key=lambda word: (-counted[word], word))
    if sum(counted[word] for word in several) >= DIRECTORY * len(loose):
        listed = frozenset(several[: max(1, space - 1)])
        return "words", {thing: NAMES + (words[thing] if words[thing] in listed else "") for thing in loose}
    step = distances(graph)
    return "distance", {thing: f"{DISTANCE}{min(step[thing], max(0, space - 1))}" for thing in loose}


def keep(graph: CallMap, fresh: FoldMap, previous: Mapping[str, str]) -> FoldMap:
    """The last folds: known things stay, those with nothing to do with theirs move, new ones join their callers."""
    fold = list(fresh.fold)
    searched = (PART, THING, REST, OTHERS)
    open_things = []
    for thing, key in enumerate(fresh.fold):
        before = previous.get(graph.ids[thing])
        if before is not None and not key.startswith(HUB) and not before.startswith(HUB):
            if key.startswith(searched) or before.startswith(searched):
                fold[thing] = before
        elif before is None and key.startswith(searched):
            open_things.append(thing)
    for thing in open_things:
        found = _heaviest(graph, thing, frozenset(open_things) | set(fresh.hubs))
        if found >= 0:
            fold[thing] = fold[found]
    central = frozenset(fresh.hubs)
    moves: dict[int, str] = {}
    for thing, key in enumerate(fold):
        if not key.startswith(PART):
            continue
        into = Counter(fold[other] for other in graph.neighbours(thing) if other not in central)
        if into and not into[key]:
            best = min(into, key=lambda other: (-into[other], other))
            if into[best] >= 2 and best.startswith((PART, THING)):
                moves[thing] = best
    for thing, key in moves.items():
        fold[thing] = key
    return FoldMap(tuple(fold), fresh.hubs, fresh.by)


def _heaviest(graph: CallMap, thing: int, without: frozenset[int]) -> int:
    """The heaviest caller, else what it calls most; -1 where there is neither."""
    callers: list[Pair] = [(caller, thing) for caller in graph.callers[thing] if caller not in without]
    called: list[Pair] = [(thing, other) for other in graph.calls[thing] if other not in without]
    pairs = callers or called
    if not pairs:
        return -1
    source, target = min(pairs, key=lambda pair: (-graph.relations[pair].weight, pair))
    return source if target == thing else target
