"""Snapshots of the same state are the same, of another one are not; reports go out by two officers."""

import json
from contextlib import contextmanager
from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DatabaseError

from tests.counted import make_claim, make_counted
from tests.factories import NOW, TODAY, make_application, make_officer, make_period, make_posting
from webapp.domain.definitions import standard
from webapp.domain.errors import Conflict, NotAllowed
from webapp.domain.programme import read_table
from webapp.domain.retention import Cause
from webapp.domain.roles import Scope
from webapp.models import ReportOrder, ReportSnapshot
from webapp.queries.publications import answer_of
from webapp.queries.reports import STEPS
from webapp.reports.snapshot import read
from webapp.services import ledger, publications, reports
from webapp.services.definitions import keep_definition
from webapp.services.programme import load_programme
from webapp.tasks import reports as tasks

LATER = NOW + timedelta(days=2)
SUBTRACTED = ({"definition_id": "D2"}, {"unit": "420106"}, {"definition_id": "D2", "unit": "420106"})


@pytest.fixture
def city(session):
    make_period(session)
    return make_officer(session).user


def snapshot_of(session, *, as_of=TODAY, **changes):
    wanted = {"period_id": "P15", "definition_id": standard().id, "as_of": as_of, "at": NOW} | changes
    kept = reports.keep_snapshot(session, reports.gather_content(session, **wanted), at=NOW, by_id=None)
    return kept, read(kept.id, kept.content)


def test_the_same_state_is_the_same_snapshot_whoever_gathers_it(session, city):
    make_counted(session)
    first, _ = snapshot_of(session)
    content = json.loads(first.content)
    again = reports.keep_snapshot(session, content, at=NOW + timedelta(days=9), by_id=city.id)
    assert again is first
    assert session.scalars(select(ReportSnapshot.id)).all() == [first.id]
    assert first.digest.startswith(first.id)


def test_a_changed_ledger_is_another_snapshot(session, city):
    make_counted(session)
    first, before = snapshot_of(session)
    make_counted(session)
    second, after = snapshot_of(session)
    assert first.id != second.id
    assert [one.total("counted_by_unit_grade") for one in (before, after)] == [1, 2]
    assert [one.ledger.seq for one in (before, after)] == [1, 2]


def test_the_count_is_that_of_the_day(session, city):
    placement = make_counted(session)
    officers = [make_officer(session).user_id for _ in range(2)]
    later = NOW + timedelta(days=2)
    ledger.cancel_count(session, seq=1, cause=Cause.R1, at=later, first_id=officers[0], second_id=officers[1])
    at = NOW + timedelta(days=3)
    totals = [
        snapshot_of(session, as_of=TODAY + timedelta(days=days), at=at)[1].total("counted_by_unit_grade")
        for days in (-1, 0, 2)
    ]
    assert totals == [0, 1, 0]
    assert placement.id


def test_every_table_of_the_count_adds_up_to_the_same_people(session, city):
    for proof in ("labour_contract", "social_insurance", "employment_certificate"):
        make_counted(session, proof=proof, outcome_code="12" if proof == "employment_certificate" else "11")
    _kept, snapshot = snapshot_of(session)
    tables = [name for name in snapshot.content["tables"] if name.startswith("counted_by_")]
    assert len(tables) > 5
    assert {snapshot.total(name) for name in tables} == {3}
    assert snapshot.counts("counted_by_unit_grade", "grade") == {("A",): 1, ("B",): 1, ("C",): 1}


def test_graduates_stand_in_one_stage_each(session, city):
    make_counted(session)
    make_claim(session)
    _kept, snapshot = snapshot_of(session, as_of=TODAY - timedelta(days=1))
    stages = snapshot.counts("graduates_by_year_stage", "stage")
    assert stages == {}, "nobody has graduated by 14 June"
    _kept, snapshot = snapshot_of(session, as_of=TODAY + timedelta(days=30), at=NOW + timedelta(days=30))
    assert snapshot.counts("graduates_by_year_stage", "stage") == {("B",): 1, ("claimed",): 1}
    assert snapshot.rows("pay_by_degree").__next__()["p50"] == 8000


def test_posts_open_on_the_day_by_cluster_and_occupation(session, city):
    posting = make_posting(session, cluster="ai", title="Python 开发工程师（校招）")
    make_posting(session, cluster="ai", published_at=NOW + timedelta(days=5))
    make_posting(session, cluster="ai", district=None)
    make_application(session, posting=posting)
    _kept, snapshot = snapshot_of(session)
    row = next(iter(snapshot.rows("posts_by_cluster")))
    assert (row["cluster"], row["ads"], row["headcount"], row["applicants"]) == ("ai", 1, 2, 1)
    line = next(iter(snapshot.rows("posts_by_occupation")))
    assert (line["evidence"], line["p50"], line["days_open"]) == (str(posting.id), 8000, 0)
    assert {row["skill"] for row in snapshot.rows("posts_by_skill")} == {"Python", "SQL", "Flask"}


@pytest.mark.parametrize("deed", ["UPDATE report_snapshot SET digest = ''", "DELETE FROM report_snapshot"])
def test_the_database_keeps_a_snapshot_as_it_is(session, city, deed):
    snapshot_of(session)
    with pytest.raises(DatabaseError, match="append-only"), session.begin_nested():
        session.execute(text(deed))


def test_a_day_to_come_is_refused(session, city):
    with pytest.raises(reports.DayNotOver, match="还没有到"):
        snapshot_of(session, as_of=TODAY + timedelta(days=1))


