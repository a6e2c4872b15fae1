"""Figures of units beside the ledger: the latest approved revision counts, too low ones are explained."""

from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.counted import make_counted
from tests.factories import NOW, make_officer, make_period
from webapp.domain.errors import Conflict, NotAllowed, NotFound
from webapp.domain.roles import Scope
from webapp.models import Reconciliation, ReportedFigure
from webapp.queries.officers import Reach
from webapp.queries.queues import queues
from webapp.queries.reported import gathered
from webapp.services import reconciliations
from webapp.services.reconciliations import NotExplained, OwnExplanation, open_reconciliations

LATER = NOW + timedelta(days=1)


def figure(session: Session, value: int, **changes: object) -> ReportedFigure:
    two = {"submitted_by_id": make_officer(session).user_id, "approved_by_id": make_officer(session).user_id}
    known = {
        "period_id": "P15", "indicator": "retained", "unit": "420106", "label": "2026-06", "month": "2026-06",
        "kind": "monthly", "revision": 1, "source": "区人社局月报", "status": "approved", "received_at": NOW,
    }  # fmt: skip
    row = ReportedFigure(value=Decimal(value), **known | two | changes)
    session.add(row)
    session.flush()
    return row


@pytest.fixture
def three(session: Session) -> None:
    make_period(session)
    for unit in ("420106", "420106", "WH-DHGX"):
        make_counted(session, unit=unit, district=unit)


@pytest.mark.usefixtures("three")
def test_the_latest_approved_revision_is_the_published_number(session):
    figure(session, 9)
    figure(session, 7, revision=2)
    figure(session, 100, revision=3, approved_by_id=None)
    table = gathered(session, "P15").table("2026-06", cumulative=False)
    lines = {line.unit: (line.value, line.reported, line.traceable) for line in table.lines}
    assert lines["420106"] == (7, 7, 2)
    assert lines["WH-DHGX"] == (1, None, 1)
    assert (table.value, table.traceable, table.unallocated) == (8, 3, None)


@pytest.mark.usefixtures("three")
def test_what_the_city_reports_beyond_its_units_is_a_row_of_its_own(session):
    figure(session, 7, kind="cumulative")
    figure(session, 20, unit="city", kind="cumulative")
    table = gathered(session, "P15").table("2026-06", cumulative=True)
    assert (table.value, table.unallocated) == (20, 12)
    assert gathered(session, "P15").table("2026-06", cumulative=True, unit="420106").value == 7


@pytest.mark.usefixtures("three")
def test_more_traceable_than_reported_is_a_task_once_for_each_revision(session):
    low = figure(session, 1)
    figure(session, 5, unit="WH-DHGX")
    assert (open_reconciliations(session, at=LATER), open_reconciliations(session, at=LATER)) == (1, 0)
    task = session.scalars(select(Reconciliation)).one()
    assert (task.figure_id, task.reported, task.platform) == (low.id, 1, 2)
    assert (task.due_on - LATER.date()).days == 30
    figure(session, 2, revision=2)
    assert open_reconciliations(session, at=LATER) == 0


@pytest.mark.usefixtures("three")
def test_a_task_is_explained_by_one_and_confirmed_by_another(session):
    figure(session, 1)
    open_reconciliations(session, at=LATER)
    task = session.scalars(select(Reconciliation)).one()
    unit = make_officer(session, Scope.UNIT, unit="420106").user
    other = make_officer(session, Scope.UNIT, unit="WH-DHGX").user
    one, two = make_officer(session).user, make_officer(session).user
    known = {"reconciliation_id": task.id, "at": LATER}
    with pytest.raises(NotFound):
        reconciliations.explain(session, by=other, reason="不是我们", **known)
    with pytest.raises(NotExplained):
        reconciliations.confirm(session, by=one, **known)
    reconciliations.explain(session, by=one, reason="月报截止早两天", **known)
    with pytest.raises(OwnExplanation):
        reconciliations.confirm(session, by=one, **known)
    with pytest.raises(NotAllowed):
        reconciliations.confirm(session, by=unit, **known)
    reconciliations.confirm(session, by=two, **known)
    assert (task.confirmed_by_id, task.reason) == (two.id, "月报截止早两天")
    with pytest.raises(Conflict):
        reconciliations.explain(session, by=unit, reason="再说一次", **known)


@pytest.mark.usefixtures("three")
def test_an_open_task_waits_in_the_queue_of_whoever_can_move_it(session):
    figure(session, 1)
    open_reconciliations(session, at=LATER)
    task = session.scalars(select(Reconciliation)).one()
    city = make_officer(session)

    def waits(reach: Reach, scope: Scope, by_id: int) -> int:
        rows = queues(reach, scope=scope, by_id=by_id, on=LATER.date())["reconciliations"]
        return len(session.scalars(rows).all())

    assert waits(Reach(unit="420106"), Scope.UNIT, 1) == 1
    assert waits(Reach(unit="WH-DHGX"), Scope.UNIT, 1) == 0
    assert waits(Reach(), Scope.CITY, city.user_id) == 1
    reconciliations.explain(session, by=city.user, reconciliation_id=task.id, reason="漏报", at=LATER)
    assert waits(Reach(unit="420106"), Scope.UNIT, 1) == 0
    assert waits(Reach(), Scope.CITY, city.user_id) == 0
    assert waits(Reach(), Scope.CITY, make_officer(session).user_id) == 1
