"""Phase: which arcs run against the reading direction, so that no cycle remains?

Before: any directed graph. After: an orientation of its lines (unordered pairs
of nodes) without a cycle; few arcs oppose it.

Source: P. Eades, X. Lin, W. F. Smyth, "A fast and effective heuristic for the
feedback arc set problem", Information Processing Letters 47 (1993), inside each
strongly connected component (R. Tarjan 1972, written as a loop), improved by
moving single nodes to their best place until nothing improves.
"""

from __future__ import annotations

from bisect import bisect_left

from .records import Arc, Digraph

#: Rounds of single-node improvement; most components settle after two or three.
ROUNDS = 12


def orient(graph: Digraph) -> tuple[Arc, ...]:
    """One directed line for each connected pair of nodes; together they have no cycle.

    An arc whose line runs the other way is a reversed one. Of two arcs between
    the same nodes one is always reversed.

    >>> orient(Digraph(3, ((0, 1), (1, 2), (2, 0))))
    ((0, 1), (0, 2), (1, 2))
    >>> orient(Digraph(3, ((0, 1), (1, 2), (2, 0)), frozenset({1})))
    ((1, 0), (1, 2), (2, 0))
    """
    component = strong_components(graph)
    place = _places(graph, component)
    lines = set()
    for tail, head in graph.arcs:
        forward = component[tail] != component[head] or place[tail] < place[head]
        lines.add((tail, head) if forward else (head, tail))
    return tuple(sorted(lines))


def orient_by_depth(graph: Digraph) -> tuple[Arc, ...]:
    """As :func:`orient`, but an arc is reversed where a walk in depth, from the entries and sources, meets its own way.

    More arcs run backwards than need to; the others reach further, which may
    leave room for fewer crossings.

    >>> orient_by_depth(Digraph(3, ((0, 1), (1, 2), (2, 0))))
    ((0, 1), (0, 2), (1, 2))
    """
    heads: list[list[int]] = [[] for _ in range(graph.size)]
    led_to = bytearray(graph.size)
    for tail, head in graph.arcs:
        heads[tail].append(head)
        led_to[head] = 1
    seen = bytearray(graph.size)
    left = [0] * graph.size  # when the walk left the node for good
    clock = 0
    for start in sorted(range(graph.size), key=lambda node: (node not in graph.entries, led_to[node], node)):
        if seen[start]:
            continue
        seen[start] = 1
        walk = [(start, iter(heads[start]))]
        while walk:
            node, onwards = walk[-1]
            for head in onwards:
                if not seen[head]:
                    seen[head] = 1
                    walk.append((head, iter(heads[head])))
                    break
            else:
                walk.pop()
                left[node] = clock
                clock += 1
    lines = {(tail, head) if left[tail] > left[head] else (head, tail) for tail, head in graph.arcs}
    return tuple(sorted(lines))


def strong_components(graph: Digraph) -> list[int]:
    """The number of each node's strongly connected component.

    >>> strong_components(Digraph(4, ((0, 1), (1, 0), (1, 2), (2, 3))))
    [2, 2, 1, 0]
    """
    heads: list[list[int]] = [[] for _ in range(graph.size)]
    for tail, head in graph.arcs:
        heads[tail].append(head)
    found = [-1] * graph.size  # when the walk first met the node
    lowest = [0] * graph.size
    component = [-1] * graph.size
    stack: list[int] = []
    clock = components = 0
    for start in range(graph.size):
        if found[start] >= 0:
            continue
        walk = [(start, 0)]
        while walk:
            node, step = walk.pop()
            if step == 0:
                found[node] = lowest[node] = clock
                clock += 1
                stack.append(node)
            elif component[heads[node][step - 1]] < 0:
                lowest[node] = min(lowest[node], lowest[heads[node][step - 1]])
            for index in range(step, len(heads[node])):
                head = heads[node][index]
                if found[head] < 0:
                    walk += [(node, index + 1), (head, 0)]
                    break
                if component[head] < 0:
                    lowest[node] = min(lowest[node], found[head])
            else:
                if lowest[node] == found[node]:
                    while component[node] < 0:
                        component[stack.pop()] = components
                    components += 1
    return component


