"""Accounts that may belong to one human, joined persons, and corrections of the ledger that wait."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import Select, or_, select, true
from sqlalchemy.orm import Session, aliased, contains_eager

from webapp.models import Evidence, Graduate, LedgerCorrection, LedgerEntry, PersonAlias, Placement, User
from webapp.queries import ledger
from webapp.queries.officers import Reach

MOST = 20


@dataclass(frozen=True, slots=True)
class Doubles:
    """Accounts with the same studies and claims with the same file; ``elsewhere`` are out of reach."""

    graduates: Sequence[Graduate]
    claims: Sequence[Placement]
    elsewhere: int


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
    keys = {one.id: one.person_key for one in (graduate, *alike) if one.person_key}
    roots = ledger.roots_of(session, keys.values()) if alike else {}
    return [one for one in alike if roots[keys[one.id]] != roots[keys[graduate.id]]]


def doubles_of(session: Session, reach: Reach, placement: Placement) -> Doubles:
    """Return what suggests that a claim's person has another account, for an officer to judge."""
    alike = same_person_candidates(session, placement.graduate)
    known = select(Graduate.id).where(Graduate.id.in_([one.id for one in alike]), reach.graduates())
    near = set(session.scalars(known)) if alike else set()
    graduates = [one for one in alike if one.id in near]
    found = session.execute(_same_file(placement, reach)).all()
    claims = [claim for claim, is_near in found if is_near]
    return Doubles(graduates, claims, len(alike) - len(graduates) + len(found) - len(claims))


def _same_file(placement: Placement, reach: Reach) -> Select[Placement, bool]:
    """Return others' claims with a file of the same content, and whether each is in reach."""
    files = select(Evidence.sha256).where(
        Evidence.placement_id == placement.id, Evidence.file_id.is_not(None)
    )
    same = select(Evidence.placement_id).where(Evidence.sha256.in_(files), Evidence.file_id.is_not(None))
    return (
        select(Placement, reach.placements())
        .join(Placement.graduate)
        .options(contains_eager(Placement.graduate))
        .where(Placement.id.in_(same), Placement.graduate_id != placement.graduate_id)
        .order_by(Placement.id.desc())
        .limit(MOST)
    )


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
