"""Rows of the post ledger, written in as few statements as there are tables."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from webapp.domain.post_ledger import Cell, Pair
from webapp.models import Post, PostEntry, PostOffer, PostQuestion, PostTotal

Row = dict[str, Any]
_KEYS = {Post: "id", PostOffer: "posting_id"}


def keep(session: Session, table: type[Post | PostOffer], rows: Sequence[Row]) -> None:
    """Write rows: known ones are brought up to date, the others are new."""
    name = _KEYS[table]
    key = getattr(table, name)
    there = set(session.scalars(select(key).where(key.in_([row[name] for row in rows]))))
    if fresh := [row for row in rows if row[name] not in there]:
        session.execute(insert(table), fresh)
    if known := [row for row in rows if row[name] in there]:
        session.execute(update(table), known)


def add_entries(session: Session, entries: Sequence[Row]) -> None:
    """Write entries and add them to the sums of their cells."""
    if not entries:
        return
    session.execute(insert(PostEntry), entries)
    sums: dict[Cell, list[int]] = defaultdict(lambda: [0, 0])
    for row in entries:
        cell = Cell(row["period_id"], row["unit"], row["kind"], row["month"])
        sums[cell][0] += row["delta"]
        sums[cell][1] += row["well_paid_delta"]
    _add(
        session,
        [
            {**cell._asdict(), "total": total, "well_paid": well_paid}
            for cell, (total, well_paid) in sorted(sums.items())
        ],
    )


def ask(session: Session, questions: Mapping[Pair, float], *, at: datetime) -> None:
    """Put pairs of postings before an officer, each once."""
    pairs = {tuple(sorted(pair)): score for pair, score in questions.items()}
    asked = select(PostQuestion.one_id, PostQuestion.other_id)
    firsts = {one for one, _other in pairs}
    there = set(session.execute(asked.where(PostQuestion.one_id.in_(firsts))).tuples())
    rows = [
        {"one_id": one, "other_id": other, "likeness": score, "asked_at": at}
        for (one, other), score in sorted(pairs.items())
        if (one, other) not in there
    ]
    if rows:
        session.execute(insert(PostQuestion), rows)


def _add(session: Session, sums: Sequence[Row]) -> None:
    """Add to sums, making those that are not there yet."""
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    row = dialect.insert(PostTotal)
    grown = {name: getattr(PostTotal, name) + row.excluded[name] for name in ("total", "well_paid")}
    added = row.on_conflict_do_update(index_elements=Cell._fields, set_=grown)
    session.connection().execute(added, sums)
