"""Holding an index against the database, row by row."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from matcher.comparison import Held, Part
from matcher.engine import MatchingEngine
from matcher.index import Rows
from webapp.domain.words import N_
from webapp.models.matching import Embedding, OwnerKind
from webapp.services.embeddings import content_hash, read_vectors
from webapp.services.owners import OWNERS, collection_of, documents_of

BLOCK = 2000
MISSING, NEEDLESS = N_("索引里没有"), N_("索引里多出")
OTHER: Mapping[Part, str] = {
    Part.VECTOR: N_("索引里的向量不是现在的"),
    Part.ATTRIBUTES: N_("索引里的条件不是现在的"),
    Part.TEXT: N_("索引读的不是现在的文字"),
}

Told = Callable[[int, int], object]


class Difference(NamedTuple):
    """One owner for whom index and database disagree, and in what."""

    kind: OwnerKind
    owner_id: int
    message: str


def differences(
    session: Session, engine: MatchingEngine, *, told: Told = lambda *_: None
) -> Iterator[Difference]:
    """Compare every owner who may be found with the engine's collections, in a session on one moment.

    The engine must have followed what that session sees. Nobody is expected in it before there is a vector
    of the present text. ``told`` hears how many owners of all have been compared.
    """
    owners = {
        kind: session.scalars(select(owner).where(shown).order_by(owner)).all()
        for kind, (owner, shown) in OWNERS.items()
    }
    done, total = 0, sum(map(len, owners.values()))
    for kind, ids in owners.items():
        held: Held[Any] = Held.of(collection_of(engine, kind))
        expected = np.zeros(len(held.ids), dtype=np.bool_)
        for start in range(0, len(ids), BLOCK):
            block = ids[start : start + BLOCK]
            places, found = _compared(session, engine, kind, held, block)
            expected[places] = True
            yield from found
            done += len(block)
            told(done, total)
        yield from (Difference(kind, id, NEEDLESS) for id in held.ids[~expected].tolist())


def _compared(
    session: Session, engine: MatchingEngine, kind: OwnerKind, held: Held[Any], ids: Sequence[int]
) -> tuple[Rows, list[Difference]]:
    """Return the places of those of some owners who are expected and held, and what differs."""
    stored = _stored(session, engine, kind, ids)
    documents = [one for one in documents_of(session, kind, ids) if one.id in stored]
    places = held.places([one.id for one in documents])
    found = [
        Difference(kind, one.id, MISSING)
        for one, place in zip(documents, places.tolist(), strict=True)
        if place < 0 and stored[one.id].content_hash == content_hash(one, engine)
    ]
    there = places[places >= 0]
    if len(there):
        both = [one for one, place in zip(documents, places.tolist(), strict=True) if place >= 0]
        vectors = read_vectors([stored[one.id].vector for one in both])
        for part, differing in held.unlike(there, both, vectors):
            found += [Difference(kind, both[row].id, OTHER[part]) for row in np.flatnonzero(differing)]
    return there, found


def _stored(
    session: Session, engine: MatchingEngine, kind: OwnerKind, ids: Sequence[int]
) -> Mapping[int, Row[int, str, bytes]]:
    """Return the vectors of some owners with the digest of the text each was made from."""
    rows = session.execute(
        select(Embedding.owner_id, Embedding.content_hash, Embedding.vector).where(
            Embedding.owner_kind == kind,
            Embedding.owner_id.in_(ids),
            Embedding.model_id == engine.model_id,
        )
    )
    return {row.owner_id: row for row in rows}
