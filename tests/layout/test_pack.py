"""Rectangles beside each other: apart, all placed, and with little ground between them."""

from __future__ import annotations

from itertools import combinations
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from analytics.layout.floorplan.skyline import skyline
from analytics.layout.pack import FEW, pack

sizes = st.tuples(st.integers(1, 40), st.integers(1, 40))


@given(st.lists(sizes, min_size=1, max_size=FEW + 3), st.integers(0, 5))
def test_no_two_are_closer_than_the_gap(rectangles: list[tuple[int, int]], gap: int) -> None:
    corners = pack(rectangles, gap)
    assert len(corners) == len(rectangles)
    assert min(min(corner) for corner in corners) >= 0
    placed = list(zip(corners, rectangles, strict=True))
    for ((ax, ay), (aw, ad)), ((bx, by), (bw, bd)) in combinations(placed, 2):
        apart = max(bx - ax - aw, ax - bx - bw, by - ay - ad, ay - by - bd)
        assert apart >= gap


@given(st.lists(sizes, min_size=1, max_size=12), st.integers(0, 5), st.integers(0, 5), st.integers(1, 90), st.randoms())
def test_on_the_skyline_no_two_are_closer_than_the_gaps_in_whatever_order(
    rectangles: list[tuple[int, int]], beside: int, below: int, limit: int, shuffle: Random
) -> None:
    order = list(range(len(rectangles)))
    shuffle.shuffle(order)
    corners = skyline(rectangles, order, (beside, below), limit)
    placed = list(zip(corners, rectangles, strict=True))
    for ((ax, ay), (aw, ad)), ((bx, by), (bw, bd)) in combinations(placed, 2):
        across, down = max(bx - ax - aw, ax - bx - bw), max(by - ay - ad, ay - by - bd)
        assert across >= beside or down >= below


def test_small_ones_stand_beside_a_large_one_and_not_under_it() -> None:
    rectangles = [(20, 20), *[(8, 8)] * 5]
    corners = pack(rectangles, 2)
    width = max(x + w for (x, _), (w, _) in zip(corners, rectangles, strict=True))
    depth = max(y + d for (_, y), (_, d) in zip(corners, rectangles, strict=True))
    assert (width, depth) == (30, 30)


def test_many_rectangles_cost_no_more_than_shelves() -> None:
    corners = pack([(3, 3)] * 10_000, 1)
    assert max(x for x, _ in corners) == max(y for _, y in corners) == 99 * 4
