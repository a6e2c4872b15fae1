"""One model's collections, kept up with the database.

SQL is the truth: a process loads the newest snapshot if there is one, then applies the changes after
its watermark, and looks for new ones before each search. One that has slept for longer than the feed is
kept begins again like that. Without a snapshot it reads everything, or waits for one where that is much.
"""

from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

from sqlalchemy import select, tuple_
from sqlalchemy.orm import Session

from matcher import snapshot
from matcher.collection import Collection
from matcher.encoder import StaticEncoder
from matcher.engine import MatchingEngine
from matcher.errors import MatcherError
from webapp.database import Transaction
from webapp.domain.errors import PlatformError
from webapp.domain.words import N_
from webapp.models.matching import Embedding, OwnerKind
from webapp.queries.changes import Change, feed_from, place_now
from webapp.services import embeddings
from webapp.services.owners import OWNERS, Owner, collection_of, documents_of
from webapp.services.readers import Piece, Readers

BATCH = 500
FEW = 2000
"""So many documents are read in a few seconds."""


class IndexNotReady(PlatformError):
    """Searches wait for the snapshot of the worker, because reading everything here would take long."""

    message = N_("岗位匹配和搜索正在准备，暂时用不了。请过一会儿再试，其他页面可以照常使用。")


class Followed(NamedTuple):
    """What one look at the feed brought, and the place it began at."""

    changes: tuple[Change, ...]
    before: int


def snapshots_of(home: Path) -> tuple[Path, Path]:
    """Return where the snapshots of a model's postings and resumes are kept."""
    return home / "postings", home / "resumes"


