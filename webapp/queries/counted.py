"""The live counts summed up: which of them a definition covers, and what their kept sums should be."""

from collections import Counter
from collections.abc import Iterable
from itertools import repeat
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, and_, case, func, select, true
from sqlalchemy.orm import Session

from webapp.domain.counted import KEPT, UNKNOWN, Counted, SumKey
from webapp.domain.definitions import Definition
from webapp.domain.evidence import VERIFIERS
from webapp.models import LiveCount, RetainedSum

BATCH = 10_000


class _Alike(NamedTuple):
    """What counts have in common for every definition; month and year only agree or differ."""

    grade: str
    outcome_code: str
    attributed_month: str
    graduated_in: str


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
    listed = list(definitions)
    sums: Counter[SumKey] = Counter()
    for (scope, dimension), tally in _tallies(session).items():
        for (period_id, office, key, alike), total in tally.items():
            for one in listed:
                if one.covers(_Alike(*alike)):
                    at = (period_id, one.id, scope, dimension, office or UNKNOWN, key or UNKNOWN)
                    sums[SumKey(*at, alike[0])] += total
    return sums


def kept_sums(session: Session) -> Counter[SumKey]:
    """Return the sums as they are kept, zeros left out."""
    columns = [getattr(RetainedSum, name) for name in SumKey._fields]
    rows = session.execute(select(*columns, RetainedSum.total).where(RetainedSum.total != 0))
    return Counter({SumKey(*row[:-1]): row[-1] for row in rows})


def _tallies(session: Session) -> dict[tuple[str, str], Counter[Any]]:
    """Return for each scope and fact how many counts are alike: by period, office, value and :class:`_Alike`.

    Few rows are in memory at a time, and they are tallied column by column: a million take seconds.
    """
    fresh = case((func.substr(LiveCount.attributed_month, 1, 4) == LiveCount.graduated_in, "1"), else_="0")
    wanted = select(*(getattr(LiveCount, name) for name in Counted._fields), fresh)
    tallies: dict[tuple[str, str], Counter[Any]] = {kept: Counter() for kept in KEPT}
    session.flush()
    rows = session.connection().execute(wanted, execution_options={"yield_per": BATCH})
    for batch in rows.partitions():
        *facts, is_fresh = zip(*batch, strict=True)
        column = dict(zip(Counted._fields, facts, strict=True))
        alike = list(zip(column["grade"], column["outcome_code"], repeat("1"), is_fresh, strict=False))
        for (scope, dimension), tally in tallies.items():
            tally.update(zip(column["period_id"], column[scope], column[dimension], alike, strict=True))
    return tallies
