"""What a row must satisfy to be shown, as data: a mask over columns and a filter of a server say the same."""

from __future__ import annotations

import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from matcher.columns import Columns, Mask
from matcher.documents import Refusal


class Compare(StrEnum):
    """How a row's value is held against a rule's; ``SHARES``: a set that is empty or has one in common."""

    AT_LEAST = ">="
    AT_MOST = "<="
    ONE_OF = "in"
    SHARES = "shares"


@dataclass(frozen=True, slots=True)
class Rule:
    """One condition, and the reason given to whom it keeps out."""

    reason: Refusal
    column: str
    compare: Compare
    values: tuple[int | str, ...]

    @classmethod
    def at_least(cls, reason: Refusal, column: str, least: int) -> Rule:
        """Ask for a number of a certain size."""
        return cls(reason, column, Compare.AT_LEAST, (least,))

    @classmethod
    def at_most(cls, reason: Refusal, column: str, most: int) -> Rule:
        """Ask for a number up to a certain size."""
        return cls(reason, column, Compare.AT_MOST, (most,))

    @classmethod
    def one_of(cls, reason: Refusal, column: str, codes: Iterable[str]) -> Rule:
        """Ask for one of some codes."""
        return cls(reason, column, Compare.ONE_OF, tuple(sorted(map(checksum, codes))))

    @classmethod
    def shares(cls, reason: Refusal, column: str, codes: Iterable[str]) -> Rule:
        """Ask for a set that names one of some codes, or none at all."""
        return cls(reason, column, Compare.SHARES, tuple(sorted(codes)))

    def holds(self, rows: Columns) -> Mask:
        """Tell which rows satisfy it."""
        if self.compare is Compare.SHARES:
            return rows.sets[self.column].empty_or_any(map(str, self.values))
        column = rows[self.column]
        if self.compare is Compare.ONE_OF:
            return np.asarray(np.logical_or.reduce([column == value for value in self.values]))
        return np.asarray(
            column >= self.values[0] if self.compare is Compare.AT_LEAST else column <= self.values[0]
        )


def checksum(code: str) -> int:
    """Fold a code into the number its column holds."""
    return zlib.crc32(code.encode())
