"""Documents read for the index by several processes, each with a connection and an encoder of its own."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, partial
from typing import Self

from matcher.engine import MatchingEngine
from matcher.segments import Segment
from webapp.database import Transaction, open_engine, transactions
from webapp.models.matching import OwnerKind
from webapp.services.embeddings import entries
from webapp.services.owners import collection_of, documents_of
from webapp.services.processes import spread_over
from webapp.settings import ROOT, Settings

Piece = tuple[OwnerKind, Sequence[int]]


@dataclass(frozen=True, slots=True)
class Readers:
    """How many processes read, and what each of them opens."""

    processes: int
    database_url: str
    encoder: str

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """Let as many read as an installation allows."""
        return cls(settings.processes, settings.database_url, settings.encoder)

    def read(self, pieces: Iterable[Piece]) -> Iterator[tuple[OwnerKind, Sequence[Segment]]]:
        """Yield what is searched of each piece, as soon as it is read; missing vectors are made and kept."""
        return spread_over(self.processes, partial(_read, self), pieces)


def _read(readers: Readers, piece: Piece) -> tuple[OwnerKind, Sequence[Segment]]:
    kind, ids = piece
    transaction, engine = _opened(readers)
    with transaction() as session:
        found = entries(session, engine, kind, documents_of(session, kind, ids), encode=True)
    return kind, collection_of(engine, kind).read(found)


@cache
def _opened(readers: Readers) -> tuple[Transaction, MatchingEngine]:
    """Open what this process needs for all its pieces."""
    transaction = transactions(open_engine(readers.database_url))
    return transaction, MatchingEngine.open(ROOT / "data", readers.encoder)
