"""Who stayed is asked, answered and summed; the count never moves for it."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.counted import make_counted, make_verified_graduate
from tests.factories import make_employer, make_member, make_officer, make_period
from webapp.domain.errors import NotAllowed, NotFound
from webapp.domain.followup import FollowUpClosed, Result, Source, window
from webapp.domain.retention import Cause
from webapp.domain.roles import Scope
from webapp.models import FollowUp, FollowUpAnswer, LedgerEntry, LedgerTotal, Placement
from webapp.queries import followups as queries
from webapp.queries.followups import Cohort
from webapp.queries.officers import Reach
from webapp.services import followups as deeds
from webapp.services.followups import LinkUnknown, Span
from webapp.services.reversals import request_reversal, reverse_count

START = date(2026, 1, 10)
DUE = date(2026, 7, 10)
OVER = DUE + timedelta(days=31)
SECRET = "s"
CITY = Cohort("P15", Reach())


def at(on: date) -> datetime:
    return datetime(on.year, on.month, on.day, 4, tzinfo=UTC)


@pytest.fixture(autouse=True)
def period(session: Session) -> None:
    make_period(session)


def asked(session: Session, placement: Placement | None = None, months: int = 6) -> FollowUp:
    """Return the follow-up of a new count, its window open."""
    placement = placement or make_counted(session, started_on=START)
    deeds.open_follow_ups(session, on=DUE)
    wanted = select(FollowUp.id).where(FollowUp.placement_id == placement.id, FollowUp.months == months)
    return queries.find(session, Reach(), session.scalars(wanted).one())


def by_link(session: Session, found: FollowUp, result: Result, **said: object) -> FollowUp:
    on = said.pop("on", DUE)
    token = deeds.link_token(found.id, secret=SECRET)
    return deeds.answer_by_link(session, token=token, secret=SECRET, result=result, at=at(on), **said)


def left(session: Session, found: FollowUp, on: date = date(2026, 3, 20), reason: str = "pay") -> FollowUp:
    return by_link(session, found, Result.LEFT, left_on=on, reason=reason)


def the_count(session: Session) -> Mapping[str, list[object]]:
    session.flush()
    rows = {
        "entries": select(LedgerEntry.seq, LedgerEntry.hash).order_by(LedgerEntry.seq),
        "totals": select(*LedgerTotal.__table__.c).order_by(*LedgerTotal.__table__.c),
        "placements": select(Placement.id, Placement.state, Placement.ended_on).order_by(Placement.id),
    }
    return {name: [tuple(row) for row in session.execute(wanted)] for name, wanted in rows.items()}


def test_a_checkpoint_opens_once_and_only_when_its_window_begins(session):
    placement = make_counted(session, started_on=START)
    opens = window(START, 6, 30).opens_on
    assert deeds.open_follow_ups(session, on=opens - timedelta(days=1)) == 0
    assert deeds.open_follow_ups(session, on=opens) == 1
    assert deeds.open_follow_ups(session, on=opens) == 0
    found = session.scalars(select(FollowUp)).one()
    assert (found.placement_id, found.months, found.due_on) == (placement.id, 6, DUE)
    assert (found.period_id, found.unit, found.cohort_month) == ("P15", "WH-DHGX", "2026-01")
    assert deeds.open_follow_ups(session, on=date(2028, 2, 1)) == 2


def test_only_counted_people_are_asked(session):
    from tests.counted import make_claim

    make_claim(session, started_on=START)
    assert deeds.open_follow_ups(session, on=DUE) == 0


def test_whom_nobody_asked_in_time_is_unknown_and_stays_in_the_cohort(session):
    make_counted(session, started_on=START)
    deeds.open_follow_ups(session, on=OVER + timedelta(days=60))
    assert deeds.close_follow_ups(session, on=OVER + timedelta(days=60)) == 1
    deeds.rebuild_totals(session, on=OVER + timedelta(days=60), at=at(OVER))
    rates = queries.rates(session, CITY, on=OVER)[6]
    assert (rates.n, rates.unknown, rates.lower, rates.upper, rates.responders) == (1, 1, 0.0, 1.0, None)


def test_answers_of_every_kind_never_change_the_count(session):
    found = [asked(session, make_counted(session, started_on=START)) for _ in range(5)]
    before = the_count(session)
    by_link(session, found[0], Result.RETAINED_C)
    left(session, found[1])
    by_link(session, found[2], Result.STUDY, left_on=date(2026, 3, 1))
    by_link(session, found[3], Result.MILITARY, left_on=date(2026, 3, 1))
    graduate_id = found[4].placement.graduate_id
    deeds.record_insured(session, [Span(graduate_id, START, DUE)], at=at(DUE))
    deeds.close_follow_ups(session, on=OVER)
    deeds.rebuild_totals(session, on=OVER, at=at(OVER))
    assert the_count(session) == before
    rates = queries.rates(session, CITY, on=OVER)[6]
    assert (rates.retained_a, rates.retained_c, rates.left, rates.study, rates.military) == (1, 1, 1, 1, 1)
    assert (rates.n, rates.lower, rates.responders) == (5, 0.4, 0.4)


@pytest.mark.parametrize("day", [-1, 0, 60, 61])
def test_a_window_is_answered_from_its_first_to_its_last_day(session, day):
    found = asked(session)
    on = found.opens_on + timedelta(days=day)
    if 0 <= day <= 60:
        assert by_link(session, found, Result.RETAINED_C, on=on).result is Result.RETAINED_C
    else:
        with pytest.raises(FollowUpClosed):
            by_link(session, found, Result.RETAINED_C, on=on)


@pytest.mark.parametrize("spoil", [lambda token: token[:-1], lambda token: "x" + token, lambda _token: ""])
def test_a_changed_link_opens_nothing(session, spoil):
    token = spoil(deeds.link_token(asked(session).id, secret=SECRET))
    with pytest.raises(LinkUnknown):
        deeds.follow_up_of(session, token=token, secret=SECRET)


def test_a_link_signed_for_something_else_opens_nothing(session):
    token = deeds.link_token(asked(session).id, secret="another")
    with pytest.raises(LinkUnknown):
        deeds.follow_up_of(session, token=token, secret=SECRET)


def test_an_employer_answers_for_its_own_people_only_and_the_person_knows_better(session):
    employer = make_employer(session)
    found = asked(session, make_counted(session, started_on=START, employer_id=employer.id))
    member, stranger = make_member(session, employer), make_member(session)
    said = {"follow_up_id": found.id, "result": Result.RETAINED_C, "at": at(DUE)}
    with pytest.raises(NotFound):
        deeds.answer_as_employer(session, by=stranger.user, **said)
    assert deeds.answer_as_employer(session, by=member.user, **said).source is Source.EMPLOYER
    assert left(session, found).result is Result.LEFT
    assert deeds.answer_as_employer(session, by=member.user, **said).result is Result.LEFT
    assert session.scalar(select(func.count()).select_from(FollowUpAnswer)) == 3


@pytest.mark.parametrize(
    ("scope", "reach", "refusal"),
    [
        (Scope.CITY, {}, None),
        (Scope.UNIT, {"unit": "WH-DHGX"}, None),
        (Scope.UNIT, {"unit": "420106"}, NotFound),
        (Scope.STATION, {"institution_code": "4142010486"}, None),
        (Scope.STATION, {"institution_code": "4142010487"}, NotFound),
        (Scope.AUDITOR, {}, NotAllowed),
    ],
)
def test_officers_write_down_answers_within_their_reach(session, scope, reach, refusal):
    found = asked(session)
    by = make_officer(session, scope, **reach).user
    said = {"by": by, "follow_up_id": found.id, "result": Result.RETAINED_C, "at": at(DUE)}
    if refusal is None:
        assert deeds.answer_as_officer(session, **said).source is Source.OFFICER
    else:
        with pytest.raises(refusal):
            deeds.answer_as_officer(session, **said)


@pytest.mark.parametrize(
    ("first_on", "last_on", "answers"),
    [
        (START, DUE, 1),
        (date(2026, 8, 9), date(2026, 12, 31), 1),
        (date(2026, 8, 10), date(2026, 12, 31), 0),
        (START, date(2026, 6, 10), 1),
        (START, date(2026, 6, 9), 0),
    ],
)
def test_insurance_within_the_window_means_retained(session, first_on, last_on, answers):
    found = asked(session)
    spans = [Span(found.placement.graduate_id, first_on, last_on)]
    assert deeds.record_insured(session, spans, at=at(DUE)) == answers
    assert deeds.record_insured(session, spans, at=at(DUE)) == 0
    assert (found.result is Result.RETAINED_A) == bool(answers)
    said = select(FollowUpAnswer.source, FollowUpAnswer.result, FollowUpAnswer.at)
    assert session.execute(said).all() == [(Source.INSURANCE, Result.RETAINED_A, at(DUE))] * answers


def test_insurance_speaks_louder_than_words_and_also_late(session):
    found = left(session, asked(session))
    span = Span(found.placement.graduate_id, START, DUE)
    assert deeds.record_insured(session, [span], at=at(OVER + timedelta(days=40))) == 1
    assert (found.result, found.source, found.reason) == (Result.RETAINED_A, Source.INSURANCE, None)
    assert found.observed_months == 6


def test_each_person_is_written_to_once_a_checkpoint_from_the_day_it_is_due(session):
    found, answered = asked(session), asked(session, make_counted(session, started_on=START))
    by_link(session, answered, Result.RETAINED_C)
    eve = DUE - timedelta(days=1)
    assert deeds.letters_due(session, on=eve, at=at(eve)) == []
    assert deeds.letters_due(session, on=DUE, at=at(DUE)) == [found]
    assert deeds.letters_due(session, on=DUE, at=at(DUE)) == []


def test_who_has_left_the_platform_is_not_written_to(session):
    found = asked(session)
    found.placement.graduate.user.is_active = False
    assert deeds.letters_due(session, on=DUE, at=at(DUE)) == []


def test_rates_divide_by_unit_school_and_month_and_add_up(session):
    other = make_verified_graduate(session, institution_code="4142010487")
    a = asked(session, make_counted(session, started_on=START))
    b = asked(session, make_counted(session, started_on=START, graduate=other))
    c = asked(session, make_counted(session, started_on=date(2026, 2, 1), unit="420106", district="420106"))
    by_link(session, a, Result.RETAINED_C)
    left(session, b)
    deeds.close_follow_ups(session, on=date(2026, 9, 30))
    assert c.result is Result.UNKNOWN
    deeds.rebuild_totals(session, on=date(2026, 9, 30), at=at(OVER))
    on = date(2026, 9, 30)
    whole = queries.rates(session, CITY, on=on)[6]
    assert (whole.n, whole.retained, whole.left, whole.unknown) == (3, 1, 1, 1)
    for by in queries.BY:
        parts = queries.rates_by(session, CITY, months=6, by=by, on=on)
        assert sum(one.n for one in parts.values()) == 3
        assert len(parts) == 2
    school = Cohort("P15", Reach(institution_code="4142010487"))
    assert (queries.rates(session, school, on=on)[6].n, queries.rates(session, school, on=on)[6].left) == (
        1,
        1,
    )
    unit = Cohort("P15", Reach(unit="420106"), unit="WH-DHGX")
    assert queries.rates(session, unit, on=on)[6].n == 1, "an officer's own unit comes first"
    [reason] = queries.leaving_reasons(session, CITY)
    assert (reason.code, reason.lever, reason.total) == ("pay", "pay", 1)
    assert queries.leaving_reasons(session, unit) == []


def test_the_curve_of_three_people(session):
    """One leaves in month 3, one is seen in month 6, nobody knows of the third."""
    left(session, asked(session, make_counted(session, started_on=START)))
    by_link(session, asked(session, make_counted(session, started_on=START)), Result.RETAINED_C)
    asked(session, make_counted(session, started_on=START))
    deeds.close_follow_ups(session, on=OVER)
    deeds.rebuild_totals(session, on=OVER, at=at(OVER))
    school = Cohort("P15", Reach(institution_code="4142010486"))
    for cohort in (CITY, school):
        steps = queries.curve(session, cohort)
        assert [(one.month, one.at_risk, one.left, one.stays) for one in steps] == [
            (3, 2, 1, 0.5),
            (6, 1, 0, 0.5),
        ]


def test_a_count_that_was_taken_back_leaves_the_rates_as_it_leaves_the_total(session):
    found = by_link(session, asked(session), Result.RETAINED_C)
    by = [make_officer(session).user for _ in range(2)]
    said = {"placement_id": found.placement_id, "at": at(OVER)}
    request_reversal(session, by=by[0], cause=Cause.R1, **said)
    reverse_count(session, by=by[1], **said)
    deeds.rebuild_totals(session, on=OVER, at=at(OVER))
    assert queries.rates(session, CITY, on=OVER) == {}


def test_kept_sums_that_differ_from_the_answers_are_named(session):
    found = by_link(session, asked(session), Result.RETAINED_C)
    deeds.rebuild_totals(session, on=OVER, at=at(OVER))
    assert queries.differences(session, on=OVER) == []
    span = Span(found.placement.graduate_id, START, DUE)
    deeds.record_insured(session, [span], at=at(OVER))
    differing = queries.differences(session, on=OVER)
    assert len(differing) == 4, "gone from one cell, new in another; by unit and by institution"
    assert all(one.startswith("follow_up_total") for one in differing)
    deeds.rebuild_totals(session, on=OVER, at=at(OVER))
    assert queries.differences(session, on=OVER) == []
