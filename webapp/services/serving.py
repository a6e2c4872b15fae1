"""Which encoder answers: stated in the database, so that all processes change over together."""

import re
import shutil
import uuid
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from matcher.engine import MatchingEngine
from matcher.errors import UnknownEncoder
from webapp.database import Transaction
from webapp.models.matching import ServingModel
from webapp.settings import ROOT, Settings

COPY = "encoder"
_MODEL_ID = re.compile(r"[0-9a-f]{16}")


def serving(session: Session) -> ServingModel | None:
    """Return the model whose vectors answer; none before the first search of an installation."""
    return session.scalar(select(ServingModel).order_by(ServingModel.id.desc()).limit(1))


def serve(session: Session, *, model_id: str, source: str) -> None:
    """Let a model answer from now on; every process changes over at its next search."""
    session.add(ServingModel(model_id=model_id, source=source))
    session.flush()


def open_serving(model: ServingModel, folder: Path | None, milvus: str | None = None) -> MatchingEngine:
    """Open the encoder that answers, from the copy that was kept or from where it was.

    Raises :class:`UnknownEncoder` where neither holds its weights any more.
    """
    copy = folder / model.model_id / COPY if folder else None
    for place in (copy, model.source) if copy and copy.is_dir() else (model.source,):
        try:
            engine = MatchingEngine.open(ROOT / "data", place, milvus=milvus)
        except UnknownEncoder:
            continue
        if engine.model_id == model.model_id:
            return engine
    raise UnknownEncoder(model.source, f"the weights {model.model_id} are not there any more")


def answering_engine(transaction: Transaction, settings: Settings) -> MatchingEngine:
    """Open the engine that answers searches; it holds no documents yet."""
    with transaction() as session:
        model = serving(session)
    if model is None:
        return MatchingEngine.open(ROOT / "data", settings.encoder)
    return open_serving(model, settings.snapshots)


def keep_copy(source: str, home: Path) -> None:
    """Keep a model's folder, so that an upgrade that replaces it leaves something to answer with."""
    if Path(source).is_dir() and not (home / COPY).exists():
        draft = home / f".{COPY}-{uuid.uuid4().hex}"
        shutil.copytree(source, draft)
        draft.rename(home / COPY)


def drop_homes(folder: Path, *, keep: set[str]) -> None:
    """Delete the copies and snapshots of models that are needed no longer."""
    for home in folder.iterdir():
        if home.is_dir() and _MODEL_ID.fullmatch(home.name) and home.name not in keep:
            shutil.rmtree(home, ignore_errors=True)
