"""Lists that verify: rows in, findings out, a batch at a time."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from webapp.domain.errors import PlatformError
from webapp.domain.lists import ListKind
from webapp.models import ImportRun
from webapp.reading.lists import Record, read_record
from webapp.reading.postings import UnreadableRow
from webapp.reading.tables import Row
from webapp.services.imports.batch import Batch
from webapp.services.imports.employers import import_login
from webapp.services.imports.figures import take_figures
from webapp.services.imports.outcomes import take_outcomes
from webapp.services.imports.proofs import take_insured, take_licensed
from webapp.services.imports.rolls import take_enrolled

_EFFECTS: Mapping[ListKind, Callable[[Batch, Sequence[tuple[int, Any]]], None]] = {
    ListKind.INSURANCE: take_insured,
    ListKind.LICENCES: take_licensed,
    ListKind.ROLL: take_enrolled,
    ListKind.OUTCOMES: take_outcomes,
    ListKind.FIGURES: take_figures,
}


def import_rows(session: Session, *, run: ImportRun, rows: Sequence[Row], pepper: str, at: datetime) -> None:
    """Let some rows of a list take effect and move the run's position behind them.

    Nothing is counted here: evidence is attached, counts that stand are confirmed, claims wait for a
    second officer (:mod:`webapp.services.imports.release`). The same rows again change nothing.
    """
    kind = ListKind(run.kind)
    maker_id = run.asked_by_id or import_login(session, at).id
    batch = Batch(session=session, run=run, pepper=pepper, at=at, maker_id=maker_id)
    records: list[tuple[int, Record]] = []
    for row in rows:
        try:
            records.append((row.number, _read(kind, row, batch)))
        except PlatformError as refusal:
            batch.refuse(row.number, str(refusal))
    if records:
        _EFFECTS[kind](batch, records)
    batch.write(rows[-1].number)


def _read(kind: ListKind, row: Row, batch: Batch) -> Record:
    if row.fields is None:
        raise UnreadableRow(problem=row.problem)
    return read_record(kind, row.fields, batch.on)
