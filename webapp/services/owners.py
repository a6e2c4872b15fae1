"""Whose documents are matched: where each kind of owner is found, read and held."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement
from sqlalchemy.orm import InstrumentedAttribute, Session

from matcher.collection import Collection
from matcher.engine import MatchingEngine
from webapp.domain.postings import PostingStatus
from webapp.models import Graduate, Posting
from webapp.models.matching import OwnerKind
from webapp.queries.documents import posting_documents, resume_documents

Owner = tuple[OwnerKind, int]

OWNERS: Mapping[OwnerKind, tuple[InstrumentedAttribute[int], ColumnElement[bool]]] = {
    OwnerKind.POSTING: (Posting.id, Posting.status == PostingStatus.LIVE),
    OwnerKind.RESUME: (Graduate.id, Graduate.searchable.is_(True)),
}
"""Whose vectors are needed: the key, and the condition under which."""


def documents_of(session: Session, kind: OwnerKind, ids: Sequence[int]) -> Sequence[Any]:
    """Read the documents of those owners who may be found."""
    return posting_documents(session, ids) if kind is OwnerKind.POSTING else resume_documents(session, ids)


def collection_of(engine: MatchingEngine, kind: OwnerKind) -> Collection[Any]:
    """Return the collection that holds one kind of owner's documents."""
    return engine.postings if kind is OwnerKind.POSTING else engine.resumes
