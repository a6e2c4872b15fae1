"""A pair of resume and posting as signals, and the signals as one score in [0, 1].

The score is a function of the pair alone: never of the list it appears in. Every weight is
positive and every gate rises with its signal, so more of anything good never lowers a score.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date

from matcher.documents import PostingDocument, ResumeDocument
from matcher.majors import Majors, best_containment
from matcher.skills import Vocabulary

NEUTRAL = 0.5
DIGITS = 4
SIMILARITY_FLOOR, SIMILARITY_FULL = 0.05, 0.65  # held-out pairs: median 0.45, strangers 0.09
FRESH_DAYS = 45.0
DEGREE_STEP = 0.5
QUERY_SHARE = 0.7


@dataclass(frozen=True, slots=True)
class Signals:
    """What speaks for a pair, each from 0 to 1."""

    similarity: float
    wish: float
    skills: float
    major: float
    degree: float
    kind: float
    district: float
    pay: float
    cluster: float
    freshness: float
    response: float


WEIGHTS: Mapping[str, float] = {
    "similarity": 0.30,
    "wish": 0.14,
    "skills": 0.22,
    "major": 0.12,
    "degree": 0.04,
    "kind": 0.04,
    "district": 0.05,
    "pay": 0.04,
    "cluster": 0.01,
    "freshness": 0.02,
    "response": 0.02,
}
# A missing degree or an unwanted kind is no small matter: it scales the whole score.
DEGREE_GATE = 0.5
KIND_GATE = 0.7


@dataclass(frozen=True, slots=True)
class Pair:
    """A resume beside a posting, with what both sides' words come to."""

    resume: ResumeDocument
    posting: PostingDocument
    asked: frozenset[str]
    offered: frozenset[str]
    covered: frozenset[str]
    signals: Signals

    @property
    def score(self) -> float:
        """Return the score of the pair."""
        return score(self.signals)


@dataclass(frozen=True, slots=True)
class Judge:
    """Compares resumes with postings by the given catalogues."""

    vocabulary: Vocabulary
    majors: Majors

    def asked(self, posting: PostingDocument) -> frozenset[str]:
        """Return the skills a posting asks for."""
        return self.vocabulary.terms(posting.skills, posting.requirements or posting.duties)

    def offered(self, resume: ResumeDocument) -> frozenset[str]:
        """Return the skills a resume shows."""
        return self.vocabulary.terms(resume.skills, resume.text)

    def compare(
        self,
        resume: ResumeDocument,
        posting: PostingDocument,
        similarity: float,
        today: date,
        *,
        offered: frozenset[str] | None = None,
        asked: frozenset[str] | None = None,
    ) -> Pair:
        """Weigh a pair; skills already known of one side may be passed on."""
        offered = self.offered(resume) if offered is None else offered
        asked = self.asked(posting) if asked is None else asked
        covered = frozenset(term for term in asked if term in offered or term in resume.text)
        signals = Signals(
            similarity=stretched(similarity),
            wish=best_containment(resume.wanted, posting.title)[0],
            skills=self._coverage(asked, covered),
            major=self.majors.fit(resume.major, posting),
            degree=_degree(resume.degree, posting.degree_min),
            kind=_wished(posting.kind, resume.kinds),
            district=_wished(posting.district, resume.districts),
            pay=_pay(resume.pay_min, posting),
            cluster=_wished(posting.cluster, resume.clusters),
            freshness=_freshness(posting.published_on, today),
            response=NEUTRAL if posting.response_rate is None else posting.response_rate,
        )
        return Pair(resume, posting, asked, offered, covered, signals)

    def _coverage(self, asked: frozenset[str], covered: frozenset[str]) -> float:
        weigh = self.vocabulary.weight
        total = math.fsum(weigh(term) for term in asked)
        return math.fsum(weigh(term) for term in covered) / total if total else NEUTRAL


def score(signals: Signals) -> float:
    """Fold signals into one number: a weighted mean behind two gates."""
    mean = math.fsum(WEIGHTS[f.name] * getattr(signals, f.name) for f in fields(signals))
    gates = _gate(DEGREE_GATE, signals.degree) * _gate(KIND_GATE, signals.kind)
    return round(min(1.0, gates * mean / math.fsum(WEIGHTS.values())), DIGITS)


def blended(relevance: float, fit: float | None) -> float:
    """Join what the question asks with what the person brings, where there is a person."""
    if fit is None:
        return round(relevance, DIGITS)
    return round(QUERY_SHARE * relevance + (1 - QUERY_SHARE) * fit, DIGITS)


def stretched(cosine: float) -> float:
    """Map the cosines that occur between texts of this trade onto [0, 1]."""
    share = (cosine - SIMILARITY_FLOOR) / (SIMILARITY_FULL - SIMILARITY_FLOOR)
    return min(1.0, max(0.0, share))


def _gate(least: float, signal: float) -> float:
    return least + (1 - least) * signal


def _degree(own: int, required: int) -> float:
    if own >= required:
        return 1.0
    return NEUTRAL if own == 0 else max(0.0, 1 - DEGREE_STEP * (required - own)) * NEUTRAL


def _wished(offered: str, wishes: frozenset[str]) -> float:
    return 1.0 if not wishes or offered in wishes else 0.0


def _pay(wish: int | None, posting: PostingDocument) -> float:
    if not wish:
        return 1.0
    best = posting.pay_max if posting.pay_max is not None else posting.pay_min
    return NEUTRAL if best is None else min(1.0, max(0, best) / wish) ** 2


def _freshness(published_on: date | None, today: date) -> float:
    if published_on is None:
        return NEUTRAL
    return math.exp(-max(0, (today - published_on).days) / FRESH_DAYS)
