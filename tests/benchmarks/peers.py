"""Other ways to search vectors, behind one call, for comparison: brute force, graphs, a database."""

import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import faiss
import numpy as np

from matcher.documents import Vector
from matcher.index import Mask, Rows

CONNECTIONS, EFFORT, EFFORT_BUILDING = 32, 128, 100
BATCH = 5_000

Search = Callable[[Vector, int, "Filter"], Rows]


@dataclass(frozen=True)
class Filter:
    """Which rows pass: as a mask, and as a condition on ``draw`` (0 to 999) and ``trade`` (0 to 9)."""

    name: str
    condition: str
    mask: Mask

    @property
    def selectivity(self) -> float:
        """Return the share that passes."""
        return float(np.count_nonzero(self.mask) / len(self.mask))

    @property
    def everything(self) -> bool:
        """Say whether nothing is filtered."""
        return bool(self.mask.all())


@dataclass(frozen=True)
class Peer:
    """One index: its size, whether it can filter at all, whether it works in the thread that asks.

    ``close`` ends what was started for it and deletes its files.
    """

    name: str
    search: Search
    memory_mb: float
    filters: bool = True
    in_thread: bool = True
    close: Callable[[], None] = lambda: None


class Skipped(Exception):
    """Why a peer is not measured here."""


def numpy_brute_force(vectors: Vector, _columns: Mapping[str, Any]) -> Peer:
    """Multiply everything, then look at what passes."""

    def search(query: Vector, top: int, chosen: Filter) -> Rows:
        scores = vectors @ query
        scores[~chosen.mask] = -np.inf
        best = np.argpartition(-scores, top)[:top]
        return best[np.argsort(-scores[best])]

    return Peer("numpy", search, vectors.nbytes / 2**20)


def faiss_flat(vectors: Vector, _columns: Mapping[str, Any]) -> Peer:
    """Scan in single precision, under a filter only the rows that pass."""
    index = faiss.IndexFlatIP(vectors.shape[1])
    index.add(vectors)
    return Peer("faiss flat", lambda *asked: _by_faiss(index, *asked), vectors.nbytes / 2**20)


def faiss_flat_halves(vectors: Vector, _columns: Mapping[str, Any]) -> Peer:
    """Scan in half precision, under a bitmap where there is a filter."""
    index = faiss.IndexScalarQuantizer(
        vectors.shape[1], faiss.ScalarQuantizer.QT_fp16, faiss.METRIC_INNER_PRODUCT
    )
    index.train(vectors[:1])
    index.add(vectors)
    return Peer(
        "faiss flat fp16", lambda *asked: _by_faiss(index, *asked), len(vectors) * index.code_size / 2**20
    )


def faiss_hnsw(vectors: Vector, _columns: Mapping[str, Any]) -> Peer:
    """Walk a graph of near vectors in eight bits."""
    index = faiss.index_factory(vectors.shape[1], f"HNSW{CONNECTIONS},SQ8", faiss.METRIC_INNER_PRODUCT)
    index.hnsw.efConstruction, index.hnsw.efSearch = EFFORT_BUILDING, EFFORT
    index.train(vectors[:65_536])
    index.add(vectors)
    return Peer(
        "faiss hnsw", lambda *asked: _by_faiss(index, *asked), faiss.serialize_index(index).nbytes / 2**20
    )


def usearch(vectors: Vector, _columns: Mapping[str, Any]) -> Peer:
    """Walk usearch's graph; its Python interface knows no filter."""
    _needs("usearch")
    from usearch.index import Index

    index = Index(
        ndim=vectors.shape[1],
        metric="ip",
        dtype="i8",
        connectivity=CONNECTIONS,
        expansion_add=EFFORT_BUILDING,
        expansion_search=EFFORT,
    )
    index.add(np.arange(len(vectors)), vectors)

    def search(query: Vector, top: int, _chosen: Filter) -> Rows:
        return np.asarray(index.search(query, top).keys, dtype=np.int64)

    return Peer("usearch", search, index.memory_usage / 2**20, filters=False)


