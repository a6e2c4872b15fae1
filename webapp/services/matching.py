"""The bridge between the platform's rows and the matching engine."""

import gc
import threading
from collections.abc import Mapping, Sequence
from contextlib import nullcontext, suppress
from datetime import date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import structlog
from sqlalchemy import event
from sqlalchemy.orm import Session

from matcher.documents import Conditions, Match, PostingDocument, Ranking, ResumeDocument
from matcher.eligibility import refusals
from matcher.engine import MatchingEngine
from matcher.errors import UnknownEncoder
from matcher.growth import Climb, Lift, climb, lifts
from matcher.steps import step
from webapp.models import Graduate, Posting
from webapp.models.matching import ServingModel
from webapp.queries.changes import oldest_of
from webapp.queries.documents import (
    current_resume,
    posting_document,
    posting_documents,
    response_rates,
    resume_document,
    resume_documents,
)
from webapp.services.following import Follower, IndexNotReady
from webapp.services.serving import open_serving, serve, serving
from webapp.settings import ROOT

log = structlog.get_logger()
PATIENCE = 0.2
"""Seconds a search waits for another thread that is catching up."""


class Matching:
    """One process's view of everything that can be matched; threads may share it."""

    def __init__(
        self,
        *,
        encoder: str,
        folder: Path | None = None,
        milvus: str | None = None,
        waits: bool = False,
        engine: MatchingEngine | None = None,
    ) -> None:
        """Name the encoder that is wished for; while another one serves, its vectors are used.

        ``engine`` can be handed over with that encoder opened, otherwise it opens lazily.
        ``milvus`` is the address of a server that searches the snapshot's vectors instead of this process.
        One that ``waits`` refuses searches with :class:`IndexNotReady` until the worker has read what would
        take long to read here; it compares one person with one posting all the same.
        """
        self._encoder = encoder
        self._folder = folder
        self._milvus = milvus
        self._waits = waits
        self._engine = engine
        self._lock = threading.Lock()
        self._follower: Follower | None = None
        self._coming: Follower | None = None
        self._refused: int | None = None
        self._tended = False

    @property
    def engine(self) -> MatchingEngine:
        """Open the encoder and the vocabulary on first use: after a fork, never before."""
        if self._engine is None:
            self._engine = MatchingEngine.open(ROOT / "data", self._encoder, milvus=self._milvus)
        return self._engine

    def rank_postings(
        self,
        session: Session,
        *,
        graduate: Graduate | None,
        conditions: Conditions,
        today: date,
        query: str = "",
        top: int = 20,
        offset: int = 0,
    ) -> Ranking:
        """Rank live postings for a graduate, a question in plain Chinese, or both."""
        resume = None
        if graduate is not None and graduate.personalised:
            resume = resume_document(graduate, current_resume(session, graduate.id))
        return self.rank_postings_for(
            session, resume=resume, conditions=conditions, today=today, query=query, top=top, offset=offset
        )

    def rank_postings_for(
        self,
        session: Session,
        *,
        resume: ResumeDocument | None,
        conditions: Conditions,
        today: date,
        query: str = "",
        top: int = 20,
        offset: int = 0,
    ) -> Ranking:
        """Rank live postings for a resume that need not belong to anybody registered."""
        self.refresh(session)
        return self.engine.rank_postings(
            resume,
            query=query,
            conditions=conditions,
            fetch=partial(posting_documents, session),
            today=today,
            top=top,
            offset=offset,
        )

    def rank_candidates(
        self,
        session: Session,
        *,
        posting: Posting,
        conditions: Conditions,
        today: date,
        top: int = 20,
        offset: int = 0,
    ) -> Ranking:
        """Rank graduates who let themselves be found, by the score they see themselves."""
        self.refresh(session)
        return self.engine.rank_resumes(
            _with_rate(session, posting),
            conditions=conditions,
            fetch=partial(resume_documents, session),
            today=today,
            top=top,
            offset=offset,
        )

    def match(self, session: Session, *, graduate: Graduate, posting: Posting, today: date) -> Match:
        """Compare one graduate with one posting, as the lists would."""
        with suppress(IndexNotReady):
            self.refresh(session)
        resume = resume_document(graduate, current_resume(session, graduate.id))
        return self.engine.match(resume, _with_rate(session, posting), today=today)

    def matches(
        self,
        session: Session,
        *,
        graduate: Graduate,
        posting_ids: Sequence[int],
        conditions: Conditions,
        today: date,
    ) -> list[Match]:
        """Compare one graduate with those postings that may be shown and meet the conditions, in order."""
        with suppress(IndexNotReady):
            self.refresh(session)
        resume = resume_document(graduate, current_resume(session, graduate.id))
        shown = {one.id: one for one in posting_documents(session, posting_ids)}
        return [
            self.engine.match(resume, shown[id], today=today)
            for id in posting_ids
            if id in shown and not refusals(shown[id], conditions, today)
        ]

    def lifts(
        self, session: Session, *, graduate: Graduate, posting: Posting, today: date
    ) -> tuple[Lift, ...]:
        """Name the one or two skills that would lift a posting most for a graduate."""
        resume = resume_document(graduate, current_resume(session, graduate.id))
        return lifts(self.engine, resume, _with_rate(session, posting), today=today)

    def climb(
        self,
        session: Session,
        *,
        graduate: Graduate,
        shown: Sequence[Match],
        conditions: Conditions,
        today: date,
    ) -> Climb | None:
        """Name the skill that would lift most of the postings a graduate's list begins with."""
        resume = resume_document(graduate, current_resume(session, graduate.id))

        def rank(changed: ResumeDocument) -> Ranking:
            return self.rank_postings_for(
                session, resume=changed, conditions=conditions, today=today, top=len(shown)
            )

        return climb(self.engine, resume, shown, rank)

    @property
    def meaning(self) -> str:
        """Say what a fit is the share of: ``judged`` pairs or ``outcomes`` of applications."""
        return self.engine.judge.model.meaning

    @property
    def audit(self) -> Mapping[str, Any]:
        """Return what the fairness audit of the ranking model found (see ``matcher.fairness.gate``)."""
        return self.engine.judge.model.audit

    @step("changes")
    def refresh(self, session: Session) -> None:
        """Bring the collections to what the session can see; cheap when nothing changed.

        While another thread is catching up, a search answers from what is there instead of waiting long.
        """
        if self._lock.acquire(timeout=PATIENCE if self._answers else -1):
            try:
                self._follow(session, self._follower if self._tended else None)
            finally:
                self._lock.release()
        elif not self._answers:
            raise IndexNotReady

    def tend(self, session: Session) -> None:
        """Do the same from a thread of its own, which from then on also changes over to other encoders."""
        session.connection()  # before the lock, as a request has it: never one waiting for the other
        with self._lock:
            self._follow(session, None)
            self._tended = True

    @property
    def waits(self) -> bool:
        """Say whether searches wait for the worker's snapshot."""
        follower = self._follower or self._coming
        return follower is not None and follower.waiting

    def lag(self, session: Session, *, at: datetime) -> timedelta | None:
        """Return for how long the oldest change that is not contained has waited; None before the start."""
        follower = self._follower
        if follower is None or not follower.complete:
            return None
        oldest = oldest_of(session, [change.id for change in follower.behind(session)])
        return at - oldest if oldest else timedelta()

    @property
    def _answers(self) -> bool:
        return self._follower is not None and self._follower.complete

    def _follow(self, session: Session, follower: Follower | None) -> None:
        follower = follower or self._serving(session)
        try:
            followed = follower.follow(lambda: nullcontext(session))
        except IndexNotReady:
            if self._follower is not None and self._follower is not follower:
                return self._follow(session, self._follower)
            self._engine = follower.engine
            raise
        if followed.changes:
            event.listen(session, "after_rollback", lambda _session: follower.doubt(followed), once=True)
        if follower is not self._follower:
            self._follower, self._engine, self._coming = follower, follower.engine, None
            _settle()
        return None

    def save(self) -> None:
        """Write both collections to the snapshot folder for the next process."""
        with self._lock:
            if self._follower is not None:
                self._follower.save()

    def _serving(self, session: Session) -> Follower:
        """Return the follower of the model that serves; a new one answers only once it is complete."""
        engine = self._engine_of(serving(session), session)
        if self._follower is not None and self._follower.engine is engine:
            return self._follower
        if self._coming is None or self._coming.engine is not engine:
            self._coming = Follower(engine, folder=self._folder, waits=self._waits)
        return self._coming

    def _engine_of(self, model: ServingModel | None, session: Session) -> MatchingEngine:
        if model is None:
            serve(session, model_id=self.engine.model_id, source=self._encoder)
        elif self._coming is not None and self._coming.engine.model_id == model.model_id:
            return self._coming.engine
        elif model.id != self._refused and (self._engine is None or self._engine.model_id != model.model_id):
            try:
                return open_serving(model, self._folder, self._milvus)
            except UnknownEncoder as error:
                log.warning("the serving encoder is gone: answering with another", reason=str(error))
                self._refused = model.id
        return self.engine


def _settle() -> None:
    """Spare the garbage collector what was just loaded and stays: looking through it stalls searches."""
    gc.unfreeze()
    gc.collect()
    gc.freeze()


def _with_rate(session: Session, posting: Posting) -> PostingDocument:
    rate = response_rates(session, {posting.employer_id}).get(posting.employer_id)
    return posting_document(posting, rate)
