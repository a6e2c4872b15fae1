"""Databases that benchmarks compare with find what brute force finds, under the same filters."""

import numpy as np
import pytest

from matcher.encoder import normalised
from tests.benchmarks.peers import Filter, opened

COUNT, TOP = 1200, 20
DRAWN = np.random.default_rng(7).permutation(COUNT) * 1000 // COUNT
VECTORS = normalised(np.random.default_rng(1).normal(size=(COUNT, 32)).astype(np.float32))


@pytest.mark.slow
@pytest.mark.parametrize("name", ["milvus", "pgvector"])
def test_a_database_finds_what_passes_and_little_else_is_lost(name):
    for _, peer in opened(iter([name]), VECTORS, {"draw": DRAWN}):
        if isinstance(peer, str):
            pytest.skip(peer)
        for share in (1000, 300, 20):
            chosen = Filter("drawn", f"draw < {share}", share > DRAWN)
            for query in VECTORS[:5]:
                found = peer.search(query, TOP, chosen)
                truth = np.argsort(-np.where(chosen.mask, VECTORS @ query, -np.inf))[:TOP]
                assert chosen.mask[found].all()
                assert len(set(found) & set(truth)) >= 0.9 * min(TOP, chosen.mask.sum())
