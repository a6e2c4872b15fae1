"""Inner-product search by Milvus, the engine to move to when one machine no longer does.

A Milvus collection mirrors one version of a snapshot: its rows, vectors and attributes never change and are
named after it, so every process finds what its own snapshot says. Tombstones and newer rows stay with the
process, as they do beside a FAISS snapshot.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Sequence
from functools import partial
from time import monotonic
from typing import Any

import numpy as np

from matcher.columns import Columns, Mask
from matcher.documents import Vector
from matcher.errors import MissingClient
from matcher.index import Halves, Rows
from matcher.index.faiss_index import WIDER, FaissIndex
from matcher.index.milvus_words import ROW, VECTOR, expression, indexed, records, schema_of, visits
from matcher.rules import Rule

log = logging.getLogger(__name__)
BATCH = 5_000
MOST = 16_384
"""Milvus returns no more rows than these for one question."""
KEPT = 2
"""Versions of a collection that stay: the newest and the one readers may still have open."""
PATIENCE, PAUSE = 2, 60
"""Seconds a search waits for the server, and for which it is left alone once it did not answer."""
_NO_NAME = re.compile(r"[^0-9A-Za-z_]")


class NotMirrored(Exception):
    """The server does not hold all rows of a version, or not yet."""


class MilvusIndex:
    """Rows that never change, searched by a Milvus server and ordered by our own full precision."""

    def __init__(self, service: MilvusService, name: str, local: FaissIndex) -> None:
        self._service = service
        self._name = name
        self._local = local
        self._opened = False
        self._asked_from = 0.0

    def __len__(self) -> int:
        return len(self._local)

    @property
    def halves(self) -> Halves:
        """Return the stored vectors."""
        return self._local.halves

    @property
    def dimension(self) -> int:
        """Count the numbers in a vector."""
        return self._local.dimension

    def search(
        self, query: Vector, top: int, allowed: Mask, rules: Sequence[Rule] = ()
    ) -> tuple[Rows, Vector]:
        """Return the best allowed rows, best first, with their inner products.

        Milvus filters by ``rules``; what it cannot know, rows that died since, is left out here, and more
        are asked for until enough remain. Where it does not answer, this process searches by itself.
        """
        from pymilvus.exceptions import MilvusException

        if monotonic() >= self._asked_from:
            try:
                self._open()
                kept = self._kept(query, top, allowed, rules)
            except (MilvusException, NotMirrored) as error:
                self._opened, self._asked_from = False, monotonic() + PAUSE
                _tell(error)
            else:
                if kept is not None:
                    return self._local.ordered(query, top, kept)
        return self._local.search(query, top, allowed)

    def vectors(self, rows: Rows) -> Vector:
        """Return the vectors of the given rows."""
        return self._local.vectors(rows)

    def make_lists(self, path: Any) -> bool:
        """Write the local lists, by which a process searches while Milvus does not answer."""
        return self._local.make_lists(path)

    def _open(self) -> None:
        if not self._opened:
            if not _holds(self._service.client, self._name, len(self)):
                raise NotMirrored
            self._service.client.load_collection(self._name, timeout=PATIENCE)
            self._opened = True

    def _kept(self, query: Vector, top: int, allowed: Mask, rules: Sequence[Rule]) -> Rows | None:
        """Return allowed rows among which the best are; nothing where Milvus may not return so many."""
        passing = int(np.count_nonzero(allowed))
        wanted = min(MOST, WIDER * top)
        while True:
            found = self._found(query, wanted, rules, passing)
            kept = found[allowed[found]]
            if len(kept) >= min(WIDER * top, passing) or len(found) < wanted:
                return kept
            if wanted == MOST:
                return None
            wanted = min(MOST, 4 * wanted)

    def _found(self, query: Vector, wanted: int, rules: Sequence[Rule], passing: int) -> Rows:
        hits = self._service.client.search(
            self._name,
            data=[query.tolist()],
            anns_field=VECTOR,
            limit=wanted,
            filter=expression(rules),
            search_params={"params": visits(len(self), passing)},
            timeout=PATIENCE,
        )
        return np.array([hit[ROW] for hit in hits[0]], dtype=np.int64)


class MilvusService:
    """A Milvus server by its address; ``pip install xuezi-liuhan[milvus]`` brings the client.

    Nothing is asked of it before there is something to write or to search.
    """

    def __init__(self, address: str) -> None:
        """Take an address; raises :class:`MissingClient` where nobody installed one."""
        try:
            from pymilvus import MilvusClient
        except ImportError:
            raise MissingClient(
                "pymilvus", "pip install 'xuezi-liuhan[milvus]', or leave MILVUS_URI empty"
            ) from None

        logging.getLogger("pymilvus").setLevel(logging.CRITICAL)  # told in one line here, in forty there
        self._connect = partial(MilvusClient, address, timeout=PATIENCE)
        self._client: Any = None

    @property
    def client(self) -> Any:
        """Return the connection; raises pymilvus's ``MilvusException`` where there is none to be had."""
        if self._client is None:
            self._client = self._connect()
        return self._client

    def write(self, kind: str, version: str, columns: Columns, halves: Halves) -> None:
        """Mirror one version of a snapshot and drop the versions that nobody reads any more.

        A server that does not answer lacks the version until it is written again.
        """
        from pymilvus.exceptions import MilvusException

        try:
            self._write(kind, _named(kind, version), columns, halves)
        except MilvusException as error:
            _tell(error)

    def open(self, kind: str, version: str, local: FaissIndex) -> MilvusIndex:
        """Return the mirror of a version, looked for when it is searched; ``local`` answers meanwhile."""
        return MilvusIndex(self, _named(kind, version), local)

    def _write(self, kind: str, name: str, columns: Columns, halves: Halves) -> None:
        client = self.client
        if _holds(client, name, len(halves)):
            return
        client.drop_collection(name)
        schema = schema_of(client, columns, halves.shape[1])
        client.create_collection(name, schema=schema, index_params=indexed(client, len(halves)))
        for start in range(0, len(halves), BATCH):
            client.insert(name, list(records(columns, halves, start, min(start + BATCH, len(halves)))))
        client.flush(name)
        client.load_collection(name)
        for old in sorted(one for one in client.list_collections() if one.startswith(f"{kind}_"))[:-KEPT]:
            client.drop_collection(old)


def _tell(error: Exception) -> None:
    log.warning("Milvus does not serve (%s): each process searches its own snapshot", type(error).__name__)


def _holds(client: Any, name: str, rows: int) -> bool:
    """Say whether a version is there, with all its rows."""
    return bool(
        client.has_collection(name, timeout=PATIENCE)
        and client.get_collection_stats(name, timeout=PATIENCE)["row_count"] == rows
    )


def _named(kind: str, version: str) -> str:
    return f"{kind}_{_NO_NAME.sub('_', version)}"
