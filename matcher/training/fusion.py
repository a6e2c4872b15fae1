"""Learn what words, characters and neighbours count in the hybrid, on what is held out to tune.

A grid is enough for so few numbers, and its flat top shows how little their last digit matters.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from itertools import product
from pathlib import Path
from statistics import median

import numpy as np

from matcher.characters import Characters
from matcher.columns import Floats
from matcher.encoder import Encoder
from matcher.evaluation.collection import JudgedCollection
from matcher.evaluation.trial import judged
from matcher.fusion import FUSION, Fusion, Weights
from matcher.neighbours import INFLUENCE, Influence, Neighbours
from matcher.retrieval import Dense, TfIdf
from matcher.training.tasks import (
    alias_to_definition,
    name_to_titles,
    posting_to_resumes,
    resume_to_postings,
    title_to_text,
)

WORDS = {"titles": (0.01, 0.03, 0.05, 0.1, 0.2), "texts": (0.5, 1.0, 1.5, 2.0, 3.0)}
CHARACTERS = {"titles": (0.03, 0.05, 0.1, 0.2, 0.4), "texts": (0.5, 1.0, 1.5, 2.0)}
INFLUENCES = [Influence(*pair) for pair in product((0.0, 0.25, 0.5, 1.0, 2.0), (0.0, 0.05, 0.1, 0.15, 0.2))]
TURNS = 2


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

    def quality(self, fusion: Fusion, influence: Influence) -> float:
        """Return the mean average precision under given weights."""
        alone = fusion.scores(*self.legs, self.lengths)
        scores = self.neighbours.shared(alone, influence)
        return float(np.mean([one.map for one in judged(scores, self.collection)]))


def learn(encoder: Encoder, corpus: Path, carried: Path) -> tuple[Fusion, Influence]:
    """Climb the grid by turns: weights for titles, weights for texts, what neighbours count."""
    several = [
        Parts.of(build(folder, tuning=True), encoder)
        for build, folder in (
            (name_to_titles, carried / "taxonomy"),
            (alias_to_definition, corpus),
            (title_to_text, corpus),
            (resume_to_postings, carried / "judgements"),
            (posting_to_resumes, carried / "judgements"),
        )
    ]

    def quality(fusion: Fusion, influence: Influence) -> float:
        return sum(parts.quality(fusion, influence) for parts in several)

    fusion, influence = FUSION, INFLUENCE
    for _ in range(TURNS):
        titles = [replace(fusion, titles=weights) for weights in _grid("titles")]
        fusion = max(titles, key=lambda one: quality(one, influence))
        texts = [replace(fusion, texts=weights) for weights in _grid("texts")]
        fusion = max(texts, key=lambda one: quality(one, influence))
        influence = max(INFLUENCES, key=lambda one: quality(fusion, one))
    return fusion, influence


def _grid(end: str) -> list[Weights]:
    return [Weights(*pair) for pair in product(WORDS[end], CHARACTERS[end])]
