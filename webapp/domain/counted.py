"""What is known of one count, and into which kept sums it goes."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from webapp.domain.definitions import Definition

UNKNOWN = ""
"""Key of a sum over people of whom something was never stated; they stay in the total."""
DIMENSIONS = (
    "unit",
    "district",
    "attributed_month",
    "posted_month",
    "institution_code",
    "degree",
    "cluster",
    "outcome_code",
    "graduated_in",
)
"""Facts by which sums are kept, each split by grade."""
UNITS, SCHOOLS = "unit", "institution_code"
"""Facts that decide whose desk a count lies on; the city's sums are those of all units."""
KEPT = (*((UNITS, dimension) for dimension in DIMENSIONS), (SCHOOLS, "attributed_month"))
"""Sums that are kept: every fact at a unit, the months at a school, which is small enough to be counted."""


class Counted(NamedTuple):
    """The facts of one live count; only place, posting month and grade may still change."""

    period_id: str
    unit: str
    district: str
    attributed_month: str
    posted_month: str
    institution_code: str | None
    degree: str | None
    cluster: str | None
    outcome_code: str
    graduated_in: str | None
    grade: str


class SumKey(NamedTuple):
    """One kept sum: a period, a definition, an office (a unit or an institution), a fact and its value."""

    period_id: str
    definition_id: str
    scope: str
    dimension: str
    office: str
    key: str
    grade: str


def sums_of(counts: Sequence[Counted], definitions: Iterable[Definition]) -> Counter[SumKey]:
    """Return how many of some counts go into each sum; tallied column by column, which is fast."""
    sums: Counter[SumKey] = Counter()
    for definition in definitions:
        covered = [counted for counted in counts if definition.covers(counted)]
        columns = dict(zip(Counted._fields, zip(*covered, strict=True), strict=False))
        for scope, dimension in KEPT if covered else ():
            facts = (columns[name] for name in ("period_id", scope, dimension, "grade"))
            for (period_id, office, key, grade), total in Counter(zip(*facts, strict=True)).items():
                at = (period_id, definition.id, scope, dimension, office or UNKNOWN, key or UNKNOWN, grade)
                sums[SumKey(*at)] += total
    return sums
