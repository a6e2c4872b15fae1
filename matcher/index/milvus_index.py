"""Inner-product search by Milvus, the engine to move to when one machine no longer does.

A Milvus collection mirrors one version of a snapshot: its rows, vectors and attributes never change and are
named after it, so every process finds what its own snapshot says. Tombstones and newer rows stay with the
process, as they do beside a FAISS snapshot.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from math import ceil
from typing import Any

import numpy as np

from matcher.columns import Columns, Mask, Sets
from matcher.documents import Vector
from matcher.index import Rows
from matcher.index.faiss_index import WIDER, FaissIndex, Halves
from matcher.index.planner import LISTS_FROM, lists_for, rows_seen
from matcher.rules import Compare, Rule

BATCH = 5_000
MOST = 16_384
"""Milvus returns no more rows than these for one question."""
KEPT = 2
"""Versions of a collection that stay: the newest and the one readers may still have open."""
_ROW, _VECTOR = "row", "vector"
_NO_NAME = re.compile(r"[^0-9A-Za-z_]")


class MilvusIndex:
    """Rows that never change, searched by a Milvus server and ordered by our own full precision."""

    def __init__(self, client: Any, name: str, local: FaissIndex) -> None:
        self._client = client
        self._name = name
        self._local = local

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

        passing = int(np.count_nonzero(allowed))
        wanted = min(MOST, WIDER * top)
        try:
            while True:
                found = self._found(query, wanted, rules, passing)
                kept = found[allowed[found]]
                if len(kept) >= min(WIDER * top, passing) or len(found) < wanted:
                    return self._local.ordered(query, top, kept)
                if wanted == MOST:
                    break
                wanted = min(MOST, 4 * wanted)
        except MilvusException:
            pass
        return self._local.search(query, top, allowed)

    def vectors(self, rows: Rows) -> Vector:
        """Return the vectors of the given rows."""
        return self._local.vectors(rows)

    def make_lists(self, path: Any) -> bool:
        """Write the local lists, by which a process searches while Milvus does not answer."""
        return self._local.make_lists(path)

    def _found(self, query: Vector, wanted: int, rules: Sequence[Rule], passing: int) -> Rows:
        hits = self._client.search(
            self._name,
            data=[query.tolist()],
            anns_field=_VECTOR,
            limit=wanted,
            filter=expression(rules),
            search_params={"params": _visits(len(self), passing)},
        )
        return np.array([hit[_ROW] for hit in hits[0]], dtype=np.int64)


class MilvusService:
    """A Milvus server by its address; ``pip install xuezi-liuhan[milvus]`` brings the client."""

    def __init__(self, address: str) -> None:
        from pymilvus import MilvusClient

        self._client = MilvusClient(address)

    def write(self, kind: str, version: str, columns: Columns, halves: Halves) -> None:
        """Mirror one version of a snapshot and drop the versions that nobody reads any more."""
        name = _named(kind, version)
        if self._client.has_collection(name):
            return
        schema, indexed = self._schema(columns, halves), self._indexed(len(halves))
        self._client.create_collection(name, schema=schema, index_params=indexed)
        for start in range(0, len(halves), BATCH):
            self._client.insert(name, list(_records(columns, halves, start)))
        self._client.flush(name)
        self._client.load_collection(name)
        for old in sorted(one for one in self._client.list_collections() if one.startswith(f"{kind}_"))[
            :-KEPT
        ]:
            self._client.drop_collection(old)

    def open(self, kind: str, version: str, local: FaissIndex) -> MilvusIndex | FaissIndex:
        """Return the mirror of a version; the local index where there is none, or not all of it."""
        name = _named(kind, version)
        if not self._client.has_collection(name):
            return local
        self._client.load_collection(name)
        complete = self._client.get_collection_stats(name)["row_count"] == len(local)
        return MilvusIndex(self._client, name, local) if complete else local

    def _schema(self, columns: Columns, halves: Halves) -> Any:
        from pymilvus import DataType

        schema = self._client.create_schema(auto_id=False, enable_dynamic_field=False)
        schema.add_field(_ROW, DataType.INT64, is_primary=True)
        schema.add_field(_VECTOR, DataType.FLOAT_VECTOR, dim=halves.shape[1])
        for name in columns.arrays:
            schema.add_field(name, DataType.INT64)
        for name in columns.sets:
            schema.add_field(
                name, DataType.ARRAY, element_type=DataType.VARCHAR, max_capacity=256, max_length=64
            )
        return schema

    def _indexed(self, count: int) -> Any:
        """Ask for exact search where that is quick, else for lists of near vectors, as FAISS does here."""
        params, few = self._client.prepare_index_params(), count < LISTS_FROM
        params.add_index(
            _VECTOR,
            index_type="FLAT" if few else "IVF_SQ8",
            metric_type="IP",
            params={} if few else {"nlist": lists_for(count)},
        )
        return params


def expression(rules: Sequence[Rule]) -> str:
    """Say rules in Milvus's words for a filter."""
    return " and ".join(map(_said, rules))


def _visits(total: int, passing: int) -> Mapping[str, int]:
    """Visit so many lists that about as many passing rows are seen as in a search by FAISS."""
    if total < LISTS_FROM:
        return {}
    lists = lists_for(total)
    return {"nprobe": max(1, min(lists, ceil(lists * rows_seen(passing, total) / max(1, passing))))}


def _said(rule: Rule) -> str:
    values = "[" + ", ".join(f'"{one}"' if isinstance(one, str) else str(one) for one in rule.values) + "]"
    if rule.compare is Compare.SHARES:
        return f"(array_length({rule.column}) == 0 or array_contains_any({rule.column}, {values}))"
    if rule.compare is Compare.ONE_OF:
        return f"{rule.column} in {values}"
    return f"{rule.column} {rule.compare.value} {rule.values[0]}"


def _named(kind: str, version: str) -> str:
    return f"{kind}_{_NO_NAME.sub('_', version)}"


def _records(columns: Columns, halves: Halves, start: int) -> Iterator[Mapping[str, Any]]:
    end = min(start + BATCH, len(halves))
    vectors = halves[start:end].astype(np.float32)
    arrays = {name: array[start:end].tolist() for name, array in columns.arrays.items()}
    sets: dict[str, Sequence[Sequence[str]]] = {
        name: _members(found, start, end) for name, found in columns.sets.items()
    }
    for place, vector in enumerate(vectors):
        values = {name: column[place] for name, column in (arrays | sets).items()}
        yield {_ROW: start + place, _VECTOR: vector, **values}


def _members(sets: Sets, start: int, end: int) -> Sequence[Sequence[str]]:
    distinct = sets.members()
    return [distinct[number] for number in sets.which[start:end]]
