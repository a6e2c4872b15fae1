"""Short lists for everybody under the capacity of every posting: an auction.

Each person bids for the postings that are worth most to them, score less price; each posting keeps its best
bids, as many as it has seats, and once full its price is the least of them. Who is outbid bids again. This is
deferred acceptance with prices (Kelso & Crawford, Econometrica 1982; the approximate mechanism of Demange,
Gale & Sotomayor, JPE 1986) with the bids of the auction algorithm (Bertsekas, Annals of OR 1988): what the
next best posting is worth less is added, and a small step. The prices are the dual ones of the linear
program, so at the end the scores add up to within one step a place of the best that the seats allow
(epsilon-complementary slackness), and at no moment does a posting hold more people than it has seats.

All who wait bid at once and equal bids are settled by lot, so nothing depends on the order of the input.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from matcher.documents import Vector
from matcher.index import Rows
from matcher.lottery import Lottery

STEP = np.float32(0.005)
MOST_ROUNDS = 5_000
CHUNK = 100_000
NOBODY = -1

Numbers = npt.NDArray[np.int32]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Wanted:
    """The candidates of each person (rows): postings by number from 0, -1 for none, with scores above 0.

    ``people`` and ``offers`` are the lasting ids by which lots are drawn; ``seats`` says for each posting
    on how many lists it may stand.
    """

    people: Rows
    offers: Rows
    postings: Numbers
    scores: Vector
    seats: Numbers


@dataclass(frozen=True, slots=True)
class Allocation:
    """Each person's list, best score first, -1 after its end; what a seat costs; the rounds it took."""

    postings: Numbers
    scores: Vector
    prices: Vector
    rounds: int


def allocate(
    wanted: Wanted, *, length: int, seed: int, step: np.float32 = STEP, most_rounds: int = MOST_ROUNDS
) -> Allocation:
    """Give each person up to ``length`` of their candidates so that no posting stands on too many lists."""
    auction = _Auction(wanted, length, seed, step)
    rounds = 0
    while len(auction.waiting) and rounds < most_rounds:
        auction.bid()
        rounds += 1
    postings, scores = _best(wanted, auction.holds, length)
    return Allocation(postings, scores, auction.prices[:-1], rounds)


def best(wanted: Wanted, *, length: int) -> tuple[Numbers, Vector]:
    """Return the lists of people who know nothing of one another: each one's best candidates."""
    return _best(wanted, wanted.postings >= 0, length)


