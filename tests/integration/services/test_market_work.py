"""The work of a nightly market on disk: who else works on it, and which blocks are tried."""

from pathlib import Path

import numpy as np
import pytest

from matcher.market import CANDIDATES, Shortlist
from webapp.services.market.work import Block, Work


@pytest.mark.parametrize(
    ("people", "least", "found"),
    [
        (1, 1, [0]),
        (1, 4, [0, 2, 4, 6, 8]),
        (1, 10, [*range(10)]),
        (1, 99, [*range(10)]),
        (6, 1, [0, 3, 6, 9]),
        (6, 5, [0, 2, 4, 6, 8]),
        (20, 1, [*range(10)]),
        (99, 1, [*range(10)]),
    ],
)
def test_blocks_to_try_come_from_all_over_the_work(people: int, least: int, found: list[int]) -> None:
    work = Work(Path(), [Block(number, ("job",), 0, [2 * number, 2 * number + 1]) for number in range(10)])
    assert [block.number for block in work.spread(people, least=least)] == found
    assert not Work(Path(), []).spread(people, least=least)


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
