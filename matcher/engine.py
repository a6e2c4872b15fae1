"""Encode, search, filter, score, explain: the one orchestrator of matching."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np

from matcher.collection import Collection, Schema, State
from matcher.documents import (
    Conditions,
    Document,
    Match,
    PostingDocument,
    Ranking,
    Reason,
    ResumeDocument,
    Vector,
)
from matcher.eligibility import (
    Mask,
    carries,
    posting_columns,
    refused_postings,
    refused_resumes,
    resume_columns,
)
from matcher.encoder import Encoder, as_stored, load_encoder
from matcher.explain import Explainer, term_reasons
from matcher.index import Rows
from matcher.lexical import Floats
from matcher.majors import Majors
from matcher.queries import Query, parse
from matcher.scoring import Judge, Pair, blended
from matcher.skills import Vocabulary
from matcher.snapshot import Identity
from matcher.text import TEXT_VERSION, posting_text, resume_text

POOL = 200

FetchPostings = Callable[[Sequence[int]], Sequence[PostingDocument]]
FetchResumes = Callable[[Sequence[int]], Sequence[ResumeDocument]]


@dataclass(frozen=True, slots=True)
class _Scored:
    """A candidate with its score and, where a person is compared, the pair behind it."""

    id: int
    score: float
    posting: PostingDocument
    pair: Pair | None


class MatchingEngine:
    """Ranks postings for a graduate and graduates for a posting, with the same reasons."""

    def __init__(self, encoder: Encoder, vocabulary: Vocabulary, majors: Majors | None = None) -> None:
        self.encoder = encoder
        self.vocabulary = vocabulary
        self._judge = Judge(vocabulary, majors or Majors())
        self._explainer = Explainer(vocabulary)
        self.postings: Collection[PostingDocument] = Collection(
            Schema("postings", posting_columns, posting_text, self._judge.asked, refused_postings),
            vocabulary,
            self._identity("postings"),
        )
        self.resumes: Collection[ResumeDocument] = Collection(
            Schema("resumes", resume_columns, resume_text, self._judge.offered, refused_resumes),
            vocabulary,
            self._identity("resumes"),
        )

    @classmethod
    def open(cls, folder: Path, encoder: str | Path) -> MatchingEngine:
        """Start from a folder of catalogues and an encoder's name or folder."""
        return cls(
            load_encoder(encoder),
            Vocabulary.load(folder / "taxonomy" / "skills.csv"),
            Majors.load(folder / "taxonomy" / "major_occupation.csv"),
        )

    @property
    def model_id(self) -> str:
        """Name the encoder's weights; vectors of another model are stale."""
        return self.encoder.model_id

    @property
    def text_version(self) -> str:
        """Name the way documents become text; vectors of another version are stale."""
        return TEXT_VERSION

    def encode_postings(self, postings: Sequence[PostingDocument]) -> Vector:
        """Return the vectors to store for postings."""
        return as_stored(self.encoder.encode([posting_text(posting) for posting in postings]))

    def encode_resumes(self, resumes: Sequence[ResumeDocument]) -> Vector:
        """Return the vectors to store for resumes."""
        return as_stored(self.encoder.encode([resume_text(resume) for resume in resumes]))

    def rank_postings(
        self,
        resume: ResumeDocument | None,
        *,
        conditions: Conditions,
        fetch: FetchPostings,
        today: date,
        query: str = "",
        top: int = 20,
        offset: int = 0,
        personalised: bool = True,
    ) -> Ranking:
        """Rank postings for a graduate, a question, or both.

        Without a person, or with personalisation off, the order depends on the question and the
        conditions alone; without a question too, the newest come first, unscored.
        """
        person = resume if personalised else None
        asked = parse(query)
        state = self.postings.state
        allowed, refused = _eligible(self.postings, state, conditions, today)
        pool = _pool(offset + top)
        if not allowed.any():
            rows = np.zeros(0, dtype=np.int64)
        elif person is None and not query.strip():
            rows = _newest(state, allowed, offset + top)
        else:
            rows = self._posting_candidates(state, allowed, person, asked, pool)
        scored = self._score_postings(state, rows, person, asked, fetch=fetch, today=today)
        if person is not None or query.strip():
            scored = sorted(scored, key=lambda one: (-one.score, one.id))
        page = tuple(self._told(one, asked) for one in scored[offset : offset + top])
        return Ranking(page, int(allowed.sum()), refused)

    def rank_resumes(
        self,
        posting: PostingDocument,
        *,
        conditions: Conditions,
        fetch: FetchResumes,
        today: date,
        top: int = 20,
        offset: int = 0,
    ) -> Ranking:
        """Rank graduates for a posting by the same score that they see."""
        state = self.resumes.state
        allowed, refused = _eligible(self.resumes, state, conditions, today)
        if not allowed.any():
            return Ranking((), 0, refused)
        pool = _pool(offset + top)
        vector = self.encode_postings([posting])[0]
        asked = self._judge.asked(posting)
        rows = _union(
            state.nearest(vector, allowed, pool),
            state.by_words(posting_text(posting), allowed, pool),
            state.by_skills(self._columns(asked), allowed, pool, share=False),
        )
        near = dict(zip(_ids(state, rows), state.similarity(vector, rows).tolist(), strict=True))
        pairs = [
            self._judge.compare(resume, posting, near[resume.id], today, asked=asked)
            for resume in fetch(list(near))
            if resume.id in near
        ]
        pairs.sort(key=lambda pair: (-pair.score, pair.resume.id))
        page = tuple(
            self._explainer.explain(pair, id=pair.resume.id, score=pair.score)
            for pair in pairs[offset : offset + top]
        )
        return Ranking(page, int(allowed.sum()), refused)

    def match(self, resume: ResumeDocument, posting: PostingDocument, *, today: date) -> Match:
        """Compare one resume with one posting, as the lists would."""
        similarity = float(self.encode_resumes([resume])[0] @ self.encode_postings([posting])[0])
        pair = self._judge.compare(resume, posting, similarity, today)
        return self._explainer.explain(pair, id=posting.id, score=pair.score)

    def _posting_candidates(
        self, state: State, allowed: Mask, person: ResumeDocument | None, asked: Query, pool: int
    ) -> Rows:
        legs: list[Rows] = []
        if asked.asks:
            for mask in (allowed, allowed & _named(state, asked)):
                legs.extend(self._answers(state, mask, asked, pool))
        elif person is not None:
            vector = self.encode_resumes([person])[0]
            wanted = self._columns(self._judge.offered(person))
            legs.append(state.nearest(vector, allowed, pool))
            legs.append(state.by_words(resume_text(person), allowed, pool))
            legs.append(state.by_skills(wanted, allowed, pool, share=True))
        return _union(*legs)

    def _answers(self, state: State, mask: Mask, asked: Query, pool: int) -> Iterator[Rows]:
        if asked.rest and mask.any():
            yield state.nearest(self._question(asked), mask, pool)
            yield state.by_words(asked.rest, mask, pool)
        else:
            yield _newest(state, mask, pool)

    def _score_postings(
        self,
        state: State,
        rows: Rows,
        person: ResumeDocument | None,
        asked: Query,
        *,
        fetch: FetchPostings,
        today: date,
    ) -> list[_Scored]:
        """Score candidates, keeping the order of the rows."""
        ids = _ids(state, rows)
        documents = {posting.id: posting for posting in fetch(ids)} if ids else {}
        answers = self._similar(state, rows, self._question(asked) if asked.rest else None)
        own = None if person is None else self.encode_resumes([person])[0]
        nearness = self._similar(state, rows, own)
        offered = None if person is None else self._judge.offered(person)
        scored = []
        for id, answer, near in zip(ids, answers, nearness, strict=True):
            posting = documents.get(id)
            if posting is None:
                continue
            pair = None
            if person is not None:
                pair = self._judge.compare(person, posting, near, today, offered=offered)
            scored.append(_Scored(id, _blend(asked, posting, answer, pair), posting, pair))
        return scored

    def _told(self, one: _Scored, asked: Query) -> Match:
        said = list(term_reasons(asked.terms, one.posting))
        if asked.converts:
            leads_on = one.posting.leads_on
            said.append(Reason("converts" if leads_on else "converts_not", {}, (), leads_on))
        found = tuple(reason for reason in said if reason.satisfied)
        lacking = tuple(reason for reason in said if not reason.satisfied)
        if one.pair is None:
            return Match(one.id, one.score, reasons=found, missing=lacking)
        match = self._explainer.explain(one.pair, id=one.id, score=one.score)
        return Match(
            one.id,
            one.score,
            match.met,
            match.asked,
            (*found, *match.reasons),
            (*lacking, *match.missing),
        )

    def _similar(self, state: State, rows: Rows, vector: Vector | None) -> list[float]:
        return [0.0] * len(rows) if vector is None else state.similarity(vector, rows).tolist()

    def _question(self, asked: Query) -> Vector:
        vector: Vector = as_stored(self.encoder.encode([asked.rest]))[0]
        return vector

    def _columns(self, terms: frozenset[str]) -> list[int]:
        columns = self.vocabulary.columns
        return [columns[term] for term in terms if term in columns]

    def _identity(self, collection: str) -> Identity:
        return Identity(
            collection=collection,
            model_id=self.encoder.model_id,
            text_version=TEXT_VERSION,
            vocabulary=self.vocabulary.digest,
            dimension=self.encoder.dimension,
        )


