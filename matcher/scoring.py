"""A pair of resume and posting as signals, and the signals as a fit and a score in [0, 1].

The fit is the chance that a careful adviser would tell this graduate to apply, learnt from judged pairs. The
score orders lists: the fit, lessened within a narrow band by conditions and wishes (see ``policy``). Both
are functions of the pair alone, never of the list it appears in, and more of anything good never lowers
either. Nothing here knows an institution, a name, a sex, an age or an origin.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from datetime import date
from functools import cached_property
from typing import NamedTuple

import numpy as np

from matcher.documents import PostingDocument, ResumeDocument, Vector
from matcher.encoder import Encoder
from matcher.evidence import Evidence
from matcher.majors import Majors
from matcher.policy import Terms, wished
from matcher.ranking_model import RankingModel
from matcher.rarity import Rarity
from matcher.sides import Offer, Person, Sides, Wish
from matcher.skills import DEFAULT_WEIGHT, Vocabulary
from matcher.steps import step

DIGITS = 6
REMOTE = 0.15
"""Below this score a posting has little to do with a resume, and no page proposes it unasked."""
NO_WISH = 0.3
UNKNOWN_DEGREE = 0.5
QUERY_SHARE = 0.7
MUCH_SHOWN, MUCH_MISSING, MUCH_IN_COMMON = 2.0, 2.0, 0.06
"""So much of it makes 63 % of what it can say: skills of ordinary weight, shares of weighed words."""
COMMON_WORDS_FLOOR = 0.01
_LICENCE = re.compile(r"(?:资格证?书?|执业证?书?|证书?|执照|驾照)$")


@dataclass(frozen=True, slots=True)
class Signals:
    """What speaks for a pair, each from 0 to 1.

    Likeness of the whole texts in ``meaning`` and in ``words``; a wish that the title says (``wish_said``) or
    means (``wish_meant``), or that the posting speaks of (``wish_spoken``); skills ``shown`` of those asked,
    nothing missing (``complete``), no ``licence`` missing; the ``major``; enough of a ``degree``; a
    wished ``kind``.
    """

    meaning: float
    words: float
    wish_said: float
    wish_meant: float
    wish_spoken: float
    shown: float
    complete: float
    licence: float
    major: float
    degree: float
    kind: float


JUDGED = tuple(field.name for field in fields(Signals))


class SkillPair(NamedTuple):
    """A skill the posting speaks of beside what the resume shows of it."""

    term: str
    weight: float
    asked: Evidence
    shown: Evidence | None


class WishPair(NamedTuple):
    """The wish nearest to a posting: how much of it the title says, means, and the posting says."""

    wish: Wish | None
    said: float
    meant: float
    spoken: float


_NO_WISH = WishPair(None, NO_WISH, NO_WISH, NO_WISH)


@dataclass(frozen=True)
class Pair:
    """A resume beside a posting, with what both sides' words come to."""

    person: Person
    offer: Offer
    skills: tuple[SkillPair, ...]
    wish: WishPair
    signals: Signals
    terms: Terms
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
        return round(self.fit * self.terms.factor, DIGITS)


