"""The work of a nightly market on disk: who else works on it, and which blocks are tried."""

from pathlib import Path

import numpy as np
import pytest

from matcher.market import CANDIDATES, Shortlist
from webapp.services.market.work import Block, Work


def test_two_processes_keep_the_same_block_at_the_same_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    block = Block(0, ("job",), 0, [1])
    one, other = Work(tmp_path, [block]), Work(tmp_path, [block])
    found = Shortlist(np.full((1, CANDIDATES), 7, np.int64), np.ones((1, CANDIDATES), np.float32))
    write = np.savez

    def write_slowly(*to: object, **arrays: object) -> None:
        monkeypatch.setattr(np, "savez", write)
        other.keep(block, [1], found)
        write(*to, **arrays)

    monkeypatch.setattr(np, "savez", write_slowly)
    one.keep(block, [1], found)
    assert one.has(block)
    assert one.candidates(np.array([7])).postings.tolist() == [[0] * CANDIDATES]
    assert [path.name for path in tmp_path.iterdir()] == ["000000.npz"]
