"""Who stood counted at the end of a day: the ledger's own entries up to its head then."""

from sqlalchemy import Subquery, case, exists, select
from sqlalchemy.orm import Session, aliased

from webapp.models import Confirmation, CountFacts, LedgerEntry
from webapp.queries.counted import covers
from webapp.queries.reports.asked import Asked, Tables, crossed

CROSSED: tuple[tuple[str, ...], ...] = (
    ("unit", "grade"),
    ("degree", "grade"),
    ("outcome_code", "grade"),
    ("graduated_in", "grade"),
    ("cluster", "degree"),
    ("institution_code", "degree"),
    ("attributed_month",),
)
"""By which facts the count is taken apart; every table adds up to the same total."""
_FACTS = ("outcome_code", "institution_code", "degree", "cluster", "graduated_in")
_PLACE = ("placement_id", "unit", "district", "attributed_month", "posted_month")


def standing(asked: Asked) -> Subquery:
    """Select the counts one definition covers, each with its facts as they were on the day."""
    undone = aliased(LedgerEntry)
    confirmed = Confirmation.at < asked.after
    every = (
        select(
            *(getattr(LedgerEntry, name) for name in _PLACE),
            case((confirmed, "A"), else_=LedgerEntry.grade).label("grade"),
            *(getattr(CountFacts, name) for name in _FACTS),
        )
        .join(CountFacts, CountFacts.placement_id == LedgerEntry.placement_id)
        .outerjoin(Confirmation, Confirmation.placement_id == LedgerEntry.placement_id)
        .where(
            LedgerEntry.period_id == asked.period_id,
            LedgerEntry.delta == 1,
            LedgerEntry.seq <= asked.head.seq,
            ~exists().where(undone.cancels_seq == LedgerEntry.seq, undone.seq <= asked.head.seq),
        )
        .subquery("every")
    )
    return select(every).where(covers(asked.definition, every.c)).subquery("standing")


def tables(session: Session, asked: Asked) -> Tables:
    """Yield the count taken apart, one table for each line of ``CROSSED``."""
    counts = standing(asked)
    facts = dict.fromkeys(name for names in CROSSED for name in names)
    yield from crossed(
        session,
        select(*(counts.c[name] for name in facts)),
        {f"counted_by_{'_'.join(names)}": names for names in CROSSED},
    )
