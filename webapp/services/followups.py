"""Asking who stayed: open what is due, take answers, close what is over, keep the sums.

Nothing here writes to the ledger or to a placement (invariant I13).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, cast

from itsdangerous import BadSignature, URLSafeSerializer
from sqlalchemy import Select, exists, insert, literal, select, update
from sqlalchemy.orm import Session, joinedload, selectinload

from webapp.database import Transaction
from webapp.domain.dates import city_date
from webapp.domain.errors import NotAllowed, NotFound
from webapp.domain.followup import (
    Answer,
    FollowUpClosed,
    Result,
    Source,
    Window,
    check_answer,
    observed,
    settle,
    window,
)
from webapp.domain.programme import Ruleset, rulesets
from webapp.domain.retention import ClaimState
from webapp.domain.roles import Scope
from webapp.domain.words import N_
from webapp.models import (
    FollowUp,
    FollowUpAnswer,
    FollowUpTotal,
    LedgerEntry,
    LiveCount,
    Period,
    Placement,
    StayMonth,
    User,
)
from webapp.queries import followups as queries
from webapp.queries.officers import reach_of
from webapp.services.kept import remake
from webapp.services.notifications import notify
from webapp.services.verifications import officer_of

ASKING = frozenset({Scope.CITY, Scope.UNIT, Scope.STATION})
"""Scopes whose officers call people and write down what they say; auditors only read."""
LETTERS = 200
"""Letters of one run: a mail server is not flooded, the next run goes on."""


class LinkUnknown(NotFound):
    """A link that was changed or cut off on its way."""

    message = N_("这个链接不完整。请从邮件里重新打开，或登录平台后在消息中打开。")


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of time in which a register knows that a graduate was insured in the city."""

    graduate_id: int
    first_on: date
    last_on: date


def follow_up_everybody(transaction: Transaction, *, at: datetime) -> tuple[int, int]:
    """Open what is due, close what is over, make the sums anew; return how many were opened and closed.

    What was opened and closed stands even if the sums fail.
    """
    on = city_date(at)
    with transaction() as session:
        turned = open_follow_ups(session, on=on), close_follow_ups(session, on=on)
    with transaction() as session:
        rebuild_totals(session, on=on, at=at)
    return turned


def open_follow_ups(session: Session, *, on: date) -> int:
    """Open the follow-ups whose window has begun, for everybody who stands counted; returns how many.

    Doing it again opens nothing. Somebody counted only after a window was over is in its cohort all the
    same, as unknown: what nobody asked is not left out of the rates.
    """
    opened = 0
    for period in session.scalars(select(Period)).all():
        ruleset = rulesets()[period.ruleset_id]
        for months in ruleset.checkpoints:
            opened += _open_checkpoint(session, period, ruleset, months, on)
    return opened


def close_follow_ups(session: Session, *, on: date) -> int:
    """Close what nobody answered within its window: it is unknown, and stays in the cohort.

    Nobody is asked about a count that was taken back either; that one has left its cohort.
    """
    taken_back = select(Placement.id).where(Placement.state == ClaimState.REVERSED)
    closed = session.execute(
        update(FollowUp)
        .where(FollowUp.result.is_(None))
        .where((FollowUp.closes_on < on) | FollowUp.placement_id.in_(taken_back))
        .values(result=Result.UNKNOWN)
        .returning(FollowUp.id)
    )
    return len(closed.all())


def link_token(follow_up_id: int, *, secret: str) -> str:
    """Return what a letter's link carries: it opens one follow-up, for as long as that is open."""
    return _signer(secret).dumps(follow_up_id)


def follow_up_of(session: Session, *, token: str, secret: str) -> FollowUp:
    """Return the follow-up of a link, or raise :class:`LinkUnknown`; changes nothing."""
    try:
        number = _signer(secret).loads(token)
    except BadSignature:
        raise LinkUnknown from None
    whose = joinedload(FollowUp.placement).joinedload(Placement.graduate)
    found = session.scalar(select(FollowUp).where(FollowUp.id == number).options(whose))
    if found is None:
        raise LinkUnknown
    return found


def answer_by_link(
    session: Session,
    *,
    token: str,
    secret: str,
    result: Result,
    at: datetime,
    left_on: date | None = None,
    reason: str | None = None,
) -> FollowUp:
    """Take the graduate's own answer; the link is the key."""
    found = follow_up_of(session, token=token, secret=secret)
    said = Answer(source=Source.GRADUATE, result=result, at=at, left_on=left_on, reason=reason)
    return _answer(session, found.id, said, by_id=found.placement.graduate.user_id)


def answer_as_employer(
    session: Session, *, by: User, follow_up_id: int, result: Result, at: datetime
) -> FollowUp:
    """Take the employer's answer about somebody who was counted with it."""
    found = queries.of_employer(by.id).where(FollowUp.id == follow_up_id)
    if session.scalar(found) is None:
        raise NotFound
    return _answer(session, follow_up_id, Answer(source=Source.EMPLOYER, result=result, at=at), by_id=by.id)


def answer_as_officer(
    session: Session,
    *,
    by: User,
    follow_up_id: int,
    result: Result,
    at: datetime,
    left_on: date | None = None,
    reason: str | None = None,
) -> FollowUp:
    """Write down what a person said when an officer of their unit or their school's station called."""
    officer = officer_of(session, by)
    if officer.scope not in ASKING:
        raise NotAllowed
    if queries.find(session, reach_of(officer), follow_up_id) is None:
        raise NotFound
    said = Answer(source=Source.OFFICER, result=result, at=at, left_on=left_on, reason=reason)
    return _answer(session, follow_up_id, said, by_id=by.id)


