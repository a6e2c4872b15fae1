"""Runs of one and two characters as sparse columns: titles without a common word still share these.

Edges of a text count as characters, so the closing 师, 员 or 工 of a title weighs as what it is: its head.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from scipy import sparse

COLUMN_BITS, BLOCK = 20, 4096
_START, _END = "\x02", "\x03"
_NOISE = re.compile(r"[\W_]+")
_CODE_BITS = np.uint64(21)
_SPREAD = np.uint64(0x9E3779B97F4A7C15)  # Fibonacci hashing (Knuth, TAOCP 3, 6.4)


class Characters:
    """Texts by their runs of characters, compared by the cosine of tf-idf weights."""

    def __init__(self, documents: Sequence[str]) -> None:
        counts = _counts(documents)
        holding = np.bincount(counts.indices, minlength=counts.shape[1])
        self._rarity = (np.log((1 + len(documents)) / (1 + holding)) + 1).astype(np.float32)
        self._documents = self._weighted(counts).T.tocsr()

    def scores(self, queries: Sequence[str]) -> npt.NDArray[np.float32]:
        """Return the cosine of every document (columns) with every query (rows)."""
        return np.asarray((self._weighted(_counts(queries)) @ self._documents).toarray())

    def _weighted(self, counts: sparse.csr_array) -> sparse.csr_array:
        weights = (1 + np.log(counts.data)) * self._rarity[counts.indices]
        lengths = np.sqrt(np.add.reduceat(weights**2, counts.indptr[:-1]))
        weights /= np.repeat(lengths, np.diff(counts.indptr))
        return sparse.csr_array((weights, counts.indices, counts.indptr), shape=counts.shape)


def _counts(texts: Sequence[str]) -> sparse.csr_array:
    blocks = [_counted(texts[start : start + BLOCK]) for start in range(0, len(texts), BLOCK)]
    return sparse.vstack(blocks, format="csr") if len(blocks) > 1 else blocks[0]


def _counted(texts: Sequence[str]) -> sparse.csr_array:
    """Count the runs of each text; every text has at least its two edges."""
    marked = [f"{_START}{_folded(text)}{_END}" for text in texts]
    codes = np.frombuffer("".join(marked).encode("utf-32-le", "surrogatepass"), np.uint32).astype(np.uint64)
    owners = np.repeat(np.arange(len(texts)), [len(text) for text in marked])
    within = owners[1:] == owners[:-1]
    pairs = (codes[:-1] << _CODE_BITS | codes[1:])[within]
    runs = np.concatenate((codes, pairs)) * _SPREAD >> np.uint64(64 - COLUMN_BITS)
    rows = np.concatenate((owners, owners[1:][within]))
    ones = np.ones(len(runs), dtype=np.float32)
    table = sparse.coo_array((ones, (rows, runs.astype(np.int64))), shape=(len(texts), 1 << COLUMN_BITS))
    return table.tocsr()


def _folded(text: str) -> str:
    return _NOISE.sub("", unicodedata.normalize("NFKC", text).lower())
