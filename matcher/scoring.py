"""A pair of resume and posting as signals, and the signals as a fit and a score in [0, 1].

The fit is the chance that a careful adviser would tell this graduate to apply, learnt from judged pairs. The
score orders lists: the fit, lessened by at most ``BAND`` where conditions nobody judged (place, pay, dates,
the employer's habit of answering) are not to the graduate's liking. Both are functions of the pair
alone, never of the list it appears in, and more of anything good never lowers either. Nothing here knows an
institution, a name, a sex, an age or an origin.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache

import numpy as np

from matcher.documents import PostingDocument, ResumeDocument, Vector
from matcher.encoder import Encoder, SentenceEncoder
from matcher.evidence import Evidence, Reader
from matcher.majors import Majors, containment
from matcher.ranking_model import RankingModel
from matcher.skills import DEFAULT_WEIGHT, Vocabulary
from matcher.text import resume_text

NEUTRAL = 0.5
NO_WISH = 0.3
DIGITS = 6
BAND = 0.2
POLICY: Mapping[str, float] = {
    "district": 0.35,
    "pay": 0.25,
    "freshness": 0.15,
    "response": 0.1,
    "start": 0.1,
    "cluster": 0.05,
}
"""Policy, not knowledge: how much each unjudged condition counts within the band."""
REMOTE = 0.15
"""Below this score a posting has little to do with a resume, and no page proposes it unasked."""
FRESH_DAYS = 45.0
LATE_DAYS = 60.0
QUERY_SHARE = 0.7
ENOUGH_SHOWN, MUCH_MISSING = 2.0, 2.0
"""So many skills of ordinary weight make 63 % of what skills can say."""
_LICENCE = re.compile(r"(?:资格证?书?|执业证?书?|证书?|执照|驾照)$")
_READ = 20_000


@dataclass(frozen=True, slots=True)
class Signals:
    """What speaks for a pair, each from 0 to 1: first what was judged, then the conditions of policy."""

    similarity: float
    wish: float
    title: float
    shown: float
    complete: float
    licence: float
    major: float
    degree: float
    kind: float
    district: float
    pay: float
    freshness: float
    response: float
    start: float
    cluster: float


JUDGED = tuple(name for name in Signals.__dataclass_fields__ if name not in POLICY)


@dataclass(frozen=True)
class Person:
    """A resume, read once."""

    resume: ResumeDocument
    vector: Vector
    wishes: Vector | None
    shown: Mapping[str, Evidence]


@dataclass(frozen=True)
class Offer:
    """A posting, read once; ``title`` is the vector of its title where the encoder is quick."""

    posting: PostingDocument
    title: Vector | None
    asked: Mapping[str, Evidence]


@dataclass(frozen=True, slots=True)
class SkillPair:
    """A skill the posting speaks of beside what the resume shows of it."""

    term: str
    weight: float
    asked: Evidence
    shown: Evidence | None


@dataclass(frozen=True)
class Pair:
    """A resume beside a posting, with what both sides' words come to."""

    person: Person
    offer: Offer
    skills: tuple[SkillPair, ...]
    signals: Signals
    model: RankingModel

    @property
    def resume(self) -> ResumeDocument:
        """Return the resume."""
        return self.person.resume

    @property
    def posting(self) -> PostingDocument:
        """Return the posting."""
        return self.offer.posting

    @cached_property
    def fit(self) -> float:
        """Return the chance that the pair is worth applying for."""
        return round(self.model.chance({name: getattr(self.signals, name) for name in JUDGED}), DIGITS)

    @property
    def score(self) -> float:
        """Return what orders lists."""
        return round(self.fit * policy(self.signals), DIGITS)