class _Auction:
    """Bids held so far; ``waiting`` are the people who have places left and postings worth bidding for."""

    def __init__(self, wanted: Wanted, length: int, seed: int, step: np.float32) -> None:
        self._wanted, self._length, self._step = wanted, length, step
        self._lots = Lottery(seed, wanted.people, _with_none(wanted.offers, NOBODY))
        known = wanted.postings[wanted.postings >= 0]
        asked = np.bincount(known, minlength=len(wanted.seats))
        self._scarce = wanted.seats < asked
        self._seats = np.minimum(wanted.seats, asked).astype(np.int64)
        self._first = np.cumsum(self._seats) - self._seats
        self._edges = np.full(int(self._seats.sum()), NOBODY, dtype=np.int64)
        self._bids = np.full(len(self._edges), -np.inf, dtype=np.float32)
        self.holds: Flags = np.zeros(wanted.postings.shape, dtype=np.bool_)
        self.prices = _with_none(np.where(wanted.seats > 0, 0, np.inf), np.inf).astype(np.float32)
        self.waiting: Rows = np.arange(len(wanted.people))

    def bid(self) -> None:
        """Let everybody who waits bid once, and every posting that is bid for choose."""
        parts = [self._bids_of(people) for people in _chunks(self.waiting)]
        edges, bids = (np.concatenate(part) for part in zip(*parts, strict=True))
        outbid = self._chosen(edges, bids) if len(edges) else edges
        self.waiting = np.unique(outbid // self._wanted.postings.shape[1])

    def _bids_of(self, people: Rows) -> tuple[Rows, Vector]:
        """Return the places in the table of candidates that people bid for, and how much."""
        postings, scores, holds = (
            self._wanted.postings[people],
            self._wanted.scores[people],
            self.holds[people],
        )
        worth = np.where(holds, -np.inf, scores - self.prices[postings]).astype(np.float32)
        order = np.lexsort((self._lots.of(people[:, None], postings), -worth), axis=1)
        places = (self._length - holds.sum(axis=1))[:, None]
        ranked = np.take_along_axis(worth, order, axis=1)
        next_best = np.take_along_axis(ranked, np.minimum(places, ranked.shape[1] - 1), axis=1)
        next_best = np.where(places < ranked.shape[1], np.maximum(next_best, 0), 0).astype(np.float32)
        row, rank = np.nonzero((np.arange(ranked.shape[1]) < places) & (ranked > 0))
        column = order[row, rank]
        bids = scores[row, column] - next_best[row, 0] + self._step
        return people[row] * postings.shape[1] + column, bids.astype(np.float32)

    def _chosen(self, edges: Rows, bids: Vector) -> Rows:
        """Let the postings keep the highest of the new bids and those they hold; return who lost a place."""
        new = self._wanted.postings.ravel()[edges].astype(np.int64)
        touched = np.unique(new)
        slots = _ranges(self._first[touched], self._seats[touched])
        held = slots[self._edges[slots] != NOBODY]
        all_edges = np.concatenate([self._edges[held], edges])
        all_bids = np.concatenate([self._bids[held], bids])
        offers = self._wanted.postings.ravel()[all_edges].astype(np.int64)
        person = all_edges // self._wanted.postings.shape[1]
        order = np.lexsort((self._lots.of(person, offers), -all_bids, offers))
        all_edges, all_bids, offers = all_edges[order], all_bids[order], offers[order]
        rank = _ranks(offers)
        keeps = rank < self._seats[offers]
        self._edges[slots], self._bids[slots] = NOBODY, -np.inf
        places = self._first[offers[keeps]] + rank[keeps]
        self._edges[places], self._bids[places] = all_edges[keeps], all_bids[keeps]
        self.holds.ravel()[all_edges] = keeps
        least = self._bids[self._first[touched] + self._seats[touched] - 1]
        self.prices[touched] = np.where(self._scarce[touched], np.maximum(0, least), 0)
        return np.asarray(all_edges[~keeps])


def _ranges(starts: Rows, counts: Rows) -> Rows:
    """Return the numbers of several ranges, one after another."""
    ends = np.cumsum(counts)
    return np.asarray(np.arange(ends[-1]) + np.repeat(starts - (ends - counts), counts))


def _ranks(groups: Rows) -> Rows:
    """Return each row's place within its group; groups lie together."""
    starts = np.flatnonzero(np.diff(groups, prepend=-1))
    counts = np.diff(np.append(starts, len(groups)))
    return np.asarray(np.arange(len(groups)) - np.repeat(starts, counts))


def _best(wanted: Wanted, among: Flags, length: int) -> tuple[Numbers, Vector]:
    """Return the best candidates among those marked, equal ones in the order of their ids."""
    parts = [_best_of(wanted, among, people, length) for people in _chunks(np.arange(len(wanted.people)))]
    postings, scores = (np.concatenate(part) for part in zip(*parts, strict=True))
    return postings, scores


def _best_of(wanted: Wanted, among: Flags, people: Rows, length: int) -> tuple[Numbers, Vector]:
    postings = wanted.postings[people]
    scores = np.where(among[people], wanted.scores[people], -np.inf).astype(np.float32)
    order = np.lexsort((_with_none(wanted.offers, NOBODY)[postings], -scores), axis=1)[:, :length]
    chosen = np.take_along_axis(scores, order, axis=1)
    listed = np.where(np.isfinite(chosen), np.take_along_axis(postings, order, axis=1), NOBODY)
    return listed.astype(np.int32), chosen


def _with_none(values: npt.NDArray[Any], none: float) -> npt.NDArray[Any]:
    """Put a value for no posting last, where -1 finds it."""
    return np.append(values, none)


def _chunks(people: Rows) -> list[Rows]:
    return [people[start : start + CHUNK] for start in range(0, max(1, len(people)), CHUNK)]
