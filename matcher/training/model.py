"""A table of word vectors as it is learnt, from what is known of words and of what they are written with.

    vector = weight * (features @ projection + own + sum of n-grams / sqrt(number of n-grams))

The projection moves all words at once, also those that no pair holds; character n-grams (Bojanowski et
al. 2017) teach rare words by their parts; ``own`` holds what only a word's own pairs can say. After
training all is summed into one flat table.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import torch
from scipy import sparse
from torch import Tensor
from torch.nn.functional import embedding, embedding_bag

from matcher.columns import Floats

LONGEST_GRAM = 2


class WordTable:
    """Word vectors in parts that learn."""

    def __init__(self, words: Sequence[str], features: Floats, weights: Floats, dimension: int) -> None:
        self._features = torch.from_numpy(features)
        self._spelling = spelling(words)
        self.parts: dict[str, Tensor] = {
            "projection": torch.eye(features.shape[1], dimension),
            "weights": torch.from_numpy(np.log(weights, dtype=np.float32)[:, None]),
            "own": torch.zeros(len(words), dimension),
            "grams": torch.zeros(self._spelling.shape[1], dimension),
        }
        for part in self.parts.values():
            part.requires_grad_()

    def embed(self, texts: Sequence[Sequence[int]]) -> Tensor:
        """Sum the vectors of each text's words, which are given by number; one row a text."""
        members = np.concatenate([np.asarray(text, dtype=np.int64) for text in texts])
        starts = np.cumsum([0, *map(len, texts)])[:-1]
        found, places = np.unique(members, return_inverse=True)
        vectors = self.vectors(found)
        return embedding_bag(torch.from_numpy(places), vectors, torch.from_numpy(starts), mode="sum")

    def vectors(self, words: npt.NDArray[np.int64]) -> Tensor:
        """Put the vectors of some words together."""
        spelled = self._spelling[words]
        grams = embedding_bag(
            torch.from_numpy(spelled.indices.astype(np.int64)),
            self.parts["grams"],
            torch.from_numpy(spelled.indptr[:-1].astype(np.int64)),
            mode="sum",
            per_sample_weights=torch.from_numpy(spelled.data),
        )
        chosen = torch.from_numpy(words)
        known = self._features[chosen] @ self.parts["projection"]
        learnt = known + embedding(chosen, self.parts["own"]) + grams
        return learnt * embedding(chosen, self.parts["weights"]).exp()

    def flat(self) -> Floats:
        """Sum the parts of every word into one table."""
        with torch.no_grad():
            return np.asarray(self.vectors(np.arange(len(self.parts["own"]))).numpy())


def spelling(words: Sequence[str]) -> sparse.csr_array:
    """Say with which characters and pairs of characters each word is written; rows of length one."""
    numbers: dict[str, int] = {}
    rows = [[numbers.setdefault(gram, len(numbers)) for gram in _grams(word)] for word in words]
    counts = [len(row) for row in rows]
    values = np.repeat(1 / np.sqrt(np.maximum(counts, 1)), counts).astype(np.float32)
    members = np.array([number for row in rows for number in row], dtype=np.int32)
    return sparse.csr_array((values, members, np.cumsum([0, *counts])), shape=(len(words), len(numbers)))


def _grams(word: str) -> list[str]:
    """List each character and pair of characters once, in an order that no hash decides."""
    sizes = range(1, LONGEST_GRAM + 1)
    every = (word[start : start + size] for size in sizes for start in range(len(word) - size + 1))
    return list(dict.fromkeys(every))
