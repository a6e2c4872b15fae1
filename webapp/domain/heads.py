"""Heads of the ledger as lines of text anybody may keep: day, number of rows, hash."""

import re
from collections.abc import Iterable
from typing import NamedTuple

from webapp.domain.errors import PlatformError
from webapp.domain.words import N_

_LINE = re.compile(r"(?:(\d{4}-\d{2}-\d{2})\s+)?(\d+)\s+([0-9a-f]{64})")


class HeadUnreadable(PlatformError):
    """A line of a kept file that is no head."""

    message = N_("第 %(line)d 行不是账本哈希。每行应为“日期 行数 哈希”，例如从公开页面下载的文件。")


class HeadLine(NamedTuple):
    """One head somebody has kept; the day may be missing."""

    day: str
    seq: int
    hash: str

    def __str__(self) -> str:
        """Return the line as it is published."""
        return f"{self.day} {self.seq} {self.hash}".strip()


def heads_in(lines: Iterable[str]) -> list[HeadLine]:
    """Return the heads of a file, empty lines and those that begin with ``#`` left out.

    Raises :class:`HeadUnreadable` with the number of a line that is neither.
    """
    found = []
    for number, line in enumerate(lines, start=1):
        said = line.strip()
        if not said or said.startswith("#"):
            continue
        parts = _LINE.fullmatch(said)
        if parts is None:
            raise HeadUnreadable(line=number)
        found.append(HeadLine(parts[1] or "", int(parts[2]), parts[3]))
    return found
