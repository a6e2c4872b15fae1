"""Invitations and applications of the demo story as service calls."""

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from functools import partial

from sqlalchemy import select

from webapp.domain.dates import city_date
from webapp.domain.interviews import Mode, Report
from webapp.domain.offers import ContractType, OfferTerms
from webapp.domain.rejection import RejectReason
from webapp.models import Interview, User
from webapp.services import agreements, applications, employment, interviews, invitations, offers
from webapp.services.demo.cast import Cast, Deed
from webapp.services.demo.rows import Row, moment

DAY_LATER = timedelta(hours=25)
Step = Callable[[Cast, Row, Row, User, datetime], None]


def invitation_deeds(cast: Cast, row: Row) -> Iterator[Deed]:
    """Yield the invitation and, where it was declined, the answer; accepting begins an application."""
    posting = cast.postings[row["posting"]]
    graduate = cast.people.graduates[row["graduate"]]
    member = _member(cast, row["posting"])

    def invite() -> None:
        invitation = invitations.invite(
            cast.session,
            by=member,
            posting_id=posting.id,
            graduate_id=graduate.id,
            at=moment(row["invited_at"]),
            message=row["message"],
        )
        cast.invitations[row["application"] or row["key"]] = invitation.id

    yield moment(row["invited_at"]), f"{row['key']} invited", invite
    if row["status"] == "declined":
        at = moment(row["answered_at"])
        yield (
            at,
            f"{row['key']} declined",
            lambda: invitations.decline_invitation(
                cast.session,
                by=cast.people.users[row["graduate"]],
                invitation_id=cast.invitations[row["key"]],
                at=at,
            ),
        )


def application_deeds(cast: Cast, row: Row) -> Iterator[Deed]:
    """Yield every step of one application; an interview is also confirmed."""
    for event in row["events"]:
        at = moment(event["at"])
        yield at, f"{row['key']} {event['to']}", partial(_step, cast, row, event, at)
    for interview in row["interviews"]:
        if interview["confirmed_at"]:
            at = moment(interview["confirmed_at"])
            yield at, f"{row['key']} confirms", partial(_confirm, cast, row, at)


def _step(cast: Cast, row: Row, event: Row, at: datetime) -> None:
    if event["to"] == "submitted":
        cast.applications[row["key"]] = _submit(cast, row, at)
        return
    step = STEPS[event["to"]]
    step(cast, row, event, _actor(cast, row, event), at)


def _submit(cast: Cast, row: Row, at: datetime) -> int:
    user = cast.people.users[row["graduate"]]
    if row["invited"]:
        return invitations.accept_invitation(
            cast.session,
            by=user,
            invitation_id=cast.invitations[row["key"]],
            at=at,
            note=row["note"] or None,
        ).id
    earlier = row["converted_from"]
    return applications.submit(
        cast.session,
        by=user,
        posting_id=cast.postings[row["posting"]].id,
        at=at,
        consent=True,
        note=row["note"] or None,
        converted_from_id=cast.applications[earlier] if earlier else None,
    ).id


def _schedule(cast: Cast, row: Row, event: Row, by: User, at: datetime) -> None:
    told = row["interviews"][0]
    interviews.schedule_interview(
        cast.session,
        by=by,
        application_id=cast.applications[row["key"]],
        starts_at=moment(told["starts_at"]) + _later(cast, row, event),
        mode=Mode(told["mode"]),
        place=told["place"],
        contact=told["contact"],
        at=at,
    )


def _confirm(cast: Cast, row: Row, at: datetime) -> None:
    user = cast.people.users[row["graduate"]]
    interview = _interview(cast, row)
    interviews.confirm_interview(cast.session, by=user, interview_id=interview.id, at=at)


def _report(cast: Cast, row: Row, _event: Row, by: User, at: datetime) -> None:
    told = row["interviews"][0]
    interview = _interview(cast, row)
    sides = (
        (by, told["employer_report"]),
        (cast.people.users[row["graduate"]], told["graduate_report"]),
    )
    for side, report in sides:
        if report:
            interviews.report_interview(
                cast.session, by=side, interview_id=interview.id, report=Report(report), at=at
            )
    if not all(report for _side, report in sides):
        interviews.settle_interviews(cast.session, at=interview.starts_at + DAY_LATER)


def _offer(cast: Cast, row: Row, event: Row, by: User, at: datetime) -> None:
    told, later = row["offers"][0], _later(cast, row, event)
    terms = OfferTerms(
        **{name: told[name] for name in ("pay", "months", "district", "address", "contract_months")},
        **{name: told[name] for name in ("probation_months", "probation_pay")},
        start_on=date.fromisoformat(told["start_on"]) + later,
        deadline_on=date.fromisoformat(told["deadline_on"]) + later,
        contract_type=ContractType(told["contract_type"]),
    )
    offers.make_offer(cast.session, by=by, application_id=cast.applications[row["key"]], terms=terms, at=at)


