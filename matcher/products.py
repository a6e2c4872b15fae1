"""The best of very many inner products, exactly, by blocked matrix products.

Offers stream past a block of people, a tile at a time. Of each tile only products above a person's worst
kept one are looked at again, so that nearly all the time is the matrix product's own. Memory holds one tile
and a few times what is kept, however many offers there are.
"""

from __future__ import annotations

from typing import Protocol

import numpy as np
import numpy.typing as npt

from matcher.documents import Vector
from matcher.errors import NoDevice
from matcher.index import Rows

PEOPLE, TILE = 1024, 1024
"""So many rows and columns of products stay in a processor's cache while they are looked through."""
FIRST = 512
GRAPHICS_TILE = 65_536
CPU = "cpu"


class Products(Protocol):
    """Multiplies people with offers on some device."""

    def nearest(self, people: Vector, offers: Vector, top: int) -> tuple[Rows, Vector]:
        """Return the rows of each person's best offers, best first, and their products.

        Both have ``top`` columns; where there are fewer offers, rows are -1 and products -inf.
        """


class BlasProducts:
    """The processor's own matrix product, as numpy calls it."""

    def nearest(self, people: Vector, offers: Vector, top: int) -> tuple[Rows, Vector]:
        """Return the rows of each person's best offers, best first, and their products."""
        parts = [
            _streamed(people[start : start + PEOPLE], offers, top) for start in range(0, len(people), PEOPLE)
        ]
        empty = (np.empty((0, top), np.int64), np.empty((0, top), np.float32))
        rows, scores = zip(*parts, strict=True) if parts else zip(empty, strict=True)
        return np.concatenate(rows), np.concatenate(scores)


class TorchProducts:
    """The same on a graphics processor."""

    def __init__(self, device: str) -> None:
        """Name the device as torch does; raise :class:`NoDevice` where this machine has none such."""
        import torch

        try:
            torch.zeros(1, device=device)
        except (RuntimeError, AssertionError) as error:
            raise NoDevice(device, str(error)) from error
        self._torch, self._device = torch, device

    def nearest(self, people: Vector, offers: Vector, top: int) -> tuple[Rows, Vector]:
        """Return the rows of each person's best offers, best first, and their products."""
        torch = self._torch
        asked = torch.from_numpy(np.ascontiguousarray(people)).to(self._device)
        scores = torch.full((len(people), top), -torch.inf, device=self._device)
        rows = torch.full((len(people), top), -1, dtype=torch.int64, device=self._device)
        for start in range(0, len(offers), GRAPHICS_TILE):
            tile = torch.from_numpy(np.ascontiguousarray(offers[start : start + GRAPHICS_TILE]))
            found, columns = (asked @ tile.to(self._device).T).topk(min(top, len(tile)))
            scores, places = torch.cat([scores, found], dim=1).topk(top)
            rows = torch.cat([rows, columns + start], dim=1).gather(1, places)
        return rows.cpu().numpy(), scores.cpu().numpy()


def open_products(device: str = CPU) -> Products:
    """Return the products of a device: ``cpu``, or what torch calls it (``cuda``, ``cuda:1``, ``mps``)."""
    return BlasProducts() if device == CPU else TorchProducts(device)


class _Best:
    """What is kept of the products of some people: what may still be among each one's best."""

    def __init__(self, people: int, top: int) -> None:
        self._top, self._people = top, people
        self._kept: list[tuple[Rows, Rows, Vector]] = []
        self._pending = 0
        self._worst = np.full((people, 1), -np.inf, dtype=np.float32)

    def take(self, products: Vector, start: int) -> None:
        """Look through a tile whose first column is offer ``start``."""
        if not start:
            self._worst = _lower_bound(products, self._top)
        places = np.flatnonzero(products > self._worst)
        person, column = np.divmod(places, products.shape[1])
        self._kept.append((person, column + start, products.ravel()[places]))
        self._pending += len(places)
        if self._pending > 2 * self._top * self._people:
            self._settle()

    def done(self) -> tuple[Rows, Vector]:
        """Return rows and products, best first, equal ones in the order of their rows."""
        person, column, score = self._joined()
        order = np.lexsort((column, -score, person))
        person, column, score = person[order], column[order], score[order]
        rank = _ranks(person, self._people)
        best = rank < self._top
        rows = np.full((self._people, self._top), -1, dtype=np.int64)
        scores = np.full((self._people, self._top), -np.inf, dtype=np.float32)
        rows[person[best], rank[best]], scores[person[best], rank[best]] = column[best], score[best]
        return rows, scores

    def _settle(self) -> None:
        """Drop what cannot be among a person's best any more."""
        person, column, score = self._joined()
        order = np.argsort(_falling(person, score))
        last = order[_ranks(person[order], self._people) == self._top - 1]
        self._worst[person[last], 0] = score[last]
        best = score >= self._worst[person, 0]
        self._kept, self._pending = [(person[best], column[best], score[best])], 0

    def _joined(self) -> tuple[Rows, Rows, Vector]:
        person, column, score = (np.concatenate(part) for part in zip(*self._kept, strict=True))
        return person, column, score


def _ranks(person: Rows, people: int) -> Rows:
    """Return each entry's place among those of its person; people rise."""
    counts = np.bincount(person, minlength=people)
    return np.asarray(np.arange(len(person)) - np.repeat(np.cumsum(counts) - counts, counts))


def _falling(person: Rows, score: Vector) -> npt.NDArray[np.uint64]:
    """Join person and score to one whole number that sorts by person, then by falling score."""
    bits = score.view(np.uint32)
    rising = np.where(bits >> 31, ~bits, bits | np.uint32(1 << 31))
    return (person.astype(np.uint64) << np.uint64(32)) | (~rising).astype(np.uint64)


def _streamed(people: Vector, offers: Vector, top: int) -> tuple[Rows, Vector]:
    best = _Best(len(people), top)
    space = np.empty(len(people) * min(TILE, len(offers)), dtype=np.float32)
    for start in range(0, max(1, len(offers)), TILE):
        tile = offers[start : start + TILE]
        products = space[: len(people) * len(tile)].reshape(len(people), len(tile))
        best.take(np.matmul(people, tile.T, out=products), start)
    return best.done()


def _lower_bound(products: Vector, top: int) -> Vector:
    """Return for each row something just below its ``top``-th best among the first columns."""
    width = min(products.shape[1], max(FIRST, 2 * top))
    if width < top:
        return np.full((len(products), 1), -np.inf, dtype=np.float32)
    edge = np.partition(products[:, :width], width - top, axis=1)[:, width - top, None]
    return np.asarray(np.nextafter(edge, np.float32(-np.inf)), dtype=np.float32)
