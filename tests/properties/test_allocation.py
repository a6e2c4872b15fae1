"""What holds of the allocation of any market."""

from itertools import product

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linear_sum_assignment, linprog

from matcher.allocation import STEP, Allocation, Wanted, allocate

SLIGHT = 1e-4


@st.composite
def markets(draw: st.DrawFn, most_seats: int = 4) -> Wanted:
    """Draw up to nine people, six postings and whom each knows; many scores are equal."""
    people, offers = draw(st.integers(1, 9)), draw(st.integers(1, 6))
    worth = st.integers(1, 20).map(lambda number: number / 20)
    scores = np.array(
        draw(st.lists(worth, min_size=people * offers, max_size=people * offers)), dtype=np.float32
    ).reshape(people, offers)
    knows = np.array(
        draw(st.lists(st.booleans(), min_size=people * offers, max_size=people * offers))
    ).reshape(people, offers)
    seats = draw(st.lists(st.integers(0, most_seats), min_size=offers, max_size=offers))
    postings = np.where(knows, np.arange(offers, dtype=np.int32), -1).astype(np.int32)
    ids = draw(st.permutations(range(people)))
    return Wanted(
        np.array(ids) + 10,
        np.arange(offers) + 50,
        postings,
        np.where(knows, scores, -np.inf).astype(np.float32),
        np.array(seats, dtype=np.int32),
    )


def total(found: Allocation) -> float:
    return float(found.scores[np.isfinite(found.scores)].sum())


def pairs(wanted: Wanted, found: Allocation) -> set[tuple[int, int]]:
    """Name who stands where by lasting ids."""
    rows, columns = np.nonzero(found.postings >= 0)
    return set(
        zip(
            wanted.people[rows].tolist(),
            wanted.offers[found.postings[rows, columns]].tolist(),
            strict=True,
        )
    )


@given(markets(), st.integers(1, 4), st.integers(0, 99))
def test_no_posting_stands_on_more_lists_than_it_has_seats(wanted: Wanted, length: int, seed: int) -> None:
    for rounds in (1, 2, 5_000):  # wherever it is stopped
        found = allocate(wanted, length=length, seed=seed, most_rounds=rounds)
        shown = found.postings[found.postings >= 0]
        assert (np.bincount(shown, minlength=len(wanted.seats)) <= wanted.seats).all()
        for row, known in zip(found.postings, wanted.postings, strict=True):
            listed = row[row >= 0].tolist()
            assert len(listed) == len(set(listed)) <= length
            assert set(listed) <= set(known.tolist())


@given(markets(), st.integers(1, 4), st.integers(0, 99))
def test_the_scores_add_up_to_nearly_the_best_that_seats_allow(
    wanted: Wanted, length: int, seed: int
) -> None:
    found = allocate(wanted, length=length, seed=seed)
    places = int((found.postings >= 0).sum())
    assert total(found) >= exact(wanted, length) - (places + 1) * float(STEP) - SLIGHT


@given(markets(most_seats=1), st.integers(0, 99))
def test_one_place_and_one_seat_each_is_the_assignment_problem(wanted: Wanted, seed: int) -> None:
    worth = np.zeros((len(wanted.people), len(wanted.seats)))
    for person, posting in product(*map(range, worth.shape)):
        if wanted.postings[person, posting] >= 0 and wanted.seats[posting]:
            worth[person, posting] = wanted.scores[person, posting]
    rows, columns = linear_sum_assignment(worth, maximize=True)
    found = allocate(wanted, length=1, seed=seed)
    slack = (len(wanted.people) + 1) * float(STEP) + SLIGHT
    assert worth[rows, columns].sum() - slack <= total(found) <= worth[rows, columns].sum() + SLIGHT


@given(markets(), st.integers(1, 3), st.randoms(use_true_random=False))
@settings(max_examples=60)
def test_the_order_of_people_and_candidates_means_nothing(wanted: Wanted, length: int, dice) -> None:
    rows = dice.sample(range(len(wanted.people)), len(wanted.people))
    columns = dice.sample(range(wanted.postings.shape[1]), wanted.postings.shape[1])
    shuffled = Wanted(
        wanted.people[rows],
        wanted.offers,
        wanted.postings[rows][:, columns],
        wanted.scores[rows][:, columns],
        wanted.seats,
    )
    one, other = allocate(wanted, length=length, seed=7), allocate(shuffled, length=length, seed=7)
    assert pairs(wanted, one) == pairs(shuffled, other)


def exact(wanted: Wanted, length: int) -> float:
    """Solve the linear program, whose corners are whole numbers."""
    people, offers = len(wanted.people), len(wanted.seats)
    known = np.where(wanted.postings >= 0, wanted.scores, 0).ravel()
    limits = np.zeros((people + offers, people * offers))
    for person, posting in product(range(people), range(offers)):
        limits[person, person * offers + posting] = limits[people + posting, person * offers + posting] = 1
    bounds = np.concatenate([np.full(people, length), wanted.seats])
    return -linprog(-known, A_ub=limits, b_ub=bounds, bounds=(0, 1)).fun
