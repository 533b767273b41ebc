"""Long lines laid anew: what is said to be saved is saved, and a line around a crowd finds the way beside it."""

from __future__ import annotations

from analytics.layout.board import Board
from analytics.layout.crossings import count_all
from analytics.layout.dummies import insert_dummies
from analytics.layout.forms import Layered
from analytics.layout.rethread import rethread
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
    board = Board(graph, layers)
    assert rethread(graph, board, 1_000_000) == 8
    assert crossings(graph, board.layers()) == 0


def test_the_crossings_said_to_be_saved_are_saved() -> None:
    for seed in range(8):
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
        board = Board(graph, layers)
        saved = rethread(graph, board, 1_000_000)
        assert saved > 0
        assert crossings(graph, layers) - crossings(graph, board.layers()) == saved