class Follower:
    """Keeps an engine's collections at what the database says; one thread at a time."""

    def __init__(
        self,
        engine: MatchingEngine,
        *,
        folder: Path | None,
        encodes: bool | None = None,
        waits: bool = False,
        readers: Readers | None = None,
    ) -> None:
        """Take an engine; ``encodes`` tells whether missing vectors are made here.

        By default a process makes them when the encoder is static, which takes milliseconds; the
        worker makes those of any other model. One that ``waits`` leaves it to the worker to read more than
        a few documents, and takes its snapshot. Where there are ``readers``, they read what is more.
        """
        self.engine = engine
        self._home = folder and folder / engine.model_id
        self._encodes = isinstance(engine.encoder, StaticEncoder) if encodes is None else encodes
        self._waits = waits
        self._readers = readers
        self.waiting = False
        self._place: int | None = None
        self._useless: Sequence[str | None] | None = None
        self._seen: set[int] = set()
        self._again: set[Owner] = set()
        self._lacking: dict[Owner, None] = {}

    @property
    def complete(self) -> bool:
        """Say whether the collections hold everything, but for changes of the last moments."""
        return self._place is not None

    def follow(self, transaction: Transaction) -> Followed:
        """Bring the collections to what can be seen; cheap when nothing changed.

        Raises :class:`IndexNotReady` while a snapshot is waited for; ``waiting`` says so from then on.
        """
        with transaction() as session:
            place = place_now(session)
            start, changes = self._start(session, place)
            self.waiting = start is None and self._waits and _is_much(session)
            if self.waiting:
                raise IndexNotReady
            self._again |= self._made(session)
        fresh = [change for change in changes if change.id not in self._seen]
        if start is None:
            self._read_all(transaction, place)
        else:
            owners = {(change.kind, change.owner_id) for change in fresh} | self._again
            self._catch_up(transaction, owners, place)
        self._place = place
        self._seen = {change.id for change in changes if change.place >= place}
        return Followed(tuple(fresh), place if start is None else start)

    def doubt(self, followed: Followed) -> None:
        """Look again at what was followed in a transaction that was then undone."""
        if self._place is not None:
            self._place = min(self._place, followed.before)
        self._seen -= {change.id for change in followed.changes}
        self._again |= {(change.kind, change.owner_id) for change in followed.changes}

    def behind(self, session: Session) -> list[Change]:
        """Return the changes that can be seen and are not contained yet."""
        changes = feed_from(session, self._place or 0).changes
        return [change for change in changes if change.id not in self._seen]

    def save(self) -> None:
        """Write both collections to the snapshot folder for the next process."""
        if self._home is None or self._place is None:
            return
        for collection, folder in self._collections(self._home):
            collection.apply([], [], self._place)
            collection.save(folder)

    def _start(self, session: Session, place: int) -> tuple[int | None, Sequence[Change]]:
        """Return from where to go on, and the changes since: no place where everything must be read."""
        if self._place is not None:
            feed = feed_from(session, self._place)
            if feed.reaches_back(self._place, now=place):
                return self._place, feed.changes
            self._place = None
        versions = self._versions()
        reached = [] if versions == self._useless else self._loaded()
        start = min([*reached, place])
        feed = feed_from(session, start)
        if reached and max(reached) <= place and feed.reaches_back(start, now=place):
            self._seen = {one.id for one in feed.changes if self._contained(one)}
            return start, feed.changes
        self._useless, self._seen = versions, set()
        return None, feed.changes

    def _loaded(self) -> list[int]:
        """Load the snapshot and return to which places its sides reach: to none where it cannot be used.

        One that is missing, stale, damaged or of a feed that went further than this one is as good as none,
        and is not looked at a second time.
        """
        if self._home is None:
            return []
        try:
            for collection, folder in self._collections(self._home):
                collection.load(folder)
        except (MatcherError, OSError):
            return []
        return [self.engine.postings.watermark, self.engine.resumes.watermark]

    def _collections(self, home: Path) -> Iterator[tuple[Collection[Any], Path]]:
        yield from zip((self.engine.postings, self.engine.resumes), snapshots_of(home), strict=True)

    def _versions(self) -> Sequence[str | None]:
        return [snapshot.current(folder) for folder in snapshots_of(self._home)] if self._home else []

    def _contained(self, change: Change) -> bool:
        """Say whether the snapshot of its side, which may be newer than the other's, contains a change."""
        return change.place < collection_of(self.engine, change.kind).watermark

    def _read_all(self, transaction: Transaction, place: int) -> None:
        self.engine.postings.clear()
        self.engine.resumes.clear()
        pieces = list[Piece]()
        for kind, (owner, shown) in OWNERS.items():
            with transaction() as session:
                pieces += ((kind, ids) for ids in _runs(session.scalars(select(owner).where(shown)).all()))
        if self._readers and len(pieces) * BATCH > FEW:
            for kind, segments in self._readers.read(pieces):
                collection_of(self.engine, kind).take(segments, (), place)
        else:
            for kind, ids in pieces:
                with transaction() as session:
                    self._apply(session, kind, ids, place)

    def _catch_up(self, transaction: Transaction, owners: AbstractSet[Owner], place: int) -> None:
        for kind in OwnerKind:
            for ids in _runs(sorted(id for its_kind, id in owners if its_kind is kind)):
                with transaction() as session:
                    self._apply(session, kind, ids, place)

    def _apply(self, session: Session, kind: OwnerKind, ids: Sequence[int], watermark: int) -> None:
        """Put the present state of these owners into their collection: there, changed or gone."""
        documents = documents_of(session, kind, ids)
        found = embeddings.entries(session, self.engine, kind, documents, encode=self._encodes)
        there = {entry.document.id for entry in found}
        collection_of(self.engine, kind).apply(found, set(ids) - there, watermark)
        self._again -= {(kind, id) for id in ids}
        self._lacking |= dict.fromkeys((kind, one.id) for one in documents if one.id not in there)

    def _made(self, session: Session) -> set[Owner]:
        """Return those of some owners without a vector for whom another process has made one."""
        if not self._lacking:
            return set()
        looked = list(islice(self._lacking, BATCH))
        key = (Embedding.owner_kind, Embedding.owner_id)
        here = select(*key).where(Embedding.model_id == self.engine.model_id, tuple_(*key).in_(looked))
        made = set(session.execute(here).tuples())
        for owner in looked:
            del self._lacking[owner]
        self._lacking |= dict.fromkeys(owner for owner in looked if owner not in made)
        return made


def _is_much(session: Session) -> bool:
    found = [
        session.scalars(select(owner).where(shown).limit(FEW + 1)).all() for owner, shown in OWNERS.values()
    ]
    return sum(map(len, found)) > FEW


def _runs(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    for start in range(0, len(ids), BATCH):
        yield ids[start : start + BATCH]
