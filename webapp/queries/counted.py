"""The live counts summed up: which of them a definition covers, and what their kept sums should be."""

from collections import Counter
from collections.abc import Iterable
from typing import Any

from sqlalchemy import ColumnElement, and_, func, select, true
from sqlalchemy.orm import Session

from webapp.domain.counted import UNKNOWN, Counted, SumKey, sums_of
from webapp.domain.definitions import Definition
from webapp.domain.evidence import VERIFIERS
from webapp.models import LiveCount, RetainedSum

BATCH = 10_000
FACTS = [getattr(LiveCount, name) for name in Counted._fields]
"""The columns of :class:`Counted`."""


def covers(definition: Definition, facts: Any) -> ColumnElement[bool]:
    """Return :meth:`Definition.covers` in SQL, over anything that has the columns of the facts.

    What leaves nobody out is left out, so that an index is not lost to it.
    """
    kept: list[ColumnElement[bool]] = []
    if definition.grades < {grade.value for grade in VERIFIERS}:
        kept.append(facts.grade.in_(sorted(definition.grades)))
    if definition.without_codes:
        kept.append(facts.outcome_code.not_in(sorted(definition.without_codes)))
    if definition.in_graduation_year:
        year = func.coalesce(facts.graduated_in, UNKNOWN)  # unknown is not that year, nor is its opposite
        kept.append(func.substr(facts.attributed_month, 1, 4) == year)
    return and_(true(), *kept)


def counted(live: LiveCount) -> Counted:
    """Return the facts of a live count."""
    return Counted(*(getattr(live, name) for name in Counted._fields))


def sums_from_live(session: Session, definitions: Iterable[Definition]) -> Counter[SumKey]:
    """Return what the kept sums of these definitions should be: one walk over the live counts."""
    listed, sums = list(definitions), Counter[SumKey]()
    session.flush()
    rows = session.connection().execute(select(*FACTS), execution_options={"yield_per": BATCH})
    for batch in rows.partitions():
        sums.update(sums_of([*map(Counted._make, batch)], listed))
    return sums


def kept_sums(session: Session) -> Counter[SumKey]:
    """Return the sums as they are kept, zeros left out."""
    columns = [getattr(RetainedSum, name) for name in SumKey._fields]
    rows = session.execute(select(*columns, RetainedSum.total).where(RetainedSum.total != 0))
    return Counter({SumKey(*row[:-1]): row[-1] for row in rows})
