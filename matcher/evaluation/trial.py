"""One way of searching tried on one judged collection: what it finds and how long it takes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median
from time import perf_counter

import numpy as np

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
    """Prepare the documents, search every query, judge the rankings."""
    documents = list(collection.documents.values())
    start = perf_counter()
    retriever = build(documents)
    preparing = perf_counter() - start
    return Trial(
        queries=_judged(retriever, collection),
        latency_ms=_latency(retriever, list(collection.queries.values())[:TIMED]),
        preparing_s=preparing,
    )


def _judged(retriever: Retriever, collection: JudgedCollection) -> dict[str, Measures]:
    rows = {id: row for row, id in enumerate(collection.documents)}
    ids, texts = list(collection.queries), list(collection.queries.values())
    judged: dict[str, Measures] = {}
    for start in range(0, len(ids), BATCH):
        scores = retriever.scores(texts[start : start + BATCH])
        for id, row in zip(ids[start : start + BATCH], scores, strict=True):
            placed, wanted = ranks(row), collection.grades[id]
            found = [float(placed[rows[document]]) if document in rows else np.inf for document in wanted]
            judged[id] = measured(np.array(found), np.array(list(wanted.values())))
    return judged


def _latency(retriever: Retriever, queries: Sequence[str]) -> float:
    spent = []
    for query in queries:
        start = perf_counter()
        retriever.scores([query])
        spent.append(perf_counter() - start)
    return median(spent) * 1000
