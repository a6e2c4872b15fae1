"""Indexed vectors of made-up postings, for benchmarks of search: encoded for it, or of an installation."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from sqlalchemy import select
from sqlalchemy.orm import Session

from matcher.documents import Vector
from matcher.encoder import load_encoder
from matcher.index.faiss_index import FaissIndex
from tests.benchmarks.city import City, posting_vectors, resume_vectors
from tests.benchmarks.indexed_city import opened_database, started
from webapp.database import session_factory, session_scope
from webapp.models import Posting
from webapp.services.matching import Matching
from webapp.settings import Settings

CHUNK = 5_000
LISTS = "lists.faiss"


@dataclass(frozen=True)
class Stock:
    """Our index of some postings, its bytes, and the trade (0 to 9) each posting's title falls into."""

    index: FaissIndex
    size: int
    trades: np.ndarray


def asked(queries: int) -> Vector:
    """Return the vectors of made-up resumes."""
    return resume_vectors(load_encoder(Settings().encoder), City().resumes(range(1, queries + 1)))


def encoded(folder: Path, postings: int) -> Stock:
    """Encode made-up postings and build lists, unless an earlier run kept them; both are mapped from disk."""
    city, encoder = City(), load_encoder(Settings().encoder)
    stem = folder / f"search-{postings}-{encoder.model_id}"
    halves, trades = stem.with_suffix(".vectors.npy"), stem.with_suffix(".trades.npy")
    lists = folder / f"lists-{postings}.faiss"
    if not trades.exists():
        folder.mkdir(parents=True, exist_ok=True)
        written = np.lib.format.open_memmap(halves, "w+", np.float16, (postings, encoder.dimension))
        titles: list[str] = []
        for start in range(0, postings, CHUNK):
            chunk = [*city.postings(range(start + 1, min(start + CHUNK, postings) + 1))]
            written[start : start + len(chunk)] = posting_vectors(encoder, chunk)
            titles += [posting.title for posting in chunk]
        written.flush()
        np.save(trades, trades_of(titles))
    vectors = np.asarray(np.load(halves, mmap_mode="r"))
    if not lists.exists():
        FaissIndex(vectors).make_lists(lists)
    return stocked(FaissIndex.open(vectors, lists if lists.exists() else None), lists, np.load(trades))


def indexed(folder: Path) -> Stock:
    """Take the postings of a folder in which bench match keeps its database and snapshot."""
    engine = opened_database(folder)
    with session_scope(session_factory(engine)) as session:
        stock = served(session, started(session, folder).matching, folder)
    engine.dispose()
    return stock


def served(session: Session, matching: Matching, folder: Path) -> Stock:
    """Take the very index a process serves from its snapshot."""
    segment = matching.engine.postings.state.segments[0]
    titles = dict(session.execute(select(Posting.id, Posting.title)).tuples().all())
    lists = folder / matching.engine.model_id / "postings" / segment.version / LISTS
    return stocked(segment.index, lists, trades_of([titles[id] for id in segment.columns["id"].tolist()]))


def stocked(index: FaissIndex, lists: Path, trades: np.ndarray) -> Stock:
    """Add up what an index is made of."""
    return Stock(index, index.halves.nbytes + (lists.stat().st_size if lists.exists() else 0), trades)


def trades_of(titles: Sequence[str]) -> np.ndarray:
    """Spread titles over ten trades; postings of one title are of one trade."""
    numbers = {title: number % 10 for number, title in enumerate(sorted(set(titles)))}
    return np.array([numbers[title] for title in titles], dtype=np.int8)