def record_insured(session: Session, spans: Iterable[Span], *, at: datetime) -> int:
    """Let a register answer: insured in the city within a window means retained, with grade A.

    Any employer in the city will do. A register comes late, so it may also answer after the window;
    what it has said once is not said again. Returns how many follow-ups it answered.
    """
    by_graduate: dict[int, list[Span]] = {}
    for span in spans:
        by_graduate.setdefault(span.graduate_id, []).append(span)
    asked = session.execute(
        select(FollowUp.id, FollowUp.opens_on, FollowUp.closes_on, Placement.graduate_id)
        .join(Placement, Placement.id == FollowUp.placement_id)
        .where(
            Placement.graduate_id.in_(by_graduate),
            FollowUp.result.is_(None) | (FollowUp.result != Result.RETAINED_A),
        )
    )
    answered = [
        id
        for id, opens_on, closes_on, graduate_id in asked
        if any(one.first_on <= closes_on and one.last_on >= opens_on for one in by_graduate[graduate_id])
    ]
    if answered:
        these = FollowUp.id.in_(answered)
        stands = {"source": Source.INSURANCE, "result": Result.RETAINED_A, "reason": None}
        session.execute(update(FollowUp).where(these).values(**stands, observed_months=FollowUp.months))
        said = literal(at, FollowUpAnswer.at.type)
        answers = select(FollowUp.id, FollowUp.source, FollowUp.result, said).where(these)
        columns = ["follow_up_id", "source", "result", "at"]
        session.execute(insert(FollowUpAnswer).from_select(columns, answers))
    return len(answered)


def letters_due(session: Session, *, on: date, at: datetime, most: int = LETTERS) -> list[FollowUp]:
    """Return whom to write to now and note that they were; also leaves the question in the app.

    Each person is asked once a checkpoint, from the day it is due, where nobody has answered yet.
    """
    due = session.scalars(queries.to_ask(on).limit(most).with_for_update(of=FollowUp, skip_locked=True)).all()
    for one in due:
        one.asked_at = at
    session.flush()
    return list(due)


def tell_graduate(session: Session, found: FollowUp, *, link: str, at: datetime) -> None:
    """Leave the question in the app, for those who read no mail."""
    notify(
        session,
        user_id=found.placement.graduate.user_id,
        message=N_("入职满 %(months)d 个月了，现在还在武汉工作吗？点开回答一下，只要一分钟。"),
        link=link,
        at=at,
        months=found.months,
    )


def rebuild_totals(session: Session, *, on: date, at: datetime) -> None:
    """Make the sums anew from every single follow-up whose window was over before ``on``."""
    remake(session, FollowUpTotal, queries.summed(on), at=at)
    remake(session, StayMonth, queries.stays(on), at=at)


def _open_checkpoint(session: Session, period: Period, ruleset: Ruleset, months: int, on: date) -> int:
    """Open one checkpoint of a period, one statement for each day on which work began."""
    missing = (
        select(Placement.started_on)
        .join(LedgerEntry, LedgerEntry.placement_id == Placement.id)
        .join(LiveCount, LiveCount.seq == LedgerEntry.seq)
        .where(
            LiveCount.period_id == period.id,
            ~exists().where(FollowUp.placement_id == Placement.id, FollowUp.months == months),
        )
    )
    begun = on + timedelta(days=ruleset.window_days)
    opened = 0
    for day in session.scalars(missing.where(Placement.started_on <= begun).distinct()).all():
        asked = window(day, months, ruleset.window_days)
        if asked.opens_on <= on:
            rows = _rows_of_day(missing.where(Placement.started_on == day), asked, months)
            opened += len(session.scalars(insert(FollowUp).from_select(*rows).returning(FollowUp.id)).all())
    return opened


def _rows_of_day(missing: Select[date], asked: Window, months: int) -> tuple[list[str], Select[Any]]:
    names = ["placement_id", "months", "opens_on", "due_on", "closes_on", "period_id", "unit", "cohort_month"]
    rows = missing.with_only_columns(
        Placement.id,
        literal(months),
        *(literal(day) for day in asked),
        LedgerEntry.period_id,
        LedgerEntry.unit,
        LedgerEntry.attributed_month,
    )
    return names, cast("Select[Any]", rows)


def _answer(session: Session, follow_up_id: int, said: Answer, *, by_id: int) -> FollowUp:
    found = session.scalar(
        select(FollowUp)
        .where(FollowUp.id == follow_up_id)
        .options(selectinload(FollowUp.placement))
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise NotFound
    on = city_date(said.at)
    if not found.opens_on <= on <= found.closes_on:
        raise FollowUpClosed(opens=found.opens_on, closes=found.closes_on)
    started_on = found.placement.started_on
    check_answer(said, started_on=started_on, on=on)
    session.add(
        FollowUpAnswer(
            follow_up_id=found.id,
            source=said.source,
            result=said.result,
            left_on=said.left_on,
            reason=said.reason,
            by_id=by_id,
            at=said.at,
        )
    )
    session.flush()
    stands = settle(queries.answers_of(session, found.id))
    if stands is not None:
        found.result, found.source, found.reason = stands.result, stands.source, stands.reason
        found.observed_months = observed(stands, started_on=started_on, months=found.months)
        session.flush()
    return found


def _signer(secret: str) -> URLSafeSerializer:
    return URLSafeSerializer(secret, salt="follow-up")
