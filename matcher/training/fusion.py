"""Learn what words, characters and neighbours count in the hybrid, on what is held out to tune.

A grid is enough for so few numbers, and its flat top shows how little their last digit matters.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from statistics import median

import numpy as np

from matcher.characters import Characters
from matcher.encoder import Encoder
from matcher.evaluation.collection import JudgedCollection
from matcher.evaluation.trial import judged
from matcher.fusion import FUSION, Fusion, Weights, fused
from matcher.neighbours import Influence, Neighbours
from matcher.retrieval import Dense, Floats, TfIdf
from matcher.training.tasks import (
    alias_to_definition,
    name_to_titles,
    posting_to_resumes,
    resume_to_postings,
    title_to_text,
)

WORDS = {"titles": (0.01, 0.03, 0.05, 0.1, 0.2), "texts": (0.5, 1.0, 1.5, 2.0)}
CHARACTERS = {"titles": (0.03, 0.05, 0.1, 0.2, 0.4), "texts": (0.3, 0.5, 1.0, 1.5)}
SHARES, CROWDINGS = (0.0, 0.1, 0.25, 0.5, 1.0), (0.0, 0.05, 0.1, 0.15, 0.2, 0.3)
ALONE = Influence(share=0.0, crowding=0.0)


@dataclass(frozen=True, slots=True)
class Parts:
    """A collection with what each way of comparing says of it."""

    collection: JudgedCollection
    legs: tuple[Floats, Floats, Floats]
    lengths: list[float]
    neighbours: Neighbours

    @classmethod
    def of(cls, collection: JudgedCollection, encoder: Encoder) -> Parts:
        """Compare every query with every document."""
        documents, queries = list(collection.documents.values()), list(collection.queries.values())
        dense = Dense(encoder, documents)
        words, characters = TfIdf.of_words(documents), Characters(documents)
        length = median(map(len, documents))
        return cls(
            collection,
            (dense.scores(queries), words.scores(queries), characters.scores(queries)),
            [math.sqrt(len(query) * length) for query in queries],
            Neighbours(dense.vectors),
        )

    def quality(self, fusion: Fusion, influence: Influence = ALONE) -> float:
        """Return the mean average precision under given weights."""
        weights = map(fusion.weights, self.lengths)
        alone = np.stack([fused(*rows, weight) for *rows, weight in zip(*self.legs, weights, strict=True)])
        scores = self.neighbours.shared(alone, influence)
        return float(np.mean([one.map for one in judged(scores, self.collection)]))


def learn(encoder: Encoder, corpus: Path, carried: Path) -> tuple[Fusion, Influence]:
    """Search the grid: weights for titles, then for texts, then what neighbours count for all."""
    titles = Parts.of(name_to_titles(carried / "taxonomy", tuning=True), encoder)
    texts = [
        Parts.of(build(folder, tuning=True), encoder)
        for build, folder in (
            (alias_to_definition, corpus),
            (title_to_text, corpus),
            (resume_to_postings, carried / "judgements"),
            (posting_to_resumes, carried / "judgements"),
        )
    ]
    first = max(_grid("titles"), key=lambda weights: titles.quality(Fusion(weights, FUSION.texts)))
    second = max(
        _grid("texts"),
        key=lambda weights: sum(parts.quality(Fusion(first, weights)) for parts in texts),
    )
    fusion = Fusion(first, second)
    influence = max(
        (Influence(share, crowding) for share, crowding in product(SHARES, CROWDINGS)),
        key=lambda one: sum(parts.quality(fusion, one) for parts in (titles, *texts)),
    )
    return fusion, influence


def _grid(end: str) -> list[Weights]:
    return [Weights(*pair) for pair in product(WORDS[end], CHARACTERS[end])]
