"""One model's collections, kept up with the database.

SQL is the truth: a process loads the newest snapshot if there is one, then applies the changes after
its watermark, and looks for new ones before each search. Without a snapshot it reads everything.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from matcher.collection import Collection
from matcher.encoder import StaticEncoder
from matcher.engine import MatchingEngine
from matcher.errors import MatcherError
from webapp.domain.postings import PostingStatus
from webapp.models import Graduate, Posting
from webapp.models.matching import MatchChange, OwnerKind
from webapp.queries.documents import posting_documents, resume_documents
from webapp.services import embeddings

BATCH = 500
WINDOW = 1000
"""Changes may become visible out of order: the last ones are looked at again, by id."""

Transaction = Callable[[], AbstractContextManager[Session]]
"""Opens a session: a request's own, or one that commits when left."""

OWNERS: Mapping[OwnerKind, tuple[InstrumentedAttribute[int], ColumnElement[bool]]] = {
    OwnerKind.POSTING: (Posting.id, Posting.status == PostingStatus.LIVE),
    OwnerKind.RESUME: (Graduate.id, Graduate.searchable.is_(True)),
}
"""Whose vectors are needed: the key, and the condition under which."""


class Follower:
    """Keeps an engine's collections at what the database says; one thread at a time."""

    def __init__(self, engine: MatchingEngine, *, folder: Path | None, encodes: bool | None = None) -> None:
        """Take an engine; ``encodes`` tells whether missing vectors are made here.

        By default a process makes them when the encoder is static, which takes milliseconds; the
        worker makes those of any other model.
        """
        self.engine = engine
        self._home = folder and folder / engine.model_id
        self._encodes = isinstance(engine.encoder, StaticEncoder) if encodes is None else encodes
        self._seen: set[int] = set()
        self._mark: tuple[int, int] | None = None

    def follow(self, transaction: Transaction) -> None:
        """Bring the collections to what can be seen; cheap when nothing changed."""
        with transaction() as session:
            mark = _mark(session)
        if self._mark is None and not self._loaded():
            self._read_all(transaction, mark[0])
        elif mark != self._mark:
            with transaction() as session:
                self._catch_up(session)
        self._mark = mark

    def save(self) -> None:
        """Write both collections to the snapshot folder for the next process."""
        if self._home is not None:
            self.engine.postings.save(self._home / "postings")
            self.engine.resumes.save(self._home / "resumes")

    def _loaded(self) -> bool:
        """Load the snapshot; one that is missing, stale or damaged is as good as none."""
        if self._home is None:
            return False
        try:
            self.engine.postings.load(self._home / "postings")
            self.engine.resumes.load(self._home / "resumes")
        except (MatcherError, OSError):
            return False
        return True

    def _read_all(self, transaction: Transaction, newest: int) -> None:
        self.engine.postings.clear()
        self.engine.resumes.clear()
        for kind, (owner, shown) in OWNERS.items():
            with transaction() as session:
                owners = session.scalars(select(owner).where(shown)).all()
            for ids in _runs(owners):
                with transaction() as session:
                    self._apply(session, kind, ids, newest)
        with transaction() as session:
            self._seen = set(session.scalars(select(MatchChange.id).where(MatchChange.id > newest - WINDOW)))

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
        found = embeddings.entries(session, self.engine, kind, documents, encode=self._encodes)
        gone = set(ids) - {entry.document.id for entry in found}
        collection.apply(found, gone, watermark)


def _runs(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    for start in range(0, len(ids), BATCH):
        yield ids[start : start + BATCH]


def _mark(session: Session) -> tuple[int, int]:
    """Return the newest change and how many of the last ones are visible: both move, or nothing did."""
    newest = session.scalar(select(func.max(MatchChange.id))) or 0
    visible = select(func.count()).where(MatchChange.id > newest - WINDOW)
    return newest, session.scalar(visible) or 0
