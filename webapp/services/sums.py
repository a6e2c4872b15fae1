"""Keeping the sums beside the live counts: one function, called by every deed that changes a count."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Integer, String, delete, func, insert, literal, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from webapp.domain.counted import Counted, SumKey, sums_of
from webapp.domain.definitions import Definition, definitions
from webapp.models import RetainedSum
from webapp.queries.counted import sums_from_live

BATCH = 10_000


def shift(session: Session, *, gone: Sequence[Counted] = (), come: Sequence[Counted] = ()) -> None:
    """Take counts out of their sums and put others in, in the caller's transaction, under the ledger's lock.

    A batch that hands in all its counts at once writes each sum once.
    """
    deltas = sums_of(come, definitions().values())
    deltas.subtract(sums_of(gone, definitions().values()))
    changed = {key: delta for key, delta in deltas.items() if delta}
    if changed:
        _add(session, changed)


def fill_sums(session: Session, wanted: Iterable[Definition]) -> None:
    """Make the sums of some definitions anew from the live counts."""
    listed = list(wanted)
    session.flush()
    session.execute(delete(RetainedSum).where(RetainedSum.definition_id.in_([one.id for one in listed])))
    rows = [key._asdict() | {"total": total} for key, total in sums_from_live(session, listed).items()]
    for start in range(0, len(rows), BATCH):
        session.execute(insert(RetainedSum), rows[start : start + BATCH])


def _add(session: Session, deltas: Mapping[SumKey, int]) -> None:
    """Add to sums, one writer at a time; PostgreSQL takes them as columns, all in one statement."""
    session.flush()
    if session.get_bind().dialect.name == "postgresql":
        *said, totals = zip(*((*key, delta) for key, delta in deltas.items()), strict=True)
        texts = [literal(list(column), postgresql.ARRAY(String)) for column in said]
        sums = func.unnest(*texts, literal(list(totals), postgresql.ARRAY(Integer)))
        told = sums.table_valued(*SumKey._fields, "total").render_derived()
        session.execute(
            _growing(postgresql.insert(RetainedSum).from_select([*SumKey._fields, "total"], select(told)))
        )
    else:
        rows = [key._asdict() | {"total": delta} for key, delta in deltas.items()]
        session.connection().execute(_growing(sqlite.insert(RetainedSum)), rows)


def _growing(row: Any) -> Any:
    """Let an insert of either database add to a sum that is there."""
    return row.on_conflict_do_update(
        index_elements=SumKey._fields, set_={"total": RetainedSum.total + row.excluded.total}
    )