class Judge:
    """Compares resumes with postings by the given catalogues, encoder and learnt weights."""

    def __init__(self, vocabulary: Vocabulary, majors: Majors, encoder: Encoder, model: RankingModel) -> None:
        self.vocabulary = vocabulary
        self.majors = majors
        self.model = model
        self._encoder = encoder
        self._quick = not isinstance(encoder, SentenceEncoder)
        self._reader = Reader(vocabulary)
        self.offer = lru_cache(_READ)(self._offer)

    def asked(self, posting: PostingDocument) -> frozenset[str]:
        """Return the skills a posting asks for."""
        found = self._reader.asked(posting)
        return frozenset(term for term, evidence in found.items() if evidence.required)

    def offered(self, resume: ResumeDocument) -> frozenset[str]:
        """Return the skills a resume shows."""
        return frozenset(self._reader.shown(resume))

    def person(self, resume: ResumeDocument, vector: Vector | None = None) -> Person:
        """Read a resume; ``vector`` is what stands for it where that is known already."""
        if vector is None:
            [vector] = self._encoder.encode([resume_text(resume)])
        wanted = [wish for wish in resume.wanted if wish.strip()]
        wishes = self._encoder.encode(wanted) if wanted and self._quick else None
        return Person(resume, vector, wishes, self._reader.shown(resume))

    def compare(self, person: Person, posting: PostingDocument, vector: Vector, today: date) -> Pair:
        """Weigh a pair; ``vector`` is what stands for the posting."""
        resume, offer = person.resume, self.offer(posting)
        skills = tuple(self._skills(person, offer))
        near = _cosine(person.vector, vector)
        signals = Signals(
            similarity=near,
            wish=_wish(person, offer),
            title=near if offer.title is None else _cosine(person.vector, offer.title),
            shown=_shown(skills),
            complete=_complete(skills),
            licence=_licence(skills),
            major=self.majors.fit(resume.major, posting),
            degree=_degree(resume.degree, posting.degree_min),
            kind=_wished(posting.kind, resume.kinds),
            district=_wished(posting.district, resume.districts),
            pay=_pay(resume.pay_min, posting),
            freshness=_freshness(posting.published_on, today),
            response=NEUTRAL if posting.response_rate is None else posting.response_rate,
            start=_start(resume.start_on, posting.start_on),
            cluster=_wished(posting.cluster, resume.clusters),
        )
        return Pair(person, offer, skills, signals, self.model)

    def _offer(self, posting: PostingDocument) -> Offer:
        title = self._encoder.encode([posting.title])[0] if self._quick else None
        return Offer(posting, title, self._reader.asked(posting))

    def _skills(self, person: Person, offer: Offer) -> list[SkillPair]:
        known = self.vocabulary.columns
        found = []
        for term, asked in offer.asked.items():
            shown = person.shown.get(term)
            if shown is None and term not in known:
                shown = self._reader.literally(person.resume, term)
            found.append(SkillPair(term, self.vocabulary.weight(term) / DEFAULT_WEIGHT, asked, shown))
        return found


def policy(signals: Signals) -> float:
    """Return by how much the conditions nobody judged lessen a fit: from 1 - BAND to 1."""
    met = math.fsum(weight * getattr(signals, name) for name, weight in POLICY.items())
    return 1 - BAND * (1 - met)


def blended(relevance: float, fit: float | None) -> float:
    """Join what the question asks with what the person brings, where there is a person."""
    if fit is None:
        return round(relevance, DIGITS)
    return round(QUERY_SHARE * relevance + (1 - QUERY_SHARE) * fit, DIGITS)


def is_licence(term: str) -> bool:
    """Tell whether a skill is a certificate or a licence rather than something one can do."""
    return _LICENCE.search(term) is not None


def _shown(skills: tuple[SkillPair, ...]) -> float:
    mass = math.fsum(
        one.weight * one.asked.strength * one.shown.strength for one in skills if one.shown is not None
    )
    return 1 - math.exp(-mass / ENOUGH_SHOWN)


def _complete(skills: tuple[SkillPair, ...]) -> float:
    mass = math.fsum(
        one.weight * one.asked.strength for one in skills if one.shown is None and one.asked.required
    )
    return math.exp(-mass / MUCH_MISSING)


def _licence(skills: tuple[SkillPair, ...]) -> float:
    lacking = (
        one.asked.strength
        for one in skills
        if one.shown is None and one.asked.required and is_licence(one.term)
    )
    return 1 - max(lacking, default=0.0)


def closest_wish(person: Person, offer: Offer) -> tuple[str, float, float]:
    """Return the wish nearest to a title: the share of it the title says, and how near it is in meaning."""
    wishes = [wish for wish in person.resume.wanted if wish.strip()]
    title = offer.posting.title
    said = [containment(wish, title) for wish in wishes]
    if person.wishes is None or offer.title is None:
        meant = [0.0] * len(wishes)
    else:
        meant = [_cosine(vector, offer.title) for vector in person.wishes]
    nearest = max(zip(wishes, said, meant, strict=True), key=lambda one: one[1] + one[2], default=None)
    return nearest or ("", 0.0, 0.0)


def _wish(person: Person, offer: Offer) -> float:
    wish, said, meant = closest_wish(person, offer)
    return max(said, meant) if wish else NO_WISH


def _cosine(one: Vector, other: Vector) -> float:
    """Multiply in double precision, so that the same pair comes out alike however it is reached."""
    return min(1.0, max(0.0, float(np.dot(one.astype(np.float64), other.astype(np.float64)))))


def _degree(own: int, required: int) -> float:
    if own >= required:
        return 1.0
    return NEUTRAL if own == 0 else NEUTRAL / 2 ** (required - own)


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


def _start(ready_on: date | None, start_on: date | None) -> float:
    if ready_on is None or start_on is None:
        return 1.0
    return math.exp(-max(0, (ready_on - start_on).days) / LATE_DAYS)
