"""What schools have registered, written as the list it was imported from."""

import csv
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from webapp.domain.lists import ListKind
from webapp.queries.rates import RateFilter, registered_listed
from webapp.reading.list_columns import HEADERS
from webapp.reading.lists import PERSON_KEY

COLUMNS = (
    "name", "doc_type", "number", "school", "code", "employer", "credit_code", "place", "started_on",
    "agreement", "pay",
)  # fmt: skip
KIND = ListKind.OUTCOMES
BATCH = 2_000


def rows_of(session: Session, wanted: RateFilter) -> Iterator[Mapping[str, Any]]:
    """Yield registered outcomes by column; persons are named by the platform's key, never by a number."""
    for row in session.execute(registered_listed(wanted).execution_options(yield_per=BATCH)):
        yield line_of(row)


def line_of(row: Any) -> Mapping[str, Any]:
    """Return one row of :func:`registered_listed` by column."""
    one, name, key, school = row
    return {
        "name": name,
        "doc_type": PERSON_KEY,
        "number": key,
        "school": school,
        **{column: getattr(one, column) for column in COLUMNS[4:]},
    }


def write_outcomes(session: Session, wanted: RateFilter, path: Path) -> int:
    """Write registered outcomes as a CSV that ``import-outcomes`` reads; returns how many."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([HEADERS[column][0] for column in COLUMNS])
        written = 0
        for line in rows_of(session, wanted):
            writer.writerow(["" if line[column] is None else line[column] for column in COLUMNS])
            written += 1
        return written
