"""The follow-up and the audits by the clock, as the worker runs them; and by command."""

import re
from datetime import timedelta

import pytest
from click.testing import CliRunner
from sqlalchemy import Engine, select, text, update

from scripts.__main__ import main
from tests.counted import make_counted
from tests.factories import make_officer, make_period
from tests.letterbox import posted
from webapp.clock import now, today
from webapp.database import session_factory, session_scope
from webapp.domain.dates import city_date
from webapp.domain.followup import Result, add_months
from webapp.domain.roles import Scope
from webapp.models import AuditSample, FollowUp, FollowUpTotal, Notification, User
from webapp.services.closing import publish_head
from webapp.services.sampling import freeze
from webapp.tasks import followups, sampling
from webapp.ui.filters import full_date


@pytest.fixture
def engine(engine: Engine) -> Engine:
    with session_scope(session_factory(engine)) as session:
        make_period(session)
        for months in (6, 8):
            make_counted(session).started_on = add_months(today(), -months)
    return engine


def test_a_night_opens_closes_and_sums_up(engine: Engine) -> None:
    for _ in range(2):
        followups.follow_up_nightly.call_local()
    with session_scope(session_factory(engine)) as session:
        due, over = session.scalars(select(FollowUp).order_by(FollowUp.id)).all()
        assert {due.result, over.result} == {None, Result.UNKNOWN}
        total = session.scalars(select(FollowUpTotal).where(FollowUpTotal.institution_code == "")).one()
        assert (total.result, total.total) == ("unknown", 1)


@pytest.mark.parametrize(
    "night",
    [followups.follow_up_nightly.call_local, lambda: main(["follow-ups", "run"], standalone_mode=False)],
)
def test_what_was_opened_stands_even_if_the_sums_fail(engine: Engine, night, monkeypatch) -> None:
    def fail(*_said: object, **_known: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("webapp.services.followups.remake", fail)
    with pytest.raises(ZeroDivisionError):
        night()
    with session_scope(session_factory(engine)) as session:
        assert len(session.scalars(select(FollowUp)).all()) == 2


def test_a_letter_asks_once_and_its_link_leads_to_the_page(engine: Engine) -> None:
    followups.follow_up_nightly.call_local()
    for _ in range(2):
        followups.ask.call_local()
    with session_scope(session_factory(engine)) as session:
        [letter] = posted(session)
        assert "@" in letter.to
        assert letter.subject == followups.SUBJECT
        assert "满 6 个月" in letter.body
        closes_on = session.scalars(select(FollowUp.closes_on).where(FollowUp.result.is_(None))).one()
        assert f"{full_date(closes_on)}之前有效" in letter.body
        news = session.scalars(select(Notification).where(Notification.link.like("%follow-ups%"))).one()
        assert f"{news.link}?answer=retained_c" in letter.body
        assert session.scalars(select(FollowUp.asked_at).where(FollowUp.result.is_(None))).one()


def test_a_letter_asks_in_the_language_its_reader_chose(engine: Engine) -> None:
    followups.follow_up_nightly.call_local()
    with session_scope(session_factory(engine)) as session:
        session.execute(update(User).values(language="en"))
    followups.ask.call_local()
    with session_scope(session_factory(engine)) as session:
        [letter] = posted(session)
    assert letter.subject == "Are you still working in Wuhan?"
    assert "You started working 6 months ago." in letter.body
    assert re.search(r"The link works until \d+ [A-Z][a-z]+ \d{4}\.", letter.body)


def test_a_sample_is_drawn_after_the_head_of_its_day_is_public(engine: Engine) -> None:
    with session_scope(session_factory(engine)) as session:
        auditor = make_officer(session, Scope.AUDITOR).user
        freeze(session, by=auditor, period_id="P15", size=20, at=now())
    sampling.draw_samples.call_local()
    with session_scope(session_factory(engine)) as session:
        sample = session.scalars(select(AuditSample)).one()
        assert sample.seed is None
        publish_head(session, day=city_date(sample.frozen_at), at=now() + timedelta(days=1))
    sampling.draw_samples.call_local()
    with session_scope(session_factory(engine)) as session:
        assert session.scalars(select(AuditSample)).one().seed is not None


def test_the_command_makes_the_sums_and_finds_what_was_changed_in_them(engine: Engine) -> None:
    def run(*words: str) -> tuple[int, str]:
        done = CliRunner().invoke(main, ["follow-ups", *words])
        return done.exit_code, done.output

    assert run("run") == (0, "新到期 2 人次，逾期未答复 1 人次，汇总已更新。\n")
    assert run("verify") == (0, "汇总与逐条记录一致。\n")
    with session_scope(session_factory(engine)) as session:
        session.execute(text("UPDATE follow_up_total SET total = 7"))
    code, output = run("verify")
    assert code == 1
    assert "follow_up_total ('P15', '', 'WH-DHGX', '2026-06', 6, 'unknown', ''): (7,), (1,)" in output
    run("run")
    assert run("verify")[0] == 0
