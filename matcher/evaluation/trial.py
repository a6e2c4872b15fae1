"""One way of searching tried on one judged collection: what it finds and how long it takes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from statistics import median
from time import perf_counter

import numpy as np

from matcher.columns import Floats
from matcher.documents import Vector
from matcher.encoder import Encoder
from matcher.evaluation.collection import JudgedCollection
from matcher.evaluation.measures import Measures, mean, measured, ranks
from matcher.retrieval import Retriever

BATCH, TIMED = 128, 200


class Stopwatch:
    """An encoder that counts the texts it encodes and the seconds that takes."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self.model_id, self.dimension = encoder.model_id, encoder.dimension
        self.texts, self.seconds = 0, 0.0

    def encode(self, texts: Sequence[str]) -> Vector:
        """Encode texts and note how long it took."""
        start = perf_counter()
        vectors = self._encoder.encode(texts)
        self.seconds += perf_counter() - start
        self.texts += len(texts)
        return vectors

    @property
    def texts_per_second(self) -> float:
        """Return the rate of encoding so far."""
        return self.texts / self.seconds if self.seconds else 0.0


@dataclass(frozen=True, slots=True)
class Trial:
    """Measures by query id, the median time of one query, and the time to prepare all documents."""

    queries: dict[str, Measures]
    latency_ms: float
    preparing_s: float

    @property
    def mean(self) -> Measures:
        """Average over queries."""
        return mean(list(self.queries.values()))


def tried(build: Callable[[Sequence[str]], Retriever], collection: JudgedCollection) -> Trial:
    """Prepare the documents, search every query, judge the rankings, and time single queries."""
    start = perf_counter()
    retriever = build(list(collection.documents.values()))
    preparing = perf_counter() - start
    return Trial(
        queries=searched(retriever, collection),
        latency_ms=_latency(retriever, list(collection.queries.values())[:TIMED]),
        preparing_s=preparing,
    )


def searched(retriever: Retriever, collection: JudgedCollection) -> dict[str, Measures]:
    """Search every query and judge the rankings."""
    queries = list(collection.queries.values())
    batches = (queries[row : row + BATCH] for row in range(0, len(queries), BATCH))
    scores = (row for batch in batches for row in retriever.scores(batch))
    return dict(zip(collection.queries, judged(scores, collection), strict=True))


def judged(scores: Iterable[Floats], collection: JudgedCollection) -> Iterator[Measures]:
    """Judge the scores of all documents for each query in turn."""
    rows = {id: row for row, id in enumerate(collection.documents)}
    for query, row in zip(collection.queries, scores, strict=True):
        placed, wanted = ranks(row), collection.grades[query]
        found = [float(placed[rows[document]]) if document in rows else np.inf for document in wanted]
        yield measured(np.array(found), np.array(list(wanted.values())))


def _latency(retriever: Retriever, queries: Sequence[str]) -> float:
    spent = []
    for query in queries:
        start = perf_counter()
        retriever.scores([query])
        spent.append(perf_counter() - start)
    return median(spent) * 1000
