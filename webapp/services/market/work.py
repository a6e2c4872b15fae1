"""The work of one run on disk: who is matched in which block, and the candidates of each block done.

Losing the folder loses a night's work and nothing else.
"""

import json
import os
import uuid
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from itertools import groupby
from pathlib import Path

import numpy as np

from matcher.allocation import Numbers
from matcher.documents import Conditions, Vector
from matcher.index import Rows
from matcher.market import CANDIDATES, Shortlist
from webapp.queries.market import Looking

PEOPLE = 1024
PLAN = "plan.json"


class WorkGone(Exception):
    """Another process has ended the run, or begun another in its place: its folder is not there any more."""


@dataclass(frozen=True, slots=True)
class Block:
    """Graduates of the same conditions, most of them near in what they have studied."""

    number: int
    kinds: tuple[str, ...]
    degree: int
    people: list[int]

    @property
    def conditions(self) -> Conditions:
        """Return which postings are left: of a wished kind, and none that demands a higher degree."""
        return Conditions(kinds=frozenset(self.kinds), degree=self.degree or None)


@dataclass(frozen=True, slots=True)
class Candidates:
    """Everybody's candidates by their place among some postings; -1 and -inf where there is none."""

    people: Rows
    postings: Numbers
    scores: Vector


class Work:
    """Blocks to be done, in order, and what was found for those that are done."""

    def __init__(self, folder: Path, blocks: Sequence[Block]) -> None:
        self.folder = folder
        self.blocks = blocks

    @classmethod
    def planned(cls, folder: Path, people: Iterable[Looking]) -> "Work":
        """Cut graduates of the same conditions into blocks, those of one major side by side."""
        blocks: list[Block] = []
        everybody = sorted(people, key=lambda one: (one.kinds, one.degree, one.major, one.graduate_id))
        for (kinds, degree), alike in groupby(everybody, key=lambda one: (one.kinds, one.degree)):
            ids = [one.graduate_id for one in alike]
            for start in range(0, len(ids), PEOPLE):
                blocks.append(Block(len(blocks), kinds, degree, sorted(ids[start : start + PEOPLE])))
        return cls(folder, blocks)

    @classmethod
    def found(cls, folder: Path) -> "Work | None":
        """Return the work begun in a folder, if it is still there."""
        if not (folder / PLAN).is_file():
            return None
        rows = json.loads((folder / PLAN).read_text("utf-8"))
        return cls(folder, [Block(**{**row, "kinds": tuple(row["kinds"])}) for row in rows])

    def save(self) -> None:
        """Write down who is matched in which block."""
        self.folder.mkdir(parents=True)
        draft = self.folder / f".{PLAN}"
        draft.write_text(json.dumps([asdict(block) for block in self.blocks]), "utf-8")
        draft.rename(self.folder / PLAN)

    def has(self, block: Block) -> bool:
        """Say whether a block is done."""
        return self._file(block).is_file()

    def keep(self, block: Block, people: Sequence[int], found: Shortlist) -> None:
        """Write down what was found for a block, all or nothing, whoever else does the same.

        The draft of a process that was killed goes with the folder, when the run ends. Raises
        :class:`WorkGone` where it has ended.
        """
        draft = self.folder / f".{self._file(block).name}-{uuid.uuid4().hex}"
        with _there():
            with draft.open("wb") as target:
                np.savez(target, people=np.array(people, np.int64), ids=found.ids, scores=found.scores)
                target.flush()
                os.fsync(target.fileno())
            draft.rename(self._file(block))

    def candidates(self, offers: Rows) -> Candidates:
        """Read everybody's candidates as far as they are among these postings, given by rising id.

        Raises :class:`WorkGone` where the run has ended.
        """
        people = [np.empty(0, np.int64)]
        postings = [np.empty((0, CANDIDATES), np.int32)]
        scores = [np.empty((0, CANDIDATES), np.float32)]
        for block in self.blocks:
            with _there(), np.load(self._file(block)) as part:
                known = np.isin(part["ids"], offers)
                people.append(part["people"])
                postings.append(np.where(known, np.searchsorted(offers, part["ids"]), -1).astype(np.int32))
                scores.append(np.where(known, part["scores"], -np.inf).astype(np.float32))
        return Candidates(np.concatenate(people), np.concatenate(postings), np.concatenate(scores))

    def spread(self, people: int, *, least: int) -> Sequence[Block]:
        """Return blocks from all over the work with about so many people, but at least so many blocks."""
        everybody = sum(len(block.people) for block in self.blocks)
        return self.blocks[:: max(1, min(everybody // people, len(self.blocks) // least))]

    def _file(self, block: Block) -> Path:
        return self.folder / f"{block.number:06d}.npz"


@contextmanager
def _there() -> Iterator[None]:
    try:
        yield
    except FileNotFoundError:
        raise WorkGone from None