def _later(cast: Cast, row: Row, event: Row) -> timedelta:
    """Return how much later than written the days of an event come: only of one that is not yet answered."""
    return cast.later if event is row["events"][-1] else timedelta()


def _sign(cast: Cast, row: Row, _event: Row, by: User, at: datetime) -> None:
    agreements.sign_agreement(
        cast.session,
        by=by,
        application_id=cast.applications[row["key"]],
        at=at,
        signed_on=city_date(at),
        number=row["agreement"]["number"] if row["agreement"] else None,
    )


def _dissolve(cast: Cast, row: Row, event: Row, by: User, at: datetime) -> None:
    user = cast.people.users[row["graduate"]]
    application_id = cast.applications[row["key"]]
    agreements.request_dissolution(
        cast.session,
        by=user,
        application_id=application_id,
        reason=event["reason"],
    )
    agreements.dissolve_agreement(
        cast.session, by=by, application_id=application_id, at=at, reason=event["reason"]
    )


def _simple(
    deed: Callable[..., object], **from_event: str
) -> Callable[[Cast, Row, Row, User, datetime], None]:
    """Make a step of a service that needs only the application, and perhaps words of the event."""

    def step(cast: Cast, row: Row, event: Row, by: User, at: datetime) -> None:
        words = {name: event.get(key) for name, key in from_event.items()}
        deed(cast.session, by=by, application_id=cast.applications[row["key"]], at=at, **words)

    return step


def _reject(cast: Cast, row: Row, event: Row, by: User, at: datetime) -> None:
    applications.reject(
        cast.session,
        by=by,
        application_id=cast.applications[row["key"]],
        at=at,
        reason=RejectReason(event["reason"]),
    )


def _assess(cast: Cast, row: Row, _event: Row, by: User, at: datetime) -> None:
    applications.begin_assessment(
        cast.session,
        by=by,
        application_id=cast.applications[row["key"]],
        at=at,
        note="请在三天内完成线上笔试，约 60 分钟，链接已发到你的站内消息。",
    )


def _onboard(cast: Cast, row: Row, _event: Row, by: User, at: datetime) -> None:
    employment.onboard(
        cast.session,
        by=by,
        application_id=cast.applications[row["key"]],
        at=at,
        started_on=city_date(at),
        outcome_code=cast.outcome_codes.get(row["key"]),
    )


def _leave(cast: Cast, row: Row, event: Row, by: User, at: datetime) -> None:
    employment.record_leaving(
        cast.session,
        by=by,
        application_id=cast.applications[row["key"]],
        at=at,
        left_on=city_date(at),
        reason=event["reason"],
    )


def _expire(cast: Cast, _row: Row, _event: Row, _by: User, at: datetime) -> None:
    offers.expire_offers(cast.session, at=at)


STEPS: dict[str, Step] = {
    "viewed": _simple(applications.mark_viewed),
    "screened_in": _simple(applications.screen_in),
    "assessment": _assess,
    "interview_scheduled": _schedule,
    "interviewed": _report,
    "no_show": _report,
    "offer_made": _offer,
    "accepted": _simple(offers.accept_offer),
    "declined": _simple(offers.decline_offer, reason="text"),
    "expired": _expire,
    "withdrawn": _simple(applications.withdraw, reason="text"),
    "rejected": _reject,
    "agreement_pending": _simple(agreements.start_agreement),
    "agreement_signed": _sign,
    "breached": _simple(agreements.breach_agreement, reason="reason"),
    "dissolved": _dissolve,
    "onboarded": _onboard,
    "probation": _simple(employment.start_probation),
    "confirmed": _simple(employment.confirm_employment),
    "left": _leave,
}


def _interview(cast: Cast, row: Row) -> Interview:
    mine = select(Interview).where(Interview.application_id == cast.applications[row["key"]])
    return cast.session.scalars(mine).one()


def _actor(cast: Cast, row: Row, event: Row) -> User:
    if event["by"] == "graduate":
        return cast.people.users[row["graduate"]]
    if event["by"] in cast.people.officers:
        return cast.people.officers[event["by"]]
    return _member(cast, row["posting"])


def _member(cast: Cast, posting_key: str) -> User:
    employer = cast.postings[posting_key].employer
    return next(cast.people.members[key] for key, known in cast.people.employers.items() if known is employer)
