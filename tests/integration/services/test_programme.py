import json
import shutil
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests import factories
from tests.counted import retained
from tests.stories import AT
from webapp.domain.indicators import Status
from webapp.domain.postings import PostingStatus
from webapp.domain.programme import FOLDER
from webapp.models import Period, ReportedFigure, Station, Target, TraineeshipBase
from webapp.queries.indicators import programme_indicators
from webapp.queries.periods import RETAINED, reported_figures, target
from webapp.services.post_ledger import enter_postings
from webapp.services.programme import PeriodsOverlap, load_programme


def test_loading_twice_changes_nothing(session: Session) -> None:
    first = load_programme(session, at=AT)
    before = [
        session.scalar(select(func.count()).select_from(table)) for table in (Period, Target, ReportedFigure)
    ]
    assert load_programme(session, at=AT) == first
    after = [
        session.scalar(select(func.count()).select_from(table)) for table in (Period, Target, ReportedFigure)
    ]
    assert before == after == list(first.values())


def test_the_plans_targets_are_whole_numbers_and_the_next_period_has_none(session: Session) -> None:
    load_programme(session, at=AT)
    closed, current = (target(session, period_id, RETAINED) for period_id in ("P14", "P15"))
    assert session.get_one(Period, "P14").status == "closed"
    assert closed is not None
    assert current is not None
    assert (closed.value, current.value) == (Decimal(1_500_000), None)
    values = {
        target.indicator: target.value
        for target in session.scalars(select(Target).where(Target.period_id == "P14"))
    }
    assert (values["posts"], values["well_paid_posts"], values["bases"], values["stations"]) == (
        500_000,
        100_000,
        300,
        10,
    )
    well_paid, posts = values["well_paid_posts"], values["posts"]
    assert well_paid is not None
    assert posts is not None
    assert well_paid <= posts


def test_reported_figures_stand_beside_the_count_and_are_never_added(session: Session) -> None:
    load_programme(session, at=AT)
    assert retained(session, "P14").total == 0
    reported = reported_figures(session, "P14", RETAINED)
    assert [(one.label, int(one.value), one.status) for one in reported] == [
        ("2022-2024", 968_000, "unverified"),
        ("2025", 313_000, "unverified"),
    ]


def test_overlapping_periods_are_refused(session: Session, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(FOLDER, tmp_path / "programme"))
    table = json.loads((folder / "periods.json").read_text(encoding="utf-8"))
    table["periods"][1]["start_on"] = "2025-12-31"
    (folder / "periods.json").write_text(json.dumps(table), encoding="utf-8")
    with pytest.raises(PeriodsOverlap, match="P14 与 P15"):
        load_programme(session, at=AT, folder=folder)


def test_indicators_count_what_the_platform_can_and_pace_only_where_a_target_is_set(session: Session) -> None:
    load_programme(session, at=AT)
    employer = factories.make_employer(session)
    postings = [
        factories.make_posting(session, employer, title="算法工程师", headcount=5, well_paid=True),
        factories.make_posting(session, employer, title="会计", headcount=3, status=PostingStatus.CLOSED),
        factories.make_posting(
            session, employer, headcount=70, published_at=None, status=PostingStatus.DRAFT, origin="demo"
        ),
        factories.make_posting(session, employer, headcount=60, published_at=AT.replace(year=2025)),
    ]
    enter_postings(session, [one.id for one in postings], at=AT)
    session.add_all(
        [
            Station(institution_code="4142010486", name="工作站", opened_on=date(2026, 3, 1), created_at=AT),
            TraineeshipBase(
                name="基地",
                kind="traineeship",
                unit="420106",
                district="420106",
                capacity=20,
                approved_on=date(2025, 12, 31),
                created_at=AT,
            ),
        ]
    )
    session.flush()
    rows = {row.indicator: row for row in programme_indicators(session, period_id="P15", on=factories.TODAY)}
    actual = {name: row.actual for name, row in rows.items()}
    assert actual == {"retained": 0, "posts": 8, "well_paid_posts": 5, "bases": 0, "stations": 1}
    assert {row.pace.status for row in rows.values() if row.pace} == {Status.UNSET}
    closed = {
        row.indicator: row for row in programme_indicators(session, period_id="P14", on=factories.TODAY)
    }
    assert closed["bases"].actual == 1
    assert closed["posts"].pace is None
    assert closed["posts"].result.status is Status.UNKNOWN, "a lower bound does not prove a miss"
    assert closed["urban_new_jobs"].actual is None
    assert closed["urban_new_jobs"].pace is None
    assert len(closed["retained"].reported) == 2
