"""Learn what words, characters and neighbours count in the hybrid, on what is held out to tune.

A grid is enough for so few numbers, and its flat top shows how little their last digit matters.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path

import numpy as np

from matcher.characters import Characters
from matcher.encoder import Encoder
from matcher.evaluation.collection import JudgedCollection
from matcher.evaluation.trial import judged
from matcher.fusion import Weights, fused
from matcher.neighbours import Influence, Neighbours
from matcher.retrieval import Dense, Floats, Lexical
from matcher.training.tasks import alias_to_definition, name_to_titles, title_to_text

WORDS = (0.0, 0.03, 0.06, 0.1, 0.15, 0.2)
CHARACTERS = (0.0, 0.05, 0.1, 0.2, 0.3, 0.5, 0.7)
SHARES = (0.0, 0.25, 0.5, 1.0)
CROWDINGS = (0.0, 0.1, 0.15, 0.2, 0.3)


@dataclass(frozen=True, slots=True)
class Parts:
    """A collection with what each way of comparing says of it."""

    collection: JudgedCollection
    meaning: Floats
    words: Floats
    characters: Floats
    neighbours: Neighbours

    @classmethod
    def of(cls, collection: JudgedCollection, encoder: Encoder) -> Parts:
        """Compare every query with every document."""
        documents, queries = list(collection.documents.values()), list(collection.queries.values())
        dense = Dense(encoder, documents)
        return cls(
            collection,
            dense.scores(queries),
            Lexical(documents).shares(queries),
            Characters(documents).scores(queries),
            Neighbours(dense.vectors),
        )

    def quality(self, weights: Weights, influence: Influence) -> float:
        """Return the mean average precision under given weights."""
        alone = fused(self.meaning, self.words, self.characters, weights)
        scores = self.neighbours.shared(alone, influence)
        return float(np.mean([one.map for one in judged(scores, self.collection)]))


@dataclass(frozen=True, slots=True)
class Learnt:
    """The best weights for titles and for texts, and the best influence of neighbours for both."""

    for_titles: Weights
    for_texts: Weights
    influence: Influence


def learn(encoder: Encoder, corpus: Path, taxonomy: Path) -> Learnt:
    """Search the grid: weights first, each for its length of texts, then neighbours for all."""
    titles = [Parts.of(name_to_titles(taxonomy, tuning=True), encoder)]
    texts = [Parts.of(build(corpus, tuning=True), encoder) for build in (alias_to_definition, title_to_text)]
    for_titles, for_texts = _best_weights(titles), _best_weights(texts)
    chosen = [*((parts, for_titles) for parts in titles), *((parts, for_texts) for parts in texts)]
    influence = max(
        (Influence(share, crowding) for share, crowding in product(SHARES, CROWDINGS)),
        key=lambda one: sum(parts.quality(weights, one) for parts, weights in chosen),
    )
    return Learnt(for_titles, for_texts, influence)


def _best_weights(several: Sequence[Parts]) -> Weights:
    alone = Influence(share=0.0, crowding=0.0)
    return max(
        (Weights(words, characters) for words, characters in product(WORDS, CHARACTERS)),
        key=lambda weights: sum(parts.quality(weights, alone) for parts in several),
    )
