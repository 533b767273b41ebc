"""Which relations lie on a cycle of things. A way through folds is no way of things, so folds are not asked."""

from __future__ import annotations

from .callmap import CallMap


def cyclic_parts(graph: CallMap) -> list[int]:
    """For each thing the number of the largest set around it in which each leads to each; -1 where it is alone.

    Source: R. Tarjan, "Depth-first search and linear graph algorithms", 1972, without recursion.
    """
    part = [-1] * graph.size
    index = [0] * graph.size
    low = [0] * graph.size
    on_stack = bytearray(graph.size)
    stack: list[int] = []
    clock = count = 0
    for root in range(graph.size):
        if index[root]:
            continue
        work = [(root, 0)]
        while work:
            thing, place = work.pop()
            if not place:
                clock += 1
                index[thing] = low[thing] = clock
                stack.append(thing)
                on_stack[thing] = 1
            for number in range(place, len(graph.calls[thing])):
                other = graph.calls[thing][number]
                if not index[other]:
                    work += [(thing, number + 1), (other, 0)]
                    break
            else:
                low[thing] = min([low[thing], *(low[other] for other in graph.calls[thing] if on_stack[other])])
                if low[thing] == index[thing]:
                    members = []
                    while True:
                        members.append(stack.pop())
                        on_stack[members[-1]] = 0
                        if members[-1] == thing:
                            break
                    if len(members) > 1:
                        for member in members:
                            part[member] = count
                        count += 1
    return part
