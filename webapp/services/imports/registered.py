"""What schools have registered of their graduates' destinations, the last word of each kept."""

from collections.abc import Mapping

from sqlalchemy import insert, select, update

from webapp.models import RegisteredOutcome
from webapp.reading.lists import Registered
from webapp.services.imports.batch import Batch


def keep_registered(batch: Batch, rows: Mapping[int, Registered]) -> None:
    """Keep the last row of each graduate as it was written; the same again changes nothing."""
    there = {
        one.graduate_id: one
        for one in batch.session.scalars(
            select(RegisteredOutcome).where(RegisteredOutcome.graduate_id.in_(rows))
        )
    }
    said = {number: _columns(row) for number, row in rows.items()}
    kept = {"run_id": batch.run.id, "registered_at": batch.at}
    if fresh := [
        {"graduate_id": number, **row, **kept} for number, row in said.items() if number not in there
    ]:
        batch.session.execute(insert(RegisteredOutcome), fresh)
    if changed := [
        {"graduate_id": number, **said[number], **kept}
        for number, one in there.items()
        if any(getattr(one, name) != value for name, value in said[number].items())
    ]:
        batch.session.execute(update(RegisteredOutcome), changed)


def _columns(row: Registered) -> dict[str, object]:
    return {
        "code": row.said_code,
        "employer": row.employer,
        "credit_code": row.credit_code,
        "place": row.place,
        "started_on": row.started_on,
        "agreement": row.agreement,
        "pay": row.pay,
    }