def _places(graph: Digraph, component: list[int]) -> list[int]:
    """A place for each node inside its strong component; arcs against the places are the reversed ones."""
    members: dict[int, list[int]] = {}
    for node, number in enumerate(component):
        members.setdefault(number, []).append(node)
    heads: dict[int, list[int]] = {}
    tails: dict[int, list[int]] = {}
    for tail, head in graph.arcs:
        if component[tail] == component[head]:
            heads.setdefault(tail, []).append(head)
            tails.setdefault(head, []).append(tail)
    place = [0] * graph.size
    for nodes in members.values():
        if len(nodes) > 1:
            sequence = _greedy(nodes, heads, tails, graph.entries)
            for index, node in enumerate(_improved(sequence, heads, tails, graph.entries)):
                place[node] = index
    return place


def _greedy(
    nodes: list[int], heads: dict[int, list[int]], tails: dict[int, list[int]], entries: frozenset[int]
) -> list[int]:
    """Sinks to the end, sources to the front, else the node with the largest surplus of outgoing arcs."""
    out = {node: len(heads[node]) for node in nodes}
    into = {node: len(tails[node]) for node in nodes}
    left: set[int] = set(nodes)
    buckets: dict[int, set[int]] = {}
    sinks = [node for node in nodes if not out[node]]
    sources = [node for node in nodes if not into[node]]
    for node in nodes:
        buckets.setdefault(out[node] - into[node], set()).add(node)
    highest = max(buckets)
    front: list[int] = []
    back: list[int] = []

    def remove(node: int) -> None:
        nonlocal highest
        left.discard(node)
        buckets[out[node] - into[node]].discard(node)
        for head in heads[node]:
            if head in left:
                buckets[out[head] - into[head]].discard(head)
                into[head] -= 1
                buckets.setdefault(out[head] - into[head], set()).add(head)
                highest = max(highest, out[head] - into[head])
                if not into[head]:
                    sources.append(head)
        for tail in tails[node]:
            if tail in left:
                buckets[out[tail] - into[tail]].discard(tail)
                out[tail] -= 1
                buckets.setdefault(out[tail] - into[tail], set()).add(tail)
                if not out[tail]:
                    sinks.append(tail)

    for node in sorted(entries.intersection(nodes))[:1]:  # one entry leads, the others find their place
        front.append(node)
        remove(node)
    while left:
        if sinks:
            node = sinks.pop()
            if node in left:
                back.append(node)
                remove(node)
        elif sources:
            node = sources.pop()
            if node in left:
                front.append(node)
                remove(node)
        else:
            while not buckets.get(highest):
                highest -= 1
            node = min(buckets[highest])
            front.append(node)
            remove(node)
    return front + back[::-1]


def _improved(
    sequence: list[int], heads: dict[int, list[int]], tails: dict[int, list[int]], entries: frozenset[int]
) -> list[int]:
    """Each node to the place where the fewest of its arcs run backwards, until nothing improves."""
    at = {node: float(index) for index, node in enumerate(sequence)}
    for _ in range(ROUNDS):
        moved = False
        ordered = sorted(at.values())
        for node in sequence:
            # Walking right from the far left: passing a head costs one arc, passing a tail gains one.
            events = sorted([(at[head], 1) for head in heads[node]] + [(at[tail], -1) for tail in tails[node]])
            cost = best = here = 0
            best_after: float | None = None
            current = at[node]
            for spot, change in events:
                if spot < current:
                    here += change
            for spot, change in events:
                cost += change
                if cost < best:
                    best, best_after = cost, spot
            if best < here:
                index = 0 if best_after is None else bisect_left(ordered, best_after) + 1
                low = ordered[index - 1] if index else ordered[0] - 2.0
                high = ordered[index] if index < len(ordered) else ordered[-1] + 2.0
                middle = (low + high) / 2
                if low < middle < high:
                    ordered.pop(bisect_left(ordered, current))
                    ordered.insert(bisect_left(ordered, middle), middle)
                    at[node] = middle
                    moved = True
        ranked = sorted(at, key=lambda node: at[node])
        at = {node: float(index) for index, node in enumerate(ranked)}
        if not moved:
            break
    return sorted(at, key=lambda node: at[node])
