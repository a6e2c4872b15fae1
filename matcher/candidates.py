"""Which documents are worth a closer look: what may be shown, and what is near."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from matcher.collection import State
from matcher.columns import Mask
from matcher.documents import Refusal, Vector
from matcher.fusion import standardised
from matcher.index import Rows
from matcher.queries import Query
from matcher.rules import Rule
from matcher.steps import step

POOL = 200
MEANING, WORDS, BRIEF, SKILLS = 1.0, 1.0, 0.5, 0.2
"""Chosen on the tuning half of the judged pairs among 45,000 real postings: of the pairs worth applying
for, the 200 best by this sum hold 98-99 %, about as many as the 480 that all ways of looking propose."""


@dataclass(frozen=True, slots=True)
class Portrait:
    """What a document is looked up by: the vectors of its text and of what sums it up; words, skills."""

    vectors: Vector
    text: str
    skills: Sequence[int]


@dataclass(frozen=True, slots=True)
class Search:
    """One search of a state under a mask, up to ``pool`` rows a way of searching."""

    state: State
    allowed: Mask
    pool: int
    rules: Sequence[Rule] = ()

    def newest(self, top: int) -> Rows:
        """Return the rows published last."""
        published = self.state.column("published").astype(np.float32)
        return self.state.best(published, self.allowed, top)

    @step("fuse")
    def near(self, portrait: Portrait, *, share: bool) -> Rows:
        """Return the rows nearest to a document by all that is known of it, in the order of their ids.

        Each way of looking proposes its best; of all proposed, the best by the sum of all ways stay.
        """
        state = self.state
        words = state.words_in_common(portrait.text, self.allowed)
        skills = state.skills_in_common(portrait.skills, share=share)
        proposed = _union(
            state.nearest(portrait.vectors[0], self.allowed, self.pool, self.rules),
            *(state.best(scores, self.allowed & (scores > 0), self.pool) for scores in (words, skills)),
        )
        rows = proposed[np.argsort(state.ids[proposed])]
        meaning, *brief = portrait.vectors @ state.vectors(rows).T
        legs = [(meaning, MEANING), (skills[rows], SKILLS), (state.words_of(rows, portrait.text), WORDS)]
        if brief:
            legs.append((np.max(brief, axis=0), BRIEF))
        scores = np.sum([weight * standardised(leg) for leg, weight in legs], axis=0)
        return rows[np.sort(np.argsort(-scores, kind="stable")[: self.pool])]

    def answering(self, asked: Query, question: Vector | None) -> Rows:
        """Return the rows that answer a question best, among all and among those it names outright."""
        rules = _named(asked)
        masks = [np.concatenate([rule.holds(one.columns) for one in self.state.segments]) for rule in rules]
        allowed = np.logical_and.reduce([self.allowed, *masks])
        named = Search(self.state, allowed, self.pool, (*self.rules, *rules))
        return _union(*self._answers(asked, question), *named._answers(asked, question))

    def _answers(self, asked: Query, question: Vector | None) -> Iterator[Rows]:
        if question is not None and self.allowed.any():
            yield self.state.nearest(question, self.allowed, self.pool, self.rules)
            words = self.state.words_in_common(asked.rest, self.allowed)
            yield self.state.best(words, self.allowed & (words > 0), self.pool)
        else:
            yield self.newest(self.pool)


@step("mask")
def eligible(state: State, rules: Sequence[Rule]) -> tuple[Mask, dict[str, int]]:
    """Mask what may be shown; each refused document counts under its first reason."""
    parts, refused = [np.zeros(0, dtype=np.bool_)], Counter[str]()
    for segment in state.segments:
        allowed = segment.alive.copy()
        for rule in rules:
            kept = allowed & rule.holds(segment.columns)
            refused[rule.reason.value] += int(np.count_nonzero(allowed) - np.count_nonzero(kept))
            allowed = kept
        parts.append(allowed)
    return np.concatenate(parts), {reason: count for reason, count in refused.items() if count}


def _named(asked: Query) -> tuple[Rule, ...]:
    """Return what a question asks for outright."""
    named = ((Refusal.KIND, "kind", asked.kinds), (Refusal.DISTRICT, "district", asked.districts))
    return tuple(Rule.one_of(reason, column, codes) for reason, column, codes in named if codes)


def pool_for(last: int) -> int:
    """Widen the pool in steps, so that most pages are cut from one and the same ranking."""
    pool = POOL
    while pool < 2 * last:
        pool *= 2
    return pool


def _union(*legs: Rows) -> Rows:
    return np.asarray(np.unique(np.concatenate(legs)), dtype=np.int64)
