"""What a search of the index finds of the truly nearest."""

from datetime import datetime
from typing import Any

import numpy as np
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from matcher.documents import Vector
from matcher.engine import MatchingEngine
from webapp.models.background import IndexProbe
from webapp.models.matching import Embedding, OwnerKind
from webapp.services.embeddings import read_vectors
from webapp.services.owners import collection_of

QUERIES, TOP = 20, 100
ROWS_AT_ONCE = 20_000


def probe(session: Session, engine: MatchingEngine, kind: OwnerKind, *, at: datetime) -> IndexProbe | None:
    """Search with some stored vectors and return the share found of their truly nearest, if there are any."""
    asked = _some_vectors(session, engine.model_id)
    state = collection_of(engine, kind).state
    if not len(asked) or not len(state):
        return None
    nearest = _truly_nearest(session, engine.model_id, kind, asked, set(state.ids[state.alive].tolist()))
    shares = [
        len(set(state.ids[state.nearest(query, state.alive, TOP)].tolist()) & truth) / len(truth)
        for query, truth in zip(asked, nearest, strict=True)
        if truth
    ]
    if not shares:
        return None
    return IndexProbe(
        at=at,
        model_id=engine.model_id,
        collection=kind.value,
        entries=int(state.alive.sum()),
        queries=len(shares),
        recall=float(np.mean(shares)),
    )


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
    return read_vectors([vector for vector in found if vector is not None])


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
        scores = asked @ read_vectors([vector for _, vector in rows]).T
        best = [_top(found, (line, ids)) for found, line in zip(best, scores, strict=True)]
    return [set(ids.tolist()) for _, ids in best]


def _top(found: tuple[Vector, Any], more: tuple[Vector, Any]) -> tuple[Vector, Any]:
    scores, ids = (np.concatenate(pair) for pair in zip(found, more, strict=True))
    order = np.lexsort((ids, -scores))[:TOP]
    return scores[order], ids[order]
