"""Arrays larger than memory should hold: they lie in files without a name and are mapped.

Such a file is gone with its process, however that ends, and the system keeps in memory as much of it as there
is room for. They are made where temporary files are (``TMPDIR``), which should then be a disk.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import ExitStack
from itertools import chain
from tempfile import TemporaryFile
from typing import IO, Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]

LARGE = 1 << 26
"""Bytes that an array may have and stay in memory."""


def concatenated(pieces: Iterable[Mapping[str, Array]]) -> Mapping[str, Array]:
    """Join arrays of the same names, piece by piece; a single piece stays as it is, in memory."""
    pieces = iter(pieces)
    first, second = next(pieces), next(pieces, None)
    if second is None:
        return first
    with ExitStack() as stack:
        files = {name: stack.enter_context(TemporaryFile()) for name in first}
        for piece in chain((first, second), pieces):
            for name, array in piece.items():
                array.tofile(files[name])
        return {name: _mapped(file, like=first[name]) for name, file in files.items()}


def spilled(array: Array) -> Array:
    """Move an array out of memory if it is a large one."""
    if array.nbytes <= LARGE:
        return array
    with TemporaryFile() as file:
        array.tofile(file)
        return _mapped(file, like=array)


def _mapped(file: IO[bytes], like: Array) -> Array:
    if not file.seek(0, 2):
        return like[:0]  # nothing cannot be mapped
    return np.asarray(np.memmap(file, like.dtype, "r")).reshape(-1, *like.shape[1:])
