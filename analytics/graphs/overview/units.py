"""What belongs together before anything is searched: first words of names, and trees of heaviest callers."""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Sequence

from .callmap import CallMap

#: What parts the words of a name.
BREAKS = re.compile(r"[-_./: ]+")
#: A first word that more than this share of all begin with says nothing and is passed over, so often at most.
COMMON, PASSED_OVER = 0.6, 3
#: Names tell parts where they need at most this share of the lines that chance needs.
TELLING = 0.7
#: A tree has at most so many things, or this part of all.
TREE, TREE_PART = 12, 60


def first_words(names: Sequence[str]) -> list[str]:
    """The first word of each name that says something.

    >>> first_words(["ts-order-db", "ts-order", "ts-user", "@shop/cart"])
    ['order', 'order', 'user', 'shop']
    """
    parts = [[word for word in BREAKS.split(name.lstrip("@")) if word] or [name] for name in names]
    for _ in range(PASSED_OVER):
        counted = Counter(words[0] for words in parts)
        word, count = min(counted.items(), key=lambda item: (-item[1], item[0]), default=("", 0))
        if count <= COMMON * len(parts) or all(len(words) < 2 for words in parts):
            break
        parts = [words[1:] if words[0] == word and len(words) > 1 else words for words in parts]
    return [words[0] for words in parts]


def telling(graph: CallMap, group: Sequence[str], off: frozenset[int]) -> float:
    """Lines between groups against those with the called ends shuffled (fixed seed): 1 says nothing, 0 everything.

    It sees parts that keep to themselves, and tiers that call the next one, alike.
    """
    ends = [pair for pair in graph.relations if pair[0] not in off and pair[1] not in off]
    if not ends:
        return 1.0
    shuffled = [target for _, target in ends]
    random.Random(1).shuffle(shuffled)
    real = len({(group[source], group[target]) for source, target in ends})
    return real / len({(group[source], group[target]) for (source, _), target in zip(ends, shuffled, strict=True)})


def trees(graph: CallMap, off: frozenset[int]) -> list[int]:
    """Each thing to its heaviest caller, what nobody calls to what it calls most; for each thing one of its tree.

    The heaviest relations join first, and no tree grows too large.
    """
    most = max(TREE, graph.size // TREE_PART)
    parent = list(range(graph.size))
    size = [1] * graph.size

    def root(thing: int) -> int:
        while parent[thing] != thing:
            parent[thing] = parent[parent[thing]]
            thing = parent[thing]
        return thing

    degree = [len(graph.calls[thing]) + len(graph.callers[thing]) for thing in range(graph.size)]
    wishes = []
    for thing in range(graph.size):
        if thing in off:
            continue
        wanted = [
            (-graph.relations[caller, thing].weight, -degree[caller], caller)
            for caller in graph.callers[thing]
            if caller not in off
        ] or [
            (-graph.relations[thing, called].weight, -degree[called], called)
            for called in graph.calls[thing]
            if called not in off
        ]
        if wanted:
            weight, _, other = min(wanted)
            wishes.append((weight, thing, other))
    for _, thing, other in sorted(wishes):
        one, above = root(thing), root(other)
        if one != above and size[one] + size[above] <= most:
            parent[one] = above
            size[above] += size[one]
    return [root(thing) for thing in range(graph.size)]


def distances(graph: CallMap) -> list[int]:
    """Fewest calls from what nobody calls; what that does not reach is counted from the first of it."""
    found = [-1] * graph.size
    row = [thing for thing in range(graph.size) if not graph.callers[thing] and graph.calls[thing]]
    step = left = 0
    while True:
        for thing in row:
            found[thing] = step
        row = sorted({called for thing in row for called in graph.calls[thing] if found[called] < 0})
        step += 1
        if not row:
            while left < graph.size and found[left] >= 0:
                left += 1
            if left == graph.size:
                return found
            row, step = [left], 0