def test_an_order_is_worked_off_once_and_says_how_far_it_is(session, city):
    order = reports.order_snapshot(
        session, by=city, period_id="P15", definition_id=standard().id, as_of=TODAY, at=NOW
    )
    progress = []

    @contextmanager
    def inside():
        yield session
        session.flush()
        progress.append(order.done)

    for _turn in range(2):
        tasks.work_off(inside, inside)
    assert order.snapshot_id == session.scalars(select(ReportSnapshot.id)).one()
    assert sorted(set(progress)) == list(range(len(STEPS) + 1))
    assert order.finished_at is not None


def test_an_order_that_cannot_be_done_says_why(session, city):
    order = ReportOrder(
        period_id="P15",
        definition_id="D-none",
        as_of=TODAY,
        asked_by_id=city.id,
        asked_at=NOW,
        done=0,
        steps=1,
    )
    session.add(order)
    session.flush()

    @contextmanager
    def inside():
        yield session

    tasks.work_off(inside, inside)
    assert order.snapshot_id is None
    assert "D-none" in order.problem


def test_two_officers_of_the_city_let_a_report_out(session, city):
    kept, _ = snapshot_of(session)
    named = {"snapshot_id": kept.id, "name": "situation", "at": NOW}
    reports.ask_release(session, by=city, **named)
    with pytest.raises(Conflict):
        reports.ask_release(session, by=city, **named)
    with pytest.raises(reports.SameOfficer):
        reports.approve_release(session, by=city, **named)
    with pytest.raises(NotAllowed):
        reports.approve_release(session, by=make_officer(session, Scope.UNIT, unit="420106").user, **named)
    release = reports.approve_release(session, by=make_officer(session).user, **named)
    assert release.approved_at == NOW
    with pytest.raises(Conflict):
        reports.approve_release(session, by=make_officer(session).user, **named)


def test_reports_of_one_day_are_public_by_one_definition(session, city):
    """Where D1 hides three people of grade C in a unit, D1 less D2 would tell them."""
    first, second = (snapshot_of(session, definition_id=key)[0] for key in ("D1", "D2"))
    other_day, _ = snapshot_of(session, definition_id="D2", as_of=TODAY - timedelta(days=1))
    colleague = make_officer(session).user
    for kept in (first, second):
        reports.ask_release(session, by=city, snapshot_id=kept.id, name="situation", at=NOW)
    approve = partial(reports.approve_release, session, by=colleague, name="situation", at=NOW)
    approve(snapshot_id=first.id)
    with pytest.raises(reports.OtherDefinitionPublic, match="口径 D1"):
        approve(snapshot_id=second.id)
    with pytest.raises(reports.OtherDefinitionPublic):
        reports.ask_release(session, by=city, snapshot_id=second.id, name="talent", at=NOW)
    for kept, name in ((first, "talent"), (other_day, "situation")):
        reports.ask_release(session, by=city, snapshot_id=kept.id, name=name, at=NOW)


@pytest.fixture
def kept(session, city):
    for row in read_table("definitions.json")["definitions"]:
        keep_definition(session, row, NOW)
    return snapshot_of(session)[0]


def waiting_figure(session, city, *, definition_id="D1", unit=None, as_of=TODAY):
    waits = publications.ask_publication(
        session, by=city, period_id="P15", definition_id=definition_id, unit=unit, as_of=as_of, at=LATER
    )
    answer = answer_of(session, waits)
    return publications.keep_answer(session, publication_id=waits.id, answer=answer, at=LATER)


def publish(session, waits):
    return publications.publish(session, by=make_officer(session).user, publication_id=waits.id, at=LATER)


def release(session, city, kept):
    named = {"snapshot_id": kept.id, "name": "situation", "at": NOW}
    reports.ask_release(session, by=city, **named)
    return partial(reports.approve_release, session, by=make_officer(session).user, **named)


@pytest.mark.parametrize("other", SUBTRACTED)
def test_a_figure_from_which_a_public_report_could_be_subtracted_is_refused(session, city, kept, other):
    """Where D1 hides three people of grade C in a unit, its table less D2's figure would tell them."""
    waits = waiting_figure(session, city, **other)
    release(session, city, kept)()
    with pytest.raises(publications.ReportsPublic, match="全市按口径 D1"):
        publish(session, waits)
    with pytest.raises(publications.ReportsPublic):
        waiting_figure(session, city, **other)
    for allowed in ({}, other | {"as_of": TODAY - timedelta(days=1)}):
        assert publish(session, waiting_figure(session, city, **allowed)).value == 0


@pytest.mark.parametrize("other", SUBTRACTED)
def test_a_report_from_which_a_public_figure_could_be_subtracted_is_refused(session, city, kept, other):
    publish(session, waiting_figure(session, city))
    approve = release(session, city, kept)
    publish(session, waiting_figure(session, city, **other))
    with pytest.raises(reports.OtherFigurePublic, match="另一天"):
        approve()
    with pytest.raises(reports.OtherFigurePublic):
        reports.ask_release(session, by=city, snapshot_id=kept.id, name="talent", at=NOW)


def test_a_period_nobody_was_counted_in_is_told_as_zero(session):
    load_programme(session, at=NOW)
    _kept, snapshot = snapshot_of(session, period_id="P14")
    assert snapshot.total("counted_by_unit_grade") == 0
    assert snapshot.total("reported", "value") > 0
