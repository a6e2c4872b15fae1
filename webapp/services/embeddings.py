"""Vectors in the database: written once per content, model and text version."""

import hashlib
from collections.abc import Sequence
from typing import TypeVar

import numpy as np
from sqlalchemy import and_, delete, exists, or_, select, tuple_
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from matcher.documents import Entry, PostingDocument, ResumeDocument, Vector
from matcher.encoder import as_stored
from matcher.engine import MatchingEngine
from matcher.text import prepared
from webapp.models import Graduate
from webapp.models.matching import Embedding, OwnerKind
from webapp.services.owners import documents_of

_CONTENT = ("text_version", "content_hash", "dimension", "vector")
Document = TypeVar("Document", PostingDocument, ResumeDocument)


def entries(
    session: Session, engine: MatchingEngine, kind: OwnerKind, documents: Sequence[Document], *, encode: bool
) -> list[Entry[Document]]:
    """Return documents with their vectors, reading the stored ones and encoding what changed.

    With ``encode`` off, documents without a current vector are left out until the worker has made one.
    """
    stored = {
        row.owner_id: row
        for row in session.scalars(
            select(Embedding)
            .where(
                Embedding.owner_kind == kind,
                Embedding.owner_id.in_([document.id for document in documents]),
                Embedding.model_id == engine.model_id,
            )
            .execution_options(populate_existing=True)
        )
    }
    known: dict[int, Vector] = {}
    fresh: list[Document] = []
    for document in documents:
        row = stored.get(document.id)
        if row is not None and row.content_hash == content_hash(document, engine):
            known[document.id] = read_vectors([row.vector])[0]
        else:
            fresh.append(document)
    if fresh and encode:
        known |= _encode(session, engine, kind, fresh)
    return [Entry(document, known[document.id]) for document in documents if document.id in known]


def encode_missing(session: Session, engine: MatchingEngine, kind: OwnerKind, ids: Sequence[int]) -> None:
    """Store the vectors these owners lack under an engine's model."""
    entries(session, engine, kind, documents_of(session, kind, ids), encode=True)


def forget(session: Session, kind: OwnerKind, owner_ids: Sequence[int]) -> None:
    """Delete the vectors of what may no longer be found, under every model."""
    session.execute(delete(Embedding).where(Embedding.owner_kind == kind, Embedding.owner_id.in_(owner_ids)))


def forget_needless(session: Session, *, keep: str, most: int) -> int:
    """Delete some vectors of other models and of people who may not be found; return how many.

    Leaving deletes a person's vectors at once; one that another process was just making is caught here.
    """
    key = (Embedding.owner_kind, Embedding.owner_id, Embedding.model_id)
    found = exists().where(
        Graduate.id == Embedding.owner_id, Graduate.searchable, Graduate.restricted_at.is_(None)
    )
    hidden = and_(Embedding.owner_kind == OwnerKind.RESUME, ~found)
    needless = select(*key).where(or_(Embedding.model_id != keep, hidden)).limit(most)
    rows = session.execute(needless).all()
    session.execute(delete(Embedding).where(tuple_(*key).in_(rows)))
    return len(rows)


def content_hash(document: PostingDocument | ResumeDocument, engine: MatchingEngine) -> str:
    """Return the digest of exactly what is encoded, text version included."""
    return hashlib.sha256(f"{engine.text_version}\n{prepared(document)}".encode()).hexdigest()


def read_vectors(stored: Sequence[bytes]) -> Vector:
    """Return stored vectors of one model as rows."""
    if not stored:
        return np.empty((0, 0), dtype=np.float32)
    return np.frombuffer(b"".join(stored), dtype="<f2").reshape(len(stored), -1).astype(np.float32)


def _encode(
    session: Session, engine: MatchingEngine, kind: OwnerKind, documents: Sequence[Document]
) -> dict[int, Vector]:
    """Encode and keep; another process may be doing the same, so the rows go in by id and never collide."""
    documents = sorted(documents, key=lambda document: document.id)
    vectors = as_stored(engine.encoder.encode([prepared(document) for document in documents]))
    on_sqlite = session.get_bind().dialect.name == "sqlite"
    row: sqlite.Insert | postgresql.Insert = (sqlite if on_sqlite else postgresql).insert(Embedding)
    session.execute(
        row.on_conflict_do_update(
            index_elements=["owner_kind", "owner_id", "model_id"],
            set_={name: row.excluded[name] for name in _CONTENT},
        ),
        [
            {
                "owner_kind": kind,
                "owner_id": document.id,
                "model_id": engine.model_id,
                "text_version": engine.text_version,
                "content_hash": content_hash(document, engine),
                "dimension": len(vector),
                "vector": vector.astype("<f2").tobytes(),
            }
            for document, vector in zip(documents, vectors, strict=True)
        ],
    )
    return {document.id: vector for document, vector in zip(documents, vectors, strict=True)}
