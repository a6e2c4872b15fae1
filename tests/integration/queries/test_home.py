from datetime import date, timedelta

from tests.factories import NOW, make_application, make_employer, make_graduate, make_period, make_posting
from webapp.domain.dates import city_date
from webapp.domain.postings import PostingStatus
from webapp.queries.home import LEAST_APPLICATIONS, answered_rate, home_figures

AT = NOW + timedelta(days=30)
TODAY = city_date(AT)


def send(session, posting, *, before: timedelta, answered_after: timedelta | None):
    sent = AT - before
    make_application(
        session,
        graduate=make_graduate(session),
        posting=posting,
        created_at=sent,
        answered_at=sent + answered_after if answered_after else None,
    )


def test_only_open_postings_of_approved_employers_are_counted(session):
    before = home_figures(session, at=AT)
    employer = make_employer(session)
    make_posting(session, employer, headcount=5, filled=2, valid_until_on=TODAY)
    make_posting(session, employer, valid_until_on=TODAY - timedelta(days=1))
    make_posting(session, employer, status=PostingStatus.PAUSED)
    make_posting(session, make_employer(session, approved=False))
    after = home_figures(session, at=AT)
    assert after.postings - before.postings == 1
    assert after.openings - before.openings == 3
    assert after.employers - before.employers == 1


def test_the_seventh_day_itself_is_still_in_time(session):
    posting = make_posting(session)
    for _ in range(LEAST_APPLICATIONS // 2):
        send(session, posting, before=timedelta(days=20), answered_after=timedelta(days=7))
        send(session, posting, before=timedelta(days=20), answered_after=timedelta(days=7, seconds=1))
    assert answered_rate(session, at=AT) == 0.5


def test_few_applications_make_no_rate_and_fresh_ones_are_not_asked(session):
    posting = make_posting(session)
    for _ in range(LEAST_APPLICATIONS - 1):
        send(session, posting, before=timedelta(days=20), answered_after=None)
    send(session, posting, before=timedelta(days=6), answered_after=None)
    assert answered_rate(session, at=AT) is None


def test_without_a_period_nothing_is_said_to_be_retained(session):
    figures = home_figures(session, at=AT)
    assert (figures.retained, figures.period) == (0, None)


def test_the_period_of_today_is_named(session):
    make_period(session, id="P15", name="今天", start_on=date(2026, 1, 1), end_on=date(2030, 12, 31))
    assert home_figures(session, at=AT).period == "今天"
