"""The layout's compiled kernels: the same results as Python's own steps, and no harm from whatever they are given."""

from __future__ import annotations

import copy
import gc
import random
import signal
import subprocess
import sys
import threading
import time
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.cli import main
from analytics.errors import SettingsError
from analytics.layout import arrange, kernels, ranks
from analytics.layout.effort import named
from analytics.layout.kernels import build
from analytics.layout.ordering import edge_insertion, order
from analytics.layout.records import Layered
from devtool.bench.layout import Sample, architecture, uniform
from devtool.places import SAMPLE

pytestmark = pytest.mark.skipif(
    kernels.loaded() is None, reason=f"the kernels are {kernels.described()}: only Python's own steps are tested"
)


@contextmanager
def by(way: str) -> Iterator[None]:
    """Lay out with the kernels (``auto``) or without them (``python``)."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MAESTRO_LAYOUT_KERNELS", way)
        kernels.found.cache_clear()
        yield
    kernels.found.cache_clear()


def both(work: Callable[[], object]) -> tuple[object, object]:
    """What ``work`` gives with the kernels, and without."""
    answers = []
    for way in ("auto", "python"):
        with by(way):
            answers.append(work())
    return answers[0], answers[1]


@dataclass(frozen=True)
class Case:
    """A layered graph and an order of its columns."""

    graph: Layered
    layers: list[list[int]]


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """Any layered graph: columns of any width, segments between neighbours, lines through several columns, pins."""
    widths = draw(st.lists(st.integers(1, 7), min_size=1, max_size=6))
    layers: list[list[int]] = []
    for width in widths:
        first = sum(map(len, layers))
        layers.append(list(range(first, first + width)))
    column = [number for number, layer in enumerate(layers) for _ in layer]
    after: list[list[int]] = [[] for _ in column]
    before: list[list[int]] = [[] for _ in column]
    for left, right in pairwise(layers):
        pairs = st.tuples(st.sampled_from(left), st.sampled_from(right))
        for tail, head in draw(st.lists(pairs, max_size=14, unique=True)):
            after[tail].append(head)
            before[head].append(tail)
    chains = []
    for start in layers[0]:
        chain = [start]
        while after[chain[-1]]:
            chain.append(after[chain[-1]][0])
        chains.append(tuple(chain))
    pins = tuple(layers[0]) if draw(st.booleans()) else ()
    graph = Layered(0, tuple(column), tuple(map(tuple, before)), tuple(map(tuple, after)), tuple(chains), (), pins)
    chance = draw(st.randoms(use_true_random=False))
    for layer in layers[bool(pins) :]:
        chance.shuffle(layer)
    return Case(graph, layers)


STEPS: dict[str, Callable[[Layered, list[list[int]]], object]] = {
    "sweeps by mean": lambda graph, layers: order.swept(graph, layers, named("standard"), flat=True),
    "sweeps by median": lambda graph, layers: order.swept(graph, layers, named("standard"), flat=False),
    "insertion": lambda graph, layers: order.inserted(graph, layers, 3),
    "far insertion": lambda graph, layers: order.inserted(graph, layers, 1000),
    "long lines": lambda graph, layers: edge_insertion.rethread(graph, layers, 2, 10_000, 4),
    "long lines, far": lambda graph, layers: edge_insertion.rethread(graph, layers, 1000, 1_000_000, 4),
    "no work": lambda graph, layers: edge_insertion.rethread(graph, layers, 1000, -1, 4),
}


@pytest.mark.parametrize("step", STEPS)
@given(case=cases())
@settings(max_examples=40, deadline=None)
def test_a_step_of_the_ordering_gives_the_same_order_and_the_same_figures(step: str, case: Case) -> None:
    def work() -> object:
        layers = copy.deepcopy(case.layers)
        return STEPS[step](case.graph, layers), layers

    compiled, python = both(work)
    assert compiled == python


@given(case=cases(), seed=st.integers(0, 9))
@settings(max_examples=50, deadline=None)
def test_a_board_goes_through_the_same_orders_move_by_move(case: Case, seed: int) -> None:
    def work() -> object:
        board = order.settled(case.graph, case.layers)
        seen: list[object] = [(board.layers(), board.gained, board.spent)]
        chance = random.Random(seed)
        vertices = [vertex for layer in case.layers for vertex in layer]
        for _ in range(25):
            moved = (chance.choice(vertices),)
            seen.append((board.attempt(moved, chance.random(), chance.randrange(8)), board.layers(), board.spent))
        return seen

    compiled, python = both(work)
    assert compiled == python


@given(
    size=st.integers(1, 14),
    pairs=st.lists(st.tuples(st.integers(0, 13), st.integers(0, 13)), max_size=40),
    entries=st.frozensets(st.integers(0, 13)),
    work=st.sampled_from((1, 30, 100_000)),
    variant=st.integers(0, 2),
)
@settings(max_examples=100, deadline=None)
def test_columns_are_the_same(
    size: int, pairs: list[tuple[int, int]], entries: frozenset[int], work: int, variant: int
) -> None:
    chain = {(node, node + 1) for node in range(size - 1)}  # so that it hangs together
    lines = sorted(chain | {(min(pair), max(pair)) for pair in pairs if pair[0] != pair[1] and max(pair) < size})
    compiled, python = both(lambda: ranks.rank(size, lines, entries, work, variant))
    assert compiled == python


@pytest.mark.parametrize("effort", ["fast", "standard"])
@pytest.mark.parametrize(
    "sample", [architecture(400, 5), architecture(150, 6, 0.1), uniform(90, 7)], ids=lambda s: s.name
)
def test_whole_layouts_of_larger_graphs_are_the_same(effort: str, sample: Sample) -> None:
    compiled, python = both(lambda: arrange(sample.nodes, sample.edges, effort=effort))
    assert compiled == python


@pytest.mark.parametrize("kind", ["business", "infra", "network"])
@pytest.mark.parametrize("projection", ["flat", "isometric"])
def test_whole_pictures_are_the_same_to_the_byte(kind: str, projection: str, tmp_path: Path) -> None:
    out = tmp_path / "drawn.svg"
    asked = ["draw", str(SAMPLE), "--type", kind, "--detail", "full", "--projection", projection, "-q", "-o", str(out)]

    def work() -> object:
        assert main(asked) == 0
        return out.read_bytes()

    compiled, python = both(work)
    assert compiled == python


# --- what must not do harm

ROWS = ((1,), (), (3,), ())
GOOD: dict[str, tuple[Any, ...]] = {
    "improve_within_reach": ([[0, 2], [1, 3]], ((), (0,), (), (2,)), ROWS, False, 5, ()),
    "swept": ([[0, 2], [1, 3]], ((), (0,), (), (2,)), ROWS, True, False, False, 8, 3),
    "rethread": ([[0, 2], [1, 3]], ((), (0,), (), (2,)), ROWS, ((0, 1), (2, 3)), 5, 1000, 3),
    "simplex": ([0, 1, 2], [0, 1], [1, 2], [1, 1], [1, 1], 100),
    "board": ([[0, 2], [1, 3]], ((), (0,), (), (2,)), ROWS, ()),
}
ODD: tuple[Any, ...] = (
    None, 1, -1, 1 << 70, "ab", b"ab", 1.5, [], (), [[]], [None], [[0, 0]], [[9]], [[-1]], [[1 << 70]], [["a"]],
    ((9,), (), (), ()), ((-1,), (), (), ()), ((0.5,), (), (), ()), [[0, 1, 2, 3]],
    [[3], [2], [1], [0]], {0: 1}, iter([1]),
    [0, 1], [-5, 5], [1 << 62] * 3, (True, False), float("nan"), [[0, 2], [1, 3], [4]], ((0, 1, 2, 3),) * 4,
)  # fmt: skip


@pytest.mark.parametrize("name", GOOD)
def test_odd_arguments_are_refused_or_answered_and_nothing_leaks(name: str) -> None:
    function = getattr(kernels.loaded(), name)
    assert function(*copy.deepcopy(GOOD[name])) is not None
    held: list[int] = []
    for _ in range(3):
        tracemalloc.start()
        try:
            for number in range(len(GOOD[name])):
                for odd in ODD:
                    arguments = list(copy.deepcopy(GOOD[name]))
                    arguments[number] = odd
                    try:
                        function(*arguments)
                    except (TypeError, ValueError, OverflowError, MemoryError):
                        continue
            del arguments
            held.append(tracemalloc.get_traced_memory()[0])
        finally:
            tracemalloc.stop()
    assert held[-1] < 4_000, held


def test_a_board_refuses_what_is_not_on_it() -> None:
    board = sure_board(GOOD["board"])
    for wrong in ([7], [-1], [1 << 70], ["a"], 3):
        with pytest.raises((ValueError, TypeError)):
            board.settle(wrong, False)  # type: ignore[arg-type]
    for height in (-0.1, 1.0, float("nan"), float("inf")):
        with pytest.raises(ValueError):
            board.attempt([0], height, 3)
    with pytest.raises(ValueError):
        board.attempt([0], 0.5, -1)
    with pytest.raises(TypeError):
        type(board)()
    with pytest.raises(ValueError, match="leads to no next column"):
        sure_board(([[0, 1, 2, 3]], ((), (0,), (), (2,)), ROWS, ()))
    assert board.layers() == [[0, 2], [1, 3]]


def sure_board(arguments: tuple[Any, ...]) -> kernels.CompiledBoard:
    found = kernels.loaded()
    assert found is not None
    return found.board(*arguments)


def long_work() -> None:
    """Some seconds of one call, unless it is interrupted."""
    width = 6_000
    chance = random.Random(1)
    after = [[width + chance.randrange(width) for _ in range(8)] for _ in range(width)] + [[] for _ in range(width)]
    before: list[list[int]] = [[] for _ in range(2 * width)]
    for tail, heads in enumerate(after):
        for head in heads:
            before[head].append(tail)
    found = kernels.loaded()
    assert found is not None
    found.improve_within_reach([list(range(width)), list(range(width, 2 * width))], before, after, True, 1 << 20, ())


class Passed(Exception):
    """The time is up."""


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="no timers here")
def test_a_time_limit_ends_a_kernel_and_other_threads_run_beside_it() -> None:
    ticks = 0
    over = threading.Event()

    def tick() -> None:
        nonlocal ticks
        while not over.wait(0.01):
            ticks += 1

    def passed(_number: int, _frame: object) -> None:
        raise Passed

    before = signal.signal(signal.SIGALRM, passed)
    beside = threading.Thread(target=tick)
    began = time.monotonic()
    beside.start()
    gc.disable()  # what a callback of the collector raises is lost: the test tools have one
    try:
        signal.setitimer(signal.ITIMER_REAL, 0.5)
        with pytest.raises(Passed):
            long_work()
        assert time.monotonic() - began < 5
        assert ticks > 2
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
        gc.enable()
        over.set()
        beside.join()


# --- which are used


def test_kernels_of_another_source_are_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kernels, "source", lambda: "another")
    kernels.found.cache_clear()
    try:
        assert kernels.loaded() is None
        assert kernels.described() == "pure Python (they were built from another source)"
    finally:
        kernels.found.cache_clear()


def test_the_setting_turns_them_off_and_says_so() -> None:
    with by("python"):
        assert kernels.described() == "pure Python (MAESTRO_LAYOUT_KERNELS says so)"
    with by("auto"):
        assert kernels.described() == "compiled"
    with by("fast"), pytest.raises(SettingsError, match="MAESTRO_LAYOUT_KERNELS"):
        kernels.loaded()


def test_without_a_compiler_nothing_is_built_and_the_reason_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(build.NotBuilt, match="no compiler"):
        build.compile_into(tmp_path)
    monkeypatch.undo()
    with pytest.raises(build.NotBuilt, match="the compiler failed"):
        build.compile_into(tmp_path, (*build.FLAGS, "--no-such-flag"))
    assert not list(tmp_path.iterdir())


UNDEFINED = ("-O1", "-g", "-fPIC", "-fwrapv", "-fsanitize=undefined,bounds", "-fno-sanitize-recover=all")
CHECKED = """
import importlib.util, sys
name = "analytics.layout.kernels._compiled"
spec = importlib.util.spec_from_file_location(name, sys.argv[1])
module = importlib.util.module_from_spec(spec)
spec.loader.exec_module(module)
sys.modules[name] = module
from analytics.layout import arrange, kernels
assert kernels.loaded() is module, kernels.described()
from devtool.bench.layout import architecture, uniform
for seed in range(6):
    for sample in (architecture(60, seed, back=0.1), uniform(40, seed)):
        arrange(sample.nodes, sample.edges)
print("nothing undefined")
"""


def test_nothing_undefined_happens(tmp_path: Path) -> None:
    try:
        made = build.compile_into(tmp_path, UNDEFINED)
    except build.NotBuilt as reason:
        pytest.skip(f"this compiler has no such checks: {reason}")
    done = subprocess.run([sys.executable, "-c", CHECKED, made], capture_output=True, text=True, check=False)
    assert done.stdout.strip() == "nothing undefined", done.stderr
