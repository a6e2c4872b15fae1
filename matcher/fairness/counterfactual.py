"""Counterfactual resumes: two people who differ in one attribute must get the same scores and lists.

Each raw resume goes the whole way (reading, redaction, document, vector, score) twice, and both are compared
with the postings nearest to the resume and with some drawn by seed. Lists are compared by rank-biased
overlap (Webber, Moffat and Zobel 2010, equation 32), which is 1 for identical lists.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date

import numpy as np

from matcher.documents import Conditions, Entry, PostingDocument, ResumeDocument, Vector
from matcher.engine import MatchingEngine
from matcher.fairness.wordings import HINT, WORDINGS, Subject, pair_of
from matcher.scoring import DIGITS
from matcher.text import prepared

NEAREST, DRAWN = 20, 20
PERSISTENCE = 0.9
_KEPT = 5
_HINTED = 5  # hints move lists nearly always, which takes time: one resume in five will do

Read = Callable[[Subject], ResumeDocument]


@dataclass
class Effect:
    """What one attribute did over all resumes; ``leaks`` keeps the lines that moved a score most."""

    pairs: int = 0
    read_alike: int = 0
    moves: list[float] = field(default_factory=list)
    overlaps: list[float] = field(default_factory=list)
    leaks: list[tuple[float, str, str]] = field(default_factory=list)

    def add(self, moves: Sequence[float], overlap: float, lines: tuple[str, str]) -> None:
        """Count one counterfactual pair."""
        self.pairs += 1
        self.moves += moves
        self.overlaps.append(overlap)
        if max(moves) > 0:
            self.leaks = sorted([*self.leaks, (max(moves), *lines)], reverse=True)[:_KEPT]

    def printable(self) -> dict[str, object]:
        """Return the figures that are reported."""
        return {
            "pairs": self.pairs,
            "read_alike": round(self.read_alike / self.pairs, 4),
            "max_change": max(self.moves),
            "mean_change": round(float(np.mean(self.moves)), 8),
            "least_overlap": min(self.overlaps),
            "mean_overlap": round(float(np.mean(self.overlaps)), 6),
            "leaks": [{"change": change, "one": one, "other": other} for change, one, other in self.leaks],
        }


@dataclass(frozen=True)
class Market:
    """Postings with their vectors in an engine that holds them."""

    engine: MatchingEngine
    postings: Sequence[PostingDocument]
    vectors: Vector
    today: date

    @classmethod
    def opened(cls, engine: MatchingEngine, postings: Sequence[PostingDocument], today: date) -> Market:
        """Fill another engine of the same parts with these postings."""
        filled, vectors = engine.emptied(), engine.encode_postings(postings)
        entries = [Entry(posting, vector) for posting, vector in zip(postings, vectors, strict=True)]
        filled.postings.apply(entries, (), 1)
        return cls(filled, postings, vectors, today)

    def listed(self, resume: ResumeDocument) -> list[int]:
        """Return the ids of the postings a person is shown first."""
        by_id = {posting.id: posting for posting in self.postings}
        ranking = self.engine.rank_postings(
            resume,
            conditions=Conditions(),
            fetch=lambda ids: [by_id[id] for id in ids],
            today=self.today,
            top=NEAREST,
        )
        return [match.id for match in ranking.matches]

    def scores(self, resume: ResumeDocument, rows: Sequence[int]) -> list[float]:
        """Score some postings for a person."""
        judge = self.engine.judge
        person = judge.person(resume, self.engine.encode_resumes([resume])[0])
        return [
            judge.compare(person, self.postings[row], self.vectors[row], self.today).score for row in rows
        ]


def effects(
    market: Market, subjects: Sequence[Subject], read: Read, *, seed: int, watch: Callable[[], object]
) -> dict[str, Effect]:
    """Swap every attribute of every resume, one at a time; ``watch`` is called after each resume."""
    found = {attribute: Effect() for attribute in (*WORDINGS, HINT)}
    rows_of = {posting.id: row for row, posting in enumerate(market.postings)}
    for turn, subject in enumerate(subjects):
        draw = random.Random(f"{seed}|{turn}")  # noqa: S311 - sampling, not secrecy
        nearest = [rows_of[id] for id in market.listed(read(subject))]
        rows = sorted({*nearest, *draw.sample(range(len(rows_of)), min(DRAWN, len(rows_of)))})
        for attribute, effect in found.items():
            if attribute == HINT and turn % _HINTED:
                continue
            one, other = pair_of(subject, attribute, turn // _HINTED if attribute == HINT else turn, draw)
            first, second = read(one), read(other)
            if first == second:  # scores and lists are functions of the document alone
                effect.read_alike += 1
                effect.add([0.0], 1.0, ("", ""))
                continue
            pairs = zip(market.scores(first, rows), market.scores(second, rows), strict=True)
            moves = [round(abs(a - b), DIGITS) for a, b in pairs]
            same = prepared(first) == prepared(second) and not any(moves)
            overlap = 1.0 if same else rank_overlap(market.listed(first), market.listed(second))
            effect.add(moves, overlap, _differing(one.text, other.text))
        watch()
    return found


def rank_overlap(one: Sequence[int], other: Sequence[int], persistence: float = PERSISTENCE) -> float:
    """Return the extrapolated rank-biased overlap of two lists to the depth of the shorter."""
    depth = min(len(one), len(other))
    if not depth:
        return 1.0 if len(one) == len(other) else 0.0
    seen_one, seen_other, total, shared = set[int](), set[int](), 0.0, 0
    for place in range(depth):
        seen_one.add(one[place])
        seen_other.add(other[place])
        shared = len(seen_one & seen_other)
        total += shared / (place + 1) * persistence ** (place + 1)
    overlap = shared / depth * persistence**depth + (1 - persistence) / persistence * total
    return round(overlap, 6)


def _differing(one: str, other: str) -> tuple[str, str]:
    """Return the first lines in which two texts differ."""
    mine, theirs = one.split("\n"), other.split("\n")
    place = next((n for n, (a, b) in enumerate(zip(mine, theirs, strict=False)) if a != b), -1)
    return mine[place], theirs[place]