class Judge:
    """Compares resumes with postings by the given catalogues, encoder and learnt weights."""

    def __init__(self, vocabulary: Vocabulary, majors: Majors, encoder: Encoder, model: RankingModel) -> None:
        self.vocabulary = vocabulary
        self.majors = majors
        self.model = model
        self.rarity = Rarity(model.common_words, COMMON_WORDS_FLOOR)
        self._sides = Sides(vocabulary, encoder, self.rarity, majors.rarity)
        self.person = self._sides.person
        self.people = self._sides.people
        self.offer = self._sides.offer
        self.offers = self._sides.offers
        self.read_resume = self._sides.read_resume
        self.read_posting = self._sides.read_posting

    @step("score")
    def compare(self, person: Person, posting: PostingDocument, vector: Vector, today: date) -> Pair:
        """Weigh a pair; ``vector`` is what stands for the posting."""
        return self.weigh(person, self.offer(posting), vector, today)

    def weigh_all(
        self, people: Iterable[Person], offer: Offer, vector: Vector, today: date
    ) -> Iterator[Pair]:
        """Weigh people against one posting; a wish that many have is compared with it once."""
        known: dict[str, WishPair] = {}
        for person in people:
            known |= {one.name: _compared(one, offer) for one in person.wishes if one.name not in known}
            yield self._weighed(person, offer, vector, today, [known[one.name] for one in person.wishes])

    def weigh(self, person: Person, offer: Offer, vector: Vector, today: date) -> Pair:
        """Weigh a pair of which both sides are read."""
        wishes = [_compared(wish, offer) for wish in person.wishes]
        return self._weighed(person, offer, vector, today, wishes)

    def _weighed(
        self, person: Person, offer: Offer, vector: Vector, today: date, wishes: Sequence[WishPair]
    ) -> Pair:
        resume, posting = person.resume, offer.posting
        skills = tuple(self._skills(person, offer))
        wish = max(wishes, key=lambda one: one.said + one.meant + one.spoken, default=_NO_WISH)
        signals = Signals(
            meaning=_cosine(person.vector, vector),
            words=much(person.words.in_common(offer.words), MUCH_IN_COMMON),
            wish_said=wish.said,
            wish_meant=wish.meant,
            wish_spoken=wish.spoken,
            shown=_shown(skills),
            complete=_complete(skills),
            licence=_licence(skills),
            major=self.majors.fit(resume.major, posting),
            degree=_degree(resume.degree, posting.degree_min),
            kind=wished(posting.kind, resume.kinds),
        )
        return Pair(person, offer, skills, wish, signals, Terms.of(resume, posting, today), self.model)

    def _skills(self, person: Person, offer: Offer) -> list[SkillPair]:
        known = self.vocabulary.columns
        found = []
        for term, asked in offer.asked.items():
            shown = person.shown.get(term)
            if shown is None and term not in known:
                shown = self._sides.reader.literally(person.resume, term)
            found.append(SkillPair(term, self.vocabulary.weight(term) / DEFAULT_WEIGHT, asked, shown))
        return found


def _compared(wish: Wish, offer: Offer) -> WishPair:
    near = 0.0 if wish.vector is None or offer.title is None else _cosine(wish.vector, offer.title)
    return WishPair(wish, wish.words.said(offer.heading), near, wish.words.said(offer.text))


def blended(relevance: float, fit: float | None) -> float:
    """Join what the question asks with what the person brings, where there is a person."""
    if fit is None:
        return round(relevance, DIGITS)
    return round(QUERY_SHARE * relevance + (1 - QUERY_SHARE) * fit, DIGITS)


def is_licence(term: str) -> bool:
    """Tell whether a skill is a certificate or a licence rather than something one can do."""
    return _LICENCE.search(term) is not None


def much(mass: float, enough: float) -> float:
    """Let a mass say ever less the more there is of it: 63 % at ``enough``, never all."""
    return 1 - math.exp(-mass / enough)


def _shown(skills: tuple[SkillPair, ...]) -> float:
    mass = math.fsum(
        one.weight * one.asked.strength * one.shown.strength for one in skills if one.shown is not None
    )
    return much(mass, MUCH_SHOWN)


def _complete(skills: tuple[SkillPair, ...]) -> float:
    return 1 - much(math.fsum(one.weight * one.asked.strength for one in _missing(skills)), MUCH_MISSING)


def _licence(skills: tuple[SkillPair, ...]) -> float:
    lacking = (one.asked.strength for one in _missing(skills) if is_licence(one.term))
    return 1 - max(lacking, default=0.0)


def _missing(skills: tuple[SkillPair, ...]) -> list[SkillPair]:
    return [one for one in skills if one.shown is None and one.asked.required]


def _cosine(one: Vector, other: Vector) -> float:
    """Multiply in double precision, so that the same pair comes out alike however it is reached."""
    return min(1.0, max(0.0, float(np.dot(one.astype(np.float64), other.astype(np.float64)))))


def _degree(own: int, required: int) -> float:
    if own >= required:
        return 1.0
    return UNKNOWN_DEGREE if own == 0 else UNKNOWN_DEGREE / 2 ** (required - own)
