"""The candidates of many graduates among all postings: every product, then the score of the browse lists."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from matcher.allocation import Numbers
from matcher.candidates import eligible
from matcher.comparison import Held
from matcher.documents import Conditions, ResumeDocument, Vector
from matcher.eligibility import posting_rules
from matcher.engine import FetchPostings, MatchingEngine
from matcher.index import Rows
from matcher.lottery import Lottery
from matcher.products import Products
from matcher.scoring import REMOTE
from matcher.sides import Offer, Person

NEAREST, REACH, DRAWN = 50, 200, 25
"""Compared are the nearest postings and, by lot, some of those that come next: people who are much alike
would otherwise all have the same few candidates, and the rest of the postings nobody."""
CANDIDATES = NEAREST + DRAWN
RUN = 256
"""So many people are compared before postings are read anew: memory holds the candidates of a run."""
WISHES = np.float32(0.5)
"""How much the wishes count beside the whole text when candidates are looked for: of the ten best by score
among 6,000 recombined postings, the 50 nearest hold 80 %, and 97.8 % of their score; 72 % and 96.2 %
without."""


@dataclass(frozen=True)
class Offers:
    """The postings that some conditions leave: their rows in the collection, ids and vectors."""

    conditions: Conditions
    rows: Rows
    ids: Rows
    vectors: Vector


@dataclass(frozen=True, slots=True)
class Shortlist:
    """For each graduate the ids of candidates and their scores, best first; -1 and -inf after the end."""

    ids: Rows
    scores: Vector


class Market:
    """Finds and scores candidates over the postings as they are now; lots are drawn by the seed."""

    def __init__(self, engine: MatchingEngine, products: Products, *, today: date, seed: int) -> None:
        self.engine = engine
        self._products = products
        self._today = today
        self._seed = seed
        self._state = engine.postings.state
        self._resumes = Held.of(engine.resumes)
        self._offers: Offers | None = None

    def shortlist(
        self, resumes: Sequence[ResumeDocument], conditions: Conditions, fetch: FetchPostings
    ) -> Shortlist:
        """Return what each resume's list may be made of; what is remote is not proposed."""
        if not resumes:
            return Shortlist(np.empty((0, CANDIDATES), np.int64), np.empty((0, CANDIDATES), np.float32))
        offers = self.offers(conditions)
        people = [self._person(resume) for resume in resumes]
        near, _ = self._products.nearest(asked(people), offers.vectors, REACH)
        chosen = self._chosen(people, offers, near)
        parts = [
            self._scored(people[start : start + RUN], offers, chosen[start : start + RUN], fetch)
            for start in range(0, len(people), RUN)
        ]
        return Shortlist(
            np.concatenate([part.ids for part in parts]), np.concatenate([part.scores for part in parts])
        )

    def offers(self, conditions: Conditions) -> Offers:
        """Return the postings left by conditions; asked again for the same ones, the same arrays."""
        if self._offers is None or self._offers.conditions != conditions:
            self._offers = None  # two at a time would be twice the memory
            rows = self._rows(conditions)
            vectors = np.empty((0, self.engine.encoder.dimension), np.float32)
            if len(rows):
                vectors = np.ascontiguousarray(self._state.vectors(rows))
            self._offers = Offers(conditions, rows, self._state.ids[rows] if len(rows) else rows, vectors)
        return self._offers

    def openings(self) -> tuple[Rows, Numbers]:
        """Return the ids of all postings that may be shown, rising, and how many places each has free."""
        rows = self._rows(Conditions())
        if not len(rows):
            return rows, np.empty(0, np.int32)
        rows = rows[np.argsort(self._state.ids[rows])]
        return self._state.ids[rows], self._state.column("openings")[rows].astype(np.int32)

    def _rows(self, conditions: Conditions) -> Rows:
        allowed, _ = eligible(self._state, posting_rules(conditions, self._today))
        return np.flatnonzero(allowed)

    def _person(self, resume: ResumeDocument) -> Person:
        """Read a resume, or take over what was read of it and its vector when it was indexed."""
        known = self._resumes.read(resume, self.engine.vocabulary)
        if known is not None:
            return self.engine.judge.person(resume, *known)
        return self.engine.judge.person(resume, self.engine.encode_resumes([resume])[0])

    def _chosen(self, people: Sequence[Person], offers: Offers, near: Rows) -> Rows:
        """Keep the nearest, and of those that come next the ones whose lot is lowest."""
        rest = near[:, NEAREST:]
        if not len(offers.ids):
            return near[:, :CANDIDATES]
        ids = np.array([person.resume.id for person in people])
        lots = Lottery(self._seed, ids, offers.ids).of(np.arange(len(ids))[:, None], rest)
        lots[rest < 0] = np.iinfo(np.uint64).max
        drawn = np.argsort(lots, axis=1, kind="stable")[:, :DRAWN]
        return np.hstack([near[:, :NEAREST], np.take_along_axis(rest, drawn, axis=1)])

    def _scored(
        self, people: Sequence[Person], offers: Offers, chosen: Rows, fetch: FetchPostings
    ) -> Shortlist:
        read = self._read(offers, np.unique(chosen[chosen >= 0]), fetch)
        ids = np.full(chosen.shape, -1, dtype=np.int64)
        scores = np.full(chosen.shape, -np.inf, dtype=np.float32)
        for place, person in enumerate(people):
            pairs = [
                self.engine.judge.weigh(person, read[one], offers.vectors[one], self._today)
                for one in chosen[place].tolist()
                if one in read
            ]
            kept = sorted((-pair.score, pair.posting.id) for pair in pairs if pair.score >= REMOTE)
            ids[place, : len(kept)] = [id for _, id in kept]
            scores[place, : len(kept)] = [-score for score, _ in kept]
        return Shortlist(ids, scores)

    def _read(self, offers: Offers, found: Rows, fetch: FetchPostings) -> Mapping[int, Offer]:
        """Read some offers, by their place, as far as they may still be shown."""
        documents = {posting.id: posting for posting in fetch(offers.ids[found].tolist())}
        there = [(one, documents[id]) for one in found.tolist() if (id := int(offers.ids[one])) in documents]
        rows, postings = [int(offers.rows[one]) for one, _ in there], [posting for _, posting in there]
        readings = self._state.readings(rows, postings, self.engine.vocabulary)
        read = self.engine.judge.offers(postings, readings)
        return dict(zip([one for one, _ in there], read, strict=True))


def asked(people: Sequence[Person]) -> Vector:
    """Return by what each person's candidates are looked for: the text's vector and the wishes' mean."""
    return np.stack([person.vector + WISHES * _wish(person) for person in people]).astype(np.float32)


def _wish(person: Person) -> Vector:
    vectors = [wish.vector for wish in person.wishes if wish.vector is not None]
    return np.asarray(np.mean(vectors, axis=0) if vectors else np.zeros_like(person.vector))
