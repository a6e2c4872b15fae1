"""Arrays put on disk are the same arrays, and leave nothing behind."""

from pathlib import Path

import numpy as np
import pytest

from matcher import spill
from matcher.spill import concatenated, spilled

PAIR = np.dtype([("term", np.int32), ("how", np.uint8)])
PIECES = [
    {
        "vectors": np.arange(4 * rows, dtype=np.float16).reshape(rows, 4),
        "said": np.array([(row, row % 3) for row in range(2 * rows)], dtype=PAIR),
        "none": np.empty(0, dtype=np.int32),
    }
    for rows in (3, 0, 5)
]


def test_pieces_are_joined_as_in_memory():
    joined = concatenated(iter(PIECES))
    for name, array in joined.items():
        whole = np.concatenate([piece[name] for piece in PIECES])
        assert (array.dtype, array.shape) == (whole.dtype, whole.shape)
        assert (array == whole).all()


def test_a_single_piece_stays_in_memory():
    assert concatenated(PIECES[:1]) is PIECES[0]


@pytest.mark.parametrize("large", [0, 1 << 20])
def test_a_large_array_lies_in_a_file_without_a_name(monkeypatch, tmp_path, large):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    monkeypatch.setattr(spill, "LARGE", large)
    array = np.arange(1000, dtype=np.float32)
    moved = spilled(array)
    assert (moved == array).all()
    assert not [*tmp_path.iterdir()]
    assert (str(tmp_path) in Path("/proc/self/maps").read_text("utf-8")) == (large == 0)
