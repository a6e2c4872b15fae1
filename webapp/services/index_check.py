"""Holding an index against the database: row by row, and by what a search finds of the truly nearest."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, NamedTuple

import numpy as np
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from matcher.collection import Collection, State
from matcher.documents import Vector
from matcher.engine import MatchingEngine
from webapp.domain.words import N_
from webapp.models.background import IndexProbe
from webapp.models.matching import Embedding, OwnerKind
from webapp.queries.documents import posting_documents, resume_documents
from webapp.services.embeddings import entries
from webapp.services.following import BATCH, OWNERS

QUERIES, TOP = 20, 100
ROWS_AT_ONCE = 20_000
MISSING, NEEDLESS, OTHER = N_("索引里没有"), N_("索引里多出"), N_("索引里的向量不是现在的")


class Difference(NamedTuple):
    """One owner for whom index and database disagree."""

    kind: OwnerKind
    owner_id: int
    message: str


def collection_of(engine: MatchingEngine, kind: OwnerKind) -> Collection[Any]:
    """Return the collection that holds one kind of owner."""
    return engine.postings if kind is OwnerKind.POSTING else engine.resumes


def differences(session: Session, engine: MatchingEngine) -> Iterator[Difference]:
    """Compare every owner who may be found with the engine's collections, in a session on one moment.

    The engine must have followed what that session sees.
    """
    for kind, (owner, shown) in OWNERS.items():
        state = collection_of(engine, kind).state
        rows = _rows(state)
        wanted = session.scalars(select(owner).where(shown).order_by(owner)).all()
        for start in range(0, len(wanted), BATCH):
            ids = wanted[start : start + BATCH]
            yield from _compared(kind, state, rows, _vectors(session, engine, kind, ids), ids)
            for id in ids:
                rows.pop(id, None)
        yield from (Difference(kind, id, NEEDLESS) for id in rows)


def probe(session: Session, engine: MatchingEngine, kind: OwnerKind, *, at: datetime) -> IndexProbe | None:
    """Search with some stored vectors and note the share found of their truly nearest, if there are any."""
    asked = _some_vectors(session, engine.model_id)
    state = collection_of(engine, kind).state
    if not len(asked) or not len(state):
        return None
    nearest = _truly_nearest(session, engine.model_id, kind, asked, set(_rows(state)))
    shares = [
        len(set(state.ids[state.nearest(query, state.alive, TOP)].tolist()) & truth) / len(truth)
        for query, truth in zip(asked, nearest, strict=True)
        if truth
    ]
    if not shares:
        return None
    found = IndexProbe(
        at=at,
        model_id=engine.model_id,
        collection=kind.value,
        entries=int(state.alive.sum()),
        queries=len(shares),
        recall=float(np.mean(shares)),
    )
    session.add(found)
    return found


def _rows(state: State) -> dict[int, int]:
    if not len(state):
        return {}
    alive = np.flatnonzero(state.alive)
    return dict(zip(state.ids[alive].tolist(), alive.tolist(), strict=True))


def _vectors(
    session: Session, engine: MatchingEngine, kind: OwnerKind, ids: Sequence[int]
) -> dict[int, Vector]:
    if kind is OwnerKind.POSTING:
        found = entries(session, engine, kind, posting_documents(session, ids), encode=False)
        return {entry.document.id: entry.vector for entry in found}
    people = entries(session, engine, kind, resume_documents(session, ids), encode=False)
    return {entry.document.id: entry.vector for entry in people}


def _compared(
    kind: OwnerKind, state: State, rows: dict[int, int], truth: dict[int, Vector], ids: Sequence[int]
) -> Iterator[Difference]:
    yield from (Difference(kind, id, NEEDLESS) for id in ids if id in rows and id not in truth)
    yield from (Difference(kind, id, MISSING) for id in truth if id not in rows)
    both = [id for id in truth if id in rows]
    if not both:
        return
    held = state.vectors(np.array([rows[id] for id in both], dtype=np.int64))
    same: list[bool] = np.all(
        np.isclose(held, np.stack([truth[id] for id in both]), atol=1e-6), axis=1
    ).tolist()
    yield from (Difference(kind, id, OTHER) for id, agrees in zip(both, same, strict=True) if not agrees)


def _some_vectors(session: Session, model_id: str) -> Vector:
    """Return some stored vectors from all over the table."""
    known = (Embedding.model_id == model_id, Embedding.owner_kind == OwnerKind.POSTING)
    last = session.scalar(select(func.max(Embedding.owner_id)).where(*known)) or 0
    found = [
        session.scalar(
            select(Embedding.vector)
            .where(*known, Embedding.owner_id >= place)
            .order_by(Embedding.owner_id)
            .limit(1)
        )
        for place in sorted({1 + last * number // QUERIES for number in range(QUERIES)})
    ]
    return _read([vector for vector in found if vector is not None])


def _truly_nearest(
    session: Session, model_id: str, kind: OwnerKind, asked: Vector, indexed: set[int]
) -> list[set[int]]:
    """Compare the queries with every stored vector, some rows at a time."""
    best = [(np.empty(0, np.float32), np.empty(0, np.int64)) for _ in asked]
    stored = session.execute(
        select(Embedding.owner_id, Embedding.vector)
        .where(Embedding.model_id == model_id, Embedding.owner_kind == kind)
        .execution_options(yield_per=ROWS_AT_ONCE)
    )
    for part in stored.partitions():
        rows = [(id, vector) for id, vector in part if id in indexed]
        if not rows:
            continue
        ids = np.array([id for id, _ in rows])
        scores = asked @ _read([vector for _, vector in rows]).T
        best = [_top(found, (line, ids)) for found, line in zip(best, scores, strict=True)]
    return [set(ids.tolist()) for _, ids in best]


def _top(found: tuple[Vector, Any], more: tuple[Vector, Any]) -> tuple[Vector, Any]:
    scores, ids = (np.concatenate(pair) for pair in zip(found, more, strict=True))
    order = np.lexsort((ids, -scores))[:TOP]
    return scores[order], ids[order]


def _read(vectors: Sequence[bytes]) -> Vector:
    if not vectors:
        return np.empty((0, 0), dtype=np.float32)
    return np.stack([np.frombuffer(vector, dtype="<f2") for vector in vectors]).astype(np.float32)
