"""Compare an encoder with character TF-IDF and BM25 on postings it has never seen."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from matcher.encoder import Encoder
from matcher.evaluation import Retrieval, diagonal_retrieval
from matcher.lexical import words
from matcher.training import corpus
from matcher.training.pairs import masked

Scores = npt.NDArray[np.floating]
_NOISE = re.compile(r"[\W_]+")
LEAST_TEXT = 60


def held_out_titles(folder: Path) -> tuple[list[str], list[str]]:
    """Return titles, each once, and their postings' texts with the title masked."""
    found: dict[str, tuple[str, str]] = {}
    for posting in corpus.postings(folder):
        key = _NOISE.sub("", posting.title.lower())
        text = masked(posting.text, posting.title)
        if posting.held_out and key and len(text) >= LEAST_TEXT:
            found.setdefault(key, (posting.title, text))
    titles, texts = zip(*found.values(), strict=True)
    return list(titles), list(texts)


def compare(folder: Path, encoder: Encoder) -> Mapping[str, Retrieval]:
    """Find held-out texts from their titles by each method, over the same documents."""
    titles, texts = held_out_titles(folder)
    return {
        "character TF-IDF": diagonal_retrieval(_tf_idf(titles, texts)),
        "BM25": diagonal_retrieval(_bm25(titles, texts)),
        "encoder": diagonal_retrieval(encoder.encode(titles) @ encoder.encode(texts).T),
    }


def _tf_idf(queries: Sequence[str], documents: Sequence[str]) -> Scores:
    from sklearn.feature_extraction.text import TfidfVectorizer

    grams = TfidfVectorizer(analyzer="char", ngram_range=(1, 3), sublinear_tf=True, min_df=2)
    table = grams.fit_transform(documents)
    return np.asarray((grams.transform(queries) @ table.T).toarray())


def _bm25(queries: Sequence[str], documents: Sequence[str]) -> Scores:
    import bm25s

    retriever = bm25s.BM25()
    retriever.index([words(text) for text in documents], show_progress=False)
    return np.stack([retriever.get_scores(words(text)) for text in queries])