def milvus_lite(vectors: Vector, columns: Mapping[str, Any]) -> Peer:
    """Ask the embedded build of Milvus, which scans exactly."""
    _needs("pymilvus")
    _needs("milvus_lite")
    from milvus_lite.server_manager import server_manager_instance
    from pymilvus import DataType, MilvusClient

    folder = Path(tempfile.mkdtemp(prefix="milvus"))
    file = str(folder / "peer.db")
    client = MilvusClient(file)
    schema = client.create_schema()
    schema.add_field("id", DataType.INT64, is_primary=True)
    schema.add_field("vector", DataType.FLOAT_VECTOR, dim=vectors.shape[1])
    for name in columns:
        schema.add_field(name, DataType.INT64)
    index = client.prepare_index_params()
    index.add_index("vector", index_type="FLAT", metric_type="IP")
    client.create_collection("peer", schema=schema, index_params=index)
    for start in range(0, len(vectors), BATCH):
        rows = range(start, min(start + BATCH, len(vectors)))
        client.insert(
            "peer",
            [
                {"id": row, "vector": vectors[row], **{name: int(c[row]) for name, c in columns.items()}}
                for row in rows
            ],
        )
    client.flush("peer")  # before it, rows are compared one by one
    client.load_collection("peer")

    def search(query: Vector, top: int, chosen: Filter) -> Rows:
        found = client.search(
            "peer", [query], limit=top, filter="" if chosen.everything else chosen.condition
        )
        return np.array([hit["id"] for hit in found[0]], dtype=np.int64)

    def close() -> None:
        client.close()
        server_manager_instance.release_server(file)
        shutil.rmtree(folder, ignore_errors=True)

    size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    return Peer("milvus-lite", search, size / 2**20, in_thread=False, close=close)


def pgvector(vectors: Vector, columns: Mapping[str, Any]) -> Peer:
    """Ask PostgreSQL with the extension of that name."""
    from tests.benchmarks.pgvector import Unavailable, served

    try:
        table = served(vectors, columns, connections=CONNECTIONS, building=EFFORT_BUILDING, effort=EFFORT)
    except Unavailable as reason:
        raise Skipped(str(reason)) from reason

    def search(query: Vector, top: int, chosen: Filter) -> Rows:
        return table.search(query, top, "" if chosen.everything else chosen.condition)

    return Peer("pgvector", search, table.size_mb, in_thread=False, close=table.close)


PEERS: Mapping[str, Callable[[Vector, Mapping[str, Any]], Peer]] = {
    "flat": faiss_flat,
    "halves": faiss_flat_halves,
    "numpy": numpy_brute_force,
    "hnsw": faiss_hnsw,
    "usearch": usearch,
    "milvus": milvus_lite,
    "pgvector": pgvector,
}


def opened(
    names: Iterator[str], vectors: Vector, columns: Mapping[str, Any]
) -> Iterator[tuple[str, Peer | str]]:
    """Yield each peer by its name, or why it is left out; each is closed when the next is asked for."""
    for name in names:
        try:
            peer = PEERS[name](vectors, columns)
        except Skipped as reason:
            yield name, str(reason)
            continue
        try:
            yield name, peer
        finally:
            peer.close()


def _needs(module: str) -> None:
    if find_spec(module) is None:
        raise Skipped(f"{module} is not installed: pip install -e '.[benchmarks]'")


def _by_faiss(index: faiss.Index, query: Vector, top: int, chosen: Filter) -> Rows:
    if chosen.everything:
        return index.search(query[None, :], top)[1][0]
    if isinstance(index, faiss.IndexFlat):  # which reads by number only what passes
        selector = faiss.IDSelectorArray(np.flatnonzero(chosen.mask))
    else:
        selector = faiss.IDSelectorBitmap(np.packbits(chosen.mask, bitorder="little"))
    kind = faiss.SearchParametersHNSW if isinstance(index, faiss.IndexHNSW) else faiss.SearchParameters
    effort = {"efSearch": EFFORT} if kind is faiss.SearchParametersHNSW else {}
    return index.search(query[None, :], top, params=kind(sel=selector, **effort))[1][0]
