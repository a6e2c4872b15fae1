"""What Milvus is told, in its own words: rows, rules, and how far to look."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from math import ceil
from typing import Any

import numpy as np

from matcher.columns import Columns, Sets
from matcher.index import Halves
from matcher.index.planner import LISTS_FROM, lists_for, rows_seen
from matcher.rules import Compare, Rule

ROW, VECTOR = "row", "vector"


def schema_of(client: Any, columns: Columns, dimension: int) -> Any:
    """Name what a row holds: its number, its vector, its attributes."""
    from pymilvus import DataType

    schema = client.create_schema(auto_id=False, enable_dynamic_field=False)
    schema.add_field(ROW, DataType.INT64, is_primary=True)
    schema.add_field(VECTOR, DataType.FLOAT_VECTOR, dim=dimension)
    for name in columns.arrays:
        schema.add_field(name, DataType.INT64)
    for name in columns.sets:
        schema.add_field(name, DataType.ARRAY, element_type=DataType.VARCHAR, max_capacity=256, max_length=64)
    return schema


def indexed(client: Any, count: int) -> Any:
    """Ask for exact search where that is quick, else for lists of near vectors, as FAISS does here."""
    params, few = client.prepare_index_params(), count < LISTS_FROM
    params.add_index(
        VECTOR,
        index_type="FLAT" if few else "IVF_SQ8",
        metric_type="IP",
        params={} if few else {"nlist": lists_for(count)},
    )
    return params


def records(columns: Columns, halves: Halves, start: int, end: int) -> Iterator[Mapping[str, Any]]:
    """Yield the rows from ``start`` to before ``end``."""
    vectors = halves[start:end].astype(np.float32)
    arrays = {name: array[start:end].tolist() for name, array in columns.arrays.items()}
    sets: dict[str, Sequence[Sequence[str]]] = {
        name: _members(found, start, end) for name, found in columns.sets.items()
    }
    for place, vector in enumerate(vectors):
        values = {name: column[place] for name, column in (arrays | sets).items()}
        yield {ROW: start + place, VECTOR: vector, **values}


def expression(rules: Sequence[Rule]) -> str:
    """Say rules in Milvus's words for a filter."""
    return " and ".join(map(_said, rules))


def visits(total: int, passing: int) -> Mapping[str, int]:
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


def _members(sets: Sets, start: int, end: int) -> Sequence[Sequence[str]]:
    distinct = sets.members()
    return [distinct[number] for number in sets.which[start:end]]
