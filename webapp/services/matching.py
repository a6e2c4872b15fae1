"""The bridge between the platform's rows and the matching engine.

SQL is the truth: a process loads the newest snapshot if there is one, then applies the changes after
its watermark, and looks for new ones before each search. Without a snapshot it reads everything.
"""

import threading
from collections.abc import Iterator, Sequence
from datetime import date
from functools import cached_property, partial
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from matcher.collection import Collection
from matcher.documents import Conditions, Match, PostingDocument, Ranking, ResumeDocument
from matcher.encoder import StaticEncoder
from matcher.engine import MatchingEngine
from matcher.errors import MatcherError
from matcher.growth import Climb, Lift, climb, lifts
from webapp.domain.postings import PostingStatus
from webapp.models import Graduate, Posting
from webapp.models.matching import MatchChange, OwnerKind
from webapp.queries.documents import (
    current_resume,
    posting_document,
    posting_documents,
    response_rates,
    resume_document,
    resume_documents,
)
from webapp.services import embeddings
from webapp.settings import ROOT

BATCH = 500
WINDOW = 1000
"""Changes may become visible out of order: the last ones are looked at again, by id."""


class Matching:
    """One process's view of everything that can be matched; threads may share it."""

    def __init__(self, *, encoder: str, folder: Path | None = None, encodes: bool | None = None) -> None:
        """Name the encoder; ``encodes`` tells whether missing vectors are made here.

        By default a process makes them when the encoder is static, which takes milliseconds; the
        worker makes those of any other model.
        """
        self._encoder = encoder
        self._folder = folder
        self._encodes = encodes
        self._lock = threading.Lock()
        self._seen: set[int] = set()
        self._mark: tuple[int, int] | None = None

    @cached_property
    def engine(self) -> MatchingEngine:
        """Open the encoder and the vocabulary on first use: after a fork, never before."""
        return MatchingEngine.open(ROOT / "data", self._encoder)

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
        resume = resume_document(graduate, current_resume(session, graduate.id))
        return self.engine.match(resume, _with_rate(session, posting), today=today)

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

    def refresh(self, session: Session) -> None:
        """Bring the collections to what the session can see; cheap when nothing changed."""
        with self._lock:
            mark = _mark(session)
            if self._mark is None:
                self._begin(session)
            elif mark != self._mark:
                self._catch_up(session)
            self._mark = mark

    def save(self) -> None:
        """Write both collections to the snapshot folder for the next process."""
        if self._folder is not None:
            with self._lock:
                self.engine.postings.save(self._folder / "postings")
                self.engine.resumes.save(self._folder / "resumes")

    def _begin(self, session: Session) -> None:
        if self._folder is not None and self._loaded(self._folder):
            self._catch_up(session)
            return
        self.engine.postings.clear()
        self.engine.resumes.clear()
        newest = _mark(session)[0]
        for kind, owners in (
            (OwnerKind.POSTING, select(Posting.id).where(Posting.status == PostingStatus.LIVE)),
            (OwnerKind.RESUME, select(Graduate.id).where(Graduate.searchable)),
        ):
            for ids in _runs(session.scalars(owners).all()):
                self._apply(session, kind, ids, newest)
        self._seen = set(session.scalars(select(MatchChange.id).where(MatchChange.id > newest - WINDOW)))

    def _loaded(self, folder: Path) -> bool:
        """Load the snapshot; one that is missing, stale or damaged is as good as none."""
        try:
            self.engine.postings.load(folder / "postings")
            self.engine.resumes.load(folder / "resumes")
        except (MatcherError, OSError):
            return False
        return True

    def _catch_up(self, session: Session) -> None:
        since = min(self.engine.postings.watermark, self.engine.resumes.watermark) - WINDOW
        changes = session.execute(
            select(MatchChange.id, MatchChange.owner_kind, MatchChange.owner_id)
            .where(MatchChange.id > since)
            .order_by(MatchChange.id)
        ).all()
        newest = max((change.id for change in changes), default=0)
        for kind in OwnerKind:
            owners = {
                change.owner_id
                for change in changes
                if change.owner_kind is kind and change.id not in self._seen
            }
            for ids in _runs(sorted(owners)):
                self._apply(session, kind, ids, newest)
        self._seen = {change.id for change in changes if change.id > newest - WINDOW}

    def _apply(self, session: Session, kind: OwnerKind, ids: Sequence[int], watermark: int) -> None:
        """Put the present state of these owners into their collection: there, changed or gone."""
        if kind is OwnerKind.POSTING:
            self._put(session, kind, self.engine.postings, posting_documents(session, ids), ids, watermark)
        else:
            self._put(session, kind, self.engine.resumes, resume_documents(session, ids), ids, watermark)

    def _put(  # noqa: PLR0917 - one call a line above reads better than six names twice
        self,
        session: Session,
        kind: OwnerKind,
        collection: Collection[embeddings.Document],
        documents: Sequence[embeddings.Document],
        ids: Sequence[int],
        watermark: int,
    ) -> None:
        encodes = isinstance(self.engine.encoder, StaticEncoder) if self._encodes is None else self._encodes
        found = embeddings.entries(session, self.engine, kind, documents, encode=encodes)
        gone = set(ids) - {entry.document.id for entry in found}
        collection.apply(found, gone, watermark)


def _runs(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    for start in range(0, len(ids), BATCH):
        yield ids[start : start + BATCH]


def _with_rate(session: Session, posting: Posting) -> PostingDocument:
    rate = response_rates(session, {posting.employer_id}).get(posting.employer_id)
    return posting_document(posting, rate)


def _mark(session: Session) -> tuple[int, int]:
    """Return the newest change and how many of the last ones are visible: both move, or nothing did."""
    newest = session.scalar(select(func.max(MatchChange.id))) or 0
    visible = select(func.count()).where(MatchChange.id > newest - WINDOW)
    return newest, session.scalar(visible) or 0