def _eligible(
    collection: Collection[Document], state: State, conditions: Conditions, today: date
) -> tuple[Mask, dict[str, int]]:
    """Mask what may be shown; each refused document counts under its first reason."""
    if not state.segments:
        return np.zeros(0, dtype=np.bool_), {}
    allowed, refused = state.alive.copy(), {}
    for reason, hit in collection.schema.refuses(state.columns, conditions, today).items():
        count = int((allowed & hit).sum())
        if count:
            refused[reason.value] = count
        allowed &= ~hit
    return allowed, refused


def _named(state: State, asked: Query) -> Mask:
    mask = np.ones(len(state.columns), dtype=np.bool_)
    if asked.kinds:
        mask &= carries(state.columns["kind"], asked.kinds)
    if asked.districts:
        mask &= carries(state.columns["district"], asked.districts)
    return mask


def _newest(state: State, allowed: Mask, top: int) -> Rows:
    published: Floats = state.columns["published"].astype(np.float32)
    return state.best(published, allowed, top)


def _blend(asked: Query, posting: PostingDocument, similarity: float, pair: Pair | None) -> float:
    if not asked.asks:
        return 0.0 if pair is None else pair.score
    relevance = asked.relevance(posting, similarity)
    return blended(relevance, None if pair is None else pair.score)


def _union(*legs: Rows) -> Rows:
    return np.asarray(np.unique(np.concatenate(legs)), dtype=np.int64)


def _ids(state: State, rows: Rows) -> list[int]:
    return [int(id) for id in state.columns["id"][rows]] if len(rows) else []


def _pool(last: int) -> int:
    """Widen the pool in steps, so that most pages are cut from one and the same ranking."""
    pool = POOL
    while pool < 2 * last:
        pool *= 2
    return pool
