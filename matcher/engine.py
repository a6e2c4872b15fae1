"""Encode, search, filter, score, explain: the one orchestrator of matching."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path

import numpy as np

from matcher.answers import Answer
from matcher.candidates import Portrait, Search, eligible, pool_for
from matcher.collection import Collection, Schema, State
from matcher.diversity import spread
from matcher.documents import (
    Conditions,
    Match,
    PostingDocument,
    Ranking,
    ResumeDocument,
    Vector,
)
from matcher.eligibility import posting_columns, posting_rules, resume_columns, resume_rules
from matcher.encoder import Encoder, as_stored, load_encoder
from matcher.explain import Explainer
from matcher.index import Rows
from matcher.index.milvus_index import MilvusService
from matcher.likeness import Likeness
from matcher.majors import Majors
from matcher.queries import Query, parse
from matcher.ranking_model import RankingModel
from matcher.readings import READ_VERSION
from matcher.scoring import Judge, Pair
from matcher.sides import Person
from matcher.skills import Vocabulary
from matcher.snapshot import Identity
from matcher.steps import step
from matcher.text import TEXT_VERSION, posting_text, resume_text

FetchPostings = Callable[[Sequence[int]], Sequence[PostingDocument]]
FetchResumes = Callable[[Sequence[int]], Sequence[ResumeDocument]]


class MatchingEngine:
    """Ranks postings for a graduate and graduates for a posting, with the same reasons."""

    def __init__(
        self,
        encoder: Encoder,
        vocabulary: Vocabulary,
        majors: Majors,
        model: RankingModel,
        service: MilvusService | None = None,
    ) -> None:
        self.encoder = encoder
        self.vocabulary = vocabulary
        self.judge = Judge(vocabulary, majors, encoder, model)
        self._explainer = Explainer(majors, Likeness(encoder, self.judge.rarity))
        self.postings: Collection[PostingDocument] = Collection(
            Schema("postings", posting_columns, self.judge.read_posting, ("kind", "district")),
            vocabulary,
            self._identity("postings"),
            service,
        )
        self.resumes: Collection[ResumeDocument] = Collection(
            Schema("resumes", resume_columns, self.judge.read_resume, ("degree", "year")),
            vocabulary,
            self._identity("resumes"),
            service,
        )

    @classmethod
    def open(
        cls,
        folder: Path,
        encoder: str | Path,
        *,
        model: RankingModel | None = None,
        milvus: str | None = None,
    ) -> MatchingEngine:
        """Start from a folder of catalogues and an encoder's name or folder.

        The ranking model is the audited one of the folder; who trains or audits brings another. Vectors are
        searched in this process, or by the Milvus server whose address is given.
        """
        return cls(
            load_encoder(encoder),
            Vocabulary.load(folder / "taxonomy" / "skills.csv"),
            Majors.load(folder / "taxonomy"),
            model or RankingModel.load(folder / "models" / "ranking.json"),
            MilvusService(milvus) if milvus else None,
        )

    def emptied(self) -> MatchingEngine:
        """Return another engine of the same parts that holds no documents yet."""
        return MatchingEngine(self.encoder, self.vocabulary, self.judge.majors, self.judge.model)

    @property
    def calibrated(self) -> bool:
        """Say whether the ranking learnt from this encoder's cosines, so that its chances hold."""
        return self.judge.model.encoder == self.encoder.model_id

    @property
    def model_id(self) -> str:
        """Name the encoder's weights; vectors of another model are stale."""
        return self.encoder.model_id

    @property
    def text_version(self) -> str:
        """Name the way documents become text; vectors of another version are stale."""
        return TEXT_VERSION

    @step("encode")
    def encode_postings(self, postings: Sequence[PostingDocument]) -> Vector:
        """Return the vectors to store for postings."""
        return as_stored(self.encoder.encode([posting_text(posting) for posting in postings]))

    @step("encode")
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
    ) -> Ranking:
        """Rank postings for a graduate, a question, or both.

        What a question asks comes first, then the fit among those that answer it alike.
        Without a person the order depends on the question and the conditions alone; without a question
        too, the newest come first, unscored.
        """
        person = None if resume is None else self._person(resume)
        asked = parse(query)
        state = self.postings.state
        rules = posting_rules(conditions, today)
        allowed, refused = eligible(state, rules)
        answers: list[Answer] = []
        if allowed.any():
            search = Search(state, allowed, pool_for(offset + top), rules)
            rows = self._posting_rows(search, person, asked, last=offset + top)
            answers = self._answers(state, rows, person, asked, fetch=fetch, today=today)
        if person is not None or query.strip():
            answers.sort(key=lambda one: (-one.level, -one.score, one.posting.id))
            answers = spread(
                answers,
                employer=lambda one: one.posting.employer,
                score=lambda one: one.score,
                level=lambda one: one.level,
            )
        page = tuple(
            one.told(asked, None if one.pair is None else self._explained(one.pair, one.posting.id))
            for one in answers[offset : offset + top]
        )
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
        rules = resume_rules(conditions, today)
        allowed, refused = eligible(state, rules)
        if not allowed.any():
            return Ranking((), 0, refused)
        vector = self.encode_postings([posting])[0]
        offer = self.judge.offer(posting)
        skills = self._columns(term for term, one in offer.asked.items() if one.required)
        portrait = Portrait(_stacked(vector, offer.title), posting_text(posting), skills)
        rows = Search(state, allowed, pool_for(offset + top), rules).near(portrait, share=False)
        people = self._people(state, rows, fetch)
        with step("score"):
            pairs = [*self.judge.weigh_all(people, offer, vector, today)]
        pairs.sort(key=lambda pair: (-pair.score, pair.resume.id))
        page = tuple(self._explained(pair, pair.resume.id) for pair in pairs[offset : offset + top])
        return Ranking(page, int(allowed.sum()), refused)

    def match(self, resume: ResumeDocument, posting: PostingDocument, *, today: date) -> Match:
        """Compare one resume with one posting, as the lists would."""
        return self._explained(self.pair(resume, posting, today=today), posting.id)

    def pair(self, resume: ResumeDocument, posting: PostingDocument, *, today: date) -> Pair:
        """Weigh one resume against one posting, unexplained."""
        vector = self.encode_postings([posting])[0]
        return self.judge.compare(self._person(resume), posting, vector, today)

    def _person(self, resume: ResumeDocument) -> Person:
        return self.judge.person(resume, self.encode_resumes([resume])[0])

    def _people(self, state: State, rows: Rows, fetch: FetchResumes) -> Iterator[Person]:
        """Yield those who can still be found, as they were read when they were indexed."""
        places = dict(
            zip(_ids(state, rows), zip(rows.tolist(), state.vectors(rows), strict=True), strict=True)
        )
        resumes = [resume for resume in fetch([*places]) if resume.id in places]
        return self.judge.people(
            resumes,
            (places[resume.id][1] for resume in resumes),
            state.readings([places[resume.id][0] for resume in resumes], resumes, self.vocabulary),
        )

    def _posting_rows(self, search: Search, person: Person | None, asked: Query, *, last: int) -> Rows:
        if asked.asks:
            return search.answering(asked, self._question(asked))
        if person is None:
            return search.newest(last)
        skills = self._columns(person.shown)
        vectors = _stacked(person.vector, *(wish.vector for wish in person.wishes))
        portrait = Portrait(vectors, resume_text(person.resume), skills)
        return search.near(portrait, share=True)

    def _answers(
        self,
        state: State,
        rows: Rows,
        person: Person | None,
        asked: Query,
        *,
        fetch: FetchPostings,
        today: date,
    ) -> list[Answer]:
        """Score candidates, keeping the order of the rows."""
        ids, vectors = _ids(state, rows), state.vectors(rows)
        documents = {posting.id: posting for posting in fetch(ids)} if ids else {}
        found = [
            (row, documents[id], vector)
            for row, id, vector in zip(rows.tolist(), ids, vectors, strict=True)
            if id in documents
        ]
        pairs = [None] * len(found) if person is None else self._pairs(state, person, found, today)
        question = self._question(asked)
        return [
            Answer.of(asked, posting, 0.0 if question is None else float(vector @ question), pair)
            for (_, posting, vector), pair in zip(found, pairs, strict=True)
        ]

    def _pairs(
        self, state: State, person: Person, found: Sequence[tuple[int, PostingDocument, Vector]], today: date
    ) -> list[Pair]:
        """Compare a person with postings as they were read when they were indexed."""
        rows, postings, vectors = zip(*found, strict=True) if found else ((), (), ())
        offers = self.judge.offers(postings, state.readings(rows, postings, self.vocabulary))
        with step("score"):
            return [
                self.judge.weigh(person, offer, vector, today)
                for offer, vector in zip(offers, vectors, strict=True)
            ]

    @step("explain")
    def _explained(self, pair: Pair, id: int) -> Match:
        return self._explainer.explain(
            pair, id=id, score=pair.score, fit=pair.fit if self.calibrated else None
        )

    @step("encode")
    def _question(self, asked: Query) -> Vector | None:
        if not asked.rest:
            return None
        vector: Vector = as_stored(self.encoder.encode([asked.rest]))[0]
        return vector

    def _columns(self, terms: Iterable[str]) -> list[int]:
        columns = self.vocabulary.columns
        return [columns[term] for term in terms if term in columns]

    def _identity(self, collection: str) -> Identity:
        return Identity(
            collection=collection,
            model_id=self.encoder.model_id,
            text_version=TEXT_VERSION,
            vocabulary=self.vocabulary.digest,
            dimension=self.encoder.dimension,
            reading=f"{READ_VERSION}-{self.judge.rarity.digest}",
        )


def _stacked(*vectors: Vector | None) -> Vector:
    return np.vstack([vector for vector in vectors if vector is not None])


def _ids(state: State, rows: Rows) -> list[int]:
    return [int(id) for id in state.ids[rows]]
