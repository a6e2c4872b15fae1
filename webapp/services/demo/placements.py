"""Placements of the demo story: claims, evidence, verdicts, disputes, reversals."""

from collections.abc import Iterator
from datetime import date, datetime
from functools import partial

from sqlalchemy import select

from webapp.domain.retention import Cause, Outcome
from webapp.domain.roles import Role
from webapp.models import Employer, Placement, User
from webapp.services import evidence, placements, reversals, verifications
from webapp.services.demo.cast import Cast, Deed
from webapp.services.demo.rows import Row, day, moment
from webapp.services.files import Paper


def placement_deeds(cast: Cast, row: Row) -> Iterator[Deed]:
    """Yield everything that happened to one claim."""
    key = row["key"]
    yield moment(row["claimed_at"]), f"{key} claimed", partial(_claim, cast, row)
    for paper in row["evidence"]:
        yield moment(paper["submitted_at"]), f"{key} evidence", partial(_prove, cast, row, paper)
    for verdict in row["verifications"]:
        yield moment(verdict["at"]), f"{key} verdict", partial(_judge, cast, row, verdict)
    if row["dispute"]:
        yield moment(row["dispute"]["at"]), f"{key} disputed", partial(_dispute, cast, row)
    if row["reversal"]:
        told = row["reversal"]
        yield moment(told["asked_at"]), f"{key} reversal asked", partial(_ask, cast, row, told)
        yield moment(told["at"]), f"{key} reversed", partial(_reverse, cast, row, told)


def _claim(cast: Cast, row: Row) -> None:
    """Take up the claim that onboarding has made, or make one."""
    if row["application"]:
        application_id = cast.applications[row["application"]]
        made = cast.session.scalar(select(Placement).where(Placement.application_id == application_id))
        if made is not None:
            cast.placements[row["key"]] = made.id
            return
    employer = _employer(cast, row)
    placement = placements.claim_placement(
        cast.session,
        by=_side(cast, row, row["claimed_by"]),
        graduate_id=cast.people.graduates[row["graduate"]].id,
        outcome=Outcome(
            code=row["outcome_code"],
            started_on=date.fromisoformat(row["started_on"]),
            district=row["district"],
            address=row["address"],
            pay=row["pay"],
            employer_name=row["employer_name"],
        ),
        employer_id=employer.id if employer else None,
        at=moment(row["claimed_at"]),
    )
    cast.placements[row["key"]] = placement.id


def _prove(cast: Cast, row: Row, told: Row) -> None:
    evidence.hand_in_paper(
        cast.session,
        by=_side(cast, row, told["submitted_by"]),
        placement_id=cast.placements[row["key"]],
        particulars=evidence.Particulars(
            told["type"],
            issuer=told["issuer"],
            valid_from_on=day(told["valid_from_on"]),
            valid_to_on=day(told["valid_to_on"]),
            method=told["method"],
        ),
        paper=Paper(f"{row['key']}-{told['type']}.txt", told["content"].encode(), "text/plain"),
        at=moment(told["submitted_at"]),
        key=cast.file_key,
    )


def _judge(cast: Cast, row: Row, told: Row) -> None:
    by, at = cast.people.officers[told["officer"]], moment(told["at"])
    placement_id = cast.placements[row["key"]]
    if not told["approved"]:
        verifications.return_placement(
            cast.session, by=by, placement_id=placement_id, at=at, reason=told["reason"]
        )
        return
    _verify_degree(cast, row, by, at)
    verifications.approve_placement(cast.session, by=by, placement_id=placement_id, at=at)


def _verify_degree(cast: Cast, row: Row, by: User, at: datetime) -> None:
    graduate = cast.people.graduates[row["graduate"]]
    if graduate.degree_verified_on is None:
        verifications.verify_degree(cast.session, by=by, graduate_id=graduate.id, at=at)


def _dispute(cast: Cast, row: Row) -> None:
    told = row["dispute"]
    reversals.dispute_count(
        cast.session,
        by=cast.people.officers[told["officer"]],
        placement_id=cast.placements[row["key"]],
        at=moment(told["at"]),
        reason=told["reason"],
    )


def _ask(cast: Cast, row: Row, told: Row) -> None:
    reversals.request_reversal(
        cast.session,
        by=cast.people.officers[told["officer"]],
        placement_id=cast.placements[row["key"]],
        at=moment(told["asked_at"]),
        cause=Cause(told["cause"]),
    )


def _reverse(cast: Cast, row: Row, told: Row) -> None:
    reversals.reverse_count(
        cast.session,
        by=cast.people.officers[told["second_officer"]],
        placement_id=cast.placements[row["key"]],
        at=moment(told["at"]),
    )


def _employer(cast: Cast, row: Row) -> Employer | None:
    return cast.people.employers[row["employer"]] if row["employer"] else None


def _side(cast: Cast, row: Row, side: str) -> User:
    """Return who hands something in; what the platform fetches goes in for the graduate."""
    if side == Role.EMPLOYER and row["employer"]:
        return cast.people.members[row["employer"]]
    return cast.people.users[row["graduate"]]
