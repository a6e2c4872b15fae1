"""Ways of searching plain texts: by meaning, by words, by characters, and by all of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from enum import StrEnum
from statistics import median
from typing import Protocol

import numpy as np
import numpy.typing as npt

from matcher.characters import Characters
from matcher.encoder import Encoder
from matcher.fusion import fused, weights_for
from matcher.lexical import bm25, word_matrix, words

Floats = npt.NDArray[np.floating]


class Mode(StrEnum):
    """How texts are compared."""

    DENSE = "dense"
    LEXICAL = "lexical"
    TFIDF = "tfidf"
    HYBRID = "hybrid"


class Retriever(Protocol):
    """Documents ready to be searched."""

    def scores(self, queries: Sequence[str]) -> Floats:
        """Score every document (columns) for every query (rows)."""


class Dense:
    """Nearness of meaning: the cosine of an encoder's vectors."""

    def __init__(self, encoder: Encoder, documents: Sequence[str]) -> None:
        self._encoder = encoder
        self._vectors = encoder.encode(documents)

    def scores(self, queries: Sequence[str]) -> Floats:
        """Return cosines."""
        return np.asarray(self._encoder.encode(queries) @ self._vectors.T)


class Lexical:
    """Shared words, weighed by the engine's BM25."""

    def __init__(self, documents: Sequence[str]) -> None:
        self._words = word_matrix(documents)
        self._alive = np.ones(len(documents), dtype=np.bool_)

    def scores(self, queries: Sequence[str]) -> Floats:
        """Return BM25 scores."""
        return np.stack([bm25([(self._words, self._alive)], query)[0] for query in queries])


class TfIdf:
    """Cosine of weighted terms: runs of one to three characters, or whatever ``cut`` makes of a text."""

    def __init__(self, documents: Sequence[str], cut: Callable[[str], list[str]] | None = None) -> None:
        from sklearn.feature_extraction.text import TfidfVectorizer

        terms = {"analyzer": cut} if cut else {"analyzer": "char", "ngram_range": (1, 3)}
        self._vectorizer = TfidfVectorizer(sublinear_tf=True, dtype=np.float32, **terms)
        self._terms = self._vectorizer.fit_transform(documents).T.tocsr()

    @classmethod
    def of_words(cls, documents: Sequence[str]) -> TfIdf:
        """Weigh the words that jieba's dictionary finds."""
        return cls(documents, words)

    def scores(self, queries: Sequence[str]) -> Floats:
        """Return cosines."""
        return np.asarray((self._vectorizer.transform(queries) @ self._terms).toarray())


class Hybrid:
    """Meaning, words and characters, fused by weights that suit the documents' length."""

    def __init__(self, encoder: Encoder, documents: Sequence[str]) -> None:
        self._legs: tuple[Retriever, ...] = (
            Dense(encoder, documents),
            Lexical(documents),
            Characters(documents),
        )
        self._weights = weights_for(median(len(text) for text in documents))

    def scores(self, queries: Sequence[str]) -> Floats:
        """Return fused scores; they compare documents of one query, not queries."""
        meaning, shared_words, characters = (leg.scores(queries) for leg in self._legs)
        return fused(meaning, shared_words, characters, self._weights)
