"""One way of searching tried on one judged collection: what it finds and how long it takes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median
from time import perf_counter

import numpy as np

from matcher.evaluation.collection import JudgedCollection
from matcher.evaluation.measures import Measures, mean, measured, ranks
from matcher.retrieval import Retriever

BATCH, TIMED = 128, 200


@dataclass(frozen=True, slots=True)
class Trial:
    """Measures by query id, the median milliseconds of one query, and documents prepared a second."""

    queries: dict[str, Measures]
    latency_ms: float
    texts_per_second: float

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
        texts_per_second=len(documents) / preparing,
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
