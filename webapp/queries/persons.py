"""Accounts that may belong to one human, joined persons, and corrections of the ledger that wait."""

from collections.abc import Sequence
from typing import Any, cast

from sqlalchemy import Select, or_, select, true
from sqlalchemy.orm import Session, aliased

from webapp.models import Graduate, LedgerCorrection, LedgerEntry, PersonAlias, Placement, User
from webapp.queries import ledger
from webapp.queries.officers import Reach

MOST = 20


def same_person_candidates(session: Session, graduate: Graduate) -> list[Graduate]:
    """Return accounts with the same name, school and graduation under another document.

    A proposal for a human to judge, never a merge (DOMAIN 1.6); persons already joined are left out.
    """
    if graduate.person_key is None or graduate.institution_code is None or graduate.graduation_on is None:
        return []
    alike = session.scalars(
        select(Graduate)
        .where(
            Graduate.institution_code == graduate.institution_code,
            Graduate.graduation_on == graduate.graduation_on,
            Graduate.name == graduate.name,
            Graduate.id != graduate.id,
            Graduate.person_key.is_not(None),
        )
        .order_by(Graduate.id)
        .limit(MOST)
    ).all()
    root = ledger.root_of(session, graduate.person_key)
    return [one for one in alike if one.person_key and ledger.root_of(session, one.person_key) != root]


def aliases_of(session: Session, graduate: Graduate) -> Sequence[PersonAlias]:
    """Return the joins a graduate's document is part of, on either side."""
    key = graduate.person_key
    return session.scalars(
        select(PersonAlias)
        .where(or_(PersonAlias.person_key == key, PersonAlias.joined_to == key))
        .order_by(PersonAlias.seq)
    ).all()


def corrections_listed(reach: Reach) -> Select[Any]:
    """Return corrections with who asked and who decided, those that wait first; a unit sees its moves."""
    decider = aliased(User)
    kept = Placement.unit == reach.unit if reach.unit else true()
    rows = (
        select(LedgerCorrection, User.name, decider.name)
        .join(User, User.id == LedgerCorrection.asked_by_id)
        .outerjoin(decider, decider.id == LedgerCorrection.decided_by_id)
        .outerjoin(Placement, Placement.id == LedgerCorrection.placement_id)
        .where(kept)
        .order_by(LedgerCorrection.done.is_not(None), LedgerCorrection.id.desc())
    )
    return cast("Select[Any]", rows)


def count_behind(session: Session, correction: LedgerCorrection) -> LedgerEntry | None:
    """Return the count a move would take along."""
    if correction.placement_id is None:
        return None
    return ledger.count_of_placement(session, correction.placement_id)
