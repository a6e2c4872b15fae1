"""Attributes of documents as compact arrays, one value a row: a condition over all costs microseconds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]
Floats = npt.NDArray[np.floating]
Mask = npt.NDArray[np.bool_]
Rows = npt.NDArray[np.int64]

_SEPARATOR = "|"
_WHICH, _SETS = "-which", "-sets"


@dataclass(frozen=True)
class Sets:
    """A set of codes a row; each distinct set is written once."""

    which: npt.NDArray[np.uint32]
    distinct: npt.NDArray[np.bytes_]

    @classmethod
    def of(cls, rows: Iterable[Iterable[str]]) -> Sets:
        """Lay out one set of codes a row."""
        joined = [f"{_SEPARATOR}{_SEPARATOR.join(sorted(codes))}{_SEPARATOR}".encode() for codes in rows]
        return cls.numbered(np.array(joined, dtype=np.bytes_))

    @classmethod
    def numbered(cls, joined: npt.NDArray[np.bytes_]) -> Sets:
        """Give each distinct set a number."""
        distinct, which = np.unique(joined, return_inverse=True)
        return cls(which.astype(np.uint32), distinct)

    def __len__(self) -> int:
        return len(self.which)

    def taken(self, rows: Rows) -> Sets:
        """Return some rows."""
        return Sets(self.which[rows], self.distinct)

    @classmethod
    def stacked(cls, parts: Sequence[Sets]) -> Sets:
        """Return the rows of several, one after another."""
        known = cls.numbered(np.concatenate([part.distinct for part in parts]))
        bounds = np.cumsum([0, *(len(part.distinct) for part in parts)])
        which = [known.which[start:][part.which] for start, part in zip(bounds, parts, strict=False)]
        return cls(np.concatenate(which), known.distinct)

    def members(self) -> list[list[str]]:
        """Return the codes of each distinct set."""
        return [[code for code in one.decode().split(_SEPARATOR) if code] for one in self.distinct]

    def empty_or_any(self, codes: Iterable[str]) -> Mask:
        """Tell which rows hold one of the codes, or none at all."""
        found = np.asarray(np.strings.str_len(self.distinct) <= len(2 * _SEPARATOR), dtype=np.bool_)
        for code in codes:
            found |= np.strings.find(self.distinct, f"{_SEPARATOR}{code}{_SEPARATOR}".encode()) >= 0
        return found[self.which]


@dataclass(frozen=True)
class Columns:
    """Arrays and sets by name, all of one length; ``id`` is always among the arrays."""

    arrays: Mapping[str, Array]
    sets: Mapping[str, Sets]

    def __len__(self) -> int:
        return len(self.arrays["id"])

    def __getitem__(self, name: str) -> Array:
        return self.arrays[name]

    def taken(self, rows: Rows) -> Columns:
        """Return some rows."""
        arrays = {name: array[rows] for name, array in self.arrays.items()}
        return Columns(arrays, {name: sets.taken(rows) for name, sets in self.sets.items()})

    @classmethod
    def stacked(cls, parts: Sequence[Columns]) -> Columns:
        """Return the rows of several, one after another."""
        arrays = {name: np.concatenate([part[name] for part in parts]) for name in parts[0].arrays}
        return cls(arrays, {name: Sets.stacked([p.sets[name] for p in parts]) for name in parts[0].sets})

    def written(self) -> dict[str, Array]:
        """Return what ``read`` makes the columns from, array by array."""
        written = dict(self.arrays)
        for name, sets in self.sets.items():
            written |= {name + _WHICH: sets.which, name + _SETS: sets.distinct}
        return written

    @classmethod
    def read(cls, written: Mapping[str, Array]) -> Columns:
        """Make columns of what ``written`` returned."""
        names = [name.removesuffix(_SETS) for name in written if name.endswith(_SETS)]
        sets = {name: Sets(written[name + _WHICH], written[name + _SETS]) for name in names}
        return cls({k: v for k, v in written.items() if not k.endswith((_WHICH, _SETS))}, sets)
