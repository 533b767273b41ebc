"""Phase: where on its line do words stand?

Before: the order of the columns, and what each line says. After: for each line
with words of its own either a dummy, which becomes as deep and its column as
wide as the words, or a strip beside the column its left or right end stands in.
A trunk whose lines all say the same says it once, at the end they share.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from .records import Bundle, Layered, Measures

#: So many words beside one end of a tile are no crowd.
FEW = 2


@dataclass(frozen=True, slots=True)
class Writing:
    """Room of ``length`` for words: on the dummy ``vertex``, or at an end of the line where that is -1."""

    length: int
    vertex: int = -1
    leaving: bool = False

    def at(self, leaving: bool) -> bool:
        """Whether the words stand beside the left end (``leaving``), or the right one."""
        return self.vertex < 0 and self.leaving == leaving


@dataclass(frozen=True, slots=True)
class _Job:
    """Words to place: on which lines they may stand, and at which end (empty: either)."""

    lines: tuple[int, ...]
    length: int
    end: str = ""


def plan_writings(
    graph: Layered,
    keys: Sequence[int],
    bundles: Sequence[Bundle | None],
    words: Mapping[int, tuple[str, int]],
) -> dict[int, Writing]:
    """A place for the words of every line; ``words`` gives text and length of each key that says something.

    Nothing is planned for bypasses.
    """
    if not words:
        return {}
    said = {line: words[key] for line, key in enumerate(keys) if key in words and line not in graph.bypasses}
    on: dict[int, set[int]] = defaultdict(set)
    for line, chain in enumerate(graph.chains):
        if line not in graph.bypasses:
            for vertex in chain[1:-1]:
                on[vertex].add(line)
    first = graph.real + len(graph.pins)
    plan: dict[int, Writing] = {}
    load: dict[tuple[int, bool], int] = defaultdict(int)
    strip: dict[tuple[int, bool], int] = defaultdict(int)
    for job in _jobs(said, bundles):
        line = job.lines[0]
        text = said[line][0]
        chain = graph.chains[line]
        own_dummies = [
            vertex
            for vertex in chain[1:-1]
            if vertex >= first and all(said.get(other, ("", 0))[0] == text for other in on[vertex])
        ]
        if own_dummies:
            plan[line] = Writing(job.length, own_dummies[len(own_dummies) // 2])
            continue
        ends = [leaving for leaving in (True, False) if job.end in ("", "left" if leaving else "right")]
        open_ends = [leaving for leaving in ends if chain[0 if leaving else -1] < graph.real] or [chain[0] < graph.real]

        def price(leaving: bool, chain: tuple[int, ...] = chain, length: int = job.length) -> tuple[int, int, bool]:
            vertex = chain[0 if leaving else -1]
            gap = graph.column[vertex] - (not leaving)
            return max(0, load[vertex, leaving] - FEW), max(0, length - strip[gap, leaving]), leaving

        leaving = min(open_ends, key=price)
        vertex = chain[0 if leaving else -1]
        gap = graph.column[vertex] - (not leaving)
        strip[gap, leaving] = max(strip[gap, leaving], job.length)
        load[vertex, leaving] += 1
        plan[line] = Writing(job.length, leaving=leaving)
    return plan


def _jobs(said: Mapping[int, tuple[str, int]], bundles: Sequence[Bundle | None]) -> list[_Job]:
    """What is to be written, the words that may stand at one end only before the others, long before short."""
    by_trunk: dict[Bundle | int, list[int]] = defaultdict(list)
    members: dict[Bundle, int] = defaultdict(int)
    for line, bundle in enumerate(bundles):
        if bundle is not None:
            members[bundle] += 1
        if line in said:
            by_trunk[line if bundle is None else bundle].append(line)
    jobs = []
    for owner, lines in by_trunk.items():
        alone = isinstance(owner, int) or members[owner] < 2
        if alone or isinstance(owner, int):
            jobs += [_Job((line,), said[line][1]) for line in lines]
        elif len(lines) == members[owner] and len({said[line] for line in lines}) == 1:
            jobs.append(_Job(tuple(lines), said[lines[0]][1], "right" if owner.right else "left"))
        else:  # each says its own where it runs alone
            jobs += [_Job((line,), said[line][1], "left" if owner.right else "right") for line in lines]
    jobs.sort(key=lambda job: (not job.end, -job.length, job.lines))
    return jobs


def written_depths(
    graph: Layered,
    bundles: Sequence[Bundle | None],
    plan: Mapping[int, Writing],
    depths: Sequence[int],
    measures: Measures,
    shoulder: int,
) -> list[int]:
    """``depths`` of the nodes, grown where the ports with words beside them need more of a side."""
    ports: dict[tuple[int, bool], set[Bundle | int]] = defaultdict(set)
    said: dict[tuple[int, bool], int] = defaultdict(int)
    for line, chain in enumerate(graph.chains):
        bundle = bundles[line]
        for leaving in (True, False):
            vertex = chain[0 if leaving else -1]
            shares = bundle is not None and bundle.right != leaving
            ports[vertex, leaving].add(bundle if bundle is not None and shares else line)
            if line in plan and plan[line].at(leaving):
                said[vertex, leaving] += 1
    grown = list(depths)
    for (vertex, leaving), count in said.items():
        if vertex < graph.real:
            silent = len(ports[vertex, leaving]) - count
            needed = (count - 1) * measures.word + silent * measures.beside + 2 * shoulder
            grown[vertex] = max(grown[vertex], needed)
    return grown


def strips_for(graph: Layered, plan: Mapping[int, Writing], gaps: int, arrow: int) -> list[tuple[int, int]]:
    """The room words take beside the left and the right column of each gap; an ``arrow`` ends beside the right one."""
    left, right = [0] * gaps, [0] * gaps
    for line, writing in plan.items():
        if writing.vertex >= 0:
            continue
        chain = graph.chains[line]
        if writing.leaving:
            gap = graph.column[chain[0]]
            left[gap] = max(left[gap], writing.length + arrow // 4)
        else:
            gap = graph.column[chain[-1]] - 1
            right[gap] = max(right[gap], writing.length + arrow)
    return list(zip(left, right, strict=True))
