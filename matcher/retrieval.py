"""Ways of searching plain texts: by meaning, by words, by characters, and by all of them."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from enum import StrEnum
from statistics import median
from typing import Protocol

import numpy as np

from matcher.characters import Characters
from matcher.columns import Floats
from matcher.encoder import Encoder
from matcher.fusion import FUSION
from matcher.lexical import bm25, word_matrix, words
from matcher.neighbours import Neighbours

MOST_NEIGHBOURS = 20_000


class Mode(StrEnum):
    """How texts are compared."""

    DENSE = "dense"
    LEXICAL = "lexical"
    TFIDF = "tfidf"
    HYBRID = "hybrid"

    @property
    def encodes(self) -> bool:
        """Say whether an encoder is needed."""
        return self in {Mode.DENSE, Mode.HYBRID}


class Retriever(Protocol):
    """Documents ready to be searched."""

    def scores(self, queries: Sequence[str]) -> Floats:
        """Score every document (columns) for every query (rows)."""


class Dense:
    """Nearness of meaning: the cosine of an encoder's vectors."""

    def __init__(self, encoder: Encoder, documents: Sequence[str]) -> None:
        self._encoder = encoder
        self.vectors = encoder.encode(documents)

    def scores(self, queries: Sequence[str]) -> Floats:
        """Return cosines."""
        return np.asarray(self._encoder.encode(queries) @ self.vectors.T)


class Lexical:
    """Shared words, weighed by the engine's BM25."""

    def __init__(self, documents: Sequence[str]) -> None:
        self._words = word_matrix(documents)

    def scores(self, queries: Sequence[str]) -> Floats:
        """Return BM25 scores."""
        return np.stack([bm25(self._words, query) for query in queries])


class TfIdf:
    """Cosine of weighted terms: runs of one to three characters, or whatever ``cut`` makes of a text."""

    def __init__(self, documents: Sequence[str], cut: Callable[[str], Sequence[str]] | None = None) -> None:
        from sklearn.feature_extraction.text import TfidfVectorizer

        terms = {"analyzer": cut} if cut else {"analyzer": "char", "ngram_range": (1, 3)}
        self._vectorizer = TfidfVectorizer(sublinear_tf=True, dtype=np.float32, **terms)
        self._terms = self._vectorizer.fit_transform(documents).T.tocsr()

    @classmethod
    def of_words(cls, documents: Sequence[str]) -> TfIdf:
        """Weigh the words that jieba's dictionary finds."""
        return cls(documents, lambda text: words(text) or [""])

    def scores(self, queries: Sequence[str]) -> Floats:
        """Return cosines."""
        return np.asarray((self._vectorizer.transform(queries) @ self._terms).toarray())


class Hybrid:
    """Meaning, words and characters in one score, shared among documents that say nearly the same."""

    def __init__(self, encoder: Encoder, documents: Sequence[str]) -> None:
        self._meaning = Dense(encoder, documents)
        self._words = TfIdf.of_words(documents)
        self._characters = Characters(documents)
        self._length = median(len(text) for text in documents)
        few = len(documents) <= MOST_NEIGHBOURS
        self._neighbours = Neighbours(self._meaning.vectors) if few else None

    def alike(self, queries: Sequence[str]) -> Floats:
        """Score pairs of texts by themselves, comparable between queries too."""
        lengths = [math.sqrt(len(query) * self._length) for query in queries]
        words, characters = self._words.scores(queries), self._characters.scores(queries)
        return FUSION.scores(self._meaning.scores(queries), words, characters, lengths)

    def scores(self, queries: Sequence[str]) -> Floats:
        """Score documents with what their neighbours say; past 20,000 of them, by themselves."""
        alone = self.alike(queries)
        return alone if self._neighbours is None else self._neighbours.shared(alone)


def retriever(mode: Mode, documents: Sequence[str], encoder: Encoder | None = None) -> Retriever:
    """Prepare documents to be searched in a mode; dense and hybrid need an encoder."""
    if mode is Mode.LEXICAL:
        return Lexical(documents)
    if mode is Mode.TFIDF:
        return TfIdf(documents)
    if encoder is None:
        raise ValueError(f"{mode} needs an encoder")
    return Dense(encoder, documents) if mode is Mode.DENSE else Hybrid(encoder, documents)
