"""Long lines laid anew: what is said to be saved is saved, and a line around a crowd finds the way beside it."""

from __future__ import annotations

from itertools import product

import pytest

from analytics.layout.dummies import insert_dummies
from analytics.layout.ordering.crossings import count_all
from analytics.layout.ordering.edge_insertion import rethread
from analytics.layout.records import Layered
from devtool.bench.layout import uniform


def crossings(graph: Layered, layers: list[list[int]]) -> int:
    place = [0] * len(graph.column)
    for layer in layers:
        for index, vertex in enumerate(layer):
            place[vertex] = index
    return count_all(layers, graph.after, place)


def test_a_line_on_the_wrong_side_of_a_ladder_moves_with_all_its_dummies() -> None:
    rails = [(rail * 5 + step, rail * 5 + step + 1) for rail in range(4) for step in range(4)]
    graph = insert_dummies([*[step for _ in range(4) for step in range(5)], 0, 4], [*rails, (20, 21)])
    layers: list[list[int]] = [[] for _ in range(5)]
    for vertex, column in enumerate(graph.column):
        layers[column].append(vertex)
    layers[0].remove(20)
    layers[0].insert(0, 20)
    layers[4].remove(21)
    layers[4].insert(0, 21)
    assert crossings(graph, layers) == 8
    saved, spent = rethread(graph, layers, reach=9, work=1_000_000, passes=3)
    assert saved == 8
    assert 0 < spent < 1_000_000
    assert crossings(graph, layers) == 0


def layered(seed: int) -> tuple[Layered, list[list[int]]]:
    sample = uniform(40, seed)
    number = {node: index for index, node in enumerate(sample.nodes)}
    lines = sorted((number[a], number[b]) for a, b in sample.edges)
    columns = [0] * 40
    for tail, head in lines:
        columns[head] = max(columns[head], columns[tail] + 1)
    graph = insert_dummies(columns, lines)
    layers: list[list[int]] = [[] for _ in range(max(columns) + 1)]
    for vertex, column in enumerate(graph.column):
        layers[column].append(vertex)
    return graph, layers


@pytest.mark.parametrize("reach", [1, 3, 10, 1000])
def test_the_crossings_said_to_be_saved_are_saved(reach: int) -> None:
    for seed in range(8):
        graph, layers = layered(seed)
        before = crossings(graph, layers)
        saved, _ = rethread(graph, layers, reach, 10_000_000, 3)
        assert saved > 0
        assert before - crossings(graph, layers) == saved
        assert sorted(map(sorted, layers)) == sorted(map(sorted, layered(seed)[1]))


def test_no_single_line_can_be_laid_better_afterwards() -> None:
    graph, layers = layered(3)
    rethread(graph, layers, 1000, 10_000_000, 30)
    left = crossings(graph, layers)
    for chain in graph.chains:
        if len(chain) == 4:
            first, second = chain[1], chain[2]
            columns = graph.column[first], graph.column[second]
            others = [[v for v in layers[column] if v not in chain] for column in columns]
            for one, other in product(range(len(others[0]) + 1), range(len(others[1]) + 1)):
                changed = list(layers)
                changed[columns[0]] = [*others[0][:one], first, *others[0][one:]]
                changed[columns[1]] = [*others[1][:other], second, *others[1][other:]]
                assert crossings(graph, changed) >= left


def test_work_is_bounded() -> None:
    graph, layers = layered(5)
    before = [list(layer) for layer in layers]
    assert rethread(graph, layers, 1000, -1, 3) == (0, 0)
    assert layers == before
