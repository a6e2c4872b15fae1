"""Keeping the index ready, and making another encoder ready beside the one that answers.

Everything here may be killed at any point and begun again: what is done is in the database.
"""

from collections.abc import Iterator
from contextlib import nullcontext, suppress
from datetime import datetime
from pathlib import Path

from sqlalchemy import Select, exists, func, select
from sqlalchemy.orm import Session

from matcher import snapshot
from matcher.engine import MatchingEngine
from matcher.errors import UnknownEncoder
from webapp.database import Transaction
from webapp.models.matching import Embedding, OwnerKind
from webapp.services.changes import AT_ONCE, forget_changes
from webapp.services.embeddings import encode_missing, forget_needless
from webapp.services.following import Follower, snapshots_of
from webapp.services.owners import OWNERS
from webapp.services.readers import Readers
from webapp.services.serving import drop_homes, keep_copy, open_serving, serve, serving
from webapp.settings import ROOT

BATCH = 200
"""So many are encoded in one transaction: a transformer needs seconds for them."""
MOST_FORGOTTEN = 5000


def keep_index(
    transaction: Transaction,
    *,
    encoder: str,
    folder: Path,
    milvus: str | None = None,
    readers: Readers | None = None,
) -> Iterator[int]:
    """Bring the index up to date; where another encoder is wished for, make it ready and let it serve.

    While another one is being made ready, yields after every batch how many documents it still lacks;
    whoever stops there goes on with the next call.
    """
    wished = MatchingEngine.open(ROOT / "data", encoder, milvus=milvus)
    with transaction() as session:
        model = serving(session)
    changes = model is not None and model.model_id != wished.model_id
    if model is not None and changes:
        with suppress(UnknownEncoder):
            _saved(transaction, open_serving(model, folder, milvus), model.source, folder)
        yield from _make_ready(transaction, wished)
    follower = _saved(transaction, wished, encoder, folder, readers)
    if model is None or changes:
        with transaction() as session:
            follower.follow(lambda: nullcontext(session))
            serve(session, model_id=wished.model_id, source=encoder)
    else:
        _tidy(transaction, folder, wished.model_id)


def shorten_feed(transaction: Transaction, *, folder: Path, at: datetime) -> None:
    """Forget old changes that the snapshot of the model that answers contains, some at a time."""
    with transaction() as session:
        model = serving(session)
    if model is None:
        return
    saved = min(map(snapshot.reached, snapshots_of(folder / model.model_id)))
    more = True
    while more:
        with transaction() as session:
            more = forget_changes(session, before=saved, at=at) == AT_ONCE


def _saved(
    transaction: Transaction,
    engine: MatchingEngine,
    source: str,
    folder: Path,
    readers: Readers | None = None,
) -> Follower:
    """Bring one model's index up to date and write it down, with its encoder, for the next process."""
    follower = Follower(engine, folder=folder, encodes=True, readers=readers)
    follower.follow(transaction)
    follower.save()
    keep_copy(source, folder / engine.model_id)
    return follower


def _make_ready(transaction: Transaction, engine: MatchingEngine) -> Iterator[int]:
    """Encode whatever has no vector of a model yet, a batch a transaction."""
    with transaction() as session:
        waiting = sum(_count(session, _lacking(kind, engine.model_id)) for kind in OwnerKind)
    for kind in OwnerKind:
        last, owner = 0, OWNERS[kind][0]
        while True:
            with transaction() as session:
                lacking = _lacking(kind, engine.model_id).where(owner > last).order_by(owner).limit(BATCH)
                ids = session.scalars(lacking).all()
                encode_missing(session, engine, kind, ids)
            if not ids:
                break
            last, waiting = ids[-1], max(0, waiting - len(ids))
            yield waiting


def _lacking(kind: OwnerKind, model_id: str) -> Select[int]:
    owner, shown = OWNERS[kind]
    there = exists().where(
        Embedding.owner_kind == kind, Embedding.owner_id == owner, Embedding.model_id == model_id
    )
    return select(owner).where(shown, ~there)


def _count(session: Session, found: Select[int]) -> int:
    return session.scalar(select(func.count()).select_from(found.subquery())) or 0


def _tidy(transaction: Transaction, folder: Path, model_id: str) -> None:
    """Forget other models' vectors, copies and snapshots, some at a time."""
    more = True
    while more:
        with transaction() as session:
            more = forget_needless(session, keep=model_id, most=MOST_FORGOTTEN) == MOST_FORGOTTEN
    drop_homes(folder, keep={model_id})
