"""Who gets on whose list: worked examples."""

import numpy as np
import pytest

from matcher.allocation import Allocation, Wanted, allocate, best
from matcher.balance import KEPT, LENGTH, balanced
from matcher.crowding import crowding, gini

SEED = 3


def wanted(scores: list[list[float]], seats: list[int]) -> Wanted:
    """Let everybody know every posting."""
    table = np.array(scores, dtype=np.float32)
    people, offers = table.shape
    postings = np.tile(np.arange(offers, dtype=np.int32), (people, 1))
    return Wanted(
        np.arange(people) + 100, np.arange(offers) + 500, postings, table, np.array(seats, dtype=np.int32)
    )


def lists(found: Allocation) -> list[list[int]]:
    return [[one for one in row if one >= 0] for row in found.postings.tolist()]


@pytest.mark.parametrize(
    ("scores", "seats", "length", "expected"),
    [
        # nobody in the way of anybody: each one's best, best first
        ([[0.2, 0.9, 0.5], [0.4, 0.3, 0.8]], [2, 2, 2], 2, [[1, 2], [2, 0]]),
        # one seat for two: who would lose more without it has it, though the other's score is higher
        ([[0.9, 0.8], [0.7, 0.2]], [1, 1], 1, [[1], [0]]),
        # a posting without a free place is on no list
        ([[0.9, 0.4], [0.9, 0.4]], [0, 2], 2, [[1], [1]]),
        # more people than seats: the fittest are on the lists, and nobody else
        ([[0.9], [0.5], [0.7]], [2], 1, [[0], [], [0]]),
        # a list longer than there are postings is short
        ([[0.6, 0.7]], [1, 1], 5, [[1, 0]]),
    ],
)
def test_the_seats_go_where_they_are_worth_most(
    scores: list[list[float]], seats: list[int], length: int, expected: list[list[int]]
) -> None:
    assert lists(allocate(wanted(scores, seats), length=length, seed=SEED)) == expected


def test_a_seat_costs_nothing_where_there_is_room() -> None:
    found = allocate(wanted([[0.9, 0.5], [0.8, 0.5], [0.7, 0.5]], [1, 5]), length=1, seed=SEED)
    assert found.prices[1] == 0
    assert 0.3 <= found.prices[0] <= 0.41, "what the second in line would pay, and at most a step more"


def test_equal_people_are_drawn_by_lot_and_every_seed_draws_anew() -> None:
    same = wanted([[0.5, 0.0]] * 40, [10, 0])
    drawn = {
        tuple(np.flatnonzero(allocate(same, length=1, seed=seed).postings[:, 0] == 0)) for seed in range(9)
    }
    assert all(len(people) == 10 for people in drawn)
    assert len(drawn) == 9
    last = [max(people) for people in drawn]
    assert max(last) >= 30, "who comes late has the same lot"


def test_candidates_that_are_missing_take_no_seat() -> None:
    table = wanted([[0.9, -np.inf], [0.8, -np.inf]], [1, 1])
    table.postings[:, 1] = -1
    assert lists(allocate(table, length=2, seed=SEED)) == [[0], []]


def test_lists_of_people_who_know_nothing_of_one_another_crowd() -> None:
    table = wanted([[0.9, 0.8, 0.7]] * 6, [2, 2, 2])
    plain, fair = best(table, length=1), allocate(table, length=1, seed=SEED)
    before = crowding(plain, ideal=plain[1], seats=table.seats)
    after = crowding((fair.postings, fair.scores), ideal=plain[1], seats=table.seats)
    assert (before.covered, before.over, before.crowded_places) == (0.3333, 0.3333, 4)
    assert (after.covered, after.over, after.crowded_places) == (1.0, 0.0, 0)
    assert after.gini == 0
    assert after.ndcg == pytest.approx((0.9 + 0.8 + 0.7) * 2 / (6 * 0.9), abs=1e-4)


@pytest.mark.parametrize(
    ("amounts", "expected"), [([1, 1, 1, 1], 0.0), ([0, 0, 0, 8], 0.75), ([1, 2, 3, 4], 0.25), ([0, 0], 0.0)]
)
def test_gini_is_nothing_where_all_have_the_same(amounts: list[int], expected: float) -> None:
    assert gini(np.array(amounts)) == expected


def test_capacity_is_as_narrow_as_the_lists_can_bear() -> None:
    draw = np.random.default_rng(5)
    people, offers = 300, 60
    appeal = draw.gumbel(size=offers)
    scores = 1 / (1 + np.exp(-(draw.normal(size=(people, offers)) + appeal)))
    postings = np.argsort(-scores, axis=1)[:, :40].astype(np.int32)
    table = np.take_along_axis(scores, postings, axis=1).astype(np.float32)
    openings = draw.integers(1, 4, size=offers).astype(np.int32)
    found = balanced(np.arange(people), np.arange(offers), postings, table, openings, seed=SEED)
    standing = np.bincount(found.allocation.postings[found.allocation.postings >= 0], minlength=offers)
    assert found.measures.ndcg >= KEPT
    assert (standing <= openings * found.lists_per_opening).all()
    assert found.measures.gini < found.plain.gini
    assert found.measures.covered >= found.plain.covered
    assert found.plain.crowded_places > found.measures.crowded_places == 0
    assert found.allocation.postings.shape == (people, LENGTH)
